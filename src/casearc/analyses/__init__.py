"""The evaluation questions, one file each. Each takes `StudyData` and returns findings."""

from casearc.analyses.analyze import analyze
from casearc.analyses.dataset import StudyData, prepare, study_instruments
from casearc.analyses.dose_response import unfitted

__all__ = ["StudyData", "analyze", "prepare", "study_instruments", "unfitted"]
