"""How far a group chosen for low scores is expected to rise though nothing is done."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics.results import Result

RARE = 0.01
"""Of the unselected population; where fewer would be selected, the normal tail carries the answer."""

MEANING = (
    "A group enrolled for its scores changes by this much on average without any service.",
    "It supposes normal scores, selection by this score alone and a retest correlation of people who were not served; "
    "it does not show that the observed change is regression.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegressionToMean(Result):
    """Expected regression to the mean.

    Attributes
    ----------
    expected_change
        Of the second score minus the first, in the score's unit; above 0 where those below the cut were enrolled.
    population_mean
        As given, or as solved from the observed first mean.
    population_mean_given
        Which of the two.
    selected_share
        Share of the unselected population beyond the cut.
    selected_mean
        First mean of those beyond the cut that is expected under this population mean.
    """

    expected_change: float
    population_mean: float
    population_mean_given: bool
    selected_share: float
    selected_mean: float
    sd: float
    retest: float
    cut: float
    selected: str
    meaning: tuple[str, ...] = MEANING
    notes: tuple[str, ...] = ()


def regression_to_mean(
    *,
    sd: float,
    retest: float,
    cut: float,
    population_mean: float | None = None,
    observed_mean: float | None = None,
    selected: Literal["below", "above"] = "below",
) -> RegressionToMean:
    """Expected change of those selected beyond a cut, from the unselected population's SD and retest correlation.

    Parameters
    ----------
    sd, retest
        Standard deviation and retest correlation of the score in the population before selection.
    cut
        The score below (or above) which people were enrolled.
    population_mean
        Mean of that population; or
    observed_mean
        the mean first score of those enrolled, from which the population's is solved. Give exactly one of the two.
    selected
        ``"below"`` or ``"above"`` the cut.

    Raises
    ------
    StatisticsRefusedError
        An SD not above 0, a retest correlation outside 0 to 1, neither or both means, an observed mean on the wrong
        side of the cut.

    Notes
    -----
    s (1 - r) phi(z) / Phi(z), z = (cut - mean) / s: Davis (1976), American Journal of Epidemiology 104:493-498. The
    population mean solves (cut - observed) / s = z + phi(z) / Phi(z), whose right side rises with z. Checked against an
    R script and by simulation.

    Examples
    --------
    >>> found = regression_to_mean(sd=10.0, retest=0.8, cut=50.0, population_mean=50.0)
    >>> round(found.expected_change, 6), found.selected_share
    (1.595769, 0.5)
    """
    _checked(sd, retest, cut, population_mean, observed_mean)
    if selected not in ("below", "above"):
        raise StatisticsRefusedError('People are selected "below" or "above" the cut.')
    side = 1.0 if selected == "below" else -1.0
    if population_mean is not None:
        z = side * (cut - population_mean) / sd
    else:
        distance = side * (cut - (observed_mean or 0.0)) / sd
        if distance <= 0.0:
            raise StatisticsRefusedError(
                "The observed mean is not on the side of the cut from which people were selected.",
                alternative="Check the cut and its side; without selection there is no such regression to expect.",
            )
        z = _solved(distance)
    hazard = _hazard(z)
    mean = population_mean if population_mean is not None else cut - side * z * sd
    share = float(special.ndtr(z))
    return RegressionToMean(
        expected_change=side * sd * (1.0 - retest) * hazard,
        population_mean=mean,
        population_mean_given=population_mean is not None,
        selected_share=share,
        selected_mean=mean - side * sd * hazard,
        sd=sd,
        retest=retest,
        cut=cut,
        selected=selected,
        notes=_notes(share, population_mean is not None),
    )


def _checked(sd: float, retest: float, cut: float, population_mean: float | None, observed_mean: float | None) -> None:
    if (population_mean is None) == (observed_mean is None):
        raise StatisticsRefusedError(
            "Expected regression needs one mean: the unselected population's, or the observed first one.",
            alternative="Without the unselected population's SD, retest correlation and the cut it cannot be told.",
        )
    given = [sd, retest, cut, *(mean for mean in (population_mean, observed_mean) if mean is not None)]
    if not all(math.isfinite(value) for value in given):
        raise StatisticsRefusedError("SD, retest correlation, cut and mean must be finite numbers.")
    if sd <= 0.0:
        raise StatisticsRefusedError("The population's standard deviation must be above 0.")
    if not 0.0 <= retest <= 1.0:
        raise StatisticsRefusedError("A retest correlation lies between 0 and 1.")


def _notes(share: float, given: bool) -> tuple[str, ...]:
    rare = ("Fewer than 1 in 100 would be selected, so the answer hangs on the tail of a normal curve.",)
    solved = ("The population's mean was solved from the observed first mean and the cut.",)
    return (*(rare if share < RARE else ()), *(() if given else solved))


def _hazard(z: float) -> float:
    """phi(z) / Phi(z) without underflow."""
    return math.exp(-0.5 * z * z - 0.5 * math.log(2.0 * math.pi) - float(special.log_ndtr(z)))


def _solved(distance: float) -> float:
    """z with z + phi(z) / Phi(z) = distance > 0, by bisection to the last bit."""
    high = distance
    low = min(-1.0, -2.0 / distance)
    while True:
        middle = 0.5 * (low + high)
        if middle in (low, high):
            return middle
        if middle + _hazard(middle) < distance:
            low = middle
        else:
            high = middle
