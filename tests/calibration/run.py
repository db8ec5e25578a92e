"""The large run: `make calibration` evaluates a thousand made-up programs of each kind and writes `results.csv`."""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from scipy import stats
from trials import Verdict, judge, plan

from casearc.synthetic import Program, make_program, null_program

RESULTS = Path(__file__).parent / "results.csv"
HEADER = ("program", "quantity", "measure", "seeds", "share", "expected", "low", "high", "within")
BOUND = 0.999  # how often a sound analysis lies within the binomial bounds


def main(seeds: int) -> None:
    """Run and write."""
    study = plan("support", "coping", "stage")
    kinds: dict[str, Callable[..., Program]] = {"effect": make_program, "null": null_program}
    rows: list[tuple[object, ...]] = []
    for kind, make in kinds.items():
        found: dict[str, list[Verdict]] = defaultdict(list)
        for seed in range(seeds):
            for verdict in judge(make(seed=seed), study):
                found[verdict.quantity].append(verdict)
            if sys.stderr.isatty():
                print(f"\r{kind}: {seed + 1} of {seeds}", end="", file=sys.stderr)  # noqa: T201
        for quantity, verdicts in found.items():
            covered = [verdict.covers for verdict in verdicts if verdict.covers is not None]
            if covered:
                rows.append((kind, quantity, "interval covers the truth", *_against(0.95, covered)))
            rejected = [verdict.p < 0.05 for verdict in verdicts]
            expected = 0.05 if kind == "null" else None
            rows.append((kind, quantity, "p below .05", *_against(expected, rejected)))
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([HEADER, *rows])


def _against(expected: float | None, hits: list[bool]) -> tuple[object, ...]:
    n, share = len(hits), sum(hits) / len(hits)
    if expected is None:
        return n, f"{share:.3f}", "", "", "", ""
    low, high = (stats.binom.ppf(q, n, expected) / n for q in ((1 - BOUND) / 2, (1 + BOUND) / 2))
    return n, f"{share:.3f}", expected, f"{low:.3f}", f"{high:.3f}", "yes" if low <= share <= high else "no"


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seeds", type=int, default=1000)
    main(arguments.parse_args().seeds)
