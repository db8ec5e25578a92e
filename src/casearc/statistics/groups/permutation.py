"""Permutation test of the difference between two groups: who belongs to which is shuffled."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Vector, Whole, has_no_spread, vector
from casearc.statistics._sign_flips import on_a_scale
from casearc.statistics.results import Result

TABLE_WORK = 1_000_000_000
"""Most additions the exact count on a scale may take (a second or two)."""

LISTED = 200_000
"""Up to so many ways of splitting, continuous scores are split in every way."""

TIED = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoSamplePermutation(Result):
    """Permutation test of two groups. `draws` and `seed` are None where every split was counted."""

    n_first: int
    n_second: int
    difference: float
    p: float
    method: str
    draws: int | None
    seed: int | None


def two_sample_permutation(
    first: ArrayLike,
    second: ArrayLike,
    *,
    method: Literal["auto", "exact", "simulated"] = "auto",
    seed: int = 0,
    draws: int = 100_000,
) -> TwoSamplePermutation:
    """Test whether two groups have the same distribution, by the difference of their means.

    Parameters
    ----------
    first, second
        The outcome in each group, shape (n,) each.
    method
        ``"exact"`` counts every way the scores could have been split: at hundreds of participants where they lie on a
        scale (sums and means of items do), else up to 200,000 ways. ``"simulated"`` draws splits from `seed`.
        ``"auto"`` is exact where it can be.
    seed, draws
        For the simulated test; the observed split counts as one of the draws.

    Raises
    ------
    StatisticsRefusedError
        Missing values, an empty group, all scores the same, an exact test beyond reach.

    Notes
    -----
    Pitman (1937), Supplement to the Journal of the Royal Statistical Society 4:119-130. Two-sided: splits whose means
    are at least as far apart. It is a test of equal distributions: with unequal spread and size use Welch's t. Checked
    against R's ``coin::oneway_test(distribution = "exact")``.

    Examples
    --------
    >>> round(two_sample_permutation([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]).p, 4)
    0.1
    """
    one, two = vector(first, name="The first group"), vector(second, name="The second group")
    everybody = np.concatenate([one, two])
    if has_no_spread(everybody):
        raise StatisticsRefusedError(
            "All scores in both groups are the same, so there is nothing to compare.",
            alternative="Report the one value.",
        )
    if method not in ("auto", "exact", "simulated"):
        raise StatisticsRefusedError('method is "auto", "exact" or "simulated".')
    p = None if method == "simulated" else _exact_p(everybody, one.size)
    if p is None and method == "exact":
        raise StatisticsRefusedError(
            f"The {everybody.size} scores lie on no common scale and can be split in too many ways to count.",
            alternative='Use method="simulated" with a seed.',
        )
    exact = p is not None
    return TwoSamplePermutation(
        n_first=one.size,
        n_second=two.size,
        difference=float(one.mean() - two.mean()),
        p=_simulated_p(everybody, one.size, seed=seed, draws=draws) if p is None else p,
        method="exact permutation test" if exact else f"permutation test, simulated ({draws} splits, seed {seed})",
        draws=None if exact else draws,
        seed=None if exact else seed,
    )


def _exact_p(everybody: Vector, size: int) -> float | None:
    scaled = on_a_scale(everybody - everybody.min())
    if scaled is not None:
        p = _scale_p(scaled[0], size)
        if p is not None:
            return p
    return _listed_p(everybody, size) if comb(everybody.size, size) <= LISTED else None


def _scale_p(steps: Whole, size: int) -> float | None:
    """Counts how many groups of the smaller size have each sum, adding one participant at a time."""
    n, total = steps.size, int(steps.sum())
    small = min(size, n - size)
    observed = int(steps[:size].sum()) if size == small else total - int(steps[:size].sum())
    most = int(np.sort(steps)[-small:].sum())
    if n * small * most > TABLE_WORK or n > 1000:
        return None
    ways = np.zeros((small + 1, most + 1))
    ways[0, 0] = 1.0
    for i, step in enumerate(steps.tolist()):
        top = min(i, small - 1)
        ways[1 : top + 2, step:] += ways[: top + 1, : most + 1 - step].copy()
    far = np.abs(n * np.arange(most + 1) - small * total) >= abs(n * observed - small * total)
    found, scale = ways[small], float(ways[small].max())
    share = float((found[far] / scale).sum() / (found / scale).sum())
    return min(1.0, share)


def _listed_p(everybody: Vector, size: int) -> float:
    small = min(size, everybody.size - size)
    places = np.array(list(combinations(range(everybody.size), small)), dtype=np.int64)
    off = everybody - everybody.mean()
    sums = np.abs(off[places].sum(axis=1))
    return float(np.mean(sums >= abs(float(off[:size].sum())) - TIED * float(np.abs(off).sum())))


def _simulated_p(everybody: Vector, size: int, *, seed: int, draws: int) -> float:
    if draws < 1:
        raise StatisticsRefusedError("At least one draw is needed.")
    rng, off = np.random.default_rng(seed), everybody - everybody.mean()
    observed = abs(float(off[:size].sum())) - TIED * float(np.abs(off).sum())
    found, chunk = 0, max(1, 2_000_000 // off.size)
    for start in range(0, draws, chunk):
        shuffled = rng.permuted(np.broadcast_to(off, (min(chunk, draws - start), off.size)), axis=1)
        found += int(np.count_nonzero(np.abs(shuffled[:, :size].sum(axis=1)) >= observed))
    return (1 + found) / (draws + 1)
