"""Cells of the linear family: intervals of slopes, tests of terms, of a bend and of assumptions.

The model is a constant, a skewed dose and an indicator. Robust intervals and tests go through `linear` itself.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from cells import Cell

from casearc.statistics.linear import LinearFit, assumption_checks, bootstrap_linear, linear, linear_spline
from casearc.statistics.model_tests import wald_test

SIZES = (30, 95, 300)
NAMES = ["constant", "dose", "flag"]
SLOPE = 0.5


def program(rng: np.random.Generator, n: int, truth: str) -> tuple[np.ndarray, np.ndarray]:
    """Design and outcome without any effect but the constant's."""
    dose, flag = rng.gamma(2.0, 1.0, n), np.zeros(n)
    flag[rng.permutation(n)[: n // 3]] = 1.0
    noise = rng.exponential(1.0, n) - 1.0 if "skewed" in truth else rng.normal(0.0, 1.0, n)
    if "unequal" in truth:
        noise *= 0.5 + 0.25 * dose
    return np.column_stack([np.ones(n), dose, flag]), noise


def slope_covered(rng: np.random.Generator, times: int, *, n: int, kind: str, truth: str) -> np.ndarray:
    """Whether the dose's interval holds its slope."""
    found = np.empty(times, dtype=bool)
    for i in range(times):
        X, noise = program(rng, n, truth)
        y = SLOPE * X[:, 1] + noise
        if kind == "CR2 of single participants":
            fit = linear(X, y, terms=NAMES, covariance="CR2", clusters=np.arange(n))
        else:
            fit = linear(X, y, terms=NAMES, covariance=kind)
        found[i] = fit.low[1] <= SLOPE <= fit.high[1]
    return found


def studentized_covered(rng: np.random.Generator, times: int, *, n: int, truth: str) -> np.ndarray:
    """Whether the studentized bootstrap's interval holds the slope; 999 draws."""
    found = np.empty(times, dtype=bool)
    for i in range(times):
        X, noise = program(rng, n, truth)
        y = SLOPE * X[:, 1] + noise
        interval = bootstrap_linear(X, y, terms=NAMES, method="studentized", draws=999, rng_or_seed=rng)
        found[i] = interval.low[1] <= SLOPE <= interval.high[1]
    return found


def clustered(rng: np.random.Generator, n: int, clusters: int, kind: str) -> LinearFit:
    """A program whose case managers differ; the flag is of the manager, the dose of the person."""
    manager = np.sort(np.arange(n) % clusters)
    dose = rng.gamma(2.0, 1.0, n) + 0.5 * rng.normal(0.0, 1.0, clusters)[manager]
    X = np.column_stack([np.ones(n), dose, manager % 2])
    y = SLOPE * dose + 0.5 * rng.normal(0.0, 1.0, clusters)[manager] + rng.normal(0.0, 1.0, n)
    return linear(X, y, terms=NAMES, covariance=kind, clusters=manager)


def clustered_covered(
    rng: np.random.Generator, times: int, *, n: int, clusters: int, kind: str, term: int
) -> np.ndarray:
    """Whether the interval of dose or flag holds its coefficient; those withheld (below four df) are not counted."""
    target = (0.0, SLOPE, 0.0)[term]
    fits = [clustered(rng, n, clusters, kind) for _ in range(times)]
    return np.array([fit.low[term] <= target <= fit.high[term] for fit in fits if fit.p[term] is not None], dtype=bool)


def clustered_rejected(rng: np.random.Generator, times: int, *, n: int, clusters: int, term: int) -> np.ndarray:
    """Type I error of the flag's CR2 test."""
    fits = [clustered(rng, n, clusters, "CR2") for _ in range(times)]
    return np.array([fit.p[term] <= 0.05 for fit in fits if fit.p[term] is not None], dtype=bool)


def test_rejected(rng: np.random.Generator, times: int, *, n: int, test: str, truth: str) -> np.ndarray:
    """Type I error of a joint test, of the test of a bend, or of a check."""
    found = np.empty(times, dtype=bool)
    for i in range(times):
        X, y = program(rng, n, truth)
        if test.startswith("joint"):
            p = wald_test(linear(X, y, terms=NAMES, covariance=test.rsplit(maxsplit=1)[-1]), ["dose", "flag"]).p
        elif test.startswith("nonlinearity"):
            kind = test.rsplit(maxsplit=1)[-1]
            p = linear_spline(X, y + X[:, 1], terms=NAMES, column=1, covariance=kind).nonlinearity_p
        else:
            checks = assumption_checks(X, y, terms=NAMES).checks
            p = next(check.p for check in checks if check.name == test)
        found[i] = p <= 0.05
    return found


CAUTIOUS = "HC3 leans to long intervals where spread is in truth equal and participants are few"
HIGH_DOSES = (
    "the few with high doses decide both slope and its spread, so that fewer participants inform the error than "
    "n - k says; longer with the df of CR2 of single participants"
)
UNEVEN_DF = (
    "Satterthwaite's df allow for uneven spread that is in truth not there: a little cautious with thirty participants"
)
FEWER_DISTINCT = (
    "resamples hold fewer distinct participants, from whom their own errors are judged too small; right as n grows"
)
SEVERAL_TERMS = "HC3 makes up for one coefficient's error in few participants, not wholly for several taken together"
ASYMPTOTIC_CHECK = "the check's law holds in large samples; it screens, and no conclusion rests on it"
CHANCE = "simulation error: the test is exact here, and 20,000 further simulations err in .0464"
TOO_SHORT = "CR1 with few clusters is known to be too short (Cameron & Miller 2015); CR2 is offered"
ASYMPTOTIC = "chi-square holds in large samples only; Shapiro-Wilk stands beside it"


def _why_interval(kind: str, truth: str, n: int) -> str:
    if "unequal" in truth:
        return HIGH_DOSES
    return {"HC3": CAUTIOUS, "CR2 of single participants": UNEVEN_DF}.get(kind, "") if n == 30 else ""


def _why_test(test: str, truth: str, n: int) -> str:
    if "unequal" in truth:
        return HIGH_DOSES
    if test == "joint F of two terms, classical" and n == 300:
        return CHANCE
    if n == 30:
        small = {
            "joint F of two terms, HC3": SEVERAL_TERMS,
            "nonlinearity F, HC3": CAUTIOUS,
            "Koenker": ASYMPTOTIC_CHECK,
            "Jarque-Bera": ASYMPTOTIC,
        }
        return small.get(test, "")
    return ASYMPTOTIC if test == "Jarque-Bera" else ""


CELLS: tuple[Cell, ...] = (
    *(
        Cell(
            family="linear",
            method=f"t interval of a slope, {kind}",
            truth=truth,
            n=n,
            measure="coverage",
            simulate=partial(slope_covered, n=n, kind=kind, truth=truth),
            why=_why_interval(kind, truth, n),
        )
        for kind, truths in (
            ("classical", ("normal", "skewed")),
            ("HC3", ("normal", "skewed", "unequal spread", "skewed and unequal")),
            ("CR2 of single participants", ("normal", "skewed", "unequal spread", "skewed and unequal")),
        )
        for truth in truths
        for n in SIZES
    ),
    *(
        Cell(
            family="linear",
            method="studentized bootstrap of a slope",
            truth=truth,
            n=n,
            measure="coverage",
            simulate=partial(studentized_covered, n=n, truth=truth),
            why=HIGH_DOSES if "unequal" in truth else FEWER_DISTINCT,
        )
        for truth in ("normal", "unequal spread", "skewed and unequal")
        for n in (30, 95)
    ),
    *(
        Cell(
            family="linear",
            method=f"t interval, {kind}, {clusters} clusters, {('', 'dose of persons', 'indicator of clusters')[term]}",
            truth="clusters differ",
            n=n,
            measure="coverage",
            simulate=partial(clustered_covered, n=n, clusters=clusters, kind=kind, term=term),
            why=TOO_SHORT if kind == "CR1" else "",
        )
        for kind in ("CR1", "CR2")
        for n, clusters in ((40, 8), (95, 8), (95, 20), (300, 20))
        for term in (1, 2)
    ),
    *(
        Cell(
            family="linear",
            method=f"t test, CR2, {clusters} clusters, indicator of clusters",
            truth="clusters differ",
            n=n,
            measure="type I error",
            simulate=partial(clustered_rejected, n=n, clusters=clusters, term=2),
        )
        for n, clusters in ((95, 8), (300, 20))
    ),
    *(
        Cell(
            family="linear",
            method=test,
            truth=truth,
            n=n,
            measure="type I error",
            simulate=partial(test_rejected, n=n, test=test, truth=truth),
            why=_why_test(test, truth, n),
        )
        for test, truths in (
            ("joint F of two terms, classical", ("normal",)),
            ("joint F of two terms, HC3", ("normal", "unequal spread")),
            ("nonlinearity F, classical", ("normal",)),
            ("nonlinearity F, HC3", ("normal", "unequal spread")),
            ("Koenker", ("normal", "skewed")),
            ("RESET", ("normal",)),
            ("Shapiro-Wilk", ("normal",)),
            ("Jarque-Bera", ("normal",)),
        )
        for truth in truths
        for n in (30, 95, 300)
    ),
)
