"""Promise: multinomial models give the numbers of R's nnet (finished by Newton steps), brglm2 and sandwich."""

from __future__ import annotations

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.errors import StatisticsRefusedError
from casearc.statistics.categorical import MultinomialFit, multinomial, predict_probabilities, separation
from casearc.statistics.model_tests import likelihood_ratio

SETS = load("multinomial")
SEPARATED = [data for data in SETS if "b1" not in data.reference]
OVERLAPPING = [data for data in SETS if "b1" in data.reference]
TERMS = ["constant", "months", "housed"]
ITERATIVE = 1e-5
SETTLED = 1e-8  # both sides iterate to the end here


def arrays(data: DataSet) -> tuple[np.ndarray, np.ndarray, list[str]]:
    columns = data.columns
    y = columns["y"].astype(int)
    X = np.column_stack([np.ones(y.size), columns["months"], columns["housed"]])
    return X, y, [f"stage {j}" for j in range(y.max() + 1)]


def fit_of(data: DataSet, **options: object) -> MultinomialFit:
    X, y, levels = arrays(data)
    return multinomial(X, y, terms=TERMS, levels=levels, **options)


@pytest.mark.parametrize("data", OVERLAPPING, ids=str)
def test_maximum_likelihood(data: DataSet) -> None:
    fit = fit_of(data)
    assert gap(fit.coefficients, data.numbered("b")) < SETTLED
    assert gap(fit.standard_errors, data.numbered("se")) < SETTLED
    ours = [fit.deviance, -2 * fit.log_likelihood_null, fit.mcfadden]
    assert gap(ours, [data.reference[name] for name in ("deviance", "null_deviance", "mcfadden")]) < ITERATIVE
    X, y, levels = arrays(data)
    probabilities = predict_probabilities(fit, X[:2])
    assert gap(probabilities, data.numbered("prob")) < SETTLED
    smaller = multinomial(X[:, :2], y, terms=TERMS[:2], levels=levels)
    test = likelihood_ratio(fit, smaller)
    assert gap([test.statistic, test.p], [data.reference["lr"], data.reference["lr_p"]]) < ITERATIVE


@pytest.mark.parametrize("data", OVERLAPPING, ids=str)
def test_cluster_robust(data: DataSet) -> None:
    fit = fit_of(data, clusters=data.columns["site"])
    assert (fit.clusters, fit.df_inference, fit.lr_p) == (10, 9, None)
    assert gap(fit.standard_errors, data.numbered("cr")) < SETTLED


@pytest.mark.parametrize("data", SETS, ids=str)
def test_firth(data: DataSet) -> None:
    fit = fit_of(data, penalty="firth")
    assert gap(fit.coefficients, data.numbered("firth_b")) < ITERATIVE
    assert gap(fit.standard_errors, data.numbered("firth_se")) < ITERATIVE


@pytest.mark.parametrize("data", SEPARATED, ids=str)
def test_separated_data_are_refused_by_maximum_likelihood(data: DataSet) -> None:
    with pytest.raises(StatisticsRefusedError, match=r'"housed" separates .* Use penalty="firth"'):
        fit_of(data)


@pytest.mark.parametrize("data", OVERLAPPING, ids=str)
def test_no_separation_is_seen_where_there_is_none(data: DataSet) -> None:
    X, y, levels = arrays(data)
    assert not separation(X, y, terms=TERMS, levels=levels).found
