"""An analyst's whole job from CSV files, start-up included: Casearc, R, and pandas with pingouin and statsmodels.

95 people at two waves: scores of three instruments, six alphas, four paired tests, a linear dose model with HC3, a
model of stages, and percentile intervals of every estimate from 2,000 bootstraps. Each job is a process of its own.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from side_by_side import PEERS, PEERS_PYTHON, Line, PeerAbsentError, times

PEOPLE = 95
RUNS = 5
NOISE = 0.12
"""Limits of two sets of 2,000 draws differ by some 0.02 widths of the interval; six times that is an error."""

ITEMS = {"mspss": (12, 1, 7), "cop_se": (26, 0, 10), "urica": (32, 1, 5)}
ADVERSE = (1, 5, 11, 13, 23, 26, 29)
"""Items of URICA's precontemplation, which falls as readiness rises."""


def lines() -> Iterator[Line]:
    """Ours is run several times, the peers once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder)
        ours = [sys.executable, str(PEERS / "whole_job_casearc.py"), name]
        run(ours)
        found = [run(ours) for _ in range(RUNS)]
        seconds = statistics.median(each for each, _ in found)
        for against, command, bar in (
            ("R: psych, sandwich, lmtest, nnet, boot", [shutil.which("Rscript") or "", str(PEERS / "whole_job.R")], 6),
            ("Python: pandas, pingouin, statsmodels", [str(PEERS_PYTHON), str(PEERS / "whole_job.py")], 50),
        ):
            yield beside(against, [*command, name], bar, seconds, found[0][1])


def beside(against: str, command: list[str], bar: int, seconds: float, ours: Mapping[str, float]) -> Line:
    """One peer's line, or that it is absent."""
    what = f"the whole job from CSV files, start-up included, {PEOPLE} people, 2,000 bootstraps of each estimate"
    if not Path(command[0]).is_file():
        return Line(what=what, against=against, ratio="", remark="skipped: not installed")
    try:
        theirs_seconds, theirs = run(command)
    except PeerAbsentError as absent:
        return Line(what=what, against=against, ratio="", remark=f"skipped: {absent}")
    agreed = agreement(ours, theirs)
    return Line(
        what=what,
        against=against,
        ratio=f"{times(theirs_seconds / seconds)}x faster",
        remark=f"bar {bar}; {seconds:.1f} s and {theirs_seconds:.0f} s; {agreed}",
    )


def run(command: list[str]) -> tuple[float, dict[str, float]]:
    """Seconds from start to end of a process, and the answers that it printed. Compiled modules may be kept."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=kept)
    seconds = time.perf_counter() - start
    if done.returncode:
        missing = [line for line in done.stderr.splitlines() if "no package" in line or "ModuleNotFound" in line]
        raise PeerAbsentError(missing[0].strip()) if missing else RuntimeError(done.stderr)
    pairs = (line.split() for line in done.stdout.splitlines())
    return seconds, {name: float(value) for name, value in pairs}


def agreement(ours: Mapping[str, float], theirs: Mapping[str, float]) -> str:
    """What was compared; refuses to go on where an estimate differs, or a limit by more than the draws explain."""
    if set(ours) != set(theirs):
        raise AssertionError(f"not the same answers: {sorted(set(ours) ^ set(theirs))}")
    limits = [name for name in ours if name.endswith(("_low", "_high"))]
    estimates = [name for name in ours if name not in limits]
    apart = {name: (ours[name], theirs[name]) for name in estimates if not same(name, ours[name], theirs[name])}
    widths = {name: ours[f"{name}_high"] - ours[f"{name}_low"] for name in estimates if f"{name}_low" in ours}
    shifts = {name: abs(ours[name] - theirs[name]) / widths[name.rsplit("_", 1)[0]] for name in limits}
    apart |= {name: (ours[name], theirs[name]) for name, shift in shifts.items() if shift > NOISE}
    if apart:
        raise AssertionError(f"answers differ: {apart}")
    return f"{len(estimates)} estimates equal, {len(limits)} limits within {max(shifts.values()):.2f} widths"


def same(name: str, ours: float, theirs: float) -> bool:
    """Estimates to a millionth, of the model of stages to a ten-thousandth."""
    return abs(ours - theirs) <= (1e-4 if name.startswith("stage") else 1e-6 * max(1.0, abs(theirs)))


def write(folder: Path) -> None:
    """A made-up program: one file an instrument and one of the people; one answer in two hundred is skipped."""
    rng = np.random.default_rng(95)
    person = np.arange(1, PEOPLE + 1)
    months, age, boy = rng.gamma(3.0, 2.0, PEOPLE), rng.normal(16.0, 1.5, PEOPLE), rng.random(PEOPLE) < 0.2
    before = rng.normal(size=PEOPLE)
    after = 0.6 * before + 0.05 * (months - 6.0) + 0.8 * rng.normal(size=PEOPLE)
    table(folder / "people.csv", {"person": person, "months": months, "age": age, "boy": boy})
    level = np.concatenate([before, after])
    for name, (count, low, high) in ITEMS.items():
        own = 0.8 * level[:, None] + 0.6 * rng.normal(size=(2 * PEOPLE, 1))
        rising = np.array([-1.0 if name == "urica" and i in ADVERSE else 1.0 for i in range(1, count + 1)])
        shift = 1.4 * rising if name == "urica" else 0.0  # so that a quarter to a half of people are at each stage
        spread = own * rising + shift + rng.normal(size=(2 * PEOPLE, count))
        items = np.clip(np.round((low + high) / 2.0 + 0.15 * (high - low) * spread), low, high)
        items[rng.random(items.shape) < 0.005] = np.nan
        head = {"administration_id": np.arange(1, 2 * PEOPLE + 1), "person": np.tile(person, 2)}
        head |= {"wave": np.repeat([1, 2], PEOPLE)}
        table(folder / f"{name}.csv", head | {f"{name}_{i + 1}": items[:, i] for i in range(count)})


def table(file: Path, columns: Mapping[str, np.ndarray]) -> None:
    """A CSV file with an empty cell for what is missing."""
    rows = np.column_stack([np.asarray(column, dtype=float) for column in columns.values()])
    cells = [",".join("" if np.isnan(value) else f"{value:.15g}" for value in row) for row in rows]
    file.write_text("\n".join([",".join(columns), *cells]) + "\n", encoding="utf-8")
