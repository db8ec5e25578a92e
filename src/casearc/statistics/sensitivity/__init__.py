"""How strong what was not measured would have to be: E-values, robustness values, expected regression to the mean."""

from casearc.statistics.sensitivity.e_values import EValue, e_value, e_value_mean_difference
from casearc.statistics.sensitivity.regression_to_mean import RegressionToMean, regression_to_mean
from casearc.statistics.sensitivity.robustness import BenchmarkBound, RobustnessValue, robustness_value

__all__ = [
    "BenchmarkBound",
    "EValue",
    "RegressionToMean",
    "RobustnessValue",
    "e_value",
    "e_value_mean_difference",
    "regression_to_mean",
    "robustness_value",
]
