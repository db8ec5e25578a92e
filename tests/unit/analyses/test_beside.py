"""Promise: what stands beside a planned result is what it says: everybody beside pairs, other ways of asking, what is
expected without help."""

from __future__ import annotations

import math

import numpy as np
import pytest

from casearc.analyses.all_enrolled import course_findings, imputed_findings
from casearc.analyses.design import selection_findings
from casearc.analyses.dose_response import CROSS_SECTIONAL, dose_response_findings
from casearc.analyses.model_frame import finest
from casearc.analyses.robustness import (
    cluster_findings,
    otherwise_findings,
    precision_findings,
    unmeasured_findings,
)
from casearc.findings import Threat, Verdict
from casearc.statistics.linear import linear
from casearc.statistics.mixed import likeness
from casearc.statistics.paired import smallest_dz
from people import CAST, PLAN, by_id, cast, rows, said, study

ALL = '\n[missing]\nwaves = "all-enrolled"\nimputations = 5\n'
WHOLE = "\n".join(line for line in CAST.strip().splitlines() if not line.startswith(("P09", "P10", "P11", "P12")))


MORE = """
P13 |  15 | girl      | north | 3.0 3.5 4.5 | p c a |   45 |
P14 |  16 | boy       | south | 4.5 5.0 5.0 | c c a |  100 |
P15 |  14 | girl      | north | 5.0 4.5 6.0 | p p c |   75 |
P16 |  15 | boy       | south | 2.5 3.0 3.5 | p c c |   20 |"""


def test_with_nothing_missing_everybody_and_pairs_agree() -> None:
    body = by_id(course_findings(study(PLAN + ALL, cast(WHOLE))))["all_enrolled.course.support"].bodies[0]
    cells = [list(row.cells) for row in body.tables[0].rows]
    for everybody, pairs in zip(cells[::2], cells[1::2], strict=True):
        assert everybody[3].value == pytest.approx(pairs[3].value)
        assert body.counts[everybody[2].key] == body.counts[pairs[2].key] == 8


def test_with_something_missing_everybody_is_counted() -> None:
    body = by_id(course_findings(study(PLAN + ALL)))["all_enrolled.course.support"].bodies[0]
    assert body.counts["ever[mspss_total]"] == 12
    assert body.evidence[0].threat is Threat.ATTRITION


def test_completers_alone_unless_the_plan_says_otherwise() -> None:
    assert list(course_findings(study())) == list(imputed_findings(study())) == []


def test_with_nothing_missing_imputing_changes_nothing() -> None:
    body = by_id(imputed_findings(study(PLAN + ALL, cast(WHOLE + MORE))))["all_enrolled.by_months"].bodies[0]
    stayed, everybody = (row.cells for row in body.tables[0].rows)
    assert everybody[3].value == pytest.approx(stayed[3].value)
    assert everybody[5].value == pytest.approx(stayed[5].value)
    assert len(body.tables) == 1  # nobody left, so no tipping point


def test_a_change_score_model_is_one_of_change() -> None:
    data = study()
    body = by_id(otherwise_findings(data))["robustness.otherwise.by_months"].bodies[0]
    frame = finest(data, data.plan.models[0])
    names = [term.name for term in frame.terms]
    level = names.index("level@six_months")
    X = np.delete(frame.design, level, axis=1)
    by_hand = linear(X, frame.outcome - frame.design[:, level], terms=[n for n in names if n != "level@six_months"])
    told = rows(body, "otherwise_by_months")["Change since the landmark, its level not adjusted for"]
    assert told[0] == pytest.approx(float(by_hand.coefficients[1]))
    assert told[2] == pytest.approx(float(by_hand.p[1]))


def test_something_unmeasured_is_never_ruled_out() -> None:
    body = by_id(unmeasured_findings(study()))["robustness.unmeasured.by_months"].bodies[0]
    assert body.evidence[0].verdict in (Verdict.OPEN, Verdict.WEAKENED)
    assert "not whether there is such a thing" in body.tables[0].notes[0].template


SELECTION = "\n[selection]\npopulation_sd = 1.0\npopulation_mean = 5.0\nretest = 0.7\ncut = 4.0\n"


def test_expected_regression_to_the_mean_by_hand() -> None:
    """s (1 - r) phi(-1) / Phi(-1), from the population at large."""
    body = by_id(selection_findings(study(PLAN + SELECTION)))["design.selection"].bodies[0]
    expected = 0.3 * math.exp(-0.5) / math.sqrt(2 * math.pi) / (0.5 * math.erfc(1 / math.sqrt(2)))
    assert body.sentences[0].slots["expected"].value == pytest.approx(expected)
    assert body.evidence[0].verdict is Verdict.FOUND  # 0.25 points observed, 0.46 to be expected


def test_without_a_population_nothing_is_expected() -> None:
    assert list(selection_findings(study())) == []


def test_likeness_of_sites_is_that_of_their_scores() -> None:
    data = study()
    finding = next(cluster_findings(data))
    assert finding.refusal  # two sites are too few, and nobody has a worker
    three = cast(CAST.replace("| south | 5.0", "| east | 5.0").replace("| south | 2.0", "| east | 2.0"))
    data = study(tables=three)
    body = next(cluster_findings(data)).bodies[0]
    known = data.people.select("mspss_total@twelve_months", "site").drop_nulls()
    found = likeness(known["mspss_total@twelve_months"].to_numpy(), groups=known["site"].to_list())
    assert rows(body, "likeness")["Support at twelve months"][2] == pytest.approx(found.icc)
    assert [test.p for test in body.tests] == [pytest.approx(found.p)]


def test_how_small_a_change_could_be_seen() -> None:
    body = next(precision_findings(study())).bodies[0]
    assert body.sentences[0].slots["smallest"].value == smallest_dz(9)
    assert body.evidence[0].verdict is Verdict.FOUND


def test_a_model_without_a_dose_says_that_it_is_cross_sectional() -> None:
    plan = PLAN.replace('dose = "months"\nadjust_for = ["level@six_months"]', 'adjust_for = ["level@six_months"]')
    finding = by_id(dose_response_findings(study(plan)))["dose_response.by_months"]
    assert finding.warnings[0] == CROSS_SECTIONAL
    assert not said(finding.bodies[0])[0].startswith("Each further")
