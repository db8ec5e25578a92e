"""Promise: tables built from frames in memory are the tables read from the same cells in files."""

from __future__ import annotations

import datetime

import pandas as pd
import polars as pl
import pytest

from casearc.synthetic import make_program
from casearc.tables import TABLES, build


@pytest.fixture(scope="module")
def program() -> dict[str, pl.DataFrame]:
    return dict(make_program(participants=25, seed=3).tables)


def test_pandas_frames_give_the_same_tables_as_polars_frames(program: dict[str, pl.DataFrame]) -> None:
    """NaN, None and pandas' own missing texts are empty cells; whole numbers that became floats are whole again."""
    ours = build(program)
    theirs = build({name: pd.DataFrame(frame.to_dicts()) for name, frame in program.items()})
    for name in TABLES:
        assert ours.table(name).equals(theirs.table(name)), name


def test_a_column_of_dates_is_read_like_iso_text(program: dict[str, pl.DataFrame]) -> None:
    dated = pd.DataFrame(program["enrollments"].to_dicts())
    dated["start_date"] = pd.Timestamp(datetime.datetime(2024, 3, 5, 9, 30))
    starts = build({**program, "enrollments": dated}).enrollments["start_date"]
    assert starts.cast(pl.String).unique().to_list() == ["2024-03-05"]
