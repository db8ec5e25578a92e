"""Every worked example of every shipped instrument comes out, on every kind of frame, wide and long.

Promise guarded: what was worked out by hand is what users get, to the last bit, whatever frame they bring.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pandas as pd
import polars as pl
import pytest

from casearc.instruments import Instrument, WorkedExample, available, load, worked_examples
from casearc.scoring import score


def pandas_floats(frame: pl.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(frame.to_dict(as_series=False))


def pandas_nullable(frame: pl.DataFrame) -> pd.DataFrame:
    return pandas_floats(frame).convert_dtypes()


FRAMES: dict[str, Callable[[pl.DataFrame], object]] = {
    "polars": lambda frame: frame,
    "polars lazy": lambda frame: frame.lazy(),
    "polars with NaN": lambda frame: frame.with_columns(pl.col(pl.Float64).fill_null(float("nan"))),
    "pandas": pandas_floats,
    "pandas nullable": pandas_nullable,
}


def wide(examples: list[WorkedExample], instrument: Instrument) -> pl.DataFrame:
    rows = [
        {
            "administration_id": f"a{example.row:04d}",
            **{instrument.column(item): answer for item, answer in example.answers.items()},
        }
        for example in examples
    ]
    schema = {"administration_id": pl.String, **{instrument.column(i.id): pl.Float64 for i in instrument.items}}
    return pl.DataFrame(rows, schema=schema)


def long(examples: list[WorkedExample], instrument: Instrument) -> pl.DataFrame:
    return wide(examples, instrument).unpivot(index="administration_id", variable_name="item", value_name="response")


def as_polars(frame: object) -> pl.DataFrame:
    if isinstance(frame, pl.LazyFrame):
        return frame.collect()
    if isinstance(frame, pd.DataFrame):
        return pl.DataFrame({name: plain(frame[name].tolist()) for name in frame.columns})
    assert isinstance(frame, pl.DataFrame)
    return frame


def plain(values: list[object]) -> list[object]:
    return [None if pd.isna(value) else value for value in values]


def groups(reference: str) -> dict[tuple[str, str | None], list[WorkedExample]]:
    found: dict[tuple[str, str | None], list[WorkedExample]] = {}
    for example in worked_examples(reference):
        found.setdefault((example.missing, example.bands), []).append(example)
    return found


@pytest.mark.parametrize("shape", [wide, long], ids=["wide", "long"])
@pytest.mark.parametrize("kind", FRAMES)
@pytest.mark.parametrize("reference", available())
def test_worked_examples_come_out(reference: str, kind: str, shape: Callable[..., pl.DataFrame]) -> None:
    instrument = load(reference)
    for (missing, bands), examples in groups(reference).items():
        frame = FRAMES[kind](shape(examples, instrument))
        scored = as_polars(score(frame, instrument, missing=missing, bands=bands)).sort("administration_id")
        for example, row in zip(examples, scored.iter_rows(named=True), strict=True):
            for column, expected in example.expected.items():
                wanted = float(expected) if isinstance(expected, Fraction) else expected
                assert row[column] == wanted, (reference, example.name, column)


@pytest.mark.parametrize("kind", FRAMES)
def test_the_same_kind_of_frame_comes_back(kind: str) -> None:
    frame = FRAMES[kind](wide(list(worked_examples("mspss")), load("mspss")))
    assert type(score(frame, "mspss")) is type(frame)


@pytest.mark.parametrize("reference", available())
def test_one_administration_scores_as_it_does_among_others(reference: str) -> None:
    """Polars divides by a divisor that all rows share through its reciprocal; scores must not depend on company."""
    instrument = load(reference)
    examples = [e for e in worked_examples(reference) if e.missing == "house" and e.bands is None]
    together = score(wide(examples, instrument), instrument)
    for number, example in enumerate(examples):
        assert score(wide([example], instrument), instrument).rows() == [together.row(number)]
