"""Which columns of a part could be which columns of a table, and how strongly a part looks like a table at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casearc.files.proposal.draft import Reason
from casearc.files.proposal.parts import Part
from casearc.files.proposal.profile import Profile
from casearc.files.proposal.vocabulary import NAMES, SHEETS
from casearc.files.proposal.words import nearness, read_name
from casearc.tables import TABLES, Kind

_NUMERIC = 0.9
_TELLING: Mapping[str, tuple[str, ...]] = {
    "participants": (
        "age_at_enrollment", "gender", "race_ethnicity", "education", "housing", "trafficking_status",
        "screening_score", "exploitation_types", "victimization_types", "language",
    ),
    "enrollments": ("enrollment_id", "start_date", "exit_date", "exit_reason", "program"),
    "contacts": ("contact_type", "outcome", "minutes", "medium", "contact_id"),
    "services": ("service_code", "quantity", "unit"),
    "goals": ("domain", "status", "rating", "opened_date", "goal_id"),
    "needs": ("domain", "level"),
}  # fmt: skip
_NAMED_SO = 1.5


@dataclass(frozen=True, slots=True)
class Mark:
    """A column that could be one of a table's."""

    source: str
    score: float
    reason: Reason


def marks_of(part: Part, table: str, *, taken: frozenset[str] = frozenset()) -> dict[str, Mark]:
    """For each column of the table the best column of the part, none used twice."""
    offers = [
        (score, name, column, reason)
        for name, phrases in NAMES[table].items()
        for column in part.profiles.values()
        if column.name not in taken and _could_be(table, name, column)
        for score, reason in [read_name(column, phrases)]
        if reason is not None
    ]
    found: dict[str, Mark] = {}
    used: set[str] = set()
    for score, name, column, reason in sorted(offers, key=lambda offer: -offer[0]):
        if name not in found and column.name not in used:
            found[name] = Mark(column.name, score, reason)
            used.add(column.name)
    return found


def _could_be(table: str, name: str, column: Profile) -> bool:
    """Whether what stands in the cells allows it."""
    if column.filled == 0:
        return False
    if name.endswith("date"):
        return column.dated
    kind = TABLES[table].column(name).kind
    if kind in (Kind.NUMBER, Kind.INTEGER):
        return column.numbers >= _NUMERIC
    return not column.dated


def strength(part: Part, table: str, marks: Mapping[str, Mark]) -> float:
    """How strongly a part looks like a table: its telling columns, and its own name."""
    telling = sum(mark.score for name, mark in marks.items() if name in _TELLING[table])
    return telling + _NAMED_SO * nearness(part.name, SHEETS[table])
