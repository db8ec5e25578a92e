"""Which column of a part says whose row it is: by its name, and by the ids found elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any as Anything

import polars as pl

from casearc.files.mapping.lookup import without_leading_zeros
from casearc.files.proposal.draft import Confidence, Draft, Reason
from casearc.files.proposal.parts import Part
from casearc.files.proposal.profile import Profile
from casearc.files.proposal.vocabulary import NAMES
from casearc.files.proposal.words import plain_words, read_name
from casearc.files.xlsform.system import SECTION
from casearc.language import say

_WITHIN = 0.9
_MANY = 0.5
_FROM = 0.5
_CASES = ("case id", "id del caso", "id de caso", "caso id")
"""Where no column is named after persons, each case is one."""


@dataclass(frozen=True, slots=True)
class Key:
    """A column of ids, and why it was taken for one.

    derive, raw
        Where the ids of the file are not yet those meant: what makes the column, and the file's own column.
    """

    column: str
    reason: Reason
    derive: Mapping[str, dict[str, Anything]] = field(default_factory=dict)
    raw: str = ""


def own_key(part: Part) -> Key | None:
    """The participant's id by the part's own words: the record of a REDCap project, else the best name."""
    if part.sheet.format == "redcap":
        return Key(part.sheet.frame.columns[0], Reason(say("it is the record's id"), Confidence.SURE))
    person = _named(part, NAMES["participants"]["participant_id"])
    case = None if person is not None else _named(part, _CASES)
    if case is None:
        return person
    return Key(case.column, Reason(say("each case is taken for a person"), Confidence.LIKELY))


def _named(part: Part, phrases: Sequence[str]) -> Key | None:
    scored = [(read_name(column, phrases), column) for column in _candidates(part)]
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


def key_into(draft: Draft, part: Part, home: Part, column: str, *, named: Sequence[str]) -> Key | None:
    """The column whose cells are ids of another sheet; a name that fits goes before one that does not.

    Parameters
    ----------
    draft
        Takes the question whether ids are the same that differ in leading zeros alone.
    part
        The rows.
    home, column
        Where the ids stand.
    named
        Names of such columns.

    Returns
    -------
    Key or None

    Examples
    --------
    >>> key_into(draft, visits, clients, "Client ID", named=["client id"]).column  # doctest: +SKIP
    'Client ID'
    """
    found: list[tuple[float, float, str]] = []
    known = home.rows[column].drop_nulls().unique()
    for each in _candidates(part):
        cells = part.rows[each.name].drop_nulls().unique()
        share = _share(cells, known)
        score = read_name(each, named)[0]
        if share >= _WITHIN and len(cells) > 1 and (score > 0 or _telling(each, known, len(cells))):
            found.append((score, share, each.name))
    zeros = same_but_for_zeros(draft, part, home, column, named=named)
    if zeros is not None and (not found or max(found)[1] < 1.0):
        return zeros
    if not found:
        return None
    score, share, name = max(found)
    said = say("{share:.0%} of its ids are ids of {what}", share=share, what=home.sheet.in_words)
    return Key(name, Reason(said, Confidence.SURE if share == 1.0 and score > 0 else Confidence.LIKELY))


def _share(cells: pl.Series, known: pl.Series) -> float:
    return int(cells.is_in(known.implode()).sum()) / max(len(cells), 1)


def same_but_for_zeros(draft: Draft, part: Part, home: Part, column: str, *, named: Sequence[str]) -> Key | None:
    """A column named as one of ids, whose cells are ids of the other sheet once leading zeros are left out.

    Parameters
    ----------
    draft, part, home, column, named
        As `key_into` takes them.

    Returns
    -------
    Key or None
        None where that finds no more of them, and where two ids of either side would be one then.

    Examples
    --------
    >>> same_but_for_zeros(draft, visits, clients, "Client ID", named=["client id"])  # doctest: +SKIP
    """
    known = home.rows[column].drop_nulls().unique()
    plain = _without_zeros(known)
    scored = [(read_name(each, named)[0], each.name) for each in _candidates(part)]
    for _, name in sorted((each for each in scored if each[0] > 0), reverse=True):
        cells = part.rows[name].drop_nulls().unique()
        bare = _without_zeros(cells)
        alike = bare.n_unique() < len(cells) or plain.n_unique() < len(known)
        if not alike and _share(bare, plain) >= _WITHIN and _share(bare, plain) > _share(cells, known):
            return _if_the_same(draft, part, home, name, column)
    return None


def _without_zeros(ids: pl.Series) -> pl.Series:
    return ids.to_frame("id").select(without_leading_zeros(pl.col("id"))).to_series()


def _if_the_same(draft: Draft, part: Part, home: Part, name: str, column: str) -> Key:
    told = {"file": part.sheet.in_words, "column": name, "other": home.sheet.in_words}
    asked = draft.ask(
        f"{part.file}-{name}-zeros".replace(" ", "-"),
        say(
            "Ids in column {column} of {file} agree with those of {other} once leading zeros are left out. Are they "
            "the same people?",
            **told,
        ),
        why=say("A spreadsheet program drops such zeros. If not, the rows belong to nobody and are refused."),
        answers=("yes", "no"),
    )
    how: dict[str, Anything] = {"from": home.file, "key": {name: column}, "column": column}
    derive = {
        "_with_zeros": how | {"without_leading_zeros": asked},
        "_id": {"first_of": ["_with_zeros", name]},
    }
    said = say("its ids are ids of {what} without leading zeros", what=home.sheet.in_words)
    return Key("_id", Reason(said, Confidence.GUESS), derive, name)


def _telling(column: Profile, known: pl.Series, count: int) -> bool:
    """Whether cells that are ids elsewhere are so by more than chance: small numbers are minutes and counts as well."""
    return column.numbers == 0 or (not column.field.choices and count >= _MANY * len(known))
