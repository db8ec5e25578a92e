"""Promise: count models keep the identities of their laws, fall back by name, and refuse what has no fit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.errors import StatisticsRefusedError
from casearc.statistics.count_models import (
    bootstrap_counts,
    count_draws,
    count_separation,
    exact_rate,
    negative_binomial,
    overdispersion,
    poisson,
    predicted_rate,
    rate_ratios,
    zero_inflation,
)

TERMS = ["constant", "months", "housed"]
SEEDS = st.integers(0, 10_000)


def made_up(seed: int, n: int = 60, theta: float = np.inf) -> dict[str, object]:
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(n), rng.gamma(2.0, 3.0, n), np.arange(n) % 2])
    time = rng.uniform(1.0, 6.0, n)
    mu = np.exp(X @ [0.0, 0.05, -0.3]) * time
    y = rng.poisson(mu) if np.isinf(theta) else rng.negative_binomial(theta, theta / (theta + mu))
    return {"design": X, "counts": y, "terms": TERMS, "exposure": time}


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_fitted_counts_add_up_to_those_found(seed: int) -> None:
    data = made_up(seed)
    fit = poisson(**data)
    mu = np.exp(np.asarray(data["design"]) @ fit.coefficients) * np.asarray(data["exposure"])
    assert mu.sum() == pytest.approx(fit.events)
    assert mu[1::2].sum() == pytest.approx(float(np.asarray(data["counts"])[1::2].sum()))


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.sampled_from(["model", "HC3"]))
def test_units_of_time_shift_the_constant_alone(seed: int, covariance: str) -> None:
    data = made_up(seed)
    years = {**data, "exposure": np.asarray(data["exposure"]) / 12.0}
    a, b = poisson(**data, covariance=covariance), poisson(**years, covariance=covariance)
    np.testing.assert_allclose(b.coefficients - a.coefficients, [np.log(12.0), 0.0, 0.0], atol=1e-7)
    np.testing.assert_allclose(b.low - a.low, [np.log(12.0), 0.0, 0.0], atol=1e-6)


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_weights_count_rows(seed: int) -> None:
    data = made_up(seed, theta=2.0)
    w = np.random.default_rng(seed).integers(0, 3, 60)
    w[:8] = 1
    repeated = {
        name: value if name == "terms" else np.repeat(np.asarray(value), w, axis=0) for name, value in data.items()
    }
    for fit in (poisson, negative_binomial):
        a, b = fit(**data, weights=w), fit(**repeated)
        np.testing.assert_allclose(a.coefficients, b.coefficients, atol=1e-6)
        np.testing.assert_allclose(a.standard_errors, b.standard_errors, rtol=1e-5)
    draw = count_draws(**data, draws=w[None])
    np.testing.assert_allclose(draw.coefficients[0], poisson(**repeated).coefficients, atol=1e-6)


def test_two_groups_have_the_ratio_of_their_rates() -> None:
    X, y, time = [[1, 0], [1, 0], [1, 1], [1, 1]], [1, 3, 4, 8], [2.0, 2.0, 3.0, 3.0]
    fit = poisson(X, y, terms=["constant", "served"], exposure=time, covariance="model")
    assert rate_ratios(fit).ratio[1] == pytest.approx(2.0)
    assert predicted_rate(fit, [[1, 1]], exposure=3.0).rate[0] == pytest.approx(6.0)
    assert fit.standard_errors[1] == pytest.approx(np.sqrt(1 / 4 + 1 / 12))


def test_one_rate_with_firths_penalty_adds_half_an_event() -> None:
    fit = poisson([[1.0]] * 4, [0, 1, 0, 0], terms=["constant"], penalty="firth")
    assert np.exp(fit.coefficients[0]) == pytest.approx(1.5 / 4)


def test_without_overdispersion_the_poisson_fit_is_returned_by_name() -> None:
    data = made_up(2)
    data["counts"] = np.round(np.exp(np.asarray(data["design"]) @ [0.0, 0.05, -0.3]) * np.asarray(data["exposure"]))
    fit = negative_binomial(**data)
    assert (fit.family, fit.theta) == ("Poisson", None)
    assert "theta ran to infinity" in fit.notes[0]
    np.testing.assert_allclose(fit.coefficients, poisson(**data).coefficients, atol=1e-8)
    found = overdispersion(**data)
    assert (found.theta, found.lr_statistic, found.lr_p) == (None, 0.0, 1.0)


def test_spread_is_found_and_explains_the_zeros() -> None:
    data = made_up(3, n=200, theta=0.7)
    found, zeros = overdispersion(**data), zero_inflation(**data)
    assert found.lr_p is not None
    assert max(found.lr_p, found.pearson_p) < 1e-6
    assert zeros.excess
    assert zeros.expected_negative_binomial is not None
    assert abs(zeros.expected_negative_binomial - zeros.observed) < 0.3 * abs(zeros.expected - zeros.observed)


def test_a_group_without_events_is_named_and_firth_stays_finite() -> None:
    data = made_up(4)
    data["counts"] = np.where(np.arange(60) % 2 == 1, 0, data["counts"])
    report = count_separation(data["design"], data["counts"], terms=TERMS)
    assert (report.found, report.terms, report.participants) == (True, ("housed",), 30)
    for fit in (poisson, negative_binomial):
        with pytest.raises(StatisticsRefusedError, match='"housed" singles out 30') as refused:
            fit(**data)
        assert "firth" in refused.value.alternative
    fit = poisson(**data, penalty="firth")
    assert np.isfinite(fit.coefficients).all()
    assert fit.high[2] < 0


def test_no_event_at_all_still_has_an_exact_upper_limit() -> None:
    with pytest.raises(StatisticsRefusedError, match="Nobody had any event"):
        poisson([[1.0]] * 5, [0] * 5, terms=["constant"])
    assert exact_rate([0] * 5).high == pytest.approx(-np.log(0.025) / 5)


@pytest.mark.parametrize("bad", [-1, 0.5])
def test_only_whole_counts_are_counts(bad: float) -> None:
    with pytest.raises(StatisticsRefusedError, match="whole numbers"):
        poisson([[1.0]] * 5, [1, 2, 3, 4, bad], terms=["constant"])


def test_the_bootstrap_says_how_many_draws_were_separated() -> None:
    data = made_up(4, n=40)
    X = np.asarray(data["design"]).copy()
    X[:, 2] = np.arange(40) < 4
    y = np.where(np.arange(40) < 4, [3, 0, 0, 0] + [0] * 36, data["counts"])
    result = bootstrap_counts(X, y, terms=TERMS, exposure=data["exposure"], rng_or_seed=4, draws=400)
    assert result.separated > 20
    assert any("were separated" in note for note in result.notes)
