"""Promise: what the report says about its own findings is what they handed up, and nothing is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casearc.analyses import analyze
from casearc.analyses.synthesis import all_tests_findings, answers, checklists, threat_findings
from casearc.analyses.synthesis.gather import Gathered, levels_of_detail
from casearc.analyses.synthesis.threats import WORDS, weightiest
from casearc.findings import (
    Body,
    CountRef,
    Evidence,
    Finding,
    Number,
    Partition,
    Role,
    Section,
    Sentence,
    TestRun,
    Threat,
    Verdict,
)
from people import PLAN, by_id, plain, rows, said, study


def finding(*bodies: Body, name: str = "a") -> Finding:
    return Finding(id=name, section=Section.CHANGE, title=name, bodies=bodies)


def run(p: float, *, confirmatory: bool = False, key: str = "paired") -> TestRun:
    return TestRun(id=f"t{p}", label=f"test {p}", p=p, n_key=key, role=Role.PRIMARY, confirmatory=confirmatory)


def handing(*tests: TestRun) -> Finding:
    return finding(Body(tests=tests, counts={"enrolled": 9, "paired": 6, "rest": 3}, partitions=(SPLIT,)))


SPLIT = Partition("enrolled", ("paired", "rest"))
ADJUSTED = PLAN + '\n[inference]\nmultiplicity = "holm-bh"\n'


def test_families_are_adjusted_apart() -> None:
    """Holm of .01 and .04: .02 and .04. Benjamini-Hochberg of .01, .02, .5: .03, .03, .5."""
    found = handing(run(0.01, confirmatory=True), run(0.04, confirmatory=True), run(0.011), run(0.02), run(0.5))
    body = next(all_tests_findings(study(ADJUSTED), [found])).bodies[0]
    adjusted = {name: cells[-1] for name, cells in rows(body, "all_tests").items() if cells}
    assert adjusted == pytest.approx(
        {"test 0.01": 0.02, "test 0.04": 0.04, "test 0.011": 0.03, "test 0.02": 0.03, "test 0.5": 0.5}
    )


def test_checks_of_what_methods_suppose_are_told_apart_and_not_adjusted() -> None:
    check = replace(run(0.03), role=Role.DESCRIPTIVE)
    body = next(all_tests_findings(study(ADJUSTED), [handing(run(0.02), run(0.5), check)])).bodies[0]
    listed = rows(body, "all_tests")
    assert (listed["test 0.03"][-1], listed["test 0.02"][-1]) == (None, pytest.approx(0.04))
    assert "3 tests were run" in said(body)[0]
    assert "1 of them checks" in said(body)[0]


def test_without_a_rule_nothing_is_adjusted_and_that_is_a_threat() -> None:
    body = next(all_tests_findings(study(), [handing(run(0.01))])).bodies[0]
    assert rows(body, "all_tests")["test 0.01"][-1] is None
    assert [(each.threat, each.verdict) for each in body.evidence] == [(Threat.MULTIPLICITY, Verdict.OPEN)]


def test_every_planned_test_of_a_study_is_in_the_table() -> None:
    findings = analyze(study())
    listed = rows(by_id(findings)["tests"].bodies[0], "all_tests")
    handed = [test.label for each in findings for body in each.bodies[:1] for test in body.tests]
    assert handed
    assert set(handed) <= set(listed)


def test_counts_are_tied_to_all_enrolled_and_others_stay_behind() -> None:
    source = Body(
        counts={"enrolled": 9, "paired": 6, "rest": 3, "boys": 2, "girls": 4},
        partitions=(SPLIT, Partition("paired", ("boys", "girls"))),
    )
    told = Gathered(bodies=(source,)).close(Body(sentences=(Sentence("{n}", {"n": CountRef("paired")}),)))
    assert dict(told.counts) == {"enrolled": 9, "paired": 6, "rest": 3}
    assert told.partitions == (SPLIT,)


def test_outside_the_coarse_body_s_evidence_counts() -> None:
    fine, coarse = Body(told="fine"), Body(told="coarse")
    assert [each.bodies for each in levels_of_detail([finding(fine, coarse)])] == [(fine,), (coarse,)]
    assert len(levels_of_detail([finding(fine)])) == 1


def test_the_worst_verdict_of_a_threat_is_told_and_the_worst_threats_first() -> None:
    def of(threat: Threat, verdict: Verdict) -> Evidence:
        return Evidence(threat=threat, verdict=verdict, said=Sentence(f"{threat} {verdict}"))

    evidence = [
        of(Threat.TIME, Verdict.WEAKENED),
        of(Threat.ATTRITION, Verdict.OPEN),
        of(Threat.MEASUREMENT, Verdict.FOUND),
        of(Threat.ATTRITION, Verdict.FOUND),
    ]
    said = weightiest(evidence, (Verdict.FOUND, Verdict.OPEN), most=9)
    assert [each.template for each in said] == ["attrition found", "measurement found"]


def test_a_threat_nobody_examined_says_what_would() -> None:
    body = next(threat_findings(study(), [])).bodies[0]
    assert len(body.tables[0].rows) == 2 * len(Threat) == 2 * len(WORDS)
    assert {plain(body, row.cells[-1]) for row in body.tables[0].rows if row.heading} == {"not examined"}


@pytest.mark.parametrize("guideline", checklists.GUIDELINES, ids=lambda each: each.name)
def test_checklists_have_all_their_items_and_know_who_answers_each(guideline: checklists.Guideline) -> None:
    items = checklists._items(guideline)
    assert [item["item"] for item in items] == [str(n) for n in range(1, 23)]
    assert {item["fill"] for item in items} <= {"", *answers.ANSWERS}


def test_every_answer_is_asked_for() -> None:
    asked = {item["fill"] for guideline in checklists.GUIDELINES for item in checklists._items(guideline)}
    assert set(answers.ANSWERS) == asked - {""}


def test_blanks_are_listed() -> None:
    findings = by_id(analyze(study()))
    body = findings["checklist.trend"].bodies[0]
    left = [name for name, cells in rows(body, "checklist_trend").items() if cells[-1] == checklists.AUTHORS]
    assert left
    assert all(number in body.sentences[0].template for number in left)


def test_the_first_page_holds_no_number_the_gate_has_not_seen() -> None:
    """Its counts and the n of its numbers are in the body like any other finding's."""
    body = by_id(analyze(study()))["first_page.trust"].bodies[0]
    numbers = [slot for said in body.sentences for slot in said.slots.values() if isinstance(slot, Number)]
    assert any(n.rests_on is not None for n in numbers)
    assert all(n.rests_on in body.counts for n in numbers if n.rests_on is not None)


def test_a_test_whose_p_would_tell_of_few_people_is_listed_in_the_house_only() -> None:
    plain_one = TestRun(id="a", label="A", p=0.2, n_key="n", role=Role.EXPLORATORY)
    telling = replace(plain_one, id="b", label="B", supports=frozenset({"few"}))
    body = Body(counts={"n": 12, "few": 2, "many": 10}, partitions=(Partition("n", ("few", "many")),))
    found = next(all_tests_findings(study(threshold=3), [finding(replace(body, tests=(plain_one, telling)))]))
    whole, apart = found.bodies
    assert list(rows(whole, "all_tests"))[1:] == ["A", "B"]
    assert whole.supports == {"few"}
    assert list(rows(apart, "all_tests"))[1:] == ["A"]
    told = "Tests not in the table, since with n their p values would tell of counts of few people: 1."
    assert said(apart)[1] == told
