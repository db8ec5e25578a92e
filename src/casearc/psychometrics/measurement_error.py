"""Standard error of measurement: how far an observed score usually lies from the person's true one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.psychometrics._items import checked_level
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurementError(Result):
    """Standard error of measurement.

    Attributes
    ----------
    sem
        In the unit of the score.
    half_width
        An observed score plus and minus this holds the person's true score, at `level`, error being normal.
    difference
        Two scores of one person who did not change rarely lie further apart than this: the smallest change that can be
        told from error at `level`.
    """

    sem: float
    half_width: float
    difference: float
    level: float
    sd: float
    reliability: float


def standard_error_of_measurement(sd: float, reliability: float, *, level: float = 0.95) -> MeasurementError:
    """Standard error of measurement of a score from its spread and reliability.

    Parameters
    ----------
    sd
        Standard deviation of the score among the people it is about, positive.
    reliability
        Retest reliability, or alpha where there is none; at least 0 and less than 1.
    level
        Confidence level of the half width and the difference.

    Raises
    ------
    StatisticsRefusedError
        No spread, or a reliability outside the range.

    Notes
    -----
    sem = sd sqrt(1 - reliability); Lord & Novick (1968), Statistical Theories of Mental Test Scores. It is an average
    over people; at the ends of a scale errors are smaller. The difference is z sqrt(2) sem.

    Examples
    --------
    >>> error = standard_error_of_measurement(7.5, 0.80)
    >>> round(error.sem, 3), round(error.difference, 2)
    (3.354, 9.3)
    """
    checked_level(level)
    if not (math.isfinite(sd) and sd > 0.0):
        raise StatisticsRefusedError(
            "The score has no spread, so no standard error of measurement exists.",
            alternative="Leave out the measurement error of this score.",
        )
    if not 0.0 <= reliability < 1.0:
        raise StatisticsRefusedError(
            "A reliability must be at least 0 and less than 1 to give a standard error of measurement.",
            alternative="Use a published test-retest reliability.",
        )
    sem = sd * math.sqrt(1.0 - reliability)
    z = float(special.ndtri(0.5 + level / 2.0))
    return MeasurementError(
        sem=sem, half_width=z * sem, difference=z * math.sqrt(2.0) * sem, level=level, sd=sd, reliability=reliability
    )
