"""Bootstrap of a count model: all draws fitted at once, intervals of coefficients and rate ratios."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Vector, Whole, confidence, draw_weights, frozen
from casearc.statistics._ascent import Array, ascend
from casearc.statistics.count_models import _kernel as kernel
from casearc.statistics.count_models._problem import CountProblem, count_problem
from casearc.statistics.count_models.fit import Family
from casearc.statistics.resampling import bootstrap, percentile_interval
from casearc.statistics.results import Result, Row

CHUNK = 250
"""Draws in one batch, so that their figures stay in the processor's cache."""

THREADS = 2
FAMILIES: tuple[Family, ...] = ("Poisson", "negative binomial")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountDraws(Result):
    """Refits of a count model to bootstrap draws.

    Attributes
    ----------
    fitted
        Which draws have a fit, shape (m,). The others have no event, or participants who do not tell the terms apart,
        or their fit did not settle.
    coefficients
        Of those with a fit, shape (m, k).
    separated
        Those in which maximum likelihood has no answer; the Poisson fit with Firth's penalty stands in, (m,).
    at_boundary
        Those in which theta ran to infinity, so that the fit is Poisson's, (m,); all False for Poisson.
    draws
        Draws asked for.
    """

    fitted: Whole
    coefficients: Array
    separated: NDArray[np.bool_]
    at_boundary: NDArray[np.bool_]
    draws: int

    def rows(self) -> list[Row]:
        """One row a draw that has a fit."""
        flags = zip(self.fitted.tolist(), self.separated.tolist(), self.at_boundary.tolist(), strict=True)
        return [
            {"draw": draw, "separated": separated, "at_boundary": edge, **{f"b{j + 1}": v for j, v in enumerate(row)}}
            for (draw, separated, edge), row in zip(flags, self.coefficients.tolist(), strict=True)
        ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BootstrapCounts(Result):
    """Bootstrap intervals of a count model's coefficients, shape (k,); exponentials of limits are those of ratios.

    Attributes
    ----------
    se
        Standard deviation of the draws.
    percentile_low, percentile_high, bca_low, bca_high
        Limits; infinite (open) where none could be had, which `notes` tell.
    draws, failed, separated, at_boundary
        Draws made; those without a fit, which were left out; those as in `CountDraws`.
    """

    terms: tuple[str, ...]
    family: Family
    estimate: Vector
    se: Vector
    percentile_low: Vector
    percentile_high: Vector
    bca_low: Vector
    bca_high: Vector
    level: float
    draws: int
    failed: int
    separated: int
    at_boundary: int
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a term; the interval under `conf_low` and `conf_high` is BCa's."""
        figures = (self.estimate, self.se, self.bca_low, self.bca_high, self.percentile_low, self.percentile_high)
        names = ("estimate", "std_error", "conf_low", "conf_high", "percentile_low", "percentile_high")
        return [
            {
                "term": term,
                **{name: float(of[i]) if np.isfinite(of[i]) else None for name, of in zip(names, figures, strict=True)},
            }
            for i, term in enumerate(self.terms)
        ]


@dataclass(frozen=True, slots=True)
class Refits:
    """Coefficients of every draw in the terms, (draws, k), nan where there is no fit; which were of which kind."""

    coefficients: Array
    separated: NDArray[np.bool_]
    at_boundary: NDArray[np.bool_]


def count_draws(
    design: ArrayLike,
    counts: ArrayLike,
    draws: ArrayLike,
    *,
    terms: Sequence[str],
    exposure: ArrayLike | None = None,
    family: Family = "Poisson",
) -> CountDraws:
    """Fit the model to every draw of a bootstrap, given as how often it counts each row.

    Parameters
    ----------
    design, counts, terms, exposure
        As in `poisson`.
    draws
        Whole-number weights of shape (draws, n), as `casearc.statistics.resampling.case_weights` makes them.
    family
        ``"Poisson"`` or ``"negative binomial"``.

    Raises
    ------
    StatisticsRefusedError
        What `poisson` refuses of the sample; weights that are not whole numbers or do not fit the rows.

    Examples
    --------
    >>> X, events = [[1, 0], [1, 0], [1, 1], [1, 1]], [1, 3, 0, 4]
    >>> refits = count_draws(X, events, [[1, 1, 1, 1], [1, 1, 2, 0], [2, 2, 0, 0]], terms=["constant", "served"])
    >>> refits.fitted.tolist(), refits.separated.tolist()
    ([0, 1], [False, True])
    """
    problem = count_problem(design, counts, terms, exposure, None)
    found = refit(problem, draw_weights(draws, problem.counts.size), _known(family))
    sound = np.isfinite(found.coefficients[:, 0])
    return CountDraws(
        fitted=np.flatnonzero(sound),
        coefficients=frozen(found.coefficients[sound]),
        separated=found.separated[sound],
        at_boundary=found.at_boundary[sound],
        draws=sound.size,
    )


def bootstrap_counts(
    design: ArrayLike,
    counts: ArrayLike,
    *,
    terms: Sequence[str],
    rng_or_seed: np.random.Generator | int,
    exposure: ArrayLike | None = None,
    family: Family = "Poisson",
    draws: int = 2000,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> BootstrapCounts:
    """Bootstrap the coefficients of a Poisson or negative binomial model, participants drawn whole.

    Parameters
    ----------
    design, counts, terms, exposure, level
        As in `poisson`.
    family
        ``"Poisson"`` or ``"negative binomial"``.
    rng_or_seed, strata, clusters
        As in `casearc.statistics.resampling.case_weights`; clusters are rows drawn together.
    draws
        Bootstrap samples.

    Raises
    ------
    StatisticsRefusedError
        What `poisson` and `casearc.statistics.resampling.bootstrap` refuse.

    Notes
    -----
    A draw in which a group has no event takes the Poisson fit with Firth's penalty; a note prints their share.

    Examples
    --------
    >>> X, events = [[1.0, i % 2] for i in range(20)], [2, 5, 1, 4, 0, 6, 3, 3, 2, 8, 1, 5, 2, 2, 4, 7, 3, 6, 1, 4]
    >>> result = bootstrap_counts(X, events, terms=["constant", "served"], rng_or_seed=1, draws=1000)
    >>> bool(result.bca_low[1] < result.estimate[1] < result.bca_high[1])
    True
    """
    confidence(level)
    problem = count_problem(design, counts, terms, exposure, None)
    refits = _Statistic(problem, _known(family))
    n = problem.counts.size
    bca = bootstrap(
        refits,
        n,
        draws=draws,
        rng_or_seed=rng_or_seed,
        strata=strata,
        clusters=clusters,
        method="BCa",
        level=level,
        terms=problem.terms,
    )
    values, separated, edge = (
        np.concatenate([getattr(part, name) for part in refits.given])[1 : draws + 1]
        for name in ("coefficients", "separated", "at_boundary")
    )
    percentile = percentile_interval(values, level, terms=problem.terms)
    count = int(separated.sum())
    share = f"{count:,} of {draws:,} draws ({count / draws:.1%}) were separated and fitted with Firth's penalty."
    return BootstrapCounts(
        terms=problem.terms,
        family=family,
        estimate=frozen(refits.given[0].coefficients[0]),
        se=bca.se,
        percentile_low=percentile.low,
        percentile_high=percentile.high,
        bca_low=bca.low,
        bca_high=bca.high,
        level=level,
        draws=draws,
        failed=int(bca.failed.max()),
        separated=count,
        at_boundary=int(edge.sum()),
        notes=((share,) if count else ()) + bca.notes,
    )


def refit(problem: CountProblem, weights: Matrix, family: Family) -> Refits:
    """Refit to draws (draws, n), in chunks over two threads."""
    chunks = [weights[i : i + CHUNK] for i in range(0, weights.shape[0], CHUNK)]
    with ThreadPoolExecutor(THREADS) as pool:
        parts = list(pool.map(lambda chunk: _refit(problem, chunk, family), chunks))
    coefficients = np.concatenate([part.coefficients for part in parts]) @ problem.back.T
    return Refits(
        coefficients,
        np.concatenate([part.separated for part in parts]),
        np.concatenate([part.at_boundary for part in parts]),
    )


def _refit(problem: CountProblem, weights: Matrix, family: Family) -> Refits:
    coefficients = np.full((weights.shape[0], len(problem.terms)), np.nan)
    separated, edge = np.zeros(weights.shape[0], dtype=bool), np.zeros(weights.shape[0], dtype=bool)
    left = np.flatnonzero(((weights @ problem.counts) > 0) & _of_full_rank(problem.Z, weights))
    if left.size:
        model = kernel.poisson_model(problem.Z, problem.offset, problem.counts, weights[left])
        summit = ascend(model, kernel.start_of(model))
        exists = model.exists(summit)
        sound = left[exists]
        coefficients[sound] = summit.parameters[exists]
        if family == "negative binomial" and sound.size:
            coefficients[sound], edge[sound] = _dispersed(problem, weights[sound], coefficients[sound])
        left = left[~exists]
        separated[left] = True
    if left.size:
        model = kernel.poisson_model(problem.Z, problem.offset, problem.counts, weights[left], penalized=True)
        summit = ascend(model, kernel.start_of(model), most_steps=200)
        coefficients[left[summit.arrived]] = summit.parameters[summit.arrived]
    return Refits(coefficients, separated, edge)


def _dispersed(problem: CountProblem, weights: Matrix, start: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Negative binomial coefficients; Poisson's where theta runs to infinity, which is flagged."""
    poisson = kernel.poisson_model(problem.Z, problem.offset, problem.counts, weights)
    model = kernel.negative_binomial_model(poisson)
    alpha = np.log(kernel.moment_alpha(poisson, start))
    summit = ascend(model, np.column_stack([start, alpha]), most_steps=200)
    edge = summit.arrived & model.at_floor(summit.parameters)
    found = np.where(summit.arrived[:, None], summit.parameters[:, :-1], np.nan)
    return np.where(edge[:, None], start, found), edge


class _Statistic:
    """The statistic that is bootstrapped; it keeps what it gave, in the order it was asked."""

    def __init__(self, problem: CountProblem, family: Family) -> None:
        self.problem, self.family = problem, family
        self.given: list[Refits] = []

    def __call__(self, weights: Whole) -> Matrix:
        self.given.append(refit(self.problem, weights.astype(np.float64), self.family))
        return self.given[-1].coefficients


def _of_full_rank(Z: Matrix, weights: Matrix) -> NDArray[np.bool_]:
    """Draws whose participants tell the terms apart."""
    first, second = np.triu_indices(Z.shape[1])
    cross = np.empty((weights.shape[0], Z.shape[1], Z.shape[1]))
    cross[:, first, second] = cross[:, second, first] = weights @ (Z[:, first] * Z[:, second])
    return np.asarray(np.linalg.eigvalsh(cross)[:, 0] > 1e-8 * Z.shape[0])


def _known(family: Family) -> Family:
    if family not in FAMILIES:
        raise StatisticsRefusedError('family is "Poisson" or "negative binomial".')
    return family
