"""One line a program of faults into `results/`, and how each is run."""

from __future__ import annotations

import argparse
import csv
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from sqlcipher3 import dbapi2

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, kw_only=True)
class Result:
    """What was done to the records, how often, and how often it went wrong."""

    fault: str
    trials: int
    failures: int
    seed: int
    remark: str


def arguments(trials: int) -> argparse.Namespace:
    """`--trials`, `--seed`, `--save`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=trials)
    parser.add_argument("--seed", type=int, default=4711)
    parser.add_argument("--save", action="store_true", help="write results/ (done for the full number of trials)")
    return parser.parse_args()


def finish(name: str, results: list[Result], *, save: bool, expected: bool = True) -> int:
    """Print the lines; write them where asked; the exit code."""
    cipher = dbapi2.connect(":memory:").execute("PRAGMA cipher_version").fetchone()[0]
    rows = [{**asdict(result), "casearc": version("casearc"), "sqlcipher": cipher} for result in results]
    for row in rows:
        print(row)  # noqa: T201 - the result is what the program is run for
    if save:
        with (RESULTS / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return 0 if expected and not any(result.failures for result in results) else 1
