"""Estimators and tests: arrays in, frozen results out. Knows nothing of people."""

from casearc.statistics.effect_sizes import (
    cohen_d_av,
    cohen_dz,
    standardized_difference_means,
    standardized_difference_proportions,
)
from casearc.statistics.estimates import EstimateInterval
from casearc.statistics.linear import LinearFit, PredictedMean, linear, predicted_mean
from casearc.statistics.model_tests import LikelihoodRatio, WaldTest, likelihood_ratio, wald_test
from casearc.statistics.multinomial import MultinomialFit, OddsRatios, multinomial, odds_ratios
from casearc.statistics.paired import PairedT, paired_t
from casearc.statistics.prediction import (
    PredictedProbability,
    average_probability,
    predict_probabilities,
    predicted_probability,
)
from casearc.statistics.separation import SeparationReport, separation
from casearc.statistics.signed_rank import SignedRank, hodges_lehmann, wilcoxon_signed_rank

__all__ = [
    "EstimateInterval",
    "LikelihoodRatio",
    "LinearFit",
    "MultinomialFit",
    "OddsRatios",
    "PairedT",
    "PredictedMean",
    "PredictedProbability",
    "SeparationReport",
    "SignedRank",
    "WaldTest",
    "average_probability",
    "cohen_d_av",
    "cohen_dz",
    "hodges_lehmann",
    "likelihood_ratio",
    "linear",
    "multinomial",
    "odds_ratios",
    "paired_t",
    "predict_probabilities",
    "predicted_mean",
    "predicted_probability",
    "separation",
    "standardized_difference_means",
    "standardized_difference_proportions",
    "wald_test",
    "wilcoxon_signed_rank",
]
