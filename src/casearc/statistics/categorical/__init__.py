"""Outcomes that are levels: logistic, multinomial and ordinal regression."""

from casearc.statistics.categorical.multinomial import MultinomialFit, OddsRatios, multinomial, odds_ratios
from casearc.statistics.categorical.prediction import (
    PredictedProbability,
    average_probability,
    predict_probabilities,
    predicted_probability,
)
from casearc.statistics.categorical.separation import SeparationReport, separation

__all__ = [
    "MultinomialFit",
    "OddsRatios",
    "PredictedProbability",
    "SeparationReport",
    "average_probability",
    "multinomial",
    "odds_ratios",
    "predict_probabilities",
    "predicted_probability",
    "separation",
]
