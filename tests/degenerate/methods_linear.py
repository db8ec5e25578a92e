"""Linear models on degenerate data: every covariance and everything read off a fit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from cases import Case

from casearc.statistics.linear import (
    assumption_checks,
    bootstrap_linear,
    influence,
    leave_one_out,
    linear,
    linear_replicates,
    linear_spline,
    predicted_mean,
    spline_curve,
    term_effects,
    variance_inflation,
)
from casearc.statistics.model_tests import wald_test
from casearc.statistics.resampling import case_weights

COLUMNS = ("dose", "other", "flag")
NAMES = ["constant", *COLUMNS]


def _fit(case: Case, covariance: str) -> object:
    return linear(case.design(*COLUMNS), case.outcome, terms=NAMES, covariance=covariance)


def _clustered(case: Case, covariance: str) -> object:
    design = case.design(*COLUMNS)
    return linear(design, case.outcome, terms=NAMES, covariance=covariance, clusters=case.cluster)


def _joint(case: Case, clusters: Callable[[Case], np.ndarray]) -> object:
    fit = linear(case.design(*COLUMNS), case.outcome, terms=NAMES, covariance="CR2", clusters=clusters(case))
    return wald_test(fit, ["dose", "other"])


def _few(case: Case) -> np.ndarray:
    """Two thirds as many clusters as people: enough for a joint test where there are people enough."""
    return np.arange(case.dose.size) * 2 // 3


def _predicted(case: Case) -> object:
    fit = linear(case.design(*COLUMNS), case.outcome, terms=NAMES, covariance="CR2", clusters=case.cluster)
    return predicted_mean(fit, [[1.0, 6.0, 0.0, 1.0], [1.0, 0.0, 0.0, 0.0]])


def _given(case: Case, function: Callable[..., object], **options: object) -> object:
    return function(case.design(*COLUMNS), case.outcome, terms=NAMES, **options)


def _spline(case: Case) -> object:
    return linear_spline(case.design("dose", "other"), case.outcome, terms=NAMES[:3], column=1)


def _curve(case: Case) -> object:
    design = case.design("dose", "other")
    model = linear_spline(design, case.outcome, terms=NAMES[:3], column=1, covariance="CR2", clusters=case.cluster)
    return spline_curve(model, [0.0, 6.0, 40.0], rows=design, reference=0.0)


def _replicates(case: Case) -> object:
    weights = case_weights(case.dose.size, draws=50, rng_or_seed=1)
    values = linear_replicates(case.design(*COLUMNS), case.outcome, weights)
    return values[np.isfinite(values).all(axis=1)]


METHODS: dict[str, Callable[[Case], object]] = {
    **{kind: partial(_fit, covariance=kind) for kind in ("classical", "HC0", "HC1", "HC2", "HC3")},
    **{kind: partial(_clustered, covariance=kind) for kind in ("CR1", "CR2")},
    "joint test, CR2": partial(_joint, clusters=_few),
    "predicted means, CR2": _predicted,
    "effects of terms": partial(_given, function=term_effects),
    "effects of groups of terms": partial(_given, function=term_effects, groups={"both": ["dose", "other"]}),
    "influence": partial(_given, function=influence),
    "leave one out": partial(_given, function=leave_one_out, term="dose"),
    "assumption checks": partial(_given, function=assumption_checks),
    "variance inflation": lambda case: variance_inflation(case.design(*COLUMNS), terms=NAMES),
    "spline": _spline,
    "spline curve, CR2": _curve,
    "replicates": _replicates,
    **{
        f"bootstrap, {method}": partial(_given, function=bootstrap_linear, method=method, draws=200, rng_or_seed=1)
        for method in ("percentile", "BCa", "studentized")
    },
}
