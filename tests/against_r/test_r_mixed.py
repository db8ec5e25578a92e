"""Promise: mixed models give the numbers of lme4, lmerTest and pbkrtest, on the boundary too.

Kinds of data: random intercept (1 balanced, 2 with missing waves, 6 with next to no variance), intercept and slope (3,
4 with missing waves, 7 with next to no variance), the two uncorrelated (5), participants within case managers (8).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.statistics.mixed import (
    MixedFit,
    icc_interval,
    mixed,
    mixed_contrast,
    random_effects,
    variance_components,
    variance_test,
)

SETS = load("mixed")
KINDS = range(1, 9)
CLOSED, ITERATED = 1e-8, 1e-5
CONTRASTS = [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]]


def of_kind(kind: int) -> list[DataSet]:
    return [data for data in SETS if data.columns["kind"][0] == kind]


def columns(data: DataSet) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]:
    """Design, outcome, participants and random terms."""
    c = data.columns
    X = np.column_stack([np.ones(c["y"].size), c["t"], c["x"], c["flag"]])
    return X, c["y"], c["g"].astype(int), X[:, :2] if c["kind"][0] in (3, 4, 5, 7) else None


@cache
def fit(number: int, df: str | None, method: str) -> MixedFit:
    data = SETS[number - 1]
    X, y, groups, random = columns(data)
    kind = data.columns["kind"][0]
    return mixed(
        X,
        y,
        groups=groups,
        terms=["constant", "time", "x", "flag"],
        random=random,
        clusters=data.columns["cm"].astype(int) if kind == 8 else None,
        correlated=kind != 5,
        method=method,
        df=df,
    )


def test_there_are_enough_sets() -> None:
    assert len(SETS) >= 200
    assert sum(data.reference["singular"] for data in SETS) >= 40


@pytest.mark.parametrize("kind", KINDS)
def test_fits(kind: int) -> None:
    for data in of_kind(kind):
        ours, theirs = fit(data.number, "satterthwaite", "REML"), data.reference
        assert ours.singular == bool(theirs["singular"]), data
        assert gap(ours.coefficients, data.numbered("b")) < ITERATED, data
        assert gap(ours.standard_errors, data.numbered("se")) < ITERATED, data
        assert gap(ours.random_sds, data.numbered("sd")) < ITERATED, data
        assert gap(ours.residual_sd, theirs["sigma"]) < ITERATED, data
        assert gap([ours.criterion, ours.aic, ours.bic], [theirs[x] for x in ("reml", "aic", "bic")]) < CLOSED, data
        if kind == 8:
            assert gap(ours.cluster_sd, theirs["cluster_sd"]) < ITERATED, data
        if "rho" in theirs and ours.random_correlation is not None:
            assert gap(ours.random_correlation[0, 1], theirs["rho"]) < ITERATED, data


@pytest.mark.parametrize("kind", KINDS)
def test_satterthwaite(kind: int) -> None:
    for data in of_kind(kind):
        ours, theirs = fit(data.number, "satterthwaite", "REML"), data.reference
        found = mixed_contrast(ours, CONTRASTS)
        assert gap(ours.df, data.numbered("df")) < ITERATED, data
        assert gap(ours.p, data.numbered("p")) < ITERATED, data
        joint = [found.f, found.f_df_denominator, found.f_p]
        assert gap(joint, [theirs[name] for name in ("f", "f_df", "f_p")]) < ITERATED, data
        single = [found.df[1], found.standard_errors[1]]
        assert gap(single, [theirs["each_df"], theirs["each_se"]]) < ITERATED, data


@pytest.mark.parametrize("kind", KINDS)
def test_kenward_roger(kind: int) -> None:
    for data in of_kind(kind):
        ours, theirs = fit(data.number, "kenward-roger", "REML"), data.reference
        found = mixed_contrast(ours, CONTRASTS)
        assert gap(ours.standard_errors, data.numbered("kr_se")) < ITERATED, data
        assert gap(ours.df, data.numbered("kr_df")) < ITERATED, data
        joint = [found.f, found.f_df_denominator, found.f_p]
        assert gap(joint, [theirs[name] for name in ("kr_f", "kr_ddf", "kr_p")]) < ITERATED, data


@pytest.mark.parametrize("kind", KINDS)
def test_maximum_likelihood(kind: int) -> None:
    for data in of_kind(kind):
        ours, theirs = fit(data.number, None, "ML"), data.reference
        assert ours.singular == bool(theirs["ml_singular"]), data
        assert gap(ours.coefficients, data.numbered("ml_b")) < ITERATED, data
        assert gap(ours.df, data.numbered("ml_df")) < ITERATED, data
        assert gap([ours.criterion, ours.aic], [theirs["ml"], theirs["ml_aic"]]) < CLOSED, data


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 5, 6, 7])
def test_variance_tests_and_random_effects(kind: int) -> None:
    for data in of_kind(kind):
        ours, theirs = fit(data.number, None, "REML"), data.reference
        X, y, groups, random = columns(data)
        effects = random_effects(ours, X, y, groups=groups, random=random)
        assert gap(effects.values[:3, 0], data.numbered("blup")) < ITERATED, data
        assert gap(variance_test(ours).statistic, max(theirs["lr"], 0.0)) < ITERATED, data


@pytest.mark.parametrize("kind", [1, 2, 6])
def test_exact_intervals_of_an_intercept(kind: int) -> None:
    for data in of_kind(kind):
        ours, theirs = fit(data.number, None, "REML"), data.reference
        icc = icc_interval(ours, method="exact")
        assert gap([icc.low, icc.high], [theirs["exact_low"], theirs["exact_high"]]) < CLOSED, data
        if kind == 1:
            test, residual = variance_test(ours), variance_components(ours)
            assert gap([test.exact_f, test.exact_p], [theirs["exact_f"], theirs["exact_p"]]) < CLOSED, data
            limits = [residual.low[1], residual.high[1]]
            assert gap(limits, [theirs["residual_low"], theirs["residual_high"]]) < CLOSED, data


def test_profile_intervals() -> None:
    profiled = [data for data in SETS if "profile_low" in data.reference]
    assert len(profiled) >= 10
    for data in profiled:
        found = variance_components(fit(data.number, None, "REML"))
        limits = [data.reference["profile_low"], data.reference["profile_high"]]
        assert gap([found.low[0], found.high[0]], limits) < ITERATED, data


def test_wald_intervals_of_slopes() -> None:
    stored = [data for data in SETS if "wald_low0" in data.reference]
    assert len(stored) >= 8
    for data in stored:
        found = variance_components(fit(data.number, None, "REML"))
        assert gap(found.low, data.numbered("wald_low")) < ITERATED, data
        assert gap(found.high, data.numbered("wald_high")) < ITERATED, data
