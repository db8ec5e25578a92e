"""Promise: psychometrics never prints a number for a scale that has none, and says what to do instead."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from casearc.errors import StatisticsRefusedError
from casearc.psychometrics import cronbach_alpha, item_statistics, omega_total

NAN = float("nan")
REFUSED = [
    ("one item", cronbach_alpha, [[1], [2], [3]], "1 item; 2 are needed"),
    ("two items for a factor", omega_total, [[1, 2], [2, 1], [3, 3]], "2 items; 3 are needed"),
    ("constant item", cronbach_alpha, [[1, 4], [2, 4], [3, 4]], "same answer to item 2"),
    ("constant items", omega_total, [[4, 1, 4], [4, 2, 4], [4, 3, 4]], "same answer to items 1, 3"),
    ("missing answers", cronbach_alpha, [[1, NAN], [2, 3], [3, 4]], "1 of 3 participants left items"),
    ("one participant", cronbach_alpha, [[1, 2, 3]], "At least two participants"),
    ("not reversed", cronbach_alpha, [[1, 5], [2, 4], [5, 1]], "cancel each other"),
    ("missing in item statistics", item_statistics, [[1, NAN], [2, 3]], "left items unanswered"),
]


@pytest.mark.parametrize(("case", "function", "items", "words"), REFUSED)
def test_refusals(case: str, function: object, items: list[list[float]], words: str) -> None:
    with pytest.raises(StatisticsRefusedError, match=words) as refused:
        function(np.array(items, dtype=float))  # type: ignore[operator]
    assert refused.value.alternative, case


def test_an_answer_outside_the_range_is_refused_without_printing_it() -> None:
    with pytest.raises(StatisticsRefusedError) as refused:
        item_statistics([[1, 2], [2, 937]], low=1, high=5)
    assert "937" not in str(refused.value)


def test_floor_and_ceiling_need_a_range() -> None:
    known = item_statistics([[1, 5], [1, 4], [3, 5], [2, 5]], low=1, high=5)
    assert (known[0].floor, known[0].ceiling, known[1].ceiling) == (0.5, 0.0, 0.75)
    unknown = item_statistics([[1, 5], [1, 4], [3, 5], [2, 5]])
    assert (unknown[0].floor, unknown[0].ceiling) == (None, None)


def test_a_constant_item_has_a_mean_but_no_item_rest_correlation() -> None:
    first, second = item_statistics([[4, 1], [4, 2], [4, 3]])
    assert (first.mean, first.sd, first.item_rest) == (4.0, 0.0, None)
    assert second.item_rest is None


def test_omega_of_perfectly_tau_equivalent_items_is_alpha() -> None:
    rng = np.random.default_rng(3)
    raw = rng.normal(size=(4000, 5))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / 3999)).T
    target = np.full((5, 5), 0.4) + 0.6 * np.eye(5)
    items = white @ np.linalg.cholesky(target).T
    assert omega_total(items).omega == pytest.approx(cronbach_alpha(items).alpha, abs=1e-9)
    assert omega_total(items).loadings == pytest.approx([np.sqrt(0.4)] * 5, abs=1e-9)


@given(arrays(np.int64, st.tuples(st.integers(3, 30), st.integers(2, 8)), elements=st.integers(1, 7)))
def test_alpha_is_finite_ordered_and_blind_to_origin(items: np.ndarray) -> None:
    degenerate = (np.ptp(items, axis=0) == 0).any() or np.ptp(items.sum(axis=1)) == 0
    if degenerate:
        with pytest.raises(StatisticsRefusedError):
            cronbach_alpha(items)
        return
    result = cronbach_alpha(items)
    assert np.isfinite([result.alpha, result.low, result.high]).all()
    assert result.low <= result.alpha + 1e-12
    assert result.alpha <= 1.0
    assert cronbach_alpha(items + 100).alpha == pytest.approx(result.alpha, abs=1e-9)
