"""Count models on degenerate data."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from cases import Case

from casearc.statistics import count_models as c

TERMS = ["constant", "dose", "flag"]


def _poisson(case: Case, **kwargs: object) -> c.CountFit:
    return c.poisson(case.design("dose", "flag"), case.events, terms=TERMS, exposure=case.exposure, **kwargs)


def _named(case: Case) -> dict:
    return {
        "design": case.design("dose", "flag"),
        "counts": case.events,
        "terms": TERMS,
        "exposure": case.exposure,
    }


METHODS: dict[str, Callable[[Case], object]] = {
    "Poisson, HC3": _poisson,
    "Poisson, HC1": lambda case: _poisson(case, covariance="HC1"),
    "Poisson, model": lambda case: _poisson(case, covariance="model"),
    "Poisson, quasi": lambda case: _poisson(case, covariance="quasi"),
    "Poisson, clusters": lambda case: _poisson(case, clusters=case.cluster),
    "Poisson, Firth": lambda case: _poisson(case, penalty="firth"),
    "Poisson, three terms": lambda case: c.poisson(
        case.design("dose", "other", "flag"),
        case.events,
        terms=["constant", "dose", "other", "flag"],
        covariance="model",
    ),
    "Poisson of the stage": lambda case: c.poisson(
        case.design("dose", "flag"), case.stage, terms=TERMS, covariance="model"
    ),
    "negative binomial": lambda case: c.negative_binomial(**_named(case)),
    "negative binomial, HC3": lambda case: c.negative_binomial(**_named(case), covariance="HC3"),
    "negative binomial, clusters": lambda case: c.negative_binomial(**_named(case), clusters=case.cluster),
    "negative binomial, spread": lambda case: c.negative_binomial(
        case.design("dose", "flag"), case.events**2, terms=TERMS, exposure=case.exposure
    ),
    "overdispersion": lambda case: c.overdispersion(**_named(case)),
    "zero inflation": lambda case: c.zero_inflation(**_named(case)),
    "separation": lambda case: c.count_separation(case.design("dose", "flag"), case.events, terms=TERMS),
    "exact rate": lambda case: c.exact_rate(case.events, exposure=case.exposure),
    "rate ratios": lambda case: c.rate_ratios(_poisson(case)),
    "predicted rate": lambda case: c.predicted_rate(_poisson(case), case.design("dose", "flag")),
    "draws": lambda case: c.count_draws(**_named(case), draws=np.ones((3, case.events.size))),
    "bootstrap": lambda case: c.bootstrap_counts(**_named(case), rng_or_seed=1, draws=60),
    "bootstrap, negative binomial": lambda case: c.bootstrap_counts(
        **_named(case), rng_or_seed=1, draws=60, family="negative binomial"
    ),
}
