"""E-values: the strength of confounding that would explain an association away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from casearc.errors import StatisticsRefusedError
from casearc.statistics.results import Result

Measure = Literal["risk ratio", "odds ratio", "hazard ratio"]

LOG_RISK_RATIO_PER_SD = 0.91
"""VanderWeele & Ding (2017), table 2: a difference of one SD is about a log risk ratio of 0.91."""

LARGEST_D = 100.0

MEANING = (
    "An unmeasured confounder tied to both exposure and outcome by a risk ratio of this size, beyond the measured ones,"
    " could explain the association away; weaker confounding could not.",
    "It does not say whether such a confounder exists, and it covers neither selection nor error of measurement.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EValue(Result):
    """E-value of an association.

    Attributes
    ----------
    estimate, low, high
        As given. `measure` says of what.
    risk_ratio, risk_ratio_limit
        The estimate and the limit nearer to no association on the scale of risk ratios; the limit is 1 where the
        interval holds 1, None where no limit was given.
    e_value, e_value_limit
        For the estimate and for that limit; 1 means that no confounding is needed.
    meaning
        What it says and what it does not.
    """

    estimate: float
    low: float | None
    high: float | None
    measure: str
    risk_ratio: float
    risk_ratio_limit: float | None
    e_value: float
    e_value_limit: float | None
    meaning: tuple[str, ...] = MEANING
    notes: tuple[str, ...] = ()


def e_value(
    estimate: float,
    *,
    low: float | None = None,
    high: float | None = None,
    measure: Measure = "risk ratio",
    common: bool | None = None,
) -> EValue:
    """E-value of a risk, odds or hazard ratio and of its limit nearer to 1.

    Use it for associations that rest on measured confounders alone. For a multinomial model give risk ratios of average
    predicted probabilities, not its odds ratios, which compare two levels only.

    Parameters
    ----------
    estimate, low, high
        The ratio and its confidence limits, above 0; one limit suffices if it is the one nearer to 1.
    measure
        ``"risk ratio"``, ``"odds ratio"`` or ``"hazard ratio"``.
    common
        For odds and hazard ratios: whether more than 15 % have the outcome at the end of follow-up. They are then
        turned into approximate risk ratios.

    Raises
    ------
    StatisticsRefusedError
        A ratio that is not above 0, limits out of order, or `common` not said of an odds or hazard ratio.

    Notes
    -----
    VanderWeele & Ding (2017), Annals of Internal Medicine 167:268-274. Checked against an R script of their formulas.

    Examples
    --------
    >>> found = e_value(3.9, low=1.8, high=8.7)
    >>> round(found.e_value, 8), round(found.e_value_limit, 8)
    (7.26303434, 3.0)
    """
    _checked(estimate, low, high, ratio=True)
    if measure not in ("risk ratio", "odds ratio", "hazard ratio"):
        raise StatisticsRefusedError('The measure is "risk ratio", "odds ratio" or "hazard ratio".')
    if measure != "risk ratio" and common is None:
        raise StatisticsRefusedError(
            f"What the E-value of this {measure} is depends on how common the outcome is.",
            alternative="Say common=True where more than 15 % have it, else common=False.",
        )

    def as_risk_ratio(ratio: float) -> float:
        if measure == "risk ratio" or not common:
            return ratio
        return math.sqrt(ratio) if measure == "odds ratio" else _hazard_as_risk(ratio)

    how = {True: " of a common outcome", False: " of a rare outcome", None: ""}[
        None if measure == "risk ratio" else common
    ]
    return _e_value(
        (estimate, low, high),
        tuple(None if ratio is None else as_risk_ratio(ratio) for ratio in (estimate, low, high)),
        measure=measure + how,
        notes=("The risk ratio is approximate.",) if common and measure != "risk ratio" else (),
    )


def e_value_mean_difference(
    estimate: float,
    *,
    sd: float,
    low: float | None = None,
    high: float | None = None,
    contrast: float = 1.0,
) -> EValue:
    """E-value of a difference of means, or of a linear model's coefficient, by an approximate risk ratio.

    Parameters
    ----------
    estimate, low, high
        The difference or coefficient and its confidence limits, in the outcome's unit.
    sd
        Standard deviation of the outcome (1 where the estimate is standardized).
    contrast
        How many units of the term are compared, for example 10 months; 1 for a difference of two groups.

    Raises
    ------
    StatisticsRefusedError
        An SD that is not above 0, a contrast of 0, limits out of order.

    Notes
    -----
    exp(0.91 d), d the contrast in SDs of the outcome: VanderWeele & Ding (2017), table 2, after Chinn (2000). It
    supposes a roughly normal outcome. Checked against an R script of their formulas.

    Examples
    --------
    >>> found = e_value_mean_difference(0.5, sd=1.0, low=0.1, high=0.9)
    >>> round(found.risk_ratio, 4), round(found.e_value, 4)
    (1.5762, 2.5291)
    """
    _checked(estimate, low, high, ratio=False)
    if not (math.isfinite(sd) and sd > 0.0):
        raise StatisticsRefusedError("The outcome's standard deviation must be above 0.")
    if not math.isfinite(contrast) or contrast == 0.0:
        raise StatisticsRefusedError("The contrast is a number of units other than 0.", alternative="1 is usual.")
    if abs(estimate * contrast / sd) > LARGEST_D:
        raise StatisticsRefusedError(
            "The difference is of hundreds of standard deviations, so the standard deviation cannot be the outcome's.",
            alternative="Check both.",
        )
    shown = (estimate, *((low, high) if contrast > 0 else (high, low)))
    ratios = tuple(None if value is None else _exp(LOG_RISK_RATIO_PER_SD * value * contrast / sd) for value in shown)
    return _e_value(
        (estimate, low, high),
        ratios,
        measure="mean difference",
        notes=("The risk ratio is approximate, for a roughly normal outcome.",),
    )


def _e_value(
    given: tuple[float, float | None, float | None],
    ratios: tuple[float | None, ...],
    *,
    measure: str,
    notes: tuple[str, ...],
) -> EValue:
    ratio, low, high = ratios
    point = 1.0 if ratio is None else ratio
    limit = _nearer(point, low, high)
    return EValue(
        estimate=given[0],
        low=given[1],
        high=given[2],
        measure=measure,
        risk_ratio=point,
        risk_ratio_limit=limit,
        e_value=_of(point),
        e_value_limit=None if limit is None else _of(limit),
        notes=notes if limit is not None else (*notes, "Without a limit nearer to 1 its E-value is not known."),
    )


def _nearer(ratio: float, low: float | None, high: float | None) -> float | None:
    """The limit between the estimate and 1, or 1 where the interval reaches it."""
    if ratio == 1.0:
        return 1.0
    limit = low if ratio > 1.0 else high
    if limit is None:
        return None
    return max(limit, 1.0) if ratio > 1.0 else min(limit, 1.0)


def _of(ratio: float) -> float:
    above = ratio if ratio >= 1.0 else 1.0 / ratio
    return above + math.sqrt(above) * math.sqrt(above - 1.0)


def _exp(x: float) -> float:
    return math.exp(x) if x < 709.0 else math.inf


def _hazard_as_risk(ratio: float) -> float:
    """VanderWeele & Ding's approximation for an outcome that is common at the end of follow-up."""
    root, half = math.sqrt(ratio), math.log(0.5)
    return math.expm1(half * root) / math.expm1(half / root)


def _checked(estimate: float, low: float | None, high: float | None, *, ratio: bool) -> None:
    limits = [value for value in (low, high) if value is not None]
    if not math.isfinite(estimate) or any(math.isnan(value) for value in limits):
        raise StatisticsRefusedError("The estimate and its limits must be finite numbers.")
    if ratio and (estimate <= 0.0 or any(value < 0.0 for value in limits)):
        raise StatisticsRefusedError("Ratios and their limits lie above 0.")
    if (low is not None and low > estimate) or (high is not None and high < estimate):
        raise StatisticsRefusedError(
            "The estimate does not lie between its limits.", alternative="Give the lower limit as low."
        )
