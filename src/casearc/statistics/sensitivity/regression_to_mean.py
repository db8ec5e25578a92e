"""Regression to the mean: by how much people enrolled from one side of a cut score otherwise next time, untreated."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from casearc.errors import StatisticsRefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedRegression:
    """Change to be expected without any help, in people enrolled from one side of a cut.

    Attributes
    ----------
    population_mean
        Of the unselected population: given, or the one in which people beyond the cut score on average what those
        enrolled scored.
    z
        The cut in SDs from that mean, toward the side enrolled from.
    share
        Of the population beyond the cut.
    expected
        Mean of a second measurement less that of the first, untreated: up for those enrolled from below.
    """

    population_mean: float
    population_sd: float
    retest: float
    cut: float
    below: bool
    z: float
    share: float
    expected: float
    mean_given: bool


def expected_regression(
    *,
    population_sd: float,
    retest: float,
    cut: float,
    population_mean: float | None = None,
    enrolled_mean: float | None = None,
    below: bool = True,
) -> ExpectedRegression:
    """The change that selection alone brings: s (1 - r) phi(z) / Phi(z).

    Parameters
    ----------
    population_sd, retest
        SD of the score in the unselected population, and its correlation with a second measurement there, over a time
        like the one between the waves.
    cut
        People were enrolled from one side of it.
    population_mean
        Mean of the unselected population. None: worked out from `enrolled_mean`.
    enrolled_mean
        Mean of those enrolled at the measurement by which they were enrolled.
    below
        Whether they were enrolled from below the cut.

    Raises
    ------
    StatisticsRefusedError
        An SD not above 0, a correlation outside 0 to 1, neither mean given, or an enrolled mean on the wrong side of
        the cut (then no such population exists).

    Notes
    -----
    For two measurements that are jointly normal with one mean and SD: the mean beyond the cut is mu - s phi / Phi, and
    the second measurement goes back by 1 - r of the distance. Checked against simulation and the formula in R.

    Examples
    --------
    >>> round(expected_regression(population_sd=1.0, retest=0.7, cut=4.0, population_mean=5.0).expected, 4)
    0.4575
    """
    if population_sd <= 0.0 or not 0.0 <= retest <= 1.0:
        raise StatisticsRefusedError("An SD is above 0 and a retest correlation between 0 and 1.")
    side = 1.0 if below else -1.0
    given = population_mean is not None
    mean = population_mean
    if mean is None:
        if enrolled_mean is None:
            raise StatisticsRefusedError(
                "Neither the population's mean nor that of those enrolled is known.", alternative="Give one of them."
            )
        mean = _mean_behind(side * enrolled_mean, side * cut, population_sd) * side
    z = side * (cut - mean) / population_sd
    hazard = _hazard(z)
    return ExpectedRegression(
        population_mean=mean,
        population_sd=population_sd,
        retest=retest,
        cut=cut,
        below=below,
        z=z,
        share=float(special.ndtr(z)),
        expected=side * population_sd * (1.0 - retest) * hazard,
        mean_given=given,
    )


def _hazard(z: float) -> float:
    """phi(z) / Phi(z), without underflow."""
    return math.exp(-0.5 * z * z - 0.5 * math.log(2.0 * math.pi) - float(special.log_ndtr(z)))


def _mean_behind(enrolled: float, cut: float, sd: float) -> float:
    """The population mean at which those below the cut average `enrolled`: it rises with z, so bisection finds it."""
    if enrolled >= cut:
        raise StatisticsRefusedError(
            "Those enrolled scored on average beyond the cut, so it cannot be what they were enrolled by.",
            alternative="Check cut and side in the plan.",
        )
    wanted = (cut - enrolled) / sd
    low, high = -37.0, 37.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        low, high = (middle, high) if middle + _hazard(middle) < wanted else (low, middle)
    return cut - 0.5 * (low + high) * sd
