"""Comparing groups: one-way analysis of variance, and two groups by t (Welch's by default)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import SAME, Vector, confidence, has_no_spread, vector
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisOfVariance(Result):
    """One-way analysis of variance. `r_squared` is the share of variance between groups (eta squared)."""

    f: float
    df_between: int
    df_within: int
    p: float
    between: float
    within: float
    r_squared: float
    residual_sd: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoSampleT(Result):
    """Two groups compared by t: `difference` is first minus second, with its interval at `level`."""

    n_first: int
    n_second: int
    mean_first: float
    mean_second: float
    difference: float
    se: float
    low: float
    high: float
    t: float
    df: float
    p: float
    level: float
    method: Literal["Welch", "equal variances"]


def one_way(groups: Sequence[ArrayLike]) -> AnalysisOfVariance:
    """F test that all groups have the same mean.

    Parameters
    ----------
    groups
        The outcome in each group, two groups or more, none empty.

    Raises
    ------
    StatisticsRefusedError
        Fewer than two groups, an empty one, no spread within any group, or one participant a group.

    Notes
    -----
    Values are shifted by the first one before anything is summed, which is exact in floating point for data of nearly
    equal size, then centered in two passes. On NIST StRD SmLs07-09 this gives every digit the rounded data hold.

    Examples
    --------
    >>> round(one_way([[1.0, 2.0, 3.0], [2.0, 3.0, 4.0]]).f, 4)
    1.5
    """
    arrays = [vector(group, name=f"Group {i + 1}") for i, group in enumerate(groups)]
    if len(arrays) < 2:
        raise StatisticsRefusedError("At least two groups are needed.", alternative="Describe the one group.")
    n = sum(array.size for array in arrays)
    if n <= len(arrays):
        raise StatisticsRefusedError(
            "Each group has one participant, so there is no spread to compare the means with.",
            alternative="Merge groups.",
        )
    size = max(float(np.abs(array).max()) for array in arrays)
    if all(float(np.ptp(array)) <= SAME * size for array in arrays):
        raise StatisticsRefusedError(
            "Within each group all values are the same, so F is undefined.",
            alternative="Report the value of each group.",
        )
    origin = arrays[0][0]
    shifted = [array - origin for array in arrays]
    grand = float(np.mean(np.concatenate(shifted)))
    centered = [array - grand for array in shifted]
    means = [float(array.mean()) for array in centered]
    within = sum(_centered_squares(array - mean) for array, mean in zip(centered, means, strict=True))
    offset = sum(array.size * mean for array, mean in zip(centered, means, strict=True)) / n
    between = sum(array.size * (mean - offset) ** 2 for array, mean in zip(centered, means, strict=True))
    df_between, df_within = len(arrays) - 1, n - len(arrays)
    f = (between / df_between) / (within / df_within)
    return AnalysisOfVariance(
        f=f,
        df_between=df_between,
        df_within=df_within,
        p=dist.f_upper(f, df_between, df_within),
        between=between,
        within=within,
        r_squared=between / (between + within),
        residual_sd=math.sqrt(within / df_within),
        n=n,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WelchOneWay(Result):
    """Welch's test that all groups have the same mean, their spread being what it is. `df_within` is a fraction."""

    f: float
    df_between: int
    df_within: float
    p: float
    n: int


def welch_one_way(groups: Sequence[ArrayLike]) -> WelchOneWay:
    """Test that all groups have the same mean without supposing that they have the same spread.

    Parameters
    ----------
    groups
        The outcome in each group, two groups or more, at least two participants each.

    Raises
    ------
    StatisticsRefusedError
        Fewer than two groups, fewer than two participants or no spread in one of them.

    Notes
    -----
    Welch (1951), Biometrika 38:330-336. With two groups it is `two_sample_t`. Checked against R's ``oneway.test``.

    Examples
    --------
    >>> round(welch_one_way([[1.0, 2.0, 3.0], [2.0, 3.0, 4.0], [5.0, 7.0, 9.0]]).f, 4)
    6.378
    """
    arrays = [vector(group, name=f"Group {i + 1}", at_least=2) for i, group in enumerate(groups)]
    if len(arrays) < 2:
        raise StatisticsRefusedError("At least two groups are needed.", alternative="Describe the one group.")
    size = max(float(np.abs(array).max()) for array in arrays)
    if any(has_no_spread(array, scale=size) for array in arrays):
        raise StatisticsRefusedError(
            "In one group all values are the same, so that its mean would count without limit.",
            alternative="Merge that group, or use one_way, which pools the spread of all.",
        )
    origin = float(arrays[0][0])
    n = np.array([array.size for array in arrays], dtype=np.float64)
    means = np.array([float((array - origin).mean()) for array in arrays])
    weight = n / np.array([float(array.var(ddof=1)) for array in arrays])
    share = weight / weight.sum()
    k = len(arrays)
    excess = float(((1.0 - share) ** 2 / (n - 1.0)).sum())
    between = float((weight * (means - share @ means) ** 2).sum()) / (k - 1)
    f = between / (1.0 + 2.0 * (k - 2) / (k**2 - 1) * excess)
    df_within = (k**2 - 1) / (3.0 * excess)
    return WelchOneWay(f=f, df_between=k - 1, df_within=df_within, p=dist.f_upper(f, k - 1, df_within), n=int(n.sum()))


def two_sample_t(
    first: ArrayLike, second: ArrayLike, *, equal_variances: bool = False, level: float = 0.95
) -> TwoSampleT:
    """Test whether two groups have the same mean.

    Parameters
    ----------
    first, second
        The outcome in each group, at least two participants each.
    equal_variances
        False: Welch (1947), which does not assume equal spread.

    Raises
    ------
    StatisticsRefusedError
        Neither group has any spread.

    Notes
    -----
    Checked against R's ``t.test``.

    Examples
    --------
    >>> round(two_sample_t([1.0, 2.0, 3.0], [2.0, 3.0, 4.0]).t, 4)
    -1.2247
    """
    confidence(level)
    one = vector(first, name="The first group", at_least=2)
    two = vector(second, name="The second group", at_least=2)
    size = max(float(np.abs(one).max()), float(np.abs(two).max()))
    if max(float(np.ptp(one)), float(np.ptp(two))) <= SAME * size:
        raise StatisticsRefusedError(
            "Neither group has any spread, so t is undefined.", alternative="Report the two values."
        )
    v1, v2 = float(one.var(ddof=1)) / one.size, float(two.var(ddof=1)) / two.size
    if equal_variances:
        df = float(one.size + two.size - 2)
        pooled = (v1 * one.size * (one.size - 1) + v2 * two.size * (two.size - 1)) / df
        se = math.sqrt(pooled * (1.0 / one.size + 1.0 / two.size))
    else:
        df = (v1 + v2) ** 2 / (v1**2 / (one.size - 1) + v2**2 / (two.size - 1))
        se = math.sqrt(v1 + v2)
    difference = float(one.mean() - two.mean())
    half_width = dist.t_quantile(0.5 + level / 2.0, df) * se
    return TwoSampleT(
        n_first=one.size,
        n_second=two.size,
        mean_first=float(one.mean()),
        mean_second=float(two.mean()),
        difference=difference,
        se=se,
        low=difference - half_width,
        high=difference + half_width,
        t=difference / se,
        df=df,
        p=float(dist.t_two_sided(difference / se, df)),
        level=level,
        method="equal variances" if equal_variances else "Welch",
    )


def _centered_squares(deviations: Vector) -> float:
    """Sum of squares about the mean of values already near zero: the second pass takes out what rounding left."""
    rest = float(deviations.sum())
    return float((deviations**2).sum()) - rest**2 / deviations.size
