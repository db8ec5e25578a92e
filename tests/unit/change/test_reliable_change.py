"""Promise: reliable change counts only changes beyond the criterion, on the side that is better."""

from __future__ import annotations

import pytest

from casearc.change.reliable import ReliableChangeCounts, classify, reliable_change
from casearc.errors import StatisticsRefusedError

# differences, criterion, direction, (worse, same, better)
CLASSIFIED = [
    ([-12.0, 0.0, 9.2, 15.0], 9.3, "higher", (1, 2, 1)),
    ([-12.0, 0.0, 9.2, 15.0], 9.3, "lower", (1, 2, 1)),
    ([10.0, 11.0], 9.3, "higher", (0, 0, 2)),
    ([10.0, 11.0], 9.3, "lower", (2, 0, 0)),
    ([9.3, -9.3], 9.3, "higher", (0, 2, 0)),  # on the criterion is within error
    ([4.1 - 3.1], 1.0, "higher", (0, 1, 0)),  # … and rounding does not lift it over
    ([], 9.3, "higher", (0, 0, 0)),
]


@pytest.mark.parametrize(("differences", "criterion", "direction", "expected"), CLASSIFIED)
def test_classify(
    differences: list[float], criterion: float, direction: str, expected: tuple[int, int, int]
) -> None:
    worse, same, better = expected
    counts = classify(differences, criterion, direction=direction)
    assert counts == ReliableChangeCounts(worse=worse, same=same, better=better)
    assert counts.n == len(differences)


@pytest.mark.parametrize(
    ("sd", "reliability"), [(0.0, 0.8), (float("nan"), 0.8), (7.5, 1.0), (7.5, -0.1), (7.5, 1.2)]
)
def test_what_has_no_measurement_error_is_refused(sd: float, reliability: float) -> None:
    with pytest.raises(StatisticsRefusedError) as refused:
        reliable_change(sd, reliability)
    assert "Leave out" in refused.value.alternative or "leave out" in refused.value.alternative


def test_missing_differences_are_refused() -> None:
    with pytest.raises(StatisticsRefusedError, match="without missing values"):
        classify([1.0, float("nan")], 2.0)


def test_a_score_without_a_good_side_is_not_classified() -> None:
    with pytest.raises(StatisticsRefusedError, match="needs a direction"):
        classify([1.0], 2.0, direction="none")  # type: ignore[arg-type]
