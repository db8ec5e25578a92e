"""Promise: an administration stands for the wave whose window holds its day, and every doubt is counted."""

from __future__ import annotations

import pytest

from casearc.change import Wave, assign_waves, wave_days, wave_scores
from casearc.errors import PlanRefusedError, UsageError

INTAKE = Wave(name="intake", target_day=0, window=(-30, 45))
SIX = Wave(name="six_months", target_day=180, window=(-30, 60))
WAVES = (INTAKE, SIX)


def assigned(frame):
    result = assign_waves(frame, WAVES)
    used = {
        (row[0], row[1]): row[2] for row in result.frame.select("enrollment_id", "wave", "administration_id").rows()
    }
    doubts = {(each.kind.value, each.wave, each.instrument): each.count for each in result.ambiguities}
    return used, doubts


def test_both_ends_of_a_window_belong_to_it(table):
    used, doubts = assigned(
        table("""
        administration_id | enrollment_id | instrument | day
        ------------------+---------------+------------+-----
        first_day         | e1            | mspss      | -30
        last_day          | e2            | mspss      | 45
        too_early         | e3            | mspss      | -31
        too_late          | e4            | mspss      | 46
        first_of_six      | e5            | mspss      | 150
        last_of_six       | e6            | mspss      | 240
        """)
    )
    assert used == {
        ("e1", "intake"): "first_day",
        ("e2", "intake"): "last_day",
        ("e5", "six_months"): "first_of_six",
        ("e6", "six_months"): "last_of_six",
    }
    assert doubts == {("outside_every_window", None, "mspss"): 2}


def test_of_several_the_nearest_then_the_earlier_then_the_first_id(table):
    used, doubts = assigned(
        table("""
        administration_id | enrollment_id | instrument | day
        ------------------+---------------+------------+-----
        far               | nearest       | mspss      | 30
        near              | nearest       | mspss      | -5
        after             | tie           | mspss      | 7
        before            | tie           | mspss      | -7
        b                 | same_day      | mspss      | 3
        a                 | same_day      | mspss      | 3
        """)
    )
    assert used == {
        ("nearest", "intake"): "near",
        ("tie", "intake"): "before",
        ("same_day", "intake"): "a",
    }
    assert doubts == {("several_in_window", "intake", "mspss"): 2, ("same_day", "intake", "mspss"): 1}


def test_instruments_and_enrollments_do_not_compete(table):
    used, doubts = assigned(
        table("""
        administration_id | enrollment_id | instrument | day
        ------------------+---------------+------------+-----
        m1                | e1            | mspss      | 0
        c1                | e1            | cop_se     | 9
        m2                | e2            | mspss      | 1
        """)
    )
    assert set(used) == {("e1", "intake"), ("e2", "intake")}
    assert doubts == {("different_days", "intake", None): 1}


def test_without_a_day_there_is_no_wave(table):
    used, doubts = assigned(
        table("""
        administration_id | enrollment_id | instrument | day
        ------------------+---------------+------------+-----
        undated           | e1            | mspss      |
        """)
    )
    assert used == {}
    assert doubts == {("no_day", None, "mspss"): 1}


def test_the_day_of_a_wave_is_its_earliest_administration(table):
    assignment = assign_waves(
        table("""
        administration_id | enrollment_id | instrument | day
        ------------------+---------------+------------+-----
        c                 | e1            | cop_se     | 190
        m                 | e1            | mspss      | 184
        i                 | e2            | mspss      | -2
        """),
        WAVES,
    )
    days = wave_days(assignment, table("enrollment_id\n--\ne2\ne1\ne3")["enrollment_id"])
    assert days.rows() == [("e2", -2, None), ("e1", None, 184), ("e3", None, None)]
    assert wave_days(assignment).sort("enrollment_id").rows() == [("e1", None, 184), ("e2", -2, None)]


def test_scores_stand_side_by_side_by_wave(table):
    assignment = assign_waves(
        table("""
        administration_id | enrollment_id | instrument | day
        ------------------+---------------+------------+-----
        m1                | e1            | mspss      | 0
        c1                | e1            | cop_se     | 0
        m2                | e1            | mspss      | 180
        m3                | e2            | mspss      | 180
        """),
        WAVES,
    )
    scores = table("""
        administration_id | mspss_total | cop_se_total | mspss_total_band | key_version
        ------------------+-------------+--------------+------------------+------------
        m1                | 3.5         |              | moderate         | 1
        m2                | 4.5         |              | moderate         | 1
        m3                | 5.5         |              | high             | 1
        c1                |             | 120.0        |                  | 1
        unused            | 1.0         |              | low              | 1
    """)
    wide = wave_scores(assignment, scores).sort("enrollment_id")
    assert wide.columns == [
        "enrollment_id",
        "mspss_total@intake",
        "mspss_total@six_months",
        "cop_se_total@intake",
        "cop_se_total@six_months",
        "mspss_total_band@intake",
        "mspss_total_band@six_months",
    ]
    assert wide.rows() == [
        ("e1", 3.5, 4.5, 120.0, None, "moderate", "moderate"),
        ("e2", None, 5.5, None, None, None, "high"),
    ]


def test_two_rows_for_one_administration_are_refused(table):
    assignment = assign_waves(
        table("administration_id | enrollment_id | instrument | day\n---\na | e | mspss | 0"), WAVES
    )
    with pytest.raises(UsageError, match="more than one row"):
        wave_scores(assignment, table("administration_id | mspss_total\n---\na | 1.0\na | 2.0"))


def test_windows_that_share_a_day_are_refused_by_name(table):
    touching = Wave(name="one_month", target_day=60, window=(-15, 15))
    frame = table("administration_id | enrollment_id | instrument | day\n---\na | e | mspss | 45")
    with pytest.raises(PlanRefusedError, match='"intake" and "one_month"'):
        assign_waves(frame, (INTAKE, touching))
