"""What is written as a REDCap project is read back equal: rows, values, reasons for missing responses."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.errors import UsageError
from casearc.files.csv import read_csv
from casearc.files.described import REASON_CODES, Described
from casearc.files.questionnaires import form_of
from casearc.files.redcap.dialect import DIALECT
from casearc.files.redcap.layout import DATA, DICTIONARY, PROJECT
from casearc.files.redcap.project import from_project
from casearc.files.redcap.write import write_project
from casearc.files.sheet import Field, Holds, Sheet, text_cells
from casearc.instruments import load
from casearc.tables import TABLES, FaultLog, Kind, build
from casearc.tables.source import SourceTable

HELD = {
    Kind.CODE: Holds.CHOICE,
    Kind.INTEGER: Holds.INTEGER,
    Kind.DAY: Holds.INTEGER,
    Kind.NUMBER: Holds.NUMBER,
    Kind.DATE: Holds.DATE,
}


def described(name: str, rows: list[dict[str, object]]) -> Described:
    schema = TABLES[name]
    columns = {column.name: column.kind.dtype for column in schema.columns}
    fields = {
        column.name: Field(
            name=column.name,
            label=column.meaning,
            holds=HELD.get(column.kind, Holds.TEXT),
            choices={code: code.replace("_", " ") for code in column.codes},
        )
        for column in schema.columns
    }
    return Described(name=name, title=schema.row_is, frame=pl.DataFrame(rows, schema=columns), fields=fields)


def cast() -> dict[str, Described]:
    """Two made-up people, one of them enrolled twice."""
    days = {"enrollment_id": "E1", "day": 3}
    rows: dict[str, list[dict[str, object]]] = {
        "participants": [
            {"participant_id": "P2", "age_at_enrollment": 15.5, "trafficking_status": "confirmed"},
            {"participant_id": "P1", "age_at_enrollment": 14.0, "race_ethnicity": "a;b", "gender": "=girl"},
        ],
        "enrollments": [
            {"enrollment_id": "E1", "participant_id": "P1", "exit_day": -0, "exit_reason": "'moved"},
            {"enrollment_id": "E2", "participant_id": "P2"},
            {"enrollment_id": "E3", "participant_id": "P1", "first_service_day": 7},
        ],
        "contacts": [
            {"contact_id": "C1", "contact_type": "client", "outcome": "completed", "minutes": 30.0, **days},
            {"contact_id": "C2", "contact_type": "joint", "outcome": "attempted", **days, "enrollment_id": "E2"},
            {"contact_id": "C3", "contact_type": "client", "outcome": "completed", "minutes": 0.5, **days, "day": -4},
        ],
        "services": [{"service_code": "shelter", "quantity": 2.0, "unit": "nights", **days}] * 2,
        "goals": [{"goal_id": "G1", "enrollment_id": "E3", "opened_day": 1, "status": "open"}],
        "needs": [{"domain": "housing", "level": "2", **days}],
        "administrations": [
            {"administration_id": "A1", "instrument": "mspss", "language": "en", "mode": "self", **days},
            {"administration_id": "A2", "instrument": "cop_se", "variant": "short-13", **days},
            {"administration_id": "A3", "instrument": "mspss", "language": "es", **days, "enrollment_id": "E2"},
        ],
        "responses": [
            {"administration_id": "A1", "item": "mspss_1", "response": 7.0},
            {"administration_id": "A1", "item": "mspss_2", "missing_reason": "declined"},
            {"administration_id": "A2", "item": "cop_se_1", "response": 0.0},
            {"administration_id": "A3", "item": "mspss_12", "response": 1.0},
        ],
    }
    return {name: described(name, found) for name, found in rows.items()}


FORMS = {name: form_of(load(name)) for name in ("mspss", "cop_se:short-13")}


def read_back(folder: Path) -> Sheet:
    log = FaultLog()
    read = {name: read_csv(folder / name, name=name, log=log) for name in (DATA, DICTIONARY, PROJECT)}
    sheets = {name: sheet for name, sheet in read.items() if sheet is not None}
    found = DIALECT.adopt(sheets[DATA], {"dictionary": sheets[DICTIONARY], "project": sheets[PROJECT]}, log)
    assert log.total == 0
    assert found is not None
    return found


def same(written: Described, back: pl.DataFrame) -> bool:
    """Equal cells, whatever the order of the rows: a project has them participant after participant."""
    text = text_cells(written.frame)
    return back.select(text.columns).sort(text.columns).equals(text.sort(text.columns))


def answers(frame: pl.DataFrame) -> set[tuple[object, ...]]:
    kept = frame.filter(pl.col("response").is_not_null() | pl.col("missing_reason").is_not_null())
    return set(kept.select("administration_id", "item", "response", "missing_reason").rows())


def test_a_project_is_read_back_equal(tmp_path: Path) -> None:
    tables = cast()
    notes = write_project(list(tables.values()), tmp_path, forms=FORMS, title="Made up")
    back = from_project(read_back(tmp_path))
    assert back.keys() == tables.keys()
    for name in tables.keys() - {"responses"}:
        assert same(tables[name], back[name]), name
    assert answers(back["responses"]) == answers(text_cells(tables["responses"].frame))
    assert back["responses"].height == 12 + 13 + 12
    assert "let these forms repeat: enrollments, contacts" in notes[0]
    assert "-91, declined" in notes[1]
    assert any("begin as a formula does" in note for note in notes)


def test_the_project_is_one_that_redcap_takes(tmp_path: Path) -> None:
    write_project(list(cast().values()), tmp_path, forms=FORMS)
    sheet = read_back(tmp_path)
    frame = sheet.frame
    assert frame.columns[:3] == ["participant_id", "redcap_repeat_instrument", "redcap_repeat_instance"]
    assert frame["participant_id"].to_list() == sorted(frame["participant_id"], reverse=True)
    assert sheet.field("mspss_2").choices["7"] == "7"
    assert "-91" in {code.code for code in sheet.field("mspss_2").missing}
    assert sheet.field("contacts_contact_type").holds is Holds.CHOICE
    assert sheet.field("contacts_minutes").holds is Holds.NUMBER
    assert "cop_se_short_13_1" in frame.columns
    assert not [note for note in sheet.notes if "does not know" in note or "the export does not have" in note]
    raw = (tmp_path / DATA).read_text(encoding="utf-8")
    assert "'=girl" in raw


def test_what_is_read_back_is_what_the_contract_asks_for(tmp_path: Path) -> None:
    write_project(list(cast().values()), tmp_path)
    back = from_project(read_back(tmp_path))
    tables = build({name: SourceTable.from_frame(name, frame) for name, frame in back.items()})
    assert tables.contacts.height == 3
    assert tables.responses.filter(pl.col("missing_reason") == "declined").height == 1


def test_covariates_come_along_under_names_that_redcap_takes(tmp_path: Path) -> None:
    tables = cast()
    people = tables["participants"].frame.with_columns(
        pl.Series("Lives alone", [True, None]), pl.Series("complete", ["x", None]), pl.Series("ace", [0.25, 3.0])
    )
    kinds = {"Lives alone": Holds.YES_NO, "complete": Holds.TEXT, "ace": Holds.NUMBER}
    fields = {**tables["participants"].fields, **{name: Field(name=name, holds=held) for name, held in kinds.items()}}
    tables["participants"] = Described(name="participants", title="", frame=people, fields=fields)
    notes = write_project(list(tables.values()), tmp_path)
    back = from_project(read_back(tmp_path))["participants"].sort("participant_id")
    assert back["lives_alone"].to_list() == [None, "true"]
    assert back["complete_2"].to_list() == [None, "x"]
    assert back["ace"].to_list() == ["3", "0.25"]
    assert sum("is called" in note for note in notes) == 2


def test_codes_outside_of_the_choices_are_written_as_text(tmp_path: Path) -> None:
    tables = cast()
    odd = tables["goals"].frame.with_columns(status=pl.lit("paused"))
    tables["goals"] = Described(name="goals", title="", frame=odd, fields=tables["goals"].fields)
    notes = write_project(list(tables.values()), tmp_path)
    assert any("status of goals is written as text" in note for note in notes)
    assert from_project(read_back(tmp_path))["goals"]["status"].to_list() == ["paused"]


def test_what_cannot_be_a_project_is_refused(tmp_path: Path) -> None:
    tables = cast()
    lost = Described(
        name="needs", title="", frame=tables["needs"].frame.with_columns(enrollment_id=pl.lit("E9")), fields={}
    )
    with pytest.raises(UsageError, match="Rows of needs that belong to nobody in the table participants: 1"):
        write_project([*(t for n, t in tables.items() if n != "needs"), lost], tmp_path)
    with pytest.raises(UsageError, match="needs the table participants"):
        write_project([tables["enrollments"]], tmp_path)
    other = tables["responses"].frame.with_columns(item=pl.lit("urica_1"))
    with pytest.raises(UsageError, match="Responses to no administration"):
        write_project(
            [*(t for n, t in tables.items() if n != "responses"), Described(name="responses", title="", frame=other)],
            tmp_path,
        )
    with pytest.raises(UsageError, match="did not write this project"):
        from_project(Sheet(name="x", format="csv", frame=pl.DataFrame({"a": ["1"]}), places=pl.DataFrame()))
    assert not list(tmp_path.iterdir())


responses = st.none() | st.integers(1, 7) | st.sampled_from(list(REASON_CODES))


@settings(max_examples=30, deadline=None)
@given(
    given_answers=st.lists(
        st.tuples(
            st.sampled_from(["E1", "E2", "E3"]), st.integers(-30, 400), st.lists(responses, min_size=12, max_size=12)
        ),
        max_size=5,
    ),
    contacts=st.lists(
        st.tuples(
            st.sampled_from(["E1", "E2", "E3"]), st.none() | st.integers(0, 5760).map(lambda quarter: quarter / 4)
        ),
        max_size=6,
    ),
)
def test_values_and_reasons_come_back(
    tmp_path_factory: pytest.TempPathFactory,
    given_answers: list[tuple[str, int, list[int | str | None]]],
    contacts: list[tuple[str, float | None]],
) -> None:
    tables = cast()
    tables["administrations"] = described(
        "administrations",
        [
            {"administration_id": f"A{number}", "enrollment_id": enrollment, "instrument": "mspss", "day": day}
            for number, (enrollment, day, _) in enumerate(given_answers)
        ],
    )
    tables["responses"] = described(
        "responses",
        [
            {
                "administration_id": f"A{number}",
                "item": f"mspss_{item}",
                "response": float(answer) if isinstance(answer, int) else None,
                "missing_reason": answer if isinstance(answer, str) else None,
            }
            for number, (_, _, row) in enumerate(given_answers)
            for item, answer in enumerate(row, start=1)
        ],
    )
    tables["contacts"] = described(
        "contacts",
        [
            {
                "contact_id": f"C{number}",
                "enrollment_id": enrollment,
                "day": 1,
                "contact_type": "client",
                "outcome": "completed",
                "minutes": minutes,
            }
            for number, (enrollment, minutes) in enumerate(contacts)
        ],
    )
    folder = tmp_path_factory.mktemp("redcap")
    write_project(list(tables.values()), folder, forms=FORMS)
    back = from_project(read_back(folder))
    assert same(tables["contacts"], back["contacts"])
    if given_answers:
        assert same(tables["administrations"], back["administrations"])
        assert same(tables["responses"], back["responses"])
    else:
        assert "responses" not in back
