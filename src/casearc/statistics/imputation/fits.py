"""Pooling the fits of this package, and linear models over all imputations at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics._arrays import SAME, Matrix, Vector, confidence, finite
from casearc.statistics._least_squares import solve
from casearc.statistics.imputation.pooling import Pooled, pool
from casearc.statistics.linear import LinearFit

Fit = TypeVar("Fit")

PROFILE_NOTE = "Profile-likelihood intervals are not pooled; the limits are those of Rubin's rules."

FAR_FROM_REDUNDANT = 1e-5
"""Designs whose least singular value is above this share of the largest are sound without a closer look."""


def fit_each(completed: Sequence[NDArray[np.float64]] | NDArray[np.float64], fit: Callable[[Matrix], Fit]) -> list[Fit]:
    """Fit a model to each completed data set, shape (n, p) each; a refusal says in how many it happened.

    Raises
    ------
    StatisticsRefusedError
        The model is refused for some imputation, with the first reason.

    Examples
    --------
    >>> from casearc.statistics.linear import linear
    >>> sets = np.random.default_rng(1).normal(size=(3, 30, 2))
    >>> fits = fit_each(sets, lambda rows: linear(np.ones((30, 1)), rows[:, 0], terms=["mean"]))
    >>> len(fits)
    3
    """
    fits, refused = [], []
    for rows in completed:
        try:
            fits.append(fit(rows))
        except StatisticsRefusedError as error:
            refused.append(error)
    if refused:
        raise StatisticsRefusedError(
            f"The model was refused in {len(refused)} of {len(completed)} imputations. {refused[0].reason}",
            alternative=refused[0].alternative or "Simplify the model.",
        )
    return fits


def pool_fits(
    fits: Sequence[object], *, df_complete: float | Sequence[float] | None = None, level: float | None = None
) -> Pooled:
    """Pool one model fitted to each imputation, by Rubin's rules.

    Takes the fits of every model of this package that has coefficients and a covariance: linear, logistic, multinomial
    (rows keyed by outcome level and term), ordinal (thresholds first), count and mixed. Rank tests, exact tests and
    anything else without them are not pooled and refused.

    Parameters
    ----------
    fits
        One fit an imputation, all of the same terms and levels.
    df_complete
        Complete-data degrees of freedom; None: those of the fits (n - k for linear models, clusters - 1 with clusters,
        the mean over imputations of Satterthwaite's for mixed models, infinite for models whose intervals use the
        normal). R's mice takes n - k for all.
    level
        Confidence level; None: that of the first fit.

    Raises
    ------
    StatisticsRefusedError
        Fewer than two fits; fits without coefficients and covariance; fits of different models.

    Notes
    -----
    As `pool`. Checked against R's ``mice::pool`` on lm, glm and multinom.

    Examples
    --------
    >>> from casearc.statistics.linear import linear
    >>> rng = np.random.default_rng(1)
    >>> fits = [linear(np.ones((30, 1)), rng.normal(1.0, 1.0, 30), terms=["mean"]) for _ in range(5)]
    >>> pooled = pool_fits(fits)
    >>> pooled.df_basis
    'residual or cluster degrees of freedom of the fits'
    """
    if len(fits) < 2:
        raise StatisticsRefusedError(
            "A single fit cannot be pooled.", alternative="Fit the model to at least two imputations."
        )
    for fit in fits:
        _refuse_without_covariance(fit)
    keys = [_keys(fit) for fit in fits]
    if any(key != keys[0] for key in keys[1:]):
        raise StatisticsRefusedError(
            "The fits are not of the same terms and levels, so their coefficients do not belong together.",
            alternative="Give every imputation the same levels, in the same order, and the same terms.",
        )
    estimates = np.array([_estimates(fit) for fit in fits])
    covariances = np.array([fit.covariance for fit in fits])  # type: ignore[attr-defined]
    df, basis = _df_of(fits, estimates.shape[1])
    pooled = pool(
        estimates,
        covariances,
        df_complete=df.tolist() if df_complete is None else df_complete,
        terms=keys[0][1],
        y_levels=keys[0][0],
        level=float(getattr(fits[0], "level", 0.95)) if level is None else level,
        df_basis=basis if df_complete is None else "as given",
    )
    return pooled if isinstance(fits[0], LinearFit) else replace(pooled, notes=(PROFILE_NOTE,))


def linear_over_imputations(
    designs: ArrayLike,
    outcomes: ArrayLike,
    *,
    terms: Sequence[str],
    covariance: str = "HC3",
    level: float = 0.95,
) -> Pooled:
    """Fit one linear model to all imputations at once and pool: what `pool_fits` of `linear` gives, much faster.

    Parameters
    ----------
    designs
        Shape (M, n, k), or (n, k) where no term was imputed.
    outcomes
        Shape (M, n), or (n,) where the outcome was not imputed.
    terms
        Names of the k columns.
    covariance
        ``"classical"``, ``"HC0"``, ``"HC1"``, ``"HC2"`` or ``"HC3"``.
    level
        Confidence level.

    Raises
    ------
    StatisticsRefusedError
        What `linear` refuses, in any imputation; with clusters use `pool_fits`.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> change = rng.normal(0.3, 1.0, (20, 60))
    >>> linear_over_imputations(np.ones((60, 1)), change, terms=["mean change"]).imputations
    20
    """
    confidence(level)
    X, y = _batched(designs, outcomes, terms)
    m, n, k = X.shape
    _refuse_redundant(X if np.ndim(designs) == 3 else X[:1], tuple(terms))
    fit = solve(X, y, np.ones((m, n)), refine=1)
    if (np.abs(fit.residuals).max(axis=1) <= SAME * np.abs(y).max(axis=1)).any():
        raise StatisticsRefusedError(
            "In some imputation the terms reproduce the outcome exactly, or it does not vary.",
            alternative="Check whether the outcome, or a part of it, is among the terms.",
        )
    half = X @ fit.inverse_r
    weights = _squared(fit.residuals, fit.leverage, covariance, n - k)
    middle = np.swapaxes(half * weights[..., None], -1, -2) @ half
    if covariance == "classical":
        middle = np.eye(k) * weights[:, :1, None]
    V = fit.inverse_r @ middle @ np.swapaxes(fit.inverse_r, -1, -2)
    basis = "residual or cluster degrees of freedom of the fits"
    return pool(fit.coefficients, V, df_complete=float(n - k), terms=terms, level=level, df_basis=basis)


def _refuse_redundant(designs: NDArray[np.float64], terms: tuple[str, ...]) -> None:
    """Look closely at those designs only whose terms are nearly redundant."""
    lengths = np.linalg.norm(designs, axis=1, keepdims=True)
    values = np.linalg.svd(designs / np.where(lengths > 0.0, lengths, 1.0), compute_uv=False)
    for each in designs[values[:, -1] < FAR_FROM_REDUNDANT * values[:, 0]]:
        _design.refuse_redundant(each, terms)


def _squared(residuals: Matrix, leverage: Matrix, covariance: str, df: int) -> Matrix:
    """Each row's share in the middle of the sandwich, (M, n); for the classical covariance the residual variance."""
    squared = residuals**2
    if covariance == "classical":
        return np.broadcast_to(squared.sum(axis=1, keepdims=True) / df, squared.shape)
    if covariance not in ("HC0", "HC1", "HC2", "HC3"):
        raise StatisticsRefusedError(
            "The covariance is one of classical, HC0, HC1, HC2 and HC3.", alternative="With clusters use pool_fits."
        )
    if covariance == "HC0":
        return squared
    if covariance == "HC1":
        return np.asarray(squared * (squared.shape[1] / df))
    left = 1.0 - leverage
    if (left < 1e-10).any():
        raise StatisticsRefusedError(
            f"One participant alone decides a fitted value (leverage 1) in some imputation, so no {covariance}.",
            alternative="Merge the level that only one participant has, or leave the term out.",
        )
    return np.asarray(squared / left ** (1.0 if covariance == "HC2" else 2.0))


def _batched(designs: ArrayLike, outcomes: ArrayLike, terms: Sequence[str]) -> tuple[NDArray[np.float64], Matrix]:
    X, y = finite(designs, name="The design matrices"), finite(outcomes, name="The outcomes")
    if X.ndim not in (2, 3) or y.ndim not in (1, 2) or X.ndim + y.ndim < 4:
        raise StatisticsRefusedError(
            "Give one design matrix or outcome an imputation; at least one of the two must have been imputed."
        )
    m = X.shape[0] if X.ndim == 3 else y.shape[0]
    n, k = X.shape[-2:]
    if y.shape[-1] != n or (y.ndim == 2 and y.shape[0] != m):
        raise StatisticsRefusedError("The outcomes are not of the same imputations and participants as the designs.")
    if k != len(terms):
        raise StatisticsRefusedError(f"The design matrices have {k} columns and {len(terms)} terms are named.")
    if n <= k:
        raise StatisticsRefusedError(
            f"The model has {k} terms and only {n} participants, so nothing is left to judge its errors by.",
            alternative="Drop terms until there are at least ten participants for each.",
        )
    return np.broadcast_to(X, (m, n, k)), np.broadcast_to(y, (m, n))


def _refuse_without_covariance(fit: object) -> None:
    if getattr(fit, "coefficients", None) is None or getattr(fit, "covariance", None) is None:
        raise StatisticsRefusedError(
            f"Not pooled: a result of type {type(fit).__name__} has no coefficients with a covariance.",
            alternative="Rank and exact tests are reported for those observed; pool the mean change, as a linear model "
            "of the differences on a constant, beside them.",
        )


def _estimates(fit: object) -> Vector:
    """All estimates in the order of the covariance: an ordinal model's thresholds stand before its slopes."""
    slopes = np.ravel(fit.coefficients)  # type: ignore[attr-defined]
    thresholds = getattr(fit, "thresholds", None)
    return np.asarray(slopes if thresholds is None else np.concatenate([thresholds, slopes]), dtype=np.float64)


def _keys(fit: object) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """Outcome level (multinomial) and term of each coefficient, in the order of the covariance."""
    coefficients = np.asarray(fit.coefficients)  # type: ignore[attr-defined]
    terms = tuple(getattr(fit, "terms", ())) or tuple(f"estimate {i + 1}" for i in range(coefficients.size))
    if coefficients.ndim == 1:
        return None, (*getattr(fit, "splits", ()), *terms)
    levels = tuple(str(level) for level in fit.levels[1:])  # type: ignore[attr-defined]
    return tuple(level for level in levels for _ in terms), terms * len(levels)


def _df_of(fits: Sequence[object], k: int) -> tuple[Vector, str]:
    """Complete-data df of each coefficient: the mean over the fits' own, infinite where they use the normal."""
    found = np.array([_own_df(fit, k) for fit in fits])
    if np.isinf(found).all():
        return np.full(k, math.inf), "infinite: intervals of such fits use the normal"
    if (found == found[0]).all():
        return found[0], "residual or cluster degrees of freedom of the fits"
    return found.mean(axis=0), "mean over imputations of the fits' own degrees of freedom"


def _own_df(fit: object, k: int) -> Vector:
    df = getattr(fit, "df_inference", None)
    if df is None:
        df = getattr(fit, "df", None)
    values = np.array([math.inf if v is None else float(v) for v in np.ravel(np.asarray(df, dtype=object))])
    return np.broadcast_to(values, (k,)) if values.size in (1, k) else np.full(k, math.inf)
