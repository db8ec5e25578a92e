"""Bootstrap of an ordinal model: all draws fitted at once, intervals of slopes and average marginal effects."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casearc.statistics._arrays import Matrix, Vector, Whole, confidence, draw_weights, frozen
from casearc.statistics._ascent import Array, ascend
from casearc.statistics.categorical import _marginal as marginal
from casearc.statistics.categorical import _ordinal_marginal as ordered
from casearc.statistics.categorical._ordinal_fitting import fitted, most_steps
from casearc.statistics.categorical._ordinal_kernel import CumulativeLogit, jeffreys, null_start
from casearc.statistics.categorical._ordinal_problem import OrdinalProblem, ordinal_problem
from casearc.statistics.categorical.ordinal import OrdinalPenalty
from casearc.statistics.resampling import bootstrap, percentile_interval
from casearc.statistics.results import Result, Row

CHUNK = 250
"""Draws in one batch, so that their figures stay in the processor's cache."""

THREADS = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrdinalDraws(Result):
    """Refits of an ordinal model to bootstrap draws.

    Attributes
    ----------
    fitted
        Which draws have a fit, shape (m,). The others have an empty level, or participants who do not tell the terms
        apart, or their fit did not settle.
    thresholds, coefficients
        Of those with a fit, shapes (m, J - 1) and (m, k).
    separated
        Those in which maximum likelihood has no answer; the fit with Jeffreys' penalty stands in their place, (m,).
    draws
        Draws asked for.
    """

    fitted: Whole
    thresholds: Array
    coefficients: Array
    separated: NDArray[np.bool_]
    draws: int

    def rows(self) -> list[Row]:
        """One row a draw that has a fit."""
        named = [f"threshold {j + 1}" for j in range(self.thresholds.shape[1])]
        named += [f"slope {j + 1}" for j in range(self.coefficients.shape[1])]
        values = np.concatenate([self.thresholds, self.coefficients], axis=1).tolist()
        return [
            {"draw": int(draw), "separated": bool(flag), **dict(zip(named, row, strict=True))}
            for draw, flag, row in zip(self.fitted, self.separated, values, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Refits:
    """Thresholds and slopes of every draw, (draws, J - 1 + k), nan where there is no fit; which were separated."""

    parameters: Array
    separated: NDArray[np.bool_]

    @property
    def sound(self) -> NDArray[np.bool_]:
        return np.asarray(np.isfinite(self.parameters[:, 0]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BootstrapOrdinal(Result):
    """Bootstrap intervals of an ordinal model.

    Arrays have shape (q,), one entry a quantity: `quantities` says what it is (``"coefficient"`` or ``"marginal
    effect"``), `y_levels` of which level (empty for a coefficient) and `terms` of which term.

    Attributes
    ----------
    se
        Standard deviation of the draws.
    percentile_low, percentile_high, bca_low, bca_high
        Limits; infinite (open) where none could be had, which `notes` tell.
    draws, failed, separated
        Draws made; those without a fit, which were left out; those on which maximum likelihood had no answer and
        the fit with Jeffreys' penalty was taken.
    """

    quantities: tuple[str, ...]
    y_levels: tuple[str, ...]
    terms: tuple[str, ...]
    estimate: Vector
    se: Vector
    percentile_low: Vector
    percentile_high: Vector
    bca_low: Vector
    bca_high: Vector
    level: float
    penalty: OrdinalPenalty
    draws: int
    failed: int
    separated: int
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a quantity; the interval under `conf_low` and `conf_high` is BCa's."""
        figures = (self.estimate, self.se, self.bca_low, self.bca_high, self.percentile_low, self.percentile_high)
        names = ("estimate", "std_error", "conf_low", "conf_high", "percentile_low", "percentile_high")
        return [
            {
                "quantity": quantity,
                "y_level": y_level,
                "term": term,
                **{name: float(of[i]) if np.isfinite(of[i]) else None for name, of in zip(names, figures, strict=True)},
            }
            for i, (quantity, y_level, term) in enumerate(zip(self.quantities, self.y_levels, self.terms, strict=True))
        ]


def ordinal_draws(
    design: ArrayLike,
    outcome: ArrayLike,
    draws: ArrayLike,
    *,
    terms: Sequence[str],
    levels: Sequence[str],
    penalty: OrdinalPenalty = "none",
) -> OrdinalDraws:
    """Fit the model to every draw of a bootstrap, given as how often it counts each row.

    Parameters
    ----------
    design, outcome, terms, levels, penalty
        As in `ordinal`.
    draws
        Whole-number weights of shape (draws, n), as `casearc.statistics.resampling.case_weights` makes them.

    Raises
    ------
    StatisticsRefusedError
        What `ordinal` refuses of the sample; weights that are not whole numbers or do not fit the rows.

    Notes
    -----
    Newton steps of all draws at once. The same fits as `ordinal` with `weights`.

    Examples
    --------
    >>> X, y = [[0], [1], [2], [3], [4], [5]], [0, 1, 0, 1, 2, 2]
    >>> named = {"terms": ["months"], "levels": ["low", "middle", "high"]}
    >>> refits = ordinal_draws(X, y, [[1, 1, 1, 1, 1, 1], [2, 1, 0, 1, 1, 1], [3, 0, 0, 0, 2, 1]], **named)
    >>> refits.fitted.tolist(), refits.separated.tolist()
    ([0, 1], [False, True])
    """
    problem = ordinal_problem(design, outcome, terms, levels, None)
    found = refit(problem, draw_weights(draws, problem.codes.size), penalty)
    sound = found.sound
    return OrdinalDraws(
        fitted=np.flatnonzero(sound),
        thresholds=frozen(found.parameters[sound, : problem.thresholds]),
        coefficients=frozen(found.parameters[sound, problem.thresholds :]),
        separated=found.separated[sound],
        draws=sound.size,
    )


def refit(problem: OrdinalProblem, weights: Matrix, penalty: OrdinalPenalty) -> Refits:
    """Refit to draws (draws, n), in chunks over two threads."""
    chunks = [weights[i : i + CHUNK] for i in range(0, weights.shape[0], CHUNK)]
    with ThreadPoolExecutor(THREADS) as pool:
        parts = list(pool.map(lambda chunk: _refit(problem, chunk, penalty), chunks))
    parameters = np.concatenate([part.parameters for part in parts]) @ problem.back.T
    return Refits(parameters, np.concatenate([part.separated for part in parts]))


def _refit(problem: OrdinalProblem, weights: Matrix, penalty: OrdinalPenalty) -> Refits:
    start, full = null_start(problem.codes, weights, len(problem.levels), problem.back.shape[0])
    parameters = np.full(start.shape, np.nan)
    separated = np.zeros(full.size, dtype=bool)
    left = np.flatnonzero(full & _of_full_rank(problem.Z, weights))
    if penalty == "none" and left.size:
        some = CumulativeLogit(problem.splits, weights[left])
        summit = ascend(some, start[left])
        exists = some.exists(summit)
        parameters[left[exists]] = summit.parameters[exists]
        left = left[~exists]
        separated[left] = True
    if left.size:
        penalized = jeffreys(CumulativeLogit(problem.splits, weights[left]), problem.Z, len(problem.levels))
        summit = ascend(penalized, start[left], most_steps=most_steps("jeffreys"))
        parameters[left[summit.arrived]] = summit.parameters[summit.arrived]
    return Refits(parameters, separated)


def _of_full_rank(Z: Matrix, weights: Matrix) -> NDArray[np.bool_]:
    """Draws whose participants tell the terms apart, the constant included."""
    rows = np.column_stack([np.ones(Z.shape[0]), Z])
    first, second = np.triu_indices(rows.shape[1])
    cross = np.empty((weights.shape[0], rows.shape[1], rows.shape[1]))
    cross[:, first, second] = cross[:, second, first] = weights @ (rows[:, first] * rows[:, second])
    return np.asarray(np.linalg.eigvalsh(cross)[:, 0] > 1e-8 * Z.shape[0])


class _Refits:
    """The statistic that is bootstrapped; it keeps what it gave, in the order it was asked."""

    def __init__(self, problem: OrdinalProblem, penalty: OrdinalPenalty) -> None:
        self.problem, self.penalty = problem, penalty
        self.values: list[Matrix] = []
        self.separated: list[NDArray[np.bool_]] = []

    def names(self) -> list[tuple[str, str, str]]:
        terms = self.problem.terms
        return [
            *(("coefficient", "", term) for term in terms),
            *(("marginal effect", level, term) for term in terms for level in self.problem.levels),
        ]

    def __call__(self, weights: Whole) -> Matrix:
        w = weights.astype(np.float64)
        fits = refit(self.problem, w, self.penalty)
        values = np.full((w.shape[0], len(self.names())), np.nan)
        sound = fits.sound
        if sound.any():
            parameters = fits.parameters[sound]
            shares = w[sound] / w[sound].sum(axis=1, keepdims=True)
            effects = [self._effect(parameters, shares, j) for j in range(len(self.problem.terms))]
            values[sound] = np.concatenate([parameters[:, self.problem.thresholds :], *effects], axis=1)
        self.values.append(values)
        self.separated.append(fits.separated)
        return values

    def _effect(self, parameters: Array, shares: Array, column: int) -> Array:
        X = self.problem.X
        if not np.isin(X[:, column], (0.0, 1.0)).all():
            return ordered.slope(parameters, X, shares, column)
        off, on = marginal.switched(X, column)
        return np.asarray(ordered.average(parameters, on, shares) - ordered.average(parameters, off, shares))


def bootstrap_ordinal(
    design: ArrayLike,
    outcome: ArrayLike,
    *,
    terms: Sequence[str],
    levels: Sequence[str],
    rng_or_seed: np.random.Generator | int,
    penalty: OrdinalPenalty = "none",
    draws: int = 2000,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> BootstrapOrdinal:
    """Bootstrap the slopes and average marginal effects of an ordinal model, participants drawn whole.

    Use it beside the profile and delta-method intervals, as a check that needs no formula.

    Parameters
    ----------
    design, outcome, terms, levels, penalty, level
        As in `ordinal`.
    rng_or_seed, strata, clusters
        As in `casearc.statistics.resampling.case_weights`; clusters are rows drawn together.
    draws
        Bootstrap samples.

    Raises
    ------
    StatisticsRefusedError
        What `ordinal` and `casearc.statistics.resampling.bootstrap` refuse.

    Notes
    -----
    Under maximum likelihood a separated draw takes the fit with Jeffreys' penalty; `separated` counts them and a note
    prints their share. A draw in which a level is empty has no fit and is left out, which a note tells.

    Examples
    --------
    >>> X, y = [[float(i)] for i in range(18)], [0, 0, 1, 0, 1, 0, 2, 1, 0, 1, 2, 1, 0, 2, 1, 2, 1, 2]
    >>> result = bootstrap_ordinal(X, y, terms=["dose"], levels=["low", "mid", "high"], rng_or_seed=1, draws=1000)
    >>> result.terms[0], bool(result.percentile_low[0] < result.estimate[0] < result.percentile_high[0])
    ('dose', True)
    """
    confidence(level)
    problem = ordinal_problem(design, outcome, terms, levels, None)
    fitted(problem, penalty)
    refits = _Refits(problem, penalty)
    names = refits.names()
    labels = [f"{quantity} of {term}" + (f", {y}" if y else "") for quantity, y, term in names]
    bca = bootstrap(
        refits,
        problem.codes.size,
        draws=draws,
        rng_or_seed=rng_or_seed,
        strata=strata,
        clusters=clusters,
        method="BCa",
        level=level,
        terms=labels,
    )
    replicates = np.concatenate(refits.values)[1 : draws + 1]  # after the sample itself, before the jackknife
    separated = int(np.concatenate(refits.separated)[1 : draws + 1].sum())
    percentile = percentile_interval(replicates, level, terms=labels)
    share = f"{separated:,} of {draws:,} draws ({separated / draws:.1%}) were separated: Jeffreys' penalty was used."
    return BootstrapOrdinal(
        quantities=tuple(quantity for quantity, _, _ in names),
        y_levels=tuple(y_level for _, y_level, _ in names),
        terms=tuple(term for _, _, term in names),
        estimate=frozen(refits.values[0][0]),
        se=bca.se,
        percentile_low=percentile.low,
        percentile_high=percentile.high,
        bca_low=bca.low,
        bca_high=bca.high,
        level=level,
        penalty=penalty,
        draws=draws,
        failed=int(bca.failed.max()),
        separated=separated,
        notes=((share,) if separated else ()) + bca.notes,
    )
