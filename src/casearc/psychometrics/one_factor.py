"""Does one factor describe the items: maximum likelihood, test of fit, fit indices, loadings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.psychometrics._items import checked_items, checked_level, refuse_constant
from casearc.psychometrics._maximum_likelihood import Optimum, maximum_likelihood
from casearc.psychometrics._minres import minres
from casearc.psychometrics._weighted import Array, correlation_matrix
from casearc.statistics.results import Result, Row, per_term

Correction = Literal["Bartlett", "none"]

SINGULAR = 1e-12
"""A correlation matrix whose smallest eigenvalue is below this has items that add up to others."""

FEW_PER_PARAMETER = 5
"""Fewer people than this for each free parameter, and fit indices say more about n than about the items."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OneFactorFit(Result):
    """One-factor model. Arrays are in the order of the items, shape (k,).

    Attributes
    ----------
    loadings, standard_errors, low, high
        Standardized loadings, delta-method standard errors, and intervals at `level` made on the scale of Fisher's z.
    uniquenesses
        Share of each item's variance that is its own.
    omega
        McDonald's omega of the unweighted sum of raw scores, from this fit's covariances.
    chi2, df, p
        Test that one factor leaves nothing over; `correction` says which multiplier of the discrepancy.
    cfi, tli
        Against the model of unrelated items; both near 1 where one factor describes the items. TLI may pass 1; it is
        None where the items are so little related that chi-square of that model is no larger than its df.
    rmsea, rmsea_low, rmsea_high, rmsea_level
        Misfit per degree of freedom, 0 at best, with its interval (90 % as is usual).
    srmr
        Root mean square residual of the correlations.
    log_likelihood
        Of the normal model at its maximum.
    """

    terms: tuple[str, ...]
    loadings: Array
    standard_errors: Array
    low: Array
    high: Array
    level: float
    uniquenesses: Array
    omega: float
    chi2: float
    df: int
    p: float
    correction: Correction
    cfi: float
    tli: float | None
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    rmsea_level: float
    srmr: float
    log_likelihood: float
    n: int
    k: int
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row an item."""
        return per_term(
            self.terms,
            {
                "estimate": self.loadings,
                "std_error": self.standard_errors,
                "conf_low": self.low,
                "conf_high": self.high,
                "uniqueness": self.uniquenesses,
            },
        )


def one_factor(
    items: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    correction: Correction = "Bartlett",
    level: float = 0.95,
    rmsea_level: float = 0.90,
) -> OneFactorFit:
    """Fit one factor to a scale's items by maximum likelihood and say how well it fits.

    Use it before a total score is read as one thing. Answers are taken as continuous and normal, which those of fewer
    than five categories are not.

    Parameters
    ----------
    items
        Item scores, shape (n, k), k >= 4, complete.
    names
        Names of the items, k of them; by default their places.
    correction
        ``"Bartlett"`` multiplies the discrepancy by n - 1 - (2 k + 5) / 6 - 2 / 3 (n - 1 - (2 k + 5) / 6 for unrelated
        items), since chi-square rejects a true model far too often in small samples without it; ``"none"`` by n.
    level, rmsea_level
        Confidence levels of the loadings and of the RMSEA.

    Raises
    ------
    StatisticsRefusedError
        Fewer than four items (three leave no degree of freedom), no more people than items, constant items, missing
        answers, items that add up to others, or a factor that needs all of an item's variance (a Heywood case).

    Notes
    -----
    Jöreskog (1969), Psychometrika 34:183-202; Bartlett (1950), British Journal of Psychology (Statistical Section)
    3:77-85; RMSEA by Steiger (1990) and its interval by Browne & Cudeck (1992); CFI by Bentler (1990). With
    ``correction="none"`` checked against R's ``lavaan::cfa(std.lv = TRUE)``, at tightened tolerances; with
    ``"Bartlett"`` both chi-squares against ``psych::fa(fm = "ml")``, whose TLI and RMSEA mix two multipliers.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> items = rng.normal(size=(95, 1)) + rng.normal(size=(95, 5))
    >>> fit = one_factor(items)
    >>> fit.df, bool(fit.p > 0.05), bool(fit.loadings.min() > 0.4)
    (5, True, True)
    """
    checked_level(level)
    checked_level(rmsea_level)
    if correction not in ("Bartlett", "none"):
        raise StatisticsRefusedError('The correction of chi-square is "Bartlett" or "none".')
    X = _checked(items)
    n, k = X.shape
    terms = tuple(f"item {i + 1}" for i in range(k)) if names is None else tuple(map(str, names))
    if len(terms) != k:
        raise StatisticsRefusedError(f"The table has {k} items and {len(terms)} names.")
    R = correlation_matrix(X)
    optimum = _fitted(R)
    se = _standard_errors(optimum, n)
    low, high = _loading_limits(optimum.loadings, se, level)
    omega = _omega(optimum, X.std(axis=0))
    model, null = _statistics(optimum, R, n, correction)
    return OneFactorFit(
        terms=terms,
        loadings=_frozen(optimum.loadings),
        standard_errors=_frozen(se),
        low=_frozen(low),
        high=_frozen(high),
        level=level,
        uniquenesses=_frozen(optimum.uniquenesses),
        omega=omega,
        chi2=model.chi2,
        df=model.df,
        p=float(special.chdtrc(model.df, model.chi2)),
        correction=correction,
        cfi=_cfi(model, null),
        tli=_tli(model, null),
        rmsea=_rmsea(model, model.chi2 - model.df),
        rmsea_low=_rmsea(model, _noncentrality(model, 0.5 + rmsea_level / 2.0)),
        rmsea_high=_rmsea(model, _noncentrality(model, 0.5 - rmsea_level / 2.0)),
        rmsea_level=rmsea_level,
        srmr=_srmr(optimum, R),
        log_likelihood=_log_likelihood(optimum, X, R),
        n=n,
        k=k,
        notes=_notes(n, k),
    )


@dataclass(frozen=True, slots=True)
class _Statistic:
    """Chi-square of a model, its df, and the multiplier that made it of the discrepancy."""

    chi2: float
    df: int
    multiplier: float


def _checked(items: ArrayLike) -> Array:
    X = checked_items(items, at_least=4)
    refuse_constant(X)
    n, k = X.shape
    if n <= k + 1:
        raise StatisticsRefusedError(
            f"{n} people are too few for a factor model of {k} items.",
            alternative="Report alpha with its interval instead.",
        )
    if float(np.linalg.eigvalsh(correlation_matrix(X))[0]) < SINGULAR:
        raise StatisticsRefusedError(
            "Some items are exact combinations of others, so a factor model cannot tell them apart.",
            alternative="Leave out items that repeat others.",
        )
    return X


def _fitted(R: Array) -> Optimum:
    start = minres(R[None])[0]
    optimum = maximum_likelihood(R, start if np.isfinite(start).all() else np.full(R.shape[0], 0.5))
    if optimum.improper:
        raise StatisticsRefusedError(
            "One factor would have to explain all of an item's variance (a Heywood case), so its fit means nothing.",
            alternative="Look at the correlations between items, and report alpha.",
        )
    if not optimum.converged:
        raise StatisticsRefusedError(
            "One factor does not settle on these items.", alternative="Look at their correlations, and report alpha."
        )
    return optimum


def _standard_errors(optimum: Optimum, n: int) -> Array:
    """Of standardized loadings l / sqrt(l^2 + psi): since the variances are l^2 + psi, by the delta method."""
    l, psi = optimum.loadings, optimum.uniquenesses  # noqa: E741 - the usual letter
    k = l.size
    covariance = np.linalg.inv(optimum.information) / n
    variance = l**2 + psi
    by_loading, by_psi = psi / variance**1.5, -0.5 * l / variance**1.5
    rows = np.arange(k)
    spread = (
        by_loading**2 * covariance[rows, rows]
        + by_psi**2 * covariance[rows + k, rows + k]
        + 2.0 * by_loading * by_psi * covariance[rows, rows + k]
    )
    return np.asarray(np.sqrt(spread), dtype=np.float64)


def _loading_limits(loadings: Array, se: Array, level: float) -> tuple[Array, Array]:
    """On Fisher's scale, where a standardized loading, a correlation with the factor, has no bounds."""
    half = float(special.ndtri(0.5 + level / 2.0)) * se / (1.0 - loadings**2)
    return np.tanh(np.arctanh(loadings) - half), np.tanh(np.arctanh(loadings) + half)


def _omega(optimum: Optimum, sd: Array) -> float:
    common = float((optimum.loadings * sd).sum()) ** 2
    return common / (common + float((optimum.uniquenesses * sd**2).sum()))


def _statistics(optimum: Optimum, R: Array, n: int, correction: Correction) -> tuple[_Statistic, _Statistic]:
    """Of the one-factor model and of unrelated items."""
    k = R.shape[0]
    bartlett = n - 1.0 - (2.0 * k + 5.0) / 6.0
    by = (bartlett - 2.0 / 3.0, bartlett) if correction == "Bartlett" else (float(n), float(n))
    unrelated = -float(np.linalg.slogdet(R)[1])
    model_chi2 = by[0] * max(optimum.discrepancy, 0.0)
    return (
        _Statistic(model_chi2, k * (k - 3) // 2, by[0]),
        _Statistic(by[1] * unrelated, k * (k - 1) // 2, by[1]),
    )


def _cfi(model: _Statistic, null: _Statistic) -> float:
    misfit = max(model.chi2 - model.df, 0.0)
    return 1.0 if misfit == 0.0 else 1.0 - misfit / max(null.chi2 - null.df, misfit)


def _tli(model: _Statistic, null: _Statistic) -> float | None:
    base = null.chi2 / null.df
    return None if base <= 1.0 else (base - model.chi2 / model.df) / (base - 1.0)


def _rmsea(model: _Statistic, noncentrality: float) -> float:
    return math.sqrt(max(noncentrality, 0.0) / (model.df * model.multiplier))


def _noncentrality(model: _Statistic, probability: float) -> float:
    """The noncentrality at which the chi-square found has this lower tail; 0 where even none gives less."""

    def below(noncentrality: float) -> float:
        return float(special.chndtr(model.chi2, model.df, noncentrality))

    if below(0.0) <= probability:
        return 0.0
    low, high = 0.0, max(model.chi2, 1.0)
    while below(high) > probability:
        high *= 2.0
    while True:
        middle = 0.5 * (low + high)
        if middle in (low, high):
            return middle
        low, high = (middle, high) if below(middle) > probability else (low, middle)


def _srmr(optimum: Optimum, R: Array) -> float:
    k = R.shape[0]
    residual = R - np.outer(optimum.loadings, optimum.loadings) - np.diag(optimum.uniquenesses)
    return math.sqrt(float((residual[np.tril_indices(k)] ** 2).sum()) / (k * (k + 1) / 2.0))


def _log_likelihood(optimum: Optimum, X: Array, R: Array) -> float:
    n, k = X.shape
    log_det: float = optimum.discrepancy + float(np.linalg.slogdet(R)[1]) + 2.0 * float(np.log(X.std(axis=0)).sum())
    return float(-0.5 * n * (k * math.log(2.0 * math.pi) + log_det + k))


def _notes(n: int, k: int) -> tuple[str, ...]:
    if n >= FEW_PER_PARAMETER * 2 * k:
        return ()
    return (f"{n} people for {2 * k} parameters: fit indices of so few people vary widely from sample to sample.",)


def _frozen(array: Array) -> Array:
    array = np.array(array)
    array.setflags(write=False)
    return array
