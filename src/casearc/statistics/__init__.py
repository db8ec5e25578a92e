"""Estimators and tests: arrays in, frozen results out. Knows nothing of people."""

from casearc.statistics.agreement import Kappa, kappa
from casearc.statistics.contingency import ChiSquare, FisherExact, chi_square, fisher_exact
from casearc.statistics.effect_sizes import (
    cohen_d_av,
    cohen_dz,
    standardized_difference_means,
    standardized_difference_proportions,
)
from casearc.statistics.estimates import EstimateInterval
from casearc.statistics.groups import AnalysisOfVariance, TwoSampleT, one_way, two_sample_t
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
from casearc.statistics.square_tables import (
    ExactMcNemar,
    SymmetryTest,
    bowker,
    bowker_exact,
    mcnemar_exact,
    stuart_maxwell,
)

__all__ = [
    "AnalysisOfVariance",
    "ChiSquare",
    "EstimateInterval",
    "ExactMcNemar",
    "FisherExact",
    "Kappa",
    "LikelihoodRatio",
    "LinearFit",
    "MultinomialFit",
    "OddsRatios",
    "PairedT",
    "PredictedMean",
    "PredictedProbability",
    "SeparationReport",
    "SignedRank",
    "SymmetryTest",
    "TwoSampleT",
    "WaldTest",
    "average_probability",
    "bowker",
    "bowker_exact",
    "chi_square",
    "cohen_d_av",
    "cohen_dz",
    "fisher_exact",
    "hodges_lehmann",
    "kappa",
    "likelihood_ratio",
    "linear",
    "mcnemar_exact",
    "multinomial",
    "odds_ratios",
    "one_way",
    "paired_t",
    "predict_probabilities",
    "predicted_mean",
    "predicted_probability",
    "separation",
    "standardized_difference_means",
    "standardized_difference_proportions",
    "stuart_maxwell",
    "two_sample_t",
    "wald_test",
    "wilcoxon_signed_rank",
]
