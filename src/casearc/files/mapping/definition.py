"""What a mapping says, as frozen data. Nothing in it is ever run as code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from casearc.files.mapping.file_entries import FileEntry
from casearc.files.mapping.questions import Question
from casearc.language import to_say


class Is(StrEnum):
    """What a condition asks of a cell."""

    PRESENT = "present"
    EMPTY = "empty"
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    EQUALS = "equals"
    NOT = "not"
    ONE_OF = "one_of"
    NOT_IN = "not_in"
    NOT_BEGINS = "not_begins"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A question to one cell. An empty cell equals nothing, is in no list and is no number."""

    column: str
    asks: Is
    values: tuple[str, ...] = ()
    bound: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """True where at least one of its conditions is."""

    conditions: tuple[Condition, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """True where all of its conditions are."""

    conditions: tuple[Condition, ...]
    reason: str = ""


Condition = Test | AnyOf | AllOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """The same text in every row: ``{ value = "client" }``."""

    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Cells put together: ``{ join = ["who", "when"], with = "-" }``. Empty where one of them is, unless
    `skip_empty` leaves those out."""

    columns: tuple[str, ...]
    between: str = ""
    prefix: str = ""
    skip_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOf:
    """The first filled cell: ``{ first_of = ["phone_minutes", "minutes"], otherwise = "…" }``."""

    columns: tuple[str, ...]
    otherwise: str | None = None


YES = ("1", "yes", "Yes", "true", "TRUE", "True")
"""What counts as yes in a yes/no column unless the mapping says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Which of several yes/no columns says yes: ``{ flag = { is_ill = "illness" }, yes = ["1"] }``.

    several
        When more than one says yes: ``refuse`` names the rows, ``first`` takes the first in the order written,
        ``join`` takes all with ``;`` between; any other text becomes the value.
    none
        The value where none does; empty without it.
    """

    codes: tuple[tuple[str, str], ...]
    yes: tuple[str, ...] = YES
    several: str = "refuse"
    none: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Where all conditions hold: a constant, or the cell of a column."""

    where: tuple[Condition, ...]
    value: str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """The first case that holds: ``{ cases = [ { where = […], value = "…" } ], otherwise = "…" }``."""

    cases: tuple[Case, ...]
    otherwise: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowNumber:
    """The row in the file, made an id: ``{ row_number = "visit-" }`` gives visit-2, visit-3 …"""

    prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountWithin:
    """Which of the rows with the same cells it is: ``{ count_within = ["who", "when"] }`` is empty in the first, 2 in
    the second, 3 … in the order of the file."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A few letters and digits that stand for the filled cells: ``{ digest = ["kind", "medium"] }``. The same cells
    give the same ones, in whatever file they stand."""

    columns: tuple[str, ...]


class WrittenIn(StrEnum):
    """What the numbers of a duration count."""

    MINUTES = to_say("minutes")
    HOURS = to_say("hours")
    CLOCK = to_say("hours:minutes")
    SECONDS = to_say("minutes:seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """How long something took, in minutes: ``{ duration = "Time spent", written_in = "hours" }``. A cell that is not
    written so stays as it is."""

    column: str
    written_in: WrittenIn


class Pick(StrEnum):
    """Which of several rows of another file is meant, or what is made of them."""

    ONLY = "only"
    FIRST = "first"
    LAST = "last"
    MIN = "min"
    MAX = "max"
    COUNT = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A column of another file, found by a key.

    keys
        Pairs: the column here, the column there.
    by
        The columns there that say which row is first or last.
    not_after
        A column here: only rows there whose first `by` is not above it count.
    where
        Only rows there for which all conditions hold count. Rows whose `column` is empty never do.
    without_leading_zeros
        ``00417`` here and ``417`` there are the same key; where two keys are alike so, rows that have one are refused.
    """

    file: str
    keys: tuple[tuple[str, str], ...]
    column: str | None
    pick: Pick = Pick.ONLY
    by: tuple[str, ...] = ()
    not_after: str | None = None
    where: tuple[Condition, ...] = ()
    otherwise: str | None = None
    without_leading_zeros: bool = False


Derivation = Constant | Join | FirstOf | Flag | Cases | RowNumber | CountWithin | Digest | Duration | Lookup


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicates:
    """Rows with the same key: all but the first or last (in the order of `by`, or of the file) are set aside; `keep`
    may also say that all are kept."""

    key: tuple[str, ...]
    keep: str = "first"
    by: tuple[str, ...] = ()
    reason: str = ""


class Made(StrEnum):
    """How the file's own total was made of the items."""

    SUM = to_say("sum")
    MEAN = to_say("mean")


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A total that the file carries beside the items: the column, and how it was made."""

    column: str
    made: Made


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """How one file feeds one table. Steps run in this order: derive, where, duplicates, columns, codes.

    columns
        Contract's column -> column of the file or derived. Columns of the file that have the contract's name
        already need no entry.
    codes
        Contract's column -> code in the file -> contract's code; ``""`` stands for an empty cell on either side.
    otherwise
        Contract's column -> what stands for its cells that are no codes: texts, and what hardly occurs and `codes` does
        not have. ``(keep as written)`` leaves them.
    derive
        New columns in the order written. One whose name begins with ``_`` is for use within the mapping only.
    missing
        Code in a response's cell -> why there is none (a missing reason, or ``""`` for no reason known).
    reversed
        Items that the file stores the wrong way round: turned back within their instrument's range.
    totals
        Score -> the file's own figure for it, to compare with: a column and whether it is a sum or a mean.
    leave
        Columns of the file that have the name of one of the table's and are something else.
    place
        Where in the mapping this stands, for messages.
    """

    table: str
    file: str
    place: str
    columns: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    derive: Mapping[str, Derivation]
    where: tuple[Condition, ...] = ()
    duplicates: Duplicates | None = None
    missing: Mapping[str, str] = field(default_factory=dict)
    reversed: tuple[str, ...] = ()
    totals: Mapping[str, Total] = field(default_factory=dict)
    otherwise: Mapping[str, str] = field(default_factory=dict)
    leave: tuple[str, ...] = ()

    def targets(self) -> tuple[str, ...]:
        """Columns of the table that the mapping names."""
        derived = (name for name in self.derive if not name.startswith("_"))
        return tuple(dict.fromkeys((*self.columns, *derived)))


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultColumns:
    """Columns that tell who a person is, for the application's vault and for nothing else.

    `columns` has the vault's field -> the file's column; `key` is the column with the participant's id.
    """

    file: str
    key: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """The whole of a mapping.toml, in the order written.

    entries
        How files are read, by file.
    coding
        Instrument -> the coding its responses come in, where it is not the official one.
    vault
        Identity, which only the web application takes; everything else passes it over.
    """

    name: str
    feeds: tuple[Feed, ...]
    entries: Mapping[str, FileEntry] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    coding: Mapping[str, str] = field(default_factory=dict)
    vault: tuple[VaultColumns, ...] = ()

    def files(self) -> set[str]:
        """Every file it names, those of lookups among them."""
        lookups = {each.file for feed in self.feeds for each in feed.derive.values() if isinstance(each, Lookup)}
        companions = {name for entry in self.entries.values() for name in entry.reading.companions.values()}
        named = {feed.file for feed in self.feeds} | lookups | companions
        return {name.partition("#")[0] for name in named}
