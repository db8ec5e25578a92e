"""A wave may pick the first or the last administration in its window; people with one have no change to measure."""

from __future__ import annotations

import polars as pl

from casearc.change import Pick, Wave, assign_waves

FIRST = Wave(name="first", target_day=0, window=(0, 400), pick=Pick.FIRST)
LANDMARK = Wave(name="landmark", target_day=28, window=(-14, 14))
LAST = Wave(name="last", target_day=400, window=(-400, 0), pick=Pick.LAST)


def assigned(days: list[int]) -> dict[str, int]:
    rows = pl.DataFrame(
        {
            "administration_id": [f"a{day}" for day in days],
            "enrollment_id": ["e"] * len(days),
            "instrument": ["rating"] * len(days),
            "day": days,
        }
    )
    frame = assign_waves(rows, (FIRST, LANDMARK, LAST)).frame
    return dict(zip(frame["wave"], frame["day"], strict=True))


def test_first_and_last_share_a_window_with_the_nearest() -> None:
    assert assigned([3, 20, 30, 90]) == {"first": 3, "landmark": 30, "last": 90}


def test_a_single_administration_is_both_first_and_last() -> None:
    assert assigned([60]) == {"first": 60, "last": 60}


def test_many_in_a_window_are_no_doubt_where_the_wave_picks_an_end() -> None:
    rows = pl.DataFrame(
        {
            "administration_id": ["a", "b"],
            "enrollment_id": ["e", "e"],
            "instrument": ["rating", "rating"],
            "day": [60, 90],
        }
    )
    assert assign_waves(rows, (FIRST, LANDMARK, LAST)).ambiguities == ()
