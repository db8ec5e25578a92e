"""Robustness values: how much of exposure and outcome a confounder would have to explain in a linear model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import confidence
from casearc.statistics.linear import linear, term_effects
from casearc.statistics.results import Result

MEANING = (
    "A confounder that explains this share of what the measured terms leave of both exposure and outcome would suffice"
    " to change the conclusion; one that explains less of both would not.",
    "It does not say whether such a confounder exists, it takes the model to be right otherwise, and it rests on "
    "classical errors.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkBound(Result):
    """What a confounder `multiple` times as strong as a measured term could do at most.

    Attributes
    ----------
    r_squared_exposure, r_squared_outcome
        Bounds of the share such a confounder explains of what is left of exposure and outcome.
    estimate, se, t
        The coefficient, its error and t if it explained as much, in the direction that weakens the finding; None where
        such a confounder cannot exist, since it would explain all of the exposure or of the outcome (`notes`).
    """

    term: str
    multiple: float
    r_squared_exposure: float | None
    r_squared_outcome: float | None
    estimate: float | None
    se: float | None
    t: float | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustnessValue(Result):
    """Robustness of a linear model's coefficient to unmeasured confounding.

    Attributes
    ----------
    partial_r_squared
        Share of the outcome that the term explains beyond the others; also: how much of the exposure a confounder that
        explains all that is left of the outcome would have to explain to bring the estimate to zero.
    robustness
        RV_q: share of exposure and outcome, both, that brings the estimate down by the share `q` of itself.
    robustness_alpha
        RV_{q, alpha}: share that makes that reduction no longer excluded at level `alpha`.
    """

    term: str
    estimate: float
    se: float
    t: float
    df: int
    q: float
    alpha: float
    partial_r_squared: float
    robustness: float
    robustness_alpha: float
    benchmarks: tuple[BenchmarkBound, ...]
    meaning: tuple[str, ...] = MEANING
    notes: tuple[str, ...] = ()


def robustness_value(
    design: ArrayLike,
    response: ArrayLike,
    *,
    terms: Sequence[str],
    term: str,
    benchmarks: Sequence[str] | Mapping[str, Sequence[str]] = (),
    multiples: Sequence[float] = (1.0, 2.0, 3.0),
    q: float = 1.0,
    alpha: float = 0.05,
) -> RobustnessValue:
    """How strong unmeasured confounding must be to explain a coefficient away, beside measured terms as a yardstick.

    Parameters
    ----------
    design, response, terms
        As in `linear`.
    term
        The exposure.
    benchmarks
        Measured terms to compare a confounder with; a mapping names groups of columns.
    multiples
        How many times as strong as the benchmark the confounder is, for exposure and outcome alike.
    q
        The share of the estimate that is explained away; 1 is all of it.
    alpha
        Level of `robustness_alpha`.

    Raises
    ------
    StatisticsRefusedError
        What `linear` refuses; a term or benchmark the model lacks; fewer than two residual df.

    Notes
    -----
    Cinelli & Hazlett (2020), Journal of the Royal Statistical Society B 82:39-67, sections 4.2 to 4.4. Checked against
    an R script of their formulas on R's ``lm``.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> need = rng.normal(size=60)
    >>> months = 6.0 + need + rng.normal(size=60)
    >>> score = 0.5 * months - need + rng.normal(size=60)
    >>> design = np.column_stack([np.ones(60), months, need])
    >>> names = ["constant", "months", "need"]
    >>> found = robustness_value(design, score, terms=names, term="months", benchmarks=["need"])
    >>> 0 < found.robustness_alpha < found.robustness < 1, found.benchmarks[0].term
    (True, 'need')
    """
    confidence(1.0 - alpha)
    if not q > 0.0 or not math.isfinite(q):
        raise StatisticsRefusedError("q is a share of the estimate above 0.", alternative="1 asks for all of it.")
    fit = linear(design, response, terms=terms, covariance="classical")
    groups = dict(benchmarks) if isinstance(benchmarks, Mapping) else {name: [name] for name in benchmarks}
    _refuse_unknown(fit.terms, term, groups)
    if fit.df_residual < 2:
        raise StatisticsRefusedError("Fewer than two residual degrees of freedom are left.", alternative="Drop terms.")
    i = fit.terms.index(term)
    b, se, t, df = (
        float(fit.coefficients[i]),
        float(fit.standard_errors[i]),
        float(fit.t[i]),
        fit.df_residual,
    )
    f = abs(t) / math.sqrt(df)
    bounds: list[BenchmarkBound] = []
    if groups:
        on_outcome, on_exposure = _partials(design, response, terms=fit.terms, exposure=i, groups=groups)
        bounds = [
            _bound(name, multiple, (b, se, df), exposure=on_exposure[name], outcome=on_outcome[name])
            for name in groups
            for multiple in multiples
        ]
    return RobustnessValue(
        term=term,
        estimate=b,
        se=se,
        t=t,
        df=df,
        q=q,
        alpha=alpha,
        partial_r_squared=f**2 / (1.0 + f**2),
        robustness=robustness_of(q * f),
        robustness_alpha=robustness_of(q * f, critical=dist.t_quantile(1.0 - alpha / 2.0, df - 1) / math.sqrt(df - 1)),
        benchmarks=tuple(bounds),
    )


def robustness_of(f: float, *, critical: float = 0.0) -> float:
    """Robustness value of a partial Cohen's f (times q), for a critical one of the next smaller df."""
    over = f - critical
    if over <= 0.0:
        return 0.0
    if critical > 0.0 and f > 1.0 / critical:
        return (f**2 - critical**2) / (1.0 + f**2)
    square = over**2
    return 2.0 * square / (math.sqrt(square**2 + 4.0 * square) + square)


def _refuse_unknown(names: Sequence[str], term: str, groups: Mapping[str, Sequence[str]]) -> None:
    asked = [term, *(column for columns in groups.values() for column in columns)]
    unknown = [column for column in asked if column not in names]
    if unknown:
        raise StatisticsRefusedError(f'The model has no term "{unknown[0]}".', alternative="Name its columns.")
    if term in asked[1:]:
        raise StatisticsRefusedError("The exposure cannot be its own benchmark.", alternative="Name another term.")


def _partials(
    design: ArrayLike,
    response: ArrayLike,
    *,
    terms: Sequence[str],
    exposure: int,
    groups: Mapping[str, Sequence[str]],
) -> tuple[dict[str, float], dict[str, float]]:
    """Partial R2 of each benchmark with the outcome (given the exposure) and with the exposure."""
    X = np.asarray(design, dtype=np.float64)
    on_outcome = term_effects(X, response, terms=terms, groups=groups)
    others = [name for i, name in enumerate(terms) if i != exposure]
    on_exposure = term_effects(np.delete(X, exposure, axis=1), X[:, exposure], terms=others, groups=groups)
    return tuple(  # type: ignore[return-value]  # two of them
        dict(zip(found.terms, found.partial_r_squared.tolist(), strict=True)) for found in (on_outcome, on_exposure)
    )


def _bound(
    name: str, multiple: float, fit: tuple[float, float, int], *, exposure: float, outcome: float
) -> BenchmarkBound:
    """Cinelli and Hazlett's bounds for a confounder `multiple` times as strong as the benchmark."""
    b, se, df = fit
    if multiple * exposure >= 1.0 - exposure:
        return _impossible(name, multiple, "exposure")
    with_exposure = multiple * exposure / (1.0 - exposure)
    shared = multiple * exposure**2 / ((1.0 - multiple * exposure) * (1.0 - exposure))
    if shared >= 1.0:
        return _impossible(name, multiple, "exposure")
    factor = (math.sqrt(multiple) + math.sqrt(shared)) / math.sqrt(1.0 - shared)
    if factor**2 * outcome >= 1.0 - outcome:
        return _impossible(name, multiple, "outcome")
    with_outcome = factor**2 * outcome / (1.0 - outcome)
    bias = se * math.sqrt(df) * math.sqrt(with_outcome * with_exposure / (1.0 - with_exposure))
    adjusted = math.copysign(1.0, b) * (abs(b) - bias)
    error = se * math.sqrt((1.0 - with_outcome) / (1.0 - with_exposure)) * math.sqrt(df / (df - 1))
    return BenchmarkBound(
        term=name,
        multiple=multiple,
        r_squared_exposure=with_exposure,
        r_squared_outcome=with_outcome,
        estimate=adjusted,
        se=error,
        t=adjusted / error,
    )


def _impossible(name: str, multiple: float, what: str) -> BenchmarkBound:
    return BenchmarkBound(
        term=name,
        multiple=multiple,
        r_squared_exposure=None,
        r_squared_outcome=None,
        estimate=None,
        se=None,
        t=None,
        notes=(f"A confounder that many times as strong would explain all of the {what}; it cannot exist.",),
    )
