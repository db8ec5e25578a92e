"""What ReadStat's own functions drop or mistake is kept or said: codes for missing, further data sets, encodings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyreadstat._readstat_writer import writer_entry_point

from casearc.errors import TableError
from casearc.files.reading import Reading
from casearc.files.sheet import Holds, MissingCode, Sheet
from casearc.files.statistical import here, programs, variable
from casearc.files.statistical.cells import text_of
from casearc.files.statistical.programs import DTA, XPORT
from casearc.files.statistical.refusals import log_refusal
from casearc.files.statistical.source import Source
from casearc.files.statistical.variable import number_of
from casearc.tables import FaultLog

SECRET = "Rosalind Invented"


def sheets_from(path: Path, **options: str) -> tuple[Sheet, ...]:
    log = FaultLog()
    sheets = here.read(path, name=path.name, log=log, reading=Reading(**options))  # type: ignore[arg-type]
    assert log.total == 0
    return sheets


def said(log: FaultLog) -> str:
    with pytest.raises(TableError) as refused:
        log.raise_if_any(TableError, "The file")
    assert SECRET not in str(refused.value)
    return str(refused.value)


def refusal(path: Path, **options: str) -> str:
    log = FaultLog()
    assert here.read(path, name=path.name, log=log, reading=Reading(**options)) == ()  # type: ignore[arg-type]
    return said(log)


@pytest.mark.parametrize("version", [5, 8])
def test_special_codes_for_missing_in_a_transport_file(version: int, tmp_path: Path) -> None:
    frame = pl.DataFrame({"item": [1.0, None, None, 2.0], "who": ["a", "b", "c", "d"]})
    pyreadstat.write_xport(frame, tmp_path / "s.xpt", file_format_version=version)
    data = (tmp_path / "s.xpt").read_bytes()
    plain = b"." + bytes(7)
    assert data.count(plain) == 2
    (tmp_path / "s.xpt").write_bytes(data.replace(plain, b"R" + bytes(7), 1))
    (sheet,) = sheets_from(tmp_path / "s.xpt")
    assert sheet.frame["item"].to_list() == ["1", ".R", None, "2"]
    assert sheet.field("item").missing == (MissingCode(code=".R"),)
    assert ["no labels of codes" in note for note in sheet.notes] == [True]


def test_codes_for_missing_in_a_portable_file(tmp_path: Path) -> None:
    writer_entry_point(
        pl.DataFrame({"ITEM": [1.0, 9.0, None], "WHO": ["a", "b", "c"]}),
        tmp_path / "s.por",
        writer_format="por",
        missing_ranges={"ITEM": [9.0]},
        variable_value_labels={"ITEM": {1.0: "no", 9.0: "refused"}},
    )
    (sheet,) = sheets_from(tmp_path / "s.por")
    assert sheet.frame["ITEM"].to_list() == ["1", "9", None]
    assert sheet.field("ITEM").missing == (MissingCode(code="9", name="refused"),)
    assert (sheet.field("ITEM").choices, sheet.notes) == ({"1": "no"}, ())


def test_an_older_library_has_its_losses_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "_entry", lambda: None)
    older = programs._telling("xport", "SAS transport", "sas", pyreadstat.read_xport)
    monkeypatch.setattr(here, "XPORT", older)
    monkeypatch.setattr(here, "_NOT_TOLD", ((older, here._NOT_TOLD[0][1]),))
    monkeypatch.setattr(programs, "XPORT", older)
    pyreadstat.write_xport(pl.DataFrame({"item": [1.0, None]}), tmp_path / "s.xpt")
    (sheet,) = sheets_from(tmp_path / "s.xpt")
    assert "read as empty cells" in sheet.notes[-1]


def transport(folder: Path, frame: pl.DataFrame, name: str, version: int = 5) -> bytes:
    pyreadstat.write_xport(frame, folder / "one.xpt", table_name=name, file_format_version=version)
    return (folder / "one.xpt").read_bytes()


@pytest.mark.parametrize("version", [5, 8])
def test_several_data_sets_in_a_transport_file(version: int, tmp_path: Path) -> None:
    """The library takes the second for further rows of the first."""
    visits = transport(tmp_path, pl.DataFrame({"ID": ["C1", "C2"], "DAY": [3.0, None]}), "VISITS", version)
    goals = transport(tmp_path, pl.DataFrame({"ID": ["C1"], "RATING": [-2.0], "OPEN": ["x"]}), "GOALS", version)
    (tmp_path / "study.xpt").write_bytes(visits + goals[240:])
    sheets = sheets_from(tmp_path / "study.xpt")
    assert [each.name for each in sheets] == ["study.xpt#VISITS", "study.xpt#GOALS"]
    assert sheets[0].frame.rows() == [("C1", "3"), ("C2", None)]
    assert sheets[1].frame.rows() == [("C1", "-2", "x")]
    assert set(sheets[1].places["_file"]) == {"study.xpt, sheet GOALS"}


def test_a_data_set_without_columns_is_left_out(tmp_path: Path) -> None:
    visits = transport(tmp_path, pl.DataFrame({"ID": ["C1"]}), "VISITS")
    empty = bytearray(visits[240:800])
    empty[4 * 80 + 54 : 4 * 80 + 58] = b"0000"
    (tmp_path / "study.xpt").write_bytes(visits + empty)
    (sheet,) = sheets_from(tmp_path / "study.xpt")
    assert sheet.frame.rows() == [("C1",)]
    assert sheet.notes[-1] == "The data set VISITS 2 of the file has no columns."
    (tmp_path / "none.xpt").write_bytes(visits[:240] + bytes(empty) * 2)
    assert "has no columns" in refusal(tmp_path / "none.xpt")


def stata_12(folder: Path, old: bytes, new: bytes) -> Path:
    """A file of before Stata wrote UTF-8, with bytes of its text changed."""
    path = folder / "s.dta"
    pyreadstat.write_dta(pl.DataFrame({"n": [1, 2], "who": [f"{SECRET} ~~~", "Bo"]}), path, version=12)
    path.write_bytes(path.read_bytes().replace(old, new))
    return path


def test_the_encoding_that_text_fits_is_named(tmp_path: Path) -> None:
    path = stata_12(tmp_path, b"~~~", "Ł.".encode())  # its second byte is none of Windows-1252
    assert 'It fits utf-8: write encoding = "utf-8" under [file."s.dta"]' in refusal(path)
    (sheet,) = sheets_from(path, encoding="utf-8")
    assert sheet.frame["who"][0] == f"{SECRET} Ł."


def test_a_column_of_bytes_is_named(tmp_path: Path) -> None:
    path = tmp_path / "s.dta"
    frame = pl.DataFrame({"name": ["a", "b"], "photo": ["x" * 3000, "~" * 3000]})
    pyreadstat.write_dta(frame, path, version=14)
    path.write_bytes(path.read_bytes().replace(b"~~", b"\x89\xff"))
    assert "column photo: The column holds bytes" in refusal(path)


@pytest.mark.parametrize(("text", "noted"), [("Bogotá, Niño, señal", False), ("BogotÃ¡, NiÃ±o", True), ("Lima", False)])
def test_text_that_is_misread_is_noted(text: str, noted: bool, tmp_path: Path) -> None:
    pyreadstat.write_sav(pl.DataFrame({"site": [text, "Lima"]}), tmp_path / "s.sav")
    (sheet,) = sheets_from(tmp_path / "s.sav")
    assert any('encoding = "utf-8"' in note for note in sheet.notes) is noted


def test_an_encoding_of_which_signs_get_lost_is_refused(tmp_path: Path) -> None:
    pyreadstat.write_sav(pl.DataFrame({"site": ["x"]}), tmp_path / "s.sav")
    assert "Windows-1258" in refusal(tmp_path / "s.sav", encoding="cp1258")


WORDS = [
    (XPORT, "Unable to allocate memory", "has no columns, or is damaged"),
    (DTA, "File has an unsupported character set", "does not know"),
    (DTA, "This version of the file format is not supported", "saved by a version"),
    (DTA, f"Anything about {SECRET}", "ends early or is damaged"),
]


@pytest.mark.parametrize(("program", "words", "expected"), WORDS, ids=[each[2] for each in WORDS])
def test_the_library_in_words(program: programs.Program, words: str, expected: str, tmp_path: Path) -> None:
    log = FaultLog()
    (tmp_path / "x").write_bytes(b"")
    source = Source(path=tmp_path / "x", name="x", program=program, log=log)
    log_refusal(pyreadstat.ReadstatError(words), source, {})
    assert expected in said(log)


def slowly(code: str) -> float | None:
    """What a cell would say, through a frame."""
    try:
        number = float(code)
    except ValueError:
        return None
    return number if abs(number) < 8e307 and text_of(pl.Series([number])).item() == code else None


@given(st.one_of(st.integers(-(10**17), 10**17).map(str), st.floats().map(str), st.text("-+0123456789.e ", max_size=8)))
def test_the_number_that_a_code_is(code: str) -> None:
    assert number_of(code) == slowly(code)


def test_whole_codes_need_no_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of some hundred items asks for tens of thousands of them."""
    never: Callable[[pl.Series], pl.Series] = lambda _: pytest.fail("a frame was built")  # noqa: E731
    monkeypatch.setattr(variable, "text_of", never)
    assert [number_of(code) for code in ("0", "7", "-91", "no")] == [0.0, 7.0, -91.0, None]


def test_stata_shows_the_time_of_day_of_moments(tmp_path: Path) -> None:
    moments = pl.DataFrame({"at": [37_620_000.0, 37_620_000.0 + 86_400_000 * 18_000]})
    pyreadstat.write_dta(moments, tmp_path / "s.dta", variable_format={"at": "%tcHH:MM"})
    (sheet,) = sheets_from(tmp_path / "s.dta")
    assert sheet.frame["at"].to_list() == ["10:27:00", "10:27:00"]
    assert sheet.field("at").holds is Holds.TIME
    assert sheet.notes == ("Column at holds moments of which the file shows the time of day: their days are left out.",)
