"""Mixed models on degenerate data: three waves of each person in rows, missing ones left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from cases import Case

from casearc.statistics.mixed import (
    MixedFit,
    icc_interval,
    likeness,
    mixed,
    mixed_contrast,
    mixed_many,
    mixed_replicates,
    random_effects,
    variance_components,
    variance_test,
)

TERMS = ["constant", "months", "dose", "flag"]


def _rows(case: Case) -> dict[str, np.ndarray]:
    n, waves = case.waves.shape
    y = case.waves.ravel()
    there = ~np.isnan(y)
    person, months = np.repeat(np.arange(n), waves), np.tile(6.0 * np.arange(waves), n)
    X = np.column_stack([np.ones(y.size), months, case.dose[person], case.flag[person]])
    return {
        "design": X[there],
        "response": y[there],
        "groups": person[there],
        "course": X[there, :2],
        "cluster": case.cluster[person][there],
    }


def _fit(case: Case, *, slope: bool = False, clusters: bool = False, **options: Any) -> MixedFit:
    rows = _rows(case)
    return mixed(
        rows["design"],
        rows["response"],
        groups=rows["groups"],
        terms=TERMS,
        random=rows["course"] if slope else None,
        clusters=rows["cluster"] if clusters else None,
        **options,
    )


def _of_outcome(case: Case) -> MixedFit:
    """People in clusters, one row each, of the outcome that most cases spoil."""
    return mixed(case.design("dose", "other"), case.outcome, groups=case.cluster, terms=["constant", "dose", "other"])


def _effects(case: Case) -> object:
    rows = _rows(case)
    return random_effects(_fit(case), rows["design"], rows["response"], groups=rows["groups"])


def _replicates(case: Case) -> object:
    rows = _rows(case)
    people = np.unique(rows["groups"]).size
    weights = np.random.default_rng(1).integers(0, 3, size=(5, people))
    found = mixed_replicates(rows["design"], rows["response"], weights, groups=rows["groups"], terms=TERMS)
    return found.coefficients[~found.failed]


def _many(case: Case) -> object:
    waves = np.stack([case.waves, case.waves[::-1]])
    months = np.broadcast_to(6.0 * np.arange(3), case.waves.shape)
    design = np.stack([np.ones_like(months), months, np.broadcast_to(case.dose[:, None], months.shape)], axis=-1)
    found = mixed_many(design, waves)
    return found.coefficients[~found.failed]


METHODS: dict[str, Callable[[Case], object]] = {
    "random intercept": _fit,
    "random intercept, ML": lambda case: _fit(case, method="ML"),
    "random slope": lambda case: _fit(case, slope=True),
    "random slope, Satterthwaite": lambda case: _fit(case, slope=True, df="satterthwaite"),
    "random slope without correlation": lambda case: _fit(case, slope=True, correlated=False),
    "participants within case managers": lambda case: _fit(case, clusters=True),
    "people of case managers": _of_outcome,
    "contrasts": lambda case: mixed_contrast(_fit(case), [[0, 1, 0, 0], [0, 0, 1, 1]]),
    "random effects": _effects,
    "ICC of a fit": lambda case: icc_interval(_fit(case)),
    "ICC of case managers": lambda case: likeness(case.outcome, groups=case.cluster),
    "ICC by analysis of variance": lambda case: likeness(case.outcome, groups=case.cluster, estimator="ANOVA"),
    "variance components": lambda case: variance_components(_fit(case)),
    "variance components of a slope": lambda case: variance_components(_fit(case, slope=True)),
    "test of a variance": lambda case: variance_test(_fit(case)),
    "test of a slope's variance": lambda case: variance_test(_fit(case, slope=True)),
    "resamples": _replicates,
    "many data sets": _many,
}
