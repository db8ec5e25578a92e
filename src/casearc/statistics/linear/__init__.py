"""Linear regression and everything read off one."""

from casearc.statistics.linear.fit import LinearFit, PredictedMean, linear, predicted_mean

__all__ = ["LinearFit", "PredictedMean", "linear", "predicted_mean"]
