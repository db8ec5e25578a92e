"""Bootstrap weights and intervals, jackknife and permutation tests, each for any estimator that takes case weights."""

from casearc.statistics.resampling.bootstrap import bootstrap
from casearc.statistics.resampling.intervals import BootstrapIntervals, bca_interval, percentile_interval
from casearc.statistics.resampling.permutation import PermutationTest, permutation_test
from casearc.statistics.resampling.weights import case_weights, jackknife_weights

__all__ = [
    "BootstrapIntervals",
    "PermutationTest",
    "bca_interval",
    "bootstrap",
    "case_weights",
    "jackknife_weights",
    "percentile_interval",
    "permutation_test",
]
