"""Promise: comparisons of groups give the numbers of R's anova, oneway.test, t.test and coin."""

from __future__ import annotations

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.statistics.groups import (
    one_way,
    standardized_difference_means,
    two_sample_permutation,
    two_sample_t,
    welch_one_way,
)

SETS = load("groups")
CLOSED = 1e-8


def groups_of(data: DataSet) -> list[np.ndarray]:
    group, value = data.columns["group"], data.columns["value"]
    return [value[group == code] for code in sorted(set(group.tolist()))]


@pytest.mark.parametrize("part", range(4))
def test_groups(part: int) -> None:
    assert len(SETS) >= 200
    for data in SETS[part::4]:
        check(data)


def check(data: DataSet) -> None:
    groups = groups_of(data)
    f = one_way(groups)
    theirs = [data.reference[name] for name in ("f", "f_p", "between", "within")]
    assert gap([f.f, f.p, f.between, f.within], theirs) < CLOSED, data
    unequal = welch_one_way(groups)
    theirs = [data.reference[name] for name in ("welch_f", "welch_f_df", "welch_f_p")]
    assert gap([unequal.f, unequal.df_within, unequal.p], theirs) < CLOSED, data
    welch = two_sample_t(groups[0], groups[1])
    theirs = [data.reference[f"welch{name}"] for name in ("", "_df", "_p", "_low", "_high")]
    assert gap([welch.t, welch.df, welch.p, welch.low, welch.high], theirs) < CLOSED, data
    equal = two_sample_t(groups[0], groups[1], equal_variances=True)
    theirs = [data.reference[f"equal{name}"] for name in ("", "_p", "_low")]
    assert gap([equal.t, equal.p, equal.low], theirs) < CLOSED, data
    assert gap(standardized_difference_means(groups[0], groups[1]), data.reference["smd"]) < CLOSED, data


def test_permutation_of_two_groups() -> None:
    compared = [data for data in SETS if "permutation" in data.reference]
    assert len(compared) >= 100
    for data in compared:
        first, second = groups_of(data)[:2]
        exact = two_sample_permutation(first, second, method="exact")
        assert gap(exact.p, data.reference["permutation"]) < CLOSED, data
