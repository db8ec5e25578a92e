"""McNemar's test of a two-by-two table of before and after: exact, mid-p, chi-square, and how large the shift is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from numpy.typing import ArrayLike
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import confidence, counts
from casearc.statistics.results import Result

Kind = Literal["exact", "mid-p", "chi_square", "corrected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class McNemar(Result):
    """McNemar's test.

    Attributes
    ----------
    n, up, down
        Participants in all; those who moved from the first level to the second, and back.
    statistic
        Chi-square with one df; None for the binomial forms.
    difference, low, high
        Share at the second level after minus before, with Tango's score interval.
    odds_ratio, odds_ratio_low, odds_ratio_high
        `up` / `down` with its exact conditional interval; None where it is infinite.
    """

    n: int
    up: int
    down: int
    statistic: float | None
    p: float
    method: Kind
    difference: float
    low: float
    high: float
    odds_ratio: float | None
    odds_ratio_low: float
    odds_ratio_high: float | None
    level: float
    notes: tuple[str, ...] = ()


def mcnemar(table: ArrayLike, *, method: Kind = "exact", level: float = 0.95) -> McNemar:
    """Test whether as many moved from the first level to the second as back, and say how large the shift is.

    Parameters
    ----------
    table
        Counts, (2, 2): rows before, columns after.
    method
        ``"exact"``: binomial, never above its level and well below it with few movers. ``"mid-p"``: counts the observed
        split half; close to its level on average, by little above it at times. ``"chi_square"``, and ``"corrected"``
        for continuity, which imitates the exact one.
    level
        Confidence level of both intervals.

    Raises
    ------
    StatisticsRefusedError
        The table is not two by two, or nobody moved.

    Notes
    -----
    McNemar (1947), Psychometrika 12:153-157; mid-p: Fagerland, Lydersen & Laake (2013), BMC Medical Research
    Methodology 13:91; difference: Tango (1998), Statistics in Medicine 17:891-908;
    odds ratio: Clopper-Pearson on those who moved. Checked against R's ``mcnemar.test`` and ``binom.test``.

    Examples
    --------
    >>> mcnemar([[5, 4], [0, 6]]).p, mcnemar([[5, 4], [0, 6]], method="mid-p").p
    (0.125, 0.0625)
    """
    confidence(level)
    square = counts(table, name="The table of moves", square=True)
    if square.shape[0] != 2:
        raise StatisticsRefusedError(
            "McNemar's test is for two levels.", alternative="Use bowker or bowker_exact for more."
        )
    up, down, n = int(square[0, 1]), int(square[1, 0]), int(square.sum())
    if up + down == 0:
        raise StatisticsRefusedError(
            "Nobody moved from one level to another, so there is no direction to test.",
            alternative="Report that everybody stayed.",
        )
    statistic, p = moved_p(up, down, method)
    low, high = _difference_interval(up, down, n, level)
    share_low, share_high = dist.clopper_pearson(up, up + down, level=level)
    note = "Nobody moved back, so the odds ratio has no upper limit."
    return McNemar(
        n=n,
        up=up,
        down=down,
        statistic=statistic,
        p=p,
        method=method,
        difference=(up - down) / n,
        low=low,
        high=high,
        odds_ratio=up / down if down else None,
        odds_ratio_low=share_low / (1.0 - share_low),
        odds_ratio_high=share_high / (1.0 - share_high) if down else None,
        level=level,
        notes=() if down else (note,),
    )


def moved_p(up: int, down: int, method: str) -> tuple[float | None, float]:
    """Statistic (chi-square forms only) and two-sided p of `up` moves against `down`."""
    m, smaller = up + down, min(up, down)
    if method in ("exact", "mid-p"):
        p = dist.binomial_half_two_sided(smaller, m)
        if method == "mid-p":
            at = float(special.bdtr(smaller, m, 0.5)) - (float(special.bdtr(smaller - 1, m, 0.5)) if smaller else 0.0)
            p = 1.0 if up == down else p - at
        return None, p
    if method not in ("chi_square", "corrected"):
        raise StatisticsRefusedError('method is "exact", "mid-p", "chi_square" or "corrected".')
    apart = max(abs(up - down) - (1.0 if method == "corrected" else 0.0), 0.0)
    statistic = apart**2 / m
    return statistic, dist.chi_square_upper(statistic, 1)


def _difference_interval(up: int, down: int, n: int, level: float) -> tuple[float, float]:
    """All differences of shares that the score test does not reject; it falls from left to right, so by bisection."""
    limit = dist.normal_quantile(0.5 + level / 2.0)
    observed = (up - down) / n
    return (
        _crossing(up, down, n, -1.0, observed, limit),
        _crossing(up, down, n, observed, 1.0, -limit),
    )


def _crossing(up: int, down: int, n: int, low: float, high: float, value: float) -> float:
    """Where the score falls through `value`, between `low` and `high`; the outer end where it never does."""
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if _score(up, down, n, middle) > value:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _score(up: int, down: int, n: int, difference: float) -> float:
    """Tango's statistic: the variance is the most likely one at this `difference`."""
    b = -up - down + (2.0 * n - up + down) * difference
    c = -down * difference * (1.0 - difference)
    share_down = (math.sqrt(max(b * b - 8.0 * n * c, 0.0)) - b) / (4.0 * n)
    variance = n * (2.0 * share_down + difference * (1.0 - difference))
    apart = up - down - n * difference
    return apart / math.sqrt(variance) if variance > 0.0 else math.copysign(math.inf, apart) if apart else 0.0
