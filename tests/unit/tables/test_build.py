"""Building tables from frames in memory: responses long and wide, covariates, what is kept and what is not."""

from __future__ import annotations

import polars as pl
import pytest

from casearc.errors import TableError, UsageError
from casearc.tables import SourceTable, Tables, build

PEOPLE = {"participant_id": ["P01", "P02"], "pets": ["1", "2"], "team": ["1", "north"], "cohort": ["7", "8"]}
STAYS = {"enrollment_id": ["E01", "E02"], "participant_id": ["P01", "P02"]}
GIVEN = {
    "administration_id": ["A01", "A02", "A03"],
    "enrollment_id": ["E01", "E01", "E02"],
    "instrument": ["mspss", "cop_se", "mspss"],
    "day": ["0", "0", "-3.0"],
}
LONG = {
    "administration_id": ["A01", "A01", "A02", "A02", "A03", "A03"],
    "item": ["mspss_1", "mspss_2", "cop_se_1", "cop_se_2", "mspss_1", "mspss_2"],
    "response": ["4", None, "10", "0", "7", None],
    "missing_reason": [None, "declined", None, None, None, None],
}
WIDE = {
    "administration_id": ["A01", "A02", "A03"],
    "mspss_1": ["4", None, "7"],
    "mspss_2": [None, None, None],
    "cop_se_1": [None, "10", None],
    "cop_se_2": [None, "0", None],
    "mspss_2_missing_reason": ["declined", None, None],
}


def sources(responses: dict[str, list[str | None]] | None = None, **others: dict[str, list[str]]):
    tables = {
        "participants": {"participant_id": ["P01", "P02"]},
        "enrollments": STAYS,
        "administrations": GIVEN,
        "responses": responses or LONG,
    } | others
    return {name: SourceTable.from_frame(name, pl.DataFrame(columns)) for name, columns in tables.items()}


def test_wide_and_long_responses_become_the_same() -> None:
    """Cells under an instrument that was not given are not missing answers; unanswered items are."""
    long, wide = build(sources(LONG)).responses, build(sources(WIDE)).responses
    assert wide.equals(long)
    assert wide.filter(pl.col("response").is_null())["item"].to_list() == ["mspss_2", "mspss_2"]


def test_a_reason_for_the_whole_row_stands_for_its_empty_items() -> None:
    wide = {"administration_id": ["A01"], "mspss_1": ["4"], "mspss_2": [None], "missing_reason": ["not_reached"]}
    assert build(sources(wide)).responses["missing_reason"].to_list() == [None, "not_reached"]


@pytest.mark.parametrize(
    ("responses", "words"),
    [
        ({"administration_id": ["A01", "A01"], "mspss_1": ["4", "5"]}, "same administration (first in row 2)"),
        ({"administration_id": ["A01"], "mspss_1": ["4"], "item": ["mspss_2"]}, "Give responses one way"),
        ({"administration_id": ["A01"], "mspss_1": ["4"], "weather": ["fair"]}, "nor missing_reason"),
        ({"mspss_1": ["4"]}, "administration_id is missing"),
        ({"administration_id": ["A01"], "mspss_1": ["four"]}, "Text stands where a number belongs"),
    ],
)
def test_wide_responses_that_cannot_be_understood_are_refused(responses, words: str) -> None:
    with pytest.raises(TableError) as caught:
        build(sources(responses))
    assert words in str(caught.value)


def test_a_fault_in_a_wide_file_names_the_row_and_the_item(tmp_path) -> None:
    wide = {"administration_id": ["A01", "A03"], "mspss_1": ["4", "seven"], "mspss_2": ["1", "2"]}
    with pytest.raises(TableError) as caught:
        build(sources(wide))
    assert [(fault.file, fault.row) for fault in caught.value.faults] == [("responses.csv", 3)]


def test_covariates_of_the_plan_become_numbers_only_where_every_cell_is_one() -> None:
    tables = build(sources(participants=PEOPLE), extra_columns=("pets", "team", "cohort"), text_columns=("cohort",))
    assert tables.participants["pets"].to_list() == [1.0, 2.0]
    assert tables.participants["team"].to_list() == ["1", "north"]
    assert tables.participants["cohort"].to_list() == ["7", "8"]
    assert "column team" in tables.report.notes[0]


def test_a_covariate_nobody_named_is_refused() -> None:
    with pytest.raises(TableError, match="cohort"):
        build(sources(participants=PEOPLE), extra_columns=("pets", "team"))


def test_a_covariate_that_identifies_is_refused_even_when_the_plan_names_it() -> None:
    people = {"participant_id": ["P01", "P02"], "zip_code": ["1", "2"]}
    with pytest.raises(TableError, match="tells who a person is"):
        build(sources(participants=people), extra_columns=("zip_code",))


def test_whole_numbers_with_a_decimal_point_are_whole_numbers() -> None:
    """Statistics packages write days so as soon as one is missing."""
    assert build(sources()).administrations["day"].to_list() == [0, 0, -3]


def test_columns_left_out_are_there_with_their_type_and_empty() -> None:
    tables = build(sources())
    assert tables.administrations["mode"].to_list() == [None, None, None]
    assert tables.enrollments.schema["start_date"] == pl.Date()
    assert tables.contacts.is_empty()


def test_dates_need_the_start_even_where_the_column_is_absent() -> None:
    """A date without a start must not silently vanish."""
    stays = STAYS | {"exit_date": ["2024-05-01", None]}
    with pytest.raises(TableError, match="has no start_date"):
        build(sources(enrollments=stays))


def test_codes_are_tidied_but_keep_their_order() -> None:
    people = {"participant_id": ["P01", "P02"], "race_ethnicity": ["white; black;white;", " ; "]}
    assert build(sources(participants=people)).participants["race_ethnicity"].to_list() == ["white;black", None]


def test_rows_know_where_they_stood() -> None:
    """Later refusals (an unknown item, a response out of range) can name file and row."""
    wide = build(sources(WIDE)).with_places("responses")
    assert wide.filter(item="cop_se_2").select("_file", "_row").rows() == [("responses.csv", 3)]
    made = Tables.of(contacts=pl.DataFrame({"contact_id": ["C01"]}))
    assert made.with_places("contacts")["_row"].to_list() == [None]


def test_a_table_nobody_knows_is_refused_with_a_suggestion() -> None:
    with pytest.raises(TableError, match="Did you mean contacts"):
        build(sources() | {"contact": SourceTable.from_frame("contact", pl.DataFrame())})
    with pytest.raises(UsageError):
        Tables.of(contact=pl.DataFrame())


def test_tables_that_are_not_required_may_be_left_out() -> None:
    tables = build({name: source for name, source in sources().items() if name != "responses"}, required=())
    assert tables.responses.is_empty()
    assert tables.report.tables["responses"] == 0
