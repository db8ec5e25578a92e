"""Rows below a table that add it up: nobody's, and set aside for every table that the sheet feeds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any as Anything

import polars as pl

from casearc.files.mapping.conditions import begins
from casearc.files.mapping.questions import EMPTY
from casearc.files.proposal.draft import Draft
from casearc.files.sheet import Sheet
from casearc.language import say

_WORDS = (
    "grand total", "total general", "gran total", "subtotals", "subtotal", "sub total", "totals", "totales", "total",
    "sum", "suma", "count", "cuenta", "conteo", "average", "mean", "promedio", "media", "n =", "n=",
)  # fmt: skip
_BEGINS = re.compile(rf"(?i)^(?:{'|'.join(re.escape(word) for word in _WORDS)})(?![\w])")
_NUMBER = r"^[-+$€]?\s?[\d.,\s]+%?$"
_MOST = 10
"""Rows at the end that are looked at."""
_SPARSE = 0.5
"""Share of a usual row's filled cells below which a row with words in it looks like one of sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Rows that add up the others.

    column
        Where they say so.
    words
        How these cells begin.
    sure
        All their other cells are numbers or empty.
    """

    column: str
    words: tuple[str, ...]
    sure: bool


def without_sums(draft: Draft, sheet: Sheet) -> tuple[pl.DataFrame, tuple[dict[str, Anything], ...]]:
    """The rows of a sheet without those that add up the others, and the conditions of a mapping that leave them out.

    Parameters
    ----------
    draft
        Takes the question where such rows hold words as well.
    sheet
        Data.

    Returns
    -------
    tuple of polars.DataFrame and tuple of dict

    Examples
    --------
    >>> without_sums(draft, sheet)[1]  # doctest: +SKIP
    ({'column': 'Client ID', 'not_begins': ['Total'], 'reason': "a row of sums, and nobody's (Total)"},)
    """
    sums = sums_of(sheet)
    if sums is None:
        return sheet.frame, ()
    reason = say("a row of sums, and nobody's ({word})", word=", ".join(sums.words))
    left: list[dict[str, Anything]]
    if sums.sure:
        left = [{"column": sums.column, "not_begins": list(sums.words), "reason": reason}]
    else:
        asked = [_ask(draft, sheet, sums.column, word) for word in sums.words]
        left = [{"column": sums.column, "not_begins": each, "reason": reason} for each in asked]
    rows = sheet.frame.filter(~begins(pl.col(sums.column), sums.words).fill_null(value=False))
    return rows, tuple(left)


def _ask(draft: Draft, sheet: Sheet, column: str, word: str) -> str:
    return draft.ask(
        f"{sheet.name}-{word}-rows".replace(" ", "-"),
        say(
            "Are the last rows of {file}, whose {column} begins with {word}, sums and nobody's? Then answer {word}; "
            "leave it empty where they are rows like the others.",
            file=sheet.in_words,
            column=column,
            word=word,
        ),
        why=say("A row of sums would become a person, or something that happened to one."),
        answers=[word, EMPTY],
    )


def sums_of(sheet: Sheet) -> Sums | None:
    """The rows at the end of a sheet whose first filled cell says that they are totals, counts or means.

    Parameters
    ----------
    sheet
        Data.

    Returns
    -------
    Sums or None
        None where there is none, and where such a word stands among the other rows as well: there it is a code.

    Examples
    --------
    >>> import polars as pl
    >>> from casearc.files.sheet import sheet_of
    >>> rows = pl.DataFrame({"Client ID": ["1001", "1002", "Total"], "Gender": ["Girl", "Boy", "2"]})
    >>> sums_of(sheet_of("clients.csv", "csv", rows)).words
    ('Total',)
    """
    frame = sheet.frame
    found: dict[int, tuple[str, str]] = {}
    for at in range(frame.height - 1, max(frame.height - 1 - _MOST, 0), -1):
        said = _said(frame, at)
        if said is not None:
            found[at] = said
        elif sum(cell is not None for cell in frame.row(at)) > 1:
            break
    columns = {column for column, _ in found.values()}
    if len(columns) != 1:
        return None
    column = columns.pop()
    words = tuple(dict.fromkeys(word for _, word in reversed(found.values())))
    if frame.head(min(found)).select(begins(pl.col(column), words).any()).item():
        return None
    rest = [name for name in frame.columns if name != column]
    sure = all(_only_numbers(frame[at].select(rest)) for at in found)
    return Sums(column=column, words=words, sure=sure) if sure or all(_sparse(frame, at) for at in found) else None


def _said(frame: pl.DataFrame, at: int) -> tuple[str, str] | None:
    """The first filled cell of a row, where it begins with such a word: its column and the word."""
    first = next(((name, cell) for name, cell in frame.row(at, named=True).items() if cell is not None), None)
    if first is None or frame.width < 2:
        return None
    begun = _BEGINS.match(first[1])
    return None if begun is None else (first[0], begun.group())


def _only_numbers(row: pl.DataFrame) -> bool:
    return all(cell is None or re.match(_NUMBER, cell) for cell in row.row(0))


def _sparse(frame: pl.DataFrame, at: int) -> bool:
    usual = frame.head(at).select(pl.mean_horizontal(pl.all().is_not_null())).to_series().median()
    filled = sum(cell is not None for cell in frame.row(at)) / frame.width
    return isinstance(usual, float) and filled <= _SPARSE * usual
