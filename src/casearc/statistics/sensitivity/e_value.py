"""E-values: how strongly something unmeasured would have to go with both dose and outcome to explain a result."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from casearc.errors import StatisticsRefusedError

Measure = Literal["risk ratio", "odds ratio, rare", "odds ratio, common", "hazard ratio, common", "standardized"]

FROM_D = 0.91
"""ln RR is about 0.91 d for a standardized difference d (Chinn 2000; VanderWeele 2017)."""

MOST_SDS = 20.0
"""A standardized effect beyond this has no risk ratio that means anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EValue:
    """E-values of an estimate and of the limit nearer to no association.

    Attributes
    ----------
    risk_ratio
        The estimate on the scale of risk ratios, where it is not one already: approximate then.
    e_estimate, e_limit
        The risk ratio that something unmeasured would need with both dose and outcome, beyond what is adjusted for, to
        move the estimate, or the limit, to no association. 1 for an interval that holds no association already.
    """

    measure: Measure
    estimate: float
    risk_ratio: float
    e_estimate: float
    e_limit: float
    approximate: bool
    notes: tuple[str, ...] = ()


def e_value(
    estimate: float, low: float, high: float, *, measure: Measure = "risk ratio", sd: float | None = None
) -> EValue:
    """E-value of an estimate and its interval.

    For an association adjusted for what was measured. It asks what an unmeasured confounder would have to be like; it
    does not say whether there is one, and says nothing of selection or measurement.

    Parameters
    ----------
    estimate, low, high
        With ``"standardized"`` a difference in SDs of the outcome (a coefficient of a linear model over the outcome's
        SD, for the contrast of doses that is told); else a ratio, above 0.
    measure
        ``"risk ratio"`` also for rate ratios and rare hazards; ``"odds ratio, rare"`` for outcomes of fewer than about
        15 in 100 by the end of follow-up; ``"odds ratio, common"`` (square root) and ``"hazard ratio, common"``
        otherwise. For multinomial models give risk ratios of marginal predictions, not odds ratios.
    sd
        Divides estimate and limits first, for coefficients in points.

    Raises
    ------
    StatisticsRefusedError
        A ratio that is not above 0, an effect of more than 20 SDs, limits that do not hold the estimate, or something
        missing.

    Notes
    -----
    RR + sqrt(RR (RR - 1)): VanderWeele & Ding (2017), Annals of Internal Medicine 167:268-274; conversions: VanderWeele
    (2020), Biometrics 76:746-752. Checked against the formulas written again in R.

    Examples
    --------
    >>> found = e_value(3.9, 1.8, 8.7)
    >>> round(found.e_estimate, 8), round(found.e_limit, 8)
    (7.26303434, 3.0)
    """
    values = [estimate, low, high]
    if not all(math.isfinite(value) for value in values):
        raise StatisticsRefusedError(
            "An estimate or limit is missing or infinite.", alternative="Give a closed interval."
        )
    if sd is not None:
        if sd <= 0.0:
            raise StatisticsRefusedError("The outcome's SD must be above 0.")
        values = [value / sd for value in values]
    if not values[1] <= values[0] <= values[2]:
        raise StatisticsRefusedError("The interval does not hold the estimate.")
    if measure == "standardized" and max(map(abs, values)) > MOST_SDS:
        raise StatisticsRefusedError(
            f"The effect or a limit is more than {MOST_SDS:g} standard deviations of the outcome.",
            alternative="Check the unit of the dose, and whether terms nearly repeat one another.",
        )
    if measure != "standardized" and min(values) <= 0.0:
        raise StatisticsRefusedError("A ratio is above 0.", alternative="Give ratios, not their logarithms.")
    ratios = [_risk_ratio(value, measure) for value in values]
    crosses = ratios[1] <= 1.0 <= ratios[2]
    nearer = ratios[1] if ratios[0] > 1.0 else ratios[2]
    approximate = measure in ("odds ratio, common", "hazard ratio, common", "standardized")
    return EValue(
        measure=measure,
        estimate=estimate,
        risk_ratio=ratios[0],
        e_estimate=_e(ratios[0]),
        e_limit=1.0 if crosses else _e(nearer),
        approximate=approximate,
        notes=(f"From a {measure} by an approximate conversion to risk ratios.",) if approximate else (),
    )


def _e(ratio: float) -> float:
    up = ratio if ratio >= 1.0 else 1.0 / ratio
    return up + math.sqrt(up * (up - 1.0))


def _risk_ratio(value: float, measure: Measure) -> float:
    match measure:
        case "risk ratio" | "odds ratio, rare":
            return value
        case "odds ratio, common":
            return math.sqrt(value)
        case "hazard ratio, common":
            return float((1.0 - 0.5 ** math.sqrt(value)) / (1.0 - 0.5 ** math.sqrt(1.0 / value)))
        case "standardized":
            return math.exp(FROM_D * value)
    raise StatisticsRefusedError("measure is one of the kinds that the documentation of e_value names.")
