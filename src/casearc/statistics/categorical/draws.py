"""All bootstrap draws of a multinomial model fitted at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Vector, Whole, finite, frozen
from casearc.statistics.categorical import _batched_fit as batched
from casearc.statistics.categorical._batched_model import Array, Batch, Flags, batch_of, probabilities
from casearc.statistics.categorical._estimation import Estimate, Penalty, estimate
from casearc.statistics.categorical._problem import problem_of
from casearc.statistics.results import Result

CHUNK = 250
"""Draws in one batch: the figures of so many, a few megabytes, stay in the processor's cache."""

LEAST = 16
THREADS = 2

TOLERANCE = 1e-5
"""Standard errors that a draw's fit may be off."""

RANK = 1e-8
"""What a draw's cross products, in the sample's orthonormal basis, must leave of each term beside the others."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MultinomialDraws(Result):
    """Refits of a multinomial model to bootstrap draws.

    Attributes
    ----------
    fitted
        Numbers of the draws that have a fit, from 0, shape (m,). The others' participants do not tell the terms apart,
        or the fit did not settle.
    coefficients
        Shape (m, J - 1, k).
    log_likelihood
        Without the penalty, shape (m,).
    separated
        Draws in which maximum likelihood has no answer, shape (m,); Firth's fit stands in their place. All False under
        the Firth penalty.
    draws
        Draws asked for.
    """

    fitted: Whole
    coefficients: Array
    log_likelihood: Vector
    separated: Flags
    draws: int


@dataclass(frozen=True, slots=True)
class Refits:
    """Refits in the order of the draws; coefficients and log-likelihood are nan where a draw has no fit."""

    coefficients: Array
    log_likelihood: Vector
    separated: Flags


def multinomial_draws(
    design: ArrayLike,
    outcome: ArrayLike,
    draws: ArrayLike,
    *,
    terms: Sequence[str],
    levels: Sequence[str],
    penalty: Penalty = "none",
) -> MultinomialDraws:
    """Fit the model to every draw of a bootstrap, given as how often it counts each row.

    Parameters
    ----------
    design, outcome, terms, levels, penalty
        As in `multinomial`; the sample itself must have a fit, from which all draws set out.
    draws
        Whole-number weights of shape (draws, n), as `casearc.statistics.resampling.case_weights` makes them.

    Raises
    ------
    StatisticsRefusedError
        What `multinomial` refuses of the sample; weights that are not whole numbers or do not fit the rows.

    Notes
    -----
    Newton steps of all draws at once; a draw whose step points along a direction in which the likelihood rises without
    end is separated and fitted by Firth's penalty instead. The same fits as `multinomial` with `weights`, to 1e-5
    standard errors. Where Firth's penalized likelihood of a sparse draw has several maxima, it is the one uphill from
    the sample's estimate.

    Examples
    --------
    >>> X = [[1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]
    >>> y, named = [0, 0, 1, 0, 1, 1], {"terms": ["constant", "served"], "levels": ["same", "advanced"]}
    >>> refits = multinomial_draws(X, y, [[1, 1, 1, 1, 1, 1], [2, 0, 1, 1, 1, 1], [3, 0, 0, 1, 2, 0]], **named)
    >>> refits.separated.tolist()
    [False, False, True]
    """
    problem = problem_of(design, outcome, terms, levels, None)
    found = refit_all(estimate(problem, penalty), _checked_draws(draws, problem.y.size))
    sound = np.isfinite(found.log_likelihood)
    return MultinomialDraws(
        fitted=np.flatnonzero(sound),
        coefficients=frozen(found.coefficients[sound]),
        log_likelihood=frozen(found.log_likelihood[sound]),
        separated=found.separated[sound],
        draws=sound.size,
    )


def _checked_draws(draws: ArrayLike, n: int) -> Matrix:
    """Weights of shape (draws, n), whole numbers from 0."""
    weights = finite(draws, name="The weights of the draws")
    if weights.ndim != 2 or weights.shape[1] != n or weights.shape[0] == 0:
        raise StatisticsRefusedError(f"The weights of the draws are a table with a row a draw and {n} columns.")
    if (weights < 0).any() or (weights != np.floor(weights)).any():
        raise StatisticsRefusedError("Weights say how often a row counts, so they are whole numbers from 0 up.")
    return weights


def refit_all(sample: Estimate, weights: Matrix) -> Refits:
    """Refit a sample's model to draws (draws, n), in chunks over two threads: NumPy frees the interpreter meanwhile."""
    problem = sample.problem
    batch = batch_of(problem.Q, problem.y, weights, levels=len(problem.levels))
    g = np.full((batch.size, *sample.g.shape), np.nan)
    log_likelihood = np.full(batch.size, np.nan)
    left = np.flatnonzero(~_rankless(batch))
    separated = np.zeros(batch.size, dtype=bool)
    if sample.penalty == "none":
        left = _fit_into(g, log_likelihood, batch, left, sample)
        separated[left] = True
    if left.size:
        _fit_into(g, log_likelihood, batch, left, sample if sample.penalty == "firth" else _firth_start(sample))
    b = linalg.solve_triangular(problem.R, g.reshape(-1, g.shape[-1]).T, check_finite=False).T
    return Refits(coefficients=b.reshape(g.shape), log_likelihood=log_likelihood, separated=separated)


def _fit_into(g: Array, log_likelihood: Vector, batch: Batch, chosen: Whole, sample: Estimate) -> Whole:
    """Fit the chosen draws in chunks over two threads; the numbers of those that have no fit are given back."""
    penalized = sample.penalty == "firth"

    def one(part: Whole) -> Whole:
        some = batch.take(part)
        found = batched.fit(some, _first_order(sample, some), penalized=penalized, tolerance=TOLERANCE)
        done = found.settled
        g[part[done]], log_likelihood[part[done]] = found.g[done], found.log_likelihood[done]
        return part[~done]

    size = max(min(CHUNK, -(-chosen.size // THREADS)), LEAST)
    parts = [chosen[i : i + size] for i in range(0, chosen.size, size)]
    if len(parts) <= 1:
        return np.concatenate([one(part) for part in parts]) if parts else chosen
    with ThreadPoolExecutor(THREADS) as pool:
        return np.concatenate(list(pool.map(one, parts)))


def _first_order(sample: Estimate, batch: Batch) -> Array:
    """The sample's estimate moved by each draw's influence (the infinitesimal jackknife), in the orthonormal basis."""
    P, _ = probabilities(batch.take(np.zeros(1, dtype=np.int64)), sample.g[None])
    residuals = batch.observed - P[0]
    moves = batch.weights @ (residuals.T[:, :, None] * batch.design[:, None, :]).reshape(batch.design.shape[0], -1)
    if sample.penalty == "firth":  # the penalty's part of the score is the sample's own, which balances there
        moves -= (residuals @ batch.design).ravel()
    return np.asarray(sample.g + (moves @ sample.inverse_information).reshape(-1, *sample.g.shape), dtype=np.float64)


def _firth_start(sample: Estimate) -> Estimate:
    """The Firth estimate, from which separated draws set out; the sample's own where it has none."""
    try:
        return estimate(sample.problem, "firth")
    except StatisticsRefusedError:
        return sample


def _rankless(batch: Batch) -> Flags:
    """Draws whose participants do not tell the terms apart."""
    k = batch.design.shape[-1]
    places = batch.layout
    compact = batch.weights @ batch.products
    cross = np.empty((batch.size, k, k))
    cross[:, places.row, places.column] = compact
    cross[:, places.column, places.row] = compact
    try:
        smallest = np.einsum("bii->bi", np.linalg.cholesky(cross)).min(axis=1) ** 2
    except np.linalg.LinAlgError:
        smallest = np.linalg.eigvalsh(cross)[:, 0]
    return np.asarray(smallest < RANK)
