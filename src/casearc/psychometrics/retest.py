"""Retest reliability: would the same person get the same score again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.psychometrics._items import checked_level, checked_measurements
from casearc.psychometrics.intraclass import IntraclassForm, MeanSquares, intraclass, mean_squares
from casearc.statistics.results import Result

RetestKind = Literal["agreement", "consistency", "pearson"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetestReliability(Result):
    """Retest reliability.

    Attributes
    ----------
    reliability, low, high, level
        The coefficient of this `kind` and its interval.
    kind, method
        Which coefficient, in a word and in words.
    sem, sem_low, sem_high
        Standard error of measurement in the unit of the score, from the differences themselves; with ``"agreement"`` it
        counts a shift of everybody as error and has no interval.
    mean_shift
        Mean of the second minus the first.
    n
        People measured twice.
    """

    reliability: float
    low: float
    high: float
    level: float
    kind: RetestKind
    method: str
    sem: float
    sem_low: float | None
    sem_high: float | None
    mean_shift: float
    n: int
    notes: tuple[str, ...] = ()


def retest_reliability(
    first: ArrayLike, second: ArrayLike, *, kind: RetestKind = "consistency", level: float = 0.95
) -> RetestReliability:
    """Retest reliability from two measurements of the same people between which nothing should have changed.

    For a double pretest. True change between the two counts as error, so the longer they lie apart the lower it is.

    Parameters
    ----------
    first, second
        Shape (n,): the same people in the same order, no missing value.
    kind
        ``"consistency"``, ICC(C,1): equal spread at both times is assumed, a shift of everybody is not error; what
        reliable change needs. ``"agreement"``, ICC(A,1): a shift is error. ``"pearson"``: neither is.
    level
        Confidence level.

    Raises
    ------
    StatisticsRefusedError
        Different lengths, missing values, fewer than three people (four for Pearson's interval), no spread, or
        measurements that agree entirely.

    Notes
    -----
    ICCs as in `intraclass_correlations`; Pearson with Fisher's z. The standard error of measurement is the root of the
    residual mean square, half the variance of the differences, with its exact chi-square interval; Weir (2005), Journal
    of Strength and Conditioning Research 19:231-240. Checked against R's ``psych::ICC`` and ``cor.test``.

    Examples
    --------
    >>> result = retest_reliability([3.0, 5.0, 4.0, 7.0, 6.0], [4.0, 5.0, 5.0, 8.0, 6.0])
    >>> round(result.reliability, 4), result.method
    (0.9375, 'ICC(C,1), consistency of two measurements')
    """
    checked_level(level)
    if kind not in ("agreement", "consistency", "pearson"):
        raise StatisticsRefusedError('The kind of retest reliability is "agreement", "consistency" or "pearson".')
    x, y = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise StatisticsRefusedError("First and second are two columns of the same people in the same order.")
    X = checked_measurements(np.column_stack([x, y]))
    ms = mean_squares(X)
    reliability, low, high, method = _coefficient(X, ms, kind, level)
    sem = math.sqrt(ms.within if kind == "agreement" else ms.residual)
    tail = (1.0 - level) / 2.0
    df = ms.n - 1
    exact = None if kind == "agreement" else [df / float(special.chdtri(df, p)) for p in (tail, 1.0 - tail)]
    return RetestReliability(
        reliability=reliability,
        low=low,
        high=high,
        level=level,
        kind=kind,
        method=method,
        sem=sem,
        sem_low=None if exact is None else sem * math.sqrt(exact[0]),
        sem_high=None if exact is None else sem * math.sqrt(exact[1]),
        mean_shift=float((X[:, 1] - X[:, 0]).mean()),
        n=ms.n,
        notes=() if exact else ("A standard error that counts the shift of the mean as error has no exact interval.",),
    )


def _coefficient(X: np.ndarray, ms: MeanSquares, kind: RetestKind, level: float) -> tuple[float, float, float, str]:
    if kind == "pearson":
        return (*_pearson(X, level), "Pearson's correlation, Fisher's z interval")
    form = IntraclassForm.AGREEMENT_SINGLE if kind == "agreement" else IntraclassForm.CONSISTENCY_SINGLE
    found = intraclass(ms, form, level)
    return found.icc, found.low, found.high, f"{found.name}, {kind} of two measurements"


def _pearson(X: np.ndarray, level: float) -> tuple[float, float, float]:
    n = X.shape[0]
    spread = X.std(axis=0)
    if (spread <= 1e-12 * np.abs(X).max()).any():
        raise StatisticsRefusedError(
            "One of the measurements is the same for everybody, so no correlation exists.",
            alternative="Report how many changed.",
        )
    if n < 4:
        raise StatisticsRefusedError(
            "An interval of a correlation needs at least four people.", alternative="Report the scores themselves."
        )
    r = float(np.corrcoef(X, rowvar=False)[0, 1])
    if abs(r) >= 1.0 - 1e-14:
        raise StatisticsRefusedError(
            "The measurements lie on one line, so the correlation has no interval.",
            alternative="Report that they agree up to origin and unit.",
        )
    half = float(special.ndtri(0.5 + level / 2.0)) / math.sqrt(n - 3)
    return r, math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)
