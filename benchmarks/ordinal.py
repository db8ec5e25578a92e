"""Ordinal regression, n = 95, 8 predictors, 4 levels: the fit, and 2,000 bootstrap refits, beside MASS and ordinal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from side_by_side import Line, PeerAbsentError, median_seconds, r_peer, times

from casearc.statistics.categorical import ordinal, ordinal_draws
from casearc.statistics.resampling import case_weights

TERMS = [f"x{j}" for j in range(1, 9)]
LEVELS = ["a", "b", "c", "d"]
DRAWS = 2000
PEER_DRAWS = 40


def made_up() -> tuple[np.ndarray, np.ndarray]:
    """One program."""
    rng = np.random.default_rng(41)
    X = rng.normal(size=(95, 8))
    return X, np.digitize(X @ [0.5, -0.3, 0, 0, 0.2, 0, 0, 0] + rng.logistic(size=95), [-1.0, 0.0, 1.2])


def lines() -> Iterator[Line]:
    """The fit with profile limits; refits."""
    X, y = made_up()
    table = {**{name: X[:, j] for j, name in enumerate(TERMS)}, "y": y}
    fit = ordinal(X, y, terms=TERMS, levels=LEVELS)
    weights = case_weights(95, draws=DRAWS, rng_or_seed=1)
    for package in ("polr", "clm"):
        against = f"R: {'MASS::polr' if package == 'polr' else 'ordinal::clm'}"
        title = "ordinal model, n = 95, 8 predictors, 4 levels, 2,000 bootstrap refits"
        try:
            theirs = r_peer("ordinal.R", table, package, str(PEER_DRAWS))
        except PeerAbsentError as absent:
            yield Line(what=title, against=against, ratio="", remark=f"skipped: {absent}")
            continue
        if abs(theirs.answers["b"] - fit.coefficients[0]) > 1e-3:
            raise AssertionError(f"coefficients differ from those of {against}")
        seconds = median_seconds(lambda: ordinal_draws(X, y, weights, terms=TERMS, levels=LEVELS), runs=3)
        ratio = theirs.seconds / PEER_DRAWS * DRAWS / seconds
        remark = f"same coefficients; theirs timed on {PEER_DRAWS} refits"
        yield Line(what=title, against=against, ratio=f"{times(ratio)}x faster", remark=remark)
