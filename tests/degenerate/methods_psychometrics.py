"""Psychometrics and reliable change on degenerate data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from cases import Case

from casearc.change import (
    Norm,
    ReliableChangeMethod,
    choose_error_source,
    clinical_change,
    clinical_cutoffs,
    reliable_changes,
)
from casearc.psychometrics import (
    cronbach_alpha,
    intraclass_correlations,
    item_statistics,
    omega_total,
    one_factor,
    retest_reliability,
    standard_error_of_measurement,
)


def _alpha(case: Case, interval: str) -> object:
    return cronbach_alpha(case.items, interval=interval, rng_or_seed=1, draws=200)  # type: ignore[arg-type]


def _omega(case: Case, interval: str) -> object:
    return omega_total(case.items, interval=interval, rng_or_seed=1, draws=200)  # type: ignore[arg-type]


def _retest(case: Case, kind: str) -> object:
    return retest_reliability(case.before, case.after, kind=kind)  # type: ignore[arg-type]


def _changes(case: Case, method: ReliableChangeMethod) -> object:
    reliability = 0.9 if method == ReliableChangeMethod.HAGEMAN_ARRINDELL else 0.8
    return reliable_changes(case.before, case.after, reliability=reliability, method=method)


def _clinical(case: Case) -> object:
    changes = reliable_changes(case.before, case.after, reliability=0.8)
    trouble = Norm(mean=float(np.mean(case.before)), sd=float(np.std(case.before)))
    cutoffs = clinical_cutoffs(trouble, Norm(mean=7.0, sd=1.0))
    return clinical_change(case.before, case.after, changes=changes, cutoff=cutoffs.cutoff)


def _own_error(case: Case) -> object:
    retest = retest_reliability(case.before, case.after)
    source = choose_error_source(own_retest=retest.reliability, own_sd=float(np.std(case.before)))
    return source, standard_error_of_measurement(source.sd, source.reliability)


METHODS: dict[str, Callable[[Case], object]] = {
    "alpha, Feldt": lambda case: cronbach_alpha(case.items),
    "alpha, jackknife": partial(_alpha, interval="jackknife"),
    "alpha, percentile": partial(_alpha, interval="percentile"),
    "alpha, BCa": partial(_alpha, interval="BCa"),
    "alpha within clusters": lambda case: cronbach_alpha(
        case.items, interval="BCa", rng_or_seed=1, draws=200, strata=case.cluster
    ),
    "omega, jackknife": lambda case: omega_total(case.items),
    "omega, no interval": lambda case: omega_total(case.items, interval=None),
    "omega, percentile": partial(_omega, interval="percentile"),
    "omega, BCa": partial(_omega, interval="BCa"),
    "item statistics": lambda case: item_statistics(case.items),
    "one factor": lambda case: one_factor(case.items),
    "one factor, uncorrected": lambda case: one_factor(case.items, correction="none"),
    "intraclass correlations of waves": lambda case: intraclass_correlations(case.waves),
    "intraclass correlations of items": lambda case: intraclass_correlations(case.items),
    **{f"retest, {kind}": partial(_retest, kind=kind) for kind in ("agreement", "consistency", "pearson")},
    **{f"reliable change, {method.value}": partial(_changes, method=method) for method in ReliableChangeMethod},
    "clinical change": _clinical,
    "error of the program's own retest": _own_error,
}
