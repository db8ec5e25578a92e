"""Permutation test of a mean change: the signs of the differences are flipped, their sizes stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Vector, vector
from casearc.statistics._sign_flips import on_a_scale, two_sided
from casearc.statistics.paired.signed_rank import TIED
from casearc.statistics.results import Result

HALVES = 36
"""Up to so many changes all sign patterns are counted even of continuous scores, as two halves of 2^18 each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignFlipTest(Result):
    """Sign-flip test of a mean change. `draws` and `seed` are None where every permutation was counted."""

    n: int
    difference: float
    p: float
    method: str
    draws: int | None
    seed: int | None


def paired_permutation(
    differences: ArrayLike,
    *,
    method: Literal["auto", "exact", "simulated"] = "auto",
    seed: int = 0,
    draws: int = 100_000,
) -> SignFlipTest:
    """Test a mean change without assuming a normal distribution.

    Parameters
    ----------
    differences
        Later minus earlier, shape (n,).
    method
        ``"exact"`` counts all 2^n sign patterns: at any n where the differences lie on a scale (sums and means of items
        do), else up to 36 nonzero differences. ``"simulated"`` draws patterns from `seed`. ``"auto"`` is exact where it
        can be.
    seed, draws
        For the simulated test; the observed pattern counts as one of the draws.

    Raises
    ------
    StatisticsRefusedError
        Missing values, nobody changed, or an exact test beyond reach.

    Notes
    -----
    Fisher (1935), The Design of Experiments, section 21. Exact for differences symmetric about zero. Two-sided:
    patterns whose mean is at least as far from zero. Checked against full enumeration in R and ``coin::oneway_test`` in
    blocks.

    Examples
    --------
    >>> paired_permutation([1.0, 2.0, 3.0, -1.0, 4.0]).p
    0.1875
    """
    values = vector(differences, name="The differences")
    size = float(np.abs(values).max())
    changed = values[np.abs(values) > TIED * size] if size else values[:0]
    if changed.size == 0:
        raise StatisticsRefusedError(
            "No participant's score changed, so no sign can be flipped.",
            alternative="Report that nobody changed, with the number of participants.",
        )
    p = None if method == "simulated" else _exact_p(changed)
    if method not in ("auto", "exact", "simulated"):
        raise StatisticsRefusedError('method is "auto", "exact" or "simulated".')
    if p is None and method == "exact":
        raise StatisticsRefusedError(
            f"The {changed.size} differences lie on no common scale and are too many to flip one by one.",
            alternative='Use method="simulated" with a seed, or the exact signed-rank test.',
        )
    exact = p is not None
    return SignFlipTest(
        n=values.size,
        difference=float(values.mean()),
        p=_simulated_p(changed, seed=seed, draws=draws) if p is None else p,
        method="exact sign-flip test" if exact else f"sign-flip test, simulated ({draws} patterns, seed {seed})",
        draws=None if exact else draws,
        seed=None if exact else seed,
    )


def _exact_p(changed: Vector) -> float | None:
    scaled = on_a_scale(changed)
    if scaled is not None:
        steps = scaled[0]
        return two_sided(np.abs(steps), int(steps[steps > 0].sum()))
    return _halves_p(changed) if changed.size <= HALVES else None


def _halves_p(changed: Vector) -> float:
    """All sums of each half, sorted; each sum of one asks how many of the other carry it past the observed one."""
    sizes = np.abs(changed)
    observed = abs(float(changed.sum())) - TIED * float(sizes.sum())
    if observed <= 0.0:
        return 1.0
    one, two = _signed_sums(sizes[::2]), np.sort(_signed_sums(sizes[1::2]))
    beyond = two.size - np.searchsorted(two, observed - one, side="left")
    return min(1.0, 2.0 * float(beyond.sum()) / 2.0**sizes.size)


def _signed_sums(sizes: Vector) -> Vector:
    sums = np.zeros(1)
    for size in sizes.tolist():
        sums = np.concatenate([sums - size, sums + size])
    return sums


def _simulated_p(changed: Vector, *, seed: int, draws: int) -> float:
    if draws < 1:
        raise StatisticsRefusedError("At least one draw is needed.")
    rng, sizes = np.random.default_rng(seed), np.abs(changed)
    observed = abs(float(changed.sum())) - TIED * float(sizes.sum())
    found, chunk = 0, max(1, 4_000_000 // sizes.size)
    for start in range(0, draws, chunk):
        up = rng.integers(0, 2, size=(min(chunk, draws - start), sizes.size), dtype=np.int8)
        sums = 2.0 * (up @ sizes) - float(sizes.sum())
        found += int(np.count_nonzero(np.abs(sums) >= observed))
    return (1 + found) / (draws + 1)
