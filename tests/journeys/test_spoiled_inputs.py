"""Thirty kinds of spoiled input, and what `casearc evaluate` makes of each.

One made-up program and its plan are written once; each row of a table below spoils one thing in a copy. What the
command says must tell where to look and what to do, fit on a screen, repeat no cell, and leave a whole report or none.
"""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from journey import MARK, REPORT, TEXT, Study, files_of, parsed, write_study

DATA, PLAN = 3, 4
SCREEN = 60


@dataclass(frozen=True, slots=True)
class Refused:
    """How a study is spoiled, what the command ends with, and words its message must have."""

    spoil: Callable[[Study], object]
    code: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """How a study is spoiled, words the command must say, and words the report must have."""

    spoil: Callable[[Study], object]
    words: tuple[str, ...]
    report: tuple[str, ...]


def as_bytes(name: str, encoding: str) -> Callable[[Study], object]:
    """A file saved in another encoding."""
    return lambda study: study.file(name).write_bytes(study.file(name).read_text("utf-8").encode(encoding))


def with_starts(written: Callable[[date], str]) -> Callable[[Study], object]:
    """Start dates as somebody else writes them."""
    return lambda study: study.column("enrollments", "start_date", lambda cell: written(date.fromisoformat(cell)))


def row_again(name: str, *, cell: int | None = None, value: str = "") -> Callable[[Study], None]:
    """The first row of a file once more at its end, with one cell changed."""

    def spoil(study: Study) -> None:
        with study.rows(name) as rows:
            copy = list(rows[1])
            if cell is not None:
                copy[cell] = value
            rows.append(copy)

    return spoil


def one_cell(name: str, column: str, value: str, *, row: int = 5) -> Callable[[Study], None]:
    return lambda study: study.cell(name, row=row, column=column, value=value)


def contact_minutes(value: str) -> Callable[[Study], None]:
    return one_cell("contacts", "minutes", value)


def coded(change: Callable[[float], float]) -> Callable[[Study], None]:
    """Responses in another coding."""
    return lambda study: study.column("responses", "response", lambda cell: f"{change(float(cell)):g}")


def coded_as_nothing(study: Study) -> None:
    """Everybody skipped everything."""
    study.column("responses", "response", lambda _: "")


def with_coding(coding: str) -> Callable[[Study], None]:
    return lambda study: study.add(f'[coding]\nmspss = "{coding}"')


def to_ten(answer: float) -> int:
    """1 to 7 stretched over 1 to 10."""
    return math.floor(1 + (answer - 1) * 1.5 + 0.5)


def renamed_column(name: str, column: str, other: str) -> Callable[[Study], None]:
    return lambda study: study.text(name, lambda text: text.replace(column, other, 1))


def without_column(name: str, column: str) -> Callable[[Study], None]:
    def spoil(study: Study) -> None:
        with study.rows(name) as rows:
            at = rows[0].index(column)
            rows[:] = [row[:at] + row[at + 1 :] for row in rows]

    return spoil


def more_column(name: str, column: str) -> Callable[[Study], None]:
    def spoil(study: Study) -> None:
        with study.rows(name) as rows:
            rows[:] = [[*rows[0], column], *([*row, TEXT] for row in rows[1:])]

    return spoil


def exit_before_start(study: Study) -> None:
    with study.rows("enrollments") as rows:
        at = rows[0].index("exit_day")
        rows[1][at] = f"-{MARK[:3]}"


def no_wave(first: int, last: int) -> Callable[[Study], None]:
    """Nobody was asked between two days."""

    def spoil(study: Study) -> None:
        with study.rows("administrations") as rows:
            day = rows[0].index("day")
            gone = {row[0] for row in rows[1:] if first <= int(row[day]) <= last}
            rows[:] = [row for row in rows if row[0] not in gone]
        with study.rows("responses") as rows:
            rows[:] = [row for row in rows if row[0] not in gone]

    return spoil


def twice_in_the_window(study: Study) -> None:
    """Twenty participants answered again three days after their first answers."""
    with study.rows("administrations") as rows:
        day = rows[0].index("day")
        intake = [row for row in rows[1:] if int(row[day]) <= 40][:20]
        again = {row[0]: f"B{row[0]}" for row in intake}
        rows += [[again[row[0]], *row[1:day], str(int(row[day]) + 3)] for row in intake]
    with study.rows("responses") as rows:
        rows += [[again[row[0]], *row[1:]] for row in rows[1:] if row[0] in again]


def plan_says(old: str, new: str) -> Callable[[Study], None]:
    return lambda study: study.say(old, new)


def both(*spoils: Callable[[Study], object]) -> Callable[[Study], None]:
    def spoil(study: Study) -> None:
        for each in spoils:
            each(study)

    return spoil


REFUSED = {
    # files
    "wrong delimiter": Refused(
        lambda study: study.text("contacts", lambda text: text.replace(",", ";")),
        DATA, ("contacts.csv, row 1", "separated by semicolons, not by commas")),
    "UTF-16": Refused(as_bytes("participants", "utf-16"), DATA, ("participants.csv", "UTF-16", "CSV UTF-8")),
    "empty file": Refused(
        lambda study: study.file("participants").write_text(""), DATA, ("participants.csv", "The file is empty")),
    "header only": Refused(
        lambda study: study.text("administrations", lambda text: text.splitlines()[0]),
        DATA, ("administrations.csv", "has no rows")),
    "column missing": Refused(
        without_column("contacts", "outcome"), DATA, ("contacts.csv", "The column outcome is missing")),
    "column under a near name": Refused(
        renamed_column("contacts", "enrollment_id", "enrolment_id"),
        DATA, ("contacts.csv", "Is it the column called enrolment_id?")),
    "extra column": Refused(
        more_column("contacts", "weather"), DATA, ("contacts.csv, column weather", "has no such column")),
    "extra column with names": Refused(
        more_column("participants", "first_name"), DATA, ("participants.csv, column first_name", "who a person is")),
    # cells
    "decimal comma": Refused(
        contact_minutes(f"{MARK[:2]},{MARK[2:]}"), DATA, ("contacts.csv, row 5, column minutes", "decimal comma")),
    "text in a number column": Refused(
        contact_minutes(TEXT), DATA, ("contacts.csv, row 5, column minutes", "Text stands where a number belongs")),
    "negative minutes": Refused(
        contact_minutes(f"-{MARK}"), DATA, ("contacts.csv, row 5, column minutes", "negative")),
    "unknown code": Refused(
        one_cell("contacts", "contact_type", TEXT), DATA, ("contacts.csv, row 5, column contact_type", "caregiver")),
    "response out of range": Refused(
        one_cell("responses", "response", MARK), DATA, ("responses.csv, row 5, column response", "1 to 7")),
    # dates
    "spreadsheet serial dates": Refused(
        with_starts(lambda day: str((day - date(1899, 12, 30)).days)),
        DATA, ("enrollments.csv", "column start_date", "serial number", "yyyy-mm-dd")),
    "two-digit years": Refused(
        with_starts(lambda day: f"{day:%m/%d/%y}"), DATA, ("enrollments.csv", "column start_date", "two-digit year")),
    "day and month swapped": Refused(
        with_starts(lambda day: f"{day:%Y-%d-%m}"), DATA, ("enrollments.csv", "column start_date", "look swapped")),
    "exit before start": Refused(
        exit_before_start, DATA, ("enrollments.csv, row 2, column exit_day", "before the enrollment's start")),
    # rows against each other
    "duplicate id": Refused(
        both(one_cell("participants", "participant_id", TEXT, row=9), row_again("participants", cell=0, value=TEXT),
             lambda study: study.column("enrollments", "participant_id", lambda cell: cell.replace("P008", TEXT))),
        DATA, ("participants.csv, row 97, column participant_id", "first in row 9")),
    "orphan id": Refused(
        one_cell("contacts", "enrollment_id", TEXT),
        DATA, ("contacts.csv, row 5, column enrollment_id", "The table enrollments has no such enrollment_id")),
    "item twice": Refused(
        row_again("responses"), DATA, ("responses.csv", "column item", "twice", "first in row 2")),
    "unknown item": Refused(
        one_cell("responses", "item", "mspss_73519"), DATA, ("responses.csv, row 5, column item", "mspss_12")),
    "unknown instrument": Refused(
        one_cell("administrations", "instrument", TEXT),
        DATA, ("administrations.csv, row 5, column instrument", "Known: cop_se, mspss, urica")),
    # codings
    "1-10 coding": Refused(
        coded(to_ten), DATA, ("responses.csv, rows 3, 7, ", "column response", "1 to 7", "[coding]")),
    "1-6 coding": Refused(
        coded(lambda answer: min(answer, 6)), DATA,
        ("None of 272 administrations uses 7", "such as --coding 1-6", "[coding]: mspss")),
    "all constant": Refused(
        coded(lambda _: 4), DATA, ("One and the same response stands everywhere", "[coding]: mspss")),
    # plan
    "overlapping waves": Refused(
        plan_says('name = "six_months"\ntarget_day = 180\nwindow = [-30, 45]',
                  'name = "six_months"\ntarget_day = 180\nwindow = [-150, 45]'),
        PLAN, ("study.toml", 'number 2 "six_months"', "shares days with that of", "Narrow one of them")),
    "plan naming a missing column": Refused(
        plan_says('column = "gender"', 'column = "gendre"'),
        PLAN, ("study.toml", 'number 1 "gender"', "has no column gendre", "Did you mean gender?")),
    "unknown plan key": Refused(
        plan_says('direction = "higher"', 'directon = "higher"'),
        PLAN, ("study.toml, [[outcome]]", 'key "directon", line 25', "Did you mean direction?")),
    "dose window past its outcome": Refused(
        both(plan_says('from = "intake"\nto = "six_months"', 'from = "intake"\nto = "twelve_months"'),
             plan_says('at = "twelve_months"', 'at = "six_months"'),
             plan_says('adjust_for = ["level@six_months", "gender"]', 'adjust_for = ["gender"]')),
        PLAN, ("study.toml", "support_by_months", "months_served")),
    "threshold below the floor": Refused(
        lambda study: study.add("[disclosure]\nthreshold = 5"),
        PLAN, ("study.toml, [disclosure]", "floor of 11", "Write 11 or more")),
    "plan that is not TOML": Refused(
        plan_says('role = "primary"', "role = primary"), PLAN, ("study.toml", "TOML")),
}  # fmt: skip

ACCEPTED = {
    "byte-order mark": Accepted(as_bytes("participants", "utf-8-sig"), ("Main findings",), ()),
    "two administrations in a window": Accepted(
        twice_in_the_window, ("Main findings",),
        ("Several in window", "the administration nearest to the target day is used")),
    "whole wave missing": Accepted(
        no_wave(290, 420),
        ("Nobody was measured at twelve months (day 330 to 405)", "not fitted: months served"),
        ("Nobody was measured at twelve months (day 330 to 405)",)),
    "nobody measured twice": Accepted(
        no_wave(100, 420), ("No main finding can be told", "Nobody was measured at six months"),
        ("Nobody has this score at two waves",)),
    "all constant, coding declared": Accepted(
        both(coded(lambda _: 4), with_coding("1-7")), ("no test was possible", "not fitted: months served"), ()),
    "not one response": Accepted(coded_as_nothing, ("No main finding can be told",), ()),
    "1-10 coding, declared": Accepted(both(coded(to_ten), with_coding("1-10")), ("Main findings",), ("coded 1-10",)),
    "1-6 coding, declared": Accepted(
        both(coded(lambda answer: min(answer, 6)), with_coding("1-6")), ("Main findings",), ("coded 1-6",)),
}  # fmt: skip
KINDS = {**REFUSED, **ACCEPTED}


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study as it should be."""
    folder = tmp_path_factory.mktemp("good")
    write_study(folder)
    return Study(folder)


@pytest.fixture
def study(good: Study, tmp_path: Path) -> Study:
    """A copy to be spoiled."""
    shutil.copytree(good.folder, tmp_path / "study")
    return Study(tmp_path / "study")


def test_the_good_study_is_evaluated(study: Study, tmp_path: Path) -> None:
    """Otherwise every refusal below might have another cause."""
    ended = study.evaluate(tmp_path / "out")
    assert ended.code == 0, ended.err
    assert "Not as planned" not in ended.out
    assert set(files_of(tmp_path / "out")) > REPORT


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_is_told_once_with_its_place_and_writes_nothing(
    kind: str, study: Study, tmp_path: Path
) -> None:
    expected = REFUSED[kind]
    expected.spoil(study)
    ended = study.evaluate(tmp_path / "out")
    assert ended.code == expected.code, ended.err
    assert ended.out == ""
    for words in expected.words:
        assert words in ended.err
    check_words(ended.err)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["study"], "nothing was written, nothing left behind"


@pytest.mark.parametrize("kind", REFUSED)
def test_a_refusal_as_json_says_the_same(kind: str, study: Study, tmp_path: Path) -> None:
    expected = REFUSED[kind]
    expected.spoil(study)
    ended = study.evaluate(tmp_path / "out", "--json")
    assert ended.code == expected.code
    assert ended.out == ""
    told = parsed(ended.err)
    assert told["exit_code"] == expected.code
    assert MARK not in ended.err
    faults = told["faults"]
    assert isinstance(faults, list)
    assert all(set(fault) == {"file", "row", "column", "problem", "remedy"} for fault in faults)


@pytest.mark.parametrize("kind", ACCEPTED)
def test_what_is_accepted_ends_in_a_whole_report_that_says_so(kind: str, study: Study, tmp_path: Path) -> None:
    expected = ACCEPTED[kind]
    expected.spoil(study)
    ended = study.evaluate(tmp_path / "out")
    assert (ended.code, ended.err) == (0, "")
    for words in expected.words:
        assert words in ended.out
    check_words(ended.out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "study"], "no folder of ours is left behind"
    assert set(files_of(tmp_path / "out")) > REPORT
    results = (tmp_path / "out" / "results.json").read_text("utf-8")
    for words in expected.report:
        assert words in results
    for name in files_of(tmp_path / "out"):
        content = (tmp_path / "out" / name).read_bytes()
        if name.endswith((".html", ".json", ".csv")):  # the other two are compressed, and made of the same parts
            assert MARK.encode() not in content, f"a cell of the files stands in {name}"
        if name.endswith((".json", ".csv")):
            assert not re.search(rb"\b(nan|inf|infinity)\b", content, re.IGNORECASE), name


@pytest.mark.parametrize("kind", ACCEPTED)
def test_a_report_announced_as_json_names_its_files(kind: str, study: Study, tmp_path: Path) -> None:
    ACCEPTED[kind].spoil(study)
    ended = study.evaluate(tmp_path / "out", "--json")
    assert (ended.code, ended.err) == (0, "")
    told = parsed(ended.out)
    assert {Path(path).relative_to(tmp_path / "out").as_posix() for path in told["files"]} == files_of(tmp_path / "out")


def check_words(message: str) -> None:
    """What holds for everything the command says."""
    assert "Traceback" not in message
    assert MARK not in message, "a cell of the files is repeated"
    lines = message.splitlines()
    assert len(lines) <= SCREEN
    assert len(lines) == len(set(lines)), "the same thing is said twice"


@pytest.mark.parametrize("kind", ["wrong delimiter", "unknown code", "unknown plan key", "byte-order mark"])
def test_the_installed_command_ends_in_the_same_way(kind: str, study: Study, tmp_path: Path) -> None:
    """The tables above run the command inside this process; a few kinds go the whole way."""
    KINDS[kind].spoil(study)
    inside = study.evaluate(tmp_path / "inside")
    command = Path(sys.executable).with_name("casearc")
    arguments = ["evaluate", study.plan, "--data", study.data, "-o", tmp_path / "outside"]
    outside = subprocess.run([command, *arguments], capture_output=True, text=True, check=False, timeout=120)
    assert (outside.returncode, outside.stderr) == (inside.code, inside.err)
    assert outside.stdout == inside.out.replace("inside", "outside")


def test_a_refused_study_leaves_the_report_that_stands_there(study: Study, tmp_path: Path) -> None:
    """The report of last month is not lost because this month's files have a fault."""
    assert study.evaluate(tmp_path / "out").code == 0
    before = {name: (tmp_path / "out" / name).read_bytes() for name in files_of(tmp_path / "out")}
    contact_minutes(TEXT)(study)
    assert study.evaluate(tmp_path / "out").code == DATA
    assert {name: (tmp_path / "out" / name).read_bytes() for name in files_of(tmp_path / "out")} == before


def test_outside_the_data_report_counts_no_people(study: Study, tmp_path: Path) -> None:
    """Rows read less rows kept would say how many people were set aside; in the house the report is whole."""
    with study.rows("participants") as rows:
        rows.append([""] * len(rows[0]))
    reports = {}
    for edition in ("outside", "in-house"):
        assert study.evaluate(tmp_path / edition, "--edition", edition).code == 0
        text = (tmp_path / edition / "data-report.json").read_text("utf-8")
        reports[edition] = {entry["file"]: entry for entry in json.loads(text)["files"]}
    whole, told = reports["in-house"], reports["outside"]
    assert (whole["participants.csv"]["rows_read"], whole["participants.csv"]["rows_kept"]) == (96, 95)
    assert whole["participants.csv"]["set_aside"] == [{"reason": "empty row", "rows": 1}]
    assert {file for file, entry in told.items() if entry["rows_read"] is not None} == {"contacts.csv", "services.csv"}
    assert told["participants.csv"]["reasons"] == ["participants.csv: empty row"]
