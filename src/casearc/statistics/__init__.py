"""Estimators and tests: arrays in, frozen results out. Knows nothing of people."""

from casearc.statistics.effect_sizes import (
    cohen_d_av,
    cohen_dz,
    standardized_difference_means,
    standardized_difference_proportions,
)
from casearc.statistics.estimates import EstimateInterval
from casearc.statistics.linear import LinearFit, PredictedMean, linear, predicted_mean
from casearc.statistics.paired import PairedT, paired_t
from casearc.statistics.signed_rank import SignedRank, hodges_lehmann, wilcoxon_signed_rank

__all__ = [
    "EstimateInterval",
    "LinearFit",
    "PairedT",
    "PredictedMean",
    "SignedRank",
    "cohen_d_av",
    "cohen_dz",
    "hodges_lehmann",
    "linear",
    "paired_t",
    "predicted_mean",
    "standardized_difference_means",
    "standardized_difference_proportions",
    "wilcoxon_signed_rank",
]
