"""Promises of the mixed models: order, units and origin do not matter; batches equal single fits; fits are optima."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.errors import StatisticsRefusedError
from casearc.statistics.groups import one_way
from casearc.statistics.linear import linear
from casearc.statistics.mixed import (
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

TERMS = ["constant", "months", "level"]


def made_up(
    seed: int, *, n: int = 24, waves: int = 4, sd: tuple[float, float] = (0.8, 0.1), missing: float = 0.2
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Design, outcome and participants of a program with missing waves."""
    rng = np.random.default_rng(seed)
    person, months = np.repeat(np.arange(n), waves), np.tile(3.0 * np.arange(waves), n)
    level = rng.normal(size=n)[person]
    own = rng.normal(size=(n, 2)) * sd
    y = 4.0 + 0.1 * months + 0.4 * level + own[person, 0] + own[person, 1] * months + rng.normal(size=person.size)
    kept = (rng.random(person.size) > missing) | (months == 0.0)
    return np.column_stack([np.ones(person.size), months, level])[kept], y[kept], person[kept]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(["REML", "ML"]))
def test_order_and_units_do_not_matter(seed: int, method: str) -> None:
    X, y, person = made_up(seed)
    plain = mixed(X, y, groups=person, terms=TERMS, random=X[:, :2], method=method)
    order = np.random.default_rng(seed).permutation(y.size)
    years = X * [1.0, 1.0 / 12.0, 1.0]
    other = mixed(
        years[order],
        1000.0 * y[order] + 5000.0,
        groups=[f"P{each}" for each in person[order]],
        terms=TERMS,
        random=years[order, :2],
        method=method,
    )
    assert other.coefficients[1] == pytest.approx(12_000.0 * plain.coefficients[1], rel=1e-5, abs=1e-3)
    assert other.standard_errors == pytest.approx(plain.standard_errors * [1000.0, 12_000.0, 1000.0], rel=1e-4)
    assert other.df == pytest.approx(plain.df, rel=1e-3)
    assert other.random_sds == pytest.approx(plain.random_sds * [1000.0, 12_000.0], rel=1e-3, abs=1e-2)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000))
def test_the_origin_of_time_does_not_matter(seed: int) -> None:
    X, y, person = made_up(seed)
    moved = X + np.array([0.0, 2020.0, 0.0])
    here, there = (mixed(D, y, groups=person, terms=TERMS, random=D[:, :2]) for D in (X, moved))
    assert there.criterion == pytest.approx(here.criterion, abs=1e-6)
    assert there.df[1] == pytest.approx(here.df[1], rel=1e-4)
    assert there.random_sds[1] == pytest.approx(here.random_sds[1], rel=1e-4, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.booleans())
def test_a_fit_is_an_optimum(seed: int, little: bool) -> None:
    """No covariance nearby has a smaller restricted deviance, computed by its definition."""
    X, y, person = made_up(seed, n=10, sd=(0.1, 0.0) if little else (0.8, 0.1))
    fit = mixed(X, y, groups=person, terms=TERMS, random=X[:, :2])
    correlation = np.eye(2) if fit.random_correlation is None else fit.random_correlation
    G = correlation * np.outer(fit.random_sds, fit.random_sds)
    assert _deviance(X, y, person, G, fit.residual_sd**2) == pytest.approx(fit.criterion, abs=1e-6)
    rng = np.random.default_rng(seed)
    values, vectors = np.linalg.eigh(G)
    for _ in range(20):
        half = vectors * np.sqrt(np.maximum(values, 0.0)) + rng.normal(size=(2, 2)) * [[0.05], [0.01]]
        near = _deviance(X, y, person, half @ half.T, fit.residual_sd**2 * np.exp(0.05 * rng.normal()))
        assert near >= fit.criterion - 1e-7


def _deviance(X: np.ndarray, y: np.ndarray, person: np.ndarray, G: np.ndarray, s2: float) -> float:
    Z = X[:, :2]
    V = (person[:, None] == person) * (Z @ G @ Z.T) + s2 * np.eye(y.size)
    H = np.linalg.inv(V)
    inner = X.T @ H @ X
    e = y - X @ np.linalg.solve(inner, X.T @ H @ y)
    logs = np.linalg.slogdet(V)[1] + np.linalg.slogdet(inner)[1]
    return float((y.size - X.shape[1]) * np.log(2.0 * np.pi) + logs + e @ H @ e)


def test_without_differences_between_participants_it_is_a_linear_model() -> None:
    X, y, person = made_up(3, sd=(0.0, 0.0))
    fit = mixed(X, y - _mean_of(y, person), groups=person, terms=TERMS, df="satterthwaite")
    ordinary = linear(X, y - _mean_of(y, person), terms=TERMS, covariance="classical")
    assert fit.singular
    assert fit.icc == 0.0
    assert any("participant" in note and "zero" in note for note in fit.notes)
    assert fit.standard_errors == pytest.approx(ordinary.standard_errors)
    assert fit.df == pytest.approx(np.full(3, y.size - 3.0))


def _mean_of(y: np.ndarray, person: np.ndarray) -> np.ndarray:
    sums = np.bincount(person, weights=y) / np.bincount(person)
    return np.asarray(sums[person])


@pytest.mark.parametrize("df", ["kenward-roger", "satterthwaite"])
@pytest.mark.parametrize("slope", [False, True])
def test_many_data_sets_at_once_are_single_fits(df: str, slope: bool) -> None:
    rng = np.random.default_rng(5)
    n, waves, draws = 20, 4, 12
    time = 3.0 * np.arange(waves)
    X = np.stack(np.broadcast_arrays(1.0, time, rng.normal(size=(n, 1))), axis=-1)
    own = rng.normal(size=(draws, n, 2)) * np.linspace(0.0, 1.0, draws)[:, None, None] * [1.0, 0.2]
    Y = own[..., :1] + own[..., 1:] * time + rng.normal(size=(draws, n, waves))
    Y[:, :, 1:][rng.random((draws, n, waves - 1)) < 0.25] = np.nan
    L = np.array([[0.0, 1.0, 0.0], [0.0, 1.0, -1.0]])
    course = np.column_stack([np.ones(waves), time]) if slope else None
    found = mixed_many(X, Y, random=course, contrasts=L, df=df)
    for draw in range(draws):
        there = np.isfinite(Y[draw])
        fit = mixed(
            X[there],
            Y[draw][there],
            groups=np.nonzero(there)[0],
            terms=TERMS,
            random=X[there][:, :2] if slope else None,
            df=df,
        )
        single = mixed_contrast(fit, L)
        assert found.estimate[draw] == pytest.approx(single.estimate, abs=1e-7)
        assert found.standard_errors is not None
        assert found.standard_errors[draw] == pytest.approx(single.standard_errors, rel=1e-6)
        assert found.df is not None
        assert found.df[draw] == pytest.approx(single.df, rel=1e-4)
        assert found.singular[draw] == fit.singular


def test_a_weight_of_two_is_two_participants() -> None:
    X, y, person = made_up(7)
    rng = np.random.default_rng(8)
    weights = rng.multinomial(24, np.full(24, 1.0 / 24.0), size=6)
    found = mixed_replicates(X, y, weights, groups=person, terms=TERMS, random=X[:, :2])
    for draw, counts in enumerate(weights):
        copies = [(each, copy) for each, count in enumerate(counts) for copy in range(count)]
        rows = [np.flatnonzero(person == each) for each, _ in copies]
        labels = np.repeat(np.arange(len(rows)), [each.size for each in rows])
        taken = np.concatenate(rows)
        fit = mixed(X[taken], y[taken], groups=labels, terms=TERMS, random=X[taken, :2])
        assert found.coefficients[draw] == pytest.approx(fit.coefficients, abs=1e-6)
        assert found.random_sds[draw] == pytest.approx(fit.random_sds, abs=1e-5)


def test_a_draw_that_lacks_a_term_has_failed() -> None:
    X, y, person = made_up(9)
    X = np.column_stack([X, (person == 4).astype(float)])
    weights = np.ones((2, 24))
    weights[1, 4] = 0
    found = mixed_replicates(X, y, weights, groups=person, terms=[*TERMS, "one person"])
    assert found.failed.tolist() == [False, True]
    assert np.isnan(found.coefficients[1]).all()


def test_one_way_designs_are_analysis_of_variance() -> None:
    rng = np.random.default_rng(11)
    manager = np.repeat(np.arange(8), [4, 6, 5, 7, 4, 3, 6, 5])
    y = rng.normal(size=8)[manager] + rng.normal(size=manager.size)
    found = likeness(y, groups=manager, estimator="ANOVA")
    classical = one_way([y[manager == each] for each in range(8)])
    assert found.f == pytest.approx(classical.f)
    assert found.f_p == pytest.approx(classical.p)
    n0 = (manager.size - (np.bincount(manager) ** 2).sum() / manager.size) / 7
    assert found.icc == pytest.approx((found.f - 1.0) / (found.f - 1.0 + n0))
    assert found.low < found.icc < found.high


def test_balanced_reml_is_analysis_of_variance() -> None:
    rng = np.random.default_rng(12)
    y = rng.normal(size=10)[np.repeat(np.arange(10), 4)] + rng.normal(size=40)
    by = {each: likeness(y, groups=np.repeat(np.arange(10), 4), estimator=each).icc for each in ("REML", "ANOVA")}
    assert by["REML"] == pytest.approx(by["ANOVA"], abs=1e-7)


def test_case_managers_above_participants() -> None:
    """Clusters without any effect leave the model as it is; those with one take their share of the variance."""
    X, y, person = made_up(13, n=30, missing=0.1)
    manager = person % 6
    lifted = mixed(
        X, y + 3.0 * np.array([-1.0, 1.0, 0.5, -0.5, 1.5, -1.5])[manager], groups=person, terms=TERMS, clusters=manager
    )
    assert lifted.cluster_sd is not None
    assert lifted.cluster_sd > 2.0
    assert lifted.cluster_icc is not None
    assert lifted.icc is not None
    assert 0.5 < lifted.cluster_icc < lifted.icc
    with pytest.raises(StatisticsRefusedError, match="two clusters"):
        mixed(X, y, groups=person, terms=TERMS, clusters=np.arange(y.size) % 6)


def test_intervals_hold_their_estimates() -> None:
    X, y, person = made_up(14, missing=0.1)
    for random in (None, X[:, :2]):
        fit = mixed(X, y, groups=person, terms=TERMS, random=random)
        found = variance_components(fit)
        assert (found.low <= found.estimate).all()
        assert (found.estimate <= found.high).all()
        assert 0.0 <= variance_test(fit).p <= 1.0
    intercept = mixed(X, y, groups=person, terms=TERMS)
    interval = icc_interval(intercept)
    assert interval.low < interval.estimate < interval.high


def test_random_effects_sum_to_nothing_in_balanced_data() -> None:
    X, y, person = made_up(15, missing=0.0)
    fit = mixed(X, y, groups=person, terms=TERMS)
    values = random_effects(fit, X, y, groups=person).values
    assert float(values.sum()) == pytest.approx(0.0, abs=1e-9)
    with pytest.raises(StatisticsRefusedError, match="not the rows"):
        random_effects(fit, X, y + person, groups=person)


def test_a_result_holds_no_measurements() -> None:
    X, y, person = made_up(16)
    fit = mixed(X, y, groups=person, terms=TERMS)
    assert "fitted" not in fit.to_dict()
    assert fit.to_frame().columns[:3] == ["term", "estimate", "std_error"]
    assert len(fit.to_json()) < 3000


def test_refusals() -> None:
    X, y, person = made_up(17)
    with pytest.raises(StatisticsRefusedError, match="made for REML"):
        mixed(X, y, groups=person, terms=TERMS, method="ML", df="kenward-roger")
    with pytest.raises(StatisticsRefusedError, match="random intercept alone"):
        icc_interval(mixed(X, y, groups=person, terms=TERMS, random=X[:, :2]))
    with pytest.raises(StatisticsRefusedError, match="columns"):
        mixed_contrast(mixed(X, y, groups=person, terms=TERMS), [[1.0, 0.0]])
    with pytest.raises(StatisticsRefusedError, match="did not settle"):
        mixed(X[:, :1], np.round(y)[person], groups=person, terms=["constant"])
