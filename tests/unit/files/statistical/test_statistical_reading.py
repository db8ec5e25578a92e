"""Real SPSS files, and what three programs keep beside the cells, come out as codes, labels and codes for missing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pyreadstat
import pytest

from casearc.errors import TableError
from casearc.files import limits
from casearc.files.formats import read_file
from casearc.files.reading import Reading
from casearc.files.sheet import Holds, MissingCode, Sheet
from casearc.files.statistical import here, library
from casearc.tables import FaultLog

SPSS = Path(__file__).resolve().parents[4] / ".." / "shared" / "data" / "formats" / "spss"
real = pytest.mark.skipif(
    not SPSS.is_dir(), reason="the SPSS files lie beside the repository (../shared/data/formats/spss) and are not here"
)


def read(path: Path, **options: str) -> Sheet:
    log = FaultLog()
    sheets = here.read(path, name=path.name, log=log, reading=Reading(**options))  # type: ignore[arg-type]
    assert log.total == 0
    return sheets[0]


def problems(path: Path, **options: str) -> str:
    log = FaultLog()
    assert here.read(path, name=path.name, log=log, reading=Reading(**options)) == ()  # type: ignore[arg-type]
    assert log.total > 0
    with pytest.raises(Exception, match=path.name) as refused:
        log.raise_if_any(TableError, "The file")
    return str(refused.value)


@real
def test_a_file_from_spss() -> None:
    """Through the registry, in a process of its own, as Casearc does it."""
    log = FaultLog()
    (sheet,) = read_file(SPSS / "sample.sav", name="sample.sav", log=log)
    assert (sheet.format, sheet.frame.shape, sheet.places["_row"].to_list()) == ("spss", (5, 7), [2, 3, 4, 5, 6])
    assert set(sheet.places["_file"]) == {"sample.sav"}
    assert sheet.frame["mynum"].to_list() == ["1.1", "1.2", "-1000.3", "-1.4", "1000.3"]
    assert sheet.frame["mydate"].to_list() == ["2018-05-06", "1880-05-06", "1960-01-01", "1583-01-01", None]
    assert sheet.frame["dtime"][1] == "1880-05-06 10:10:10"
    assert sheet.frame["mytime"].to_list() == ["10:10:10", "23:10:10", "00:00:00", "16:10:10", None]
    assert sheet.frame["mylabl"].to_list() == ["1", "2", "1", "2", "1"]
    assert sheet.field("mylabl").choices == {"1": "Male", "2": "Female"}
    assert [sheet.field(each).label for each in ("mychar", "myord")] == ["character", "ordinal"]
    assert [sheet.field(each).holds for each in sheet.frame.columns] == [
        Holds.TEXT, Holds.NUMBER, Holds.DATE, Holds.MOMENT, Holds.CHOICE, Holds.CHOICE, Holds.TIME
    ]  # fmt: skip


@real
def test_user_missing_values_and_ranges() -> None:
    sheet = read(SPSS / "sample_missing.sav")
    assert sheet.frame["mynum"].to_list()[-2:] == ["-1", "2500"]
    assert sheet.field("mynum").missing == (MissingCode(low=2000.0, high=3000.0), MissingCode(code="-1"))
    assert sheet.field("mylabl").missing == (MissingCode(code="-1", name="undetermined"),)
    assert sheet.field("mylabl").choices == {"1": "Male", "2": "Female"}
    assert sheet.field("myord").missing == (
        MissingCode(code="-1", name="missing"),
        MissingCode(code="-2"),
        MissingCode(code="-3"),
    )


@real
def test_labels_in_their_order() -> None:
    sheet = read(SPSS / "ordered_category.sav")
    assert dict(sheet.field("Col1").choices) == {"1": "high", "2": "low", "3": "medium"}
    assert sheet.frame["Col1"].to_list() == ["1", "2", "3", "2"]


def test_codes_for_missing_in_a_column_of_dates_stay_numbers(tmp_path: Path) -> None:
    frame = pl.DataFrame({"seen_on": [13_797_216_000.0, 9.0, 1e20, None], "n": [1, 2, 3, 4]})
    pyreadstat.write_sav(
        frame, tmp_path / "d.sav", variable_format={"seen_on": "DATE11"}, missing_ranges={"seen_on": [9.0]}
    )
    sheet = read(tmp_path / "d.sav")
    assert sheet.frame["seen_on"].to_list() == ["2020-01-01", "9", "1e+20", None]
    assert sheet.field("seen_on").missing == (MissingCode(code="9"),)
    assert sheet.notes == ("Column seen_on: 1 cells are no date; the numbers in the file were kept.",)


def test_lowest_and_highest(tmp_path: Path) -> None:
    lowest = -1.7976931348623157e308
    pyreadstat.write_sav(
        pl.DataFrame({"n": [-5.0, 3.0]}), tmp_path / "n.sav", missing_ranges={"n": [{"lo": lowest, "hi": -1.0}]}
    )
    (code,) = read(tmp_path / "n.sav").field("n").missing
    assert ("-5" in code, "3" in code) == (True, False)


def test_stata_letters_with_and_without_labels(tmp_path: Path) -> None:
    cells = pl.Series("item", [1, "a", "z", None, 2], dtype=pl.Object)
    pyreadstat.write_dta(
        pl.DataFrame([cells]),
        tmp_path / "s.dta",
        missing_user_values={"item": ["a", "b", "z"]},
        variable_value_labels={"item": {1: "no", 2: "yes", "a": "declined", "b": "not asked"}},
    )
    sheet = read(tmp_path / "s.dta")
    assert sheet.frame["item"].to_list() == ["1", ".a", ".z", "2"]
    assert sheet.places["_row"].to_list() == [2, 3, 4, 6]
    assert (sheet.empty_rows, sheet.field("item").holds) == (1, Holds.CHOICE)
    assert sheet.field("item").missing == (
        MissingCode(code=".a", name="declined"),
        MissingCode(code=".b", name="not asked"),
        MissingCode(code=".z"),
    )


@pytest.mark.parametrize("version", [8, 10, 12, 13, 14, 15])
def test_stata_files_of_every_age(version: int, tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": [1.5, None], "day": [date(1850, 1, 1), date(9999, 12, 31)], "name": ["Ann ", "Bo"]})
    pyreadstat.write_dta(frame, tmp_path / "s.dta", version=version)
    sheet = read(tmp_path / "s.dta")
    assert sheet.frame.rows() == [("1.5", "1850-01-01", "Ann"), (None, "9999-12-31", "Bo")]


def test_four_byte_numbers_are_said_as_they_were_typed() -> None:
    from casearc.files.statistical.cells import column_of

    stored = float(pl.Series([1.1], dtype=pl.Float32).cast(pl.Float64).item())
    meta = SimpleNamespace(
        readstat_variable_types={"n": "float"},
        original_variable_types={"n": "%9.0g"},
        missing_user_values={},
        missing_ranges={},
    )
    assert column_of("n", [stored, 5.0, None], program="stata", meta=meta).text.to_list() == ["1.1", "5", None]


@pytest.mark.parametrize("version", [5, 8])
def test_sas_transport(version: int, tmp_path: Path) -> None:
    frame = pl.DataFrame({"n": [1.5, -3.0], "day": [date(1850, 1, 1), None], "name": ["Ann ", "Bo"]})
    pyreadstat.write_xport(frame, tmp_path / "s.xpt", file_format_version=version, column_labels={"n": "Hours"})
    sheet = read(tmp_path / "s.xpt")
    assert sheet.frame.rows() == [("1.5", "1850-01-01", "Ann"), ("-3", None, "Bo")]
    assert (sheet.format, sheet.field("n").label) == ("sas", "Hours")
    assert "no labels of codes" in sheet.notes[0]


@pytest.mark.parametrize("end", ["sav", "zsav", "por"])
def test_spss_in_its_three_shapes(end: str, tmp_path: Path) -> None:
    frame = pl.DataFrame({"N": [1.5, None], "NAME": ["Ann", "Bo"]})
    if end == "por":
        pyreadstat.write_por(frame, tmp_path / "s.por")
    else:
        pyreadstat.write_sav(frame, tmp_path / f"s.{end}", compress=end == "zsav")
    assert read(tmp_path / f"s.{end}").frame.rows() == [("1.5", "Ann"), (None, "Bo")]


def test_no_rows(tmp_path: Path) -> None:
    pyreadstat.write_sav(pl.DataFrame({"n": []}, schema={"n": pl.Float64}), tmp_path / "none.sav")
    sheet = read(tmp_path / "none.sav")
    assert (sheet.frame.shape, sheet.frame.columns, sheet.rows_read) == ((0, 1), ["n"], 0)


def test_columns_in_groups_are_the_columns_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pl.DataFrame({f"c{index}": [index, index + 1, None] for index in range(7)})
    pyreadstat.write_sav(frame, tmp_path / "w.sav")
    pyreadstat.write_xport(frame, tmp_path / "w.xpt")
    at_once = [read(tmp_path / name).frame for name in ("w.sav", "w.xpt")]
    monkeypatch.setattr(library, "CELLS_AT_ONCE", 6)
    in_groups = [read(tmp_path / name).frame for name in ("w.sav", "w.xpt")]
    assert all(one.equals(other) for one, other in zip(at_once, in_groups, strict=True))


@pytest.mark.parametrize("end", ["sav", "xpt"])
def test_too_many_cells_are_refused_before_they_are_read(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pl.DataFrame({"a": [1] * 50, "b": [2] * 50})
    pyreadstat.write_sav(frame, tmp_path / "w.sav")
    pyreadstat.write_xport(frame, tmp_path / "w.xpt")
    monkeypatch.setattr(limits, "MOST_CELLS", 60)
    monkeypatch.setattr(library, "MOST_CELLS", 60)
    assert "cells at once" in problems(tmp_path / f"w.{end}")


def in_windows_1252(folder: Path) -> Path:
    """A file whose text is Windows-1252 though it says UTF-8."""
    pyreadstat.write_sav(pl.DataFrame({"name": ["Jos~ Made-Up", "x"]}), folder / "w.sav")
    data = (folder / "w.sav").read_bytes().replace(b"Jos~", b"Jos\xe9")
    (folder / "w.sav").write_bytes(data)
    return folder / "w.sav"


def test_a_wrong_encoding_is_asked_for_and_then_used(tmp_path: Path) -> None:
    path = in_windows_1252(tmp_path)
    said = problems(path)
    assert 'encoding = "windows-1252"' in said
    assert "Made-Up" not in said
    assert read(path, encoding="windows-1252").frame["name"].to_list() == ["José Made-Up", "x"]
    assert read(path, encoding="cp1252").frame["name"][0] == "José Made-Up"
    assert "does not fit the encoding that the mapping names" in problems(path, encoding="utf-8")
    assert "is not known" in problems(path, encoding="klingon")


def test_a_set_of_columns_with_several_answers() -> None:
    from casearc.files.sheet import Field, sheet_of

    meta = SimpleNamespace(
        column_names=["Needs_1", "Needs_2"],
        mr_sets={"needs": {"label": "What is needed?", "variable_list": ["needs_1", "needs_2"]}},
    )
    fields = {each: Field(name=each, label=label) for each, label in (("Needs_1", "Shelter"), ("Needs_2", ""))}
    sheet = here._with_sets(sheet_of("n.sav", "spss", pl.DataFrame({"Needs_1": [1]}), fields=fields), meta)
    assert [(each.question, each.choice) for each in sheet.fields.values()] == [
        ("What is needed?", "Shelter"),
        ("What is needed?", "Needs_2"),
    ]
