"""Promise: count models give the numbers of R's glm, glm.nb, brglm2, sandwich and AER."""

from __future__ import annotations

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.statistics.count_models import (
    exact_rate,
    negative_binomial,
    overdispersion,
    poisson,
    predicted_rate,
    zero_inflation,
)

SETS = load("count")
TERMS = ["constant", "months", "support", "housed"]
ITERATIVE = 1e-5
CLOSED = 1e-8


def named(data: DataSet) -> dict[str, object]:
    columns = data.columns
    design = np.column_stack([np.ones(columns["months"].size), *(columns[name] for name in TERMS[1:])])
    return {"design": design, "counts": columns["events"], "terms": TERMS, "exposure": columns["time"]}


def having(statistic: str) -> list[DataSet]:
    found = [data for data in SETS if statistic in data.reference]
    assert len(found) > 30, f"{len(found)} sets have {statistic}"
    return found


def test_there_are_two_hundred_sets() -> None:
    assert len(having("b1")) == 200


def test_poisson() -> None:
    for data in having("b1"):
        fit = poisson(**named(data), covariance="model", interval="wald")
        theirs = data.reference
        assert gap(fit.coefficients, data.numbered("b")) < ITERATIVE, data
        assert gap(fit.standard_errors, data.numbered("se")) < ITERATIVE, data
        assert gap(fit.term_lr[1:], data.numbered("lr")) < ITERATIVE, data
        ours = [fit.log_likelihood, fit.log_likelihood_null, fit.deviance, fit.pearson, fit.aic]
        names = ["log_likelihood", "null", "deviance", "pearson", "aic"]
        assert gap(ours, [theirs[name] for name in names]) < ITERATIVE, data
        at = predicted_rate(fit, [[1.0, 6.0, 4.0, 1.0]], exposure=2.0)
        assert gap([np.log(at.rate[0]), at.se[0] / at.rate[0]], [theirs["at"], theirs["at_se"]]) < ITERATIVE, data


@pytest.mark.parametrize("kind", ["quasi", "HC0", "HC1", "HC2", "HC3", "CR1"])
def test_covariances(kind: str) -> None:
    for data in having("HC0.1"):
        clusters = data.columns["site"] if kind == "CR1" else None
        fit = poisson(**named(data), covariance=kind, clusters=clusters)
        assert gap(fit.standard_errors, data.numbered(kind if kind == "quasi" else f"{kind}.")) < ITERATIVE, data


def test_profile_limits() -> None:
    for data in having("low"):
        fit = poisson(**named(data), covariance="model")
        assert gap([fit.low[1], fit.high[1]], [data.reference["low"], data.reference["high"]]) < ITERATIVE, data


def test_firth() -> None:
    for data in having("firth1"):
        fit = poisson(**named(data), penalty="firth")
        assert gap(fit.coefficients, data.numbered("firth")) < ITERATIVE, data
        assert gap(fit.standard_errors, data.numbered("firth_se")) < ITERATIVE, data
        for which in (2, 4):
            if f"firth_low{which}" in data.reference:
                theirs = [data.reference[f"firth_low{which}"], data.reference[f"firth_high{which}"]]
                assert gap([fit.low[which - 1], fit.high[which - 1]], theirs) < ITERATIVE, data


def test_negative_binomial() -> None:
    for data in having("theta"):
        fit = negative_binomial(**named(data), interval="wald")
        theirs = data.reference
        assert fit.family == "negative binomial"
        assert gap(fit.coefficients, data.numbered("nb")) < ITERATIVE, data
        assert gap(fit.standard_errors, data.numbered("nb_se")) < ITERATIVE, data
        assert gap([fit.theta, fit.theta_se], [theirs["theta"], theirs["theta_se"]]) < ITERATIVE, data
        ours = [fit.log_likelihood, fit.log_likelihood_null, fit.deviance]
        assert gap(ours, [theirs["nb_value"], theirs["nb_null"], theirs["nb_deviance"]]) < ITERATIVE, data
        robust = negative_binomial(**named(data), covariance="HC3")
        assert gap(robust.standard_errors, data.numbered("nb_HC3.")) < ITERATIVE, data


def test_negative_binomial_profile() -> None:
    for data in having("nb_low"):
        fit = negative_binomial(**named(data))
        assert gap([fit.low[1], fit.high[1]], [data.reference["nb_low"], data.reference["nb_high"]]) < ITERATIVE, data


def test_spread_and_zeros() -> None:
    for data in having("alpha"):
        theirs = data.reference
        spread = overdispersion(**named(data))
        assert gap([spread.regression_alpha, spread.regression_t], [theirs["alpha"], theirs["alpha_t"]]) < ITERATIVE
        zeros = zero_inflation(**named(data))
        assert gap([zeros.expected, zeros.statistic], [theirs["zeros"], theirs["zero_score"]]) < ITERATIVE, data
        if "nb_zeros" in theirs:
            assert gap(zeros.expected_negative_binomial, theirs["nb_zeros"]) < ITERATIVE, data
            lr = max(2.0 * (theirs["nb_value"] - theirs["log_likelihood"]), 0.0)
            assert gap(spread.lr_statistic, lr) < ITERATIVE, data


def test_exact_rate() -> None:
    for data in having("rate"):
        rate = exact_rate(data.columns["events"], exposure=data.columns["time"])
        theirs = [data.reference[name] for name in ("rate", "rate_low", "rate_high")]
        assert gap([rate.estimate, rate.low, rate.high], theirs) < CLOSED, data
