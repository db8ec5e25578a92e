"""Numbers among the answers that are none: codes for missing that a file does not declare, such as 99."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from casearc.files.mapping.questions import EMPTY
from casearc.files.proposal.draft import Draft
from casearc.files.proposal.items import Match
from casearc.files.proposal.parts import Part
from casearc.files.proposal.profile import Profile
from casearc.files.proposal.vocabulary import REASONS
from casearc.files.proposal.words import code_for
from casearc.instruments import Instrument
from casearc.language import say, say_many

_MOST = 0.2
"""Where more of the cells than this lie beside the official range, the answers are coded otherwise."""


def stray_codes(columns: Sequence[Profile], instrument: Instrument) -> dict[str, int]:
    """Cells that are numbers and can be no answers in any coding, with how often they occur.

    Parameters
    ----------
    columns
        The items.
    instrument
        Whose they are: its official range tells.

    Returns
    -------
    dict of str to int
        {} where there are none, or so many that another coding is likelier. What lies just beside the range is stray
        only where the other end of the range is used: 0 beside 1 to 7, and 7 is there.

    Examples
    --------
    >>> stray_codes(columns, instrument)  # doctest: +SKIP
    {'99': 2}
    """
    cells = [column.cells for column in columns if column.filled]
    if not cells:
        return {}
    counts = pl.concat([each.alias("cell") for each in cells]).value_counts()
    counts = counts.with_columns(number=pl.col("cell").cast(pl.Float64, strict=False)).drop_nulls("number")
    used = set(counts["number"])
    strays = {
        cell: count
        for cell, count, number in counts.select("cell", "count", "number").sort("number").iter_rows()
        if _is_stray(number, used, instrument)
    }
    return strays if sum(strays.values()) <= _MOST * int(counts["count"].sum()) else {}


def _is_stray(number: float, used: set[float], instrument: Instrument) -> bool:
    low, high = instrument.low, instrument.high
    if low <= number <= high:
        return False
    if low - 1 <= number < low:
        return high in used
    if high < number <= high + 1:
        return low in used
    return True


def range_without(columns: Sequence[Profile], strays: Mapping[str, int]) -> tuple[int, int] | None:
    """Smallest and largest number of the items, strays left out; None where there is no number."""
    lows, highs = [], []
    for column in columns:
        number = column.cells.filter(~column.cells.is_in(list(strays))).cast(pl.Float64, strict=False)
        found = number.filter(number.is_finite())
        if len(found):
            lows.append(float(found.min()))  # type: ignore[arg-type]
            highs.append(float(found.max()))  # type: ignore[arg-type]
    return (int(min(lows)), int(max(highs))) if lows else None


def missing_of_strays(draft: Draft, part: Part, match: Match) -> dict[str, str]:
    """What each stray code stands for: the reason that the file's own label says, else a question."""
    columns = [part.profiles[name] for name in match.items.values()]
    return missing_among(draft, part, match.instrument, columns)


def missing_among(draft: Draft, part: Part, instrument: Instrument, columns: Sequence[Profile]) -> dict[str, str]:
    """What `missing_of_strays` says, of the answers to each item wherever they stand.

    Examples
    --------
    >>> missing_among(draft, part, instrument, columns)  # doctest: +SKIP
    {'99': '?mspss-missing-99'}
    """
    found: dict[str, str] = {}
    labels = {code: label for column in columns for code, label in column.field.choices.items()}
    for cell, count in stray_codes(columns, instrument).items():
        label = labels.get(cell, "")
        found[cell] = code_for(label, label, REASONS) if label else ""
        if found[cell]:
            continue
        found[cell] = draft.ask(
            f"{instrument.id}-missing-{cell}",
            say_many(
                "{cell} stands in {count:,} cell of the items of {instrument} in {file}. No answer is coded so: its "
                "range is {low} to {high}. Why is there no answer?",
                "{cell} stands in {count:,} cells of the items of {instrument} in {file}. No answer is coded so: its "
                "range is {low} to {high}. Why is there no answer?",
                count,
                cell=cell,
                instrument=instrument.id,
                file=part.sheet.in_words,
                low=instrument.low,
                high=instrument.high,
            ),
            why=say("Counted as an answer it would change scores; and a reason is kept beside the empty answer."),
            answers=(*sorted(REASONS), EMPTY),
        )
    return found
