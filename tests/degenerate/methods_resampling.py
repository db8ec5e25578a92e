"""Resampling on degenerate data."""

from __future__ import annotations

from functools import partial

import numpy as np
from cases import Case

from casearc.statistics.resampling import (
    bootstrap,
    case_weights,
    jackknife_weights,
    permutation_test,
)


def _statistics(case: Case, weights: np.ndarray) -> np.ndarray:
    """Mean change, and its ratio to the SD of the change, without a value where a draw has no spread."""
    change = case.after - case.before
    mean = weights @ change / weights.sum(axis=1)
    square = weights @ change**2 / weights.sum(axis=1)
    spread = np.sqrt(np.maximum(square - mean**2, 0.0))
    ratio = np.where(spread > 1e-6, mean / np.where(spread > 1e-6, spread, 1.0), np.nan)
    return np.column_stack([mean, ratio])


def _bootstrap(case: Case, method: str, *, stratified: bool = False, clustered: bool = False) -> object:
    case = case if np.isfinite(case.after - case.before).all() else _known(case)
    return bootstrap(
        partial(_statistics, case),
        case.after.size,
        draws=400,
        rng_or_seed=1,
        method=method,
        strata=case.flag if stratified else None,
        clusters=case.cluster if clustered else None,
    )


def _known(case: Case) -> Case:
    """Those with both scores, as a caller would choose them."""
    keep = np.isfinite(case.after - case.before)
    return Case(**{name: value[keep] if isinstance(value, np.ndarray) else value for name, value in vars(case).items()})


def _permuted(case: Case, *names: str) -> object:
    design = case.design(*names)
    return permutation_test(design, case.outcome, column=1, permutations=199, rng_or_seed=1)


METHODS = {
    "bootstrap, percentile": partial(_bootstrap, method="percentile"),
    "bootstrap, BCa": partial(_bootstrap, method="BCa"),
    "bootstrap, BCa, within strata": partial(_bootstrap, method="BCa", stratified=True),
    "bootstrap, BCa, of clusters": partial(_bootstrap, method="BCa", clustered=True),
    "case weights": lambda case: case_weights(case.dose.size, draws=20, rng_or_seed=1, clusters=case.cluster),
    "jackknife weights": lambda case: jackknife_weights(case.dose.size, case.cluster),
    "permutation test of a coefficient": lambda case: _permuted(case, "dose", "other"),
    "permutation test of two groups": lambda case: _permuted(case, "flag"),
    "permutation test within strata": lambda case: permutation_test(
        case.design("dose"), case.outcome, column=1, permutations=199, rng_or_seed=1, strata=case.flag
    ),
}
