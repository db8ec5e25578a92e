"""Cells of logistic and multinomial models: three or four unequal stages, a skewed dose and an indicator.

All data sets of a chunk are fitted at once by the kernels that the estimators use; an interval of a coefficient covers
when the likelihood-ratio test (or Wald's) of the true value does not reject. Data sets that the estimator refuses (a
stage nobody is at, separation under maximum likelihood) are left out, so a line may count fewer simulations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from cells import Cell

from casearc.statistics.categorical import _batched_fit as fits
from casearc.statistics.categorical import _marginal as marginal
from casearc.statistics.categorical import bootstrap_multinomial
from casearc.statistics.categorical._batched_model import Batch, batch_of

CHI = 3.841458820694124  # 95 % point of chi-square with 1 df
Z = 1.959963984540054
DOSE, FLAG = 1, 2
TERMS = ("constant", "dose", "flag")
LEVELS = ("0", "1", "2", "3")


@dataclass(frozen=True)
class Truth:
    """Coefficients (J - 1, 3) of a constant, the dose and the indicator, for levels 1 to J - 1."""

    name: str
    b: np.ndarray
    level: int  # whose coefficient or probability is looked at, counted among levels 1 to J - 1

    @property
    def levels(self) -> int:
        return self.b.shape[0] + 1


TWO = Truth("yes or no, 35 %, dose matters", np.array([[-0.6, 0.5, 0.4]]), 0)
TWO_NULL = Truth("yes or no, 35 %, dose does not matter", np.array([[-0.6, 0.0, 0.4]]), 0)
FOUR = Truth("four stages, common one", np.array([[-0.2, 0.4, 0.3], [-0.6, 0.6, 0.2], [-1.3, 0.8, 0.4]]), 0)
FOUR_RARE = Truth("four stages, rarest one", FOUR.b, 2)
FOUR_NULL = Truth("four stages, dose does not matter", FOUR.b * np.array([1.0, 0.0, 1.0]), 1)
THREE = Truth("three stages", np.array([[-0.2, 0.4, 0.3], [-0.9, 0.6, 0.2]]), 0)
THREE_NULL = Truth("three stages, dose does not matter", THREE.b * np.array([1.0, 0.0, 1.0]), 0)


@dataclass(frozen=True)
class Sample:
    """Data sets in the basis in which the chosen column comes last: ``X[..., order] = Q R``."""

    X: np.ndarray
    y: np.ndarray
    order: list[int]
    R: np.ndarray
    batch: Batch

    def coordinates(self, b: np.ndarray) -> np.ndarray:
        """Of the same coefficients in every data set, (B, J - 1, k)."""
        return np.einsum("jk,blk->bjl", b[:, self.order], self.R)

    def coefficients(self, g: np.ndarray) -> np.ndarray:
        """Back in the columns of X."""
        solved = np.linalg.solve(self.R, np.swapaxes(g, 1, 2))
        return np.swapaxes(solved, 1, 2)[:, :, np.argsort(self.order)]

    def take(self, kept: np.ndarray) -> Sample:
        return Sample(self.X[kept], self.y[kept], self.order, self.R[kept], self.batch.take(kept))


def draw(rng: np.random.Generator, times: int, truth: Truth, n: int, column: int = DOSE) -> Sample:
    dose = rng.gamma(2.0, 1.0, (times, n)) - 2.0
    flag = rng.random((times, n)) < 0.4
    X = np.stack([np.ones((times, n)), dose, flag], axis=2)
    P = marginal.level_probabilities(np.broadcast_to(truth.b, (times, *truth.b.shape)), X)
    y = (P.cumsum(axis=1) < rng.random((times, 1, n))).sum(axis=1)
    everybody = np.stack([(y == j).any(axis=1) for j in range(truth.levels)]).all(axis=0)
    kept = everybody & flag.any(axis=1) & ~flag.all(axis=1)
    order = [i for i in range(3) if i != column] + [column]
    Q, R = np.linalg.qr(X[kept][:, :, order])
    return Sample(X[kept], y[kept], order, R, batch_of(Q, y[kept], np.ones((kept.sum(), n)), levels=truth.levels))


def fitted(sample: Sample, *, penalized: bool) -> tuple[Sample, fits.Fits]:
    """The data sets that have a fit, and the fits."""
    start = np.zeros((sample.batch.free, 3))
    found = fits.fit(sample.batch, start, penalized=penalized)
    kept = found.settled
    return sample.take(kept), fits.Fits(**{name: getattr(found, name)[kept] for name in fits.Fits.__slots__})


def profile(rng: np.random.Generator, times: int, *, truth: Truth, n: int, penalized: bool) -> np.ndarray:
    """Whether the likelihood-ratio test keeps the true coefficient of the dose."""
    sample, best = fitted(draw(rng, times, truth, n), penalized=penalized)
    held = np.zeros((truth.levels - 1, 3), dtype=bool)
    held[truth.level, -1] = True
    start = np.where(held, sample.coordinates(truth.b), best.g)
    under = fits.fit(sample.batch, start, penalized=penalized, fixed=held.ravel())
    return (2.0 * (best.objective - under.objective) <= CHI)[under.settled]


def predictor(rng: np.random.Generator, times: int, *, truth: Truth, n: int, penalized: bool) -> np.ndarray:
    """Whether the likelihood-ratio test of the dose over all equations rejects."""
    from scipy import special

    sample, best = fitted(draw(rng, times, truth, n), penalized=penalized)
    held = np.zeros((truth.levels - 1, 3), dtype=bool)
    held[:, -1] = True
    under = fits.fit(sample.batch, np.where(held, 0.0, best.g), penalized=penalized, fixed=held.ravel())
    ratio = 2.0 * (best.objective - under.objective)
    return (ratio > special.chdtri(truth.levels - 1, 0.05))[under.settled]


def wald(rng: np.random.Generator, times: int, *, truth: Truth, n: int, penalized: bool) -> np.ndarray:
    """Whether Wald's interval covers the true coefficient of the dose."""
    sample, best = fitted(draw(rng, times, truth, n), penalized=penalized)
    place = truth.level * 3 + 2
    se = np.sqrt(fits.covariances(sample.batch, best.g)[:, place, place])
    gap = best.g[:, truth.level, -1] - sample.coordinates(truth.b)[:, truth.level, -1]
    return np.abs(gap) <= Z * se


def covariance(sample: Sample, best: fits.Fits) -> np.ndarray:
    """Of the coefficients in the columns of X, (B, p, p)."""
    inverse = np.linalg.inv(sample.R)[:, np.argsort(sample.order)]
    B, free, k = best.g.shape
    blocks = fits.covariances(sample.batch, best.g).reshape(B, free, k, free, k)
    turned = np.einsum("bij,bajcl,bml->baicm", inverse, blocks, inverse, optimize=True)
    return turned.reshape(B, free * k, free * k)


def averages(rng: np.random.Generator, times: int, *, truth: Truth, n: int, penalized: bool, what: str) -> np.ndarray:
    """Whether the delta-method interval covers the average effect on the probability of the level looked at."""
    sample, best = fitted(draw(rng, times, truth, n), penalized=penalized)
    b, V = sample.coefficients(best.g), covariance(sample, best)
    shares = np.full(sample.y.shape, 1.0 / n)
    real = np.broadcast_to(truth.b, b.shape)
    value, derivative = effect(what, b, sample.X, shares)
    target, _ = effect(what, real, sample.X, shares)
    j = truth.level + 1
    se = np.sqrt(np.einsum("bp,bpq,bq->b", derivative[:, j], V, derivative[:, j]))
    return np.abs(value[:, j] - target[:, j]) <= Z * se


def effect(what: str, b: np.ndarray, X: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope of the dose, change with the indicator, or log risk ratio of a dose of 2 against -1."""
    if what == "slope":
        P = marginal.level_probabilities(b, X)
        return marginal.slope(b, P, shares, DOSE), marginal.slope_derivative(b, P, X, shares, DOSE)
    if what == "change":
        off, on = marginal.switched(X, FLAG)
    else:
        off, on = X.copy(), X.copy()
        off[..., DOSE], on[..., DOSE] = -1.0, 2.0
    (low, low_slope), (high, high_slope) = (
        (marginal.average(P, shares), marginal.average_derivative(P, rows, shares))
        for rows in (off, on)
        for P in [marginal.level_probabilities(b, rows)]
    )
    if what == "change":
        return high - low, high_slope - low_slope
    return np.log(high / low), high_slope / high[:, :, None] - low_slope / low[:, :, None]


def resampled(
    rng: np.random.Generator, times: int, *, truth: Truth, n: int, quantity: str, interval: str
) -> np.ndarray:
    """Whether a bootstrap interval of 399 draws covers; a tenth of the simulations, each being 500 fits."""
    sample, _ = fitted(draw(rng, max(times // 10, 1), truth, n), penalized=True)
    b = np.broadcast_to(truth.b, (sample.y.shape[0], *truth.b.shape))
    slopes = marginal.slope(b, marginal.level_probabilities(b, sample.X), np.full(sample.y.shape, 1.0 / n), DOSE)
    covered = []
    for X, y, slope in zip(sample.X, sample.y, slopes, strict=True):
        result = bootstrap_multinomial(
            X, y, terms=TERMS, levels=LEVELS[: truth.levels], rng_or_seed=rng, penalty="firth", draws=399
        )
        name = (quantity, LEVELS[truth.level + 1], "dose")
        at = list(zip(result.quantities, result.y_levels, result.terms, strict=True)).index(name)
        target = truth.b[truth.level, DOSE] if quantity == "coefficient" else slope[truth.level + 1]
        low, high = (getattr(result, f"{interval}_{end}")[at] for end in ("low", "high"))
        covered.append(low <= target <= high)
    return np.array(covered)


def rejects(covered: Callable[..., np.ndarray], rng: np.random.Generator, times: int) -> np.ndarray:
    return ~covered(rng, times)


SIZES = (30, 60, 95, 150, 300)


def cells_of(method: str, simulate: Callable[..., np.ndarray], truth: Truth, sizes: tuple[int, ...], **options: object):
    """Coverage over the sizes; type I error where the truth is none."""
    null = "does not matter" in truth.name and simulate is not predictor
    for n in sizes:
        covered = partial(simulate, truth=truth, n=n, **options)
        yield Cell(
            family="multinomial",
            method=method,
            truth=truth.name,
            n=n,
            measure="type I error" if null or simulate is predictor else "coverage",
            simulate=partial(rejects, covered) if null else covered,
            why=why(method, truth, n),
        )


REASONS = (
    (
        "Firth, bootstrap",
        (),
        95,
        "1,000 simulations, for each is 2,000 refits: their share strays by .007; Firth's pull to zero does the rest",
    ),
    # method starts with, truths (all where empty), largest n it holds for, the reason
    (
        "Firth, profile",
        (FOUR_RARE, FOUR_NULL),
        60,
        "with 3 to 8 people at the rarest stage the penalty holds estimates"
        " nearer zero than they vary: a little cautious",
    ),
    (
        "Firth, profile",
        (TWO_NULL,),
        30,
        "with about ten events the penalty holds estimates nearer zero than they vary: a little cautious",
    ),
    (
        "Firth, test of a predictor",
        (),
        95,
        "few people a coefficient: the penalized likelihood ratio is a little cautious",
    ),
    (
        "Firth, Wald",
        (),
        300,
        "errors from the information are larger than Firth estimates vary: too cautious, which is why"
        " the profile is the default",
    ),
    (
        "maximum likelihood, profile",
        (),
        150,
        "few people a coefficient: the likelihood ratio exceeds its chi-square, and"
        " separated data sets are left out; use Firth",
    ),
    (
        "maximum likelihood, test of a predictor",
        (),
        300,
        "few people a coefficient: the likelihood ratio exceeds its"
        " chi-square, and separated data sets are left out; use Firth",
    ),
    (
        "maximum likelihood, Wald",
        (),
        60,
        "estimates stray away from zero and their errors with them (Hauck & Donner 1977):"
        " cautious; separated data sets are left out",
    ),
    (
        "maximum likelihood, average slope",
        (),
        95,
        "with few people at a stage probabilities are fitted too well, so the delta"
        " method's error is too small; use Firth",
    ),
    ("maximum likelihood, risk ratio", (), 30, "6 in 10 data sets have a fit at all"),
    (
        "maximum likelihood, risk ratio",
        (),
        150,
        "as with Firth: at the ends of the dose the delta method on the log scale is a little cautious",
    ),
    (
        "Firth, average",
        (FOUR_RARE,),
        300,
        "errors from the information are larger than Firth estimates vary: a little cautious where a stage is rare",
    ),
    (
        "Firth, average",
        (FOUR,),
        95,
        "errors from the information are larger than Firth estimates vary: a little"
        " cautious where a stage has few people",
    ),
    (
        "Firth, risk ratio",
        (),
        300,
        "the ratio compares the ends of the dose, where probabilities are small and the delta method"
        " on the log scale is cautious; so is an E-value from its limit",
    ),
)
"""Seen in the stored simulations."""


def why(method: str, truth: Truth, n: int) -> str:
    """The reason why a cell may lie outside the bounds."""
    for start, truths, largest, reason in REASONS:
        if method.startswith(start) and n <= largest and (not truths or any(truth is each for each in truths)):
            return reason
    return ""


CELLS = tuple(
    cell
    for group in (
        *(
            cells_of("Firth, profile", profile, truth, SIZES, penalized=True)
            for truth in (TWO, TWO_NULL, THREE, FOUR, FOUR_RARE, FOUR_NULL)
        ),
        *(
            cells_of("Firth, test of a predictor", predictor, truth, SIZES, penalized=True)
            for truth in (THREE_NULL, FOUR_NULL)
        ),
        *(cells_of("Firth, Wald", wald, truth, SIZES, penalized=True) for truth in (FOUR_RARE, FOUR_NULL)),
        *(
            cells_of("maximum likelihood, profile", profile, truth, SIZES, penalized=False)
            for truth in (TWO, FOUR, FOUR_NULL)
        ),
        *(
            cells_of("maximum likelihood, Wald", wald, truth, SIZES, penalized=False)
            for truth in (TWO, FOUR, FOUR_NULL)
        ),
        *(
            cells_of("maximum likelihood, test of a predictor", predictor, truth, SIZES, penalized=False)
            for truth in (FOUR_NULL,)
        ),
        *(
            cells_of(f"Firth, {name}", averages, truth, SIZES, penalized=True, what=what)
            for what, name in (("slope", "average slope"), ("change", "average change"), ("ratio", "risk ratio"))
            for truth in (TWO, FOUR, FOUR_RARE)
        ),
        *(
            cells_of(f"maximum likelihood, {name}", averages, FOUR, SIZES, penalized=False, what=what)
            for what, name in (("slope", "average slope"), ("ratio", "risk ratio"))
        ),
        *(
            cells_of(
                f"Firth, bootstrap of a {quantity}, {interval}",
                resampled,
                THREE,
                (95, 300),
                quantity=quantity,
                interval=interval,
            )
            for quantity, interval in (
                ("coefficient", "percentile"),
                ("coefficient", "bca"),
                ("marginal effect", "bca"),
            )
        ),
    )
    for cell in group
)
