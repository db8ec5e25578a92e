"""Promise: change is that of the same people, tested where it can be, and grouped as the plan says what is better."""

from __future__ import annotations

import numpy as np
import pytest

from casearc.analyses.change import change_findings, wave_pairs
from casearc.analyses.change.criterion import Criterion
from casearc.analyses.change.groups import group_by_change
from casearc.analyses.ledger import Ledger
from casearc.change.reliable import ReliableChange
from casearc.disclosure.structure import true_counts
from casearc.findings import Body, Finding
from people import CAST, PLAN, by_id, cast, plain, rows, said, study

# Differences intake to twelve months: 1, 1, .5, 2, 0, -1, 2, 1.5, .5 of nine people; their sum 7.5, of squares 13.75.
_VARIANCE = (13.75 - 7.5**2 / 9) / 8


def _support(plan: str = PLAN, text: str = CAST) -> Finding:
    return by_id(change_findings(study(plan, cast(text))))["change.support"]


def table_cells(body: Body, name: str) -> list[list[object]]:
    """A table row by row, as `plain` says it."""
    table = next(each for each in body.tables if each.id == name)
    return [[plain(body, cell) for cell in row.cells] for row in table.rows]


def _rows_of(*lines: str) -> str:
    return "\n".join([*CAST.strip().splitlines()[:2], *lines])


def test_means_are_those_of_people_measured_twice() -> None:
    n, before, _, after, _, change, _ = rows(_support().bodies[0], "change_support")["intake to twelve months"]
    assert n == 9
    assert before == pytest.approx(36.5 / 9)
    assert after == pytest.approx(44 / 9)
    assert change == pytest.approx(7.5 / 9)


def test_tests_by_hand() -> None:
    t, df, _, v, p_wilcoxon = rows(_support().bodies[0], "change_support-tests")["intake to twelve months"]
    assert t == pytest.approx((7.5 / 9) / np.sqrt(_VARIANCE / 9))
    assert df == 8
    assert v == 32  # ranks of the positive ones: 1.5 + 1.5 + 4 + 4 + 6 + 7.5 + 7.5
    assert p_wilcoxon == pytest.approx(14 / 256)


def test_consecutive_waves_and_then_first_to_last() -> None:
    assert wave_pairs(study()) == (
        ("intake", "six_months"),
        ("six_months", "twelve_months"),
        ("intake", "twelve_months"),
    )


@pytest.mark.parametrize(
    ("direction", "groups"),
    [
        (
            "higher",
            {"much worse": 0, "worse": 0, "a little down": 1, "same or a little up": 5, "better": 3, "much better": 0},
        ),
        (
            "lower",
            {"much worse": 0, "worse": 3, "a little up": 4, "same or a little down": 2, "better": 0, "much better": 0},
        ),
        (
            "none",
            {
                "much lower": 0,
                "lower": 0,
                "a little lower": 1,
                "same or a little higher": 5,
                "higher": 3,
                "much higher": 0,
            },
        ),
    ],
)
def test_groups_of_change_go_by_the_good_side_of_the_score(direction: str, groups: dict[str, int]) -> None:
    """The criterion is 1.96 * sqrt(2) * 1.18 * sqrt(1 - .85) = 1.27 points."""
    plan = PLAN.replace('direction = "higher"', f'direction = "{direction}"')
    body = _support(plan).bodies[0]
    table = rows(body, "reliable_change_support")
    assert {name: cells[0] for name, cells in table.items()} == groups
    assert [cells[1] for cells in table.values()] == [pytest.approx(n / 9) for n in groups.values()]


def test_coarser_groups_add_up_and_one_without_groups_comes_last() -> None:
    told = [
        {name: cells[0] for name, cells in rows(body, "reliable_change_support").items()}
        for body in _support().bodies[1:4]
    ]
    assert told == [
        {"reliably worse": 0, "no reliable change": 6, "reliably better": 3},
        {"not reliably better": 6, "reliably better": 3},
        {"down": 1, "same or up": 8},
    ]
    assert [table.id for table in _support().bodies[4].tables] == [
        "change_support",
        "change_support-tests",
        "change_support-size",
    ]


@pytest.mark.parametrize(
    ("difference", "group"),
    [
        (-2.1, 0),
        (-2.0, 1),  # exactly twice the criterion is not beyond it
        (-1.1, 1),
        (-1.0, 2),  # exactly the criterion is not reliable, on either side
        (-(1.0 + 1e-12), 2),  # nor is the rounding of a mean of items
        (-1e-14, 3),  # which is no change either
        (0.0, 3),
        (1.0, 3),
        (1.0 + 1e-12, 3),
        (1.1, 4),
        (2.0, 4),
        (2.1, 5),
    ],
)
def test_a_change_at_the_criterion_is_not_reliable(difference: float, group: int) -> None:
    data = study()
    reliable = ReliableChange(
        sd=1.0, reliability=0.5, se_measurement=0.5, s_difference=0.5, multiplier=2.0, criterion=1.0
    )
    ledger = Ledger(data)
    group_by_change(
        data,
        data.plan.outcome("support"),
        ledger,
        pair=("intake", "twelve_months"),
        difference=np.array([difference]),
        criterion=Criterion(reliable=reliable, source=""),
        detail=0,
    )
    whole = "paired[mspss_total@intake,twelve_months]"
    assert [ledger.counts[f"{whole}:change:{i}"] for i in range(6)] == [int(i == group) for i in range(6)]


def test_everybody_changed_by_the_same_amount_gives_a_reason_and_no_number() -> None:
    same = _rows_of(
        *(
            f"P{i:02} | 14 | girl | north | {x} {x + 0.5} {x + 0.5} | p p p | 30 |"
            for i, x in enumerate((2.0, 3.0, 4.5))
        )
    )
    body = _support(text=same).bodies[0]
    cells = rows(body, "change_support-tests")["intake to six months"]
    assert cells[:3] == [None, None, None]
    sizes = {str(row[1]): row[2:] for row in table_cells(body, "change_support-size")[:4]}
    assert sizes["d_z"] == sizes["Rank-biserial"] == sizes["Typical change"] == [None, None]
    notes = [note.template for note in body.tables[1].notes]
    assert any("Intake to six months: the t test" in note and "could not be computed" in note for note in notes)
    assert any("no test was possible" in sentence for sentence in said(body))


def test_with_few_pairs_the_t_test_stays_where_ranks_are_too_few() -> None:
    """No exact interval of the typical change exists below six pairs; that took the t test with it once."""
    few = _rows_of(
        "P01 | 14 | girl | north | 4.0 4.5 5.0 | p c a | 30 |",
        "P02 | 14 | girl | north | 3.0 4.0 5.0 | p c a | 30 |",
        "P03 | 14 | girl | north | 3.0 3.0 5.0 | p c a | 30 |",
    )
    body = _support(text=few).bodies[0]
    assert rows(body, "change_support-tests")["intake to six months"][0] == pytest.approx(0.5 / (0.5 / np.sqrt(3)))
    assert table_cells(body, "change_support-size")[3] == ["intake to six months", "Typical change", None, None]


def test_texts_never_count_the_people_of_a_test_that_declined() -> None:
    few = _rows_of(
        *(f"P{i:02} | 14 | girl | north | 4.0 {x} 5.0 | p c a | 30 |" for i, x in enumerate((4.0, 5.0, 6.0)))
    )
    for body in _support(text=few).bodies:
        notes = [note.template for table in body.tables for note in table.notes]
        assert not any("3" in note for note in notes)


def test_one_pair_is_no_change() -> None:
    alone = _rows_of("P01 | 14 | girl | north | 4.0 4.5 - | p c - | 30 |")
    assert "no change can be measured" in _support(text=alone).refusal


def test_no_spread_at_the_start_leaves_reliable_change_out() -> None:
    """Equal means of items may differ in their last digit; that is no spread."""
    flat = _rows_of(
        *(f"P{i:02} | 14 | girl | north | 4.1 {x} {x} | p p p | 30 |" for i, x in enumerate((4.5, 5.0, 5.5)))
    )
    for body in _support(text=flat).bodies:
        assert not any(table.id.startswith("reliable") for table in body.tables)


def test_intervals_are_headed_by_the_plan_s_level() -> None:
    body = _support(PLAN + "\n[inference]\nalpha = 0.10\n").bodies[0]
    assert body.tables[0].columns[-1].label == "90 % interval"
    low, high = plain(body, body.tables[0].rows[-1].cells[-1])  # type: ignore[misc]
    half = 1.8595480375 * np.sqrt(_VARIANCE / 9)  # t of 8 df, 95th percentile
    assert (low, high) == pytest.approx((7.5 / 9 - half, 7.5 / 9 + half))


def test_the_direction_of_a_change_is_said_without_judging() -> None:
    assert said(_support().bodies[0])[0].startswith(
        "From intake to six months, support was on average 0.2 points higher"
    )


def test_counts_of_every_telling_agree() -> None:
    bodies: tuple[Body, ...] = _support().bodies
    assert len(bodies) == 5
    assert true_counts([_support()])
