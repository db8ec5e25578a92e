"""Outcomes that are levels: logistic, multinomial and ordinal regression."""

from casearc.statistics.categorical.bootstrap import BootstrapMultinomial, bootstrap_multinomial
from casearc.statistics.categorical.draws import MultinomialDraws, multinomial_draws
from casearc.statistics.categorical.logistic import LogisticFit, logistic
from casearc.statistics.categorical.marginal_effects import (
    AverageContrast,
    MarginalEffects,
    average_contrast,
    average_marginal_effects,
)
from casearc.statistics.categorical.multinomial import MultinomialFit, OddsRatios, multinomial, odds_ratios
from casearc.statistics.categorical.prediction import (
    PredictedProbability,
    average_probability,
    predict_probabilities,
    predicted_probability,
)
from casearc.statistics.categorical.separation import SeparationReport, separation
from casearc.statistics.categorical.term_tests import (
    PredictorTests,
    ProfileIntervals,
    likelihood_ratio_tests,
    profile_intervals,
)

__all__ = [
    "AverageContrast",
    "BootstrapMultinomial",
    "LogisticFit",
    "MarginalEffects",
    "MultinomialDraws",
    "MultinomialFit",
    "OddsRatios",
    "PredictedProbability",
    "PredictorTests",
    "ProfileIntervals",
    "SeparationReport",
    "average_contrast",
    "average_marginal_effects",
    "average_probability",
    "bootstrap_multinomial",
    "likelihood_ratio_tests",
    "logistic",
    "multinomial",
    "multinomial_draws",
    "odds_ratios",
    "predict_probabilities",
    "predicted_probability",
    "profile_intervals",
    "separation",
]
