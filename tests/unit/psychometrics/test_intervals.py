"""Promise: intervals of consistency hold the estimate, can be made again, and say when there is none."""

from __future__ import annotations

import numpy as np
import pytest

from casearc.errors import StatisticsRefusedError
from casearc.psychometrics import alpha_replicates, cronbach_alpha, item_statistics, omega_replicates, omega_total

WAYS = ("jackknife", "percentile", "BCa")


def items(n: int = 60, seed: int = 4) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.round(4.0 + rng.normal(size=(n, 1)) + rng.normal(size=(n, 5)))


@pytest.mark.parametrize("interval", ["Feldt", *WAYS])
def test_alpha_lies_inside_its_interval(interval: str) -> None:
    found = cronbach_alpha(items(), interval=interval, rng_or_seed=1, draws=400)
    assert found.low < found.alpha < found.high < 1.0
    narrower = cronbach_alpha(items(), interval=interval, rng_or_seed=1, draws=400, level=0.8)
    assert found.low < narrower.low
    assert narrower.high < found.high


@pytest.mark.parametrize("interval", WAYS)
def test_omega_lies_inside_its_interval(interval: str) -> None:
    found = omega_total(items(), interval=interval, rng_or_seed=1, draws=400)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.omega < found.high < 1.0
    assert found.draws == (None if interval == "jackknife" else 400)


def test_a_bootstrap_needs_a_seed_and_repeats_with_it() -> None:
    with pytest.raises(StatisticsRefusedError, match="needs a seed"):
        cronbach_alpha(items(), interval="BCa")
    first, again, other = (cronbach_alpha(items(), interval="BCa", rng_or_seed=seed, draws=200) for seed in (1, 1, 2))
    assert first == again
    assert first.low != other.low


def test_strata_are_heeded_or_refused() -> None:
    sites = np.arange(60) % 3
    plain = cronbach_alpha(items(), interval="BCa", rng_or_seed=1, draws=200)
    assert cronbach_alpha(items(), interval="BCa", rng_or_seed=1, draws=200, strata=sites).low != plain.low
    for interval in ("Feldt", "jackknife"):
        with pytest.raises(StatisticsRefusedError, match="knows no strata"):
            cronbach_alpha(items(), interval=interval, strata=sites)


def test_replicates_are_those_of_the_rows_taken_out_and_repeated() -> None:
    X = items(20)
    weights = np.random.default_rng(0).multinomial(20, [0.05] * 20, size=4)
    rows = [np.repeat(X, w, axis=0) for w in weights]
    assert alpha_replicates(X, weights) == pytest.approx([cronbach_alpha(Y).alpha for Y in rows], abs=1e-12)
    assert omega_replicates(X, weights) == pytest.approx([omega_total(Y, interval=None).omega for Y in rows], abs=1e-9)


def test_a_resample_without_spread_has_no_value() -> None:
    X = items(20)
    alone = np.zeros((1, 20))
    alone[0, 3] = 20
    assert np.isnan(alpha_replicates(X, alone)).all()
    assert np.isnan(omega_replicates(X, alone)).all()


def test_weights_of_other_people_are_refused() -> None:
    with pytest.raises(StatisticsRefusedError, match="one column each of 20 participants"):
        alpha_replicates(items(20), np.ones((3, 19)))


def test_items_that_agree_entirely_have_no_jackknife_interval() -> None:
    same = np.repeat(items()[:, :1], 4, axis=1)
    with pytest.raises(StatisticsRefusedError, match="no interval here"):
        cronbach_alpha(same, interval="jackknife")


def test_dropping_an_item_that_goes_with_nothing_raises_alpha() -> None:
    X = items()
    X[:, 2] = np.random.default_rng(9).permutation(X[:, 2])
    whole = cronbach_alpha(X).alpha
    without = [item.alpha_if_dropped for item in item_statistics(X)]
    assert without[2] == max(without) > whole  # type: ignore[type-var]
    assert without[2] == pytest.approx(cronbach_alpha(np.delete(X, 2, axis=1)).alpha, abs=1e-12)
    assert [item.alpha_if_dropped for item in item_statistics(X[:, :2])] == [None, None]
