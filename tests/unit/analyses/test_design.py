"""Promise: the design is questioned on the data: change before service beside change during it, and time zero."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from casearc.analyses.design import pretest_findings, time_zero_findings
from casearc.findings import Threat, Verdict
from casearc.tables import Tables
from people import PLAN, by_id, cast, rows, said, study

DOUBLE = PLAN.replace('design = "pretest-posttest"', 'design = "double-pretest"')
MONTHS = 180 / 30.4375

# Those with all three: P01-P08, P12; change in the first and in the second 180 days.
FIRST = np.array([0.5, 1.0, 0.0, 0.5, -0.5, -1.0, 0.5, 1.0, 0.0]) / MONTHS
SECOND = np.array([0.5, 0.0, 0.5, 1.5, 0.5, 0.0, 1.5, 0.5, 0.5]) / MONTHS


def served(days: dict[str, int], *, others: int = 200) -> Tables:
    """The cast, first served on these days; the others after the second pretest on day 180."""
    starts = pl.col("enrollment_id").replace_strict(days, default=others, return_dtype=pl.Int64)
    return changed(enrollments=cast().enrollments.with_columns(first_service_day=starts))


def test_monthly_rates_by_hand() -> None:
    (body,) = by_id(pretest_findings(study(DOUBLE, served({}))))["design.pretests.support"].bodies
    before, during, difference, everybody = rows(body, "pretests_support").values()
    assert before[0] == pytest.approx(FIRST.mean())
    assert during[0] == pytest.approx(SECOND.mean())
    assert difference[0] == pytest.approx((SECOND - FIRST).mean())
    assert difference[1] == pytest.approx((SECOND - FIRST).std(ddof=1))
    assert everybody[0] != difference[0]  # P09 to P11 count with what they have
    assert said(body)[0].startswith("Before services (intake to six months) support changed by")
    assert body.evidence[0].threat is Threat.TIME


def test_people_measured_at_all_three_waves_are_some_of_those_at_each_two() -> None:
    body = by_id(pretest_findings(study(DOUBLE, served({}))))["design.pretests.support"].bodies[0]
    key = next(key for key in body.bases if key.startswith("at_all"))
    assert body.counts[key] == 9
    assert sum(key in partition.parts for partition in body.partitions) == 3


def test_who_was_served_before_the_second_pretest_is_left_out_and_counted() -> None:
    """P01 and P06 before it, P10 too, who was measured once; P02 on the very day, which is not before it."""
    tables = served({"P01": 20, "P06": 179, "P02": 180, "P10": 5})
    fine, coarse = by_id(pretest_findings(study(DOUBLE, tables)))["design.pretests.support"].bodies
    kept = [i for i in range(9) if i not in (0, 5)]
    for body in (fine, coarse):
        before, during, _, everybody = rows(body, "pretests_support").values()
        assert [before[0], during[0]] == [pytest.approx(FIRST[kept].mean()), pytest.approx(SECOND[kept].mean())]
        assert body.tests[0].n_key.endswith("not served early")
        assert body.counts[body.tests[0].n_key] == 7
        whole = by_id(pretest_findings(study(DOUBLE, served({}))))["design.pretests.support"].bodies[0]
        assert everybody[0] != rows(whole, "pretests_support")["Difference, everybody"][0]
    assert said(fine)[1].startswith("2 more, measured at all three, are left out")
    assert said(coarse)[1] == "Those whose services began before their second pretest are left out."
    assert fine.counts["ever[mspss_total]:not served early"] == 9


def test_everybody_served_early_leaves_nothing_to_compare() -> None:
    (finding,) = pretest_findings(study(DOUBLE, served({}, others=0)))
    assert not finding.bodies
    assert "not served before the second" in finding.refusal


def test_the_column_that_the_plan_names_says_who_was_served_early() -> None:
    plan = DOUBLE.replace("[[outcome]]", '[service]\nstarts = "case_opened"\n[[outcome]]', 1)
    tables = served({}, others=0)
    opened = tables.enrollments.with_columns(case_opened=pl.lit(190))
    (body,) = by_id(pretest_findings(study(plan, changed(enrollments=opened))))["design.pretests.support"].bodies
    assert body.counts[body.tests[0].n_key] == 9


def test_one_pretest_cannot_tell_time_from_services() -> None:
    (finding,) = pretest_findings(study())
    assert finding.bodies[0].evidence[0].verdict is Verdict.OPEN


def changed(**frames: pl.DataFrame) -> Tables:
    tables = cast()
    return Tables.of(**{**{name: getattr(tables, name) for name in FRAMES}, **frames})


FRAMES = ("participants", "enrollments", "contacts", "administrations", "responses")


@pytest.mark.parametrize(
    ("spoil", "check"),
    [
        (lambda t: {"enrollments": t.enrollments.with_columns(first_service_day=pl.lit(-9))}, "Start of service"),
        (lambda t: {"contacts": t.contacts.with_columns(day=pl.col("day") - 5)}, "Contacts before day 0"),
        (lambda t: {"enrollments": t.enrollments.with_columns(exit_day=pl.lit(100))}, "Everybody compared"),
    ],
)
def test_each_fault_of_time_is_found_where_it_is(spoil: object, check: str) -> None:
    clean = by_id(time_zero_findings(study()))["design.time_zero"].bodies[0]
    assert [each.verdict for each in clean.evidence] == [Verdict.CLEAR]
    spoiled = study(tables=changed(**spoil(cast())))  # type: ignore[operator]
    body = by_id(time_zero_findings(spoiled))["design.time_zero"].bodies[0]
    assert [each.verdict for each in body.evidence] == [Verdict.OPEN]
    found = {name: text for name, (text, _) in rows(body, "time_zero").items()}
    clean_found = {name: text for name, (text, _) in rows(clean, "time_zero").items()}
    assert [name for name in found if found[name] != clean_found[name]] == [n for n in found if n.startswith(check)]


def test_no_number_of_people_stands_in_a_check_of_time() -> None:
    body = by_id(time_zero_findings(study()))["design.time_zero"].bodies[0]
    assert not body.counts
