"""Tail areas and quantiles, from `scipy.special` alone (`scipy.stats` costs over half a second to import).

Upper tails are computed as such, never as one minus a lower tail, so that small p values keep their digits.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special


def t_two_sided(t: float | NDArray[np.float64], df: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """P(|T| >= |t|)."""
    return np.asarray(2.0 * special.stdtr(df, -np.abs(t)), dtype=np.float64)


def t_quantile(probability: float, df: float) -> float:
    """Quantile of Student's t."""
    return float(special.stdtrit(df, probability))


def t_quantiles(probability: float, df: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quantile of Student's t at each of several df."""
    return np.asarray(special.stdtrit(df, probability), dtype=np.float64)


def normal_two_sided(z: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """P(|Z| >= |z|)."""
    return np.asarray(2.0 * special.ndtr(-np.abs(z)), dtype=np.float64)


def normal_quantile(probability: float) -> float:
    """Quantile of the standard normal."""
    return float(special.ndtri(probability))


def f_upper(f: float, df_model: float, df_residual: float) -> float:
    """P(F >= f)."""
    return float(special.fdtrc(df_model, df_residual, f))


def chi_square_upper(statistic: float, df: float) -> float:
    """P(chi-square >= statistic)."""
    return float(special.chdtrc(df, statistic))


def binomial_half_two_sided(smaller: int, n: int) -> float:
    """Two-sided p of `smaller` successes of `n` at probability one half (`smaller` <= n / 2)."""
    return min(1.0, 2.0 * float(special.bdtr(smaller, n, 0.5)))


FAR = 1e4


def noncentrality(t: float, df: float, probability: float) -> float:
    """The noncentrality at which P(T <= t) equals `probability`.

    Bisection on `scipy.special.nctdtr`: its own inverse, `nctdtrinc`, is good to six digits only. Beyond `FAR`, where
    `nctdtr` itself fails, an expansion in 1 / t, which is then good to all digits.
    """
    if abs(t) > FAR:
        far = _far_noncentrality(abs(t), df, probability if t > 0 else 1.0 - probability)
        return far if t > 0 else -far
    low, high = t - 1.0, t + 1.0
    while float(special.nctdtr(df, low, t)) < probability:
        low -= 2.0 * (abs(t) + 1.0)
    while float(special.nctdtr(df, high, t)) > probability:
        high += 2.0 * (abs(t) + 1.0)
    while True:
        middle = 0.5 * (low + high)
        if middle in (low, high):
            return middle
        if float(special.nctdtr(df, middle, t)) > probability:
            low = middle
        else:
            high = middle


def clopper_pearson(successes: int, n: int, *, level: float) -> tuple[float, float]:
    """Exact limits of a probability from `successes` of `n` (Clopper & Pearson 1934, Biometrika 26:404-413)."""
    tail = (1.0 - level) / 2.0
    low = 0.0 if successes == 0 else float(special.betaincinv(successes, n - successes + 1, tail))
    high = 1.0 if successes == n else float(special.betainccinv(successes + 1, n - successes, tail))
    return low, high


def _far_noncentrality(t: float, df: float, probability: float) -> float:
    """Quantile of t S + Z, S the root of chi-square over df: that of t S, moved by what a little noise Z moves it."""
    s = math.sqrt(float(special.chdtri(df, probability)) / df)
    slope = (df - 1.0) / s - df * s
    return t * s - slope / (2.0 * t)
