"""Refusing responses that cannot be scored. Faults name row and column, never the value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from casearc.errors import Fault, ScoringError
from casearc.instruments import Instrument
from casearc.language import say, to_say
from casearc.scoring._coding import Coding, question_coding
from casearc.scoring._columns import ID, ITEM, REASON, RESPONSE, Layout
from casearc.scoring._reduce import (
    BAD,
    GIVEN,
    HIGHEST,
    LOWEST,
    REPEATS,
    contradiction,
    unknown_item,
)
from casearc.scoring._responses import DECIMAL_COMMA, flag, read_column, text_of

LISTED = 50
_DECLARE = to_say(
    "If the file codes responses otherwise, declare it: under [coding] in the mapping of an import or in a study plan; "
    "`casearc score` takes --coding."
)
_ROW, _COPIES = "__casearc_row", "__casearc_copies"
AnyFrame = nw.DataFrame[Any] | nw.LazyFrame[Any]


def validate(reduced: AnyFrame, original: AnyFrame, layout: Layout, instrument: Instrument, coding: Coding) -> None:
    """Prove the reduced frame sound with one small collect; on the first doubt read the original and list all faults.

    Raises
    ------
    ScoringError
        Bad cells, unknown or repeated items, missing or repeated administrations, or a doubtful coding.
    """
    summary = _collect(
        reduced.select(
            bad=nw.col(BAD).sum(),
            repeats=nw.col(REPEATS).sum(),
            lowest=nw.col(LOWEST).min(),
            highest=nw.col(HIGHEST).max(),
            answered=flag(nw.col(GIVEN) > 0).sum(),
            rows=nw.len(),
            different=nw.col(ID).n_unique(),
            nameless=flag(nw.col(ID).is_null()).sum(),
        )
    ).rows(named=True)[0]
    repeated = summary["rows"] > summary["different"]
    if summary["bad"] or summary["repeats"] or summary["nameless"] or repeated:
        raise ScoringError(
            say(
                "The responses of `{reference}` cannot be scored as they are. Nothing was scored.",
                reference=instrument.reference,
            ),
            faults=find_faults(original, layout, instrument, coding),
        )
    answered = int(summary["answered"] or 0)
    lowest, highest = (summary["lowest"], summary["highest"]) if answered else (None, None)
    question_coding(coding, instrument, administrations=answered, lowest=lowest, highest=highest)


def _collect(frame: AnyFrame) -> nw.DataFrame[Any]:
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    """One thing wrong in one column, and all rows it is wrong in."""

    rows: list[int]
    column: str
    problem: str
    remedy: str = ""

    def faults(self) -> list[Fault]:
        """As many faults as can be listed at all."""
        return [
            Fault(problem=self.problem, remedy=self.remedy, row=row, column=self.column) for row in self.rows[:LISTED]
        ]


def find_faults(original: AnyFrame, layout: Layout, instrument: Instrument, coding: Coding) -> list[Fault]:
    """Every fault by row and column; beyond 50, how many more there are. Row 2 is the first row of data."""
    frame = _collect(original).with_row_index(_ROW)
    problems = [*_id_problems(frame, layout)]
    if layout.wide:
        for column in layout.items.values():
            problems += _cell_problems(frame, column, instrument, coding)
    else:
        problems += _item_problems(frame, layout, instrument)
        own = frame.filter(~unknown_item(layout))  # another instrument's responses have another range
        problems += _cell_problems(own, RESPONSE, instrument, coding)
        problems += _contradictions(frame, layout)
    # Dealt out one a problem in turn: a thousand cells out of range must not hide one repeated administration.
    dealt = [(depth, fault) for problem in problems for depth, fault in enumerate(problem.faults())]
    shown = [fault for _, fault in sorted(dealt, key=lambda pair: pair[0])[:LISTED]]
    faults = sorted(shown, key=lambda fault: fault.row or 0)
    more = sum(len(problem.rows) for problem in problems) - len(faults)
    return (
        [
            *faults,
            Fault(
                problem=say("and {count:,} more.", count=more),
                remedy=say("Mend these first, then read the file again."),
            ),
        ]
        if more > 0
        else faults
    )


def _rows(frame: nw.DataFrame[Any], condition: nw.Expr) -> list[int]:
    """Rows where the condition holds, as in a file with one header line."""
    return [int(row) + 2 for row in frame.filter(condition)[_ROW].to_list()]


def _id_problems(frame: nw.DataFrame[Any], layout: Layout) -> Iterator[_Problem]:
    missing = nw.col(ID).is_null()
    yield _Problem(rows=_rows(frame, missing), column=ID, problem=say("the administration has no id."))
    if layout.wide:
        yield _Problem(
            rows=_rows(frame, nw.col(ID).is_duplicated() & ~missing),
            column=ID,
            problem=say("this administration is there more than once."),
            remedy=say("Keep one row an administration."),
        )


def _item_problems(frame: nw.DataFrame[Any], layout: Layout, instrument: Instrument) -> Iterator[_Problem]:
    first, last = instrument.items[0].id, instrument.items[-1].id
    yield _Problem(
        rows=_rows(frame, unknown_item(layout)),
        column=ITEM,
        problem=say("`{reference}` has no such item.", reference=instrument.reference),
        remedy=say(
            "Items are written {first} to {last}; leave only this instrument's rows in "
            "the table, or score with the variant this form belongs to.",
            first=instrument.column(first),
            last=instrument.column(last),
        ),
    )
    counted = frame.with_columns(nw.len().over(ID, ITEM).alias(_COPIES))
    yield _Problem(
        rows=_rows(counted, nw.col(_COPIES) > 1),
        column=ITEM,
        problem=say("this item is there more than once in its administration."),
        remedy=say("Keep one row a response."),
    )


def _cell_problems(frame: nw.DataFrame[Any], column: str, instrument: Instrument, coding: Coding) -> Iterator[_Problem]:
    """What is wrong with the responses of one column, each cell under one heading."""
    dtype = frame.schema[column]
    reading = read_column(column, dtype)
    bad = frame.filter(reading.bad(coding))
    if bad.is_empty():
        return
    is_number = ~reading.number.is_null()
    within = (reading.number >= coding.low) & (reading.number <= coding.high)
    comma = text_of(column).str.contains(DECIMAL_COMMA) if not dtype.is_numeric() else is_number & ~is_number
    yield _Problem(
        rows=_rows(bad, ~is_number & comma),
        column=column,
        problem=say("a number with a decimal comma stands here."),
        remedy=say("Write decimals with a point; a response is a whole number."),
    )
    yield _Problem(
        rows=_rows(bad, ~is_number & ~comma),
        column=column,
        problem=say("text stands where a number should."),
        remedy=say("Leave the cell empty for a skipped item."),
    )
    yield _Problem(
        rows=_rows(bad, is_number & within), column=column, problem=say("the response is not a whole number.")
    )
    yield _Problem(
        rows=_rows(bad, is_number & ~within),
        column=column,
        problem=say(
            "the response is not within the declared coding, {low} to {high}.", low=coding.low, high=coding.high
        )
        if coding.declared
        else say(
            "the response is not within the range of `{instrument}`, {low} to {high}.",
            instrument=instrument.id,
            low=coding.low,
            high=coding.high,
        ),
        remedy=say(_DECLARE) if not coding.declared else say("Correct the response, or the coding."),
    )


def _contradictions(frame: nw.DataFrame[Any], layout: Layout) -> Iterator[_Problem]:
    present = read_column(RESPONSE, frame.schema[RESPONSE]).present
    yield _Problem(
        rows=_rows(frame, contradiction(layout, present)),
        column=REASON,
        problem=say("a response and a reason for missing it stand in one row."),
        remedy=say("Keep one of the two."),
    )
