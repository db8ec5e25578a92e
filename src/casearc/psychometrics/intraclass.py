"""Intraclass correlations: how alike are several measurements of the same people."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.psychometrics._items import checked_level, checked_measurements
from casearc.statistics.results import Result, Row

NO_RESIDUAL = 1e-20
"""A residual mean square below this share of the total one is rounding: (relative error of a double, squared)."""


class IntraclassForm(StrEnum):
    """Which intraclass correlation, as Shrout & Fleiss number them and McGraw & Wong name them."""

    ONE_WAY_SINGLE = "ICC(1,1)"
    AGREEMENT_SINGLE = "ICC(2,1)"
    CONSISTENCY_SINGLE = "ICC(3,1)"
    ONE_WAY_AVERAGE = "ICC(1,k)"
    AGREEMENT_AVERAGE = "ICC(2,k)"
    CONSISTENCY_AVERAGE = "ICC(3,k)"

    @property
    def average(self) -> bool:
        """Whether it is the reliability of the mean of all k measurements instead of a single one."""
        return self.value.endswith("k)")

    @property
    def mcgraw_wong(self) -> str:
        """The name by McGraw & Wong (1996): ``ICC(1)``, ``ICC(A,1)``, ``ICC(C,k)`` …."""
        number = "k" if self.average else "1"
        return {"1": f"ICC({number})", "2": f"ICC(A,{number})", "3": f"ICC(C,{number})"}[self.value[4]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intraclass(Result):
    """Intraclass correlation.

    Attributes
    ----------
    form, name
        By Shrout & Fleiss, and by McGraw & Wong.
    icc, low, high, level
        The estimate, which can be negative, and its interval.
    f, df1, df2, p
        Test that it is zero, one-sided as always for an F: larger than chance makes it.
    n, k
        Participants and measurements of each.
    method
        How the interval was made: exact for one-way and consistency forms, an approximation for agreement.
    """

    form: IntraclassForm
    name: str
    icc: float
    low: float
    high: float
    level: float
    f: float
    df1: int
    df2: int
    p: float
    n: int
    k: int
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntraclassTable(Result):
    """Intraclass correlations of all six forms.

    Attributes
    ----------
    forms
        One of each form, in the order of `IntraclassForm`.
    mean_square_people, mean_square_measurements, mean_square_residual, mean_square_within
        Of the analysis of variance of people by measurements; `within` is that of measurements and residual together.
    """

    forms: tuple[Intraclass, ...]
    mean_square_people: float
    mean_square_measurements: float
    mean_square_residual: float
    mean_square_within: float
    n: int
    k: int

    def rows(self) -> list[Row]:
        """One row a form."""
        return [row for form in self.forms for row in form.rows()]

    def form(self, wanted: IntraclassForm) -> Intraclass:
        """The correlation of one form."""
        return self.forms[list(IntraclassForm).index(wanted)]


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Mean squares of people (n) by measurements (k)."""

    n: int
    k: int
    people: float
    measurements: float
    residual: float

    @property
    def within(self) -> float:
        """Measurements and residual together."""
        columns = self.measurements * (self.k - 1) + self.residual * (self.n - 1) * (self.k - 1)
        return columns / (self.n * (self.k - 1))


def intraclass_correlations(scores: ArrayLike, *, level: float = 0.95) -> IntraclassTable:
    """All six intraclass correlations of several measurements of the same people.

    Agreement (2) counts a shift of everybody between measurements as disagreement; consistency (3) does not; the
    one-way form (1) is for measurements that have no order, such as raters who differ from person to person.

    Parameters
    ----------
    scores
        Shape (n, k): one row a person, one column a measurement (wave, rater, form). No missing value.
    level
        Confidence level.

    Returns
    -------
    IntraclassTable
        ``table.form(IntraclassForm.AGREEMENT_SINGLE)`` is one of them.

    Raises
    ------
    StatisticsRefusedError
        Fewer than three people or two measurements; missing values; no spread; or measurements that put everybody at
        exactly the same distances, which leaves no error for a test or an interval.

    Notes
    -----
    Shrout & Fleiss (1979), Psychological Bulletin 86:420-428; McGraw & Wong (1996), Psychological Methods 1:30-46, and
    their Satterthwaite interval for agreement. Checked against R's ``psych::ICC``, whose mean squares come from lmer by
    default and differ where a variance is estimated at zero: compare with those of an analysis of variance.

    Examples
    --------
    >>> ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> [round(form.icc, 2) for form in intraclass_correlations(ratings).forms]
    [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    """
    checked_level(level)
    squares = mean_squares(checked_measurements(scores))
    return IntraclassTable(
        forms=tuple(intraclass(squares, form, level) for form in IntraclassForm),
        mean_square_people=squares.people,
        mean_square_measurements=squares.measurements,
        mean_square_residual=squares.residual,
        mean_square_within=squares.within,
        n=squares.n,
        k=squares.k,
    )


def mean_squares(X: np.ndarray) -> MeanSquares:
    """Of people by measurements; refuses what has no residual."""
    n, k = X.shape
    centered = X - X.mean()
    people, columns = centered.mean(axis=1), centered.mean(axis=0)
    residual = centered - people[:, None] - columns
    ms = MeanSquares(
        n=n,
        k=k,
        people=k * float((people**2).sum()) / (n - 1),
        measurements=n * float((columns**2).sum()) / (k - 1),
        residual=float((residual**2).sum()) / ((n - 1) * (k - 1)),
    )
    size = float((X**2).mean())
    if ms.people <= NO_RESIDUAL * size and ms.residual <= NO_RESIDUAL * size:
        raise StatisticsRefusedError(
            "Everybody has the same scores, so nobody can be told apart.",
            alternative="Report the share of people who agree instead.",
        )
    if ms.residual <= NO_RESIDUAL * max(size, ms.people):
        raise StatisticsRefusedError(
            "All measurements put people at exactly the same distances from each other, so there is no error to "
            "test or to make an interval from.",
            alternative="Report that they agree entirely, up to the difference of their means.",
        )
    if ms.people <= ms.residual / n:
        raise StatisticsRefusedError(
            "The means of people are closer together than chance would have them: what is high at one measurement is "
            "low at another.",
            alternative="Check whether one of the measurements is scored the other way around.",
        )
    return ms


def intraclass(ms: MeanSquares, form: IntraclassForm, level: float) -> Intraclass:
    """One form from mean squares."""
    one_way = form.value[4] == "1"
    error = ms.within if one_way else ms.residual
    df1, df2 = ms.n - 1, ms.n * (ms.k - 1) if one_way else (ms.n - 1) * (ms.k - 1)
    f = ms.people / error
    agreement = form.value[4] == "2"
    single = _agreement(ms) if agreement else (f - 1.0) / (f + ms.k - 1.0)
    limits = _agreement_limits(ms, single, level) if agreement else _exact_limits(f, df1, df2, ms.k, level)
    icc, low, high = (_stepped_up(each, ms.k) if form.average else each for each in (single, *limits))
    return Intraclass(
        form=form,
        name=form.mcgraw_wong,
        icc=icc,
        low=low,
        high=high,
        level=level,
        f=f,
        df1=df1,
        df2=df2,
        p=float(special.fdtrc(df1, df2, f)),
        n=ms.n,
        k=ms.k,
        method="Satterthwaite approximation (McGraw & Wong)" if agreement else "exact, by F",
    )


def _agreement(ms: MeanSquares) -> float:
    spread = ms.people + (ms.k - 1) * ms.residual + ms.k * (ms.measurements - ms.residual) / ms.n
    return (ms.people - ms.residual) / spread


def _exact_limits(f: float, df1: int, df2: int, k: int, level: float) -> tuple[float, float]:
    upper = 0.5 + level / 2.0
    low, high = f / float(special.fdtri(df1, df2, upper)), f * float(special.fdtri(df2, df1, upper))
    return (low - 1.0) / (low + k - 1.0), (high - 1.0) / (high + k - 1.0)


def _agreement_limits(ms: MeanSquares, icc: float, level: float) -> tuple[float, float]:
    n, k = ms.n, ms.k
    a = k * icc / (n * (1.0 - icc))
    b = 1.0 + k * icc * (n - 1) / (n * (1.0 - icc))
    weighted = a * ms.measurements + b * ms.residual
    df = weighted**2 / ((a * ms.measurements) ** 2 / (k - 1) + (b * ms.residual) ** 2 / ((n - 1) * (k - 1)))
    upper = 0.5 + level / 2.0
    f_low, f_high = float(special.fdtri(n - 1, df, upper)), float(special.fdtri(df, n - 1, upper))
    rest = k * ms.measurements + (k * n - k - n) * ms.residual
    low = n * (ms.people - f_low * ms.residual) / (f_low * rest + n * ms.people)
    high = n * (f_high * ms.people - ms.residual) / (rest + n * f_high * ms.people)
    return low, high


def _stepped_up(single: float, k: int) -> float:
    """Reliability of the mean of k measurements, by Spearman and Brown; open where a limit lies too low for one."""
    spread = 1.0 + (k - 1) * single
    return k * single / spread if spread > 0.0 else -math.inf
