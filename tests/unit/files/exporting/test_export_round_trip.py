"""What goes out comes back through the readers: values, labels, codes and reasons for what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from polars.testing import assert_frame_equal

from casearc.analyses import named_instruments
from casearc.files import read_folder
from casearc.files.described import REASON_CODES, Described
from casearc.files.exporting import KINDS, described, export
from casearc.files.exporting.rows import write_csv
from casearc.files.fhir import questionnaire_form
from casearc.files.formats import read_file
from casearc.files.htcds.fields import tells_who
from casearc.files.questionnaires import form_of
from casearc.files.questionnaires.found import forms_in
from casearc.files.redcap.dialect import DIALECT as REDCAP
from casearc.files.redcap.project import from_project
from casearc.files.sheet import Holds, Sheet, text_cells
from casearc.instruments import Instrument
from casearc.study import parse_plan, template_plan
from casearc.synthetic import make_program
from casearc.tables import TABLES, FaultLog, Tables, build
from described_tables import described_tables

SORTS = ("enrollments", "responses_mspss", "scores_urica")
LETTERS = {str(code): f".{letter}" for code, letter in zip(REASON_CODES.values(), "abcdef", strict=True)}
"""What stands for each reason in Stata."""
STRANGE = {"E003": "=1+1", "E004": "'quoted", "E005": '+SUM(A1) "né", l\'été', "E006": "@x"}


@pytest.fixture(scope="module")
def tables() -> Tables:
    """A made-up program with every reason for a missing response, texts like formulas, and one odd coding."""
    frames = dict(make_program(participants=25, seed=5).tables)
    site = pl.col("enrollment_id").replace_strict(STRANGE, default=pl.col("site"))
    frames["enrollments"] = frames["enrollments"].with_columns(site=site)
    reasons = list(REASON_CODES)
    every = pl.int_range(pl.len()) % 37
    missing = every < len(reasons)
    answers = frames["responses"].with_columns(
        response=pl.when(missing).then(None).otherwise(pl.col("response")),
        missing_reason=pl.when(missing).then(every.replace_strict(dict(enumerate(reasons)), default=None)),
    )
    return build(frames | {"responses": answers})


@pytest.fixture(scope="module")
def instruments(tables: Tables) -> tuple[Instrument, ...]:
    return named_instruments(tables)


@pytest.fixture(scope="module")
def folder(tables: Tables, instruments: tuple[Instrument, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export") / "out"
    export(tables, instruments=instruments, formats=KINDS, folder=out, plan=parse_plan(template_plan()))
    return out


@pytest.fixture(scope="module")
def going(tables: Tables, instruments: tuple[Instrument, ...]) -> tuple[Described, ...]:
    return described(tables, instruments, plan=parse_plan(template_plan()))


def sheets_of(path: Path) -> tuple[Sheet, ...]:
    log = FaultLog()
    found = read_file(path, name=path.name, log=log)
    assert not log.total
    return found


def files(folder: Path, kind: str, going: tuple[Described, ...]) -> Iterator[tuple[Described, Sheet]]:
    """Each table with the sheet that was read of it; of readers that start a process, a table of each sort."""
    if kind == "xlsx":
        by_name = {sheet.name.partition("#")[2]: sheet for sheet in sheets_of(folder / kind / "casearc.xlsx")}
        yield from ((table, by_name[table.name[:31]]) for table in going)
        return
    suffix = KINDS[kind].suffix
    for table in going:
        if not suffix or table.name in SORTS:
            yield table, read_once(folder / kind / f"{table.name}{suffix or '.csv'}")


@cache
def read_once(path: Path) -> Sheet:
    (sheet,) = sheets_of(path)
    return sheet


def cells_of(table: Described, kind: str) -> pl.DataFrame:
    """The cells as they should come back; rows without any cell are left out by every reader."""
    cells = text_cells(table.frame)
    if kind == "stata":
        cells = cells.with_columns(
            pl.col(name).replace(LETTERS) for name, field in table.fields.items() if field.missing
        ).rename({name: name[:32] for name in cells.columns})
    return cells


@pytest.mark.parametrize("kind", ["csv", "spss", "stata", "parquet", "arrow", "xlsx"])
def test_cells_come_back_the_same(kind: str, folder: Path, going: tuple[Described, ...]) -> None:
    for table, sheet in files(folder, kind, going):
        assert_frame_equal(sheet.frame, cells_of(table, kind), check_dtypes=True)


@pytest.mark.parametrize("kind", ["spss", "stata", "parquet", "arrow"])
def test_labels_and_codes_come_back_the_same(kind: str, folder: Path, going: tuple[Described, ...]) -> None:
    for table, sheet in files(folder, kind, going):
        for name, said in table.fields.items():
            found = sheet.field(name[:32] if kind == "stata" else name)
            assert found.label == said.label, (table.name, name)
            assert dict(found.choices) == dict(said.choices), (table.name, name)


@pytest.mark.parametrize("kind", ["spss", "stata", "parquet", "arrow"])
def test_reasons_come_back_as_codes_for_missing_with_their_names(
    kind: str, folder: Path, going: tuple[Described, ...]
) -> None:
    (table, sheet) = next(pair for pair in files(folder, kind, going) if pair[0].name == "responses_mspss")
    found = sheet.field("mspss_1")
    codes = sheet.frame["mspss_1"]
    for reason, code in REASON_CODES.items():
        cell = LETTERS[str(code)] if kind == "stata" else str(code)
        assert any(cell in missing for missing in found.missing), reason
        assert (codes == cell).sum() == (table.frame["mspss_1"] == code).sum() > 0
    if kind != "spss":  # there a range of codes stands for all of them, and their names are labels
        assert [missing.name for missing in found.missing] == list(REASON_CODES)


@settings(max_examples=40, deadline=None)
@given(table=described_tables())
def test_any_table_comes_back_from_csv(table: Described, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("csv") / "answers.csv"
    write_csv(table, path)
    expected = text_cells(table.frame)
    (sheet,) = sheets_of(path)
    assert_frame_equal(sheet.frame, expected.filter(pl.any_horizontal(pl.all().is_not_null())))


def test_the_folder_of_csv_files_is_one_that_casearc_reads(tables: Tables, folder: Path) -> None:
    again = read_folder(folder / "csv")
    for name in TABLES:
        assert_frame_equal(again.table(name), tables.table(name))


def test_the_dictionary_has_a_line_for_every_column(going: tuple[Described, ...], folder: Path) -> None:
    lines = pl.read_csv(folder / "csv" / "dictionary.csv", infer_schema=False)
    assert lines.select("table", "column").rows() == [(t.name, column) for t in going for column in t.frame.columns]
    told = lines.select("table", "column", "unit", "codes", "missing").rows()
    of = {(table, column): line for table, column, *line in told}
    assert of["participants", "age_at_enrollment"][0] == "years"
    assert of["scores_mspss", "mspss_total"][0] == "mean of items, 1 to 7"
    assert of["goals", "status"][1] == "open = open | met = met | not_met = not met | dropped = dropped"
    assert of["responses_mspss", "mspss_1"][2].startswith("declined = -91 | not_asked = -92")


def test_the_redcap_project_gives_the_tables_back(tables: Tables, folder: Path) -> None:
    companions = {
        "dictionary": sheets_of(folder / "redcap" / "redcap_dictionary.csv")[0],
        "project": sheets_of(folder / "redcap" / "redcap_project.csv")[0],
    }
    (data,) = sheets_of(folder / "redcap" / "redcap_data.csv")
    log = FaultLog()
    adopted = REDCAP.adopt(data, companions, log)
    assert adopted is not None
    assert not log.total
    again = from_project(adopted)
    for name in TABLES:
        expected = text_cells(tables.table(name))
        found = again[name].select(expected.columns)
        if name == "responses":
            told = pl.col("response").is_not_null() | pl.col("missing_reason").is_not_null()
            found, expected = found.filter(told), expected.filter(told)
        assert_frame_equal(found.sort(found.columns), expected.sort(expected.columns))


def test_xlsforms_give_the_instruments_forms_back(instruments: tuple[Instrument, ...], folder: Path) -> None:
    for instrument in instruments:
        (again,) = forms_in(folder / "xlsform" / f"{instrument.id}.xlsx").values()
        form = form_of(instrument)
        assert [(q.name, q.label, dict(q.choices)) for q in again.questions] == [
            (q.name, q.label, dict(q.choices)) for q in form.questions
        ]


def test_fhir_gives_questions_answers_and_reasons_back(going: tuple[Described, ...], folder: Path) -> None:
    by_name = {table.name: table for table in going}
    for name in ("mspss", "cop_se", "urica"):
        wide = by_name[f"responses_{name}"]
        data, definition = sheets_of(folder / "fhir" / f"responses_{name}.json")
        items = [column for column, said in wide.fields.items() if said.missing]
        form = questionnaire_form(definition)
        assert form is not None
        assert [question.name for question in form.questions] == items
        assert data.field(items[0]).holds is Holds.CHOICE
        expected = text_cells(wide.frame)
        codes = {str(code): reason for reason, code in REASON_CODES.items()}
        for item in items:
            answered = expected[item].is_in(list(codes)).not_().fill_null(value=True)
            assert data.frame[item].filter(answered).equals(expected[item].filter(answered)), item
        assert sum(len(data.field(item).missing) for item in items)


def test_htcds_has_the_standard_s_fields_and_whose_they_are(tables: Tables, folder: Path) -> None:
    (sheet,) = sheets_of(folder / "htcds" / "htcds.csv")
    assert {"vic_TraffickingStatus", "prs_Gender"} <= set(sheet.frame.columns)
    assert set(sheet.frame["participant_id"]) == set(tables.participants["participant_id"])
    assert not any(tells_who(column) for column in sheet.frame.columns)
