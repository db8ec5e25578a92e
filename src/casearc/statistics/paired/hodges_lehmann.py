"""The Hodges-Lehmann estimate of change with two exact intervals: closed (Noether) and conditional on ties."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Vector, confidence, vector
from casearc.statistics._sign_flips import untied_cumulative
from casearc.statistics.estimates import EstimateInterval
from casearc.statistics.paired.signed_rank import EXACT_UP_TO, TIED, asymptotic_p, exact_p, signed_ranks

WALSH_LIMIT = 5000
CONDITIONAL_LIMIT = 500
NEIGHBORS = 24
"""Shifts tried beyond the first rejected one: with ties p need not fall at every single step."""

CERTAIN = 30
"""From so many ranks on, a normal p more than four times off the level settles which side the exact one is on."""


def hodges_lehmann(
    differences: ArrayLike,
    *,
    interval: Literal["closed", "conditional"] = "closed",
    zeros: Literal["wilcox", "pratt"] = "wilcox",
    level: float = 0.95,
) -> EstimateInterval:
    """The median of all pairwise means of the differences, with an interval from the signed-rank test.

    Parameters
    ----------
    differences
        Later minus earlier, shape (n,); zeros stay in. Up to 5000, ``"conditional"`` up to 500.
    interval
        ``"closed"``: from the untied distribution, ends included; it covers at least `level` with ties as well (Noether
        1967), and is R's ``wilcox.test(conf.int = TRUE)`` where there are none. ``"conditional"``: all shifts that the
        exact test, with mid-ranks as they fall at each shift, does not reject, and what lies between them. It says the
        same as `wilcoxon_signed_rank` does of zero. On coarse scales a limit may itself be rejected while every shift
        just inside is not; `method` then says that it is not included.
    zeros
        What the conditional test does with differences equal to the shift: as in `wilcoxon_signed_rank`.
    level
        Confidence level; both intervals cover at least this wherever the differences are symmetric about their center.

    Raises
    ------
    StatisticsRefusedError
        Too few differences for any exact interval at `level` (fewer than 6 at 95 %), or more than the limit.

    Notes
    -----
    Hodges & Lehmann (1963), Annals of Mathematical Statistics 34:598-611; Noether (1967), Journal of the American
    Statistical Association 62:184-188. Without ties the two intervals are the same, unless a shift equal to somebody's
    change, which then drops out as a zero, is not rejected while its neighbors are. Above 2000
    differences the rank of the closed interval is taken from the normal approximation. Checked against R's
    ``wilcox.test`` without ties, and the conditional one against inversion of ``coin::wilcoxsign_test``.

    Examples
    --------
    >>> hodges_lehmann([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).estimate
    3.5
    """
    confidence(level)
    values = vector(differences, name="The differences")
    if interval not in ("closed", "conditional"):
        raise StatisticsRefusedError('interval is "closed" or "conditional".')
    limit = WALSH_LIMIT if interval == "closed" else CONDITIONAL_LIMIT
    if values.size > limit:
        raise StatisticsRefusedError(
            f"This Hodges-Lehmann interval is computed for up to {limit} differences; here are {values.size}.",
            alternative='Use interval="closed" up to 5000; with more, report the mean difference with its interval.',
        )
    walsh = walsh_averages(values)
    kind = "exact" if values.size <= EXACT_UP_TO else "normal-approximate"
    if interval == "closed":
        low, high = _closed(walsh, values.size, level)
        method = f"Hodges-Lehmann, {kind} signed-rank interval"
    else:
        low, high, open_ends = _conditional(values, walsh, zeros=zeros, level=level)
        method = f"Hodges-Lehmann, exact signed-rank interval given ties ({zeros} zeros)"
        method += "".join(f", {end} limit not included" for end in open_ends)
    return EstimateInterval(
        estimate=float(np.median(walsh)), low=low, high=high, level=level, n=values.size, method=method
    )


def walsh_averages(values: Vector) -> Vector:
    """The n(n+1)/2 means of pairs, each value with itself as well, sorted."""
    first, second = np.triu_indices(values.size)
    return np.sort((values[first] + values[second]) / 2.0)


def _closed(walsh: Vector, n: int, level: float) -> tuple[float, float]:
    rank = _interval_rank(n, level)
    return float(walsh[rank - 1]), float(walsh[walsh.size - rank])


def _interval_rank(n: int, level: float) -> int:
    """Which pairwise mean, from the bottom, ends the interval: the largest q with 2 P(V <= q - 1) <= 1 - level."""
    tail = (1.0 - level) / 2.0
    if n > EXACT_UP_TO:
        mean, variance = n * (n + 1) / 4.0, n * (n + 1) * (2 * n + 1) / 24.0
        return max(1, math.floor(mean + dist.normal_quantile(tail) * math.sqrt(variance)))
    rank = int(np.searchsorted(untied_cumulative(n), tail * (1.0 + 1e-12), side="right"))
    if rank == 0:
        raise _too_few(n, level)
    return rank


def _conditional(values: Vector, walsh: Vector, *, zeros: str, level: float) -> tuple[float, float, list[str]]:
    """The limits, and which of them are rejected themselves while all shifts just inside are not.

    Shifts are met in order: below the first pairwise mean, at it, between it and the second, and so on.

    Between two neighboring means no rank changes, so that one test speaks for the whole stretch.
    """
    scale = float(np.abs(values).max())
    means = walsh[np.diff(walsh, prepend=-np.inf) > TIED * scale]
    alpha = (1.0 - level) * (1.0 - 1e-12)

    def accepted(place: int) -> bool:
        return _is_accepted(values - _shift(means, place), zeros=zeros, scale=scale, alpha=alpha)

    center = 2 * int(np.searchsorted(means, float(np.median(walsh)) - TIED * scale)) + 1
    lowest = _outermost(accepted, center=center, end=0)
    highest = _outermost(accepted, center=center, end=2 * means.size)
    if lowest == 0 or highest == 2 * means.size:
        raise _too_few(values.size, level)
    ends = [name for name, place in (("lower", lowest), ("upper", highest)) if place % 2 == 0]
    return float(means[(lowest - 1) // 2]), float(means[highest // 2]), ends


def _shift(means: Vector, place: int) -> float:
    """Place 0 lies below all means, place 2j + 1 at the j-th, place 2j + 2 between it and the next."""
    j = (place - 1) // 2
    if place % 2:
        return float(means[j])
    spread = float(means[-1] - means[0]) + abs(float(means[0])) + 1.0
    low = means[j] if place else means[0] - spread
    high = means[j + 1] if j + 1 < means.size else means[-1] + spread
    return float((low + high) / 2.0)


def _outermost(accepted: Callable[[int], bool], *, center: int, end: int) -> int:
    """The accepted place nearest to `end`: by bisection, then on until `NEIGHBORS` in a row are rejected."""
    inside, outside = center, end
    if accepted(end):
        return end
    while abs(outside - inside) > 1:
        middle = (inside + outside) // 2
        if accepted(middle):
            inside = middle
        else:
            outside = middle
    step = 1 if end > center else -1
    place, rejected = inside + step, 0
    while rejected < NEIGHBORS and 0 <= place <= max(end, center):
        if accepted(place):
            inside, rejected = place, 0
        else:
            rejected += 1
        place += step
    return inside


def _is_accepted(shifted: Vector, *, zeros: str, scale: float, alpha: float) -> bool:
    ranks = signed_ranks(shifted, zeros, scale=scale)
    if ranks.doubled.size == 0:
        return True
    if ranks.doubled.size >= CERTAIN:
        normal = asymptotic_p(ranks, continuity=False)
        if not alpha / 4.0 < normal < 4.0 * alpha:
            return normal > alpha
    return exact_p(ranks) > alpha


def _too_few(n: int, level: float) -> StatisticsRefusedError:
    return StatisticsRefusedError(
        f"With {n} differences no interval of {level:.0%} exists: ranks cannot be that sure.",
        alternative="Report the differences in words, or lower the level.",
    )
