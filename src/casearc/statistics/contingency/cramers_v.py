"""Cramér's V: how strongly two classifications go together, with an interval from the noncentral chi-square."""

from __future__ import annotations

import math
from dataclasses import dataclass

from numpy.typing import ArrayLike
from scipy import special

from casearc.statistics._arrays import confidence
from casearc.statistics.contingency.independence import chi_square
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class CramersV(Result):
    """Cramér's V, 0 to 1. `corrected` is Bergsma's, freed of what chance alone adds; the interval is for the true V."""

    estimate: float
    corrected: float
    low: float
    high: float
    level: float
    n: int
    method: str


def cramers_v(table: ArrayLike, *, level: float = 0.95) -> CramersV:
    """Strength of association in a cross table.

    Parameters
    ----------
    table
        Counts, (r, c), no row or column empty.
    level
        Confidence level of the interval.

    Raises
    ------
    StatisticsRefusedError
        A row or column that counts nobody.

    Notes
    -----
    `estimate` is never zero even where nothing goes together; `corrected`: Bergsma (2013), Journal of the Korean
    Statistical Society 42:323-328. Interval: Smithson (2003), Confidence Intervals, section 5: the noncentralities at
    which the observed chi-square sits at either tail. Approximate: in simulated three-by-three tables it covers 94 to
    96 % at a V of .15 to .3, and 96 to 97 % at .6. Checked against roots of R's ``pchisq(ncp = )``.

    Examples
    --------
    >>> result = cramers_v([[10, 20], [20, 10]])
    >>> round(result.estimate, 4), round(result.corrected, 4)
    (0.3333, 0.3095)
    """
    confidence(level)
    test = chi_square(table)
    rows, columns = test.expected.shape
    n, df = test.n, test.df
    size = n * (min(rows, columns) - 1)
    beyond_chance = max(0.0, test.statistic / n - df / (n - 1)) if n > 1 else 0.0
    return CramersV(
        estimate=test.cramers_v,
        corrected=_corrected(beyond_chance, rows, columns, n),
        low=min(1.0, math.sqrt(_noncentrality(test.statistic, df, 0.5 + level / 2.0) / size)),
        high=min(1.0, math.sqrt(_noncentrality(test.statistic, df, 0.5 - level / 2.0) / size)),
        level=level,
        n=n,
        method="Cramér's V, noncentral chi-square interval",
    )


def _corrected(beyond_chance: float, rows: int, columns: int, n: int) -> float:
    if beyond_chance == 0.0:
        return 0.0
    smaller = min(side - (side - 1) ** 2 / (n - 1) for side in (rows, columns)) - 1.0
    return min(1.0, math.sqrt(beyond_chance / smaller)) if smaller > 0.0 else 1.0


def _noncentrality(statistic: float, df: int, probability: float) -> float:
    """The noncentrality at which P(chi-square <= statistic) is `probability`; 0 where it is less without any."""
    if float(special.chdtr(df, statistic)) <= probability:
        return 0.0
    low, high = 0.0, statistic + 10.0
    while float(special.chndtr(statistic, df, high)) > probability:
        high *= 2.0
    while True:
        middle = 0.5 * (low + high)
        if middle in (low, high):
            return middle
        if float(special.chndtr(statistic, df, middle)) > probability:
            low = middle
        else:
            high = middle
