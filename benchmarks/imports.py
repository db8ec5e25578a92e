"""Two million responses, one a row, from a CSV file to checked and scored tables, beside pandas.

Both read the same four files, check keys, items, ranges and repeats, score the MSPSS with its rule for skipped items
and write what they made; each is a process of its own, start-up included. Casearc also checks every cell of the other
tables, says what became of every row, and lays everything down together.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from side_by_side import PEERS, PEERS_PYTHON, Line, PeerAbsentError, times

ROWS, ITEMS, PEOPLE = 2_000_004, 12, 2_000
MAPPING = """version = 1
[table.participants]
file = "participants.csv"
[table.enrollments]
file = "enrollments.csv"
[table.administrations]
file = "administrations.csv"
[table.responses]
file = "answers.csv"
columns = { administration_id = "survey", item = "question", response = "answer" }
"""


@dataclass(frozen=True, kw_only=True)
class Run:
    """A process: how long, how much memory, what it printed."""

    seconds: float
    megabytes: float
    answers: dict[str, float]


def lines() -> Iterator[Line]:
    """Ours and theirs in turn."""
    with tempfile.TemporaryDirectory() as name:
        write(Path(name))
        ours = run([sys.executable, str(PEERS / "imports_casearc.py"), name])
        what = "two million responses from CSV to checked and scored tables, start-up included"
        if not PEERS_PYTHON.is_file():
            yield Line(what=what, against="pandas", ratio="", remark="skipped: not installed")
            return
        theirs = run([str(PEERS_PYTHON), str(PEERS / "imports.py"), name])
        if any(abs(ours.answers[key] - theirs.answers[key]) > 1e-9 for key in theirs.answers):
            raise AssertionError(f"answers differ: {ours.answers} {theirs.answers}")
        yield Line(
            what=what,
            against="pandas",
            ratio=f"{times(theirs.seconds / ours.seconds)}x faster",
            remark=f"bar: under 30 s and 2 GB; {ours.seconds:.1f} s and {ours.megabytes:,.0f} MB, there "
            f"{theirs.seconds:.0f} s and {theirs.megabytes:,.0f} MB",
        )


def run(command: list[str]) -> Run:
    """Run a process to its end."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        printed = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise PeerAbsentError(f"{command[1]} ended with {process.returncode}")
    pairs = (line.split() for line in printed.splitlines())
    return Run(
        seconds=time.perf_counter() - start,
        megabytes=usage.ru_maxrss / 1000,
        answers={name: float(value) for name, value in pairs},
    )


def write(folder: Path) -> None:
    """A made-up program of 2,000 people who answered 83 times each; one answer in two hundred is skipped."""
    rng = np.random.default_rng(7)
    forms = ROWS // ITEMS
    ids = pl.Series([f"A{number:07d}" for number in range(forms)])
    people = [f"P{number:05d}" for number in range(PEOPLE)]
    pl.DataFrame({"participant_id": people}).write_csv(folder / "participants.csv")
    stays = pl.DataFrame({"enrollment_id": people, "participant_id": people, "start_date": ["2020-01-01"] * PEOPLE})
    stays.write_csv(folder / "enrollments.csv")
    given = pl.DataFrame({"administration_id": ids, "enrollment_id": [people[n % PEOPLE] for n in range(forms)]})
    given = given.with_columns(pl.lit("mspss").alias("instrument"), pl.Series("day", np.arange(forms) // PEOPLE * 30))
    given.write_csv(folder / "administrations.csv")
    answers = pl.DataFrame(
        {
            "survey": ids.gather(np.repeat(np.arange(forms), ITEMS)),
            "question": np.tile([f"mspss_{item}" for item in range(1, ITEMS + 1)], forms),
            "answer": rng.integers(1, 8, forms * ITEMS),
        }
    )
    skipped = pl.Series(rng.random(forms * ITEMS) < 0.005)
    answers.with_columns(pl.when(~skipped).then(pl.col("answer")).alias("answer")).write_csv(folder / "answers.csv")
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
