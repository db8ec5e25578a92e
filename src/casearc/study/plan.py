"""The study plan as frozen types: what `study.toml` says, parsed and checked, defaults filled in.

`study.parse` makes these, `study.check` proves them sound, `study.explain` says them back in sentences and
`study.digest` hashes them. Keys are those of the contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from casearc.change.definitions import Wave
from casearc.dose.definitions import DoseDefinition
from casearc.findings import Role

Merge = Mapping[str, tuple[str, ...]]
"""New level -> the levels it takes in; levels not named stay as they are. Always in terms of the levels as the
instrument or the data have them: a rung of a ladder replaces the finer ones, it does not merge them further."""

MORE_THAN_ONE = "more_than_one"
"""The level of a covariate whose cell holds several codes with ; between (race and ethnicity)."""


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
    """A whole plan.

    instruments
        The agency's instrument folders as the plan writes them, relative to its file.
    instrument_folders
        The same, resolved: what `instruments.load` takes.
    enrollments
        Which enrollment of a participant is analyzed; this version knows ``first``.
    coding
        Instrument -> the coding its files use, e.g. ``1-10``.
    digest
        SHA-256 of the canonical form: comments, key order and defaults written out do not change it.
    source
        Name of the plan's file, for messages; no part of the digest, like `instrument_folders`.
    """

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
    coding: Mapping[str, str] = field(default_factory=dict)
    selection: Selection | None = None
    instruments: tuple[str, ...] = ()
    digest: str = ""
    source: str = "study.toml"

    @property
    def extra_columns(self) -> tuple[str, ...]:
        """Columns of participants, beyond the contract's, that the plan describes or adjusts by."""
        return tuple(covariate.column for covariate in self.covariates if covariate.table == "participants")

    @property
    def text_columns(self) -> tuple[str, ...]:
        """Covariates treated as levels: their codes stay text even where they look like numbers."""
        return tuple(each.column for each in self.covariates if each.reference is not None or each.ladder)

    def wave(self, name: str) -> Wave:
        """The wave of that name; the plan was checked, so it exists."""
        return next(wave for wave in self.waves if wave.name == name)

    def outcome(self, outcome_id: str) -> Outcome:
        """The outcome of that id."""
        return next(outcome for outcome in self.outcomes if outcome.id == outcome_id)

    def dose(self, dose_id: str) -> DoseDefinition:
        """The dose of that id."""
        return next(dose for dose in self.doses if dose.id == dose_id)

    def covariate(self, covariate_id: str) -> Covariate:
        """The covariate of that id."""
        return next(covariate for covariate in self.covariates if covariate.id == covariate_id)
