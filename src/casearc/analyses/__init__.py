"""The evaluation questions, one file each. Each takes `StudyData` and returns findings."""

from casearc.analyses.analyze import analyze
from casearc.analyses.dataset import StudyData, prepare, unmeasured
from casearc.analyses.dose_response import unfitted
from casearc.analyses.scores import named_instruments, score_all, study_instruments

__all__ = [
    "StudyData",
    "analyze",
    "named_instruments",
    "prepare",
    "score_all",
    "study_instruments",
    "unfitted",
    "unmeasured",
]
