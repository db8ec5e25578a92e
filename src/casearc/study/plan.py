"""The study plan as frozen types: what `study.toml` says, parsed and checked, defaults filled in.

`study.parse` makes these, `study.check` proves them sound, `study.explain` says them back in sentences and
`study.digest` hashes them. Keys are those of the contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from casearc.change.definitions import Wave
from casearc.dose.definitions import DoseDefinition
from casearc.findings import Role

Merge = Mapping[str, tuple[str, ...]]
"""New level -> the levels it takes in; levels not named stay as they are."""


class Design(StrEnum):
    """Designs of one group measured over time."""

    DOUBLE_PRETEST = "double-pretest"
    PRETEST_POSTTEST = "pretest-posttest"


class Direction(StrEnum):
    """Which way is better. NONE: the measure has no good side (the plan must say so)."""

    HIGHER = "higher"
    LOWER = "lower"
    NONE = "none"


class ModelKind(StrEnum):
    """Kinds of model the plan language knows. Not every version of Casearc fits every kind."""

    LINEAR = "linear"
    MULTINOMIAL = "multinomial"
    ORDINAL = "ordinal"
    COUNT = "count"
    MIXED = "mixed"


class Family(StrEnum):
    """Whether a model was planned as a test or as a search."""

    CONFIRMATORY = "confirmatory"
    EXPLORATORY = "exploratory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A score the study follows. `levels` (in order) and `merge` only for stages or rated levels; `ladder` holds
    coarser groupings to fall back on, finest first, when counts are too small to be shown."""

    id: str
    score: str
    role: Role
    direction: Direction
    label: str = ""
    levels: tuple[str, ...] = ()
    merge: Merge | None = None
    ladder: tuple[Merge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Covariate:
    """A column of a table used to describe or adjust. `reference` is the level others are compared with;
    a covariate without one whose column is numeric enters as a number."""

    id: str
    table: str
    column: str
    label: str = ""
    reference: str | None = None
    ladder: tuple[Merge, ...] = ()
    iep: str = ""
    ecological: str = ""


@dataclass(frozen=True, slots=True)
class LevelAt:
    """Adjusting for the outcome's own level at a wave (`"level@intake"` in the plan)."""

    wave: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A dose-response model: `outcome` at wave `at`, on `doses`, adjusted for covariates and earlier levels."""

    id: str
    kind: ModelKind
    outcome: str
    at: str
    doses: tuple[str, ...]
    adjust_for: tuple[str | LevelAt, ...] = ()
    cluster: str | None = None
    reference: str | None = None
    family: Family = Family.EXPLORATORY
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Rules for missing items and missing waves. `items`: ``house`` (each instrument's default rule) or ``strict``
    (every item answered)."""

    items: str = "house"
    waves: str = "completers"
    imputations: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """Error rates and resampling."""

    alpha: float = 0.05
    multiplicity: str = "none"
    bootstrap: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What the plan asks of the gate. A threshold may only raise the agency's floor."""

    threshold: int | None = None
    edition: str = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The unselected population, for expected regression to the mean."""

    population_sd: float
    retest: float
    cut: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPlan:
    """A whole plan. `digest` is the SHA-256 of its canonical form: comments and key order do not change it."""

    title: str
    program: str
    design: Design
    waves: tuple[Wave, ...]
    outcomes: tuple[Outcome, ...]
    instrument_folders: tuple[str, ...] = ()
    seed: int = 0
    service_starts: str = "first_service_day"
    enrollments: str = "first"
    doses: tuple[DoseDefinition, ...] = ()
    covariates: tuple[Covariate, ...] = ()
    models: tuple[Model, ...] = ()
    missing: Missing = Missing()
    inference: Inference = Inference()
    disclosure: Disclosure = Disclosure()
    selection: Selection | None = None
    digest: str = ""

    def wave(self, name: str) -> Wave:
        """The wave of that name; the plan was checked, so it exists."""
        return next(wave for wave in self.waves if wave.name == name)

    def outcome(self, outcome_id: str) -> Outcome:
        """The outcome of that id."""
        return next(outcome for outcome in self.outcomes if outcome.id == outcome_id)
