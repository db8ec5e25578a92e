"""Waves, attendance, movement between levels, and change that exceeds measurement error."""

from casearc.change.ambiguity import Ambiguity, AmbiguityKind
from casearc.change.attrition import Attrition, attrition
from casearc.change.definitions import Pick, Wave
from casearc.change.enrollments import AnalyzedEnrollments, first_enrollments
from casearc.change.levels import merge_codes, merged_levels, new_levels
from casearc.change.overlap import overlapping
from casearc.change.transitions import Transitions, transitions
from casearc.change.waves import (
    WaveAssignment,
    assign_waves,
    wave_days,
    wave_scores,
)

__all__ = [
    "Ambiguity",
    "AmbiguityKind",
    "AnalyzedEnrollments",
    "Attrition",
    "Pick",
    "Transitions",
    "Wave",
    "WaveAssignment",
    "assign_waves",
    "attrition",
    "first_enrollments",
    "merge_codes",
    "merged_levels",
    "new_levels",
    "overlapping",
    "transitions",
    "wave_days",
    "wave_scores",
]
