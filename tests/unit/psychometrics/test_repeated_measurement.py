"""Promise: agreement, consistency and error of repeated measurements behave as they are defined to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casearc.errors import StatisticsRefusedError
from casearc.psychometrics import (
    IntraclassForm,
    intraclass_correlations,
    retest_reliability,
    standard_error_of_measurement,
)


def scores(n: int = 40, k: int = 3, seed: int = 5) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 1)) + rng.normal(size=(n, k))


@given(st.floats(0.5, 5.0), st.floats(-100.0, 100.0))
def test_unit_and_origin_of_all_scores_do_not_matter(unit: float, origin: float) -> None:
    first, second = (intraclass_correlations(X).forms for X in (scores(), origin + unit * scores()))
    assert [a.icc for a in first] == pytest.approx([b.icc for b in second], abs=1e-9)


def test_a_shift_of_one_measurement_is_disagreement_but_not_inconsistency() -> None:
    plain = intraclass_correlations(scores())
    shifted = intraclass_correlations(scores() + np.array([0.0, 0.0, 2.0]))
    agreement, consistency = IntraclassForm.AGREEMENT_SINGLE, IntraclassForm.CONSISTENCY_SINGLE
    assert shifted.form(consistency).icc == pytest.approx(plain.form(consistency).icc, abs=1e-12)
    assert shifted.form(agreement).icc < plain.form(agreement).icc - 0.1


def test_the_table_has_one_row_a_form_with_both_names() -> None:
    frame = intraclass_correlations(scores()).to_frame()
    assert frame["form"].to_list() == list(IntraclassForm)
    assert frame["name"].to_list() == ["ICC(1)", "ICC(A,1)", "ICC(C,1)", "ICC(k)", "ICC(A,k)", "ICC(C,k)"]


def test_error_of_measurement_from_a_retest_is_that_of_its_parts() -> None:
    x, y = scores(200, 2).T
    found = retest_reliability(x, y)
    assert found.sem == pytest.approx(np.std(y - x, ddof=1) / np.sqrt(2.0), abs=1e-12)
    assert found.sem_low is not None
    assert found.sem_high is not None
    assert found.sem_low < found.sem < found.sem_high
    spread = np.sqrt((np.var(x, ddof=1) + np.var(y, ddof=1)) / 2.0)
    assert standard_error_of_measurement(spread, found.reliability).sem == pytest.approx(found.sem, abs=1e-12)


REFUSED = [
    ([[1.0, 2.0], [2.0, 3.0], [4.0, 5.0]], "exactly the same distances"),
    ([[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]], "nobody can be told apart"),
    ([[1.0, 3.0], [2.0, 2.0], [3.0, 1.0]], "closer together than chance"),
    ([[1.0, 2.0], [2.0, 1.0]], "At least three people"),
    ([[1.0, 2.0], [2.0, float("nan")], [3.0, 1.0]], "1 of 3 people lack a measurement"),
    ([[1.0], [2.0], [3.0]], "at least two of them"),
]


@pytest.mark.parametrize(("table", "words"), REFUSED)
def test_refusals(table: list[list[float]], words: str) -> None:
    with pytest.raises(StatisticsRefusedError, match=words):
        intraclass_correlations(table)


@pytest.mark.parametrize(("sd", "reliability"), [(0.0, 0.8), (1.0, 1.0), (1.0, -0.2), (float("nan"), 0.5)])
def test_no_error_of_measurement_without_spread_or_reliability(sd: float, reliability: float) -> None:
    with pytest.raises(StatisticsRefusedError):
        standard_error_of_measurement(sd, reliability)
