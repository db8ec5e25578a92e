"""Reliable change by Jacobson & Truax: is one participant's change larger than measurement error explains."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics.results import Result

TWO_SIDED_5_PERCENT = 1.96
"""Jacobson & Truax's multiplier, as they print it."""

ROUNDING = 1e-9
"""A change this close to the criterion, relatively, is on it: differences of means of items carry rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliableChange(Result):
    """Criterion of reliable change.

    Attributes
    ----------
    sd, reliability
        What it rests on: spread at the earlier wave, and a reliability between 0 and 1.
    se_measurement
        ``sd * sqrt(1 - reliability)``, in the unit of the score.
    s_difference
        Standard error of a difference of two scores, ``sqrt(2) * se_measurement``.
    multiplier
        1.96 unless the caller chose otherwise.
    criterion
        A change is reliable when it is larger than this, ``multiplier * s_difference``.
    """

    sd: float
    reliability: float
    se_measurement: float
    s_difference: float
    multiplier: float
    criterion: float

    def index(self, difference: float) -> float:
        """The reliable change index of one difference: how many `s_difference` it is."""
        return difference / self.s_difference


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliableChangeCounts(Result):
    """Participants by reliable change."""

    worse: int
    same: int
    better: int

    @property
    def n(self) -> int:
        """All participants classified."""
        return self.worse + self.same + self.better


def reliable_change(sd: float, reliability: float, *, multiplier: float = TWO_SIDED_5_PERCENT) -> ReliableChange:
    """The smallest change that measurement error alone rarely makes.

    Parameters
    ----------
    sd
        Standard deviation of the score at the earlier wave, positive.
    reliability
        Test-retest reliability, or alpha where there is none; at least 0 and less than 1.
    multiplier
        Normal quantile: 1.96 leaves 5 % of those who did not change classified as changed.

    Raises
    ------
    StatisticsRefusedError
        No spread, or a reliability outside the range (a negative alpha has no standard error of measurement).

    Notes
    -----
    Jacobson & Truax (1991), Journal of Consulting and Clinical Psychology 59:12-19; their worked example is a test.

    Examples
    --------
    >>> round(reliable_change(7.5, 0.80).index(47.5 - 32.5), 3)
    3.162
    """
    if not (math.isfinite(sd) and sd > 0.0):
        raise StatisticsRefusedError(
            "The score has no spread at the earlier wave, so no standard error of measurement exists.",
            alternative="Leave out reliable change for this score.",
        )
    if not 0.0 <= reliability < 1.0:
        raise StatisticsRefusedError(
            "A reliability must be at least 0 and less than 1 to give a standard error of measurement.",
            alternative="Use a published test-retest reliability, or leave out reliable change for this score.",
        )
    if not (math.isfinite(multiplier) and multiplier > 0.0):
        raise StatisticsRefusedError("The multiplier is a positive number, for example 1.96.")
    se_measurement = sd * math.sqrt(1.0 - reliability)
    s_difference = math.sqrt(2.0) * se_measurement
    return ReliableChange(
        sd=sd,
        reliability=reliability,
        se_measurement=se_measurement,
        s_difference=s_difference,
        multiplier=multiplier,
        criterion=multiplier * s_difference,
    )


def classify(
    differences: ArrayLike, criterion: float, *, direction: Literal["higher", "lower"] = "higher"
) -> ReliableChangeCounts:
    """Count who got reliably worse, stayed within error, and got reliably better.

    Parameters
    ----------
    differences
        Later minus earlier, shape (n,), no missing value.
    criterion
        `ReliableChange.criterion`. A change that equals it is not reliable.
    direction
        Which way is better.

    Raises
    ------
    StatisticsRefusedError
        Missing values, a criterion that is not positive, or a direction that is neither.

    Examples
    --------
    >>> classify([-12.0, 0.0, 9.2, 15.0], 9.3)
    ReliableChangeCounts(worse=1, same=2, better=1)
    """
    values = np.asarray(differences, dtype=np.float64)
    if values.ndim != 1 or not np.isfinite(values).all():
        raise StatisticsRefusedError(
            "The differences must be one column without missing values.",
            alternative="Leave out participants who lack a wave, and report how many.",
        )
    if not (math.isfinite(criterion) and criterion > 0.0):
        raise StatisticsRefusedError("The criterion of reliable change is a positive number.")
    if direction not in ("higher", "lower"):
        raise StatisticsRefusedError(
            'Better or worse needs a direction: "higher" or "lower".',
            alternative="For a score without a good side report the changes only.",
        )
    better = values if direction == "higher" else -values
    limit = criterion * (1.0 + ROUNDING)
    up, down = int(np.count_nonzero(better > limit)), int(np.count_nonzero(better < -limit))
    return ReliableChangeCounts(worse=down, same=values.size - up - down, better=up)
