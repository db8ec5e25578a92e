"""Percentile and BCa intervals from bootstrap replicates, for any number of parameters at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import SAME, Matrix, Vector, Whole, confidence, frozen, listed
from casearc.statistics.results import Result, Row, per_term

FEW_DRAWS = 1000
"""Below this many usable draws the ends of a 95 % interval move visibly with the seed (Efron & Tibshirani 1993)."""

MOST_FAILED = 0.5
"""With a greater share of failed draws the rest no longer stand for the sampling distribution: no interval."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BootstrapIntervals(Result):
    """Bootstrap intervals. Arrays are in the order of `terms`, shape (p,).

    Attributes
    ----------
    estimate
        From the data as they are; None where the caller did not give it.
    bias, se
        Mean of the usable replicates minus the estimate, and their standard deviation.
    low, high
        Infinite (open) where no interval can be had; `notes` then says of which term and why.
    method
        ``"percentile"`` or ``"BCa"``.
    draws
        Draws made; `failed` says how many of them gave no value, for each term.
    """

    terms: tuple[str, ...]
    estimate: Vector | None
    bias: Vector | None
    se: Vector
    low: Vector
    high: Vector
    level: float
    method: str
    draws: int
    failed: Whole
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a term."""
        blank = [None] * len(self.terms)
        return per_term(
            self.terms,
            {
                "estimate": blank if self.estimate is None else self.estimate,
                "bias": blank if self.bias is None else self.bias,
                "std_error": self.se,
                "conf_low": self.low,
                "conf_high": self.high,
                "failed": self.failed,
            },
        )


@dataclass(frozen=True, slots=True)
class _Draws:
    """Replicates sorted within each parameter, failed ones last; `usable` counts the others, `sound` may be used."""

    values: Matrix
    usable: Whole
    sound: np.ndarray
    terms: tuple[str, ...]
    notes: tuple[str, ...]
    bias_from: Vector
    se: Vector


def percentile_interval(
    replicates: ArrayLike,
    level: float = 0.95,
    *,
    estimate: ArrayLike | None = None,
    terms: Sequence[str] | None = None,
    participants: int | None = None,
) -> BootstrapIntervals:
    """Percentile intervals: the middle `level` of the replicates of each parameter.

    Use it where an estimator has no formula for its error; `bca_interval` corrects its bias and skewness.

    Parameters
    ----------
    replicates
        Shape (draws, p) or (draws,); a draw that failed is nan there, is left out, and is counted.
    level
        Confidence level.
    estimate
        Estimates from the data as they are, shape (p,), to be carried along and for `bias`.
    terms
        Names of the parameters.
    participants
        If given, the interval is expanded for so many participants: plain percentiles are too narrow in small samples,
        as a normal interval with the variance of n in place of n - 1 is.

    Raises
    ------
    StatisticsRefusedError
        No parameter has enough usable draws, or none of them differs between draws.

    Notes
    -----
    Order statistic (R + 1) a, interpolated on the normal scale: Davison & Hinkley (1997), Bootstrap Methods and their
    Application, equation 5.8. Checked against R's ``boot::boot.ci(type = "perc")``. Expanded: Hesterberg (2015), The
    American Statistician 69:371-386, section 5.3.

    Examples
    --------
    >>> interval = percentile_interval(list(range(1, 1000)))
    >>> float(interval.low[0]), float(interval.high[0])
    (25.0, 975.0)
    """
    draws = _draws(replicates, confidence(level), terms)
    tail = _tail(level, participants)
    p = draws.sound.size
    low, high = (order_statistic(draws.values, np.full(p, a), draws.usable) for a in (tail, 1.0 - tail))
    method = "percentile" + ("" if participants is None else ", expanded")
    return _assemble(draws, low, high, estimate=estimate, level=level, method=method, notes=draws.notes)


def bca_interval(
    estimate: ArrayLike,
    replicates: ArrayLike,
    *,
    jackknife_values: ArrayLike,
    level: float = 0.95,
    terms: Sequence[str] | None = None,
    participants: int | None = None,
) -> BootstrapIntervals:
    """Bias-corrected and accelerated intervals: percentiles shifted for bias and skewness of each parameter.

    Parameters
    ----------
    estimate
        Estimates from the data as they are, shape (p,).
    replicates
        Shape (draws, p), nan where a draw failed.
    jackknife_values
        Estimates with each participant left out in turn, shape (participants, p); nan where that failed.
    level, terms, participants
        As in `percentile_interval`.

    Raises
    ------
    StatisticsRefusedError
        As `percentile_interval`; or the shapes do not fit each other.

    Notes
    -----
    Efron (1987), Journal of the American Statistical Association 82:171-185. Replicates equal to the estimate count as
    half below it. Checked against R's ``boot::boot.ci(type = "bca")`` given the same replicates and influence values.
    Where all replicates lie on one side of the estimate, or the jackknife shows no spread, BCa is undefined: the limits
    are open and a note says so.

    Examples
    --------
    >>> sums = [2.0, 3.0, 1.0, 4.0, 2.5, 3.5] * 200
    >>> bca_interval(2.6, sums, jackknife_values=[2.0, 3.0, 2.5]).method
    'BCa'
    """
    draws = _draws(replicates, confidence(level), terms)
    center = _per_parameter(estimate, draws.sound.size, name="The estimate")
    acceleration = _acceleration(jackknife_values, draws.sound.size)
    z0 = _bias_correction(draws, center)
    defined = np.isfinite(z0) & np.isfinite(acceleration)
    z0, acceleration = np.where(defined, z0, 0.0), np.where(defined, acceleration, 0.0)
    limits, extreme, tail = [], np.zeros(z0.size, dtype=bool), _tail(level, participants)
    for probability in (tail, 1.0 - tail):
        a, reached = _adjusted(probability, z0, acceleration)
        defined &= reached
        rank = (draws.usable + 1) * a
        extreme |= defined & draws.sound & ((rank < 1.0) | (rank > draws.usable))
        limits.append(order_statistic(draws.values, a, draws.usable))
    low, high = np.where(defined, limits[0], -np.inf), np.where(defined, limits[1], np.inf)
    notes = (*draws.notes, *_bca_notes(draws, defined, extreme))
    method = "BCa" + ("" if participants is None else ", expanded")
    return _assemble(draws, low, high, estimate=center, level=level, method=method, notes=notes)


def order_statistic(ordered: Matrix, probability: Vector, usable: Whole) -> Vector:
    """Quantile of each sorted column at its own probability, (R + 1) a interpolated on the normal scale."""
    rank = (usable + 1) * probability
    rank = np.where(np.abs(rank - np.round(rank)) < 1e-9, np.round(rank), rank)
    k = np.clip(np.floor(rank), 1, np.maximum(usable - 1, 1)).astype(np.int64)
    columns = np.arange(usable.size)
    here, there = ordered[k - 1, columns], ordered[np.minimum(k, ordered.shape[0] - 1), columns]
    at, after = special.ndtri(k / (usable + 1)), special.ndtri((k + 1) / (usable + 1))
    target = special.ndtri(np.clip(rank, 1, np.maximum(usable, 1)) / (usable + 1))
    share = np.clip((target - at) / np.where(after > at, after - at, 1.0), 0.0, 1.0)
    return np.asarray(here + share * (there - here), dtype=np.float64)


def _draws(replicates: ArrayLike, level: float, terms: Sequence[str] | None) -> _Draws:
    values = np.array(replicates, dtype=np.float64)
    values = values[:, None] if values.ndim == 1 else values
    if values.ndim != 2 or values.size == 0:
        raise StatisticsRefusedError("Bootstrap replicates are a table with one row a draw and one column a parameter.")
    p = values.shape[1]
    names = tuple(terms) if terms is not None else tuple(f"estimate {i + 1}" for i in range(p))
    if len(names) != p:
        raise StatisticsRefusedError(f"There are {p} parameters and {len(names)} names.")
    lost = ~np.isfinite(values)
    values[lost] = np.nan
    values.sort(axis=0)
    usable = values.shape[0] - np.count_nonzero(lost, axis=0)
    needed = max(2.0 / (1.0 - level) - 1.0, MOST_FAILED * values.shape[0])
    enough = usable >= needed - 1e-9
    values = np.where(np.isnan(values), 0.0, values)
    last = values[np.maximum(usable - 1, 0), np.arange(p)]
    spread = last - values[0] > SAME * np.maximum(np.abs(last), np.abs(values[0]))
    _refuse_useless(values.shape[0], enough, spread)
    mean, se = _moments(values, usable)
    return _Draws(
        values=values,
        usable=usable,
        sound=enough & spread,
        terms=names,
        notes=_draw_notes(names, usable, values.shape[0], enough=enough, spread=spread),
        bias_from=mean,
        se=se,
    )


def _moments(ordered: Matrix, usable: Whole) -> tuple[Vector, Vector]:
    used = np.arange(ordered.shape[0])[:, None] < usable
    mean = ordered.sum(axis=0) / np.maximum(usable, 1)
    squares = np.where(used, (ordered - mean) ** 2, 0.0).sum(axis=0)
    return mean, np.sqrt(squares / np.maximum(usable - 1, 1))


def _refuse_useless(draws: int, enough: np.ndarray, spread: np.ndarray) -> None:
    if not enough.any():
        raise StatisticsRefusedError(
            f"Too few of the {draws} bootstrap draws gave a value for an interval.",
            alternative="Make 2,000 draws; if most of them fail, the estimator is not fit for so few participants.",
        )
    if not (enough & spread).any():
        raise StatisticsRefusedError(
            "The estimate is the same in every bootstrap draw, so it has no interval.",
            alternative="Report the value and that it does not vary between participants.",
        )


def _draw_notes(
    terms: tuple[str, ...], usable: Whole, draws: int, *, enough: np.ndarray, spread: np.ndarray
) -> tuple[str, ...]:
    failed = draws - int(usable.min())
    least = int(usable[enough & spread].min())
    some = (f"{failed} of {draws:,} draws ({failed / draws:.1%}) gave no value and were left out.",) if failed else ()
    few = (f"Only {least} usable draws: the limits depend on the seed.",) if least < FEW_DRAWS - 1 else ()
    return (
        *some,
        *few,
        *_note(terms, ~enough, "Too few draws gave a value for an interval"),
        *_note(terms, enough & ~spread, "The estimate is the same in every draw, so it has no interval"),
    )


def _bca_notes(draws: _Draws, defined: np.ndarray, extreme: np.ndarray) -> tuple[str, ...]:
    undefined = (
        "BCa is undefined, since the draws lie on one side of the estimate or leaving participants out changes "
        "nothing; see the percentile interval"
    )
    return (
        *_note(draws.terms, draws.sound & ~defined, undefined),
        *_note(draws.terms, extreme, "The limit is the most extreme draw; more draws are needed"),
    )


def _tail(level: float, participants: int | None) -> float:
    """Probability of a tail: that of the level, or, expanded, the one at which a normal interval with the variance of n
    is as wide as Student's with that of n - 1.
    """
    tail = (1.0 - level) / 2.0
    if participants is None:
        return tail
    if participants < 2:
        raise StatisticsRefusedError("An interval is expanded for two participants or more.")
    wide = math.sqrt(participants / (participants - 1)) * float(special.stdtrit(participants - 1, tail))
    return float(special.ndtr(wide))


def _note(terms: tuple[str, ...], which: np.ndarray, text: str) -> tuple[str, ...]:
    named = [term for term, chosen in zip(terms, which, strict=True) if chosen]
    return (f"{text}: {listed(named)}.",) if named else ()


def _per_parameter(values: ArrayLike, p: int, *, name: str) -> Vector:
    array = np.atleast_1d(np.array(values, dtype=np.float64))
    if array.shape != (p,) or not np.isfinite(array).all():
        raise StatisticsRefusedError(f"{name} must be one finite number for each of the {p} parameters.")
    return array


def _acceleration(jackknife_values: ArrayLike, p: int) -> Vector:
    """A sixth of the skewness of the jackknife influence values; nan where they have no spread."""
    values = np.array(jackknife_values, dtype=np.float64)
    values = values[:, None] if values.ndim == 1 else values
    if values.ndim != 2 or values.shape[1] != p:
        raise StatisticsRefusedError(f"Jackknife values are a table with one column for each of the {p} parameters.")
    used = np.isfinite(values)
    values = np.where(used, values, 0.0)
    size = np.abs(values).max(axis=0, initial=0.0)
    mean = values.sum(axis=0) / np.maximum(np.count_nonzero(used, axis=0), 1)
    influence = np.where(used, mean - values, 0.0)
    largest = np.abs(influence).max(axis=0, initial=0.0)
    flat = largest <= SAME * size
    scaled = influence / np.where(flat, 1.0, largest)
    squares = np.where(flat, 1.0, (scaled**2).sum(axis=0))
    return np.where(flat, np.nan, (scaled**3).sum(axis=0) / (6.0 * squares**1.5))


def _bias_correction(draws: _Draws, center: Vector) -> Vector:
    """Normal quantile of the share of replicates below the estimate; infinite where all lie on one side."""
    used = np.arange(draws.values.shape[0])[:, None] < draws.usable
    margin = SAME * np.abs(center)
    below = np.count_nonzero(used & (draws.values < center - margin), axis=0)
    tied = np.count_nonzero(used & (np.abs(draws.values - center) <= margin), axis=0)
    return np.asarray(special.ndtri((below + 0.5 * tied) / np.maximum(draws.usable, 1)), dtype=np.float64)


def _adjusted(tail: float, z0: Vector, acceleration: Vector) -> tuple[Vector, np.ndarray]:
    """Probability of the percentile that BCa takes for this tail, and whether it is defined (denominator above 0)."""
    z = z0 + special.ndtri(tail)
    denominator = 1.0 - acceleration * z
    reached = denominator > 0.0
    return np.asarray(special.ndtr(z0 + z / np.where(reached, denominator, 1.0)), dtype=np.float64), reached


def _assemble(
    draws: _Draws,
    low: Vector,
    high: Vector,
    *,
    estimate: ArrayLike | None,
    level: float,
    method: str,
    notes: tuple[str, ...],
) -> BootstrapIntervals:
    center = None if estimate is None else _per_parameter(estimate, draws.sound.size, name="The estimate")
    return BootstrapIntervals(
        terms=draws.terms,
        estimate=None if center is None else frozen(center),
        bias=None if center is None else frozen(np.where(draws.usable > 0, draws.bias_from - center, 0.0)),
        se=frozen(draws.se),
        low=frozen(np.where(draws.sound, low, -np.inf)),
        high=frozen(np.where(draws.sound, high, np.inf)),
        level=level,
        method=method,
        draws=draws.values.shape[0],
        failed=draws.values.shape[0] - draws.usable,
        notes=notes,
    )
