"""Counts of events over a time at risk: Poisson and negative binomial regression, exact rates, checks of spread."""

from casearc.statistics.count_models.bootstrap import BootstrapCounts, CountDraws, bootstrap_counts, count_draws
from casearc.statistics.count_models.dispersion import (
    Overdispersion,
    ZeroInflation,
    overdispersion,
    zero_inflation,
)
from casearc.statistics.count_models.fit import CountFit
from casearc.statistics.count_models.many import ManyRates, poisson_many
from casearc.statistics.count_models.negative_binomial import negative_binomial
from casearc.statistics.count_models.poisson import poisson
from casearc.statistics.count_models.rates import PredictedRate, RateRatios, exact_rate, predicted_rate, rate_ratios
from casearc.statistics.count_models.separation import CountSeparation, count_separation

__all__ = [
    "BootstrapCounts",
    "CountDraws",
    "CountFit",
    "CountSeparation",
    "ManyRates",
    "Overdispersion",
    "PredictedRate",
    "RateRatios",
    "ZeroInflation",
    "bootstrap_counts",
    "count_draws",
    "count_separation",
    "exact_rate",
    "negative_binomial",
    "overdispersion",
    "poisson",
    "poisson_many",
    "predicted_rate",
    "rate_ratios",
    "zero_inflation",
]
