"""Promise: comparisons of groups give the numbers of R's anova and t.test."""

from __future__ import annotations

import pytest
from stored import DataSet, gap, load

from casearc.statistics.groups import one_way, standardized_difference_means, two_sample_t

SETS = load("groups")
CLOSED = 1e-8


@pytest.mark.parametrize("data", SETS, ids=str)
def test_groups(data: DataSet) -> None:
    group, value = data.columns["group"], data.columns["value"]
    groups = [value[group == code] for code in sorted(set(group.tolist()))]
    f = one_way(groups)
    theirs = [data.reference[name] for name in ("f", "f_p", "between", "within")]
    assert gap([f.f, f.p, f.between, f.within], theirs) < CLOSED
    welch = two_sample_t(groups[0], groups[1])
    theirs = [data.reference[f"welch{name}"] for name in ("", "_df", "_p", "_low", "_high")]
    assert gap([welch.t, welch.df, welch.p, welch.low, welch.high], theirs) < CLOSED
    equal = two_sample_t(groups[0], groups[1], equal_variances=True)
    theirs = [data.reference[f"equal{name}"] for name in ("", "_p", "_low")]
    assert gap([equal.t, equal.p, equal.low], theirs) < CLOSED
    assert gap(standardized_difference_means(groups[0], groups[1]), data.reference["smd"]) < CLOSED
