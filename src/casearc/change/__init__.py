"""Waves, attendance, movement between levels, and change that exceeds measurement error."""

from casearc.change.ambiguity import Ambiguity, AmbiguityKind
from casearc.change.attrition import Attrition, attrition
from casearc.change.clinical import (
    ClinicalChange,
    ClinicalCutoffs,
    ClinicalStatus,
    Norm,
    clinical_change,
    clinical_cutoffs,
)
from casearc.change.definitions import Pick, Wave
from casearc.change.enrollments import AnalyzedEnrollments, first_enrollments
from casearc.change.error_source import ErrorSource, choose_error_source
from casearc.change.individual import ChangeClass, ReliableChangeMethod, ReliableChanges, reliable_changes
from casearc.change.levels import merge_codes, merged_levels, new_levels
from casearc.change.overlap import overlapping
from casearc.change.reliable import ReliableChange, ReliableChangeCounts, classify, reliable_change
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
    "ChangeClass",
    "ClinicalChange",
    "ClinicalCutoffs",
    "ClinicalStatus",
    "ErrorSource",
    "Norm",
    "Pick",
    "ReliableChange",
    "ReliableChangeCounts",
    "ReliableChangeMethod",
    "ReliableChanges",
    "Transitions",
    "Wave",
    "WaveAssignment",
    "assign_waves",
    "attrition",
    "choose_error_source",
    "classify",
    "clinical_change",
    "clinical_cutoffs",
    "first_enrollments",
    "merge_codes",
    "merged_levels",
    "new_levels",
    "overlapping",
    "reliable_change",
    "reliable_changes",
    "transitions",
    "wave_days",
    "wave_scores",
]
