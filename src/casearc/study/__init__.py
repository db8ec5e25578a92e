"""The study plan: read, checked, said back and fingerprinted."""

from casearc.study.check_data import check_plan, ensure_plan
from casearc.study.digest import canonical, digest
from casearc.study.explain import explain
from casearc.study.landmarks import in_time, is_concurrent
from casearc.study.limits import FITTED
from casearc.study.parse import parse_plan, read_plan
from casearc.study.plan import (
    MORE_THAN_ONE,
    Covariate,
    Design,
    Direction,
    Disclosure,
    Family,
    Inference,
    LevelAt,
    Merge,
    Missing,
    Model,
    ModelKind,
    Outcome,
    Selection,
    StudyPlan,
)
from casearc.study.pretest import design_deviations
from casearc.study.template import template_plan

__all__ = [
    "FITTED",
    "MORE_THAN_ONE",
    "Covariate",
    "Design",
    "Direction",
    "Disclosure",
    "Family",
    "Inference",
    "LevelAt",
    "Merge",
    "Missing",
    "Model",
    "ModelKind",
    "Outcome",
    "Selection",
    "StudyPlan",
    "canonical",
    "check_plan",
    "design_deviations",
    "digest",
    "ensure_plan",
    "explain",
    "in_time",
    "is_concurrent",
    "parse_plan",
    "read_plan",
    "template_plan",
]
