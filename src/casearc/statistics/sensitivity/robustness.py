"""Robustness values of a linear model: how much of dose and outcome a confounder would have to explain."""

from __future__ import annotations

import math
from dataclasses import dataclass

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustnessValue:
    """Robustness of one coefficient of a linear model.

    Attributes
    ----------
    partial_r2
        Share of what is left of the outcome that the dose explains, beyond the other terms.
    rv
        Share of what is left of both dose and outcome that an unmeasured confounder would have to explain to bring the
        estimate down by `q` of itself (1: to nothing).
    rv_alpha
        The same to bring the interval at 1 - `alpha` to hold that value; 0 where it does already.
    """

    t: float
    df: int
    partial_r2: float
    q: float
    alpha: float
    rv: float
    rv_alpha: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A confounder as strong as a measured covariate, times `strength`.

    Attributes
    ----------
    r2_dose, r2_outcome
        What it would explain of what is left of dose and of outcome.
    estimate, se, t, low, high
        The coefficient adjusted for it as well.
    """

    covariate: str
    strength: float
    r2_dose: float
    r2_outcome: float
    estimate: float
    se: float
    t: float
    low: float
    high: float


def robustness_value(t: float, df: int, *, q: float = 1.0, alpha: float = 0.05) -> RobustnessValue:
    """Robustness value of a coefficient from its t and residual degrees of freedom.

    Parameters
    ----------
    t
        Of the coefficient, with classical standard errors: the measure is one of fit, not of uncertainty.
    df
        Residual degrees of freedom, n - k.
    q
        Which part of the estimate is to be explained away.
    alpha
        1 - the level of the interval.

    Raises
    ------
    StatisticsRefusedError
        t missing or infinite, fewer than two degrees of freedom, q not above 0, alpha outside 0 to 1.

    Notes
    -----
    Cinelli & Hazlett (2020), Journal of the Royal Statistical Society B 82:39-67, equations 17 to 20. Checked against
    the formulas written again in R, and against refits with a confounder of exactly that strength.

    Examples
    --------
    >>> found = robustness_value(4.184445, 783)
    >>> round(found.rv, 4), round(found.rv_alpha, 4)
    (0.1388, 0.0763)
    """
    if not math.isfinite(t):
        raise StatisticsRefusedError("The coefficient has no t.", alternative="Fit the model first.")
    if df < 2:
        raise StatisticsRefusedError("The model leaves fewer than two degrees of freedom.", alternative="Drop terms.")
    if q <= 0.0 or not 0.0 < alpha < 1.0:
        raise StatisticsRefusedError("q is above 0 and alpha between 0 and 1.")
    f = abs(t) / math.sqrt(df)
    critical = dist.t_quantile(1.0 - alpha / 2.0, df - 1) / math.sqrt(df - 1)
    fq = q * f
    return RobustnessValue(
        t=t,
        df=df,
        partial_r2=t**2 / (t**2 + df),
        q=q,
        alpha=alpha,
        rv=_rv(fq),
        rv_alpha=_rv_alpha(fq, critical),
    )


def _rv(f: float) -> float:
    if f <= 0.0:
        return 0.0
    return 0.5 * (math.sqrt(f**4 + 4.0 * f**2) - f**2)


def _rv_alpha(f: float, critical: float) -> float:
    """Far out, a confounder that explained all that is left of the outcome binds instead (their equation 19)."""
    left = f - critical
    if left <= 0.0:
        return 0.0
    if critical > 0.0 and f > 1.0 / critical:
        return (f**2 - critical**2) / (1.0 + f**2)
    return _rv(left)


def benchmark(
    *,
    covariate: str,
    estimate: float,
    se: float,
    df: int,
    r2_dose: float,
    r2_outcome: float,
    strength: float = 1.0,
    alpha: float = 0.05,
) -> Benchmark:
    """What the coefficient would be with a further confounder `strength` times as strong as a measured covariate.

    Parameters
    ----------
    covariate
        Its name, for the table.
    estimate, se, df
        Of the dose: coefficient, classical standard error, residual degrees of freedom.
    r2_dose
        Partial R2 of the covariate with the dose, given the other terms.
    r2_outcome
        Partial R2 of the covariate with the outcome, given dose and the other terms.
    strength
        How many times as strong.
    alpha
        1 - the level of the interval.

    Raises
    ------
    StatisticsRefusedError
        A covariate so strong that one like it would explain all of the dose.

    Notes
    -----
    Cinelli & Hazlett (2020), section 4.4. Moves the estimate toward zero. Checked against the formulas in R.

    Examples
    --------
    >>> found = benchmark(covariate="age", estimate=0.4, se=0.1, df=60, r2_dose=0.02, r2_outcome=0.05)
    >>> round(found.estimate, 3)
    0.374
    """
    if df < 2:
        raise StatisticsRefusedError("The model leaves fewer than two degrees of freedom.", alternative="Drop terms.")
    explained = strength * r2_dose / (1.0 - r2_dose) if r2_dose < 1.0 else math.inf
    if explained >= 1.0:
        raise StatisticsRefusedError(
            f'Something {strength:g} times as strong as "{covariate}" would explain the whole dose.',
            alternative="Take a smaller strength.",
        )
    tie = strength * r2_dose**2 / ((1.0 - strength * r2_dose) * (1.0 - r2_dose))
    eta = (math.sqrt(strength) + math.sqrt(max(tie, 0.0))) / math.sqrt(max(1.0 - tie, 1e-12))
    outcome = min(eta**2 * r2_outcome / (1.0 - r2_outcome), 1.0)
    bias = se * math.sqrt(df) * math.sqrt(outcome * explained / (1.0 - explained))
    moved = estimate - math.copysign(bias, estimate)
    wider = se * math.sqrt((1.0 - outcome) / (1.0 - explained)) * math.sqrt(df / (df - 1))
    half = dist.t_quantile(1.0 - alpha / 2.0, df - 1) * wider
    return Benchmark(
        covariate=covariate,
        strength=strength,
        r2_dose=explained,
        r2_outcome=outcome,
        estimate=moved,
        se=wider,
        t=moved / wider if wider > 0.0 else 0.0,
        low=moved - half,
        high=moved + half,
    )
