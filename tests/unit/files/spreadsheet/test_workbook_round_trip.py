"""What goes out as a workbook comes back the same: every value, no number rounded, no text run as a formula."""

from __future__ import annotations

import datetime
import math
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casearc.errors import DataRefusedError
from casearc.files.described import REASON_CODES, Described
from casearc.files.formats import read_file
from casearc.files.sheet import Field, Holds, MissingCode, Sheet, text_cells
from casearc.files.spreadsheet.write import DICTIONARY, write_workbook
from casearc.tables import FaultLog

TRICKY = "=1+1 +cmd|'/C'!A0 -2+3 @SUM(A1) 'quoted ''twice '=kept https://example.org 1.50 2024-01-02 true _x0041_ #REF!"
ODD = [*TRICKY.split(), "  blanks  ", "PT1H2M3S x", "a\nb", "\t=1"]
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\x00"), max_size=30) | st.sampled_from(
    ODD
)
COLUMNS = {
    "text": (pl.String, TEXTS),
    "whole": (pl.Int64, st.integers(-(2**63), 2**63 - 1) | st.integers(-100, 100)),
    "number": (pl.Float64, st.floats(allow_infinity=False, allow_nan=False)),
    "truth": (pl.Boolean, st.booleans()),
    "date": (pl.Date, st.dates(datetime.date(1700, 1, 1), datetime.date(9999, 12, 30))),
    "moment": (
        pl.Datetime("us"),
        st.datetimes(datetime.datetime(1900, 4, 1), datetime.datetime(9999, 12, 30)).map(
            lambda each: each.replace(microsecond=0)
        ),
    ),
}


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    height = draw(st.integers(1, 8))
    columns = []
    for name, (kind, values) in COLUMNS.items():
        cells = draw(st.lists(st.none() | values, min_size=height, max_size=height))
        columns.append(pl.Series(name, cells, dtype=kind))
    return pl.DataFrame([pl.Series("row", range(height)), *columns])


def described(frame: pl.DataFrame, name: str = "contacts") -> Described:
    return Described(
        name=name,
        title="One contact.",
        frame=frame,
        fields={column: Field(name=column, label=f"Label of {column}") for column in frame.columns},
    )


def back(path: Path) -> dict[str, Sheet]:
    log = FaultLog()
    sheets = read_file(path, name=path.name, log=log)
    log.raise_if_any(DataRefusedError, "The workbook was")
    return {sheet.name.partition("#")[2]: sheet for sheet in sheets}


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(frame=tables())
def test_every_cell_comes_back(frame: pl.DataFrame) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "out.xlsx"
        write_workbook([described(frame)], path)
        sheet = back(path)["contacts"]
    expected = text_cells(frame).with_columns(pl.col("number").str.replace(r"\.0$", ""))
    midnight_only = expected["moment"].drop_nulls().str.ends_with("00:00:00").all()
    if midnight_only:  # a moment at midnight is a day in a workbook unless another shows that the column has moments
        expected = expected.with_columns(pl.col("moment").str.slice(0, 10))
    assert sheet.frame.select("row", *COLUMNS).equals(expected)


def test_no_cell_is_a_formula_or_a_link(tmp_path: Path) -> None:
    frame = pl.DataFrame({"text": ["=1+1", "@x", "https://example.org", "mailto:a@example.org", "+1", "{=1}"]})
    write_workbook([described(frame)], tmp_path / "out.xlsx")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        parts = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in parts
    assert b"<hyperlink" not in parts
    assert b'quotePrefix="1"' in parts


def test_dates_are_dates_and_the_header_stays_in_sight(tmp_path: Path) -> None:
    write_workbook([described(pl.DataFrame({"day": [datetime.date(2024, 3, 5)]}))], tmp_path / "out.xlsx")
    page = openpyxl.load_workbook(tmp_path / "out.xlsx")["contacts"]
    assert page["A2"].value == datetime.datetime(2024, 3, 5)
    assert page.freeze_panes == "A2"


def test_the_dictionary_says_what_columns_hold(tmp_path: Path) -> None:
    field = Field(
        name="mspss_1",
        label="=Somebody is there",
        holds=Holds.CHOICE,
        choices={"1": "Never", "2": "Always"},
        missing=tuple(MissingCode(code=str(code), name=name) for name, code in REASON_CODES.items()),
    )
    table = Described(
        name="wide", title="One answer.", frame=pl.DataFrame({"mspss_1": [1, -91]}), fields={"mspss_1": field}
    )
    write_workbook([table], tmp_path / "out.xlsx")
    rows = back(tmp_path / "out.xlsx")[DICTIONARY].frame.rows()
    assert rows[0][:5] == ("wide", "One answer.", "mspss_1", "=Somebody is there", "one of several choices")
    assert "-91 = declined" in rows[0][7]
    assert [row[5:7] for row in rows[1:]] == [("1", "Never"), ("2", "Always")]


def test_names_of_worksheets_fit(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [1]})
    names = ["x" * 40, "x" * 41, "a/b", "dictionary", "History"]
    notes = write_workbook([described(frame, name) for name in names], tmp_path / "out.xlsx")
    pages = openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames
    assert len(set(pages)) == 6
    assert all(len(page) <= 31 for page in pages)
    assert len(notes) == 5


@pytest.mark.parametrize("text", ["x" * 32_768, "'" + "y" * 32_767])
def test_a_text_too_long_is_refused_and_not_cut(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataRefusedError, match="longer than"):
        write_workbook([described(pl.DataFrame({"note": ["a", text]}))], tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


def test_what_a_workbook_cannot_hold_is_said(tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": [2**60], "f": [math.inf], "d": [datetime.date(1850, 1, 1)]})
    notes = " ".join(write_workbook([described(frame)], tmp_path / "out.xlsx"))
    assert "stand as text" in notes
    assert "infinite" in notes
    assert "before March 1900" in notes
