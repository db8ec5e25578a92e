"""Promises of the smaller parts of `change`: attendance, first enrollments, movement between levels, merging."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casearc.change import (
    Wave,
    assign_waves,
    attrition,
    first_enrollments,
    merge_codes,
    merged_levels,
    overlapping,
    transitions,
)
from casearc.errors import UsageError


def test_attendance_tells_those_who_left_from_those_who_came_back():
    days = pl.DataFrame(
        {
            "enrollment_id": ["all", "left", "returned", "late", "never"],
            "a": [0, 0, 0, None, None],
            "b": [180, 180, None, 180, None],
            "c": [360, None, 360, None, None],
        }
    )
    found = attrition(days, ["a", "b", "c"])
    assert (found.enrolled, found.present, found.retained) == (5, (3, 3, 2), (3, 2, 1))
    assert (found.complete, found.returned, found.never) == (1, 2, 1)
    assert found.frame.filter("complete")["enrollment_id"].to_list() == ["all"]
    assert sum(found.patterns.values()) == found.enrolled


def test_attendance_without_waves_is_refused():
    with pytest.raises(UsageError):
        attrition(pl.DataFrame({"enrollment_id": ["a"]}), [])


def test_the_first_enrollment_is_the_earliest_dated_one():
    rows = pl.DataFrame(
        {
            "enrollment_id": ["second", "first", "only", "undated", "dated", "x", "y"],
            "participant_id": ["p1", "p1", "p2", "p3", "p3", "p4", "p4"],
            "start_date": [dt.date(2021, 1, 1), dt.date(2020, 1, 1), None, None, dt.date(2022, 1, 1), None, None],
        }
    )
    found = first_enrollments(rows)
    assert found.frame["enrollment_id"].to_list() == ["first", "only", "dated", "x"]
    assert {each.kind.value: each.count for each in found.ambiguities} == {
        "later_enrollment": 3,
        "undated_enrollment": 2,
    }
    assert all(each.counted == "enrollments" for each in found.ambiguities)


def test_movement_counts_each_person_once():
    before = pl.Series(["low", "low", "mid", "high", None, "low", None])
    after = pl.Series(["mid", "low", "low", "high", "mid", None, None])
    moved = transitions(before, after, levels=["low", "mid", "high"])
    assert moved.counts.tolist() == [[1, 1, 0], [1, 0, 0], [0, 0, 1]]
    assert (moved.advanced, moved.same, moved.regressed) == (1, 2, 1)
    assert (moved.only_before, moved.only_after, moved.neither) == (1, 1, 1)


def test_a_level_that_is_not_in_the_list_is_refused_without_naming_it():
    with pytest.raises(UsageError) as refused:
        transitions(pl.Series(["secret"]), pl.Series(["low"]), levels=["low", "high"])
    assert "secret" not in str(refused.value)


def test_merging_keeps_the_order_and_leaves_the_rest():
    groups = {"later": ["action", "maintenance"]}
    levels = ("precontemplation", "action", "maintenance", "other")
    assert merged_levels(levels, groups) == ("precontemplation", "later", "other")
    codes = pl.DataFrame({"stage": ["action", None, "other", "maintenance"]})
    assert codes.select(merge_codes(pl.col("stage"), groups))["stage"].to_list() == ["later", None, "other", "later"]
    assert codes.select(merge_codes(pl.col("stage"), {})).equals(codes)


windows = st.tuples(st.integers(-50, 50), st.integers(0, 40)).map(
    lambda each: Wave(name=str(each), target_day=each[0], window=(0, each[1]))
)


@given(windows, windows)
def test_waves_overlap_exactly_when_some_day_is_in_both(one, other):
    shared = set(range(one.first_day, one.last_day + 1)) & set(range(other.first_day, other.last_day + 1))
    assert bool(overlapping([one, other])) == bool(shared)


@given(
    st.lists(
        st.tuples(st.sampled_from(["e1", "e2"]), st.sampled_from(["mspss", "urica"]), st.integers(-60, 300)),
        max_size=25,
    )
)
def test_each_administration_is_used_once_or_counted_as_not_used(rows):
    waves = [Wave(name="intake", target_day=0, window=(-30, 45)), Wave(name="six", target_day=180, window=(-30, 60))]
    frame = pl.DataFrame(
        [(str(index), *row) for index, row in enumerate(rows)],
        schema={
            "administration_id": pl.String,
            "enrollment_id": pl.String,
            "instrument": pl.String,
            "day": pl.Int64,
        },
        orient="row",
    )
    result = assign_waves(frame, waves)
    set_aside = sum(each.count for each in result.ambiguities if each.counted == "administrations")
    assert result.frame.height + set_aside == frame.height
    assert not result.frame.select("enrollment_id", "instrument", "wave").is_duplicated().any()
    inside = {wave.name: (wave.first_day, wave.last_day) for wave in waves}
    assert all(inside[wave][0] <= day <= inside[wave][1] for wave, day in result.frame.select("wave", "day").rows())
