"""Exports of labels in which columns have the same name: read by the dictionary's order, or refused with what to do."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.errors import TableError
from casearc.files.csv.read import read_csv
from casearc.files.proposal import propose
from casearc.files.reading import Reading
from casearc.files.redcap.columns import HEADERS
from casearc.files.redcap.dialect import DIALECT
from casearc.files.sheet import Sheet, sheet_of
from casearc.tables import FaultLog

LINES = [
    # name, form, type, label, choices
    ("record_id", "intake", "text", "Record", None),
    ("intake_date", "intake", "text", "Date of visit", None),
    ("mood", "intake", "radio", "Mood", "1, Low | 2, High"),
    ("help", "intake", "checkbox", "Help", "1, Meal | 2, Bed"),
    ("call_date", "calls", "text", "Date of visit", None),
    ("minutes", "calls", "text", "Minutes", None),
    ("last_date", "closing", "text", "Date of visit", None),
    ("last_mood", "closing", "radio", "Mood", "7, Low | 8, High"),
]
KEYS = ("field_name", "form_name", "field_type", "field_label", "select_choices_or_calculations")
INTAKE = ["Date of visit", "Mood", "Help (choice=Meal)", "Help (choice=Bed)", "Complete?"]
CALLS = ["Date of visit", "Minutes", "Complete?"]
CLOSING = ["Date of visit", "Mood", "Complete?"]
RAW_INTAKE = ["intake_date", "mood", "help___1", "help___2", "intake_complete"]
RAW_CALLS = ["call_date", "minutes", "calls_complete"]
RAW_CLOSING = ["last_date", "last_mood", "closing_complete"]


def dictionary(lines: list[tuple[str | None, ...]] | None = None) -> Sheet:
    rows = LINES if lines is None else lines
    return sheet_of("fields.csv", "csv", pl.DataFrame(rows, schema=[HEADERS[key] for key in KEYS], orient="row"))


CELLS = {"Complete?": "Complete", "Mood": "High", "Minutes": "5", "Date of visit": "2024-01-05", "Record": "A1"}


def exported(folder: Path, header: list[str], **cells: str) -> Sheet:
    """A file with one row under the header, as the reader of CSV gives it."""
    row = [cells.get(name) or CELLS.get(name, "Checked") for name in header]
    lines = [",".join(f'"{cell}"' for cell in line) for line in (header, row)]
    (folder / "labels.csv").write_text("\n".join(lines), encoding="utf-8")
    log = FaultLog()
    sheet = read_csv(folder / "labels.csv", name="labels.csv", log=log)
    assert (log.total, DIALECT.is_data(sheet)) == (0, True)
    assert sheet is not None
    return sheet


def adopted(sheet: Sheet, companions: dict[str, Sheet]) -> tuple[Sheet | None, str]:
    log = FaultLog()
    found = DIALECT.adopt(sheet, companions, log)
    if found is not None:
        return found, ""
    with pytest.raises(TableError) as refused:
        log.raise_if_any(TableError, "It was")
    return None, str(refused.value)


READ = [
    ("everything", [*INTAKE, *CALLS, *CLOSING], [*RAW_INTAKE, *RAW_CALLS, *RAW_CLOSING]),
    ("a form left out in the middle", [*INTAKE, *CLOSING], [*RAW_INTAKE, *RAW_CLOSING]),
    ("a form left out at the end", [*INTAKE, *CALLS], [*RAW_INTAKE, *RAW_CALLS]),
    ("one form", CALLS, RAW_CALLS),
    (
        "fields left out",
        ["Mood", "Complete?", *CALLS[1:], *CLOSING[1:]],
        ["mood", "intake_complete", *RAW_CALLS[1:], *RAW_CLOSING[1:]],
    ),
    ("every form's Complete? alone", ["Complete?"] * 3, ["intake_complete", "calls_complete", "closing_complete"]),
]


@pytest.mark.parametrize(("labels", "names"), [each[1:] for each in READ], ids=[each[0] for each in READ])
def test_the_order_tells_which_is_which(labels: list[str], names: list[str], tmp_path: Path) -> None:
    sheet = exported(tmp_path, ["Record", "Event Name", *labels], **{"Event Name": "Intake"})
    assert DIALECT.describes(sheet, {"dictionary": dictionary()}) == 1.0
    found, _ = adopted(sheet, {"dictionary": dictionary()})
    assert found is not None
    assert found.frame.columns == ["record_id", "redcap_event_name", *names]
    codes = {"mood": "2", "last_mood": "8", "intake_complete": "2", "calls_complete": "2", "closing_complete": "2"}
    row = found.frame.row(0, named=True)
    assert {name: row[name] for name in names if name in codes} == {
        name: codes[name] for name in names if name in codes
    }


def test_surveys_have_their_times(tmp_path: Path) -> None:
    """Each form's time stands before its fields; the first form's behind the record's id."""
    times = ["Survey Identifier", "Survey Timestamp"]
    header = ["Record", *times, *INTAKE, times[1], *CALLS, times[1], *CLOSING]
    found, _ = adopted(exported(tmp_path, header), {"dictionary": dictionary()})
    assert found is not None
    assert [name for name in found.frame.columns if name.endswith("_timestamp")] == [
        "intake_timestamp",
        "calls_timestamp",
        "closing_timestamp",
    ]


REFUSED = [
    ("one of three dates", ["Record", "Date of visit", "Complete?"], "columns number 2, 3"),
    ("a form without its Complete?", ["Record", "Mood", "Minutes", "Complete?"], "does not tell which is which"),
    ("the forms turned round", ["Record", *CLOSING, *INTAKE], "does not tell which is which"),
    ("more Complete? than forms", ["Record", "Mood", *["Complete?"] * 4], "does not tell which is which"),
    ("a column of another project", ["Record", "Rain", *INTAKE, *CALLS], "no field with that of column number 2"),
]


@pytest.mark.parametrize(("header", "words"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_an_order_that_does_not_tell_is_refused(header: list[str], words: str, tmp_path: Path) -> None:
    found, told = adopted(exported(tmp_path, header), {"dictionary": dictionary()})
    assert found is None
    assert words in told
    assert "Export the data again as CSV with raw data" in told


def test_without_the_dictionary_it_is_refused_with_what_to_do(tmp_path: Path) -> None:
    sheet = exported(tmp_path, ["Record", *INTAKE, *CALLS])
    found, told = adopted(sheet, {})
    assert found is None
    assert "labels in place of names and codes" in told
    assert "raw data, or name the project's data dictionary as companion" in told
    with pytest.raises(TableError, match="Export the data again as CSV with raw data"):
        propose([tmp_path / "labels.csv"])


def test_other_files_with_repeated_names_are_refused_as_before(tmp_path: Path) -> None:
    (tmp_path / "visits.csv").write_text("day,staff,day\n1,2,3\n")
    log = FaultLog()
    assert read_csv(tmp_path / "visits.csv", name="visits.csv", log=log, reading=Reading()) is None
    with pytest.raises(TableError, match="The columns number 1 and 3 have the same name"):
        log.raise_if_any(TableError, "The file")


@st.composite
def projects(draw: st.DrawFn) -> tuple[list[tuple[str | None, ...]], list[tuple[str, str]]]:
    """A dictionary whose labels repeat, and the columns of an export of some of its fields: (label, raw name)."""
    lines: list[tuple[str | None, ...]] = [("record_id", "form_0", "text", "Record", None)]
    columns = [("Record", "record_id")]
    for form in range(draw(st.integers(1, 5))):
        labels = draw(st.lists(st.sampled_from(["Date", "Mood", "Minutes", "Who", "Note"]), min_size=1, max_size=4))
        fields = [(label, f"f{form}_{index}") for index, label in enumerate(labels)]
        lines += [(name, f"form_{form}", "text", label, None) for label, name in fields]
        kept = [field for field in fields if draw(st.booleans())]
        columns += [*kept, ("Complete?", f"form_{form}_complete")] if kept else []
    return lines, columns


@settings(max_examples=150, deadline=None)
@given(project=projects())
def test_what_is_read_is_never_another_field(
    project: tuple[list[tuple[str | None, ...]], list[tuple[str, str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines, columns = project
    if len(columns) == 1:
        return
    sheet = exported(tmp_path_factory.mktemp("labels"), [label for label, _ in columns])
    found, told = adopted(sheet, {"dictionary": dictionary(lines)})
    assert found is None or found.frame.columns == [name for _, name in columns]
    assert found is not None or "does not tell which is which" in told
    whole = len(columns) == len(lines) + len({line[1] for line in lines})
    assert found is not None or not whole
