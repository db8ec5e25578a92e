"""Promise: CR2 errors, Satterthwaite df and joint tests are those of clubSandwich; p is withheld below four df."""

from __future__ import annotations

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.errors import StatisticsRefusedError
from casearc.statistics.linear import LinearFit, linear
from casearc.statistics.model_tests import wald_test

SETS = load("linear_clusters")
TERMS = ["constant", "program", "months", "level"]
CLOSED = 1e-8


def fitted(data: DataSet) -> LinearFit:
    columns = data.columns
    X = np.column_stack([np.ones(columns["months"].size), *(columns[name] for name in TERMS[1:])])
    return linear(X, columns["outcome"], terms=TERMS, covariance="CR2", clusters=columns["site"])


@pytest.mark.parametrize("data", SETS, ids=str)
def test_errors_df_and_p(data: DataSet) -> None:
    fit = fitted(data)
    assert gap(fit.standard_errors, data.numbered("se")) < CLOSED
    assert gap(fit.df, data.numbered("df")) < CLOSED
    for ours, df, theirs in zip(fit.p, fit.df, data.numbered("p"), strict=True):
        assert (ours is None) == (df < 4.0)
        assert ours is None or gap(ours, theirs) < CLOSED
    withheld = [term for term, p in zip(TERMS, fit.p, strict=True) if p is None]
    assert [bool(np.isinf(high)) for high in fit.high] == [term in withheld for term in TERMS]
    assert all(any(f'"{term}"' in note for note in fit.notes) for term in withheld)


@pytest.mark.parametrize("data", SETS, ids=str)
def test_joint_tests(data: DataSet) -> None:
    fit = fitted(data)
    assert fit.small_sample is not None
    identity = np.eye(4)
    for rows, name in ((slice(1, 4), "all"), (slice(2, 4), "pair")):
        found = fit.small_sample.hotelling(fit.coefficients, fit.covariance, identity[rows])
        theirs = [data.reference[f"{name}_f"], data.reference[f"{name}_df"]]
        if found is not None:
            assert gap(found, theirs) < CLOSED
        else:
            assert theirs[1] <= 0.0
    if data.reference["pair_df"] >= 4.0:
        test = wald_test(fit, ["months", "level"])
        assert gap([test.statistic, test.p], [data.reference["pair_f"], data.reference["pair_p"]]) < CLOSED
    else:
        with pytest.raises(StatisticsRefusedError, match="few clusters"):
            wald_test(fit, ["months", "level"])


def test_both_sides_of_four_df_are_met() -> None:
    df = np.array([data.numbered("df")[1] for data in SETS])
    assert (df < 4.0).sum() > 5
    assert (df > 4.0).sum() > 5
