"""What is written as SPSS or Stata is read back equal: cells, labels, choices, codes for missing and kinds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing import assert_frame_equal

from casearc.errors import TableError
from casearc.files.described import Described
from casearc.files.reading import Reading
from casearc.files.sheet import Field, Holds, MissingCode, Sheet, sheet_of
from casearc.files.statistical import here
from casearc.files.statistical.write import write_spss, write_stata
from casearc.tables import FaultLog
from described_tables import REASONS, described_tables


def read_back(path: Path) -> Sheet:
    log = FaultLog()
    sheets = here.read(path, name=path.name, log=log, reading=Reading())
    assert log.total == 0
    return sheets[0]


def as_sheet(table: Described) -> Sheet:
    return sheet_of(table.name, "made", table.frame)


@settings(max_examples=60)
@given(table=described_tables())
def test_spss_gives_back_what_it_got(table: Described, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("spss") / "answers.sav"
    assert write_spss(table, path) == ()
    sheet = read_back(path)
    expected = as_sheet(table)
    assert_frame_equal(sheet.frame, expected.frame)
    assert_frame_equal(sheet.places.select("_row"), expected.places.select("_row"))
    assert dict(sheet.fields) == dict(table.fields)


@settings(max_examples=60)
@given(table=described_tables())
def test_stata_gives_back_what_it_got_with_letters_for_codes(
    table: Described, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("stata") / "answers.dta"
    notes = write_stata(table, path)
    sheet = read_back(path)
    missing = table.fields["item_1"].missing
    letters = {each.code: f".{letter}" for each, letter in zip(missing, "abcdef", strict=False)}
    expected = as_sheet(table).frame.with_columns(pl.col("item_1", "hours").replace(letters))
    assert_frame_equal(sheet.frame, expected)
    assert all("letters in Stata" in note for note in notes)
    for name, field in table.fields.items():
        found = sheet.fields[name]
        assert (found.label, found.choices, found.holds) == (field.label, field.choices, field.holds)
        assert [each.name for each in found.missing] == [each.name for each in field.missing]


def one_column(cells: pl.Series, **said: object) -> Described:
    field = Field(name=cells.name, **said)  # type: ignore[arg-type]
    return Described(name="one", title="One column", frame=cells.to_frame(), fields={cells.name: field})


def named(*codes: str) -> tuple[MissingCode, ...]:
    return tuple(MissingCode(code=code, name=f"reason {code}") for code in codes)


MISSING = [
    # cells, codes for missing, what comes back
    ([1, 2, 3], named("8", "9"), named("8", "9")),
    ([1, 97, 98], named("97", "98", "99"), named("97", "98", "99")),
    ([1, -91, -96], REASONS, REASONS),
    ([1, 96], named("96", "97", "98", "99"), named("96", "97", "98", "99")),
    ([1, 9, 97], named("9", "97", "98", "99"), (*named("97", "98", "99"), *named("9"))),
    ([1], (MissingCode(low=90.0, high=99.0),), (MissingCode(low=90.0, high=99.0),)),
    ([1], (MissingCode(low=90.0, high=float("inf")),), (MissingCode(low=90.0, high=float("inf")),)),
    (
        [1],
        (MissingCode(low=90.0, high=99.0), *named("-1")),
        (MissingCode(low=90.0, high=99.0), *named("-1")),
    ),
]


@pytest.mark.parametrize(("cells", "missing", "back"), MISSING, ids=range(len(MISSING)))
def test_spss_declares_codes_for_missing(
    cells: list[int], missing: tuple[MissingCode, ...], back: tuple[MissingCode, ...], tmp_path: Path
) -> None:
    table = one_column(pl.Series("item", cells), missing=missing)
    assert write_spss(table, tmp_path / "one.sav") == ()
    assert read_back(tmp_path / "one.sav").fields["item"].missing == back


def test_codes_that_do_not_fit_are_named(tmp_path: Path) -> None:
    """Answers stand between the codes, so that no range can take them in."""
    table = one_column(pl.Series("item", [15, 25, 35]), missing=named("10", "20", "30", "40"))
    notes = write_spss(table, tmp_path / "one.sav")
    assert notes == ("Column item: SPSS has no room to declare these as missing, they stand as ordinary codes: 40.",)
    field = read_back(tmp_path / "one.sav").fields["item"]
    assert field.missing == named("10", "20", "30")
    assert field.choices == {"40": "reason 40"}


def test_a_range_whose_codes_are_not_all_named_stays_a_range(tmp_path: Path) -> None:
    table = one_column(pl.Series("item", [1, -92, -93]), missing=named("-91", "-92", "-93", "-96"))
    assert write_spss(table, tmp_path / "one.sav") == ()
    found = read_back(tmp_path / "one.sav").fields["item"].missing
    assert set(named("-91", "-92", "-93")) <= set(found)


def test_text_codes_have_labels_in_spss_and_a_note_in_stata(tmp_path: Path) -> None:
    table = one_column(pl.Series("medium", ["p", "v", "NA"]), choices={"p": "phone", "v": "video"}, missing=named("NA"))
    assert write_spss(table, tmp_path / "one.sav") == ()
    field = read_back(tmp_path / "one.sav").fields["medium"]
    assert (field.choices, field.missing, field.holds) == ({"p": "phone", "v": "video"}, named("NA"), Holds.CHOICE)
    assert write_stata(table, tmp_path / "one.dta") == (
        "Column medium: Stata labels whole numbers only, the labels of these stand in a note of the file, from which "
        "Casearc reads them: p, v.",
        "Column medium: these stand as ordinary cells, not as missing, and a note says so: NA.",
    )
    sheet = read_back(tmp_path / "one.dta")
    assert sheet.frame["medium"].to_list() == ["p", "v", "NA"]
    field = sheet.fields["medium"]
    assert (field.choices, field.missing, field.holds) == ({"p": "phone", "v": "video"}, named("NA"), Holds.CHOICE)


IN_NOTES = [
    ("a long label", {"label": "é" * 300}),
    ("tenths with labels", {"choices": {"1": "low", "1.5": "between"}}),
    ("a range", {"missing": (*named("-1"), MissingCode(low=90.0, high=99.0))}),
    ("more codes than letters", {"missing": named(*map(str, range(-40, 0)))}),
]


@pytest.mark.parametrize(("said", "more"), IN_NOTES, ids=[each[0] for each in IN_NOTES])
def test_what_stata_has_no_place_for_comes_back(said: str, more: dict[str, object], tmp_path: Path) -> None:
    assert said
    table = one_column(pl.Series("item", [1.0, 1.5]), **more)
    notes = "\n".join(write_stata(table, tmp_path / "one.dta"))
    assert "note" in notes
    field, expected = read_back(tmp_path / "one.dta").fields["item"], table.fields["item"]
    assert (field.label, dict(field.choices)) == (expected.label, dict(expected.choices))
    assert [each.name for each in field.missing] == [each.name for each in expected.missing]
    assert [each.code for each in field.missing][26:] == [each.code for each in expected.missing][26:]


def test_other_programs_read_a_file_with_notes(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pl.DataFrame({"medium": ["p", None], "n": [1, 2], "long": ["x" * 3000, "y"]})
    fields = {"medium": Field(name="medium", choices={"p": "phone"}), "n": Field(name="n", choices={"1": "no"})}
    write_stata(Described(name="t", title="", frame=frame, fields=fields), tmp_path / "t.dta")
    with pandas.read_stata(tmp_path / "t.dta", iterator=True) as reader:
        assert reader.read(convert_categoricals=False)["n"].to_list() == [1, 2]
        assert {1: "no"} in reader.value_labels().values()
    assert read_back(tmp_path / "t.dta").frame["long_"].to_list() == ["x" * 3000, "y"]


def test_a_damaged_note_is_refused_and_those_of_others_are_not_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "one.dta"
    write_stata(one_column(pl.Series("medium", ["p"]), choices={"p": "phone"}), path)
    path.write_bytes(path.read_bytes().replace(b'"choices"', b'"choixes"'))
    log = FaultLog()
    assert here.read(path, name="one.dta", log=log, reading=Reading()) == ()
    with pytest.raises(TableError, match="note that Casearc wrote into the file is damaged"):
        log.raise_if_any(TableError, "The file")
    path.write_bytes(path.read_bytes().replace(b"casearc {", b"weighed {"))
    assert read_back(path).fields["medium"].choices == {}


@pytest.mark.parametrize(("write", "end"), [(write_spss, "sav"), (write_stata, "dta")])
def test_codes_kept_as_text_become_numbers_where_numbers_say_the_same(write, end: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    table = one_column(pl.Series("item", ["1", "2", None]), choices={"1": "no", "2": "yes"})
    assert write(table, tmp_path / f"one.{end}") == ()
    sheet = read_back(tmp_path / f"one.{end}")
    assert sheet.field("item").choices == {"1": "no", "2": "yes"}
    assert sheet.frame["item"].to_list() == ["1", "2"]
    padded = one_column(pl.Series("item", ["01", "2"]), choices={"01": "no", "2": "yes"})
    write(padded, tmp_path / f"two.{end}")
    assert read_back(tmp_path / f"two.{end}").frame["item"].to_list() == ["01", "2"]


@pytest.mark.parametrize(("write", "end"), [(write_spss, "sav"), (write_stata, "dta")])
def test_nothing_is_rounded(write, end: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    numbers = pl.DataFrame(
        {
            "large": [2**60 + 1, 1],
            "exact": [10**15 - 1, 1 - 10**15],
            "whole": [2.0**53, 1e22],
            "tenths": [0.1 + 0.2, 1e-7],
        }
    )
    table = Described(name="n", title="", frame=numbers, fields={each: Field(name=each) for each in numbers.columns})
    notes = write(table, tmp_path / f"n.{end}")
    assert len(notes) == 1
    assert "large" in notes[0]
    frame = read_back(tmp_path / f"n.{end}").frame
    assert frame["large"].to_list() == ["1152921504606846977", "1"]
    assert frame["exact"].to_list() == ["999999999999999", "-999999999999999"]
    assert frame["whole"].to_list() == ["9007199254740992", "1e+22"]
    assert frame["tenths"].to_list() == ["0.30000000000000004", "1e-7"]


@pytest.mark.parametrize(("write", "end"), [(write_spss, "sav"), (write_stata, "dta")])
def test_what_a_format_has_no_room_for_is_noted(write, end: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    frame = pl.DataFrame(
        {
            "score@intake (total)": [1.5, float("inf")],
            "with": [True, None],
            "a" * 80: ["x" * 40_000, None],
            "nul": ["a\0b", "c"],
            "day": [date(1850, 3, 4), None],
        }
    )
    fields = {
        "score@intake (total)": Field(name="score@intake (total)"),
        "day": Field(name="day", label="é" * 300),
    }
    table = Described(name="n", title="t" * 300, frame=frame, fields=fields)
    notes = "\n".join(write(table, tmp_path / f"n.{end}"))
    for said in ("is called", "1 infinite", "1 stands for true", "NUL", "label is cut"):
        assert said in notes
    sheet = read_back(tmp_path / f"n.{end}")
    assert sheet.fields[sheet.frame.columns[0]].label == "score@intake (total)"
    assert sheet.frame[sheet.frame.columns[1]].to_list() == ["1", None]
    assert sheet.fields[sheet.frame.columns[1]].choices == {"0": "no", "1": "yes"}
    assert len(sheet.frame.columns[2]) == {"sav": 64, "dta": 32}[end]
    assert sheet.frame[sheet.frame.columns[2]].str.len_bytes().to_list() == [{"sav": 32_767, "dta": 40_000}[end], None]
    assert sheet.frame["nul"].to_list() == ["ab", "c"]
    assert sheet.frame["day"].to_list() == ["1850-03-04", None]


def test_a_failed_write_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "one.sav"
    table = one_column(pl.Series("item", [1]))
    write_spss(table, path)
    before = path.read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("pyreadstat.write_sav", fail)
    with pytest.raises(OSError, match="full"):
        write_spss(table, path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["one.sav"]
