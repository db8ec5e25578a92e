"""Promise: who was lost, how sure the measures are, and what was in doubt are told from the right people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from casearc.analyses.attrition import attrition_findings
from casearc.analyses.data_quality import data_findings
from casearc.analyses.instrument_quality import instrument_findings
from casearc.disclosure.structure import true_counts
from casearc.findings import Finding, Interval
from casearc.tables import Tables
from people import CAST, PLAN, by_id, cast, rows, said, study

PAIRED = "paired[mspss_total@intake,twelve_months]"
HEAD = CAST.strip().splitlines()[:2]
TWO_WAVES = PLAN.replace('[[wave]]\nname = "six_months"\ntarget_day = 180\nwindow = [-30, 45]\n', "")
TWO_WAVES = TWO_WAVES.replace("level@six_months", "level@intake").replace('to = "six_months"', 'to = "twelve_months"')


def _attrition(plan: str = PLAN, text: str = CAST, threshold: int = 3) -> dict[str, Finding]:
    return by_id(attrition_findings(study(plan, cast(text), threshold=threshold)))


@pytest.mark.parametrize("plan", [PLAN, TWO_WAVES])
def test_those_measured_first_and_not_last_are_lost(plan: str) -> None:
    """P09 and P10. P11, who missed the first wave, was not lost."""
    body = _attrition(plan)["attrition.comparison"].bodies[0]
    assert said(body) == ["Of those with support at intake, 9 have it at twelve months too and 2 were lost."]
    assert body.counts[f"{PAIRED}:second_only"] == 1


def test_the_comparison_by_hand() -> None:
    table = rows(_attrition()["attrition.comparison"].bodies[0], "attrition")
    kept, lost, difference, _, test = table["Support at intake"]
    assert [kept, lost] == [pytest.approx(36.5 / 9), 3.5]
    spread = np.sqrt((2.0 + 1.184389**2) / 2)  # of 4.5 and 2.5, and of the nine
    assert difference == pytest.approx((3.5 - 36.5 / 9) / spread, rel=1e-5)
    assert test == "Welch t"
    assert table["Girl"][:2] == [5, 1]
    assert table["Nonbinary"][:2] == [0, 1]
    assert table["Not recorded"][:2] == [1, 0]


def test_a_mean_of_those_lost_rests_on_those_whose_value_is_known() -> None:
    """Two were lost and the age of one is known: that one is what must be large enough, not the two."""
    whole, coarse, _ = _attrition(threshold=2)["attrition.comparison"].bodies
    assert whole.counts[f"{PAIRED}:first_only:known covariate:age"] == 1
    assert f"{PAIRED}:first_only:known covariate:age" in whole.supports
    assert rows(coarse, "attrition")["Age"] == [None, None, None, None, "known of too few to compare"]
    assert rows(coarse, "attrition")["Support at intake"][1] == 3.5
    assert all(coarse.counts[key] >= 2 for key in coarse.supports)


def test_reasons_are_those_of_the_people_lost() -> None:
    body = _attrition()["attrition.reasons"].bodies[0]
    assert rows(body, "attrition_reasons") == {"Moved": [1, 0.5], "No reason recorded": [1, 0.5]}


def test_nobody_lost_is_said() -> None:
    stayed = "\n".join(line for line in CAST.splitlines() if "P09" not in line and "P10" not in line)
    findings = _attrition(text=stayed)
    assert "Nobody was lost" in findings["attrition.reasons"].refusal
    assert all(not body.tables for body in findings["attrition.comparison"].bodies)


def test_nobody_at_the_first_wave_is_said() -> None:
    late = "\n".join([*HEAD, "P11 | 15 | girl | north | - 4.0 5.0 | - p c | 90 |"])
    assert "Nobody was measured at the first wave" in _attrition(text=late)["attrition.comparison"].refusal


def test_counts_of_every_telling_agree() -> None:
    assert true_counts(list(_attrition().values()))


def _instruments(tables: Tables, plan: str = PLAN) -> dict[str, Finding]:
    return by_id(instrument_findings(study(plan, tables)))


def _unanswered(*items: str, administration: str = ".") -> Tables:
    gone = pl.col("item").is_in(items) & pl.col("administration_id").str.contains(administration, literal=True)
    tables = cast()
    return replace(tables, responses=tables.responses.with_columns(response=pl.when(~gone).then("response")))


def _first_row(finding: Finding) -> list[object]:
    return _row(finding, 0)


def _row(finding: Finding, position: int) -> list[object]:
    body = finding.bodies[0]
    (cells,) = rows(body, replace(body.tables[0], rows=(body.tables[0].rows[position],))).values()
    return cells


def test_an_unanswered_item_leaves_a_complete_case_less_and_one_answer_missing() -> None:
    """Eleven people answered twelve items at intake; one answer is gone."""
    finding = _instruments(_unanswered("mspss_3", administration="P01.mspss.0"))["instruments.mspss"]
    cells = _first_row(finding)
    assert cells[:3] == ["Intake", 12.0, 10]
    assert cells[-1] == pytest.approx(1 / (11 * 12))
    assert rows(finding.bodies[0], "items_mspss")["3"][1] == 1


def test_an_item_nobody_answered_breaks_nothing() -> None:
    finding = _instruments(_unanswered("mspss_3", administration=".mspss."))["instruments.mspss"]
    cells = _first_row(finding)
    assert cells[2:5] == [0, None, None]
    assert cells[-1] == pytest.approx(1 / 12)
    assert "too few complete answers" in said(finding.bodies[0])[0]


def test_an_item_without_a_single_row_is_missing_and_not_the_scale() -> None:
    tables = cast()
    without = replace(tables, responses=tables.responses.filter(pl.col("item") != "mspss_3"))
    assert _first_row(_instruments(without)["instruments.mspss"])[-1] == pytest.approx(1 / 12)


def test_floor_and_ceiling_are_shares_of_answers() -> None:
    """P08 answered 6.5 at twelve months: six sevens among the 120 answers of ten people."""
    finding = _instruments(cast())["instruments.mspss"]
    cells = _row(finding, 2)
    assert cells[0] == "Twelve months"
    assert cells[5:8] == [0.0, pytest.approx(6 / 120), 0.0]


def test_intervals_of_alpha_follow_the_plan() -> None:
    finding = _instruments(cast(), PLAN + "\n[inference]\nalpha = 0.10\n")["instruments.mspss"]
    table = finding.bodies[0].tables[0]
    assert "90 % interval" in [column.label for column in table.columns]
    assert {cell.level for row in table.rows for cell in row.cells if isinstance(cell, Interval)} == {0.9}


def test_variants_are_judged_by_their_own_administrations() -> None:
    """The 13 items of the short form are no 26-item form with 13 answers missing."""
    tables = cast()
    forms = pl.DataFrame(
        [
            (f"P{i:02}.{variant or 'full'}", f"P{i:02}", "cop_se", variant, i)
            for i in range(1, 7)
            for variant in (None, "short-13")
        ],
        schema=["administration_id", "enrollment_id", "instrument", "variant", "day"],
        orient="row",
    ).filter((pl.col("day") <= 3) == pl.col("variant").is_null())
    answers = pl.DataFrame(
        [
            (row["administration_id"], f"cop_se_{item}", float((item + row["day"]) % 11))
            for row in forms.iter_rows(named=True)
            for item in range(1, 14 if row["variant"] else 27)
        ],
        schema=["administration_id", "item", "response"],
        orient="row",
    )
    both = replace(
        tables,
        administrations=pl.concat(
            [tables.administrations, forms.cast({"day": tables.administrations["day"].dtype})], how="diagonal"
        ),
        responses=pl.concat([tables.responses, answers], how="diagonal"),
    )
    findings = _instruments(both, PLAN + '\ncop_se = "0-10"\n')
    full, short = findings["instruments.cop_se"], findings["instruments.cop_se_short-13"]
    assert _first_row(full)[1:3] == [26.0, 3]
    assert _first_row(short)[1:3] == [13.0, 3]
    assert _first_row(full)[-1] == _first_row(short)[-1] == 0.0


def test_an_instrument_outside_every_wave_is_said_and_breaks_no_other_analysis() -> None:
    tables = cast()
    late = pl.when(pl.col("instrument") == "urica").then(pl.col("day") + 70).otherwise("day")
    moved = replace(tables, administrations=tables.administrations.with_columns(day=late))
    assert "falls into a wave" in _instruments(moved)["instruments.urica"].refusal


def test_nothing_in_doubt_is_said() -> None:
    (finding,) = data_findings(study())
    assert said(finding.bodies[0])[0].startswith("Nothing was in doubt")


def test_doubts_are_counted_with_the_rule_that_decided() -> None:
    """P01 answered the MSPSS on day 0 and again on day 5; P99 has no enrollment."""
    tables = cast()
    again = tables.administrations.filter(pl.col("administration_id") == "P01.mspss.0").with_columns(
        administration_id=pl.lit("again"), day=pl.lit(5).cast(tables.administrations["day"].dtype)
    )
    person = tables.participants[:1].with_columns(participant_id=pl.lit("P99"))
    doubtful = replace(
        tables,
        administrations=pl.concat([tables.administrations, again]),
        participants=pl.concat([tables.participants, person]),
    )
    (finding,) = data_findings(study(tables=doubtful))
    table = rows(finding.bodies[0], "ambiguities")
    assert table["Several in window"][:2] == ["mspss, intake", 1]
    assert table["Participant without an enrollment"] == ["participants", 1, "not evaluated"]
