"""Promise: the one-factor fit recovers one factor, sees a second one, and declines what has no fit."""

from __future__ import annotations

import numpy as np
import pytest

from casearc.errors import StatisticsRefusedError
from casearc.psychometrics import omega_total, one_factor

LOADINGS = np.array([0.5, 0.6, 0.7, 0.8, 0.6])


def exactly(R: np.ndarray, n: int) -> np.ndarray:
    """Data whose sample correlations are R."""
    raw = np.random.default_rng(1).normal(size=(n, R.shape[0]))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / (n - 1))).T
    return white @ np.linalg.cholesky(R).T


def one(loadings: np.ndarray = LOADINGS) -> np.ndarray:
    return np.outer(loadings, loadings) + np.diag(1.0 - loadings**2)


def test_correlations_of_one_factor_fit_perfectly() -> None:
    fit = one_factor(exactly(one(), 95))
    assert fit.loadings == pytest.approx(LOADINGS, abs=1e-8)
    assert (fit.chi2, fit.rmsea, fit.srmr) == pytest.approx((0.0, 0.0, 0.0), abs=1e-8)
    assert (fit.cfi, fit.df) == (1.0, 5)
    assert (fit.low < LOADINGS).all()
    assert ((fit.high > LOADINGS) & (fit.high < 1.0)).all()


def test_a_second_factor_is_seen() -> None:
    R = one()
    R[0, 1] = R[1, 0] = 0.75
    fit = one_factor(exactly(R, 95))
    assert fit.p < 0.001
    assert fit.cfi < 0.95
    assert fit.rmsea_low > 0.05
    assert fit.srmr > 0.05


def test_omega_is_that_of_raw_scores() -> None:
    """Items of equal spread: the same as omega of correlations where one factor fits."""
    X = exactly(one(), 95)
    assert one_factor(X).omega == pytest.approx(omega_total(X).omega, abs=1e-8)
    assert one_factor(X * np.array([1, 1, 1, 5, 1])).omega > one_factor(X).omega


def test_bartlett_rejects_less_than_the_plain_statistic() -> None:
    X = np.random.default_rng(2).normal(size=(40, 1)) + np.random.default_rng(3).normal(size=(40, 5))
    assert one_factor(X).chi2 < one_factor(X, correction="none").chi2


REFUSED = [
    (exactly(one(LOADINGS[:3]), 30), "3 items; 4 are needed"),
    (exactly(one(), 95)[:6], "too few for a factor model of 5 items"),
    (np.column_stack([exactly(one(), 95), exactly(one(), 95).sum(axis=1)]), "exact combinations"),
]


@pytest.mark.parametrize(("items", "words"), REFUSED)
def test_refusals(items: np.ndarray, words: str) -> None:
    with pytest.raises(StatisticsRefusedError, match=words):
        one_factor(items)


def test_a_heywood_case_is_refused() -> None:
    R = np.full((4, 4), 0.3) + 0.7 * np.eye(4)
    R[0, 1:] = R[1:, 0] = 0.62
    with pytest.raises(StatisticsRefusedError, match="Heywood"):
        one_factor(exactly(R, 95))


def test_few_people_are_noted() -> None:
    assert "vary widely" in one_factor(exactly(one(), 30)).notes[0]
    assert one_factor(exactly(one(), 95)).notes == ()
