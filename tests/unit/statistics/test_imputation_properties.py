"""Promise: imputed values are draws from the models they are said to come from, and pooling keeps its identities."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.statistics.categorical import logistic, multinomial, ordinal
from casearc.statistics.count_models import negative_binomial, poisson
from casearc.statistics.imputation import (
    Pooled,
    d1_test,
    fit_each,
    imputations_needed,
    impute,
    linear_over_imputations,
    pool,
    pool_fits,
    tipping_point,
)
from casearc.statistics.imputation._linear_draws import linear_draw, nearest_donors
from casearc.statistics.imputation._logit_draws import logit_draw, probabilities
from casearc.statistics.linear import linear
from casearc.statistics.mixed import mixed

NAMES = ("score", "months", "housed", "stage")
KINDS = ("pmm", "normal", "logistic", "multinomial")


def program(n: int = 80, seed: int = 3) -> np.ndarray:
    rng = np.random.default_rng(seed)
    months = rng.gamma(2.0, 3.0, n)
    score = np.round(3.0 + 0.1 * months + rng.normal(0.0, 1.0, n), 1)
    housed = (rng.random(n) < 0.4).astype(float) + 1.0
    stage = rng.integers(0, 3, n).astype(float) * 10.0
    columns = np.column_stack([score, months, housed, stage])
    columns[rng.random(columns.shape) < 0.2] = np.nan
    return columns


def design(n: int, rng: np.random.Generator) -> np.ndarray:
    return np.column_stack([np.ones(n), rng.normal(size=(n, 2)) @ [[1.0, 0.6], [0.0, 0.8]]])


def test_linear_draws_have_the_mean_and_covariance_of_the_posterior() -> None:
    rng, times, n = np.random.default_rng(1), 40_000, 25
    X = design(n, rng)
    y = X @ [1.0, 0.5, -0.3] + rng.normal(size=n)
    b, rss = np.linalg.lstsq(X, y, rcond=None)[:2]
    Z = np.column_stack([X, y])
    drawn = linear_draw(np.tile(Z.T @ Z, (times, 1, 1)), np.full(times, float(n)), rng)
    expected = np.linalg.inv(X.T @ X) * rss / (n - 3 - 2)  # the mean of sigma2
    assert np.allclose(drawn.estimate[0], b, atol=1e-4)
    assert np.abs((drawn.draw.mean(axis=0) - b) / np.sqrt(np.diag(expected) / times)).max() < 4.5
    assert np.allclose(np.cov(drawn.draw.T), expected, rtol=0.05, atol=0.03 * expected.max())
    assert np.mean(rss / drawn.sigma**2) == pytest.approx(n - 3, rel=0.01)


def test_logit_draws_surround_the_mode_by_the_inverse_information() -> None:
    rng, times, n = np.random.default_rng(2), 5_000, 60
    X = design(n, rng)
    P = probabilities(X @ np.array([[0.3, 1.0, 0.0], [-0.5, 0.0, 1.0]]).T)
    codes = (rng.random(n)[:, None] < np.cumsum(P[:, ::-1], axis=1)).sum(axis=1)
    shares = (codes[:, None] == [1, 2]).astype(float)
    drawn = logit_draw(
        np.tile(X, (times, 1, 1)), np.tile(shares, (times, 1, 1)), np.ones((times, n)), precision=np.full(times, 1e-6),
        rng=rng,
    )  # fmt: skip
    mode = drawn.mode[0]
    fitted = probabilities(X @ mode.T)
    spread = np.einsum("na,ab->nab", fitted, np.eye(2)) - fitted[:, :, None] * fitted[:, None, :]
    covariance = np.linalg.inv(np.einsum("nab,nk,nl->akbl", spread, X, X).reshape(6, 6))
    score = ((shares - fitted).T @ X).ravel()
    assert np.sqrt(score @ covariance @ score) < 0.05  # within a twentieth of a standard error
    assert drawn.unconverged == 0
    draws = drawn.draw.reshape(times, 6)
    assert np.allclose(np.cov(draws.T), covariance, atol=0.08 * covariance.max())
    assert np.abs((draws.mean(axis=0) - mode.ravel()) / np.sqrt(np.diag(covariance) / times)).max() < 4.5


@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(6, 30))
@settings(max_examples=40, deadline=None)
def test_donors_are_the_nearest(seed: int, count: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    donors, wanted = rng.normal(size=(3, size)), rng.normal(size=(3, 8)) * 2.0
    chosen = nearest_donors(donors, wanted, count=count, rng=rng)
    for d, w, picks in zip(donors, wanted, chosen, strict=True):
        for value, pick in zip(w, picks, strict=True):
            assert (np.abs(d - value) < abs(d[pick] - value)).sum() < count


def test_each_of_the_nearest_donors_is_as_likely_and_ties_are_broken_at_random() -> None:
    rng, times = np.random.default_rng(5), 20_000
    donors = np.tile([0.0, 1.0, 2.0, 3.0, 4.0, 9.0, 10.0], (times, 1))
    chosen = nearest_donors(donors, np.full((times, 1), 2.1), count=5, rng=rng).ravel()
    assert np.bincount(chosen, minlength=7)[:5] == pytest.approx(np.full(5, times / 5), rel=0.06)
    assert chosen.max() == 4
    tied = nearest_donors(np.zeros((times, 10)), np.zeros((times, 1)), count=5, rng=rng).ravel()
    assert np.bincount(tied) == pytest.approx(np.full(10, times / 10), rel=0.1)


def test_what_was_observed_stays_and_every_gap_is_filled_with_something_possible() -> None:
    columns = program()
    done = impute(columns, kinds=KINDS, names=NAMES, imputations=6, iterations=3, seed=1)
    there = ~np.isnan(columns)
    assert (done.completed[:, there] == columns[there]).all()
    assert np.isfinite(done.completed).all()
    for j in (0, 2, 3):  # matching and categories give values somebody has
        assert np.isin(done.completed[:, :, j], columns[there[:, j], j]).all()
    assert (done.missing == ~there).all()
    assert done.chain_means.shape == (3, 6, 4)


def test_the_seed_decides() -> None:
    first, again, other = (impute(program(), kinds=KINDS, seed=seed, imputations=3).completed for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize("kind", ["pmm", "normal"])
def test_units_do_not_matter(kind: str) -> None:
    columns = program()[:, :2]
    plain = impute(columns, kinds=[kind] * 2, seed=4, imputations=3).completed
    scaled = impute(columns * [1000.0, 0.01] + [5.0, -7.0], kinds=[kind] * 2, seed=4, imputations=3).completed
    assert np.allclose(scaled, plain * [1000.0, 0.01] + [5.0, -7.0], rtol=1e-6)


def test_separation_leaves_imputations_finite() -> None:
    columns = np.column_stack([np.arange(40.0), np.arange(40) >= 20])
    columns[[3, 18, 21, 36], 1] = np.nan
    filled = impute(columns, kinds=["pmm", "logistic"], seed=1, imputations=50).completed[:, [3, 36], 1]
    below, above = filled.mean(axis=0)
    assert below < 0.2
    assert above > 0.8


def pooled_fits(covariance: str) -> tuple[Pooled, Pooled]:
    done = impute(program(), kinds=KINDS, names=NAMES, imputations=5, seed=2)
    X = np.stack([np.ones_like(done.column("score")), done.column("months"), done.column("housed")], axis=-1)
    terms = ["constant", "months", "housed"]
    fits = [linear(a, b, terms=terms, covariance=covariance) for a, b in zip(X, done.column("score"), strict=True)]
    return pool_fits(fits), linear_over_imputations(X, done.column("score"), terms=terms, covariance=covariance)


@pytest.mark.parametrize("covariance", ["classical", "HC0", "HC1", "HC2", "HC3"])
def test_fits_pooled_one_by_one_and_all_at_once_agree(covariance: str) -> None:
    one_by_one, at_once = pooled_fits(covariance)
    for name in ("coefficients", "standard_errors", "df", "p", "low", "high", "fmi", "covariance"):
        assert np.allclose(getattr(one_by_one, name), getattr(at_once, name), rtol=1e-9, atol=1e-12), name
    assert one_by_one.df_complete == at_once.df_complete == (77.0,) * 3


def of_every_family(kind: str) -> tuple[list[object], list[str]]:
    """Fits of one model to three outcomes, and the terms expected."""
    rng, n = np.random.default_rng(4), 60
    X = design(n, rng)[:, :2]
    terms, levels, people = ["constant", "months"], ["a", "b", "c"], np.repeat(np.arange(20), 3)
    fits: dict[str, Callable[[int], object]] = {
        "logistic": lambda _: logistic(X, rng.integers(0, 2, n), terms=terms),
        "multinomial": lambda _: multinomial(X, rng.integers(0, 3, n), terms=terms, levels=levels),
        "ordinal": lambda _: ordinal(X[:, 1:], rng.integers(0, 3, n), terms=["months"], levels=levels),
        "poisson": lambda _: poisson(X, rng.poisson(2.0, n), terms=terms),
        "negative binomial": lambda _: negative_binomial(X, rng.negative_binomial(2, 0.4, n), terms=terms),
        "mixed": lambda _: mixed(X, rng.normal(size=n) + rng.normal(size=20)[people], groups=people, terms=terms),
    }  # fmt: skip
    names = {"multinomial": terms * 2, "ordinal": ["a|b", "b|c", "months"]}
    return [fits[kind](i) for i in range(3)], names.get(kind, terms)


@pytest.mark.parametrize("kind", ["logistic", "multinomial", "ordinal", "poisson", "negative binomial", "mixed"])
def test_the_fits_of_every_family_are_pooled(kind: str) -> None:
    fits, names = of_every_family(kind)
    pooled = pool_fits(fits)
    assert list(pooled.terms) == names
    slopes = np.mean([np.ravel(fit.coefficients) for fit in fits], axis=0)
    assert pooled.coefficients[-slopes.size :] == pytest.approx(slopes)
    errors = np.mean([np.diag(fit.covariance) for fit in fits], axis=0)
    assert pooled.within == pytest.approx(errors)
    assert all(row["p_value"] is not None for row in pooled.rows())


def test_without_missing_data_pooling_changes_nothing() -> None:
    rng = np.random.default_rng(3)
    X, y = design(50, rng), rng.normal(size=50)
    done = impute(np.column_stack([X[:, 1:], y]), kinds=["pmm"] * 3, seed=1, imputations=4)
    fits = fit_each(done.completed, lambda rows: linear(X, rows[:, 2], terms=["a", "b", "c"]))
    pooled = pool_fits(fits)
    assert pooled.standard_errors == pytest.approx(fits[0].standard_errors)
    assert pooled.fmi == pytest.approx(np.full(3, 2.0 / (pooled.df[0] + 3.0)), abs=1e-4)
    assert "Nothing is missing" in done.notes[0]


def test_the_joint_test_of_one_term_is_its_t_squared() -> None:
    pooled, _ = pooled_fits("HC3")
    assert d1_test(pooled, ["months"]).f == pytest.approx(pooled.t[1] ** 2)


@given(st.integers(0, 1000), st.floats(-0.3, 1.0))
@settings(max_examples=20, deadline=None)
def test_at_the_tipping_point_the_limit_touches_the_null(seed: int, effect: float) -> None:
    rng = np.random.default_rng(seed)
    y = np.tile(rng.normal(effect, 1.0, 50), (4, 1))
    left = np.arange(50) < 15
    y[:, left] = rng.normal(effect, 1.0, (4, 15))
    mean = lambda outcomes: linear_over_imputations(np.ones((50, 1)), outcomes, terms=["mean"])  # noqa: E731
    found = tipping_point(y, left, analysis=mean, term="mean", deltas=[-4, -2, 2, 4], unit="sd")
    assert [row.delta for row in found.grid] == [-4.0, -2.0, 0.0, 2.0, 4.0]
    for delta in (found.below, found.above):
        if delta is not None:
            at = mean(y + delta * found.sd * left)
            assert min(abs(at.low[0]), abs(at.high[0])) < 1e-6
    assert found.conclusive == (not found.grid[2].low <= 0.0 <= found.grid[2].high)


def test_more_missing_information_asks_for_more_imputations() -> None:
    rng = np.random.default_rng(1)
    few, many = (pool(rng.normal(0.0, sd, (20, 1)), np.ones((20, 1)), df_complete=90) for sd in (0.2, 2.0))
    assert imputations_needed(few).needed < imputations_needed(many).needed
