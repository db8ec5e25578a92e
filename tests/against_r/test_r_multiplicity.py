"""Promise: adjusted p values are those of R's p.adjust, ties and families larger than their tests included."""

from __future__ import annotations

import pytest
from stored import gap, load

from casearc.statistics.multiplicity import benjamini_hochberg, hochberg, holm

SETS = load("multiplicity")


@pytest.mark.parametrize(
    ("adjust", "theirs"), [(holm, "holm"), (hochberg, "hochberg"), (benjamini_hochberg, "BH")]
)
def test_adjusted(adjust: object, theirs: str) -> None:
    assert len(SETS) >= 200
    for data in SETS:
        p, family = data.columns["p"], int(data.columns["family"][0])
        named = {f"test {i}": value for i, value in enumerate(p.tolist())}
        assert gap(adjust(named, family=family).adjusted, data.numbered(theirs)) < 1e-12, data
