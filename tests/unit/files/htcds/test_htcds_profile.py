"""HTCDS is recognized in both spellings, identity is marked, and what is written tells nobody's identity."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from casearc.files.dialects import dialect_of
from casearc.files.formats import read_file
from casearc.files.htcds.codes import CLOSED, OPEN, PAIRS, REFERRED, STATUS_FIELD, CodePair
from casearc.files.htcds.dialect import DIALECT, proposals
from casearc.files.htcds.fields import FIELDS, htcds_field
from casearc.files.htcds.write import write_htcds
from casearc.files.sheet import Holds, Sheet, sheet_of
from casearc.files.xlsform.read import read_form
from casearc.tables import TABLES, FaultLog

ROOT = Path(__file__).parents[4]
HTCDS = ROOT.parent / "shared" / "data" / "formats" / "htcds" / "htcds_xlsform.xlsx"


def page(*columns: str) -> Sheet:
    return sheet_of("people.csv", "csv", pl.DataFrame({column: ["x"] for column in columns}))


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("prs_FirstName", "prs_FirstName"),
        ("prs_First_Name", "prs_FirstName"),
        ("person/prs_First_Name", "prs_FirstName"),
        ("person-prs_First_Name", "prs_FirstName"),
        ("vic_Methods_of_Control", "vic_MethodsOfControl"),
        ("VIC_METHODSOFCONTROL", "vic_MethodsOfControl"),
    ],
)
def test_both_spellings(column: str, field: str) -> None:
    found = htcds_field(column)
    assert found is not None
    assert found.name == field


@pytest.mark.parametrize("column", ["day", "prs", "prs_", "prsGender", "gender", "vic_Other"])
def test_other_columns_are_none(column: str) -> None:
    assert htcds_field(column) is None


@pytest.mark.skipif(not HTCDS.is_file(), reason="the XLSForm lies beside the repository (../shared) and is not here")
def test_every_question_of_the_xlsform_is_a_field_with_the_same_codes() -> None:
    sheets = read_file(HTCDS, name="h.xlsx", log=FaultLog())
    pages = {sheet.name.partition("#")[2]: sheet for sheet in sheets}
    form = read_form(pages["survey"], pages["choices"])
    for question in form.questions:
        if question.name == "__version__":
            continue
        field = htcds_field(question.name)
        assert field is not None, question.name
        if field.codes and question.choices:
            assert {code.lower() for code in question.choices} & {code.lower() for code in field.codes}, question.name


def test_identity_is_marked() -> None:
    names = {name for name, field in FIELDS.items() if field.identity}
    assert {"prs_FirstName", "prs_SecondName", "prs_Birthdate", "prs_Email", "prs_MailingStreet"} <= names
    assert not names & {"prs_Gender", "vic_TraffickingStatus", "vic_TypeOfExploitation", STATUS_FIELD}
    assert not names & {pair.field for pair in PAIRS}


def test_a_file_of_the_standard_is_adopted() -> None:
    sheet = page("prs_FirstName", "prs_Gender", "vic_TypeOfExploitation", "note")
    found = dialect_of(sheet)
    assert found is not None
    assert found.id == "htcds"
    adopted = DIALECT.adopt(sheet, {}, FaultLog())
    assert adopted is not None
    assert adopted.frame.equals(sheet.frame)
    assert adopted.field("prs_FirstName").identifier
    assert adopted.field("vic_TypeOfExploitation").holds is Holds.CHOICES
    assert "SexualExploitation" in adopted.field("vic_TypeOfExploitation").choices
    assert adopted.field("note").holds is None
    assert any("1 columns are fields of HTCDS that tell who" in note for note in adopted.notes)


def test_two_columns_are_not_enough() -> None:
    assert not DIALECT.is_data(page("prs_FirstName", "prs_Gender", "a"))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.column)
def test_codes_are_the_standards_and_the_contracts(pair: CodePair) -> None:
    codes = FIELDS[pair.field].codes
    if codes:
        assert set(pair.to_field.values()) <= set(codes)
        assert set(pair.to_column) <= set(codes)
    column = next(column for column in TABLES["participants"].columns if column.name == pair.column)
    if column.codes:
        assert set(pair.to_field) <= set(column.codes)
        assert set(pair.to_column.values()) <= set(column.codes)
    for code in pair.to_column.values():
        assert code not in pair.to_field or pair.to_column[pair.to_field[code]] == code, "there and back"


def test_not_identified_is_no_finding() -> None:
    assert "NotAVictimOfTrafficking" not in PAIRS[0].to_field.values()
    found = proposals("vic_TraffickingStatus")
    assert found is not None
    assert found[0] == "trafficking_status"
    assert proposals("prs_FirstName") is None


PEOPLE = pl.DataFrame(
    {
        "participant_id": ["P1", "P2", "P3", "P4"],
        "gender": ["girl", "boy", "something else", None],
        "language": ["en", "es", "xx", None],
        "trafficking_status": ["confirmed", "presumed", "not_identified", None],
        "exploitation_types": ["sex_trafficking;forced_labor;commercial_sexual_exploitation", "online", None, None],
        "name": ["Ada", "Ben", "Cy", "Di"],
    }
)
STAYS = pl.DataFrame(
    {
        "enrollment_id": ["E1", "E2", "E3", "E4"],
        "participant_id": ["P1", "P1", "P2", "P3"],
        "exit_day": [90, None, 30, 60],
        "exit_reason": ["completed", None, "referred", None],
    }
)


def test_what_is_written(tmp_path: Path) -> None:
    notes = " ".join(write_htcds(PEOPLE, STAYS, tmp_path / "h.csv"))
    written = pl.read_csv(tmp_path / "h.csv")
    assert written.rows(named=True)[0] == {
        "participant_id": "P1",
        "enrollment_id": "E1",
        "vic_TraffickingStatus": "ActualVictimOfTrafficking",
        "prs_Gender": "Feminine",
        "prs_PrimaryLanguage": "eng",
        "prs_HighestLevelOfEducation": None,
        "vic_TypeOfExploitation": "SexualExploitation;ForcedLabour",
        STATUS_FIELD: CLOSED,
    }
    assert written[STATUS_FIELD].to_list() == [CLOSED, OPEN, REFERRED, CLOSED, None]
    assert written["vic_TraffickingStatus"].to_list()[3] is None
    assert "1 entries of gender" in notes
    assert "1 entries of trafficking_status" in notes
    assert "1 participants have no enrollment" in notes
    assert "no field for these columns of enrollments, and the file does not hold them: exit_day, exit_reason" in notes
    assert "something else" not in notes


def test_nothing_that_tells_who_somebody_is_goes_out(tmp_path: Path) -> None:
    write_htcds(PEOPLE, STAYS, tmp_path / "h.csv")
    text = (tmp_path / "h.csv").read_text(encoding="utf-8")
    columns = text.splitlines()[0].split(",")
    assert columns[:2] == ["participant_id", "enrollment_id"]
    assert not any(FIELDS[column].identity for column in columns[2:])
    for value in PEOPLE["name"]:
        assert value not in text.split("\n", 1)[1].replace(",", " ").split()


def test_the_least_that_tables_can_have(tmp_path: Path) -> None:
    people = pl.DataFrame({"participant_id": ["P1"]})
    stays = pl.DataFrame({"enrollment_id": ["E1"], "participant_id": ["P1"]})
    assert write_htcds(people, stays, tmp_path / "h.csv") == ()
    written = pl.read_csv(tmp_path / "h.csv")
    assert written.select("participant_id", "enrollment_id", STATUS_FIELD).rows() == [("P1", "E1", OPEN)]
    assert written.columns[2:-1] == [pair.field for pair in PAIRS]
