"""Measures are due at intake and every 180 days; what is due is computed on the day somebody asks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from casearc_web.surveys.schedule import round_due

START = date(2026, 1, 1)

RULES = [
    # day asked   days on which a round was given   day of the round that is due
    (-1, [], None),  # not enrolled yet
    (0, [], 0),
    (10, [0], None),
    (149, [0], None),
    (150, [0], 180),  # a round counts as given from thirty days before
    (180, [0, 155], None),
    (180, [0, 149], 180),  # too early: it belongs to intake
    (250, [0], 180),  # overdue
    (330, [0], 360),  # the missed round is not asked for any more
    (331, [0, 335], None),
    (720, [], 720),
]


@pytest.mark.parametrize(("today", "given", "expected"), RULES)
def test_the_round_that_is_due(today: int, given: list[int], expected: int | None) -> None:
    found = round_due(START, [START + timedelta(days=d) for d in given], START + timedelta(days=today))
    assert (None if found is None else (found - START).days) == expected
