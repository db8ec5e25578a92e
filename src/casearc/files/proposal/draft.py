"""A proposal while it is being made: what goes where, why, how sure, and what is left to be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any as Anything

from casearc.files.mapping.questions import SIGN, Question
from casearc.files.proposal.profile import Profile
from casearc.language import to_say
from casearc.tables import TABLES

NO_PLACE = to_say("no table has a place for it")


class Confidence(StrEnum):
    """How sure a proposal is."""

    SURE = to_say("sure")  # the file says so itself, or names and cells leave no other reading
    LIKELY = to_say("likely")  # names or cells say so; look at it
    GUESS = to_say("a guess")  # look closely


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a column was taken for what it is."""

    said: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Left:
    """A column that no table takes, and why."""

    file: str
    column: str
    why: str


@dataclass(slots=True, kw_only=True)
class FeedDraft:
    """One ``[[table.…]]``; values are those the mapping's language takes. `reasons` are by the table's column, and so
    are `guesses`, the reasons for codes that are guessed, and `origins`, which say of a column that is looked up where
    its cells come from."""

    table: str
    file: str
    columns: dict[str, str] = field(default_factory=dict)
    derive: dict[str, dict[str, Anything]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    where: list[dict[str, Anything]] = field(default_factory=list)
    duplicates: dict[str, Anything] = field(default_factory=dict)
    leave: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    reversed: dict[str, str] = field(default_factory=dict)
    totals: dict[str, dict[str, str]] = field(default_factory=dict)
    reasons: dict[str, Reason] = field(default_factory=dict)
    otherwise: dict[str, str] = field(default_factory=dict)
    scale: dict[str, dict[str, Anything]] = field(default_factory=dict)
    only_if: dict[str, str] = field(default_factory=dict)
    guesses: dict[str, Reason] = field(default_factory=dict)
    origins: dict[str, Profile] = field(default_factory=dict)

    def take(self, column: str, source: str, said: str, confidence: Confidence) -> None:
        """Map a column of the file to one of the table."""
        self.columns[column] = source
        self.reasons[column] = Reason(said, confidence)

    def make(self, column: str, how: dict[str, Anything], said: str, confidence: Confidence = Confidence.SURE) -> None:
        """Derive a column of the table."""
        self.derive[column] = how
        self.reasons[column] = Reason(said, confidence)

    def look_up(
        self, column: str, origin: Profile, how: dict[str, Anything], said: str, confidence: Confidence
    ) -> None:
        """Look a column of the table up under a name that no column of the file has."""
        self.derive[f"_{column}"] = how
        self.origins[column] = origin
        self.take(column, f"_{column}", said, confidence)

    def keep_apart(self, columns: Sequence[str]) -> None:
        """Derive under another name what stands among the file's own columns."""
        taken = {name: f"_{name}" for name in self.derive if name in columns}
        self.derive = {taken.get(name, name): _renamed(how, taken) for name, how in self.derive.items()}
        self.columns |= {name: apart for name, apart in taken.items() if not name.startswith("_")}

    def by_name(self, columns: Sequence[str]) -> list[str]:
        """Columns that nobody proposed and that have the name of one of the table's."""
        schema = TABLES[self.table]
        told = {each.name for each in schema.columns if each.date_column in self.targets}
        taken = self.targets | (told & set(self.columns.values()))
        return [name for name in schema.accepted if name in columns and name not in taken]

    @property
    def targets(self) -> set[str]:
        """Columns of the table that it fills."""
        return {*self.columns, *(name for name in self.derive if not name.startswith("_"))}


_OF_COLUMNS = ("join", "first_of", "count_within", "digest")


def _renamed(how: dict[str, Anything], names: Mapping[str, str]) -> dict[str, Anything]:
    """A derivation whose parts are called otherwise now."""
    lists = {key: [names.get(part, part) for part in how[key]] for key in _OF_COLUMNS if key in how}
    return how | lists


@dataclass(slots=True, kw_only=True)
class Draft:
    """A whole mapping in the making. `entries` are the ``[file]`` tables, `notes` what a reader should know."""

    entries: dict[str, dict[str, Anything]] = field(default_factory=dict)
    feeds: list[FeedDraft] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    coding: dict[str, str] = field(default_factory=dict)
    vault: list[dict[str, Anything]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def ask(self, name: str, asks: str, *, why: str, answers: Sequence[str] = ()) -> str:
        """Ask a question, once; returns what stands in the mapping where its answer belongs."""
        self.questions.setdefault(name, Question(id=name, asks=asks, why=why, answers=tuple(answers)))
        return SIGN + name

    def feed(self, table: str) -> FeedDraft | None:
        """The first feed of a table, if there is one."""
        return next((feed for feed in self.feeds if feed.table == table), None)

    def keep_apart(self, file: str, columns: Sequence[str]) -> None:
        """Derive under another name what the file has a column for already (an empty one, or one that is left out), and
        leave out what would come in by its name alone."""
        for feed in self.feeds:
            if feed.file == file:
                feed.keep_apart(columns)
                feed.leave = feed.by_name(columns)

    def date_order(self, file: str, column: str, order: str) -> None:
        """Say how a column writes dates."""
        self.entries.setdefault(file, {}).setdefault("dates", {})[column] = order


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A sheet that describes others: of which program, in which role, with how many questions."""

    file: str
    program: str
    role: str
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What `propose` found. `text` is the mapping.toml; `left` the columns no table takes; `notes` the rest.

    questions
        What somebody who knows the files has to answer before anything is imported.
    """

    text: str
    files: tuple[str, ...]
    feeds: tuple[FeedDraft, ...]
    questions: tuple[Question, ...]
    left: tuple[Left, ...]
    notes: tuple[str, ...]
    definitions: tuple[Definition, ...] = ()

    def around(self) -> dict[str, object]:
        """What is to be known beside the mapping, as JSON holds it: what is left out, definitions, notes."""
        return {
            "left": [asdict(each) for each in self.left],
            "definitions": [asdict(each) for each in self.definitions],
            "notes": list(self.notes),
        }
