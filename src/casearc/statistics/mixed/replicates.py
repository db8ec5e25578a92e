"""One mixed model fitted to many resamples of participants, or to many data sets of one shape, in one batch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Vector, finite, frozen, matrix
from casearc.statistics.mixed._inference import (
    Inference,
    kenward_roger_inference,
    satterthwaite,
    satterthwaite_inference,
)
from casearc.statistics.mixed._likelihood import Look, look
from casearc.statistics.mixed._maximize import maximize
from casearc.statistics.mixed._problem import Units, columns, orthogonal_basis, own_units, problem_of
from casearc.statistics.mixed._structure import Structure
from casearc.statistics.mixed._sufficient import Sufficient, many, resummed
from casearc.statistics.mixed.fit import DfMethod
from casearc.statistics.results import Result

SINGULAR = 1e-9
"""Draws whose scaled X'X has a smaller eigenvalue lack a term: they have failed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MixedReplicates(Result):
    """Refits of one mixed model. Arrays have the draws first: (draws, k), random terms (draws, q).

    Attributes
    ----------
    estimate, standard_errors, df
        Of the contrasts asked for, (draws, m), or of the k coefficients; errors and df None for resamples, whose spread
        is what is wanted.
    failed
        Draws that lack a term or did not settle: nan in the arrays.
    singular
        Draws on the boundary of a variance of zero.
    """

    coefficients: Matrix
    estimate: Matrix
    standard_errors: Matrix | None
    df: Matrix | None
    random_sds: Matrix
    residual_sd: Vector
    failed: NDArray[np.bool_]
    singular: NDArray[np.bool_]


def mixed_replicates(
    design: ArrayLike,
    response: ArrayLike,
    weights: ArrayLike,
    *,
    groups: ArrayLike,
    terms: Sequence[str],
    random: ArrayLike | None = None,
    correlated: bool = True,
) -> MixedReplicates:
    """Fit the model by REML to every draw of a bootstrap that takes participants whole.

    Parameters
    ----------
    design, response, groups, terms, random, correlated
        As in `mixed`.
    weights
        How often each draw counts each participant, shape (draws, participants), participants in the order of their
        sorted labels: `resampling.case_weights` of as many rows as there are participants.

    Raises
    ------
    StatisticsRefusedError
        What `mixed` refuses of the sample; weights of another number of participants.

    Notes
    -----
    Agrees with `mixed` on the rows of the draw, each copy of a participant being a participant.

    Examples
    --------
    >>> X, y, person = np.ones((8, 1)), np.array([1.0, 2.0, 4.0, 5.0, 8.0, 7.0, 3.0, 4.0]), [1, 1, 2, 2, 3, 3, 4, 4]
    >>> found = mixed_replicates(X, y, np.ones((2, 4)), groups=person, terms=["mean"])
    >>> found.coefficients.ravel().round(2).tolist()
    [4.25, 4.25]
    """
    problem = problem_of(design, response, groups, random, terms=terms, correlated=correlated, own_c=True)
    W = finite(weights, name="The weights")
    if W.ndim != 2 or W.shape[1] != problem.participants:
        raise StatisticsRefusedError(
            f"The weights are one row a draw and one column a participant, of whom there are {problem.participants}."
        )
    return _fitted(resummed(problem.parts, W), problem.structure, problem.units, contrasts=None, df=None)


def mixed_many(
    designs: ArrayLike,
    outcomes: ArrayLike,
    *,
    random: ArrayLike | None = None,
    contrasts: ArrayLike | None = None,
    correlated: bool = True,
    df: DfMethod = "kenward-roger",
) -> MixedReplicates:
    """Fit the model by REML to many data sets of one shape, participants by waves: for power and calibration.

    Parameters
    ----------
    designs
        Shape (n, T, k), or (draws, n, T, k) where terms differ between draws; n participants, T waves.
    outcomes
        Shape (draws, n, T); nan where a wave is missing.
    random
        Shape (T, q) or (n, T, q); None: an intercept.
    contrasts
        Shape (m, k): what is estimated and tested; None: every coefficient.
    correlated, df
        As in `mixed`.

    Raises
    ------
    StatisticsRefusedError
        Arrays that are not of one shape; random terms that repeat each other.

    Notes
    -----
    Draw by draw the same numbers as `mixed`.

    Examples
    --------
    >>> y = np.random.default_rng(1).normal(size=(3, 8, 2))
    >>> mixed_many(np.ones((8, 2, 1)), y, contrasts=[[1.0]]).estimate.shape
    (3, 1)
    """
    X, Y = finite(designs, name="The designs"), np.asarray(outcomes, dtype=np.float64)
    if Y.ndim != 3 or X.shape[:-1] not in (Y.shape, Y.shape[1:]):
        raise StatisticsRefusedError(
            "Outcomes are draws by participants by waves, and designs have the same shape and one axis of terms more.",
        )
    if not np.isnan(Y[~np.isfinite(Y)]).all():
        raise StatisticsRefusedError("Some outcomes are infinite.", alternative="Leave missing waves as nan.")
    n, waves, k = Y.shape[1], Y.shape[2], X.shape[-1]
    Z = np.ones((waves, 1)) if random is None else finite(random, name="The random terms")
    if Z.shape[:-1] not in ((waves,), (n, waves)):
        raise StatisticsRefusedError("Random terms have one row a wave, or one a participant and wave.")
    own = own_units(Z.reshape(-1, Z.shape[-1]), correlated=correlated)
    turned = columns(Z.reshape(-1, Z.shape[-1]), own).reshape(-1, waves, Z.shape[-1])
    tables, units = _tables(X, Y, own)
    L = np.eye(k) if contrasts is None else matrix(contrasts, name="The contrasts")
    data = many(tables, turned, np.isfinite(Y))
    return _fitted(data, Structure(Z.shape[-1], correlated), units, contrasts=L, df=df)


def _tables(X: Matrix, Y: Matrix, own: Matrix) -> tuple[Matrix, Units]:
    """[Q e] of every draw, in one basis for all of them."""
    k, present = X.shape[-1], np.isfinite(Y)
    flat = np.broadcast_to(X, (*Y.shape, k))[present]
    y = Y[present]
    basis = orthogonal_basis(flat, [f"x{i}" for i in range(k)])
    Q = flat @ basis
    center = Q.T @ y
    residual = y - Q @ center
    scale = float(np.sqrt(np.mean(residual**2)))
    if scale <= 1e-9 * float(np.abs(y).max()):
        raise StatisticsRefusedError("The terms reproduce the outcomes exactly.", alternative="Check the terms.")
    tables = np.zeros((*Y.shape, k + 1))
    tables[present, :-1] = Q * math.sqrt(Y.shape[0])
    tables[present, -1] = residual / scale
    basis = basis * math.sqrt(Y.shape[0])
    return tables, Units(basis=basis, center=basis @ center / math.sqrt(Y.shape[0]), scale=scale, log_det=0.0, own=own)


def _fitted(
    data: Sufficient, structure: Structure, units: Units, *, contrasts: Matrix | None, df: DfMethod | None
) -> MixedReplicates:
    xx = data.c[:, : data.p, : data.p]
    values = np.linalg.eigvalsh(xx)
    usable = np.flatnonzero((values[:, 0] > SINGULAR * np.maximum(values[:, -1], 1e-300)) & _enough(data))
    if not usable.size:
        raise StatisticsRefusedError(
            "No draw has enough participants and terms that can be told apart.", alternative="Drop terms."
        )
    some = data if usable.size == values.shape[0] else data.take(usable)
    found = maximize(some, structure, reml=True)
    parameters, flat = structure.snapped(found.parameters)
    at = look(some, structure.factor(parameters), reml=True)
    sigma = np.sqrt(at.residual_variance) * units.scale
    own = units.covariance(structure.split(parameters)[1])
    b = units.fixed(at.b)
    L = np.eye(data.p) if contrasts is None else contrasts
    errors, dfs = _tests(some, structure, units, at, L=L, df=df)

    def placed(values: Matrix) -> Matrix:
        out = np.full((data.c.shape[0], *values.shape[1:]), np.nan)
        out[usable[found.settled]] = values[found.settled]
        return frozen(out)

    settled = np.zeros(data.c.shape[0], dtype=bool)
    settled[usable] = found.settled
    singular = np.zeros(data.c.shape[0], dtype=bool)
    singular[usable] = flat & found.settled
    return MixedReplicates(
        coefficients=placed(b),
        estimate=placed(b @ L.T),
        standard_errors=None if errors is None else placed(errors),
        df=None if dfs is None else placed(dfs),
        random_sds=placed(np.sqrt(np.maximum(np.einsum("...ii->...i", own), 0.0)) * sigma[:, None]),
        residual_sd=placed(sigma),
        failed=~settled,
        singular=singular,
    )


def _tests(
    data: Sufficient, structure: Structure, units: Units, at: Look, *, L: Matrix, df: DfMethod | None
) -> tuple[Matrix, Matrix] | tuple[None, None]:
    if df is None:
        return None, None
    found: Inference
    if df == "kenward-roger":
        found = kenward_roger_inference(data, at, structure)
    else:
        found = satterthwaite_inference(data, at, structure, reml=True)
    found = found.turned(units.basis, units.scale)
    return np.sqrt(np.einsum("mi,...ij,mj->...m", L, found.adjusted, L)), satterthwaite(found, L)


def _enough(data: Sufficient) -> NDArray[np.bool_]:
    """More rows than terms, and different participants measured more often than there are random terms."""
    rank = np.linalg.matrix_rank(data.a)
    counts = data.a[:, 0, 0] if data.q == 1 else rank
    repeated = (data.sizes * (counts > data.q if data.q == 1 else counts >= data.q)).sum(axis=-1)
    return np.asarray((data.rows > data.p + data.q) & (repeated >= 2) & (data.sizes.sum(axis=-1) >= 3))
