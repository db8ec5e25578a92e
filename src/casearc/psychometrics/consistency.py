"""Internal consistency of a scale: Cronbach's alpha and omega total, each with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.psychometrics import _weighted
from casearc.psychometrics._intervals import BOOTSTRAPS, NAMES, How, Resampling, feldt, refuse_strata, resampled
from casearc.psychometrics._items import checked_items, checked_level, refuse_constant
from casearc.psychometrics._minres import BOUND, minres
from casearc.psychometrics._weighted import CANCELED, Array, Weights
from casearc.statistics.results import Result

DRAWS = 2000
"""Resamples of a bootstrap interval where the caller names no number."""


STEPS = 500
"""Steps a resample's factor may take; one that does not settle has no omega."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alpha(Result):
    """Cronbach's alpha.

    Attributes
    ----------
    alpha, low, high, level
        The estimate and its interval at `level`.
    n, k
        Participants and items.
    method
        How the interval was made.
    draws
        Resamples behind a bootstrap interval, else None.
    """

    broom: ClassVar[Mapping[str, str]] = {**Result.broom, "alpha": "estimate"}

    alpha: float
    low: float
    high: float
    level: float
    n: int
    k: int
    method: str
    draws: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Omega(Result):
    """McDonald's omega total from one factor.

    Attributes
    ----------
    omega
        The estimate; `low` and `high` are its interval at `level`, None where none was asked for.
    loadings
        Standardized, one an item.
    method
        The estimator: which factor, fitted how, to what.
    interval
        How the interval was made; empty without one.
    """

    broom: ClassVar[Mapping[str, str]] = {**Result.broom, "omega": "estimate"}

    omega: float
    loadings: tuple[float, ...]
    n: int
    k: int
    method: str
    low: float | None = None
    high: float | None = None
    level: float | None = None
    interval: str = ""
    draws: int | None = None
    notes: tuple[str, ...] = ()


def cronbach_alpha(
    items: ArrayLike,
    *,
    level: float = 0.95,
    interval: Literal["Feldt", "jackknife", "percentile", "BCa"] = "Feldt",
    draws: int = DRAWS,
    rng_or_seed: np.random.Generator | int | None = None,
    strata: ArrayLike | None = None,
) -> Alpha:
    """Cronbach's alpha with an interval.

    Feldt's interval is exact for normal answers of equal variances and covariances; on skewed answers of few categories
    it covers about 90 % in place of 95, at any n. There the jackknife does best, then the bootstraps from n = 100 on.

    Parameters
    ----------
    items
        Item scores, already reversed where the key says so, shape (n, k), no missing value.
    level
        Confidence level.
    interval
        ``"Feldt"``, ``"jackknife"``, or a bootstrap of whole participants: ``"percentile"`` or ``"BCa"``.
    draws, rng_or_seed
        Resamples of a bootstrap, and the seed or generator that makes them; the other intervals need neither.
    strata
        Sites, one label a participant: resamples of a bootstrap keep the number of each.

    Raises
    ------
    StatisticsRefusedError
        One item, fewer than two participants, an item everybody answers alike (named by its place), a total without
        spread, a missing answer; a bootstrap without a seed, or most of whose resamples have no alpha.

    Notes
    -----
    alpha = k / (k - 1) (1 - sum of item variances / variance of the total); Cronbach (1951), Psychometrika 16:297-334.
    (1 - alpha) / (1 - estimate) is F with (n - 1)(k - 1) and n - 1 degrees of freedom; Feldt (1965), Psychometrika
    30:357-370. The jackknife leaves out one participant at a time and takes t with n - 1 degrees of freedom on the
    scale log(1 - alpha); Miller (1974), Biometrika 61:1-15. Alpha can be negative: then some items are probably not
    reversed. Checked against R's ``psych::alpha``,
    ``psych::alpha.ci``, and in resamples against alpha of the rows taken one by one.

    Examples
    --------
    >>> items = [[1, 2], [2, 2], [3, 4], [4, 5], [2, 3], [5, 3]]
    >>> round(cronbach_alpha(items).alpha, 4)
    0.7381
    >>> round(cronbach_alpha(items, interval="percentile", rng_or_seed=1).low, 1) < 0.7381
    True
    """
    checked_level(level)
    X = checked_items(items, at_least=2)
    refuse_constant(X)
    n, k = X.shape
    alpha = float(_weighted.alphas(X, np.ones((1, n)))[0])
    if not np.isfinite(alpha):
        raise StatisticsRefusedError(
            "The items cancel each other, so the total is the same for everybody and alpha is undefined.",
            alternative="Check which items the scoring key reverses.",
        )
    if interval == "Feldt":
        refuse_strata(interval, strata)
        found = feldt(alpha, n, k, level)
    else:
        how = How(interval=interval, level=level, draws=draws, rng_or_seed=rng_or_seed, strata=strata)
        found = resampled(partial(_weighted.alphas, X), n, alpha, how)
    if found.low is None or found.high is None:
        raise StatisticsRefusedError(found.notes[0], alternative="Use Feldt's interval, or report alpha alone.")
    return Alpha(
        alpha=alpha,
        low=found.low,
        high=found.high,
        level=level,
        n=n,
        k=k,
        method=NAMES[interval],
        draws=draws if interval in BOOTSTRAPS else None,
        notes=found.notes,
    )


def omega_total(
    items: ArrayLike,
    *,
    interval: Resampling | None = "jackknife",
    level: float = 0.95,
    draws: int = DRAWS,
    rng_or_seed: np.random.Generator | int | None = None,
    strata: ArrayLike | None = None,
) -> Omega:
    """McDonald's omega total: the share of the standardized total's variance that one factor explains.

    Use it beside alpha where items measure unequally well: alpha is then too low. For the omega of a factor fitted by
    maximum likelihood to covariances, with the test of its fit, see `one_factor`.

    Parameters
    ----------
    items
        Item scores, shape (n, k), k >= 3, no missing value.
    interval
        ``"jackknife"``, a bootstrap of whole participants (``"percentile"`` or ``"BCa"``), or None.
    level, draws, rng_or_seed, strata
        Arguments as in `cronbach_alpha`.

    Raises
    ------
    StatisticsRefusedError
        Fewer than three items (one factor is then not identified), constant items, or a factor that would need more
        than all of an item's variance; a bootstrap without a seed, or most of whose resamples have no omega.

    Notes
    -----
    One factor fitted to the correlations by minimum residuals (Harman & Jones 1966); omega = 1 - sum of uniquenesses /
    sum of correlations (McDonald 1999). A resample in which a loading reaches its bound of 1 keeps it there. Checked
    against R's ``psych::fa(nfactors = 1, fm = "minres")``, which stops some 1e-8 short of this minimum;
    psych's default of three factors is another number.

    Examples
    --------
    >>> round(omega_total([[2, 1, 1], [1, 2, 3], [3, 2, 3], [4, 5, 5], [5, 4, 5]]).omega, 4)
    0.9379
    """
    checked_level(level)
    X = checked_items(items, at_least=3)
    refuse_constant(X)
    n, k = X.shape
    R = _weighted.correlation_matrix(X)
    loadings = _one_factor(R)
    whole = float(R.sum())
    if whole <= CANCELED:
        raise StatisticsRefusedError(
            "The items cancel each other, so omega is undefined.",
            alternative="Check which items the scoring key reverses.",
        )
    omega = 1.0 - float((1.0 - loadings**2).sum()) / whole
    found = None
    if interval is not None:
        how = How(interval=interval, level=level, draws=draws, rng_or_seed=rng_or_seed, strata=strata)
        found = resampled(lambda weights: _omegas(X, weights, loadings), n, omega, how)
    return Omega(
        omega=omega,
        loadings=tuple(float(value) for value in loadings),
        n=n,
        k=k,
        method="one factor by minimum residuals, on correlations",
        low=None if found is None else found.low,
        high=None if found is None else found.high,
        level=None if found is None else level,
        interval="" if interval is None else NAMES[interval],
        draws=draws if interval in BOOTSTRAPS else None,
        notes=() if found is None else found.notes,
    )


def alpha_replicates(items: ArrayLike, weights: ArrayLike) -> Array:
    """Alpha of every resample of the participants at once.

    Parameters
    ----------
    items
        Item scores, shape (n, k), no missing value.
    weights
        How often each participant is in each resample, whole numbers, shape (draws, n).

    Returns
    -------
    numpy.ndarray
        Shape (draws,); nan where a resample's total has no spread. For those who bring resamples they share among
        several estimates; `cronbach_alpha` draws its own.

    Raises
    ------
    StatisticsRefusedError
        Items as in `cronbach_alpha`, or weights of another shape.

    Examples
    --------
    >>> alpha_replicates([[1, 2], [2, 2], [3, 4]], [[1, 1, 1], [2, 1, 0]]).round(4).tolist()
    [0.9231, 0.0]
    """
    X = checked_items(items, at_least=2)
    return _weighted.alphas(X, _checked_weights(weights, X.shape[0]))


def omega_replicates(items: ArrayLike, weights: ArrayLike) -> Array:
    """Omega total of every resample of the participants at once; arguments as in `alpha_replicates`.

    Shape (draws,); nan where an item has no spread in a resample, or its factor does not settle.

    Raises
    ------
    StatisticsRefusedError
        Items as in `omega_total`, or weights of another shape.

    Examples
    --------
    >>> items = [[2, 1, 1], [1, 2, 3], [3, 2, 3], [4, 5, 5], [5, 4, 5]]
    >>> omega_replicates(items, [[1, 1, 1, 1, 1]]).round(4).tolist()
    [0.9379]
    """
    X = checked_items(items, at_least=3)
    refuse_constant(X)
    weighted = _checked_weights(weights, X.shape[0])
    return _omegas(X, weighted, _one_factor(_weighted.correlation_matrix(X)))


def _checked_weights(weights: ArrayLike, n: int) -> Array:
    W = np.asarray(weights, dtype=np.float64)
    if W.ndim != 2 or W.shape[1] != n:
        raise StatisticsRefusedError(f"Weights are a table: one row a resample, one column each of {n} participants.")
    return W


def _one_factor(R: Array) -> Array:
    """Loadings of one matrix, refused where they do not settle or reach the bound."""
    loadings: Array = minres(R[None])[0]
    if not np.isfinite(loadings).all():
        raise StatisticsRefusedError(
            "One factor does not settle on these items.",
            alternative="Report alpha, and look at the correlations.",
        )
    if float(np.abs(loadings).max()) >= BOUND:
        raise StatisticsRefusedError(
            "One factor would have to explain more than all of an item's variance, so omega is not trustworthy here.",
            alternative="Report alpha, and look at the correlations between items.",
        )
    return loadings


def _omegas(X: Array, weights: Weights, start: Array) -> Array:
    """Omega under each row of weights, nan where there is none."""
    values = np.full(weights.shape[0], np.nan)
    R = _weighted.correlations(X, weights)
    known = np.flatnonzero(np.isfinite(R).all(axis=(1, 2)))
    loadings = minres(R[known], start=start, steps=STEPS)
    whole = R[known].sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 1.0 - (1.0 - loadings**2).sum(axis=1) / whole
    values[known] = np.where(whole > CANCELED, found, np.nan)
    return values
