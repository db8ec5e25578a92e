"""Different participants compared: analysis of variance, two groups, standardized differences."""

from casearc.statistics.groups.compare import AnalysisOfVariance, TwoSampleT, one_way, two_sample_t
from casearc.statistics.groups.standardized import (
    standardized_difference_means,
    standardized_difference_proportions,
)

__all__ = [
    "AnalysisOfVariance",
    "TwoSampleT",
    "one_way",
    "standardized_difference_means",
    "standardized_difference_proportions",
    "two_sample_t",
]
