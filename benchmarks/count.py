"""Count models, n = 95, 8 predictors, exposure: 2,000 bootstrap refits beside glm, MASS::glm.nb and statsmodels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from side_by_side import Line, Peer, PeerAbsentError, median_seconds, python_peer, r_peer, times

from casearc.statistics.count_models import count_draws, negative_binomial, poisson
from casearc.statistics.count_models.fit import Family
from casearc.statistics.resampling import case_weights

TERMS = ["constant", *(f"x{j}" for j in range(1, 9))]
DRAWS = 2000
PEER_DRAWS = 60


def made_up() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One program with counts of theta 2."""
    rng = np.random.default_rng(42)
    X = np.column_stack([np.ones(95), rng.normal(size=(95, 8))])
    time = rng.uniform(1.0, 6.0, 95)
    mu = np.exp(X @ [0.3, 0.2, -0.3, 0, 0, 0.1, 0, 0, 0]) * time
    return X, time, rng.negative_binomial(2.0, 2.0 / (2.0 + mu)).astype(float)


def lines() -> Iterator[Line]:
    """Poisson and negative binomial."""
    families: tuple[tuple[Family, str], ...] = (("Poisson", "poisson"), ("negative binomial", "nb"))
    for family, short in families:
        in_r = "R: glm" if short == "poisson" else "R: MASS::glm.nb"
        for language, against in (("R", in_r), ("Python", "statsmodels")):
            yield _line(family, short, language, against)


def _line(family: Family, short: str, language: str, against: str) -> Line:
    X, time, y = made_up()
    title = f"{family} model, n = 95, 8 predictors, 2,000 bootstrap refits"
    table = {**{f"x{j}": X[:, j] for j in range(1, 9)}, "time": time, "y": y}
    try:
        theirs: Peer = (
            r_peer("count.R", table, short, str(PEER_DRAWS))
            if language == "R"
            else python_peer("count.py", table, short, str(PEER_DRAWS))
        )
    except PeerAbsentError as absent:
        return Line(what=title, against=against, ratio="", remark=f"skipped: {absent}")
    fit = (poisson if short == "poisson" else negative_binomial)(X, y, terms=TERMS, exposure=time)
    if abs(theirs.answers["b"] - fit.coefficients[1]) > 1e-4:
        raise AssertionError(f"coefficients differ from those of {against}")
    weights = case_weights(95, draws=DRAWS, rng_or_seed=1)
    seconds = median_seconds(lambda: count_draws(X, y, weights, terms=TERMS, exposure=time, family=family), runs=3)
    ratio = theirs.seconds / PEER_DRAWS * DRAWS / seconds
    remark = f"same coefficients; theirs timed on {PEER_DRAWS} refits"
    return Line(what=title, against=against, ratio=f"{times(ratio)}x faster", remark=remark)
