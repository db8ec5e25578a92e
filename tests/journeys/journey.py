"""Walking a command from its arguments to what it prints and leaves behind. Everybody in the files is made up."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from casearc.synthetic import make_program, write_program
from casearc_cli.main import casearc, run

MARK = "73519"
"""Stands in cells of the files and must not stand in any message: as a number, or in `zq73519` as a text."""
TEXT = f"zq{MARK}"
REPORT = {"report.html", "report.pdf", "report.docx", "results.json", "data-report.json"}

PLAN = """\
[study]
title = "Does support grow?"
program = "Harbor Light (made up)"
design = "pretest-posttest"

[[wave]]
name = "intake"
target_day = 0
window = [-30, 45]

[[wave]]
name = "six_months"
target_day = 180
window = [-30, 45]

[[wave]]
name = "twelve_months"
target_day = 360
window = [-30, 45]

[[outcome]]
id = "support"
score = "mspss_total"
role = "primary"
direction = "higher"

[[dose]]
id = "months_served"
table = "contacts"
measure = "months_served"
from = "intake"
to = "six_months"

[[covariate]]
id = "gender"
table = "participants"
column = "gender"
reference = "girl"
ladder = [{ all_other_genders = ["boy", "nonbinary", "transgender"] }]

[[model]]
id = "support_by_months"
kind = "linear"
outcome = "support"
at = "twelve_months"
dose = "months_served"
adjust_for = ["level@six_months", "gender"]
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def walk(*arguments: str | Path) -> Ended:
    """Run the command in this process, as its entry point does."""
    given = [str(each) for each in arguments]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(lambda: casearc(given, standalone_mode=False), as_json="--json" in given)
    return Ended(code, out.getvalue(), err.getvalue())


def write_study(folder: Path) -> None:
    """A made-up program with one instrument in `folder`/data, and a plan that fits it. Three cells hold the mark."""
    write_program(make_program(participants=95, seed=7), folder / "data")
    given = pl.read_csv(folder / "data" / "administrations.csv", infer_schema=False).filter(instrument="mspss")
    given.write_csv(folder / "data" / "administrations.csv")
    answers = pl.read_csv(folder / "data" / "responses.csv", infer_schema=False)
    answers.join(given, on="administration_id", how="semi").write_csv(folder / "data" / "responses.csv")
    (folder / "study.toml").write_text(PLAN, encoding="utf-8")
    study = Study(folder)
    for file, column in (("participants", "housing"), ("enrollments", "staff_id"), ("contacts", "staff_id")):
        study.cell(file, row=2, column=column, value=TEXT)


@dataclass(frozen=True, slots=True)
class Study:
    """A plan and its files, to be spoiled. Rows are counted as a spreadsheet does: the header is row 1."""

    folder: Path

    @property
    def plan(self) -> Path:
        return self.folder / "study.toml"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def file(self, name: str) -> Path:
        return self.data / f"{name}.csv"

    def say(self, old: str, new: str) -> None:
        """Replace a part of the plan that stands in it once."""
        text = self.plan.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the plan"
        self.plan.write_text(text.replace(old, new), encoding="utf-8")

    def add(self, lines: str) -> None:
        """Add lines at the end of the plan."""
        self.plan.write_text(f"{self.plan.read_text('utf-8')}\n{lines}\n", encoding="utf-8")

    def text(self, name: str, change: Callable[[str], str]) -> None:
        """Change the text of a file."""
        path = self.file(name)
        path.write_text(change(path.read_text("utf-8")), encoding="utf-8")

    @contextlib.contextmanager
    def rows(self, name: str) -> Iterator[list[list[str]]]:
        """The rows of a file, to be changed in place; the header is the first."""
        with self.file(name).open(encoding="utf-8", newline="") as source:
            rows = list(csv.reader(source))
        yield rows
        with self.file(name).open("w", encoding="utf-8", newline="") as target:
            csv.writer(target, lineterminator="\n").writerows(rows)

    def cell(self, name: str, *, row: int, column: str, value: str) -> None:
        """Put a value into one cell."""
        with self.rows(name) as rows:
            rows[row - 1][rows[0].index(column)] = value

    def column(self, name: str, column: str, change: Callable[[str], str]) -> None:
        """Change every cell of a column that is not empty."""
        with self.rows(name) as rows:
            at = rows[0].index(column)
            for row in rows[1:]:
                row[at] = row[at] and change(row[at])

    def evaluate(self, output: Path, *more: str | Path) -> Ended:
        return walk("evaluate", self.plan, "--data", self.data, "-o", output, *more)


def files_of(folder: Path) -> set[str]:
    """Every file below a folder, hidden ones too."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def parsed(text: str) -> dict[str, object]:
    """What a command printed with --json: one object and nothing beside it."""
    found = json.loads(text)
    assert isinstance(found, dict)
    return found
