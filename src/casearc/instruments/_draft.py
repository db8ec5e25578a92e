"""What the files of an instrument say, before a variant has changed it and before it has been proven sound."""

from __future__ import annotations

from dataclasses import dataclass, field

from casearc.errors import Fault
from casearc.instruments._toml import TomlTable
from casearc.instruments.definition import (
    Change,
    Confidence,
    Cut,
    Item,
    Kind,
    MissingRule,
    PublishedStatistics,
    UseLimit,
)


@dataclass(slots=True, kw_only=True)
class ScoreDraft:
    """One [[score]]. `items` None means all scored items; `at` is where faults about it are noted."""

    at: TomlTable
    id: str
    label: str
    kind: Kind
    items: tuple[str, ...] | None
    direction: str
    unit: str
    source: str
    confidence: Confidence
    missing_rule: MissingRule
    minimum: int | None
    missing_source: str
    missing_confidence: Confidence
    add: tuple[str, ...] = ()
    subtract: tuple[str, ...] = ()
    of: str = ""
    cut_set: str = ""
    levels: tuple[str, ...] = ()
    level_labels: tuple[str, ...] = ()
    published: PublishedStatistics | None = None
    note: str = ""


@dataclass(slots=True, kw_only=True)
class CutSetDraft:
    """One [[cut_set]]."""

    at: TomlTable
    id: str
    label: str
    scores: tuple[str, ...]
    stage: bool
    levels: tuple[str, ...]
    level_labels: tuple[str, ...]
    cuts: tuple[Cut, ...]
    default: bool
    on_sum: bool
    source: str
    confidence: Confidence
    note: str


@dataclass(slots=True, kw_only=True)
class UseDraft:
    """One [[permitted_use]]."""

    at: TomlTable
    limit: UseLimit
    warning: str
    scores: tuple[str, ...]
    show_beside: tuple[str, ...]
    source: str
    confidence: Confidence


@dataclass(slots=True, kw_only=True)
class ItemLine:
    """One line of items.csv and where it stands."""

    item: Item
    row: int | None


@dataclass(slots=True, kw_only=True)
class Draft:
    """Everything the files say. `faults` grows as they are read, changed and checked."""

    at: TomlTable
    id: str
    title: str
    version: str
    languages: tuple[str, ...]
    rights: str
    notes: tuple[str, ...]
    low: int
    high: int
    sources: dict[str, str]
    uses: list[UseDraft]
    faults: list[Fault]
    items: list[ItemLine] = field(default_factory=list)
    scores: list[ScoreDraft] = field(default_factory=list)
    cut_sets: list[CutSetDraft] = field(default_factory=list)
    variant: str = ""
    variant_version: str = ""
    changes: list[Change] = field(default_factory=list)
    cited: list[tuple[TomlTable, str]] = field(default_factory=list)

    def cite(self, at: TomlTable, source: str) -> str:
        """Remember that `source` was named, to be checked once all sources are known; returns it."""
        if source:
            self.cited.append((at, source))
        return source

    def scored_items(self) -> tuple[str, ...]:
        """Ids of the items that count."""
        return tuple(line.item.id for line in self.items if line.item.scored)
