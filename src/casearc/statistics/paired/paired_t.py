"""Paired t test: did a score change between two waves of the same participants."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import SAME, Vector, confidence, has_no_spread, same_length, vector
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedT(Result):
    """Paired t test. `difference` is after minus before; `low` and `high` bound it at `level`."""

    n: int
    mean_before: float
    mean_after: float
    difference: float
    low: float
    high: float
    sd_difference: float
    se: float
    t: float
    df: int
    p: float
    level: float
    sd_before: float
    sd_after: float
    correlation: float | None


def paired_t(before: ArrayLike, after: ArrayLike, *, level: float = 0.95) -> PairedT:
    """Test whether the mean of ``after - before`` differs from zero.

    Parameters
    ----------
    before, after
        Scores of the same participants in the same order, shape (n,), n >= 2.
    level
        Confidence level of the interval.

    Returns
    -------
    PairedT
        `correlation` is None where one wave has no spread.

    Raises
    ------
    StatisticsRefusedError
        Missing values, unequal length, fewer than two pairs, identical waves, or a shift that is the same for
        everybody: then the differences have no spread and t has no meaning.

    Notes
    -----
    Student (1908), Biometrika 6:1-25. Checked against R's ``t.test(paired = TRUE)``.

    Examples
    --------
    >>> round(paired_t([1.0, 2.0, 3.0, 4.0], [2.0, 2.0, 5.0, 5.0]).t, 4)
    2.4495
    """
    confidence(level)
    first = vector(before, name="The earlier wave", at_least=2)
    second = vector(after, name="The later wave", at_least=2)
    same_length(first, second, names=("The earlier wave", "the later wave"))
    differences = second - first
    n = differences.size
    difference = float(differences.mean())
    _refuse_constant(differences, scale=max(float(np.abs(first).max()), float(np.abs(second).max())))
    sd_difference = float(differences.std(ddof=1))
    se = sd_difference / math.sqrt(n)
    t = difference / se
    half_width = dist.t_quantile(0.5 + level / 2.0, n - 1) * se
    return PairedT(
        n=n,
        mean_before=float(first.mean()),
        mean_after=float(second.mean()),
        difference=difference,
        low=difference - half_width,
        high=difference + half_width,
        sd_difference=sd_difference,
        se=se,
        t=t,
        df=n - 1,
        p=float(dist.t_two_sided(t, n - 1)),
        level=level,
        sd_before=float(first.std(ddof=1)),
        sd_after=float(second.std(ddof=1)),
        correlation=_correlation(first, second),
    )


def _refuse_constant(differences: Vector, *, scale: float) -> None:
    if not has_no_spread(differences, scale=scale):
        return
    if float(np.abs(differences).max()) <= SAME * scale:
        raise StatisticsRefusedError(
            "The two waves are identical for every participant, so there is no change to test.",
            alternative="Check that the two waves were not filled from the same file; "
            "otherwise report that no score changed.",
        )
    raise StatisticsRefusedError(
        "Every participant changed by exactly the same amount, so the differences have no spread and t is undefined.",
        alternative="Check how the later wave was recorded; the exact signed-rank test is valid here.",
    )


def _correlation(first: Vector, second: Vector) -> float | None:
    if has_no_spread(first) or has_no_spread(second):
        return None
    return float(np.clip(np.corrcoef(first, second)[0, 1], -1.0, 1.0))
