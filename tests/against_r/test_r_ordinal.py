"""Promise: ordinal regression gives the numbers of R's clm and polr, and of the papers' formulas where R has none."""

from __future__ import annotations

import numpy as np
from stored import DataSet, gap, load

from casearc.statistics.categorical import (
    OrdinalFit,
    ordinal,
    ordinal_average_probability,
    ordinal_marginal_effects,
    ordinal_term_test,
    proportional_odds,
)

SETS = load("ordinal")
TERMS = ["months", "support", "housed"]
ITERATIVE = 1e-5


def design(data: DataSet) -> np.ndarray:
    return np.column_stack([data.columns[name] for name in TERMS])


def named(data: DataSet) -> dict[str, list[str]]:
    return {"terms": TERMS, "levels": [f"level {j}" for j in range(int(data.columns["y"].max()) + 1)]}


def having(statistic: str) -> list[DataSet]:
    found = [data for data in SETS if statistic in data.reference]
    assert len(found) > 30, f"{len(found)} sets have {statistic}"
    return found


def fit_of(data: DataSet, **kwargs: object) -> OrdinalFit:
    return ordinal(design(data), data.columns["y"], **named(data), **kwargs)


def test_there_are_two_hundred_sets() -> None:
    assert len(having("b1")) == 200


def test_maximum_likelihood() -> None:
    for data in having("b1"):
        fit = fit_of(data, interval="wald")
        theirs = data.reference
        parameters = np.concatenate([fit.thresholds, fit.coefficients])
        errors = np.concatenate([fit.threshold_errors, fit.standard_errors])
        assert gap(parameters, data.numbered("b")) < ITERATIVE, data
        assert gap(errors, data.numbered("se")) < ITERATIVE, data
        ours = [fit.log_likelihood, fit.log_likelihood_null]
        assert gap(ours, [theirs["log_likelihood"], theirs["null"]]) < ITERATIVE
        assert gap(fit.term_lr, data.numbered("lr")) < ITERATIVE


def test_profile_limits() -> None:
    for data in having("low"):
        fit = fit_of(data)
        assert gap([fit.low[0], fit.high[0]], [data.reference["low"], data.reference["high"]]) < ITERATIVE, data


def test_jeffreys_penalty_and_its_profile() -> None:
    for data in having("jeffreys1"):
        fit = fit_of(data, penalty="jeffreys")
        assert gap(np.concatenate([fit.thresholds, fit.coefficients]), data.numbered("jeffreys")) < ITERATIVE, data
        assert (
            gap(np.concatenate([fit.threshold_errors, fit.standard_errors]), data.numbered("jeffreys_se")) < ITERATIVE
        )
        limits = [data.reference["jeffreys_low"], data.reference["jeffreys_high"]]
        assert gap([fit.low[0], fit.high[0]], limits) < ITERATIVE, data


def test_marginal_effects_and_average_probabilities() -> None:
    for data in having("effect1"):
        fit = fit_of(data, interval="wald")
        effects = ordinal_marginal_effects(fit, design(data), terms=["months", "housed"])
        average = ordinal_average_probability(fit, design(data)[None])
        ours = np.concatenate([effects.estimate[:, 0], effects.estimate[:, 1], average.estimate[0]])
        errors = np.concatenate([effects.se[:, 0], effects.se[:, 1], average.se[0]])
        assert gap(ours, data.numbered("effect")) < ITERATIVE, data
        assert gap(errors, data.numbered("effect_se")) < ITERATIVE, data


def test_proportional_odds() -> None:
    compared = 0
    for data in having("score"):
        tests = proportional_odds(design(data), data.columns["y"], **named(data))
        assert gap(tests.of(method="score").statistic, data.reference["score"]) < ITERATIVE, data
        brant = [tests.of(method="Brant").statistic, *(tests.of(term, "Brant").statistic for term in TERMS)]
        if None not in brant:
            assert gap(brant, data.numbered("brant")) < ITERATIVE, data
        for term, name in (("all terms", "nominal"), ("housed", "partial")):
            ours = tests.of(term, "likelihood ratio").statistic
            if name in data.reference and ours is not None:
                assert gap(ours, data.reference[name]) < ITERATIVE, data
                compared += 1
    assert compared > 200


def test_the_test_of_several_terms_is_that_of_two_models() -> None:
    for data in having("b1")[:20]:
        whole = fit_of(data)
        both = ordinal_term_test(design(data), data.columns["y"], tested=["months", "support"], **named(data))
        less = ordinal(design(data)[:, 2:], data.columns["y"], terms=["housed"], levels=whole.levels)
        assert gap(both.statistic, 2.0 * (whole.log_likelihood - less.log_likelihood)) < 1e-8
