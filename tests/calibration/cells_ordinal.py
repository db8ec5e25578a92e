"""Cells of ordinal regression: four levels, a continuous term in standard deviations and an indicator.

Outcomes of a hundred simulations share a design; each participant stands in the rows J times, once a level, and the
simulated level is the one of weight 1, so that one batch fits all. Simulations without a finite fit are left out.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from cells import Cell
from scipy import special, stats

from casearc.errors import StatisticsRefusedError
from casearc.statistics._ascent import Summit, ascend
from casearc.statistics.categorical import _ordinal_kernel as kernel
from casearc.statistics.categorical import _ordinal_marginal as marginal
from casearc.statistics.categorical import ordinal_tests
from casearc.statistics.categorical._ordinal_fitting import fitted
from casearc.statistics.categorical._ordinal_problem import ordinal_problem

J = 4
THRESHOLDS = np.array([-1.2, 0.0, 1.2])
SLOPES = np.array([0.5, -0.6])
BATCH = 100
Q = stats.norm.ppf(0.975)
CHI = stats.chi2.ppf(0.95, 1)
Simulated = tuple[np.ndarray, np.ndarray, np.ndarray]


def design(rng: np.random.Generator, n: int) -> np.ndarray:
    """Months, skewed as months of service are, and an indicator four in ten have."""
    months = rng.gamma(2.0, 1.0, n)
    housed = rng.permutation(np.arange(n) % 5 < 2).astype(float)
    return np.column_stack([(months - months.mean()) / months.std(), housed - housed.mean()])


def outcomes(rng: np.random.Generator, X: np.ndarray, slopes: np.ndarray, times: int) -> np.ndarray:
    """Levels, (times, n)."""
    below = special.expit(THRESHOLDS[None, :] - (X @ slopes)[:, None])
    return (rng.random((times, X.shape[0], 1)) > below).sum(axis=2)


def stacked(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Level numbers and design of n J rows, and weights (times, n J)."""
    codes = np.tile(np.arange(J), X.shape[0])
    weights = (y[:, :, None] == np.arange(J)).reshape(y.shape[0], -1).astype(float)
    return codes, np.repeat(X, J, axis=0), weights


def fits(X: np.ndarray, y: np.ndarray, penalized: bool) -> tuple[object, Summit, np.ndarray]:
    """The model, where it arrived, and which have a proven fit."""
    codes, rows, weights = stacked(X, y)
    start, full = kernel.null_start(codes, weights, J, J - 1 + X.shape[1])
    plain = kernel.CumulativeLogit(kernel.splits_of(codes, rows, J), weights)
    if penalized:
        model = kernel.jeffreys(plain, X, J, np.ones(y.shape))
        top = ascend(model, start, most_steps=500)
        return model, top, top.arrived & full
    top = ascend(plain, start)
    return plain, top, plain.exists(top) & full


def hits(
    n: int, judge: Callable[..., np.ndarray], slopes: np.ndarray = SLOPES, penalized: bool = False
) -> Callable[[np.random.Generator, int], np.ndarray]:
    """Simulations of a hundred at a time, judged where there is a fit."""

    def simulate(rng: np.random.Generator, times: int) -> np.ndarray:
        found = []
        for first in range(0, times, BATCH):
            X = design(rng, n)
            y = outcomes(rng, X, slopes, min(BATCH, times - first))
            model, top, sound = fits(X, y, penalized)
            found.append(judge(X, model, top, slopes)[sound])
        return np.concatenate(found)

    return simulate


def fall(model: object, top: Summit, held_at: np.ndarray, which: np.ndarray) -> np.ndarray:
    """Twice the fall of the objective with some slopes held."""
    held = np.zeros(top.parameters.shape, dtype=bool)
    held[:, J - 1 + which] = True
    start = top.parameters.copy()
    start[:, J - 1 + which] = held_at
    reduced = ascend(model, start, held=held, most_steps=500)
    return np.where(reduced.arrived, 2.0 * (top.value - reduced.value), np.inf)


def profile(term: int) -> Callable[..., np.ndarray]:
    """Whether the profile interval covers: the fall at the truth is below the chi-square."""
    return lambda X, model, top, slopes: fall(model, top, slopes[term], np.array([term])) <= CHI


def wald(term: int) -> Callable[..., np.ndarray]:
    """Whether the Wald interval covers."""

    def judge(X: np.ndarray, model: object, top: Summit, slopes: np.ndarray) -> np.ndarray:
        at = J - 1 + term
        return np.abs(top.parameters[:, at] - slopes[term]) <= Q * np.sqrt(top.inverse[:, at, at])

    return judge


def all_slopes(X: np.ndarray, model: object, top: Summit, slopes: np.ndarray) -> np.ndarray:
    """Whether the likelihood ratio of both slopes rejects."""
    return fall(model, top, 0.0, np.array([0, 1])) > stats.chi2.ppf(0.95, 2)


def effect(X: np.ndarray, model: object, top: Summit, slopes: np.ndarray) -> np.ndarray:
    """Whether the delta interval of the months' average marginal effect on the highest level covers."""
    truth = np.concatenate([THRESHOLDS, slopes])[None, :]
    shares = np.full((1, X.shape[0]), 1.0 / X.shape[0])
    target = marginal.slope(truth, X, shares, 0)[0, -1]
    many = np.repeat(shares, top.parameters.shape[0], axis=0)
    estimate = marginal.slope(top.parameters, X, many, 0)[:, -1]
    by = marginal.slope_derivative(top.parameters, X, many, 0)[:, -1]
    se = np.sqrt(np.maximum(np.einsum("bp,bpq,bq->b", by, top.inverse, by), 0.0))
    return np.abs(estimate - target) <= Q * se


def average(X: np.ndarray, model: object, top: Summit, slopes: np.ndarray) -> np.ndarray:
    """Whether the interval of the average probability of the highest level covers."""
    truth = np.concatenate([THRESHOLDS, slopes])[None, :]
    shares = np.full((1, X.shape[0]), 1.0 / X.shape[0])
    target = marginal.average(truth, X, shares)[0, -1]
    many = np.repeat(shares, top.parameters.shape[0], axis=0)
    P = marginal.average(top.parameters, X, many)[:, -1]
    by = marginal.average_derivative(top.parameters, X, many)[:, -1]
    se = np.sqrt(np.einsum("bp,bpq,bq->b", by, top.inverse, by))
    return np.abs(special.logit(P) - special.logit(target)) <= Q * se / (P * (1.0 - P))


def proportionality(n: int, method: str) -> Callable[[np.random.Generator, int], np.ndarray]:
    """Whether a test of proportional odds rejects where odds are proportional; those without an answer are left out."""

    def simulate(rng: np.random.Generator, times: int) -> np.ndarray:
        found = []
        for first in range(0, times, BATCH):
            X = design(rng, n)
            for y in outcomes(rng, X, SLOPES, min(BATCH, times - first)):
                statistic = _statistic(X, y, method)
                if statistic is not None:
                    found.append(statistic > stats.chi2.ppf(0.95, 2 * (J - 2)))
        return np.array(found, dtype=bool)

    return simulate


def _statistic(X: np.ndarray, y: np.ndarray, method: str) -> float | None:
    try:
        problem = ordinal_problem(X, y, ["months", "housed"], list("abcd"), None)
        if method == "Brant":
            return ordinal_tests._brant(problem, [np.arange(2)])[0]
        at = fitted(problem, "none").parameters[0]
        ask = ordinal_tests._score if method == "score" else ordinal_tests._likelihood_ratio
        return ask(problem, at, np.arange(2))
    except StatisticsRefusedError:
        return None


SIZES = (30, 50, 95, 150, 300)
FEW = (
    "maximum likelihood slopes of few participants lie too far from zero and vary more than the likelihood tells; "
    "Jeffreys' profile covers"
)
DELTA = "the delta method in few participants; the bootstrap of people is offered beside it"
SPLITS = (
    "a slope a split asks more of few participants than they can tell, so chi-square comes late; the score test, which "
    "fits no such model, is the default"
)
CLOSE = "a little short still; Jeffreys' profile covers"
CAUTIOUS = "the penalty pulls slopes to zero, which makes the test cautious with thirty participants"
WHY: dict[tuple[str, int], str] = {
    **{(f"profile, {term}", n): FEW for term in ("continuous term", "indicator") for n in (30, 50, 95)},
    **{("average marginal effect", n): DELTA for n in (30, 50, 95, 150)},
    **{("likelihood ratio, both slopes", n): FEW for n in (30, 50)},
    ("penalized likelihood ratio, both slopes", 30): CAUTIOUS,
    ("Wald, indicator", 150): CLOSE,
    **{(f"proportional odds, {test}", n): SPLITS for test in ("likelihood ratio", "Brant") for n in (30, 95, 300)},
}


def _cell(method: str, n: int, truth: str, measure: str, simulate: Callable[..., np.ndarray]) -> Cell:
    return Cell(
        family="ordinal",
        method=method,
        truth=truth,
        n=n,
        measure=measure,
        simulate=simulate,
        why=WHY.get((method, n), ""),
    )


def _cells() -> list[Cell]:
    truth = "odds ratios 1.6 a SD and 0.55"
    found = []
    for n in SIZES:
        for method, judge, penalized in (
            ("profile, continuous term", profile(0), False),
            ("profile, indicator", profile(1), False),
            ("Wald, continuous term", wald(0), False),
            ("Wald, indicator", wald(1), False),
            ("Jeffreys profile, continuous term", profile(0), True),
            ("Jeffreys profile, indicator", profile(1), True),
            ("average marginal effect", effect, False),
            ("average probability", average, False),
        ):
            found.append(_cell(method, n, truth, "coverage", hits(n, judge, penalized=penalized)))
        for method, penalized in (
            ("likelihood ratio, both slopes", False),
            ("penalized likelihood ratio, both slopes", True),
        ):
            none = hits(n, all_slopes, np.zeros(2), penalized)
            found.append(_cell(method, n, "no effect", "type I error", none))
    for n in (30, 95, 300):
        for method in ("likelihood ratio", "score", "Brant"):
            name = f"proportional odds, {method}"
            found.append(_cell(name, n, truth, "type I error", proportionality(n, method)))
    return found


CELLS: tuple[Cell, ...] = tuple(_cells())
