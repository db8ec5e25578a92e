"""Sums of whole numbers each of which is in or out by the toss of a coin.

The null distribution of every test that flips signs: signed ranks, permuted changes, moves between ordered stages.
All probabilities are exact up to rounding, in the far tail as well.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from casearc.statistics._arrays import Vector, Whole

DIRECT_NUMBERS = 1000
"""More numbers than this could overflow a count of sign patterns held in a double."""

DIRECT_WORK = 200_000_000
WINDOW = 12.0
"""Standard deviations kept to either side; what lies beyond is below 1e-30 of the whole where the sum is near
normal."""

GRID = 3_000_000
"""Most steps of a scale between the smallest and the largest sum; continuous data have more."""


def two_sided(numbers: Whole, total: int) -> float:
    """P(|S - E S| >= |total - E S|), S the sum of a random half of `numbers` (all positive)."""
    step = int(np.gcd.reduce(numbers))
    steps, value = numbers // step, total // step
    return min(1.0, 2.0 * lower_tail(steps, min(value, int(steps.sum()) - value)))


def lower_tail(numbers: Whole, up_to: int) -> float:
    """P(S <= up_to), to about 1e-10 of itself however small it is."""
    if numbers.size <= DIRECT_NUMBERS and numbers.size * up_to <= DIRECT_WORK:
        return float(np.ldexp(patterns(numbers, up_to).sum(), -numbers.size))
    return _tilted_tail(numbers, up_to)


def patterns(numbers: Whole, up_to: int) -> Vector:
    """How many of the 2^m sign patterns give S = 0, ..., up_to; exact while they are below 2^53."""
    ways = np.zeros(up_to + 1)
    ways[0] = 1.0
    filled = 0
    for number in np.sort(numbers).tolist():
        if number > up_to:
            break
        filled = min(up_to, filled + number)
        ways[number : filled + 1] += ways[: filled + 1 - number].copy()
    return ways


def distribution(numbers: Whole, chance: Vector) -> tuple[int, Vector]:
    """Probabilities of S = first, first + 1, ..., each number being in with its own chance.

    Halves are convolved by FFT, so each probability is good to about 1e-16 of the largest one.
    """
    if numbers.size <= 16:
        probability = np.ones(1)
        for number, p in zip(numbers.tolist(), chance.tolist(), strict=True):
            grown = np.zeros(probability.size + number)
            grown[: probability.size] = (1.0 - p) * probability
            grown[number:] += p * probability
            probability = grown
        return 0, probability
    parts = [distribution(numbers[i::2], chance[i::2]) for i in range(2)]
    first, probability = parts[0][0] + parts[1][0], _convolved(parts[0][1], parts[1][1])
    mean = float((numbers * chance).sum()) - first
    reach = WINDOW * float(np.sqrt((numbers.astype(float) ** 2 * chance * (1.0 - chance)).sum())) + 1.0
    low, high = max(0, int(mean - reach)), int(mean + reach) + 1
    return first + low, probability[low:high]


@lru_cache(maxsize=16)
def untied_cumulative(n: int) -> Vector:
    """P(V <= 0), P(V <= 1), ... up to the middle, V the signed-rank statistic of `n` untied differences."""
    numbers, middle = np.arange(1, n + 1, dtype=np.int64), n * (n + 1) // 4
    if n <= DIRECT_NUMBERS // 2:
        cumulative = np.ldexp(np.cumsum(patterns(numbers, middle)), -n)
    else:
        first, probability = distribution(numbers, np.full(n, 0.5))
        cumulative = np.concatenate([np.zeros(first), np.cumsum(np.maximum(probability, 0.0))])[: middle + 1]
    cumulative.setflags(write=False)
    return np.asarray(cumulative, dtype=np.float64)


def on_a_scale(values: Vector) -> tuple[Whole, float] | None:
    """Values as whole multiples of the largest step they share, and the step; None for continuous data."""
    size = float(np.abs(values).max())
    if size == 0.0:
        return None
    tolerance = 1e-9 * size
    step = 0.0
    for value in np.unique(np.abs(values)).tolist():
        rest = value
        while rest > tolerance:
            step, rest = rest, (step % rest if step else 0.0)
            rest = 0.0 if step - rest <= tolerance else rest
        if step and float(np.abs(values).sum()) / step > GRID:
            return None
    steps = np.rint(values / step)
    if float(np.abs(values - steps * step).max()) > 1e3 * tolerance or np.abs(steps).sum() > GRID:
        return None
    return steps.astype(np.int64), step


def _tilted_tail(numbers: Whole, up_to: int) -> float:
    """Numbers enter with chances that make `up_to` the mean; each probability is then weighted back.

    So the part of the distribution that matters is computed where it is largest, and keeps its digits.
    """
    if up_to == 0:
        return float(np.exp2(-float(numbers.size)))
    tilt = _tilt(numbers.astype(np.float64), up_to)
    first, probability = distribution(numbers, np.asarray(special.expit(tilt * numbers), dtype=np.float64))
    sums = first + np.arange(probability.size)
    kept = sums <= up_to
    log_mean = float((np.logaddexp(0.0, tilt * numbers) - np.log(2.0)).sum())
    weighted = np.maximum(probability[kept], 0.0) * np.exp(tilt * (up_to - sums[kept]))
    return float(np.exp(log_mean - tilt * up_to) * weighted.sum())


def _tilt(numbers: Vector, target: float) -> float:
    """The tilt (zero or below) at which the sum's mean is `target`, by bisection; any value near it would do."""
    low, high = -60.0 / float(numbers.min()), 0.0
    for _ in range(80):
        middle = 0.5 * (low + high)
        if float((numbers * special.expit(middle * numbers)).sum()) < target:
            low = middle
        else:
            high = middle
    return high


def _convolved(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    size = a.size + b.size - 1
    if min(a.size, b.size) <= 64:
        return np.convolve(a, b)
    from scipy import fft  # noqa: PLC0415 - loaded only for many hundreds of numbers

    length = fft.next_fast_len(size, real=True)
    return np.asarray(fft.irfft(fft.rfft(a, length) * fft.rfft(b, length), length)[:size], dtype=np.float64)
