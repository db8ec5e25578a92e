"""Promise: everybody enrolled is in a step or has one reason for not being in it; nobody is described twice."""

from __future__ import annotations

import polars as pl
import pytest

from casearc.analyses.flow import flow_findings
from casearc.analyses.grouping import level_counts, shown_grouping
from casearc.analyses.participants import participants_findings
from casearc.disclosure.structure import true_counts
from people import CAST, PLAN, by_id, cast, rows, study

# Two waves over the same days, one taking the first measurement and one the last: one measurement can stand for both.
FIRST_AND_LAST = PLAN.replace(
    'name = "six_months"\ntarget_day = 180\nwindow = [-30, 45]',
    'name = "six_months"\ntarget_day = 180\nwindow = [-134, 220]\npick = "first"',
).replace(
    'name = "twelve_months"\ntarget_day = 360\nwindow = [-30, 45]',
    'name = "twelve_months"\ntarget_day = 360\nwindow = [-314, 40]\npick = "last"',
)


def test_each_step_counts_from_all_enrolled() -> None:
    body = next(flow_findings(study())).bodies[0]
    steps = {label: cells[0] for label, cells in rows(body, "flow").items()}
    assert steps["Enrolled (first enrollment)"] == 12
    assert steps["Support at intake (day -30 to 45)"] == 11  # P11 missed it
    assert steps["Support at six months (day 150 to 225)"] == 11  # P10 was gone
    assert steps["Support at twelve months (day 330 to 405)"] == 10  # P09 and P10 were gone
    assert steps["Support at both intake and twelve months"] == 9
    assert steps["In the model of by_months"] == 9


@pytest.mark.parametrize(
    ("reason", "count"),
    [
        ("no outcome at that wave", 2),  # P09, P10
        ("no level at the wave adjusted for", 0),  # P10 lacks it too, and is counted once
        ("outcome not measured after the dose ended", 0),
        ("the dose is not known", 1),  # P11 has no intake, so no window
        ("a covariate is missing", 0),
    ],
)
def test_each_person_not_in_a_model_has_the_first_reason_that_applies(reason: str, count: int) -> None:
    assert next(flow_findings(study())).bodies[0].counts[f"analyzed[by_months]:{reason}"] == count


def test_pairs_and_their_reasons_add_up_to_all_enrolled() -> None:
    counts = next(flow_findings(study())).bodies[0].counts
    key = "paired[mspss_total@intake,twelve_months]"
    assert [counts[f"{key}{part}"] for part in ("", ":first_only", ":second_only", ":neither")] == [9, 2, 1, 0]


def test_one_measurement_that_stands_for_two_waves_is_no_pair_and_no_outcome() -> None:
    """P09 was measured at intake and once more: the same answers are their first and their last."""
    body = next(flow_findings(study(FIRST_AND_LAST))).bodies[0]
    assert body.counts["analyzed[by_months]:outcome not measured after the dose ended"] == 1
    assert body.counts["analyzed[by_months]"] == 9
    assert true_counts(list(flow_findings(study(FIRST_AND_LAST))))


def test_a_model_nobody_is_in_says_why() -> None:
    nobody = "\n".join(line for line in CAST.splitlines() if "P1" not in line and "P0" not in line)
    body = next(
        flow_findings(study(tables=cast(nobody + "\nP01 | 14 | girl | north | 4.0 - - | p - - | 30 |")))
    ).bodies[0]
    steps = rows(body, "flow")
    assert steps["In the model of by_months"][0] == 0
    assert steps["Not in it: no outcome at that wave"][0] == 1


def test_table_1_counts_those_without_an_answer() -> None:
    body = next(participants_findings(study())).bodies[0]
    table = rows(body, "participants")
    assert {name: table[name][:2] for name in ("Girl", "Boy", "Nonbinary", "Not recorded")} == {
        "Girl": [7, 7 / 12],
        "Boy": [3, 3 / 12],
        "Nonbinary": [1, 1 / 12],
        "Not recorded": [1, 1 / 12],
    }
    assert table["Age, where known"][0] == 11
    assert table["Age, where known"][2] == pytest.approx((14 * 3 + 15 * 4 + 16 * 3 + 17) / 11)


def test_table_1_merges_by_the_ladder_and_says_so() -> None:
    body = next(participants_findings(study(threshold=3))).bodies[1]
    table = rows(body, "participants")
    assert table["Girl"][0] == 7
    assert table["All others or not recorded"][0] == 5
    assert "merged into the plan's coarser groups" in body.told


def test_without_covariates_table_1_is_refused() -> None:
    plan = PLAN[: PLAN.index("[[covariate]]")] + PLAN[PLAN.index("[[model]]") :]
    assert "nothing to describe" in next(participants_findings(study(plan))).refusal


LADDER = ({"all_others": ("boy", "nonbinary")},)


@pytest.mark.parametrize(
    ("counts", "ladder", "groups", "told"),
    [
        # large enough as they are
        ({"girl": 20, "boy": 12}, LADDER, {"girl": 20, "boy": 12}, ""),
        # the ladder before anything else
        ({"girl": 20, "boy": 6, "nonbinary": 5}, LADDER, {"girl": 20, "all_others": 11}, "coarser groups"),
        # those without an answer join the smallest group where they are few
        (
            {"girl": 20, "boy": 12, "not_recorded": 2},
            (),
            {"girl": 20, "boy_or_not_recorded": 14},
            "without an answer were joined",
        ),
        # and stay by themselves where they are many
        (
            {"girl": 20, "boy": 6, "nonbinary": 5, "not_recorded": 11},
            LADDER,
            {"girl": 20, "all_others": 11, "not_recorded": 11},
            "",
        ),
        # no ladder: the smallest are pooled, the next larger one with them until the pool is large enough
        ({"a": 30, "b": 12, "c": 6, "d": 3}, (), {"a": 30, "all_other_answers": 21}, "pooled"),
        # nothing left to keep apart
        ({"a": 6, "b": 4}, (), {"all_other_answers": 10}, "pooled"),
    ],
)
def test_groups_large_enough_to_be_shown(
    counts: dict[str, int], ladder: tuple[dict[str, tuple[str, ...]], ...], groups: dict[str, int], told: str
) -> None:
    found = shown_grouping(counts, ladder, threshold=11, name="gender")
    assert {name: sum(counts[member] for member in members) for name, members in found.groups} == groups
    assert told in found.told


def test_levels_are_counted_largest_first_and_those_without_an_answer_last() -> None:
    counts = level_counts(pl.Series(["b", None, None, None, "a", "a", "c"]))
    assert list(counts.items()) == [("a", 2), ("b", 1), ("c", 1), ("not_recorded", 3)]


def test_a_group_named_after_one_of_its_levels_is_not_that_level() -> None:
    """The ladder may call boys and nonbinary participants together "boy": the gate must not take them for the boys."""
    plan = PLAN.replace('all_others = ["boy", "nonbinary"]', 'boy = ["boy", "nonbinary"]')
    finding = by_id(participants_findings(study(plan)))["participants.table_1"]
    assert finding.bodies[0].counts["covariate.gender=boy"] == 3
    assert true_counts([finding])
