"""Linear regression and everything read off one."""

from casearc.statistics.linear.fit import LinearFit, linear
from casearc.statistics.linear.prediction import PredictedMean, predicted_mean

__all__ = ["LinearFit", "PredictedMean", "linear", "predicted_mean"]
