"""Ordinal regression on degenerate data."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from cases import Case

from casearc.statistics import categorical as c

LEVELS = ["one", "two", "three", "four"]
NAMED: dict = {"terms": ["dose", "flag"], "levels": LEVELS}


def _design(case: Case) -> np.ndarray:
    return np.column_stack([case.dose, case.flag])


def _full(case: Case) -> np.ndarray:
    return np.column_stack([case.dose, case.other, case.flag])


def _fit(case: Case, **kwargs: object) -> c.OrdinalFit:
    return c.ordinal(_design(case), case.stage, **NAMED, **kwargs)


METHODS: dict[str, Callable[[Case], object]] = {
    "maximum likelihood": _fit,
    "Wald": lambda case: _fit(case, interval="wald"),
    "Jeffreys": lambda case: _fit(case, penalty="jeffreys"),
    "three terms": lambda case: c.ordinal(
        _full(case), case.stage, terms=["dose", "other", "flag"], levels=LEVELS, penalty="jeffreys"
    ),
    "three terms, maximum likelihood": lambda case: c.ordinal(
        _full(case), case.stage, terms=["dose", "other", "flag"], levels=LEVELS
    ),
    "clusters": lambda case: _fit(case, clusters=case.cluster),
    "three levels": lambda case: c.ordinal(_design(case), case.stage_after, terms=["dose", "flag"], levels=LEVELS[:3]),
    "odds ratios": lambda case: c.ordinal_odds_ratios(_fit(case, penalty="jeffreys")),
    "proportional odds": lambda case: c.proportional_odds(_design(case), case.stage, **NAMED),
    "test of two terms": lambda case: c.ordinal_term_test(
        _design(case), case.stage, tested=["dose", "flag"], penalty="jeffreys", **NAMED
    ),
    "separation": lambda case: c.ordinal_separation(_design(case), case.stage, **NAMED),
    "marginal effects": lambda case: c.ordinal_marginal_effects(_fit(case, penalty="jeffreys"), _design(case)),
    "probabilities": lambda case: c.ordinal_probabilities(_fit(case, penalty="jeffreys"), _design(case)),
    "average probability": lambda case: c.ordinal_average_probability(
        _fit(case, penalty="jeffreys"), _design(case)[None]
    ),
    "draws": lambda case: c.ordinal_draws(
        _design(case), case.stage, np.ones((3, case.stage.size)), penalty="jeffreys", **NAMED
    ),
    "bootstrap": lambda case: c.bootstrap_ordinal(_design(case), case.stage, rng_or_seed=1, draws=60, **NAMED),
}
