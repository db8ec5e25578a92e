"""How texts on models of levels call the outcome, its levels and what an odds ratio is of."""

from __future__ import annotations

import math

from casearc.analyses.dataset import StudyData
from casearc.analyses.model_frame import ModelFrame
from casearc.analyses.predictors import level_names
from casearc.analyses.wording import level_label, wave_label
from casearc.findings import Interval, Quantity
from casearc.study import ModelKind

FARTHEST = 12.0
"""Log odds beyond which a limit is told, and drawn, as open."""


def outcome_phrase(data: StudyData, frame: ModelFrame) -> str:
    """The outcome and its wave: ``stage of change at twelve months``."""
    return f"{data.label(frame.outcome_of)} at {wave_label(frame.model.at)}"


def level_phrase(data: StudyData, frame: ModelFrame, level: int) -> str:
    """A level within a sentence: as the instrument calls it, or merged ones as the plan does."""
    code = frame.outcome_levels[level]
    return level_names(data, frame.outcome_of).get(code) or level_label(code)


def against(data: StudyData, frame: ModelFrame, equation: int) -> str:
    """What the odds ratio of an equation is of: ``action against contemplation`` or ``a later level``."""
    if frame.model.kind is ModelKind.ORDINAL:
        return "a later level"
    return f"{level_phrase(data, frame, equation + 1)} against {level_phrase(data, frame, 0)}"


def odds_interval(low: float, high: float, *, level: float, key: str) -> Interval:
    """An interval of an odds ratio from limits of its logarithm; open where they are out of reach."""
    return Interval(
        math.exp(low) if low > -FARTHEST else None,
        math.exp(high) if high < FARTHEST else None,
        level,
        Quantity.RATIO,
        key,
    )
