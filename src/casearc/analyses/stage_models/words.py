"""How texts on models of levels call the outcome and its levels."""

from __future__ import annotations

from casearc.analyses.dataset import StudyData
from casearc.analyses.model_frame import ModelFrame
from casearc.analyses.predictors import level_names
from casearc.analyses.wording import level_label, wave_label


def outcome_phrase(data: StudyData, frame: ModelFrame) -> str:
    """The outcome and its wave: ``stage of change at twelve months``."""
    return f"{data.label(frame.outcome_of)} at {wave_label(frame.model.at)}"


def level_phrase(data: StudyData, frame: ModelFrame, level: int) -> str:
    """A level within a sentence: as the instrument calls it, or merged ones as the plan does."""
    code = frame.outcome_levels[level]
    return level_names(data, frame.outcome_of).get(code) or level_label(code)
