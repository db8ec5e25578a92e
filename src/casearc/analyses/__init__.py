"""The evaluation questions, one file each. Each takes `StudyData` and returns findings."""

from casearc.analyses.analyze import analyze
from casearc.analyses.dataset import StudyData, prepare, unmeasured
from casearc.analyses.dose_response import unfitted
from casearc.analyses.scores import study_instruments

__all__ = ["StudyData", "analyze", "prepare", "study_instruments", "unfitted", "unmeasured"]
