"""Cells of count models: a constant, months in standard deviations, and an indicator; exposure of one to six months.

Counts of a hundred simulations share a design and are fitted in one batch; those without a finite fit are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from cells import Cell
from scipy import special, stats

from casearc.errors import StatisticsRefusedError
from casearc.statistics._ascent import Summit, ascend
from casearc.statistics.count_models import _kernel as kernel
from casearc.statistics.count_models import dispersion, exact_rate, poisson
from casearc.statistics.count_models._problem import count_problem
from casearc.statistics.count_models.poisson import fitted_poisson

BATCH = 100
TERMS = ["constant", "months", "housed"]
TRUTH = np.array([-0.3, 0.2, -0.4])
THETA = 2.0
Q = stats.norm.ppf(0.975)
CHI = stats.chi2.ppf(0.95, 1)
Draw = Callable[[np.random.Generator, np.ndarray, int], np.ndarray]


def design(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Terms and exposure."""
    months = rng.gamma(2.0, 1.0, n)
    housed = rng.permutation(np.arange(n) % 5 < 2).astype(float)
    return np.column_stack([np.ones(n), (months - months.mean()) / months.std(), housed]), rng.uniform(1.0, 6.0, n)


def poisson_counts(rng: np.random.Generator, mu: np.ndarray, times: int) -> np.ndarray:
    """As the Poisson law has it."""
    return rng.poisson(mu, (times, mu.size)).astype(float)


def spread_counts(rng: np.random.Generator, mu: np.ndarray, times: int) -> np.ndarray:
    """Negative binomial with theta 2."""
    return rng.negative_binomial(THETA, THETA / (THETA + mu), (times, mu.size)).astype(float)


def rare_counts(rng: np.random.Generator, mu: np.ndarray, times: int) -> np.ndarray:
    """Poisson at a fifth of the rate."""
    return rng.poisson(mu / 5.0, (times, mu.size)).astype(float)


def simulations(
    n: int, draw: Draw, judge: Callable[..., np.ndarray]
) -> Callable[[np.random.Generator, int], np.ndarray]:
    """A hundred at a time; `judge` gives hits of those that have a fit."""

    def simulate(rng: np.random.Generator, times: int) -> np.ndarray:
        found = []
        for first in range(0, times, BATCH):
            X, exposure = design(rng, n)
            mu = np.exp(X @ TRUTH) * exposure
            found.append(judge(X, exposure, draw(rng, mu, min(BATCH, times - first))))
        return np.concatenate(found)

    return simulate


def poisson_fits(
    X: np.ndarray, exposure: np.ndarray, y: np.ndarray, penalized: bool = False
) -> tuple[kernel.Poisson, Summit, np.ndarray]:
    """All fits, and which exist."""
    model = kernel.poisson_model(X, np.log(exposure), y, np.ones(y.shape), penalized=penalized)
    top = ascend(model, kernel.start_of(model), most_steps=200)
    return model, top, top.arrived if penalized else model.exists(top)


def fall(model: object, top: Summit, which: int, value: float) -> np.ndarray:
    """Twice the fall of the objective with one coefficient held."""
    held = np.zeros(top.parameters.shape, dtype=bool)
    held[:, which] = True
    start = top.parameters.copy()
    start[:, which] = value
    reduced = ascend(model, start, held=held, most_steps=200)
    return np.where(reduced.arrived, 2.0 * (top.value - reduced.value), np.inf)


def profile(X: np.ndarray, exposure: np.ndarray, y: np.ndarray, *, which: int, penalized: bool = False) -> np.ndarray:
    """Poisson's profile interval."""
    model, top, sound = poisson_fits(X, exposure, y, penalized)
    value = TRUTH[which] - (np.log(5.0) if penalized and which == 0 else 0.0)
    return (fall(model, top, which, value) <= CHI)[sound]


def wald(X: np.ndarray, exposure: np.ndarray, y: np.ndarray, *, which: int) -> np.ndarray:
    """Poisson's own errors."""
    _, top, sound = poisson_fits(X, exposure, y)
    z = np.abs(top.parameters[:, which] - TRUTH[which]) / np.sqrt(top.inverse[:, which, which])
    return (z <= Q)[sound]


def robust(X: np.ndarray, exposure: np.ndarray, y: np.ndarray, *, which: int, kind: str) -> np.ndarray:
    """The sandwiches and quasi-Poisson as `poisson` gives them."""
    hits = []
    for counts in y:
        try:
            fit = poisson(X, counts, terms=TERMS, exposure=exposure, covariance=kind)
        except StatisticsRefusedError:
            continue
        hits.append(fit.low[which] <= TRUTH[which] <= fit.high[which])
    return np.array(hits, dtype=bool)


def dispersed(X: np.ndarray, exposure: np.ndarray, y: np.ndarray, *, which: int, kind: str) -> np.ndarray:
    """The negative binomial's profile or Wald interval; Poisson's where theta runs to infinity."""
    model, plain, sound = poisson_fits(X, exposure, y)
    wide = kernel.negative_binomial_model(model)
    start = np.column_stack([plain.parameters, np.log(kernel.moment_alpha(model, plain.parameters))])
    top = ascend(wide, start, most_steps=200)
    sound &= top.arrived
    if kind == "profile":
        return (fall(wide, top, which, TRUTH[which]) <= CHI)[sound]
    alpha = np.where(wide.at_floor(top.parameters), 0.0, np.exp(top.parameters[:, -1]))[:, None]
    mu = np.exp(top.parameters[:, :-1] @ X.T) * exposure
    info = np.einsum("bn,ni,nj->bij", mu / (1.0 + alpha * mu), X, X)
    se = np.sqrt(np.linalg.inv(info)[:, which, which])
    return (np.abs(top.parameters[:, which] - TRUTH[which]) <= Q * se)[sound]


def likelihood_ratio(X: np.ndarray, exposure: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Whether the likelihood ratio finds overdispersion."""
    model, plain, sound = poisson_fits(X, exposure, y)
    wide = kernel.negative_binomial_model(model)
    start = np.column_stack([plain.parameters, np.log(kernel.moment_alpha(model, plain.parameters))])
    top = ascend(wide, start, most_steps=200)
    p = 0.5 * special.chdtrc(1.0, np.maximum(2.0 * (top.value - plain.value), 0.0))
    return (p < 0.05)[sound & top.arrived]


def spread(X: np.ndarray, exposure: np.ndarray, y: np.ndarray, *, name: str) -> np.ndarray:
    """Whether Pearson's chi-square, the regression of the excess or the score of zeros rejects."""
    hits = []
    for counts in y:
        try:
            problem = count_problem(X, counts, TERMS, exposure, None)
            mu = np.exp(problem.Z @ fitted_poisson(problem).parameters[0] + problem.offset)
        except StatisticsRefusedError:
            continue
        if name == "Pearson":
            hits.append(special.chdtrc(problem.n - 3, ((counts - mu) ** 2 / mu).sum()) < 0.05)
        elif name == "regression":
            t = dispersion._regression(problem, mu)[1]
            hits.append(t is not None and dispersion._upper_t(t, problem.n - 1) < 0.05)
        else:
            hits.append(dispersion._score(problem, mu) > CHI)
    return np.array(hits, dtype=bool)


def one_group(X: np.ndarray, exposure: np.ndarray, y: np.ndarray, *, rate: float) -> np.ndarray:
    """Whether the exact interval covers one rate for all."""
    found = [exact_rate(counts, exposure=exposure) for counts in y]
    return np.array([each.low <= rate <= each.high for each in found])


def exact(n: int, rate: float) -> Callable[[np.random.Generator, int], np.ndarray]:
    """Simulations of one group with one rate."""

    def simulate(rng: np.random.Generator, times: int) -> np.ndarray:
        exposure = rng.uniform(1.0, 6.0, n)
        y = rng.poisson(rate * exposure, (times, n)).astype(float)
        return one_group(np.ones((n, 1)), exposure, y, rate=rate)

    return simulate


SIZES = (30, 50, 95, 150, 300)
NOT_ROBUST = "The law's own errors hold under the law only; this cell shows why HC3 is the default."
THETA_LATE = (
    "Maximum likelihood finds too little overdispersion in few participants, so its errors are short; HC3 is nearer."
)
LEVERAGE = (
    "A few long exposures and skewed months weigh most here, and the sandwich sees their residuals only; "
    "t and HC3 mend most."
)
NEEDLESS = "A theta found where there is no overdispersion widens the interval a little."
TAKEN_UP = (
    "Fitted coefficients take up spread, so theta runs to infinity in more than the half of samples that the mixture "
    "supposes; the test is cautious."
)
SKEWED = "Fitted coefficients take up spread and the excess is skewed, so the one-sided test is cautious."
WHY: dict[tuple[str, str], str] = {
    ("Poisson profile", "negative"): NOT_ROBUST,
    ("Poisson Wald", "negative"): NOT_ROBUST,
    ("quasi-Poisson", "negative"): "One dispersion for all, but here it grows with the mean.",
    ("Poisson HC3", "negative"): LEVERAGE,
    ("Poisson HC3", "Poisson"): "HC3 is cautious where one of two groups is small (twelve participants).",
    ("negative binomial profile", "negative"): THETA_LATE,
    ("negative binomial Wald", "negative"): THETA_LATE,
    ("negative binomial profile", "Poisson"): NEEDLESS,
    ("negative binomial Wald", "Poisson"): NEEDLESS,
    ("overdispersion, likelihood ratio", "Poisson"): TAKEN_UP,
    ("overdispersion, regression", "Poisson"): SKEWED,
    ("overdispersion, Pearson", "Poisson"): "Where few are expected Pearson's sum is not chi-square.",
    ("zero inflation, score", "Poisson"): "Few zeros are expected, so the score is coarse and skewed.",
}
"""Why a share lies outside the bounds, by method and truth; printed for the cells of `OUTSIDE`."""

OUTSIDE: dict[tuple[str, str], tuple[int, ...]] = {
    ("Poisson profile, continuous term", "negative binomial, theta 2"): (
        30,
        50,
        95,
        150,
        300,
    ),
    ("Poisson Wald, continuous term", "negative binomial, theta 2"): (
        30,
        50,
        95,
        150,
        300,
    ),
    ("Poisson HC3, continuous term", "negative binomial, theta 2"): (
        30,
        50,
        95,
        150,
        300,
    ),
    ("quasi-Poisson, continuous term", "negative binomial, theta 2"): (
        30,
        50,
        95,
        150,
        300,
    ),
    ("negative binomial profile, continuous term", "negative binomial, theta 2"): (
        30,
        50,
    ),
    ("negative binomial Wald, continuous term", "negative binomial, theta 2"): (
        30,
        50,
        95,
    ),
    ("Poisson HC3, indicator", "Poisson"): (30,),
    ("negative binomial Wald, indicator", "Poisson"): (30,),
    ("Poisson profile, indicator", "negative binomial, theta 2"): (
        30,
        50,
        95,
        150,
        300,
    ),
    ("Poisson Wald, indicator", "negative binomial, theta 2"): (
        30,
        50,
        95,
        150,
        300,
    ),
    ("negative binomial profile, indicator", "negative binomial, theta 2"): (
        30,
        50,
    ),
    ("negative binomial Wald, indicator", "negative binomial, theta 2"): (
        30,
        50,
    ),
    ("overdispersion, likelihood ratio", "Poisson"): (
        30,
        50,
        95,
        150,
        300,
    ),
    ("negative binomial profile, continuous term", "Poisson"): (
        50,
        95,
        150,
    ),
    ("negative binomial Wald, continuous term", "Poisson"): (150,),
    ("overdispersion, regression", "Poisson"): (
        30,
        95,
        300,
    ),
    ("zero inflation, score", "Poisson"): (
        30,
        95,
        300,
    ),
    ("overdispersion, Pearson", "Poisson"): (95,),
}
"""Sizes at which a method's share lies outside the bounds, by method and truth."""

POISSON = ("Poisson", poisson_counts)
SPREAD = ("negative binomial, theta 2", spread_counts)
RARE = ("Poisson, rare", rare_counts)
NAMES = {1: "continuous term", 2: "indicator"}


def _intervals() -> list[tuple[str, tuple[str, Draw], Callable[..., np.ndarray]]]:
    found: list[tuple[str, tuple[str, Draw], Callable[..., np.ndarray]]] = []
    for which, name in NAMES.items():
        for truth in (POISSON, SPREAD):
            found += [
                (f"Poisson profile, {name}", truth, partial(profile, which=which)),
                (f"Poisson Wald, {name}", truth, partial(wald, which=which)),
                (f"Poisson HC3, {name}", truth, partial(robust, which=which, kind="HC3")),
                (f"quasi-Poisson, {name}", truth, partial(robust, which=which, kind="quasi")),
                (f"negative binomial profile, {name}", truth, partial(dispersed, which=which, kind="profile")),
                (f"negative binomial Wald, {name}", truth, partial(dispersed, which=which, kind="wald")),
            ]
        found.append((f"Firth profile, {name}", RARE, partial(profile, which=which, penalized=True)))
    return found


def _why(method: str, truth: str, n: int) -> str:
    if n not in OUTSIDE.get((method, truth), ()):
        return ""
    found = [why for (name, law), why in WHY.items() if method.startswith(name) and truth.startswith(law)]
    return found[0]


def _cell(method: str, truth: str, n: int, measure: str, simulate: Callable[..., np.ndarray], **kwargs: bool) -> Cell:
    return Cell(
        family="count",
        method=method,
        truth=truth,
        n=n,
        measure=measure,
        simulate=simulate,
        why=_why(method, truth, n),
        **kwargs,
    )


def _cells() -> list[Cell]:
    found = []
    for n in SIZES:
        for method, (truth, draw), judge in _intervals():
            found.append(_cell(method, truth, n, "coverage", simulations(n, draw, judge)))
        found.append(_cell("exact rate", "Poisson, rare", n, "coverage", exact(n, 0.05), exact=True))
        ratio = simulations(n, poisson_counts, likelihood_ratio)
        found.append(_cell("overdispersion, likelihood ratio", "Poisson", n, "type I error", ratio))
    for n in (30, 95, 300):
        for method, name in (
            ("overdispersion, regression", "regression"),
            ("overdispersion, Pearson", "Pearson"),
            ("zero inflation, score", "zeros"),
        ):
            simulate = simulations(n, poisson_counts, partial(spread, name=name))
            found.append(_cell(method, "Poisson", n, "type I error", simulate))
    return found


CELLS: tuple[Cell, ...] = tuple(_cells())
