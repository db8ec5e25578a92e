"""A text file in any usual encoding, delimiter and decimals is recognized, and read back as what was written."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casearc.files.csv.read import read_csv
from casearc.files.csv.sniff import sniff
from casearc.files.reading import Reading
from casearc.tables import FaultLog

ROWS = [["id", "cuándo", "minutos"], ["1", "mañana, temprano", "30"], ["2", "niño; tarde", "45"], ["3", "", "20"]]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"]


def written(rows: list[list[str]], *, delimiter: str, encoding: str, line: str = "\n") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=line).writerows(rows)
    return text.getvalue().encode(encoding)


def read_as_sniffed(path: Path) -> pl.DataFrame:
    log = FaultLog()
    sheet = read_csv(path, name=path.name, log=log, reading=sniff(path).reading)
    assert sheet is not None, log.total
    return sheet.frame


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_what_was_written_comes_back(encoding: str, delimiter: str, line: str, tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(written(ROWS, delimiter=delimiter, encoding=encoding, line=line))
    frame = read_as_sniffed(path)
    assert frame.columns == ROWS[0]
    assert [[cell or "" for cell in row] for row in frame.rows()] == ROWS[1:]


# the bytes, the encodings they fit: where there are several, the proposal asks
FITS = {
    "Spanish from Windows": ("niño, café, ¿cuándo?".encode("windows-1252"), ("windows-1252",)),
    "Spanish from an old Mac": ("niño, café, ¿cuándo?".encode("mac-roman"), ("mac-roman",)),
    "Spanish from a console": ("niño, café, ¿cuándo?".encode("cp850"), ("cp850",)),
    "one sign that fits two": (b"N\xd2MERO", ("mac-roman",)),
    "a dash or a letter": (b"10 \xe9 20", ("windows-1252", "cp850")),
    "plain letters": (b"plain", ()),
}


@pytest.mark.parametrize("kind", FITS)
def test_encodings(kind: str, tmp_path: Path) -> None:
    content, encodings = FITS[kind]
    path = tmp_path / "some.csv"
    path.write_bytes(b"a,b\n1," + content.replace(b",", b"") + b"\n")
    assert sniff(path).encodings == encodings


# what stands in the column, whether a decimal comma is recognized
DECIMALS = {
    "decimal commas": (["1,5", "20,25", "7"], True),
    "thousands and decimals": (["1.000,5", "2,5"], True),
    "whole numbers": (["1", "2"], False),
    "points": (["1.5", "2.5"], False),
    "codes with a comma between": (["4,7", "none"], False),
}


@pytest.mark.parametrize("kind", DECIMALS)
def test_decimal_commas(kind: str, tmp_path: Path) -> None:
    cells, comma = DECIMALS[kind]
    path = tmp_path / "some.csv"
    path.write_bytes(written([["n", "m"], *([cell, "x"] for cell in cells)], delimiter=";", encoding="utf-8"))
    assert (sniff(path).reading.decimal == ",") is comma
    numbers = read_as_sniffed(path)["n"].to_list()
    assert numbers == ([{"1.000,5": "1000.5"}.get(c, c.replace(",", ".")) for c in cells] if comma else cells)


def test_titles_above_the_names_are_found(tmp_path: Path) -> None:
    rows = [["Contacts of last year", "", ""], ["", "", ""], *ROWS]
    path = tmp_path / "some.csv"
    path.write_bytes(written(rows, delimiter=",", encoding="utf-8"))
    found = sniff(path)
    assert found.reading.header_row == 3
    assert read_as_sniffed(path).columns == ROWS[0]


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_cells_come_back_where_the_reading_is_declared(
    rows: list[list[str]], delimiter: str, encoding: str, tmp_path: Path
) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(written([["a", "b", "c"], *rows], delimiter=delimiter, encoding=encoding))
    log = FaultLog()
    declared = Reading(delimiter=delimiter, encoding=encoding.removesuffix("-sig"))
    sheet = read_csv(path, name="some.csv", log=log, reading=declared)
    assert sheet is not None
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    expected = [[unquoted(cell) for cell in row] for row in kept]
    assert [[cell or "" for cell in row] for row in sheet.frame.rows()] == expected


def unquoted(cell: str) -> str:
    """A cell that begins with an apostrophe before a formula was made harmless, and comes back as it was."""
    from casearc.files.formulas import as_written

    stripped = cell.strip()
    return pl.DataFrame({"c": [stripped]}).select(as_written(pl.col("c"))).item() or ""
