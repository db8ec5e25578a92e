"""Scoring, single fits and whole commands beside work by hand: what a user waits for."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
from scipy import optimize
from side_by_side import Line, beside, times

from casearc.scoring import score
from casearc.statistics.categorical import multinomial
from casearc.statistics.linear import linear

ROOT = Path(__file__).parents[1]
TRIAL = ROOT.parent / "shared" / "data" / "ctn0094"


def lines() -> Iterator[Line]:
    """Every line of this part."""
    yield from _scoring()
    yield from _estimators()
    yield from _evaluations()


def _scoring() -> Iterator[Line]:
    """MSPSS total and three subscales with the house rule for skipped items, 100,000 administrations."""
    n, items = 100_000, [f"mspss_{i}" for i in range(1, 13)]
    rng = np.random.default_rng(1)
    answers = rng.integers(1, 8, (n, 12)).astype(float)
    answers[rng.random((n, 12)) < 0.01] = np.nan
    wide = (
        pl.DataFrame(answers, schema=items)
        .fill_nan(None)
        .with_columns(administration_id=pl.int_range(n).cast(pl.String))
    )
    scales = {
        "total": (items, 10),
        "family": ([f"mspss_{i}" for i in (3, 4, 8, 11)], 3),
        "friends": ([f"mspss_{i}" for i in (6, 7, 9, 12)], 3),
        "significant_other": ([f"mspss_{i}" for i in (1, 2, 5, 10)], 3),
    }

    def by_hand() -> pl.DataFrame:
        return wide.select(
            "administration_id",
            *(
                pl.when(pl.sum_horizontal(pl.col(own).is_not_null()) >= least).then(pl.mean_horizontal(own)).alias(name)
                for name, (own, least) in scales.items()
            ),
            *(pl.sum_horizontal(pl.col(own).is_not_null()).alias(f"{name}_n") for name, (own, _) in scales.items()),
        )

    agree = np.allclose(
        score(wide, "mspss")["mspss_total"].fill_null(np.nan), by_hand()["total"].fill_null(np.nan), equal_nan=True
    )
    remark = "same numbers; Casearc also checks every answer and the coding" if agree else "NUMBERS DIFFER"
    what = "score MSPSS, 100,000 administrations"
    yield Line(
        what=f"{what}, polars",
        against="polars by hand",
        ratio=times(beside(lambda: score(wide, "mspss"), by_hand, runs=7)),
        remark=remark,
    )
    frame = pd.DataFrame(wide.to_dict(as_series=False))

    def by_columns() -> object:
        return frame.assign(
            **{
                name: frame[own].mean(axis=1).where(frame[own].notna().sum(axis=1) >= least)
                for name, (own, least) in scales.items()
            }
        )

    yield Line(
        what=f"{what}, pandas",
        against="pandas by hand",
        ratio=times(beside(lambda: score(frame, "mspss"), by_columns, runs=7)),
        remark="by columns, without loops over rows",
    )
    loop = wide.head(2000)
    fair = beside(
        lambda: score(loop, "mspss"), lambda: [_one(row, scales) for row in loop.iter_rows(named=True)], runs=5
    )
    yield Line(what="score MSPSS, 2,000 administrations, polars", against="a loop over rows", ratio=times(fair))


def _one(row: dict[str, float | None], scales: dict[str, tuple[list[str], int]]) -> dict[str, float | None]:
    found = {}
    for name, (own, least) in scales.items():
        known = [value for item in own if (value := row[item]) is not None]
        found[name] = sum(known) / len(known) if len(known) >= least else None
    return found


def _estimators() -> Iterator[Line]:
    rng = np.random.default_rng(2)
    for n in (95, 20_000):
        X = np.column_stack([np.ones(n), rng.standard_normal((n, 7))])
        y = X @ rng.standard_normal(8) + rng.standard_normal(n)
        terms = [f"x{i}" for i in range(8)]
        ratio = beside(lambda: linear(X, y, terms=terms), lambda: np.linalg.lstsq(X, y, rcond=None), runs=31)  # noqa: B023
        yield Line(
            what=f"linear model with HC3, n = {n:,}, 8 terms",
            against="numpy.linalg.lstsq",
            ratio=times(ratio),
            remark="coefficients only there; here errors, intervals, tests and refusals too",
        )
    for n in (95, 5_000):
        X = np.column_stack([np.ones(n), rng.standard_normal((n, 3))])
        eta = np.column_stack([np.zeros(n), X @ rng.normal(0, 0.5, (4, 2))])
        codes = np.array([rng.choice(3, p=p) for p in np.exp(eta) / np.exp(eta).sum(axis=1, keepdims=True)])
        levels = ("a", "b", "c")
        names = [f"x{i}" for i in range(4)]
        best = optimize.minimize(_loss, np.zeros(8), args=(X, codes), jac=True, method="BFGS")
        same = np.allclose(multinomial(X, codes, terms=names, levels=levels).coefficients.ravel(), best.x, atol=1e-4)
        ratio = beside(
            lambda: multinomial(X, codes, terms=names, levels=levels),  # noqa: B023
            lambda: optimize.minimize(_loss, np.zeros(8), args=(X, codes), jac=True, method="BFGS"),  # noqa: B023
            runs=11,
        )
        yield Line(
            what=f"multinomial model, n = {n:,}, 3 levels, 4 terms",
            against="scipy.optimize.minimize, BFGS with gradient",
            ratio=times(ratio),
            remark="same coefficients" if same else "COEFFICIENTS DIFFER",
        )


def _loss(flat: np.ndarray, X: np.ndarray, codes: np.ndarray) -> tuple[float, np.ndarray]:
    """Negative log-likelihood of a multinomial model and its gradient."""
    eta = np.column_stack([np.zeros(len(X)), X @ flat.reshape(2, -1).T])
    eta -= eta.max(axis=1, keepdims=True)
    p = np.exp(eta)
    p /= p.sum(axis=1, keepdims=True)
    rows = np.arange(len(X))
    residual = p.copy()
    residual[rows, codes] -= 1.0
    return -float(np.log(p[rows, codes]).sum()), (residual[:, 1:].T @ X).ravel()


def _evaluations() -> Iterator[Line]:
    """Whole commands, each a process of its own, against `casearc --version`: what a user waits beyond the start."""
    start, _ = _command("--version")
    with tempfile.TemporaryDirectory() as folder:
        seconds, memory = _command("demo", "-o", f"{folder}/demo")
        yield Line(
            what="casearc demo, 95 participants, report in all formats",
            against="casearc --version",
            ratio=times(seconds / start),
            remark=f"{seconds:.0f} s, peak memory {memory:.0f} MB",
        )
        if not TRIAL.is_dir():
            return
        example = ROOT / "examples" / "ctn0094"
        seconds, memory = _command(
            *("evaluate", str(example / "study.toml"), "--data", str(TRIAL)),
            *("--mapping", str(example / "mapping.toml"), "-o", f"{folder}/trial"),
        )
        yield Line(
            what="casearc evaluate, the public trial of examples/ctn0094",
            against="casearc --version",
            ratio=times(seconds / start),
            remark=f"{seconds:.0f} s, peak memory {memory:.0f} MB",
        )


_CHILD = """
import resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run([sys.executable, "-c", "from casearc_cli.main import main; main()", *sys.argv[1:]],
                      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
if done.returncode:
    sys.exit(done.stderr)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def _command(*arguments: str) -> tuple[float, float]:
    """Seconds and peak megabytes of a command in a process of its own."""
    done = subprocess.run([sys.executable, "-c", _CHILD, *arguments], capture_output=True, text=True, check=True)
    seconds, memory = map(float, done.stdout.split())
    return seconds, memory
