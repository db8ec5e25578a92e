"""Promise: alpha, its interval, item statistics and omega give the numbers of R's psych."""

from __future__ import annotations

import pytest
from stored import DataSet, gap, load

from casearc.psychometrics import cronbach_alpha, item_statistics, omega_total

SETS = load("consistency")
CLOSED = 1e-8
ITERATIVE = 1e-5


@pytest.mark.parametrize("data", SETS, ids=str)
def test_consistency(data: DataSet) -> None:
    items = data.matrix()
    alpha = cronbach_alpha(items)
    theirs = [data.reference[name] for name in ("alpha", "low", "high")]
    assert gap([alpha.alpha, alpha.low, alpha.high], theirs) < CLOSED
    statistics = item_statistics(items)
    assert gap([item.item_rest for item in statistics], data.numbered("rest")) < CLOSED
    assert gap([item.sd for item in statistics], data.numbered("sd")) < CLOSED
    assert gap(omega_total(items).omega, data.reference["omega"]) < ITERATIVE
