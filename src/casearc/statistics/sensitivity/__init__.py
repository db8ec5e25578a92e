"""What something unmeasured, or the way people came in, could do to a result."""

from casearc.statistics.sensitivity.e_value import EValue, e_value
from casearc.statistics.sensitivity.regression_to_mean import ExpectedRegression, expected_regression
from casearc.statistics.sensitivity.robustness import Benchmark, RobustnessValue, benchmark, robustness_value

__all__ = [
    "Benchmark",
    "EValue",
    "ExpectedRegression",
    "RobustnessValue",
    "benchmark",
    "e_value",
    "expected_regression",
    "robustness_value",
]
