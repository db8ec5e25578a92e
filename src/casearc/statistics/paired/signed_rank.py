"""Wilcoxon's signed-rank test, exact with ties and zeros, and the Hodges-Lehmann estimate that goes with it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Vector, Whole, confidence, vector
from casearc.statistics.estimates import EstimateInterval
from casearc.statistics.results import Result

TIED = 1e-10
"""Differences closer than this share of the largest one are tied: scores are means of items, and 4.1 - 3.1 is not 1.0
in floating point. R offers the same as `digits.rank`."""

EXACT_UP_TO = 500
"""Largest number of ranks for which ``method="auto"`` computes the exact distribution (tens of milliseconds)."""

EXACT_LIMIT = 2000
WALSH_LIMIT = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRank(Result):
    """Signed-rank test.

    Attributes
    ----------
    n, n_zero
        Differences in all, and those that are zero.
    v
        Sum of the ranks of the positive differences (mid-ranks).
    p
        Two-sided.
    method
        ``"exact"`` or ``"asymptotic"`` (normal, corrected for ties).
    has_ties
        Whether absolute differences other than zero are tied.
    continuity
        Whether p carries a continuity correction (asymptotic only).
    zeros
        ``"wilcox"``: zeros are left out before ranking; ``"pratt"``: ranked, then left out.
    rank_biserial
        (positive - negative rank sum) / both: -1 to 1, the effect size of the test (Kerby 2014).
    """

    n: int
    n_zero: int
    v: float
    p: float
    method: Literal["exact", "asymptotic"]
    has_ties: bool
    continuity: bool
    zeros: Literal["wilcox", "pratt"]
    rank_biserial: float


@dataclass(frozen=True, slots=True)
class _Ranks:
    """Twice the mid-ranks of the nonzero differences (whole numbers), and which belong to positive ones."""

    doubled: Whole
    positive: np.ndarray
    n_zero: int
    has_ties: bool

    @property
    def doubled_v(self) -> int:
        return int(self.doubled[self.positive].sum())


def wilcoxon_signed_rank(
    differences: ArrayLike,
    *,
    method: Literal["auto", "exact", "asymptotic"] = "auto",
    zeros: Literal["wilcox", "pratt"] = "wilcox",
    continuity: bool = True,
) -> SignedRank:
    """Test whether differences are symmetric about zero.

    Parameters
    ----------
    differences
        Later minus earlier, shape (n,).
    method
        ``"exact"`` enumerates all sign patterns by convolution, ties and zeros included; ``"auto"`` does so up to 500
        nonzero differences.
    zeros
        ``"wilcox"`` (Wilcoxon 1945) or ``"pratt"`` (Pratt 1959).
    continuity
        Whether the asymptotic p moves the statistic half a rank toward its mean; the exact p needs none.

    Raises
    ------
    StatisticsRefusedError
        Missing values, or nobody changed.

    Notes
    -----
    The exact p conditions on the mid-ranks: each of the 2^m sign patterns is equally likely. Checked against R's
    ``wilcox.test`` (no ties) and ``coin::wilcoxsign_test(distribution = "exact")`` (ties, zeros, Pratt).

    Examples
    --------
    >>> wilcoxon_signed_rank([1, 1, 2, 2, -1, 3, 0, 0, 4, -2]).p
    0.1640625
    """
    values = vector(differences, name="The differences")
    ranks = _ranks(values, zeros)
    if ranks.doubled.size == 0:
        raise StatisticsRefusedError(
            "No participant's score changed, so there are no differences to rank.",
            alternative="Report that nobody changed, with the number of participants.",
        )
    chosen = _choose(method, ranks.doubled.size)
    p = _exact_p(ranks.doubled, ranks.doubled_v) if chosen == "exact" else _asymptotic_p(ranks, continuity)
    total = int(ranks.doubled.sum())
    return SignedRank(
        n=values.size,
        n_zero=ranks.n_zero,
        v=ranks.doubled_v / 2.0,
        p=p,
        method=chosen,
        has_ties=ranks.has_ties,
        continuity=continuity and chosen == "asymptotic",
        zeros=zeros,
        rank_biserial=(2 * ranks.doubled_v - total) / total,
    )


def hodges_lehmann(differences: ArrayLike, *, level: float = 0.95) -> EstimateInterval:
    """The median of all pairwise means of the differences, with the interval that inverts the signed-rank test.

    Parameters
    ----------
    differences
        Shape (n,); zeros stay in. Up to 5000.
    level
        Confidence level. The interval is closed and its coverage is at least `level`, with ties as well (Noether
        1967): it is the same as R's ``wilcox.test(conf.int = TRUE)`` without ties and the safe one with them.

    Raises
    ------
    StatisticsRefusedError
        Too few differences for any exact interval at `level` (fewer than 6 at 95 %), or more than 5000.

    Notes
    -----
    Hodges & Lehmann (1963), Annals of Mathematical Statistics 34:598-611; Noether (1967), Journal of the American
    Statistical Association 62:184-188. Above 500 differences the rank is taken from the normal approximation.

    Examples
    --------
    >>> hodges_lehmann([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).estimate
    3.5
    """
    confidence(level)
    values = vector(differences, name="The differences")
    n = values.size
    if n > WALSH_LIMIT:
        raise StatisticsRefusedError(
            f"The Hodges-Lehmann estimate is computed for up to {WALSH_LIMIT} differences; here are {n}.",
            alternative="With so many, report the mean difference with its interval.",
        )
    rank = _interval_rank(n, level)
    upper = np.triu_indices(n)
    walsh = np.sort((values[upper[0]] + values[upper[1]]) / 2.0)
    return EstimateInterval(
        estimate=float(np.median(walsh)),
        low=float(walsh[rank - 1]),
        high=float(walsh[walsh.size - rank]),
        level=level,
        n=n,
        method=f"Hodges-Lehmann, {'exact' if n <= EXACT_UP_TO else 'normal-approximate'} signed-rank interval",
    )


def _choose(method: str, m: int) -> Literal["exact", "asymptotic"]:
    if method == "auto":
        return "exact" if m <= EXACT_UP_TO else "asymptotic"
    if method == "asymptotic":
        return "asymptotic"
    if method != "exact":
        raise StatisticsRefusedError('method is "auto", "exact" or "asymptotic".')
    if m > EXACT_LIMIT:
        raise StatisticsRefusedError(
            f"The exact distribution is computed for up to {EXACT_LIMIT} nonzero differences; here are {m}.",
            alternative='Use method="asymptotic": with so many the two agree.',
        )
    return "exact"


def _ranks(values: Vector, zeros: str) -> _Ranks:
    if zeros not in ("wilcox", "pratt"):
        raise StatisticsRefusedError('zeros is "wilcox" or "pratt".')
    size = np.abs(values)
    tolerance = TIED * float(size.max())
    nonzero = size > tolerance
    ranked = size if zeros == "pratt" else size[nonzero]
    doubled = _doubled_midranks(ranked, tolerance)
    if zeros == "pratt":
        doubled = doubled[nonzero]
    return _Ranks(
        doubled=doubled,
        positive=values[nonzero] > 0,
        n_zero=int(values.size - np.count_nonzero(nonzero)),
        has_ties=np.unique(doubled).size < doubled.size,
    )


def _doubled_midranks(size: Vector, tolerance: float) -> Whole:
    """Twice the mid-rank of each: first plus last place of its group of ties."""
    if size.size == 0:
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(size, kind="stable")
    starts = np.flatnonzero(np.diff(size[order], prepend=-np.inf) > tolerance)
    lengths = np.diff(starts, append=size.size)
    doubled = np.empty(size.size, dtype=np.int64)
    doubled[order] = np.repeat(2 * starts + lengths + 1, lengths)
    return doubled


def _lower_tail(ranks: Whole, up_to: int) -> Vector:
    """P(S = 0), ..., P(S = up_to), where S sums a random half of `ranks` (each in or out with probability 1/2).

    One convolution a rank. Every term is positive, so the relative error stays near n rounding errors.
    """
    probability = np.zeros(up_to + 1)
    probability[0] = 1.0
    for rank in np.sort(ranks)[::-1]:
        shifted = np.zeros_like(probability)
        if rank <= up_to:
            shifted[rank:] = probability[: up_to + 1 - rank]
        probability = 0.5 * (probability + shifted)
    return probability


def _exact_p(doubled: Whole, doubled_v: int) -> float:
    """Two-sided: twice the smaller tail, which equals P(|V - E V| >= observed) by symmetry."""
    step = int(np.gcd.reduce(doubled))
    ranks, v = doubled // step, doubled_v // step
    smaller = min(v, int(ranks.sum()) - v)
    return min(1.0, 2.0 * float(_lower_tail(ranks, smaller).sum()))


def _asymptotic_p(ranks: _Ranks, continuity: bool) -> float:
    """Normal approximation; the variance over mid-ranks is the tie-corrected one."""
    doubled = ranks.doubled.astype(np.float64)
    distance = abs(ranks.doubled_v / 2.0 - doubled.sum() / 4.0)
    sd = math.sqrt(float((doubled**2).sum()) / 16.0)
    return float(dist.normal_two_sided(max(distance - 0.5 * continuity, 0.0) / sd))


def _interval_rank(n: int, level: float) -> int:
    """Which pairwise mean, from the bottom, ends the interval: the largest q with 2 P(V <= q - 1) <= 1 - level."""
    tail = (1.0 - level) / 2.0
    if n > EXACT_UP_TO:
        mean, variance = n * (n + 1) / 4.0, n * (n + 1) * (2 * n + 1) / 24.0
        return max(1, math.floor(mean + dist.normal_quantile(tail) * math.sqrt(variance)))
    cumulative = np.cumsum(_lower_tail(np.arange(1, n + 1, dtype=np.int64), n * (n + 1) // 4))
    rank = int(np.searchsorted(cumulative, tail * (1.0 + 1e-12), side="right"))
    if rank == 0:
        raise StatisticsRefusedError(
            f"With {n} differences no interval of {level:.0%} exists: ranks cannot be that sure.",
            alternative="Report the differences in words, or lower the level.",
        )
    return rank
