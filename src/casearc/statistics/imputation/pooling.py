"""Rubin's rules: one answer from the answers to several completed data sets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, confidence, finite, frozen
from casearc.statistics.results import Result, Row, per_term

LEAST_LAMBDA = 1e-4
"""A share of variance due to missing data below this counts as this much, as in R's mice, so that df stay finite."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pooled(Result):
    """Estimates pooled over imputations. Arrays are in the order of `terms`, shape (k,).

    Attributes
    ----------
    y_levels
        For a multinomial model, the outcome level of each coefficient; None for others.
    within, between
        Mean squared standard error U, and variance of the estimates over imputations B; `standard_errors` are the
        square roots of U + (1 + 1/M) B.
    df
        Barnard & Rubin's (1999) degrees of freedom; t, p and limits rest on them.
    df_complete
        Degrees of freedom there would be without missing data, k of them; None where infinite (normal theory).
    df_basis
        In words, where `df_complete` come from.
    riv
        Relative increase in variance due to missing data, (1 + 1/M) B / U.
    lambda_
        Share of the variance due to missing data.
    fmi
        Fraction of missing information.
    monte_carlo_errors
        Standard error of each estimate over repetitions with other seeds, sqrt(B / M).
    covariance, within_covariance, between_covariance
        (k, k) matrices of the pooled estimates, of U and of B; None where only variances were given.
    """

    terms: tuple[str, ...]
    y_levels: tuple[str, ...] | None
    coefficients: Vector
    standard_errors: Vector
    t: Vector
    df: Vector
    p: Vector
    low: Vector
    high: Vector
    level: float
    imputations: int
    df_complete: tuple[float | None, ...]
    df_basis: str
    within: Vector
    between: Vector
    riv: Vector
    lambda_: Vector
    fmi: Vector
    monte_carlo_errors: Vector
    covariance: Matrix | None
    within_covariance: Matrix | None
    between_covariance: Matrix | None
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a term; for a multinomial model one row an outcome level (`y_level`) and term."""
        rows = per_term(
            self.terms,
            {
                "estimate": self.coefficients,
                "std_error": self.standard_errors,
                "statistic": self.t,
                "df": self.df,
                "p_value": self.p,
                "conf_low": self.low,
                "conf_high": self.high,
                "fmi": self.fmi,
                "riv": self.riv,
                "mc_error": self.monte_carlo_errors,
            },
        )
        if self.y_levels is None:
            return rows
        return [{"y_level": level, **row} for level, row in zip(self.y_levels, rows, strict=True)]

    def find(self, term: str, *, y_level: str | None = None) -> int:
        """Place of a coefficient in the arrays.

        Raises
        ------
        StatisticsRefusedError
            There is no such coefficient.
        """
        levels = self.y_levels or (None,) * len(self.terms)
        for place, key in enumerate(zip(levels, self.terms, strict=True)):
            if key == (y_level, term):
                return place
        of = "" if y_level is None else f' of level "{y_level}"'
        raise StatisticsRefusedError(f'No pooled coefficient is called "{term}"{of}.')


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledRSquared(Result):
    """R2 pooled over imputations through Fisher's z, with its interval."""

    estimate: float
    low: float
    high: float
    level: float
    n: int
    fmi: float
    df: float
    imputations: int


def pool(
    estimates: ArrayLike,
    variances: ArrayLike,
    *,
    df_complete: float | Sequence[float],
    terms: Sequence[str] | None = None,
    y_levels: Sequence[str] | None = None,
    level: float = 0.95,
    df_basis: str = "as given",
) -> Pooled:
    """Pool estimates and their variances by Rubin's rules.

    Parameters
    ----------
    estimates
        Shape (M, k), one row an imputation; on a scale on which they are about normal (log odds, not odds).
    variances
        Squared standard errors, shape (M, k), or covariance matrices, (M, k, k); only with matrices can several
        coefficients be tested at once (`d1_test`).
    df_complete
        Degrees of freedom each estimate would have without missing data: n - k for a linear model, clusters - 1 with
        clusters; infinite where inference is by the normal. One for all, or one a coefficient.
    terms, y_levels
        Names of the coefficients and, for multinomial models, their outcome levels, k of each.
    level
        Confidence level.
    df_basis
        Where `df_complete` come from, in words for a table's note.

    Raises
    ------
    StatisticsRefusedError
        Fewer than two imputations; estimates and variances that do not belong together; a variance that is not
        positive; degrees of freedom that are not positive.

    Notes
    -----
    Rubin (1987), Multiple Imputation for Nonresponse in Surveys, pp. 76-77; Barnard & Rubin (1999), Biometrika
    86:948-955. fmi = (riv + 2 / (df + 3)) / (riv + 1). Checked against R's ``mice::pool`` and ``pool.scalar``.

    Examples
    --------
    >>> pooled = pool([[1.0], [1.2], [0.8]], [[0.04], [0.05], [0.04]], df_complete=90)
    >>> round(float(pooled.standard_errors[0]), 4), round(float(pooled.df[0]), 2)
    (0.3109, 5.63)
    """
    confidence(level)
    Q = finite(estimates, name="The estimates")
    U = finite(variances, name="The variances")
    _refuse_shapes(Q, U)
    m, k = Q.shape
    whole = U.ndim == 3
    squared = np.einsum("mkk->mk", U) if whole else U
    if (squared <= 0.0).any():
        raise StatisticsRefusedError(
            "An estimate has no variance in some imputation, so it cannot be pooled.",
            alternative="Pool estimates with positive standard errors only.",
        )
    complete = _complete_df(df_complete, k)
    centered = Q - Q.mean(axis=0)
    between = (centered**2).sum(axis=0) / (m - 1)
    return _assemble(
        Q.mean(axis=0),
        squared.mean(axis=0),
        between,
        imputations=m,
        complete=complete,
        matrices=(U.mean(axis=0), centered.T @ centered / (m - 1)) if whole else None,
        keys=_keys(terms, y_levels, k),
        level=level,
        df_basis=df_basis,
    )


def barnard_rubin(lambda_: float, *, imputations: int, df_complete: float) -> float:
    """Degrees of freedom of a pooled estimate from the share of variance due to missing data.

    Notes
    -----
    Checked against R's ``mice::pool.scalar``.
    """
    share = max(lambda_, LEAST_LAMBDA)
    old = (imputations - 1) / share**2
    if math.isinf(df_complete):
        return old
    observed = (df_complete + 1.0) / (df_complete + 3.0) * df_complete * (1.0 - share)
    return old * observed / (old + observed)


def pool_r_squared(r_squared: ArrayLike, *, n: int, level: float = 0.95) -> PooledRSquared:
    """Pool R2 over imputations through Fisher's z of its root.

    Parameters
    ----------
    r_squared
        Shape (M,), between 0 and 1.
    n
        Participants of each completed data set.
    level
        Confidence level.

    Raises
    ------
    StatisticsRefusedError
        Values outside 0 to 1, or no more than three participants.

    Notes
    -----
    Harel (2009), Journal of Applied Statistics 36:1109-1118. The variance of z, 1 / (n - 3), is that of one
    correlation, so the interval is rough where several terms explain. Estimate and fmi are checked against R's
    ``mice::pool.r.squared``; its limits use 1.96 in place of t and square a negative lower limit, which here is 0.

    Examples
    --------
    >>> round(pool_r_squared([0.20, 0.25, 0.22], n=95).estimate, 4)
    0.2231
    """
    values = finite(r_squared, name="R squared")
    if values.ndim != 1 or (values < 0.0).any() or (values >= 1.0).any():
        raise StatisticsRefusedError("R squared must be one number from 0 to below 1 for each imputation.")
    if n <= 3:
        raise StatisticsRefusedError("Fisher's z needs more than three participants.")
    z = np.arctanh(np.sqrt(values))[:, None]
    pooled = pool(z, np.full(z.shape, 1.0 / (n - 3)), df_complete=math.inf, level=level)
    return PooledRSquared(
        estimate=math.tanh(float(pooled.coefficients[0])) ** 2,
        low=math.tanh(max(float(pooled.low[0]), 0.0)) ** 2,
        high=math.tanh(float(pooled.high[0])) ** 2,
        level=level,
        n=n,
        fmi=float(pooled.fmi[0]),
        df=float(pooled.df[0]),
        imputations=pooled.imputations,
    )


def _refuse_shapes(Q: Matrix, U: Matrix) -> None:
    if Q.ndim != 2 or Q.shape[1] == 0:
        raise StatisticsRefusedError("The estimates must be a table: one row an imputation, one column a coefficient.")
    if Q.shape[0] < 2:
        raise StatisticsRefusedError(
            "A single imputation cannot be pooled: it does not show how uncertain imputed values are.",
            alternative="Impute at least twice.",
        )
    if U.shape not in (Q.shape, (*Q.shape, Q.shape[1])):
        raise StatisticsRefusedError(
            "The variances do not belong to the estimates: give the same shape, or one square matrix an imputation."
        )


def _complete_df(given: float | Sequence[float], k: int) -> Vector:
    values = np.asarray(given, dtype=np.float64)
    if values.size not in (1, k) or np.isnan(values).any() or (values <= 0.0).any():
        raise StatisticsRefusedError(
            "The complete-data degrees of freedom must be positive, one for all coefficients or one for each."
        )
    return np.broadcast_to(values.ravel(), (k,)).astype(np.float64)


def _keys(
    terms: Sequence[str] | None, y_levels: Sequence[str] | None, k: int
) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    names = tuple(f"estimate {i + 1}" for i in range(k)) if terms is None else tuple(terms)
    levels = None if y_levels is None else tuple(y_levels)
    if len(names) != k or (levels is not None and len(levels) != k):
        raise StatisticsRefusedError(f"There are {k} coefficients; name each once.")
    return names, levels


def _assemble(
    estimate: Vector,
    within: Vector,
    between: Vector,
    *,
    imputations: int,
    complete: Vector,
    matrices: tuple[Matrix, Matrix] | None,
    keys: tuple[tuple[str, ...], tuple[str, ...] | None],
    level: float,
    df_basis: str,
) -> Pooled:
    raised = (1.0 + 1.0 / imputations) * between
    total = within + raised
    riv, lambda_ = raised / within, raised / total
    pairs = zip(lambda_.tolist(), complete.tolist(), strict=True)
    df = np.array([barnard_rubin(x, imputations=imputations, df_complete=v) for x, v in pairs])
    se = np.sqrt(total)
    half = np.array([dist.t_quantile(0.5 + level / 2.0, float(v)) for v in df]) * se
    p = np.array([float(dist.t_two_sided(float(t), float(v))) for t, v in zip(estimate / se, df, strict=True)])
    return Pooled(
        terms=keys[0],
        y_levels=keys[1],
        coefficients=frozen(estimate),
        standard_errors=frozen(se),
        t=frozen(estimate / se),
        df=frozen(df),
        p=frozen(p),
        low=frozen(estimate - half),
        high=frozen(estimate + half),
        level=level,
        imputations=imputations,
        df_complete=tuple(None if math.isinf(v) else float(v) for v in complete),
        df_basis=df_basis,
        within=frozen(within),
        between=frozen(between),
        riv=frozen(riv),
        lambda_=frozen(lambda_),
        fmi=frozen((riv + 2.0 / (df + 3.0)) / (riv + 1.0)),
        monte_carlo_errors=frozen(np.sqrt(between / imputations)),
        covariance=None if matrices is None else frozen(matrices[0] + (1.0 + 1.0 / imputations) * matrices[1]),
        within_covariance=None if matrices is None else frozen(matrices[0]),
        between_covariance=None if matrices is None else frozen(matrices[1]),
    )
