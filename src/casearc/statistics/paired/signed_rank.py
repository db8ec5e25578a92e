"""Wilcoxon's signed-rank test, exact with ties and zeros at any size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Vector, Whole, vector
from casearc.statistics._sign_flips import two_sided, untied_cumulative
from casearc.statistics.results import Result

TIED = 1e-10
"""Differences closer than this share of the largest one are tied: scores are means of items, and 4.1 - 3.1 is not 1.0
in floating point. R offers the same as `digits.rank`."""

EXACT_UP_TO = 2000
"""Largest number of ranks for which ``method="auto"`` computes the exact distribution (about a second)."""

KEPT = 500
"""Up to so many ranks without ties the distribution is kept, since every data set of that size shares it."""

EXACT_LIMIT = 10_000
"""Beyond it the exact distribution takes minutes and gigabytes, and the normal agrees to four digits."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
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
        ``"exact"`` counts all sign patterns by convolution, ties and zeros included, for up to 10,000 nonzero
        differences; ``"auto"`` does so up to 2,000.
    zeros
        ``"wilcox"`` (Wilcoxon 1945) or ``"pratt"`` (Pratt 1959).
    continuity
        Whether the asymptotic p moves the statistic half a rank toward its mean; the exact p needs none.

    Raises
    ------
    StatisticsRefusedError
        Missing values, nobody changed, or more than 10,000 nonzero differences with ``"exact"``.

    Notes
    -----
    The exact p conditions on the mid-ranks: each of the 2^m sign patterns is equally likely. Where there are more
    than a thousand ranks, their signs are tilted so that the observed sum becomes the mean, and convolved by FFT, which
    keeps the digits of the tail. The test is of symmetry about zero: with skewed changes it is not one of the median
    (that is `sign_test`) nor of the mean. Checked against R's
    ``wilcox.test`` (no ties) and ``coin::wilcoxsign_test(distribution = "exact")`` (ties, zeros, Pratt).

    Examples
    --------
    >>> wilcoxon_signed_rank([1, 1, 2, 2, -1, 3, 0, 0, 4, -2]).p
    0.1640625
    """
    values = vector(differences, name="The differences")
    ranks = signed_ranks(values, zeros)
    if ranks.doubled.size == 0:
        raise StatisticsRefusedError(
            "No participant's score changed, so there are no differences to rank.",
            alternative="Report that nobody changed, with the number of participants.",
        )
    chosen = _choose(method, ranks.doubled.size)
    p = exact_p(ranks) if chosen == "exact" else asymptotic_p(ranks, continuity=continuity)
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


def signed_ranks(values: Vector, zeros: str, *, scale: float | None = None) -> Ranks:
    """Mid-ranks of the sizes of `values`; ties are judged at `scale` (default: the largest size)."""
    if zeros not in ("wilcox", "pratt"):
        raise StatisticsRefusedError('zeros is "wilcox" or "pratt".')
    size = np.abs(values)
    tolerance = TIED * (float(size.max()) if scale is None else scale)
    nonzero = size > tolerance
    ranked = size if zeros == "pratt" else size[nonzero]
    doubled = _doubled_midranks(ranked, tolerance)
    if zeros == "pratt":
        doubled = doubled[nonzero]
    return Ranks(
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


def exact_p(ranks: Ranks) -> float:
    """Two-sided: twice the smaller tail, which equals P(|V - E V| >= observed) by symmetry."""
    m = ranks.doubled.size
    if m <= KEPT and not ranks.has_ties and int(ranks.doubled.max()) == 2 * m:
        smaller = min(ranks.doubled_v, m * (m + 1) - ranks.doubled_v) // 2
        return min(1.0, 2.0 * float(untied_cumulative(m)[smaller]))
    return two_sided(ranks.doubled, ranks.doubled_v)


def asymptotic_p(ranks: Ranks, *, continuity: bool) -> float:
    """Normal approximation; the variance over mid-ranks is the tie-corrected one."""
    doubled = ranks.doubled.astype(np.float64)
    distance = abs(ranks.doubled_v / 2.0 - doubled.sum() / 4.0)
    sd = math.sqrt(float((doubled**2).sum()) / 16.0)
    return float(dist.normal_two_sided(max(distance - 0.5 * continuity, 0.0) / sd))
