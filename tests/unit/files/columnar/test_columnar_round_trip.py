"""Parquet gives back cells, labels, choices and codes for missing; Arrow gives back the cells, and says so."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing import assert_frame_equal

from casearc.files.columnar import here
from casearc.files.columnar.write import write_arrow, write_parquet
from casearc.files.described import Described
from casearc.files.formats import read_file
from casearc.files.reading import Reading
from casearc.files.sheet import Field, Sheet, sheet_of
from casearc.tables import FaultLog
from described_tables import described_tables


def read_back(path: Path) -> Sheet:
    log = FaultLog()
    sheets = here.read(path, name=path.name, log=log, reading=Reading())
    assert log.total == 0
    return sheets[0]


@settings(max_examples=60)
@given(table=described_tables())
def test_parquet(table: Described, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("parquet") / "answers.parquet"
    assert write_parquet(table, path) == ()
    sheet, expected = read_back(path), sheet_of("answers.parquet", "parquet", table.frame)
    assert_frame_equal(sheet.frame, expected.frame)
    assert_frame_equal(sheet.places, expected.places)
    assert dict(sheet.fields) == dict(table.fields)


@settings(max_examples=60)
@given(table=described_tables())
def test_arrow(table: Described, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("arrow") / "answers.arrow"
    (note,) = write_arrow(table, path)
    assert "no labels" in note
    sheet, expected = read_back(path), sheet_of("answers.arrow", "arrow", table.frame)
    assert_frame_equal(sheet.frame, expected.frame)
    assert_frame_equal(sheet.places, expected.places)
    assert set(sheet.fields) == set(table.frame.columns)


@pytest.mark.parametrize(("write", "end"), [(write_parquet, "parquet"), (write_arrow, "arrow")])
def test_through_the_registry_truth_and_large_numbers_are_kept(write, end: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    frame = pl.DataFrame({"met": [True, False, None], "n": [2**60 + 1, None, 3]})
    table = Described(name="t", title="", frame=frame, fields={each: Field(name=each) for each in frame.columns})
    assert write(table, tmp_path / f"t.{end}") == ()
    (sheet,) = read_file(tmp_path / f"t.{end}", name=f"t.{end}", log=FaultLog())
    assert sheet.frame.rows() == [("true", "1152921504606846977"), ("false", None), (None, "3")]
    assert sheet.format == end
