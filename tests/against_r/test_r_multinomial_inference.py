"""Promise: profiles, tests of predictors, marginal effects, risk ratios and calibration are those of R.

References: ``anova`` of ``nnet::multinom`` fits; ``optim`` on the penalized likelihood written out, with the
information of the full model under the constraint; central differences of probabilities; ``binom.test``.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.statistics.categorical import (
    MultinomialFit,
    average_contrast,
    average_marginal_effects,
    calibration,
    classification_table,
    likelihood_ratio_tests,
    logistic,
    multinomial,
    multinomial_draws,
    profile_intervals,
)

SETS = load("multinomial_inference")
OVERLAPPING = [data for data in SETS if "ml1" in data.reference]
TERMS = ["constant", "months", "second", "third"]
PREDICTORS = {"months": ["months"], "group": ["second", "third"]}
ITERATIVE = 1e-5
BIMODAL = 51
"""Here Firth's penalized likelihood has two maxima; brglm2 and optim end on the lower one, Casearc on the higher."""

CHUNKS = [[data for data in SETS[i::10] if data.number != BIMODAL] for i in range(10)]
OVERLAPPING_CHUNKS = [OVERLAPPING[i::10] for i in range(10)]


def model(data: DataSet) -> dict[str, object]:
    columns = data.columns
    y = columns["y"].astype(int)
    group = columns["group"]
    design = np.column_stack([np.ones(y.size), columns["months"] / 5.0, group == 2, group == 3])
    return {
        "design": design,
        "outcome": y,
        "terms": TERMS,
        "levels": [f"stage {j}" for j in range(y.max() + 1)],
    }


def named(data: DataSet, *names: str) -> list[float]:
    return [data.reference[name] for name in names]


@cache
def fits() -> dict[int, MultinomialFit]:
    return {data.number: multinomial(**model(data)) for data in OVERLAPPING}


@pytest.mark.parametrize("chunk", range(10))
def test_firth_estimates_profile_limits_and_tests(chunk: int) -> None:
    for data in CHUNKS[chunk]:
        fit = multinomial(**model(data), penalty="firth")
        assert gap(fit.coefficients, data.numbered("firth")) < ITERATIVE, data
        at = (fit.coefficients.size - 1, 1)[(data.number + 1) % 2]
        ours = [fit.low.flat[at], fit.high.flat[at], fit.z.flat[at] ** 2]
        assert gap(ours, named(data, "firth_low1", "firth_high1", "firth_chi1")) < ITERATIVE, data
        tests = likelihood_ratio_tests(**model(data), predictors=PREDICTORS, penalty="firth")
        assert gap(tests.statistic, named(data, "firth_lr_months", "firth_lr_group")) < ITERATIVE, data


def penalized(b: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    """Log-likelihood plus half the log determinant of the information, written out."""
    eta = np.column_stack([np.zeros(y.size), X @ b.T])
    P = np.exp(eta) / np.exp(eta).sum(axis=1, keepdims=True)
    levels = range(1, P.shape[1])
    info = np.block([[(X.T * (P[:, a] * ((a == c) - P[:, c]))) @ X for c in levels] for a in levels])
    return float(np.log(P[np.arange(y.size), y]).sum() + 0.5 * np.linalg.slogdet(info)[1])


def test_of_two_maxima_the_higher_one_is_found() -> None:
    data = next(data for data in SETS if data.number == BIMODAL)
    arguments = model(data)
    X, y = np.asarray(arguments["design"], dtype=float), np.asarray(arguments["outcome"])
    ours = multinomial(**arguments, penalty="firth", interval="wald").coefficients
    theirs = data.numbered("firth").reshape(ours.shape)
    assert penalized(ours, X, y) > penalized(theirs, X, y) + 0.04
    steps = 1e-5 * np.eye(theirs.size).reshape(-1, *theirs.shape)
    slopes = [(penalized(theirs + step, X, y) - penalized(theirs - step, X, y)) / 2e-5 for step in steps]
    assert np.abs(slopes).max() < 1e-6  # theirs is a maximum too


@pytest.mark.parametrize("chunk", range(10))
def test_likelihood_ratio_tests_and_profile_of_maximum_likelihood(chunk: int) -> None:
    for data in OVERLAPPING_CHUNKS[chunk]:
        fit = fits()[data.number]
        assert gap(fit.coefficients, data.numbered("ml")) < ITERATIVE, data
        tests = likelihood_ratio_tests(**model(data), predictors=PREDICTORS)
        assert gap(tests.statistic, named(data, "lr_months", "lr_group")) < ITERATIVE, data
        assert gap(tests.p[1], data.reference["lr_p"]) < ITERATIVE, data
        interval = profile_intervals(**model(data), term="months", penalty="none")
        assert gap([interval.low[0], interval.high[0]], named(data, "ml_low", "ml_high")) < ITERATIVE, data


@pytest.mark.parametrize("chunk", range(10))
def test_marginal_effects_and_risk_ratios(chunk: int) -> None:
    for data in OVERLAPPING_CHUNKS[chunk]:
        fit, design = fits()[data.number], model(data)["design"]
        effects = average_marginal_effects(fit, design, factors=[PREDICTORS["group"]])
        for column, name in ((0, "effect_months"), (2, "effect_group")):
            assert gap(effects.estimate[:, column], data.numbered(name)) < ITERATIVE, data
            assert gap(effects.se[:, column], data.numbered(f"{name}_se")) < ITERATIVE, data
        low, high = (np.array(design) for _ in range(2))
        low[:, 1], high[:, 1] = 0.2, 2.0
        contrast = average_contrast(fit, low, high)
        assert gap(np.log(contrast.ratio), data.numbered("log_ratio")) < ITERATIVE, data
        assert gap(contrast.log_ratio_se, data.numbered("log_ratio_se")) < ITERATIVE, data
        assert gap(contrast.difference, data.numbered("difference")) < ITERATIVE, data
        assert gap(contrast.difference_se, data.numbered("difference_se")) < ITERATIVE, data


@pytest.mark.parametrize("chunk", range(10))
def test_calibration_and_classification(chunk: int) -> None:
    for data in OVERLAPPING_CHUNKS[chunk]:
        own = calibration(**model(data), groups=6)
        design = model(data)["design"]
        if len(np.unique(design, axis=0)) == len(design):  # R's plain cut parts equal predictions, Casearc does not
            assert gap([own.statistic, own.p], named(data, "fhb", "fhb_p")) < ITERATIVE, data
        if data.number == BIMODAL:
            continue
        firth = calibration(**model(data), penalty="firth")
        assert gap(firth.in_the_large, data.numbered("large")) < ITERATIVE, data
        assert gap(firth.slopes, data.numbered("slope")) < ITERATIVE, data
        table = classification_table(**model(data), correction="none")
        assert gap([table.accuracy, table.p], named(data, "accuracy", "accuracy_p")) < ITERATIVE, data


def test_two_levels_are_logistic_regression() -> None:
    for data in OVERLAPPING[::3]:
        arguments = {name: value for name, value in model(data).items() if name != "levels"}
        assert gap(logistic(**arguments).coefficients, data.numbered("ml")) < ITERATIVE


def test_draws_are_single_fits() -> None:
    """The batched kernel against the stored fits: a draw that counts everybody once is the sample."""
    for data in OVERLAPPING[::5]:
        ones = np.ones((2, data.columns["y"].size))
        refits = multinomial_draws(**model(data), draws=ones)
        assert gap(refits.coefficients[1], data.numbered("ml")) < ITERATIVE
