"""Parquet and Arrow give back cells, labels, choices and codes for missing; other programs see plain columns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from polars.testing import assert_frame_equal

from casearc.files.columnar import here
from casearc.files.columnar.write import write_arrow, write_parquet
from casearc.files.described import Described
from casearc.files.formats import read_file
from casearc.files.reading import Reading
from casearc.files.sheet import Field, Sheet, sheet_of
from casearc.tables import FaultLog
from described_tables import described_tables

Write = Callable[[Described, Path], tuple[str, ...]]
WRITERS = [(write_parquet, "parquet"), (write_arrow, "arrow")]


def read_back(path: Path) -> Sheet:
    log = FaultLog()
    sheets = here.read(path, name=path.name, log=log, reading=Reading())
    assert log.total == 0
    return sheets[0]


@pytest.mark.parametrize(("write", "end"), WRITERS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=described_tables())
def test_there_and_back(write: Write, end: str, table: Described, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp(end) / f"answers.{end}"
    assert write(table, path) == ()
    sheet, expected = read_back(path), sheet_of(path.name, end, table.frame)
    assert_frame_equal(sheet.frame, expected.frame)
    assert_frame_equal(sheet.places, expected.places)
    assert dict(sheet.fields) == dict(table.fields)
    whole = pl.read_parquet(path) if end == "parquet" else pl.read_ipc(path)
    assert_frame_equal(whole, table.frame)


@pytest.mark.parametrize(("write", "end"), WRITERS)
def test_through_the_registry_truth_and_large_numbers_are_kept(write: Write, end: str, tmp_path: Path) -> None:
    frame = pl.DataFrame({"met": [True, False, None], "n": [2**60 + 1, None, 3]})
    table = Described(name="t", title="", frame=frame, fields={each: Field(name=each) for each in frame.columns})
    assert write(table, tmp_path / f"t.{end}") == ()
    (sheet,) = read_file(tmp_path / f"t.{end}", name=f"t.{end}", log=FaultLog())
    assert sheet.frame.rows() == [("true", "1152921504606846977"), ("false", None), (None, "3")]
    assert sheet.format == end
