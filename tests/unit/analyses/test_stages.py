"""Promise: who moved to which stage is counted once, told coarser only in sum, and tested on what is told."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from casearc.analyses import stage_tests
from casearc.analyses.stage_agreement import agreement_findings
from casearc.analyses.stages import stage_findings
from casearc.disclosure.structure import true_counts
from casearc.findings import Finding
from people import CAST, PLAN, by_id, cast, rows, said, study

STAGE = "stages.stage.intake.twelve_months"
TABLE = "stages_stage_intake_twelve_months"
LADDER = 'ladder = [{ later = ["contemplation", "preparation_action"] }]'


def _moves(plan: str = PLAN, text: str = CAST) -> Finding:
    return by_id(stage_findings(study(plan, cast(text))))[STAGE]


def test_the_matrix_and_its_margins() -> None:
    """P01 p>a, P02 p>c, P03 c>a, P04 p>c, P05 a>a, P06 c>p, P07 c>a, P08 a>c, P12 c>c."""
    assert rows(_moves().bodies[0], TABLE) == {
        "Precontemplation": [0, 2, 1, 3],
        "Contemplation": [1, 1, 2, 4],
        "Preparation or action": [0, 1, 1, 2],
        "All": [1, 4, 4, 9],
    }


def test_a_merged_rung_is_the_matrix_added_up() -> None:
    body = _moves().bodies[1]
    assert rows(body, TABLE) == {"Precontemplation": [0, 3, 3], "Later": [1, 5, 6], "All": [1, 8, 9]}
    assert "merged into “Precontemplation”, “Later”" in body.told


@pytest.mark.parametrize(
    ("direction", "words"),
    [
        ("higher", "advanced 5, same 2, regressed 2"),
        ("lower", "worse 5, same 2, better 2"),
        ("none", "moved up 5, same 2, moved down 2"),
    ],
)
def test_the_good_direction_is_the_plan_s(direction: str, words: str) -> None:
    start, end = PLAN.split('role = "exploratory"\ndirection = "none"')
    finding = _moves(f'{start}role = "exploratory"\ndirection = "{direction}"{end}')
    assert said(finding.bodies[0])[0] == f"Stage from intake to twelve months: {words}."
    assert any("no direction of movement" in sentence for sentence in said(finding.bodies[0])) is (direction == "none")


def test_movement_is_told_in_three_groups_then_in_two() -> None:
    told = [{name: cells[0] for name, cells in rows(body, TABLE).items()} for body in _moves().bodies[2:]]
    assert told == [
        {"Moved up": 5, "Same": 2, "Moved down": 2},
        {"Moved up": 5, "Same or moved down": 4},
        {"Same or moved up": 7, "Moved down": 2},
    ]


def test_merged_movement_is_tested_on_nothing_but_what_is_shown() -> None:
    """The statistic of a matrix that is hidden would give its cells away; two groups allow no test at all."""
    three, *two = _moves().bodies[2:]
    assert [row.cells[0].text for table in three.tables[1:] for row in table.rows] == [  # type: ignore[union-attr]
        "Exact test of moves up against moves down"
    ]
    assert all(len(body.tables) == 1 for body in two)
    p = rows(three, "stage_tests_stage_intake_twelve_months")["Exact test of moves up against moves down"][-1]
    assert p == pytest.approx(stats.binomtest(2, 7).pvalue)


def test_bowker_by_hand() -> None:
    """Opposite cells 2 and 1, 1 and 0, 2 and 1: 1/3 + 1 + 1/3 on three degrees of freedom."""
    cells = rows(_moves().bodies[0], "stage_tests_stage_intake_twelve_months")["Bowker's test of symmetry"]
    assert cells[:2] == [pytest.approx(5 / 3), 3]
    assert cells[2] == pytest.approx(stats.chi2.sf(5 / 3, 3))


@pytest.mark.parametrize(
    ("counts", "exact"),
    [
        ([[9, 5], [4, 9]], True),  # nine moved: fewer than ten between the two cells
        ([[9, 6], [4, 9]], False),
        ([[9, 0, 12], [0, 9, 0], [8, 0, 9]], False),  # pairs nobody moved between carry no test
        ([[9, 1, 12], [0, 9, 0], [8, 0, 9]], True),
    ],
)
def test_an_exact_test_stands_beside_where_movers_are_few(counts: list[list[int]], *, exact: bool) -> None:
    names = [test.name for test in stage_tests.tests_of_change(np.array(counts), seed=1, in_order=True)]
    assert ("Exact test of symmetry" in names) is exact


def test_nobody_moved_is_no_test_and_the_reason_does_not_say_so() -> None:
    still = stage_tests.tests_of_change(np.diag([4, 5, 6]), seed=1, in_order=True)
    assert [(test.p, test.reason) for test in still] == [(None, stage_tests.NOT_ENOUGH)] * len(still)
    assert stage_tests.sign_test(up=0, down=0).p is None


@pytest.mark.parametrize(
    "rung",
    [
        '{ contemplation = ["contemplation", "preparation_action"] }',
        '{ later = ["contemplation", "preparation_action"] }, { later = ["precontemplation", "contemplation"] }',
    ],
)
def test_a_rung_that_reuses_a_name_is_not_taken_for_another_group(rung: str) -> None:
    finding = _moves(PLAN.replace(LADDER, f"ladder = [{rung}]"))
    counts = true_counts([finding])
    assert counts["paired[urica_stage_habits@intake,twelve_months]:from=contemplation"] == 4


def test_the_last_interval_gives_the_headline() -> None:
    findings = by_id(stage_findings(study()))
    assert {name: finding.bodies[0].headline is not None for name, finding in findings.items()} == {
        "stages.stage.intake.six_months": False,
        "stages.stage.six_months.twelve_months": False,
        STAGE: True,
    }


def test_nobody_staged_twice_is_refused() -> None:
    alone = "\n".join([*CAST.strip().splitlines()[:2], "P01 | 14 | girl | north | 4.0 - - | p - - | 30 |"])
    assert "no movement can be counted" in _moves(text=alone).refusal


def test_agreement_of_two_rules_by_hand() -> None:
    """P07 at intake and P04 at six months are in contemplation by one rule and in precontemplation by the other."""
    (finding,) = agreement_findings(study())
    table = rows(finding.bodies[0], finding.bodies[0].tables[0])
    assert table["Intake"][:2] == [11, pytest.approx(10 / 11)]
    assert table["Intake"][2] == pytest.approx(6 / 7)  # (10/11 - 44/121) / (1 - 44/121)
    assert table["Six months"][:2] == [11, pytest.approx(10 / 11)]
    assert table["Twelve months"] == [10, 1.0, pytest.approx(1.0), None]  # nobody differs, so there is no interval


def test_the_share_of_people_who_agree_is_a_count_and_can_be_left_out() -> None:
    (finding,) = agreement_findings(study())
    whole, without = finding.bodies
    assert whole.counts["staged[urica_stage_habits,urica_stage_nearest_mean@intake]:different"] == 1
    assert [column.id for column in without.tables[0].columns] == ["wave", "n", "kappa", "conf"]
    assert true_counts([finding])


def test_a_shift_up_is_tested_where_levels_have_an_order() -> None:
    """Moves of +1, -1, +2, +1 … of seven movers: 5 up of which one over two levels, 2 down, each sign as likely."""
    table = rows(_moves().bodies[0], "stage_tests_stage_intake_twelve_months")
    moves = np.array([2, 1, 1, 1, 1, -1, -1])
    sums = [abs(moves @ signs) for signs in np.array(np.meshgrid(*[[1, -1]] * 7)).reshape(7, -1).T * np.sign(moves)]
    expected = np.mean(np.array(sums) >= abs(moves.sum()))
    assert table["Exact test of a shift, a move over two levels counting double"][-1] == pytest.approx(expected)
    assert table["Exact test of moves up against moves down"][-1] == pytest.approx(stats.binomtest(2, 7).pvalue)


def test_two_levels_have_no_second_test_of_the_same() -> None:
    names = [test.name for test in stage_tests.tests_of_change(np.array([[3, 4], [1, 5]]), seed=1, in_order=True)]
    assert not any("shift" in name or "moves up" in name for name in names)


def test_levels_merged_across_others_have_no_order() -> None:
    """Precontemplation with preparation or action, contemplation between them."""
    plan = PLAN.replace(LADDER, 'ladder = [{ ends = ["precontemplation", "preparation_action"] }]')
    names = [test.id for test in _moves(plan).bodies[1].tests]
    assert names
    assert not any("shift" in name for name in names)


def test_every_p_is_handed_up_and_rests_on_the_counts_that_it_could_tell() -> None:
    for body in _moves().bodies:
        printed = [row.cells[-1] for table in body.tables if "tests" in table.id for row in table.rows]
        assert sorted(test.p for test in body.tests) == sorted(cell.value for cell in printed)  # type: ignore[union-attr]
        assert all(test.supports <= set(body.counts) and len(test.supports) > 2 for test in body.tests)
        assert not any(test.confirmatory for test in body.tests)
