"""What an instrument is: frozen types that the loader fills from a folder of data files.

An instrument says how responses become scores and never touches a dataframe: `casearc.scoring` applies it.
Cut scores are exact fractions, because a boundary compared in floating point puts people in the wrong stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Confidence(StrEnum):
    """How far a key, a figure or a cut score can be trusted."""

    AT_SOURCE = "A"  # read in the author's or the host institution's own material
    UNVERIFIED = "unverified"  # widely reproduced, not seen at its source
    DECISION = "D"  # a decision of this project or of the agency that wrote the folder


class Kind(StrEnum):
    """How a score is made."""

    MEAN = "mean"  # of the items answered
    SUM = "sum"  # of all items, those skipped filled in by the missing rule
    COMPOSITE = "composite"  # other scores added and subtracted
    STAGE = "stage"  # an ordered level: from the cut scores on another score, or straight from one item


class MissingRule(StrEnum):
    """What happens when items were skipped."""

    PERSON_MEAN = "person_mean"  # each skipped item takes the mean of those answered, from a minimum on
    COMPLETE = "complete"  # no score unless every item was answered


class UseLimit(StrEnum):
    """What a score must not be used for. Who may show a score reads it off these, never off the warning's text."""

    BEFORE_SERVICE = "before_service"  # describes people before services start; not a measure of progress
    NOT_SIMPLY_BETTER = "not_simply_better"  # a high value is not simply good
    NOT_FOR_INDIVIDUALS = "not_for_individuals"  # groups only

    @property
    def allowed_on_client_boards(self) -> bool:
        """Whether a board about one client may show the score, with its warning."""
        return self is UseLimit.NOT_SIMPLY_BETTER


@dataclass(frozen=True, slots=True, kw_only=True)
class PermittedUse:
    """A limit on the use of scores, the warning every report prints, and the scores to be shown beside them."""

    limit: UseLimit
    warning: str
    scores: tuple[str, ...]
    show_beside: tuple[str, ...] = ()
    source: str = ""
    confidence: Confidence = Confidence.DECISION

    @property
    def value(self) -> str:
        """The enumerated value."""
        return self.limit.value

    @property
    def allowed_on_client_boards(self) -> bool:
        """Whether a board about one client may show these scores."""
        return self.limit.allowed_on_client_boards


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedStatistics:
    """Figures from the literature for one score. `unverified` names those not seen at their source."""

    n: int | None = None
    mean: float | None = None
    sd: float | None = None
    alpha: float | None = None
    retest: float | None = None
    population: str = ""
    source: str = ""
    confidence: Confidence = Confidence.UNVERIFIED
    unverified: tuple[str, ...] = ()

    def confidence_of(self, figure: str) -> Confidence:
        """The confidence in one figure: ``n``, ``mean``, ``sd``, ``alpha`` or ``retest``."""
        return Confidence.UNVERIFIED if figure in self.unverified else self.confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item. `gist` is this project's own short description for staff, never the official wording.
    `official` is its number in the full form, where a variant numbers items anew."""

    id: str
    gist: str
    scored: bool = True
    reverse: bool = False
    official: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A boundary between two neighboring levels. A score exactly `at` it belongs to `boundary_belongs_to`."""

    at: Fraction
    boundary_belongs_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CutSet:
    """A named, cited set of cut scores: n levels, n - 1 rising cuts. `on_sum`: compared with the sum of the
    items (skipped ones filled in) where the score itself is a mean."""

    id: str
    label: str
    scores: tuple[str, ...]
    levels: tuple[str, ...]
    level_labels: tuple[str, ...]
    cuts: tuple[Cut, ...]
    default: bool
    on_sum: bool
    source: str
    confidence: Confidence
    note: str = ""

    def lower_holds(self, index: int) -> bool:
        """Whether the boundary of cut `index` itself belongs to the lower of its two levels."""
        return self.cuts[index].boundary_belongs_to == self.levels[index]


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a composite: a score, added (+1) or subtracted (-1)."""

    score: str
    sign: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreDefinition:
    """One score: how it is made, what it rests on, and what is known of it.

    low, high
        The possible range, derived from items and response range; None for stages.
    minimum_answered
        The fewest answered items that give a score under the house rule.
    levels, level_labels
        Stages only, lowest first.
    terms
        Composites only.
    of, stage_cuts
        Stages from cut scores: the score they cut and the set that cuts it. A stage straight from its one item
        has neither; response `low` is its first level.
    bands
        Named sets of cut scores that band this score; the first, if it is a default, makes ``<id>_band``.
    """

    id: str
    label: str
    kind: Kind
    items: tuple[str, ...]
    low: float | None
    high: float | None
    minimum_answered: int
    missing_rule: MissingRule
    missing_source: str
    missing_confidence: Confidence
    direction: str
    unit: str
    source: str
    confidence: Confidence
    levels: tuple[str, ...] = ()
    level_labels: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    of: str = ""
    stage_cuts: CutSet | None = None
    bands: tuple[CutSet, ...] = ()
    published: PublishedStatistics | None = None
    permitted_use: PermittedUse | None = None
    note: str = ""

    def band_set(self, name: str | None = None) -> CutSet | None:
        """The band set called `name`; without a name the default one, if there is one."""
        for bands in self.bands:
            if bands.id == name or (name is None and bands.default):
                return bands
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a variant changes against the full form, in words, by kind."""

    kind: str  # "items dropped", "items renumbered", "items reworded", "range", "scores dropped", "scores changed"
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """An instrument or one of its variants, ready to score with. `variant` is empty for the full form."""

    id: str
    variant: str
    title: str
    version: str
    key_version: str
    languages: tuple[str, ...]
    low: int
    high: int
    items: tuple[Item, ...]
    scores: tuple[ScoreDefinition, ...]
    permitted_use: tuple[PermittedUse, ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    variants: tuple[str, ...] = ()
    rights: str = ""

    @property
    def reference(self) -> str:
        """What `load` takes: ``mspss``, ``cop_se:short-13``."""
        return f"{self.id}:{self.variant}" if self.variant else self.id

    @property
    def points(self) -> int:
        """Number of response options."""
        return self.high - self.low + 1

    def column(self, item: str) -> str:
        """The column of an item in wide tables and its name in long ones: ``mspss_1``."""
        return f"{self.id}_{item}"

    def item(self, item: str) -> Item:
        """The item with this id; KeyError where there is none."""
        for candidate in self.items:
            if candidate.id == item:
                return candidate
        raise KeyError(item)

    def score(self, score_id: str) -> ScoreDefinition:
        """The score with this id; KeyError where there is none."""
        for candidate in self.scores:
            if candidate.id == score_id:
                return candidate
        raise KeyError(score_id)
