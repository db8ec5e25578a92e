"""OLS with HC3 and 2,000 bootstrap refits, n = 95, 8 predictors: beside statsmodels and R."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from side_by_side import Line, Peer, PeerAbsentError, median_seconds, python_peer, r_peer, times

from casearc.statistics.linear import bootstrap_linear, linear, linear_replicate_errors, linear_replicates
from casearc.statistics.resampling import case_weights

DRAWS = 2000
TERMS = ["constant", *(f"x{j}" for j in range(1, 9))]


def made_up() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A program of 95 people: six numbers and two indicators, skewed errors, and draws."""
    rng = np.random.default_rng(12)
    X = np.column_stack([np.ones(95), rng.normal(size=(95, 6)), rng.random((95, 2)) < 0.4])
    y = X @ rng.normal(size=9) + rng.exponential(size=95)
    return X, y, case_weights(95, draws=DRAWS, rng_or_seed=1)


def lines() -> Iterator[Line]:
    """The fit with HC3 and all refits, without and with HC3 errors in every one of them."""
    X, y, draws = made_up()
    table = {f"x{j}": X[:, j] for j in range(1, 9)} | {"y": y} | {f"w{d + 1}": draws[d] for d in range(DRAWS)}

    def plain() -> tuple[np.ndarray, float]:
        fit = linear(X, y, terms=TERMS)
        return np.array([fit.coefficients[1], fit.standard_errors[1], linear_replicates(X, y, draws)[:, 1].sum()]), 0.0

    def robust() -> tuple[np.ndarray, float]:
        fit = linear(X, y, terms=TERMS)
        b, se = linear_replicate_errors(X, y, draws)
        return np.array([fit.coefficients[1], fit.standard_errors[1], b[:, 1].sum()]), float(se[:, 1].sum())

    python = partial(python_peer, "linear.py", table, str(DRAWS))
    yield _line("OLS with HC3, 2,000 refits", "statsmodels, refits without HC3", plain, partial(python, "nonrobust"))
    yield _line("OLS with HC3, 2,000 refits, HC3 in each", "statsmodels", robust, partial(python, "HC3"))
    r = partial(r_peer, "linear.R", table, str(DRAWS))
    yield _line("OLS with HC3, 2,000 refits", "R: lm, sandwich, lm.fit in a loop", plain, r)
    whole = median_seconds(lambda: bootstrap_linear(X, y, terms=TERMS, draws=DRAWS, rng_or_seed=1))
    refits = median_seconds(lambda: linear_replicates(X, y, draws))
    yield Line(
        what="BCa intervals of all 9 coefficients, draws and jackknife included",
        against="the 2,000 refits alone",
        ratio=times(whole / refits),
    )


def _line(what: str, against: str, ours: Callable[[], tuple[np.ndarray, float]], peer: Callable[[], Peer]) -> Line:
    try:
        theirs = peer()
    except PeerAbsentError as absent:
        return Line(what=what, against=against, ratio="", remark=f"skipped: {absent}")
    values, errors = ours()
    expected = np.array([theirs.answers[name] for name in ("b", "se", "slope_sum")])
    if not np.allclose(values, expected, rtol=1e-9) or not np.isclose(errors, theirs.answers["error_sum"], rtol=1e-9):
        raise AssertionError(f"{what}: answers differ from those of {against}")
    ratio = theirs.seconds / median_seconds(ours)
    bar = "bar 20; " if against.startswith("statsmodels") else ""
    return Line(
        what=what, against=against, ratio=f"{times(ratio)}x faster", remark=f"{bar}same coefficients, errors and refits"
    )
