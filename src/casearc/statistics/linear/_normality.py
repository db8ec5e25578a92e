"""Shapiro and Wilk's W, by Royston's approximation."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from casearc.statistics._arrays import Vector

LARGEST = 5000
"""Royston fitted his approximation up to this n."""

_LAST = (0.0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056)
_BEFORE_LAST = (0.0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633)


def shapiro_wilk(values: Vector) -> tuple[float, float]:
    """W and its p for 3 to 5,000 values with spread.

    Royston (1995), Applied Statistics 44:547-551 (algorithm AS R94). Checked against R's ``shapiro.test``.
    """
    x = np.sort(values - np.median(values))
    x = x / (x[-1] - x[0])
    n = x.size
    a = _coefficients(n)
    centered = x - x.mean()
    squares = float(centered @ centered)
    explained = float(a @ centered) ** 2 / float(a @ a)
    one_minus_w = max((squares - explained) / squares, 0.0)
    return 1.0 - one_minus_w, _p_value(one_minus_w, n)


def _coefficients(n: int) -> Vector:
    """Antisymmetric weights of the ordered values."""
    if n == 3:
        return np.array([-math.sqrt(0.5), 0.0, math.sqrt(0.5)])
    m = np.asarray(special.ndtri((np.arange(1, n + 1) - 0.375) / (n + 0.25)), dtype=np.float64)
    total = float(m @ m)
    u = 1.0 / math.sqrt(n)
    a = np.empty(n)
    last = m[-1] / math.sqrt(total) + _polynomial(_LAST, u)
    if n <= 5:
        rest = math.sqrt((total - 2.0 * m[-1] ** 2) / (1.0 - 2.0 * last**2))
        a[1:-1] = m[1:-1] / rest
    else:
        before = m[-2] / math.sqrt(total) + _polynomial(_BEFORE_LAST, u)
        rest = math.sqrt((total - 2.0 * m[-1] ** 2 - 2.0 * m[-2] ** 2) / (1.0 - 2.0 * last**2 - 2.0 * before**2))
        a[2:-2] = m[2:-2] / rest
        a[-2], a[1] = before, -before
    a[-1], a[0] = last, -last
    return a


def _p_value(one_minus_w: float, n: int) -> float:
    if n == 3:
        return max(0.0, 6.0 / math.pi * (math.asin(math.sqrt(1.0 - one_minus_w)) - math.asin(math.sqrt(0.75))))
    y = math.log(max(one_minus_w, 1e-300))
    if n <= 11:
        gamma = -2.273 + 0.459 * n
        if y >= gamma:
            return 1e-99
        y = -math.log(gamma - y)
        mean = _polynomial((0.5440, -0.39978, 0.025054, -0.0006714), n)
        sd = math.exp(_polynomial((1.3822, -0.77857, 0.062767, -0.0020322), n))
    else:
        log_n = math.log(n)
        mean = _polynomial((-1.5861, -0.31082, -0.083751, 0.0038915), log_n)
        sd = math.exp(_polynomial((-0.4803, -0.082676, 0.0030302), log_n))
    return float(special.ndtr(-(y - mean) / sd))


def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    return float(np.polynomial.polynomial.polyval(x, coefficients))
