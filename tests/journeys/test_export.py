"""`casearc export` and the forms of instruments, from arguments to what is left behind and said."""

from __future__ import annotations

from pathlib import Path

import pytest
from journey import MARK, Study, files_of, parsed, walk, write_study

from casearc_cli.export import FORMATS


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("study")
    write_study(folder)
    return Study(folder)


def test_by_default_csv_and_codebook_go_out(study: Study, tmp_path: Path) -> None:
    ended = walk("export", "--data", study.data, "-o", tmp_path / "out")
    assert (ended.code, ended.err) == (0, "")
    assert "stay in the house" in ended.out
    written = files_of(tmp_path / "out")
    assert {"csv/participants.csv", "csv/dictionary.csv", "csv/scores_mspss.csv", "codebook/codebook.xml"} < written


def test_what_went_out_is_evaluated_as_what_came_in(study: Study, tmp_path: Path) -> None:
    walk("export", "--data", study.data, "--plan", study.plan, "-o", tmp_path / "out", "--format", "csv")
    for name, data in (("first", study.data), ("again", tmp_path / "out" / "csv")):
        ended = walk("evaluate", study.plan, "--data", data, "-o", tmp_path / name)
        assert (ended.code, ended.err) == (0, "")
    first, again = (
        {path.name: path.read_bytes() for path in (tmp_path / name / "tables").iterdir()} for name in ("first", "again")
    )
    assert first == again


def test_tables_without_any_instrument_go_out_as_well(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "participants.csv").write_text("participant_id,gender\np1,girl\n", encoding="utf-8")
    ended = walk("export", "--data", tmp_path / "data", "-o", tmp_path / "out")
    assert (ended.code, ended.err) == (0, "")
    assert (tmp_path / "out" / "csv" / "participants.csv").read_text("utf-8").startswith("participant_id")


def test_every_format_at_once_says_no_value(study: Study, tmp_path: Path) -> None:
    chosen = [part for form in FORMATS for part in ("--format", form)]
    where = ("--data", study.data, "--plan", study.plan, "-o", tmp_path / "out")
    ended = walk("export", *where, *chosen, "--counts", "--json")
    assert (ended.code, ended.err) == (0, "")
    told = parsed(ended.out)
    assert told["formats"] == list(FORMATS)
    assert "stay in the house" in str(told["stays_in_the_house"])
    assert MARK not in ended.out
    assert {path.name for path in (tmp_path / "out").iterdir() if path.is_dir()} == set(FORMATS)
    assert MARK not in (tmp_path / "out" / "READ-FIRST.txt").read_text("utf-8")
    assert MARK not in (tmp_path / "out" / "codebook" / "codebook.html").read_text("utf-8")


def test_analysis_without_a_plan_is_refused_before_anything_is_read(study: Study, tmp_path: Path) -> None:
    ended = walk("export", "--data", study.data, "-o", tmp_path / "out", "--format", "analysis")
    assert ended.code == 2
    assert "--plan" in ended.err
    assert not list(tmp_path.iterdir())


def test_what_stands_in_the_way_is_left_as_it_is(study: Study, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    ended = walk("export", "--data", study.data, "-o", tmp_path)
    assert ended.code == 2
    assert "left as it is" in ended.err or "left as it was" in ended.err
    assert files_of(tmp_path) == {"letter.txt"}


@pytest.mark.parametrize(("form", "end"), [("redcap", "csv"), ("xlsform", "xlsx"), ("fhir", "json")])
def test_an_instrument_goes_out_as_a_form_and_comes_back_as_a_draft(form: str, end: str, tmp_path: Path) -> None:
    file = tmp_path / f"form.{end}"
    ended = walk("instruments", "export", "mspss", "--format", form, "-o", file)
    assert (ended.code, ended.err) == (0, "")
    assert "not the instrument's wording" in ended.out
    ended = walk("instruments", "draft", file, "--id", "made", "-o", tmp_path / "made")
    assert (ended.code, ended.err) == (0, "")
    assert "12 items with answers from 1 to 7" in ended.out
    assert walk("instruments", "check", tmp_path / "made").code == 0
    assert walk("instruments", "export", "mspss", "--format", form, "-o", file).code == 2, "nothing is overwritten"
    assert walk("instruments", "draft", file, "--id", "made", "-o", tmp_path / "made").code == 2


def test_of_several_forms_one_has_to_be_named(tmp_path: Path) -> None:
    file = tmp_path / "two.csv"
    walk("instruments", "export", "mspss", "--format", "redcap", "-o", file)
    walk("instruments", "export", "urica", "--format", "redcap", "-o", tmp_path / "other.csv")
    lines = (tmp_path / "other.csv").read_text("utf-8").splitlines(keepends=True)
    file.write_text(file.read_text("utf-8") + "".join(lines[1:]), encoding="utf-8")
    ended = walk("instruments", "draft", file, "--id", "made", "-o", tmp_path / "made")
    assert ended.code == 2
    assert "--form" in ended.err
    assert "mspss, urica" in ended.err
    ended = walk("instruments", "draft", file, "--id", "made", "--form", "urica", "-o", tmp_path / "made", "--json")
    assert ended.code == 0
    assert "32 items" in str(parsed(ended.out)["notes"])


def test_a_file_that_defines_no_form_is_refused_in_words(study: Study, tmp_path: Path) -> None:
    ended = walk("instruments", "draft", study.file("contacts"), "--id", "made", "-o", tmp_path / "made")
    assert ended.code == 3
    assert "defines no form" in ended.err
    assert MARK not in ended.err
    assert not (tmp_path / "made").exists()
