"""Different participants compared: analysis of variance, two groups, standardized differences."""

from casearc.statistics.groups.compare import (
    AnalysisOfVariance,
    TwoSampleT,
    WelchOneWay,
    one_way,
    two_sample_t,
    welch_one_way,
)
from casearc.statistics.groups.permutation import TwoSamplePermutation, two_sample_permutation
from casearc.statistics.groups.standardized import (
    standardized_difference_means,
    standardized_difference_proportions,
)

__all__ = [
    "AnalysisOfVariance",
    "TwoSamplePermutation",
    "TwoSampleT",
    "WelchOneWay",
    "one_way",
    "standardized_difference_means",
    "standardized_difference_proportions",
    "two_sample_permutation",
    "two_sample_t",
    "welch_one_way",
]
