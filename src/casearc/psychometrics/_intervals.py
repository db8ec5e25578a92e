"""Intervals of alpha and omega: Feldt's, the jackknife's, and bootstraps of whole participants."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.psychometrics._weighted import CANCELED, Array, Weights
from casearc.statistics.resampling import bootstrap, jackknife_weights

Resampling = Literal["jackknife", "percentile", "BCa"]

BOOTSTRAPS = ("percentile", "BCa")
NAMES = {
    "Feldt": "Feldt",
    "jackknife": "jackknife, t on the scale log(1 - value)",
    "percentile": "percentile bootstrap of participants",
    "BCa": "BCa bootstrap of participants",
}

WIDEST = 50.0
"""A half width on the log scale beyond which the lower limit means nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """An interval, None on both sides where there is none, and what a reader has to know about it."""

    low: float | None
    high: float | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class How:
    """What the caller asked for."""

    interval: Resampling
    level: float
    draws: int
    rng_or_seed: np.random.Generator | int | None
    strata: ArrayLike | None


def feldt(alpha: float, n: int, k: int, level: float) -> Limits:
    """Feldt's limits of alpha."""
    tail = (1.0 - level) / 2.0
    df = (n - 1, (n - 1) * (k - 1))
    return Limits(
        low=1.0 - (1.0 - alpha) * float(special.fdtri(*df, 1.0 - tail)),
        high=1.0 - (1.0 - alpha) * float(special.fdtri(*df, tail)),
    )


def resampled(values: Callable[[Weights], Array], n: int, estimate: float, how: How) -> Limits:
    """The interval by leaving participants out or resampling them, within strata where given."""
    if how.interval == "jackknife":
        refuse_strata(how.interval, how.strata)
        return _jackknifed(values(jackknife_weights(n)), estimate, how.level)
    if how.interval not in BOOTSTRAPS:
        raise StatisticsRefusedError(f"The interval is one of {', '.join(NAMES)}.")
    if how.rng_or_seed is None:
        raise StatisticsRefusedError(
            "A bootstrap interval needs a seed, so that it can be made again.",
            alternative="Give rng_or_seed=1, for example.",
        )
    found = bootstrap(
        values,
        n,
        draws=how.draws,
        rng_or_seed=how.rng_or_seed,
        strata=how.strata,
        method=how.interval,
        level=how.level,
        terms=("value",),
    )
    return Limits(low=float(found.low[0]), high=float(found.high[0]), notes=found.notes)


def _jackknifed(left_out: Array, estimate: float, level: float) -> Limits:
    """Student's t on the scale log(1 - value), on which it is nearly normal."""
    if not np.isfinite(left_out).all() or max(estimate, float(left_out.max())) >= 1.0 - CANCELED:
        note = "The jackknife has no interval here: without one of the participants there is no value, or it is 1."
        return Limits(low=None, high=None, notes=(note,))
    n = left_out.size
    logs = np.log1p(-left_out)
    se = math.sqrt((n - 1) / n * float(((logs - logs.mean()) ** 2).sum()))
    half = float(special.stdtrit(n - 1, 0.5 + level / 2.0)) * se
    center = math.log1p(-estimate)
    if half > WIDEST:
        return Limits(low=-math.inf, high=-math.expm1(center - half), notes=("The lower limit is open.",))
    return Limits(low=-math.expm1(center + half), high=-math.expm1(center - half))


def refuse_strata(interval: str, strata: ArrayLike | None) -> None:
    """Refuse strata where an interval would not heed them."""
    if strata is not None:
        raise StatisticsRefusedError(
            f'The interval "{interval}" knows no strata.', alternative='Use interval="BCa" with strata.'
        )
