# ruff: noqa: E501 - one refusal a row: the table is read across
"""`casearc instruments` and `casearc score`, as typed.

Promise guarded: the commands tell what they did, refuse with place and exit code, and leave no half-written file.
"""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from instrument_folders import copy_of, spoil

from casearc.errors import CasearcError, InstrumentError, ScoringError
from casearc_cli.instruments import instruments_group
from casearc_cli.score import score_command

MSPSS = [f"mspss_{item}" for item in range(1, 13)]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(instruments_group, [str(argument) for argument in arguments], catch_exceptions=True)


def run_score(folder: Path, *arguments: str, text: str | bytes, output: str = "scores.csv") -> Result:
    path = folder / "responses.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return CliRunner().invoke(score_command, [str(path), "-o", str(folder / output), *arguments])


def responses(*rows: str) -> str:
    return "\n".join([",".join(["administration_id", "day", *MSPSS]), *rows, ""])


def fours(name: str, *, day: str = "0", first: str = "4") -> str:
    return ",".join([name, day, first, *["4"] * 11])


def test_list_names_every_instrument_and_variant() -> None:
    listed = run("list")
    assert listed.exit_code == 0
    for name in ("mspss", "cop_se", "cop_se:short-13", "urica"):
        assert any(line.split()[0] == name for line in listed.output.splitlines())
    assert {each["id"] for each in json.loads(run("list", "--json").output)} >= {"mspss", "cop_se:short-13"}


def test_show_states_boundaries_sources_and_limits() -> None:
    shown = run("show", "urica").output
    assert "habits: precontemplation; contemplation above 8; preparation_action above 11" in shown
    assert "(cut scores: unverified)" in shown
    assert "before_service" in shown
    shown = run("show", "mspss").output
    assert "means-3-5 [default]: low; moderate from 3; high above 5" in shown
    assert "sd 0.86 (unverified)" in shown


def test_show_as_json_keeps_cuts_exact() -> None:
    content = json.loads(run("show", "urica", "--json").output)
    stage = next(score for score in content["scores"] if score["id"] == "urica_stage_nearest_mean")
    assert [cut["at"] for cut in stage["stage_cuts"]["cuts"]] == ["203/20", "59/5"]


def test_check_says_what_is_wrong(tmp_path: Path) -> None:
    folder = copy_of("mspss", tmp_path)
    assert "is sound" in run("check", folder).output
    spoil(folder, "scoring.toml", '"higher"', '"up"')
    error = run("check", folder).exception
    assert isinstance(error, InstrumentError)
    assert error.exit_code == 3
    assert "scoring.toml, line 8" in str(error)


def test_score_writes_scores_and_says_so(tmp_path: Path) -> None:
    done = run_score(tmp_path, "--instrument", "mspss", text=responses(fours("a", day="-3"), fours("b", first="")))
    assert done.exit_code == 0, done.output
    assert "2 administrations scored with mspss 1.0.0" in done.output
    scored = pl.read_csv(tmp_path / "scores.csv")
    assert scored["mspss_total"].to_list() == [4.0, 4.0]
    assert scored["mspss_total_answered"].to_list() == [12, 11]
    assert scored["day"].to_list() == [-3, 0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["responses.csv", "scores.csv"]


def test_score_as_json_and_with_choices(tmp_path: Path) -> None:
    arguments = ["--instrument", "mspss", "--coding", "0-6", "--missing", "strict", "--bands", "sums-49-69", "--json"]
    done = run_score(tmp_path, *arguments, text=responses(fours("a")))
    content = json.loads(done.output)
    assert content["key_version"] == "mspss 1.0.0; coding 0-6 shifted to 1-7; missing strict; bands sums-49-69"
    assert content["scores"][0] == {"score": "mspss_total", "unit": "mean of items, 1 to 7", "scored": 1}


def test_score_prints_limits_of_use(tmp_path: Path) -> None:
    columns = ",".join(["administration_id", *(f"urica_{item}" for item in range(1, 33))])
    done = run_score(tmp_path, "--instrument", "urica", text=f"{columns}\na,{','.join(['3'] * 32)}\n")
    assert "before services start" in done.stderr


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    done = run_score(tmp_path, "--instrument", "mspss", text=b"\xef\xbb\xbf" + responses(fours("a")).encode())
    assert done.exit_code == 0


# what is wrong with the file -> its content, words of the refusal
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "semicolons": (responses(fours("a")).replace(",", ";"), "responses.csv, row 1: The cells are separated by semicolons"),
    "UTF-16": (responses(fours("a")).encode("utf-16"), "UTF-16"),
    "empty": ("", "responses.csv: The file is empty"),
    "header only": (responses(), "responses.csv: There is a header and no row below it"),
    "decimal comma": (responses(fours("a", first='"3,5"')), "responses.csv, row 2, column mspss_1: a number with a decimal comma"),
    "text": (responses(fours("a"), "", fours("b", first="yes")), "responses.csv, row 4, column mspss_1: text stands"),
    "out of range": (responses(fours("a", first="8")), "responses.csv, row 2, column mspss_1: the response is not within"),
    "formula": (responses(fours("a"), fours("b", day="=1+1")), "responses.csv, row 3, column day: the cell would run as a formula"),
    "formula with a minus": (responses(fours("a", day="-2+cmd")), "row 2, column day: the cell would run"),
    "no such item": (responses(fours("a")).replace("mspss_12", "mspss_13"), "responses.csv, column mspss_13"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_cannot_be_scored_are_refused_whole(name: str, tmp_path: Path) -> None:
    text, words = REFUSED[name]
    (tmp_path / "scores.csv").write_text("as it was")
    error = run_score(tmp_path, "--instrument", "mspss", text=text).exception
    assert isinstance(error, ScoringError)
    assert error.exit_code == 3
    assert words in str(error)
    assert (tmp_path / "scores.csv").read_text() == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["responses.csv", "scores.csv"]


# arguments, output
WRONG = [
    (["--instrument", "mspss", "--missing", "mean"], "scores.csv"),
    (["--instrument", "mspss"], "scores.xlsx"),
    (["--instrument", "mspss"], "responses.csv"),
    (["--instrument", "mspsss"], "scores.csv"),
    (["--instrument", "mspss", "--coding", "ten"], "scores.csv"),
    ([], "scores.csv"),
]


@pytest.mark.parametrize(("arguments", "output"), WRONG)
def test_wrong_calls_write_nothing(arguments: list[str], output: str, tmp_path: Path) -> None:
    text = responses(fours("a"))
    done = run_score(tmp_path, *arguments, text=text, output=output)
    code = done.exception.exit_code if isinstance(done.exception, CasearcError) else done.exit_code
    assert code == 2
    assert (tmp_path / "responses.csv").read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == ["responses.csv"]
