"""Exports of KoboToolbox and ODK Central are known as such, and their columns get what the form says of them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest

from casearc.errors import DataRefusedError
from casearc.files.dialects import dialect_of
from casearc.files.sheet import Holds, Sheet, sheet_of
from casearc.files.xlsform.dialect import DIALECT
from casearc.tables import FaultLog

SURVEY = [
    {"type": "begin_group", "name": "person", "label": "Person"},
    {"type": "integer", "name": "age", "label": "How old are you?"},
    {"type": "select_one yn", "name": "safe", "label": "Do you feel safe?"},
    {"type": "select_multiple kinds", "name": "kinds", "label": "What helped?"},
    {"type": "geopoint", "name": "place", "label": "Where?"},
    {"type": "end_group", "name": "", "label": ""},
    {"type": "begin_repeat", "name": "visits", "label": "Visits"},
    {"type": "date", "name": "on-day", "label": "On which day?"},
    {"type": "end_repeat", "name": "", "label": ""},
]
CHOICES = [
    {"list_name": "yn", "name": "1", "label": "Yes"},
    {"list_name": "yn", "name": "0", "label": "No"},
    {"list_name": "kinds", "name": "talk", "label": "Talking"},
    {"list_name": "kinds", "name": "rest", "label": "A place to rest"},
]
KOBO = {"_id": "1", "_uuid": "u", "_submission_time": "2024-01-02T03:04:05", "_index": "1", "_submitted_by": "somebody"}
CENTRAL = {"SubmissionDate": "2024-01-02T03:04:05Z", "meta-instanceID": "uuid:1", "KEY": "uuid:1", "SubmitterName": "A"}


def page(name: str, rows: list[dict[str, str]]) -> Sheet:
    return sheet_of(name, "csv", pl.DataFrame(rows))


FORM: Mapping[str, Sheet] = {"survey": page("form.xlsx#survey", SURVEY), "choices": page("form.xlsx#choices", CHOICES)}


def adopted(row: dict[str, str], form: Mapping[str, Sheet] = FORM) -> tuple[Sheet | None, str]:
    log = FaultLog()
    sheet = DIALECT.adopt(page("data.csv", [row]), form, log)
    try:
        log.raise_if_any(DataRefusedError, "Files were")
    except DataRefusedError as error:
        return sheet, str(error)
    return sheet, ""


@pytest.mark.parametrize(
    "server", [KOBO, CENTRAL, {"_index": "1", "_parent_index": "1"}, {"KEY": "a", "PARENT_KEY": "b"}]
)
def test_an_export_is_known_by_what_the_server_adds(server: dict[str, str]) -> None:
    found = dialect_of(page("data.csv", [{"age": "3", **server}]))
    assert found is not None
    assert found.id == "xlsform"


def test_other_files_are_not() -> None:
    assert not DIALECT.is_data(page("contacts.csv", [{"day": "3", "KEY": "4", "_id": "2"}]))


@pytest.mark.parametrize(
    ("column", "question"),
    [
        ("age", "age"),
        ("person/age", "age"),
        ("person-age", "age"),
        ("visits/on-day", "on-day"),
        ("visits-on-day", "on-day"),
        ("on-day", "on-day"),
    ],
)
def test_names_with_and_without_groups(column: str, question: str) -> None:
    sheet, _ = adopted({column: "3", **KOBO})
    assert sheet is not None
    assert sheet.field(column).question == question
    assert sheet.format == "xlsform"
    assert sheet.frame.columns[0] == column


def test_what_the_form_says_of_columns() -> None:
    row = {"person/safe": "1", "person/kinds": "talk rest", "person/kinds/talk": "1", "person/place": "1 2 0 0"}
    sheet, _ = adopted({**row, "person/_place_latitude": "1", "new": "x", **KOBO})
    assert sheet is not None
    assert sheet.field("person/safe").choices == {"1": "Yes", "0": "No"}
    assert sheet.field("person/kinds").holds is Holds.CHOICES
    ticked = sheet.field("person/kinds/talk")
    assert (ticked.holds, ticked.question, ticked.choice) == (Holds.YES_NO, "kinds", "talk")
    identifiers = {column for column in sheet.frame.columns if sheet.field(column).identifier}
    assert identifiers == {"person/place", "person/_place_latitude", "_submitted_by"}
    assert any(note.endswith("does not know: new.") for note in sheet.notes)


def test_columns_of_choices_without_a_form() -> None:
    sheet, _ = adopted({"kinds": "talk", "kinds/talk": "1", "kinds/rest": "0", **KOBO}, {})
    assert sheet is not None
    assert (sheet.field("kinds/rest").question, sheet.field("kinds/rest").choice) == ("kinds", "rest")


def test_repeats_say_what_they_belong_to() -> None:
    sheet, _ = adopted({"on-day": "2024-01-02", "_index": "1", "_parent_index": "1", "_submission__uuid": "u"})
    assert sheet is not None
    assert any("_parent_index here is _index there" in note for note in sheet.notes)
    assert sheet.field("_submission__uuid").label


def test_labels_are_put_back_to_names_and_codes() -> None:
    row = {"How old are you?": "16", "Do you feel safe?": "Yes", "What helped?": "A place to rest"}
    sheet, faults = adopted({**row, "What helped?/Talking": "0", **KOBO})
    assert faults == ""
    assert sheet is not None
    assert sheet.frame.row(0, named=True) == {"age": "16", "safe": "1", "kinds": "rest", "kinds/talk": "0", **KOBO}
    assert any("put back by the form" in note for note in sheet.notes)


def test_several_labels_in_one_cell_and_groups_before_the_words() -> None:
    row = {"Person/How old are you?": "16", "Person/What helped?": "Talking A place to rest"}
    sheet, faults = adopted({**row, "Person/What helped?/Talking": "1", **KOBO})
    assert faults == ""
    assert sheet is not None
    assert sheet.frame.row(0, named=True) == {"age": "16", "kinds": "talk rest", "kinds/talk": "1", **KOBO}


def test_labels_that_cannot_be_put_back_are_refused_without_their_words() -> None:
    sheet, faults = adopted({"How old are you?": "16", "What helped?": "Talking A place to hide", **KOBO})
    assert sheet is None
    assert "data.csv, row 2, column kinds" in faults
    assert "Talking A" not in faults
    twice = {**FORM, "survey": page("f#survey", [*SURVEY, {"type": "text", "name": "b", "label": "Where?"}])}
    sheet, faults = adopted({"How old are you?": "16", "Where?": "x", **KOBO}, twice)
    assert sheet is None
    assert "Two questions of the form have these words" in faults


def test_labels_without_a_form_are_noted() -> None:
    sheet, _ = adopted({"How old are you?": "16", "Do you feel safe?": "Yes", **KOBO}, {})
    assert sheet is not None
    assert any("XML values and headers" in note for note in sheet.notes)


def test_a_form_describes_its_own_export() -> None:
    data = page("data.csv", [{"person/age": "1", "person/safe": "1", "stray": "x", "other": "y", **KOBO}])
    assert DIALECT.describes(data, FORM) == 0.5
    assert DIALECT.describes(data, {}) == 0


def test_fields_of_the_standard_stay_identifiers_in_an_export() -> None:
    sheet, _ = adopted({"prs_First_Name": "Ada", "prs_Gender": "Feminine", **KOBO}, {})
    assert sheet is not None
    assert sheet.field("prs_First_Name").identifier
