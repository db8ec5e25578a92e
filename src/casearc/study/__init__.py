"""The study plan: read, checked, said back and fingerprinted."""

from casearc.study.check_data import check_plan, ensure_plan
from casearc.study.digest import canonical, digest
from casearc.study.explain import explain
from casearc.study.landmarks import in_time, is_concurrent, is_cross_sectional
from casearc.study.parse import parse_plan, read_plan
from casearc.study.plan import (
    MORE_THAN_ONE,
    Covariate,
    Disclosure,
    Inference,
    LevelAt,
    Merge,
    Missing,
    Model,
    Outcome,
    Placement,
    Power,
    Profiles,
    Selection,
    StudyPlan,
)
from casearc.study.pretest import design_deviations, plan_in_effect, served_before_second_pretest
from casearc.study.template import template_plan
from casearc.study.theory import Mapped, theory_map
from casearc.study.vocabulary import (
    ClusterMethod,
    Covariance,
    DenominatorDf,
    Design,
    Direction,
    EcologicalLevel,
    Family,
    IepDimension,
    ModelKind,
    Multiplicity,
    Penalty,
    RandomPart,
    Side,
    Waves,
)

__all__ = [
    "MORE_THAN_ONE",
    "ClusterMethod",
    "Covariance",
    "Covariate",
    "DenominatorDf",
    "Design",
    "Direction",
    "Disclosure",
    "EcologicalLevel",
    "Family",
    "IepDimension",
    "Inference",
    "LevelAt",
    "Mapped",
    "Merge",
    "Missing",
    "Model",
    "ModelKind",
    "Multiplicity",
    "Outcome",
    "Penalty",
    "Placement",
    "Power",
    "Profiles",
    "RandomPart",
    "Selection",
    "Side",
    "StudyPlan",
    "Waves",
    "canonical",
    "check_plan",
    "design_deviations",
    "digest",
    "ensure_plan",
    "explain",
    "in_time",
    "is_concurrent",
    "is_cross_sectional",
    "parse_plan",
    "plan_in_effect",
    "read_plan",
    "served_before_second_pretest",
    "template_plan",
    "theory_map",
]
