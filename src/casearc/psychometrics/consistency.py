"""Internal consistency of a scale: Cronbach's alpha and omega total."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.psychometrics._items import checked_items, refuse_constant

MOST_SWEEPS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Alpha:
    """Cronbach's alpha over `n` participants and `k` items, with its interval at `level`."""

    alpha: float
    low: float
    high: float
    level: float
    n: int
    k: int
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Omega:
    """McDonald's omega total from one factor; `loadings` are standardized, one an item."""

    omega: float
    loadings: tuple[float, ...]
    n: int
    k: int
    method: str


def cronbach_alpha(items: ArrayLike, *, level: float = 0.95) -> Alpha:
    """Cronbach's alpha with Feldt's interval.

    Parameters
    ----------
    items
        Item scores, already reversed where the key says so, shape (n, k), no missing value.
    level
        Confidence level.

    Raises
    ------
    StatisticsRefusedError
        One item, fewer than two participants, an item everybody answers alike (named by its place), a total without
        spread, or a missing answer.

    Notes
    -----
    alpha = k / (k - 1) (1 - sum of item variances / variance of the total); Cronbach (1951), Psychometrika 16:297-334.
    (1 - alpha) / (1 - estimate) is F with (n - 1)(k - 1) and n - 1 degrees of freedom; Feldt (1965), Psychometrika
    30:357-370. It can be negative: then some items are probably not reversed. Checked against R's ``psych::alpha`` and
    ``psych::alpha.ci``.

    Examples
    --------
    >>> round(cronbach_alpha([[1, 2], [2, 2], [3, 4], [4, 5]]).alpha, 4)
    0.967
    """
    if not 0.0 < level < 1.0:
        raise StatisticsRefusedError("A confidence level lies between 0 and 1, for example 0.95.")
    X = checked_items(items, at_least=2)
    refuse_constant(X)
    n, k = X.shape
    total = float(X.sum(axis=1).var(ddof=1))
    parts = float(X.var(axis=0, ddof=1).sum())
    if total <= 1e-12 * parts:
        raise StatisticsRefusedError(
            "The items cancel each other, so the total is the same for everybody and alpha is undefined.",
            alternative="Check which items the scoring key reverses.",
        )
    alpha = min(k / (k - 1) * (1.0 - parts / total), 1.0)  # items that agree entirely: rounding may pass 1
    tail = (1.0 - level) / 2.0
    df = (n - 1, (n - 1) * (k - 1))
    return Alpha(
        alpha=alpha,
        low=1.0 - (1.0 - alpha) * float(special.fdtri(*df, 1.0 - tail)),
        high=1.0 - (1.0 - alpha) * float(special.fdtri(*df, tail)),
        level=level,
        n=n,
        k=k,
        method="Feldt",
    )


def omega_total(items: ArrayLike) -> Omega:
    """McDonald's omega total: the share of the standardized total's variance that one factor explains.

    Parameters
    ----------
    items
        Item scores, shape (n, k), k >= 3, no missing value.

    Raises
    ------
    StatisticsRefusedError
        Fewer than three items (one factor is then not identified), constant items, or a factor that would need more
        than all of an item's variance.

    Notes
    -----
    One factor fitted to the correlations by minimum residuals (Harman & Jones 1966); omega = 1 - sum of uniquenesses /
    sum of correlations (McDonald 1999). Checked against R's ``psych::fa(nfactors = 1, fm = "minres")``, which stops
    some 1e-8 short of this minimum; psych's default of three factors is another number.

    Examples
    --------
    >>> round(omega_total([[2, 1, 1], [1, 2, 3], [3, 2, 3], [4, 5, 5], [5, 4, 5]]).omega, 4)
    0.9379
    """
    X = checked_items(items, at_least=3)
    refuse_constant(X)
    R = np.asarray(np.corrcoef(X, rowvar=False), dtype=np.float64)
    loadings = _one_factor(R)
    if float((loadings**2).max()) >= 1.0 - 1e-9:
        raise StatisticsRefusedError(
            "One factor would have to explain more than all of an item's variance, so omega is not trustworthy here.",
            alternative="Report alpha, and look at the correlations between items.",
        )
    whole = float(R.sum())
    if whole <= 1e-12:
        raise StatisticsRefusedError(
            "The items cancel each other, so omega is undefined.",
            alternative="Check which items the scoring key reverses.",
        )
    return Omega(
        omega=1.0 - float((1.0 - loadings**2).sum()) / whole,
        loadings=tuple(float(value) for value in loadings),
        n=X.shape[0],
        k=X.shape[1],
        method="one factor by minimum residuals, on correlations",
    )


def _one_factor(R: NDArray[np.float64]) -> NDArray[np.float64]:
    """Loadings that minimize the squared off-diagonal residuals, one at a time (each is a plain regression).

    Loadings are kept within -1 and 1: a communality cannot exceed one.
    """
    off = R - np.diag(np.diag(R))
    values, vectors = np.linalg.eigh(R)
    loadings = vectors[:, -1] * np.sqrt(values[-1]) * 0.9
    for _ in range(MOST_SWEEPS):
        before = loadings.copy()
        for i in range(loadings.size):
            others = float(loadings @ loadings) - loadings[i] ** 2
            loadings[i] = np.clip(off[i] @ loadings / others, -1.0, 1.0) if others > 0.0 else 0.0
        if np.abs(loadings - before).max() < 1e-13:
            return np.asarray(loadings * (1.0 if loadings.sum() >= 0.0 else -1.0), dtype=np.float64)
    raise StatisticsRefusedError(
        "One factor does not settle on these items.",
        alternative="Report alpha, and look at the correlations.",
    )
