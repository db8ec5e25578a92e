"""One mixed model fitted to many resamples of participants, or to many outcomes on one design, in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Vector, finite, frozen
from casearc.statistics.mixed._inference import basis, infer, satterthwaite, with_expected
from casearc.statistics.mixed._likelihood import look
from casearc.statistics.mixed._maximize import maximize
from casearc.statistics.mixed._problem import problem_of
from casearc.statistics.mixed._sufficient import Sufficient, blocks, resummed, summed
from casearc.statistics.mixed.fit import snapped
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MixedReplicates(Result):
    """Refits of one mixed model. Arrays have the draws first: (draws, k), random terms (draws, q).

    `standard_errors` and `df` are those of Kenward and Roger; None for resamples, whose spread is what is wanted.
    `failed` marks draws that did not settle: nan in the arrays.
    """

    coefficients: Matrix
    standard_errors: Matrix | None
    df: Matrix | None
    random_sds: Matrix
    residual_sd: Vector
    failed: NDArray[np.bool_]


def mixed_replicates(
    design: ArrayLike,
    response: ArrayLike,
    weights: ArrayLike,
    *,
    groups: ArrayLike,
    terms: Sequence[str],
    random: ArrayLike | None = None,
) -> MixedReplicates:
    """Fit the model by REML to every draw of a bootstrap that takes participants whole.

    Parameters
    ----------
    design, response, groups, terms, random
        As in `mixed`.
    weights
        How often each draw counts each participant, shape (draws, participants), participants in the order of their
        sorted labels.

    Raises
    ------
    StatisticsRefusedError
        What `mixed` refuses of the sample; weights of another number of participants.

    Examples
    --------
    >>> X, y, person = np.ones((8, 1)), np.array([1.0, 2.0, 4.0, 5.0, 8.0, 7.0, 3.0, 4.0]), [1, 1, 2, 2, 3, 3, 4, 4]
    >>> found = mixed_replicates(X, y, np.ones((2, 4)), groups=person, terms=["mean"])
    >>> found.coefficients.ravel().round(2).tolist()
    [4.25, 4.25]
    """
    problem = problem_of(design, response, groups, random, terms, None, own_c=True)
    W = finite(weights, name="The weights")
    if W.ndim != 2 or W.shape[1] != problem.participants:
        raise StatisticsRefusedError(
            f"The weights are one row a draw and one column a participant, of whom there are {problem.participants}."
        )
    return _fitted(resummed(problem.parts, W), problem.scale, tests=False)


def mixed_many(
    design: ArrayLike, responses: ArrayLike, *, groups: ArrayLike, random: ArrayLike | None = None
) -> MixedReplicates:
    """Fit the model by REML to many outcomes on one design: simulations, for power and calibration.

    Parameters
    ----------
    design
        Shape (N, k).
    responses
        Shape (draws, N).
    groups, random
        As in `mixed`.

    Raises
    ------
    StatisticsRefusedError
        What `mixed` refuses of the first outcome.

    Examples
    --------
    >>> y = np.random.default_rng(1).normal(size=(3, 8))
    >>> mixed_many(np.ones((8, 1)), y, groups=[1, 1, 2, 2, 3, 3, 4, 4]).coefficients.shape
    (3, 1)
    """
    Y = finite(responses, name="The outcomes")
    names = [f"x{i}" for i in range(np.asarray(design).shape[1])]
    problem = problem_of(design, Y[0], groups, random, names, None)
    order = np.argsort(np.asarray(groups), kind="stable")
    X = problem.table[:, :-1]
    each = []
    for y in Y[:, order]:
        table = np.column_stack([X, y])
        each.append(summed(blocks(table, problem.random, problem.begins, own_c=False), table))
    data = Sufficient(
        each[0].a,
        np.stack([one.sizes for one in each]),
        np.stack([one.s for one in each]),
        np.stack([one.c for one in each]),
        np.stack([one.rows for one in each]),
    )
    return _fitted(data, 1.0, tests=True)


def _fitted(data: Sufficient, scale: float, *, tests: bool) -> MixedReplicates:
    q = data.q
    free = np.tril(np.ones((q, q), dtype=bool))
    found = maximize(data, reml=True, free=free)
    at = look(data, snapped(found.factor), reml=True)
    sigma = np.sqrt(at.rss / at.df) * scale
    d = at.factor @ np.swapaxes(at.factor, -1, -2)
    failed = ~found.settled
    se = df = None
    if tests:
        inference = infer(data, at, basis(free))
        se = np.sqrt(np.einsum("...ii->...i", inference.adjusted)) * scale
        df = satterthwaite(with_expected(inference), np.eye(data.p))
    b = np.where(failed[:, None], np.nan, at.b * scale)
    return MixedReplicates(
        coefficients=frozen(b),
        standard_errors=None if se is None else frozen(se),
        df=None if df is None else frozen(df),
        random_sds=frozen(np.sqrt(np.einsum("...ii->...i", d)) * sigma[:, None]),
        residual_sd=frozen(sigma),
        failed=failed,
    )
