"""An export is adopted with what its project says of it, or refused in plain words; labels are told back or refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.errors import TableError
from casearc.files.csv import read_csv
from casearc.files.dialects import Dialect
from casearc.files.redcap.columns import HEADERS
from casearc.files.redcap.dialect import DIALECT
from casearc.files.sheet import Holds, MissingCode, Sheet, sheet_of
from casearc.tables import FaultLog

ROOT = Path(__file__).resolve().parents[4]
DATA = ROOT / ".." / "shared" / "data" / "formats" / "redcap"
HERE = pytest.mark.skipif(not DATA.is_dir(), reason="the format samples lie beside the repository and are not here")

LINES = [
    ("record_id", "intake", "text", "Record", None),
    ("mood", "intake", "radio", "Mood", "1, Low | 2, High"),
    ("race", "intake", "checkbox", "Race", "1, First | -9, Other"),
    ("call", "contacts", "text", "Number called", None),
    ("minutes", "contacts", "text", "Minutes", None),
]
KEYS = ("field_name", "form_name", "field_type", "field_label", "select_choices_or_calculations")


def sheet(name: str, /, **columns: list[str | None]) -> Sheet:
    return sheet_of(name, "csv", pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String())))


def dictionary() -> Sheet:
    columns = {HEADERS[key]: list(cells) for key, cells in zip(KEYS, zip(*LINES, strict=True), strict=True)}
    frame = pl.DataFrame(columns).with_columns(pl.Series("Text Validation Min", [None] * 5, dtype=pl.String))
    frame = frame.with_columns(
        pl.Series("Text Validation Type OR Show Slider Number", [None, None, None, "phone", "integer"])
    )
    return sheet_of("fields.csv", "csv", frame)


def data(**changed: list[str | None]) -> Sheet:
    columns = {
        "record_id": ["A1", "A1", "A1", "B2"],
        "redcap_repeat_instrument": [None, "contacts", "contacts", None],
        "redcap_repeat_instance": [None, "1", "2", None],
        "mood": ["1", None, None, "2"],
        "race___1": ["1", None, None, "0"],
        "race____9": ["0", None, None, "0"],
        "intake_complete": ["2", None, None, "0"],
        "call": [None, "x", "y", None],
        "minutes": [None, "5", "NA", None],
        "contacts_complete": [None, "2", "2", None],
    }
    return sheet("data.csv", **(columns | changed))


PROJECT = sheet("project.csv", project_title=["Made up"], missing_data_codes=["NA, not_applicable | UNK, unknown"])
EVENTS = sheet("events.csv", event_name=["Intake"], arm_num=["1"], unique_event_name=["intake_arm_1"])


def adopted(raw: Sheet, **companions: Sheet) -> Sheet:
    log = FaultLog()
    found = DIALECT.adopt(raw, {"dictionary": dictionary(), **companions}, log)
    assert log.total == 0
    assert found is not None
    return found


def refused(raw: Sheet, **companions: Sheet) -> list[str]:
    log = FaultLog()
    assert DIALECT.adopt(raw, {"dictionary": dictionary(), **companions}, log) is None
    with pytest.raises(TableError) as caught:
        log.raise_if_any(TableError, "It was")
    return [str(fault) for fault in caught.value.faults]


def test_the_dialect_is_one() -> None:
    assert isinstance(DIALECT, Dialect)
    assert DIALECT.is_data(data())
    assert not DIALECT.is_data(dictionary())
    assert not DIALECT.is_data(sheet("x.csv", id=["1"], training_complete=["yes"]))
    assert not DIALECT.is_data(sheet("x.csv", id=["1"], training_complete=["1"], other=["1"]))
    assert DIALECT.is_data(sheet("x.csv", record_id=["1"], intake_complete=["2"]))


def test_columns_are_described() -> None:
    found = adopted(data(), project=PROJECT)
    assert found.format == "redcap"
    assert found.frame.equals(data().frame)
    assert found.field("mood").choices == {"1": "Low", "2": "High"}
    assert found.field("mood").missing == (
        MissingCode(code="NA", name="not_applicable"),
        MissingCode(code="UNK", name="unknown"),
    )
    other = found.field("race____9")
    assert (other.question, other.choice, other.holds) == ("race", "-9", Holds.YES_NO)
    assert found.field("call").identifier
    assert found.field("minutes").holds is Holds.INTEGER
    assert found.field("intake_complete").choices["2"] == "Complete"
    assert found.field("redcap_repeat_instrument").choices == {"intake": "intake", "contacts": "contacts"}


def test_a_code_for_missing_has_a_box_of_its_own() -> None:
    found = adopted(data(race___unk=["0", None, None, "1"]), project=PROJECT)
    assert (found.field("race___unk").question, found.field("race___unk").choice) == ("race", "UNK")


def test_notes_say_what_deserves_a_look() -> None:
    found = adopted(
        data(mood=["1", None, None, None], another=["z", None, None, None], minutes=[None, "5", "NA", None])
    )
    told = " ".join(found.notes)
    assert "does not know: another." in told
    assert "Rows in which the form intake holds nothing but boxes that are not ticked (0): 1." in told
    assert "z" not in told.replace("a", "").split()
    strange = adopted(data(mood=["7", None, None, "2"]))
    assert any("mood (1)" in note and "codes for missing" in note for note in strange.notes)
    assert not any("mood" in note for note in adopted(data(mood=["UNK", None, None, "2"]), project=PROJECT).notes)


def test_without_a_dictionary_the_names_are_all_that_is_known() -> None:
    log = FaultLog()
    found = DIALECT.adopt(data(), {}, log)
    assert found is not None
    assert found.field("intake_complete").choices["0"] == "Incomplete"
    assert DIALECT.adopt(data(record_id=["A1", "A1", "A1", "A1"]), {}, log) is not None
    assert any("No data dictionary" in note for note in found.notes)


def test_decimal_commas_become_points_where_the_dictionary_has_them() -> None:
    column = HEADERS["text_validation_type_or_show_slider_number"]
    fields = dictionary()
    fields = replace(
        fields, frame=fields.frame.with_columns(pl.col(column).replace("integer", "number_1dp_comma_decimal"))
    )
    log = FaultLog()
    found = DIALECT.adopt(data(minutes=[None, "5,5", "NA", "-,25"]), {"dictionary": fields}, log)
    assert found is not None
    assert found.frame["minutes"].to_list() == [None, "5.5", "NA", "-.25"]


def test_answers_in_events_of_other_forms_are_noted() -> None:
    raw = data(redcap_event_name=["intake_arm_1"] * 4)
    pairs = sheet("pairs.csv", arm_num=["1"], unique_event_name=["intake_arm_1"], form=["intake"])
    found = adopted(raw, events=EVENTS, form_events=pairs)
    assert found.field("redcap_event_name").choices == {"intake_arm_1": "Intake"}
    assert any(
        "answers of the form contacts in an event that it does not belong to: 2." in note for note in found.notes
    )


REFUSED: dict[str, tuple[Callable[[], Sheet], str]] = {
    "another project's dictionary": (
        lambda: sheet("data.csv", record_id=["1"], one=["1"], two=["2"], redcap_data_access_group=["x"]),
        "of its 4 columns it knows 1",
    ),
    "a row without a record": (lambda: data(record_id=[None, "A1", "A1", "B2"]), "row 2, column record_id"),
    "a form nobody knows": (
        lambda: data(redcap_repeat_instrument=[None, "visits", "contacts", None]),
        "row 3, column redcap_repeat_instrument",
    ),
    "an odd repetition": (lambda: data(redcap_repeat_instance=[None, "first", "2", None]), "no whole number"),
    "a row twice": (lambda: data(redcap_repeat_instance=[None, "2", "2", None]), "row 4, column record_id"),
    "an event nobody knows": (lambda: data(redcap_event_name=["intake_arm_1"] * 3 + ["exit_arm_1"]), "row 5"),
}


@pytest.mark.parametrize(("raw", "words"), REFUSED.values(), ids=REFUSED)
def test_rows_that_cannot_be_are_refused(raw: Callable[[], Sheet], words: str) -> None:
    told = refused(raw(), events=EVENTS)
    assert any(words in fault for fault in told)
    assert not any(value in fault for fault in told for value in ("exit_arm_1", "visits", "first"))


def test_spoiled_codes_for_missing_are_refused() -> None:
    told = refused(data(), project=replace(PROJECT, frame=PROJECT.frame.with_columns(missing_data_codes=pl.lit("NA"))))
    assert "project.csv, row 2, column missing_data_codes" in told[0]


def labeled(**changed: list[str | None]) -> Sheet:
    columns = {
        "Record": ["A1", "A1", "A1", "B2"],
        "Repeat Instrument": [None, "Contacts", "Contacts", None],
        "Repeat Instance": [None, "1", "2", None],
        "Mood": ["Low", None, None, "High"],
        "Race (choice=First)": ["Checked", None, None, "Unchecked"],
        "Race (choice=Other)": ["Unchecked", None, None, "Unchecked"],
        "Number called": [None, "x", "y", None],
        "Minutes": [None, "5", "NA", None],
    }
    return sheet("labels.csv", **(columns | changed))


def test_labels_are_told_back() -> None:
    assert DIALECT.is_data(labeled())
    assert DIALECT.describes(labeled(), {"dictionary": dictionary()}) == 1.0
    raw = data().frame.drop("intake_complete", "contacts_complete")
    found = adopted(labeled())
    assert found.frame.equals(raw)
    assert "told back" in found.notes[0]


def test_titles_of_forms_and_labels_of_missing_codes_are_told_back() -> None:
    titles = sheet("forms.csv", instrument_name=["contacts", "intake"], instrument_label=["All calls", "Intake"])
    raw = labeled(
        **{"Repeat Instrument": [None, "All calls", "All calls", None], "Mood": ["unknown", None, None, "Low"]}
    )
    found = adopted(raw, instruments=titles, project=PROJECT)
    assert found.frame["redcap_repeat_instrument"].to_list() == [None, "contacts", "contacts", None]
    assert found.frame["mood"].to_list() == ["UNK", None, None, "1"]


def test_events_are_told_back_with_their_arm() -> None:
    events = sheet(
        "events.csv",
        event_name=["Intake", "Intake"],
        arm_num=["1", "2"],
        unique_event_name=["intake_arm_1", "intake_arm_2"],
    )
    arms = sheet("arms.csv", arm_num=["1", "2"], name=["Early", "Late"])
    event = ["Intake (Arm 1: Early)"] * 3 + ["Intake (Arm 2: Late)"]
    found = adopted(labeled(**{"Event Name": event}), events=events, arms=arms)
    assert found.frame["redcap_event_name"].to_list() == ["intake_arm_1"] * 3 + ["intake_arm_2"]


def test_labels_in_doubt_are_refused_and_told_how_to_export() -> None:
    unknown = refused(labeled(Something=["x"] * 4))
    assert any("column number 9" in fault and "raw data" in fault for fault in unknown)
    assert not any("Something" in fault for fault in unknown)
    cell = refused(labeled(Mood=["Fair", None, None, "Low"]))
    assert any("row 2, column Mood" in fault and "Fair" not in fault for fault in cell)
    twice = dictionary()
    twice = replace(twice, frame=twice.frame.with_columns(pl.col("Field Label").replace("Minutes", "Number called")))
    log = FaultLog()
    assert DIALECT.adopt(labeled(), {"dictionary": twice}, log) is None
    same = dictionary()
    column = HEADERS["select_choices_or_calculations"]
    same = replace(same, frame=same.frame.with_columns(pl.col(column).replace("1, Low | 2, High", "1, Low | 2, Low")))
    assert DIALECT.adopt(labeled(), {"dictionary": same}, log) is None
    assert DIALECT.adopt(labeled(), {}, log) is None
    with pytest.raises(TableError) as caught:
        log.raise_if_any(TableError, "It was")
    told = [str(fault) for fault in caught.value.faults]
    for words in (
        "labels that belong to several fields (columns number 7), and the order",
        "same label, so a label does not tell which: 1, 2",
        "labels in place of names",
    ):
        assert any(words in fault for fault in told)


CELLS = st.sampled_from([None, "1", "0", "2", "A1", "contacts", "intake", "Low", "Checked", "x y", "-9", "<b>"])
COLUMNS = st.sampled_from(
    [*data().frame.columns, *labeled().frame.columns, "redcap_event_name", "Event Name", "other", "Complete?", "x___1"]
)
ROLES = {"dictionary": dictionary(), "project": PROJECT, "events": EVENTS}


@settings(max_examples=50, deadline=None)
@given(
    columns=st.lists(COLUMNS, unique=True, max_size=8),
    cells=st.lists(CELLS, min_size=16, max_size=16),
    height=st.integers(0, 2),
    roles=st.sets(st.sampled_from(list(ROLES))),
)
def test_a_sheet_is_adopted_or_refused_and_never_half(
    columns: list[str], cells: list[str | None], height: int, roles: set[str]
) -> None:
    raw = sheet("data.csv", **{name: cells[2 * n : 2 * n + height] for n, name in enumerate(columns)})
    companions = {role: ROLES[role] for role in roles}
    assert DIALECT.is_data(raw) in (True, False)
    assert 0 <= DIALECT.describes(raw, companions) <= 1
    log = FaultLog()
    found = DIALECT.adopt(raw, companions, log)
    assert (found is None) == (log.total > 0)
    if found is not None:
        assert (found.frame.height, found.frame.width) == (raw.frame.height, raw.frame.width)
        assert set(found.fields) <= set(found.frame.columns)


@HERE
def test_a_project_that_others_made() -> None:
    log = FaultLog()
    read = {
        role: read_csv(DATA / f"longitudinal_{file}.csv", name=f"{file}.csv", log=log)
        for role, file in (("data", "data"), ("dictionary", "dictionary"), ("events", "event"), ("arms", "arm"))
    }
    sheets = {role: each for role, each in read.items() if each is not None}
    raw = sheets.pop("data")
    assert DIALECT.is_data(raw)
    for role, each in sheets.items():
        assert [name for name, plays in DIALECT.companions.items() if plays(each)] == [role]
    assert DIALECT.describes(raw, sheets) == 1.0
    found = DIALECT.adopt(raw, sheets, log)
    assert log.total == 0
    assert found is not None
    assert found.fields.keys() == set(raw.frame.columns)
    assert found.field("redcap_event_name").choices["dose_1_arm_1"] == "Dose 1 (Arm 1: Drug A)"
    ticked = [field for field in found.fields.values() if field.question]
    assert {field.question for field in ticked} == {"gym", "aerobics", "eat", "drink", "meds"}
    assert len(ticked) == 25
    assert {"first_name", "last_name", "telephone_1", "email", "dob"} <= {
        field.name for field in found.fields.values() if field.identifier
    }
    assert found.field("baseline_data_complete").holds is Holds.CHOICE
    assert found.frame.equals(raw.frame)
