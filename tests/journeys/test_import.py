"""`casearc import` from two exports to tables: what it says, what it leaves behind, and what it refuses whole."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from journey import walk

from casearc.files import read_folder

ANSWER = "survey_export.csv-date=StartDate"


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up exports and the mapping proposed for them. Read only."""
    folder = tmp_path_factory.mktemp("exports") / "files"
    assert walk("import", "example", "-o", folder, "--participants", "30", "--seed", "7").code == 0
    files = [folder / "survey_export.csv", folder / "case_database.xlsx"]
    ended = walk("import", "inspect", *files, "-o", folder / "mapping.toml", "--answer", ANSWER)
    assert (ended.code, ended.err) == (0, "")
    return folder


@pytest.fixture
def files(exports: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(exports, tmp_path / "files"))


def run(files: Path, *more: object) -> dict[str, dict[str, int]]:
    ended = walk("import", "run", files / "mapping.toml", "-o", files.parent / "tables", "--json", *more)
    assert ended.code == 0, ended.err
    counts: dict[str, dict[str, int]] = json.loads(ended.out)["tables"]
    return counts


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def change(path: Path, old: str, new: str, *, count: int = 1) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def test_the_example_becomes_tables_that_an_evaluation_reads(files: Path) -> None:
    counts = run(files)
    assert counts["participants"]["added"] == 30
    tables = read_folder(files.parent / "tables")
    assert tables.administrations["instrument"].n_unique() == 3
    assert tables.responses.height == counts["responses"]["total"]


def test_twice_is_once(files: Path) -> None:
    first = run(files)
    before = contents(files.parent / "tables")
    second = run(files)
    assert {name: each["added"] + each["changed"] for name, each in second.items()} == dict.fromkeys(first, 0)
    after = contents(files.parent / "tables")
    assert {name for name in before if before[name] != after[name]} == {"import-report.json"}


def test_a_longer_export_adds_what_is_new_and_renews_what_changed(files: Path) -> None:
    survey = files / "survey_export.csv"
    lines = survey.read_text(encoding="utf-8").splitlines(keepends=True)
    survey.write_text("".join(lines[:-5]), encoding="utf-8")
    run(files)
    lines[3] = lines[3].replace(",EN,", ",ES,") if ",EN," in lines[3] else lines[3].replace(",ES,", ",EN,")
    survey.write_text("".join(lines), encoding="utf-8")
    counts = run(files)["administrations"]
    assert (counts["added"], counts["changed"]) == (15, 3)


def test_every_row_of_every_file_is_accounted_for(files: Path) -> None:
    run(files)
    rows = pl.read_csv(files.parent / "tables" / "import-rows.csv")
    counted = rows.group_by("file", "table").agg((pl.col("last_row") - pl.col("first_row") + 1).sum().alias("rows"))
    told = {(file, table): number for file, table, number in counted.iter_rows()}
    report = json.loads((files.parent / "tables" / "import-report.json").read_text(encoding="utf-8"))
    for use in report["files"]:
        if "purpose" in use and use["purpose"] in {"contacts", "participants"}:
            assert told[(use["file"], use["purpose"])] == use["rows_read"]


def test_one_bad_row_refuses_all_and_leaves_what_was_there(files: Path) -> None:
    run(files)
    before = contents(files.parent / "tables")
    change(files / "survey_export.csv", "2021", "2O21", count=3)
    ended = walk("import", "run", files / "mapping.toml", "-o", files.parent / "tables")
    assert ended.code == 3
    assert "survey_export.csv, row" in ended.err
    assert "column StartDate" in ended.err
    assert "2O21" not in ended.err
    assert contents(files.parent / "tables") == before


def test_a_question_without_an_answer_stops_everything(files: Path) -> None:
    change(files / "mapping.toml", 'answer = "StartDate"', 'answer = ""')
    ended = walk("import", "run", files / "mapping.toml", "-o", files.parent / "tables")
    assert ended.code == 3
    assert "survey_export.csv-date is not answered" in ended.err
    assert "StartDate, EndDate, RecordedDate" in ended.err
    assert not (files.parent / "tables").exists()
    assert run(files, "--answer", ANSWER)["participants"]["added"] == 30


def test_answers_are_written_the_way_the_help_says(files: Path) -> None:
    ended = walk("import", "run", files / "mapping.toml", "-o", files.parent / "tables", "--answer", "StartDate")
    assert ended.code == 2
    assert "ID=ANSWER" in ended.err


def test_a_folder_that_no_import_wrote_is_left_alone(files: Path) -> None:
    tables = files.parent / "tables"
    tables.mkdir()
    (tables / "mine.csv").write_text("a\n1\n")
    ended = walk("import", "run", files / "mapping.toml", "-o", tables)
    assert ended.code == 2
    assert contents(tables) == {"mine.csv": b"a\n1\n"}


def test_a_mapping_that_is_there_is_not_written_over(files: Path) -> None:
    before = (files / "mapping.toml").read_bytes()
    ended = walk("import", "inspect", files / "survey_export.csv", "-o", files / "mapping.toml")
    assert ended.code == 2
    assert (files / "mapping.toml").read_bytes() == before


def test_the_mapping_is_said_back_with_what_is_open(files: Path) -> None:
    change(files / "mapping.toml", 'answer = "StartDate"', 'answer = ""')
    told = walk("import", "explain", files / "mapping.toml")
    assert "date is the column that the question survey_export.csv-date will name" in told.out
    assert "Question 1, survey_export.csv-date" in told.out


def test_names_and_notes_stay_in_the_files(files: Path) -> None:
    """Not in the mapping, not in the tables, not in what the commands print."""
    looked = walk("import", "inspect", files / "survey_export.csv", files / "case_database.xlsx")
    run(files)
    everything = (
        looked.out
        + "".join(each.decode("utf-8") for each in contents(files.parent / "tables").values())
        + (files / "mapping.toml").read_text(encoding="utf-8")
    )
    for secret in ("Madeup", "Aster", "555-01", "192.0.2.1", "made-up note"):
        assert secret not in everything


def test_formulas_come_in_as_text_and_go_out_harmless(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("participant_id,county\np1,=1+1\np2,@x\n", encoding="utf-8")
    (tmp_path / "stays.csv").write_text("enrollment_id,participant_id\ne1,p1\n", encoding="utf-8")
    (tmp_path / "mapping.toml").write_text(
        "version = 1\n[table.participants]\nfile = 'people.csv'\ncolumns = { county = 'county' }\n"
        "[table.enrollments]\nfile = 'stays.csv'\n",
        encoding="utf-8",
    )
    assert walk("import", "run", tmp_path / "mapping.toml", "-o", tmp_path / "tables").code == 0
    assert "p1,'=1+1" in (tmp_path / "tables" / "participants.csv").read_text(encoding="utf-8").replace(",,", "")
    back = read_folder(tmp_path / "tables", required=(), extra_columns=["county"]).participants
    assert back["county"].to_list() == ["=1+1", "@x"]
