"""Friedman's test: did a score change over three waves or more, judged by ranks within each participant."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, Whole, frozen, matrix
from casearc.statistics.paired.signed_rank import TIED
from casearc.statistics.results import Result

EXACT_WORK = 1_000_000_000
"""Most additions the exact distribution may take (a few seconds)."""

SAME_SUM = 1e-9

Method = Literal["exact", "f", "chi_square", "permutation"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Friedman(Result):
    """Friedman's test.

    Attributes
    ----------
    n, waves
        Participants and waves.
    statistic
        Friedman's chi-square, corrected for ties.
    p, method
        The p that `method` gives: ``"exact"``, ``"f"`` (Iman-Davenport), ``"chi_square"`` or ``"permutation"``.
    f_statistic, df, df_denominator
        Iman and Davenport's F with its df; `f_statistic` is None where all participants order the waves alike (F is
        infinite).
    kendall_w
        Agreement of the participants about the order of the waves, 0 to 1: the effect size.
    mean_ranks
        One a wave.
    draws, seed
        Of the permutation method, else None.
    """

    n: int
    waves: int
    statistic: float
    p: float
    method: Method
    f_statistic: float | None
    df: int
    df_denominator: int
    kendall_w: float
    mean_ranks: Vector
    draws: int | None
    seed: int | None
    notes: tuple[str, ...] = ()


def friedman(
    scores: ArrayLike,
    *,
    method: Literal["auto", "exact", "f", "chi_square", "permutation"] = "auto",
    seed: int = 0,
    draws: int = 100_000,
) -> Friedman:
    """Test whether the waves are ordered by chance alone within each participant.

    Parameters
    ----------
    scores
        Shape (n, k): participants by waves, k >= 3, none missing. With two waves use `sign_test`, which it equals.
    method
        ``"exact"``: all orders of each participant's own mid-ranks, counted by convolution. ``"f"``: Iman and
        Davenport's F, closer than ``"chi_square"``. ``"permutation"``: orders drawn from `seed`. ``"auto"``: exact
        where that takes seconds (three waves up to about 300 participants, four up to about 30), else F.
    seed, draws
        For ``"permutation"``.

    Raises
    ------
    StatisticsRefusedError
        Missing values, fewer than two participants or three waves, all scores the same within everybody, an exact
        distribution beyond reach.

    Notes
    -----
    Friedman (1937), Journal of the American Statistical Association 32:675-701; Iman & Davenport (1980), Communications
    in Statistics A 9:571-595. Checked against R's ``friedman.test``, an analysis of variance of the ranks, and full
    enumeration.

    Examples
    --------
    >>> friedman([[1.0, 2.0, 3.0], [2.0, 3.0, 4.0], [1.0, 3.0, 2.0], [2.0, 2.5, 4.0]]).statistic
    6.5
    """
    ranks = _doubled_ranks(scores)
    n, k = ranks.shape
    sums = ranks.sum(axis=0) / 2.0
    spread = float((ranks.astype(np.float64) ** 2).sum()) / 4.0 - n * k * (k + 1) ** 2 / 4.0
    distance = float(((sums - n * (k + 1) / 2.0) ** 2).sum())
    statistic = (k - 1) * distance / spread
    chosen = _choose(method, ranks)
    f, p_f = _iman_davenport(statistic, n, k)
    if chosen == "exact":
        p = _exact_p(ranks)
    elif chosen == "permutation":
        p = _permuted_p(ranks, seed=seed, draws=draws)
    else:
        p = p_f if chosen == "f" else dist.chi_square_upper(statistic, k - 1)
    drawn = chosen == "permutation"
    return Friedman(
        n=n,
        waves=k,
        statistic=statistic,
        p=p,
        method=chosen,
        f_statistic=f,
        df=k - 1,
        df_denominator=(n - 1) * (k - 1),
        kendall_w=statistic / (n * (k - 1)),
        mean_ranks=frozen(sums / n),
        draws=draws if drawn else None,
        seed=seed if drawn else None,
        notes=() if f is not None else ("All participants order the waves alike, so F is infinite.",),
    )


def _doubled_ranks(scores: ArrayLike) -> Whole:
    """Twice the mid-ranks within each row, (n, k)."""
    values = matrix(scores, name="The scores")
    n, k = values.shape
    if n < 2 or k < 3:
        raise StatisticsRefusedError(
            f"Friedman's test needs at least 2 participants and 3 waves; here are {n} and {k}.",
            alternative="With two waves use the sign test or the signed-rank test.",
        )
    tolerance = TIED * float(np.abs(values).max())
    apart = values[:, :, None] - values[:, None, :]
    below = (apart > tolerance).sum(axis=2)
    same = (np.abs(apart) <= tolerance).sum(axis=2)
    ranks: Whole = np.asarray(2 * below + same + 1, dtype=np.int64)
    if (ranks == k + 1).all():
        raise StatisticsRefusedError(
            "Within every participant all waves have the same score, so there is nothing to rank.",
            alternative="Report that nobody changed, with the number of participants.",
        )
    return ranks


def _iman_davenport(statistic: float, n: int, k: int) -> tuple[float | None, float]:
    left = n * (k - 1) - statistic
    if left <= 1e-9 * n * (k - 1):
        return None, 0.0 if n > 1 else 1.0
    f = (n - 1) * statistic / left
    return f, dist.f_upper(f, k - 1, (n - 1) * (k - 1))


def _choose(method: str, ranks: Whole) -> Method:
    reachable = _work(ranks) <= EXACT_WORK
    if method == "auto":
        return "exact" if reachable else "f"
    if method == "exact" and not reachable:
        raise StatisticsRefusedError(
            f"The exact distribution for {ranks.shape[0]} participants and {ranks.shape[1]} waves is beyond reach.",
            alternative='Use method="f", or method="permutation" with a seed.',
        )
    for known in ("exact", "f", "chi_square", "permutation"):
        if method == known:
            return known
    raise StatisticsRefusedError('method is "auto", "exact", "f", "chi_square" or "permutation".')


def _steps(ranks: Whole) -> Whole:
    """Ranks less each row's smallest, in the largest common step."""
    low = ranks - ranks.min(axis=1, keepdims=True)
    step = max(int(np.gcd.reduce(low, axis=None)), 1)
    return np.asarray(low // step, dtype=np.int64)


def _work(ranks: Whole) -> float:
    low = _steps(ranks)
    cells = float(low.max(axis=1).sum() + 1) ** (ranks.shape[1] - 1)
    return float(cells * ranks.shape[0] * math.factorial(ranks.shape[1]))


def _exact_p(ranks: Whole) -> float:
    """Counts the sums of all columns but the last (which follows from the others), one participant at a time."""
    k = ranks.shape[1]
    low = _steps(ranks)
    probability = np.ones((1,) * (k - 1))
    for row in sorted(map(tuple, np.sort(low, axis=1).tolist())):
        orders = Counter(order[:-1] for order in permutations(row))
        grown = np.zeros(tuple(size + row[-1] for size in probability.shape))
        for shift, ways in orders.items():
            at = tuple(slice(s, s + size) for s, size in zip(shift, probability.shape, strict=True))
            grown[at] += ways / math.factorial(k) * probability
        probability = grown
    total = int(low.sum())
    axes = np.ogrid[tuple(slice(size) for size in probability.shape)]
    last = np.asarray(total - sum(axes), dtype=np.float64)
    squares = last**2 + sum(np.asarray(axis, dtype=np.float64) ** 2 for axis in axes)
    observed = float((low.sum(axis=0).astype(np.float64) ** 2).sum())
    return min(1.0, float(probability[squares >= observed * (1.0 - SAME_SUM)].sum()))


def _permuted_p(ranks: Whole, *, seed: int, draws: int) -> float:
    """Orders drawn within each participant; the observed one counts among them (Davison & Hinkley 1997, 4.2)."""
    if draws < 1:
        raise StatisticsRefusedError("At least one draw is needed.")
    rng = np.random.default_rng(seed)
    observed = float((ranks.sum(axis=0).astype(np.float64) ** 2).sum())
    found, chunk = 0, max(1, 2_000_000 // ranks.size)
    for start in range(0, draws, chunk):
        size = min(chunk, draws - start)
        drawn: Matrix = rng.permuted(np.broadcast_to(ranks, (size, *ranks.shape)), axis=2).sum(axis=1).astype(float)
        found += int(np.count_nonzero((drawn**2).sum(axis=1) >= observed * (1.0 - SAME_SUM)))
    return (1 + found) / (draws + 1)
