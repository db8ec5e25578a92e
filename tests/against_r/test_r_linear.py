"""Promise: linear models give the numbers of R's lm, sandwich and lmtest, for every covariance offered."""

from __future__ import annotations

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.statistics.linear import linear, predicted_mean
from casearc.statistics.model_tests import wald_test

SETS = load("linear")
TERMS = ["constant", "months", "level", "housed"]
CLOSED = 1e-8
KINDS = {"classical": "const", "HC0": "HC0", "HC1": "HC1", "HC2": "HC2", "HC3": "HC3"}


def design(data: DataSet) -> np.ndarray:
    columns = data.columns
    return np.column_stack([np.ones(columns["months"].size), *(columns[name] for name in TERMS[1:])])


@pytest.mark.parametrize("data", SETS, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_covariances(data: DataSet, kind: str) -> None:
    fit = linear(design(data), data.columns["outcome"], terms=TERMS, covariance=kind)
    theirs = KINDS[kind]
    assert gap(fit.coefficients, data.numbered("b")) < CLOSED
    assert gap(fit.standard_errors, data.numbered(f"{theirs}.se")) < CLOSED
    assert gap(fit.p, data.numbered(f"{theirs}.p")) < CLOSED
    assert gap([fit.f, fit.f_p], [data.reference[f"{theirs}.f"], data.reference[f"{theirs}.f_p"]]) < CLOSED
    limits = [data.reference[f"{theirs}.low"], data.reference[f"{theirs}.high"]]
    assert gap([fit.low[1], fit.high[1]], limits) < CLOSED
    assert gap(wald_test(fit, ["months", "housed"]).statistic, data.reference[f"{theirs}.pair_f"]) < CLOSED


@pytest.mark.parametrize("data", SETS, ids=str)
def test_fit_and_prediction(data: DataSet) -> None:
    fit = linear(design(data), data.columns["outcome"], terms=TERMS, covariance="classical")
    ours = [fit.r_squared, fit.adjusted_r_squared, fit.residual_sd, fit.classical_f]
    assert (
        gap(ours, [data.reference[name] for name in ("r_squared", "adjusted", "sd", "classical_f")]) < CLOSED
    )
    at = predicted_mean(fit, [[1.0, 6.0, 4.0, 1.0]])
    theirs = [data.reference[name] for name in ("mean", "mean_low", "mean_high")]
    assert gap([at.mean[0], at.low[0], at.high[0]], theirs) < CLOSED


@pytest.mark.parametrize("data", SETS, ids=str)
def test_cluster_robust(data: DataSet) -> None:
    fit = linear(design(data), data.columns["outcome"], terms=TERMS, clusters=data.columns["site"])
    assert (fit.covariance_kind, fit.clusters, fit.df_inference) == ("CR1", 8, 7)
    assert gap(fit.standard_errors, data.numbered("CR1.se")) < CLOSED
    assert gap(fit.p, data.numbered("CR1.p")) < CLOSED
    assert any("8 clusters" in note for note in fit.notes)
