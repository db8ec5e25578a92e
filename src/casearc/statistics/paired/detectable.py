"""The smallest change a paired t test of so many people would find."""

from __future__ import annotations

import math

from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist

LARGEST = 50.0
"""No standardized change beyond this is looked for."""


def smallest_dz(n: int, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """The mean change in SDs of the change (d_z) that a two-sided paired t test finds with the power given.

    Parameters
    ----------
    n
        People measured twice, at least 3.
    power, alpha
        Chance of finding it, and of finding it where there is none.

    Raises
    ------
    StatisticsRefusedError
        Fewer than three people; a power or alpha outside 0 to 1, or a power no larger than alpha.

    Notes
    -----
    Both tails of the noncentral t; R's ``power.t.test`` leaves out the far one unless told ``strict = TRUE``, and stops
    its search early. Checked against roots of R's ``pt(ncp = )``.

    Examples
    --------
    >>> round(smallest_dz(95), 9)
    0.29041469
    """
    if n < 3:
        raise StatisticsRefusedError(
            f"With {n} people no change is found.", alternative="Describe them, or measure more people."
        )
    if not 0.0 < alpha < power < 1.0:
        raise StatisticsRefusedError("Power and alpha lie between 0 and 1, and power is the larger.")
    critical = dist.t_quantile(1.0 - alpha / 2.0, n - 1)
    low, high = 0.0, LARGEST
    while high - low > 1e-14 * high:
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if _power(middle * math.sqrt(n), n - 1, critical) < power:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _power(noncentrality: float, df: int, critical: float) -> float:
    if noncentrality > critical + 40.0:  # beyond what the noncentral t is computed for; power is one
        return 1.0
    above = 1.0 - float(special.nctdtr(df, noncentrality, critical))
    return above + float(special.nctdtr(df, noncentrality, -critical))
