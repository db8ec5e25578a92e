"""What stands beside the odds ratios of a model of levels: effects in percentage points, intervals from people drawn
anew, whether there are people enough for so many terms, and how well the model tells the levels."""

from casearc.analyses.stage_models.effects import effect_sentences, effects_table, marginal_effects
from casearc.analyses.stage_models.fit_of_probabilities import calibration_told
from casearc.analyses.stage_models.in_house import in_house
from casearc.analyses.stage_models.redrawn import redrawn_table
from casearc.analyses.stage_models.words import FARTHEST, against, level_phrase, odds_interval, outcome_phrase

__all__ = [
    "FARTHEST",
    "against",
    "calibration_told",
    "effect_sentences",
    "effects_table",
    "in_house",
    "level_phrase",
    "marginal_effects",
    "odds_interval",
    "outcome_phrase",
    "redrawn_table",
]
