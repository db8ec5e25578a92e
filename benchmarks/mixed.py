"""A random intercept for each participant, three waves, 8 fixed effects: beside lme4, lmerTest and pbkrtest.

And a random slope at the size of lme4's own example (sleepstudy): 18 people, 10 days.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from side_by_side import Line, PeerAbsentError, median_seconds, r_peer, times

from casearc.statistics.mixed import mixed, mixed_replicates
from casearc.statistics.mixed.fit import DfMethod
from casearc.statistics.resampling import case_weights

TERMS = ["constant", *(f"x{j}" for j in range(1, 8))]
MANY = 100_000
BARS = {95: 5, MANY: 30}
SMALL = "mixed model, random intercept and slope, 18 participants x 10 days (the size of sleepstudy)"


def made_up(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """n participants at three waves, six baseline terms and time."""
    rng = np.random.default_rng(31)
    person, months = np.repeat(np.arange(n), 3), np.tile([0.0, 6.0, 12.0], n)
    X = np.column_stack([np.ones(person.size), months, rng.normal(size=(n, 6))[person]])
    y = X @ [4.0, 0.05, 0.3, 0.1, 0.0, 0.0, 0.2, -0.1] + 0.8 * rng.normal(size=n)[person] + rng.normal(size=person.size)
    return X, y, person


def lines() -> Iterator[Line]:
    """Small and large, with the tests each program can give."""
    yield _sleepstudy("slope", "R: lme4::lmer and its summary, without df")
    yield _sleepstudy("slope_satterthwaite", "R: lmerTest, Satterthwaite")
    for n in (95, MANY):
        for df, what, against, runs in (
            ("satterthwaite", "fit", "R: lme4::lmer and its summary, without df", 21),
            ("satterthwaite", "satterthwaite", "R: lmerTest, Satterthwaite", 21),
            ("kenward-roger", "kenward", "R: lmerTest and pbkrtest, Kenward-Roger", 5),
        ):
            if n == MANY and what != "fit":
                continue  # pbkrtest would need a matrix of 300,000 rows and columns
            yield _line(n, df, what, against, runs if n < MANY else 3)
    yield _resamples()


def _line(n: int, df: DfMethod, what: str, against: str, runs: int) -> Line:
    X, y, person = made_up(n)
    title = f"mixed model, {n:,} participants x 3 waves, 8 fixed effects, {df} df"
    table = {"g": person, **{f"x{j}": X[:, j] for j in range(1, 8)}, "y": y}
    try:
        theirs = r_peer("mixed.R", table, what, str(runs))
    except PeerAbsentError as absent:
        return Line(what=title, against=against, ratio="", remark=f"skipped: {absent}")
    fit = mixed(X, y, groups=person, terms=TERMS, df=df)
    ours = [fit.coefficients[1], fit.standard_errors[1], fit.criterion]
    if not np.allclose(ours, [theirs.answers[name] for name in ("b", "se", "criterion")], rtol=1e-5):
        raise AssertionError(f"{title}: answers differ from those of {against}")
    if what != "fit" and not np.isclose(fit.df[1], theirs.answers["df"], rtol=1e-4):
        raise AssertionError(f"{title}: df differ from those of {against}")
    seconds = median_seconds(lambda: mixed(X, y, groups=person, terms=TERMS, df=df), runs=runs)
    remark = f"bar {BARS[n]}; same coefficients, errors and criterion; {1000 * seconds:.2g} ms"
    return Line(what=title, against=against, ratio=f"{times(theirs.seconds / seconds)}x faster", remark=remark)


def _sleepstudy(what: str, against: str) -> Line:
    """Errors rise by the day and people differ in their course, as in the data of Belenky and colleagues."""
    rng = np.random.default_rng(18)
    person, days = np.repeat(np.arange(18), 10), np.tile(np.arange(10.0), 18)
    X = np.column_stack([np.ones(180), days])
    own = rng.normal(size=(18, 2)) * [25.0, 6.0]
    y = X @ [250.0, 10.0] + (X * own[person]).sum(axis=1) + 25.0 * rng.normal(size=180)
    model = {"groups": person, "terms": ["constant", "days"], "random": X, "random_terms": ["constant", "days"]}
    try:
        theirs = r_peer("mixed.R", {"g": person, "x1": days, "y": y}, what, "21")
    except PeerAbsentError as absent:
        return Line(what=SMALL, against=against, ratio="", remark=f"skipped: {absent}")
    fit = mixed(X, y, df="satterthwaite", **model)
    ours = [fit.coefficients[1], fit.standard_errors[1], fit.criterion]
    if not np.allclose(ours, [theirs.answers[name] for name in ("b", "se", "criterion")], rtol=1e-4):
        raise AssertionError(f"{SMALL}: answers differ from those of {against}")
    if what != "slope" and not np.isclose(fit.df[1], theirs.answers["df"], rtol=1e-3):
        raise AssertionError(f"{SMALL}: df differ from those of {against}")
    seconds = median_seconds(lambda: mixed(X, y, df="satterthwaite", **model), runs=21)
    remark = f"bar 5; same coefficients, errors and criterion; {1000 * seconds:.2g} ms, df included"
    return Line(what=SMALL, against=against, ratio=f"{times(theirs.seconds / seconds)}x faster", remark=remark)


def _resamples() -> Line:
    """Bootstrap refits; lme4's quickest way is `refit` on the same design, timed for 100 and scaled."""
    X, y, person = made_up(95)
    weights = case_weights(95, draws=2000, rng_or_seed=1)
    title, against = "2,000 resamples of 95 participants", "R: lme4::refit, 100 times, scaled"
    table = {"g": person, **{f"x{j}": X[:, j] for j in range(1, 8)}, "y": y}
    try:
        theirs = r_peer("mixed.R", table, "refits", "3")
    except PeerAbsentError as absent:
        return Line(what=title, against=against, ratio="", remark=f"skipped: {absent}")
    seconds = median_seconds(lambda: mixed_replicates(X, y, weights, groups=person, terms=TERMS), runs=3)
    ratio = 20.0 * theirs.seconds / seconds
    return Line(what=title, against=against, ratio=f"{times(ratio)}x faster", remark=f"{1000 * seconds:.2g} ms")
