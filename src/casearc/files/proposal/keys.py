"""Which column of a part says whose row it is: by its name, and by the ids found elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from casearc.files.proposal.draft import Confidence, Reason
from casearc.files.proposal.parts import Part
from casearc.files.proposal.profile import Profile
from casearc.files.proposal.vocabulary import NAMES
from casearc.files.proposal.words import plain_words, read_name
from casearc.files.xlsform.system import SECTION

_WITHIN = 0.9
_MANY = 0.5
_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Key:
    """A column of ids, and why it was taken for one."""

    column: str
    reason: Reason


def own_key(part: Part) -> Key | None:
    """The participant's id by the part's own words: the record of a REDCap project, else the best name."""
    if part.sheet.format == "redcap":
        return Key(part.sheet.frame.columns[0], Reason("it is the record's id", Confidence.SURE))
    scored = [(read_name(column, NAMES["participants"]["participant_id"]), column) for column in _candidates(part)]
    named = [(score, reason, column) for (score, reason), column in scored if reason is not None and score >= _FROM]
    if not named:
        return None
    _, reason, column = max(named, key=lambda each: (each[0], len(plain_words(each[2].called))))
    return Key(column.name, reason)


def _candidates(part: Part) -> list[Profile]:
    """Columns that could hold ids: no dates, and nothing that the program of the file fills in by itself."""
    return [
        column
        for column in part.profiles.values()
        if column.filled and not column.dated and column.distinct > 1 and column.field.section != SECTION
    ]


def key_into(part: Part, ids: pl.Series, *, what: str, named: Sequence[str]) -> Key | None:
    """The column whose cells are ids of another sheet; a name that fits goes before one that does not."""
    found: list[tuple[float, float, str]] = []
    known = ids.drop_nulls().unique()
    for column in _candidates(part):
        cells = part.rows[column.name].drop_nulls().unique()
        share = int(cells.is_in(known.implode()).sum()) / max(len(cells), 1)
        score = read_name(column, named)[0]
        if share >= _WITHIN and len(cells) > 1 and (score > 0 or _telling(column, known, len(cells))):
            found.append((score, share, column.name))
    if not found:
        return None
    score, share, name = max(found)
    said = f"{share:.0%} of its ids are ids of {what}"
    return Key(name, Reason(said, Confidence.SURE if share == 1.0 and score > 0 else Confidence.LIKELY))


def _telling(column: Profile, known: pl.Series, count: int) -> bool:
    """Whether cells that are ids elsewhere are so by more than chance: small numbers are minutes and counts as well."""
    return column.numbers == 0 or (not column.field.choices and count >= _MANY * len(known))
