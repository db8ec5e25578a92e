"""Which columns of a part could be which columns of a table, and how strongly a part looks like a table at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from casearc.files.htcds.dialect import proposals
from casearc.files.proposal.draft import Confidence, Reason
from casearc.files.proposal.paradata import filled_in_by_program
from casearc.files.proposal.parts import Part
from casearc.files.proposal.profile import Profile
from casearc.files.proposal.vocabulary import CODES, NAMES, SHEETS
from casearc.files.proposal.words import code_for, nearness, read_name
from casearc.language import say
from casearc.tables import TABLES, Kind

_NUMERIC = 0.9
_FEW_CODES = 15
_KEY_OF_ROWS = "KEY"
"""What ODK calls the id of each row: good for contacts that repeat."""
_LIKE_A_NAME = re.compile(r"^[^\W\d_]+,? +[^\W\d_]+$")
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
    standard = _by_standard(part) if table == "participants" else {}
    offers = [
        (score, name, column, reason)
        for name, phrases in NAMES[table].items()
        for column in part.profiles.values()
        if column.name not in taken
        for score, reason in [read_name(column, phrases)]
        if reason is not None and _could_be(table, name, column) and is_own(part, table, column)
    ]
    found: dict[str, Mark] = dict(standard)
    used: set[str] = {mark.source for mark in standard.values()}
    for score, name, column, reason in sorted(offers, key=lambda offer: -offer[0]):
        if name not in found and column.name not in used:
            found[name] = Mark(column.name, score, reason)
            used.add(column.name)
    return found


def _by_standard(part: Part) -> dict[str, Mark]:
    """Columns that are fields of HTCDS, which the standard itself defines."""
    if part.sheet.format != "htcds":
        return {}
    named = {name: proposals(name) for name, column in part.profiles.items() if column.filled}
    reason = Reason(say("it is a field of HTCDS 2.0"), Confidence.SURE)
    return {told[0]: Mark(name, 1.0, reason) for name, told in reversed(named.items()) if told is not None}


def is_own(part: Part, table: str, column: Profile) -> bool:
    """Boxes to tick are taken together; what another form of the row says, or the program by itself, counts for
    answers alone."""
    others = column.name in part.beside or filled_in_by_program(part.sheet, column.name)
    return not column.is_box and (table == "administrations" or not others or column.name == _KEY_OF_ROWS)


def _could_be(table: str, name: str, column: Profile) -> bool:
    """Whether what stands in the cells allows it."""
    if column.filled == 0:
        return False
    if name.endswith("date"):
        return column.dated
    kind = TABLES[table].column(name).kind
    if kind is Kind.CODE:
        return not column.dated and _could_be_codes(name, column)
    if kind in (Kind.NUMBER, Kind.INTEGER):
        return column.numbers >= _NUMERIC or (name == "minutes" and column.on_the_clock)
    return not column.dated


def _could_be_codes(name: str, column: Profile) -> bool:
    """Whether cells are codes of a closed list: a word of it stands in some, or they are few and no persons' names."""
    if not column.codes:
        return False
    words = CODES.get(name, {})
    if any(code_for(cell, column.field.choices.get(cell, ""), words) for cell in column.codes):
        return True
    named = sum(_LIKE_A_NAME.match(cell) is not None for cell in column.codes)
    return column.distinct <= _FEW_CODES and named * 2 <= column.distinct


def strength(part: Part, table: str, marks: Mapping[str, Mark]) -> float:
    """How strongly a part looks like a table: its telling columns, and its own name."""
    telling = sum(mark.score for name, mark in marks.items() if name in _TELLING[table])
    return telling + _NAMED_SO * nearness(part.name, SHEETS[table])
