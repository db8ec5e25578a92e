"""Who changed reliably, by each of four published methods."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casearc.change.reliable import ROUNDING, ReliableChangeCounts, reliable_change
from casearc.errors import StatisticsRefusedError
from casearc.statistics.results import Result

Array = NDArray[np.float64]
Number = TypeVar("Number", bound=np.generic)
Better = Literal["higher", "lower"]


class ReliableChangeMethod(StrEnum):
    """Whose method says whether one person's change is more than measurement error."""

    JACOBSON_TRUAX = "jacobson_truax"
    EDWARDS_NUNNALLY = "edwards_nunnally"
    HAGEMAN_ARRINDELL = "hageman_arrindell"
    GULLIKSEN_LORD_NOVICK = "gulliksen_lord_novick"


class ChangeClass(IntEnum):
    """On which side of no reliable change a person is."""

    WORSE = -1
    SAME = 0
    BETTER = 1


@dataclass(frozen=True, slots=True)
class _Definition:
    """A method's own multiplier, its formula in words, and where it comes from."""

    multiplier: float
    formula: str
    source: str


DEFINITIONS: Mapping[ReliableChangeMethod, _Definition] = {
    ReliableChangeMethod.JACOBSON_TRUAX: _Definition(
        1.96,
        "difference / (sqrt(2) SD sqrt(1 - reliability))",
        "Jacobson & Truax (1991), Journal of Consulting and Clinical Psychology 59:12-19",
    ),
    ReliableChangeMethod.EDWARDS_NUNNALLY: _Definition(
        2.0,
        "(after - estimated true score before) / (SD sqrt(1 - reliability)), the true score being drawn to the mean "
        "before by the reliability",
        "Edwards, Yarvis, Mueller, Zingale & Wagman (1978), Evaluation Quarterly 2:275-305, as restated by Speer "
        "(1992), Journal of Consulting and Clinical Psychology 60:402-408",
    ),
    ReliableChangeMethod.HAGEMAN_ARRINDELL: _Definition(
        1.65,
        "(difference r_D + mean difference (1 - r_D)) / (sqrt(r_D) sqrt(2) SD sqrt(1 - reliability)), r_D being the "
        "reliability of the differences",
        "Hageman & Arrindell (1999), Behaviour Research and Therapy 37:1169-1193",
    ),
    ReliableChangeMethod.GULLIKSEN_LORD_NOVICK: _Definition(
        1.96,
        "(after - score predicted from before) / (SD sqrt(1 - reliability squared)), the prediction being drawn to the "
        "mean before by the reliability",
        "Hsu (1989), Behavioral Assessment 11:459-467, after Gulliksen (1950) and Lord & Novick (1968)",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReliableChanges(Result):
    """Reliable change of each person.

    Attributes
    ----------
    method, formula, source
        Whose, computed how, published where.
    index
        The method's index of each person, positive where the score rose, shape (n,).
    classes
        `ChangeClass` of each person as a whole number, shape (n,): -1 worse, 0 no reliable change, 1 better.
    worse, same, better
        How many of each.
    multiplier
        A change is reliable where the index passes this, on either side.
    sd, reliability
        What the index rests on.
    mean_before
        What scores are drawn to; None for methods that draw to nothing.
    difference_reliability
        Of the differences, as Hageman & Arrindell use it; else None.
    """

    method: ReliableChangeMethod
    index: Array
    classes: NDArray[np.int64]
    worse: int
    same: int
    better: int
    n: int
    multiplier: float
    sd: float
    reliability: float
    mean_before: float | None
    difference_reliability: float | None
    formula: str
    source: str
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> ReliableChangeCounts:
        """Worse, same and better."""
        return ReliableChangeCounts(worse=self.worse, same=self.same, better=self.better)


def reliable_changes(
    before: ArrayLike,
    after: ArrayLike,
    *,
    reliability: float,
    method: ReliableChangeMethod = ReliableChangeMethod.JACOBSON_TRUAX,
    direction: Better = "higher",
    sd: float | None = None,
    mean_before: float | None = None,
    multiplier: float | None = None,
) -> ReliableChanges:
    """Say of each person whether the change between two waves is more than measurement error.

    Jacobson-Truax is the common one. Edwards-Nunnally and Gulliksen-Lord-Novick allow for regression to the mean;
    Hageman-Arrindell for how much of the differences is error. None of them says why a person changed.

    Parameters
    ----------
    before, after
        Shape (n,): the same people in the same order, no missing value.
    reliability
        Retest reliability of the score, or alpha where there is none; at least 0 and below 1.
    method
        Whose.
    direction
        Which way is better.
    sd
        Standard deviation of the score before; by default that of `before`.
    mean_before
        What scores are drawn to (Edwards-Nunnally, Gulliksen-Lord-Novick): the mean of the population these people were
        chosen from. By default that of `before`.
    multiplier
        By default the method's own: 1.96, 2, 1.65 (one-sided) and 1.96.

    Raises
    ------
    StatisticsRefusedError
        Missing values, columns of different length, no spread before, a reliability outside the range; for Hageman &
        Arrindell fewer than two people, or differences that vary no more than measurement error makes them.

    Notes
    -----
    The formulas and papers are in `formula` and `source` of the result. If nobody changed, the share called changed is
    about 5 % by Jacobson-Truax and Gulliksen-Lord-Novick (somewhat more in small samples: the SD is estimated), 10 to
    16 % by Edwards-Nunnally, which judges an observed score by an interval for a true one, and almost none by
    Hageman-Arrindell, whose reliability of differences is then near zero; Maassen (2000), Psychometrika 65:187-197, on
    what its denominator leaves out. A change that equals the criterion is not reliable. Checked against the
    formulas written out in R.

    Examples
    --------
    >>> changes = reliable_changes([32.5, 40.0, 45.0], [47.5, 41.0, 38.0], reliability=0.80, sd=7.5)
    >>> changes.counts
    ReliableChangeCounts(worse=0, same=2, better=1)
    >>> changes.index.round(3).tolist()
    [3.162, 0.211, -1.476]
    """
    x, y = _pairs(before, after)
    method = ReliableChangeMethod(method)
    if direction not in ("higher", "lower"):
        raise StatisticsRefusedError(
            'Better or worse needs a direction: "higher" or "lower".',
            alternative="For a score without a good side report the changes only.",
        )
    own_sd = float(x.std(ddof=1)) if x.size > 1 and np.ptp(x) > 0.0 else 0.0
    used = DEFINITIONS[method]
    error = reliable_change(
        own_sd if sd is None else sd, reliability, multiplier=used.multiplier if multiplier is None else multiplier
    )
    drawn_to = float(x.mean()) if mean_before is None else mean_before
    between = _difference_reliability(y - x, error.se_measurement) if method == "hageman_arrindell" else None
    index = _index(x, y, method, error.sd, reliability, drawn_to, between)
    signed = index if direction == "higher" else -index
    limit = error.multiplier * (1.0 + ROUNDING)
    classes = (signed > limit).astype(np.int64) - (signed < -limit).astype(np.int64)
    draws = method in (ReliableChangeMethod.EDWARDS_NUNNALLY, ReliableChangeMethod.GULLIKSEN_LORD_NOVICK)
    return ReliableChanges(
        method=method,
        index=_frozen(index),
        classes=_frozen(classes),
        worse=int(np.count_nonzero(classes < 0)),
        same=int(np.count_nonzero(classes == 0)),
        better=int(np.count_nonzero(classes > 0)),
        n=x.size,
        multiplier=error.multiplier,
        sd=error.sd,
        reliability=reliability,
        mean_before=drawn_to if draws else None,
        difference_reliability=between,
        formula=used.formula,
        source=used.source,
    )


def _pairs(before: ArrayLike, after: ArrayLike) -> tuple[Array, Array]:
    x, y = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise StatisticsRefusedError("Before and after are two columns of the same people in the same order.")
    missing = int(np.count_nonzero(~(np.isfinite(x) & np.isfinite(y))))
    if missing:
        raise StatisticsRefusedError(
            f"{missing} of {x.size} people lack a score at one of the waves.",
            alternative="Leave them out, and report how many that is.",
        )
    if not x.size:
        raise StatisticsRefusedError("Nobody has a score at both waves.")
    return x, y


def _difference_reliability(difference: Array, sem: float) -> float:
    """Share of the variance of differences that is not error: 1 - 2 sem^2 / variance.

    Equal to Hageman & Arrindell's (s1^2 r1 + s2^2 r2 - 2 s1 s2 r12) / (s1^2 + s2^2 - 2 s1 s2 r12), since they take
    the error variance to be the same at both waves.
    """
    variance = float(difference.var(ddof=1)) if difference.size > 1 else 0.0
    error = 2.0 * sem**2
    if variance <= error * (1.0 + ROUNDING):
        raise StatisticsRefusedError(
            "The changes vary no more between people than measurement error alone would make them, so by Hageman and "
            "Arrindell nobody's change can be told from error.",
            alternative="Use Jacobson and Truax's method, which needs no reliability of the differences.",
        )
    return 1.0 - error / variance


def _index(x: Array, y: Array, method: str, sd: float, reliability: float, mean: float, between: float | None) -> Array:
    sem = sd * math.sqrt(1.0 - reliability)
    if between is not None:
        shrunken = (y - x) * between + float((y - x).mean()) * (1.0 - between)
        return shrunken / (math.sqrt(between) * math.sqrt(2.0) * sem)
    if method == ReliableChangeMethod.JACOBSON_TRUAX:
        return (y - x) / (math.sqrt(2.0) * sem)
    expected = mean + reliability * (x - mean)
    return (y - expected) / (
        sem if method == ReliableChangeMethod.EDWARDS_NUNNALLY else sem * math.sqrt(1 + reliability)
    )


def _frozen(array: NDArray[Number]) -> NDArray[Number]:
    array.setflags(write=False)
    return array
