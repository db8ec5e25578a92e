"""The sign test: how many moved up, how many down, and the median change with an interval from order statistics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import confidence, vector
from casearc.statistics.paired.signed_rank import TIED
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class SignTest(Result):
    """Exact sign test with the median change.

    Attributes
    ----------
    n, up, down, unchanged
        Participants in all, and those whose score rose, fell, stayed.
    p
        Two-sided binomial at one half on those who changed.
    median, low, high
        Of all differences, zeros included; None for limits where too few differences allow no interval at `level`.
    coverage
        What the closed interval covers at least, given n (order statistics cannot hit 0.95 itself).
    share_up, share_low, share_high
        Share of those who changed whose score rose, with its Clopper-Pearson interval.
    """

    n: int
    up: int
    down: int
    unchanged: int
    p: float
    median: float
    low: float | None
    high: float | None
    coverage: float | None
    share_up: float
    share_low: float
    share_high: float
    level: float
    method: str
    notes: tuple[str, ...] = ()


def sign_test(differences: ArrayLike, *, level: float = 0.95) -> SignTest:
    """Test whether as many scores rise as fall; it assumes nothing about the shape of the differences.

    Use it where changes are skewed or the scale only says more or less: Wilcoxon's test assumes symmetry.

    Parameters
    ----------
    differences
        Later minus earlier, shape (n,).
    level
        Confidence level of both intervals; each covers at least this.

    Raises
    ------
    StatisticsRefusedError
        Missing values, or nobody changed.

    Notes
    -----
    Dixon & Mood (1946), Journal of the American Statistical Association 41:557-566; the interval of the median: Conover
    (1999), Practical Nonparametric Statistics, section 3.2. With ties at its ends it covers more than `coverage` says.
    Checked against R's ``binom.test`` and ``qbinom``.

    Examples
    --------
    >>> round(sign_test([1, 1, 2, 2, -1, 3, 0, 0, 4, -2]).p, 7)
    0.2890625
    """
    confidence(level)
    values = vector(differences, name="The differences")
    tolerance = TIED * float(np.abs(values).max())
    up, down = int((values > tolerance).sum()), int((values < -tolerance).sum())
    if up + down == 0:
        raise StatisticsRefusedError(
            "No participant's score changed, so there is no direction to test.",
            alternative="Report that nobody changed, with the number of participants.",
        )
    ordered, rank = np.sort(values), _median_rank(values.size, level)
    share_low, share_high = dist.clopper_pearson(up, up + down, level=level)
    note = f"{values.size} differences are too few for an interval of {level:.0%} for the median."
    return SignTest(
        n=values.size,
        up=up,
        down=down,
        unchanged=values.size - up - down,
        p=dist.binomial_half_two_sided(min(up, down), up + down),
        median=float(np.median(ordered)),
        low=float(ordered[rank - 1]) if rank else None,
        high=float(ordered[-rank]) if rank else None,
        coverage=1.0 - 2.0 * float(special.bdtr(rank - 1, values.size, 0.5)) if rank else None,
        share_up=up / (up + down),
        share_low=share_low,
        share_high=share_high,
        level=level,
        method="exact sign test; median with interval from order statistics",
        notes=() if rank else (note,),
    )


def _median_rank(n: int, level: float) -> int:
    """The largest r with 2 P(B <= r - 1) <= 1 - level, B binomial (n, 1/2); 0 where there is none."""
    tails = special.bdtr(np.arange(n // 2 + 1), n, 0.5)
    return int(np.searchsorted(tails, (1.0 - level) / 2.0 * (1.0 + 1e-12), side="right"))
