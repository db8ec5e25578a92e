"""The study plan as frozen types: what `study.toml` says, parsed and checked, defaults filled in.

`study.parse` makes these, `study.check` proves them sound, `study.explain` says them back in sentences and
`study.digest` hashes them. Keys are those of the contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casearc.change.definitions import Wave
from casearc.dose.definitions import DoseDefinition
from casearc.findings import Role
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

Merge = Mapping[str, tuple[str, ...]]
"""New level -> the levels it takes in; levels not named stay as they are. Always in terms of the levels as the
instrument or the data have them: a rung of a ladder replaces the finer ones, it does not merge them further."""

MORE_THAN_ONE = "more_than_one"
"""The level of a covariate whose cell holds several codes with ; between (race and ethnicity)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where in theory something belongs; None where the plan does not say. Changes no number."""

    iep: IepDimension | None = None
    ecological: EcologicalLevel | None = None


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
    iep: IepDimension | None = None
    ecological: EcologicalLevel | None = None


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
    iep: IepDimension | None = None
    ecological: EcologicalLevel | None = None


@dataclass(frozen=True, slots=True)
class LevelAt:
    """Adjusting for a level at a wave: the model's own outcome's (`"level@intake"` in the plan, `outcome` empty), or
    that of another outcome (`"coping@intake"`)."""

    wave: str
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """An outcome on doses, adjusted for covariates and earlier levels.

    outcome
        Id of an outcome; of a count model, id of the dose that is counted (measure count or days).
    at
        Wave at which the outcome is taken. Of a mixed model, the wave to which change is told (filled in with the
        last); empty for a count model, whose counted dose has a window.
    doses
        Ids; may be empty where `adjust_for` is not, and in a mixed model.
    exposure
        Count models: id of the months enrolled in the counted window, whose logarithm is the offset; else None.
    covariance, curve, knots
        Linear models. `curve`: a restricted cubic spline of the first dose beside its line.
    cluster_method
        Linear models with a `cluster`.
    penalty
        Multinomial and ordinal models.
    random, df
        Mixed models. Time is in months from the first wave, in two pieces where the design is a double pretest.
    """

    id: str
    kind: ModelKind
    outcome: str
    at: str
    doses: tuple[str, ...] = ()
    adjust_for: tuple[str | LevelAt, ...] = ()
    cluster: str | None = None
    cluster_method: ClusterMethod = ClusterMethod.CR2
    covariance: Covariance = Covariance.HC3
    curve: bool = False
    df: DenominatorDf = DenominatorDf.KENWARD_ROGER
    exposure: str | None = None
    family: Family = Family.EXPLORATORY
    knots: int = 3
    label: str = ""
    penalty: Penalty = Penalty.AUTO
    random: RandomPart = RandomPart.AUTO
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """Latent profiles of several scores at one wave: exploratory. `number` is the one to report, None: the one that
    fits best; `most` are tried."""

    id: str
    scores: tuple[str, ...]
    at: str
    number: int | None = None
    most: int = 4
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Rules for missing items and missing waves.

    items
        ``house`` (each instrument's default rule) or ``strict`` (every item answered).
    imputations
        0, or 5 to 200 completed data sets; needs all enrolled. All enrolled without imputations are in mixed models
        only.
    iterations
        Of the chained equations.
    tipping
        Shifts of imputed values, in standard deviations of the score, under which the conclusions are looked at
        again; empty: chosen by the analysis.
    """

    items: str = "house"
    waves: Waves = Waves.COMPLETERS
    imputations: int = 0
    iterations: int = 10
    tipping: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """Error rates and resampling. `bootstrap`: 0, or 500 to 20,000 draws of participants, whole, within site where
    a model's cluster is the site."""

    alpha: float = 0.05
    multiplicity: Multiplicity = Multiplicity.NONE
    bootstrap: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What the plan asks of the gate. A threshold may only raise the agency's floor."""

    threshold: int | None = None
    edition: str = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The unselected population, for expected regression to the mean: people were enrolled from one side of `cut` on
    the score of `outcome` (an id; the primary outcome where the plan names none). All in points of the score but
    `retest`, a correlation. Where the population's mean is not known it is solved from the mean at the first wave."""

    outcome: str
    population_sd: float
    retest: float
    cut: float
    population_mean: float | None = None
    enrolled: Side = Side.BELOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """What `casearc power` assumes. No result of an evaluation depends on it.

    n
        Numbers of people enrolled to try.
    target
        The power wanted.
    simulations
        Made-up studies for each n.
    effect
        Assumed effect of whatever `effects` does not name.
    effects
        Id of an outcome -> change from the first to the last wave in standard deviations of the change (d_z). Id of a
        model -> per standard deviation of its first dose: standard deviations of the outcome (linear, mixed), log
        odds (multinomial, ordinal) or log rate (count).
    retest
        Correlation of a score between neighboring waves.
    attrition
        Share of the enrolled lost by the last wave.
    missing_items
        Share of items skipped.
    stages
        Level -> its share at the first wave; empty: all equal.
    icc, clusters
        Share of variance between clusters, and how many there are, for models with a cluster.
    mean_count, overdispersion
        Mean of the counts that count models explain, and the variance they have beyond Poisson's, in squared means.
    """

    n: tuple[int, ...] = (50, 95, 150, 300)
    target: float = 0.8
    simulations: int = 1000
    effect: float = 0.3
    effects: Mapping[str, float] = field(default_factory=dict)
    retest: float = 0.6
    attrition: float = 0.25
    missing_items: float = 0.02
    stages: Mapping[str, float] = field(default_factory=dict)
    icc: float = 0.05
    clusters: int = 5
    mean_count: float = 10.0
    overdispersion: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPlan:
    """A whole plan.

    dose_placements
        Id of a dose -> its place in theory, for doses that have one; `theory_map` has all.
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
    dose_placements: Mapping[str, Placement] = field(default_factory=dict)
    covariates: tuple[Covariate, ...] = ()
    models: tuple[Model, ...] = ()
    profiles: tuple[Profiles, ...] = ()
    missing: Missing = Missing()
    inference: Inference = Inference()
    disclosure: Disclosure = Disclosure()
    coding: Mapping[str, str] = field(default_factory=dict)
    selection: Selection | None = None
    power: Power = Power()
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
