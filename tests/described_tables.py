"""Made-up described tables for round trips through a format: typed columns, labels, choices, codes for missing."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
from hypothesis import strategies as st

from casearc.files.described import REASON_CODES, Described
from casearc.files.sheet import Field, Holds, MissingCode

REASONS = tuple(MissingCode(code=str(code), name=name) for name, code in REASON_CODES.items())
LABELS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)
_NUMBERS = st.floats(-1e9, 1e9, allow_nan=False).filter(lambda number: not -97 < number < -90)
_WHOLE = st.integers(-80, 2**31 - 100)
_DAYS = st.dates(date(1600, 1, 1), date(9999, 12, 31))
_MOMENTS = st.datetimes(datetime(1600, 1, 1), datetime(9999, 12, 31)).map(lambda moment: moment.replace(microsecond=0))


@st.composite
def described_tables(draw: st.DrawFn) -> Described:
    """A table with one column of every kind; in the first a reason stands where an answer may be missing."""
    rows = draw(st.integers(0, 6))
    reasons = draw(st.sampled_from([REASONS, REASONS[:1], REASONS[2:5], ()]))
    choices = {str(code): draw(LABELS) for code in draw(st.sets(st.integers(0, 9), min_size=1, max_size=5))}
    answers = st.sampled_from([int(code) for code in (*choices, *(each.code for each in reasons))])
    columns = {
        "item_1": (pl.Int64, answers, Holds.CHOICE),
        "worker": (pl.String, _TEXTS, Holds.TEXT),
        "hours": (pl.Float64, _NUMBERS | st.sampled_from([float(each.code) for each in reasons] or [0.5]), None),
        "visits": (pl.Int64, _WHOLE, Holds.INTEGER),
        "seen_on": (pl.Date, _DAYS, Holds.DATE),
        "noted_at": (pl.Datetime("us"), _MOMENTS, Holds.MOMENT),
    }
    series = [
        pl.Series(name, draw(st.lists(values | st.none(), min_size=rows, max_size=rows)), dtype=kind)
        for name, (kind, values, _) in columns.items()
    ]
    fields = {name: Field(name=name, label=draw(LABELS), holds=holds) for name, (_, _, holds) in columns.items()}
    fields["item_1"] = Field(
        name="item_1", label=draw(LABELS), holds=Holds.CHOICE, choices=choices, missing=tuple(reasons)
    )
    fields["hours"] = Field(name="hours", label=draw(LABELS), missing=tuple(reasons), holds=Holds.NUMBER)
    return Described(name="answers", title="One row an answer sheet", frame=pl.DataFrame(series), fields=fields)
