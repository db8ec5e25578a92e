"""Outcomes that are levels: logistic, multinomial and ordinal regression."""

from casearc.statistics.categorical.bootstrap import BootstrapMultinomial, bootstrap_multinomial
from casearc.statistics.categorical.calibration import Calibration, calibration
from casearc.statistics.categorical.draws import MultinomialDraws, multinomial_draws
from casearc.statistics.categorical.logistic import LogisticFit, logistic
from casearc.statistics.categorical.many import ManyTests, multinomial_many
from casearc.statistics.categorical.marginal_effects import (
    AverageContrast,
    MarginalEffects,
    average_contrast,
    average_marginal_effects,
)
from casearc.statistics.categorical.multinomial import MultinomialFit, OddsRatios, multinomial, odds_ratios
from casearc.statistics.categorical.ordinal import OrdinalFit, OrdinalOddsRatios, ordinal, ordinal_odds_ratios
from casearc.statistics.categorical.ordinal_bootstrap import (
    BootstrapOrdinal,
    OrdinalDraws,
    bootstrap_ordinal,
    ordinal_draws,
)
from casearc.statistics.categorical.ordinal_effects import (
    ordinal_average_probability,
    ordinal_marginal_effects,
    ordinal_probabilities,
)
from casearc.statistics.categorical.ordinal_separation import OrdinalSeparation, ordinal_separation
from casearc.statistics.categorical.ordinal_tests import (
    OrdinalTermTest,
    ProportionalOdds,
    ProportionalOddsTest,
    ordinal_term_test,
    proportional_odds,
)
from casearc.statistics.categorical.performance import (
    ClassificationTable,
    EventsPerVariable,
    classification_table,
    events_per_variable,
)
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
    "BootstrapOrdinal",
    "Calibration",
    "ClassificationTable",
    "EventsPerVariable",
    "LogisticFit",
    "ManyTests",
    "MarginalEffects",
    "MultinomialDraws",
    "MultinomialFit",
    "OddsRatios",
    "OrdinalDraws",
    "OrdinalFit",
    "OrdinalOddsRatios",
    "OrdinalSeparation",
    "OrdinalTermTest",
    "PredictedProbability",
    "PredictorTests",
    "ProfileIntervals",
    "ProportionalOdds",
    "ProportionalOddsTest",
    "SeparationReport",
    "average_contrast",
    "average_marginal_effects",
    "average_probability",
    "bootstrap_multinomial",
    "bootstrap_ordinal",
    "calibration",
    "classification_table",
    "events_per_variable",
    "likelihood_ratio_tests",
    "logistic",
    "multinomial",
    "multinomial_draws",
    "multinomial_many",
    "odds_ratios",
    "ordinal",
    "ordinal_average_probability",
    "ordinal_draws",
    "ordinal_marginal_effects",
    "ordinal_odds_ratios",
    "ordinal_probabilities",
    "ordinal_separation",
    "ordinal_term_test",
    "predict_probabilities",
    "predicted_probability",
    "profile_intervals",
    "proportional_odds",
    "separation",
]
