"""Every test that was run, with what it is worth among all of them: Holm for what was planned as a test, Benjamini and
Hochberg for what explores; checks of what methods suppose stand by themselves and are no findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casearc.analyses.dataset import StudyData
from casearc.analyses.synthesis.gather import Gathered, distinct, levels_of_detail
from casearc.findings import (
    Blank,
    Body,
    Cell,
    Column,
    CountRef,
    Evidence,
    Finding,
    Number,
    Quantity,
    Role,
    Row,
    Section,
    Sentence,
    Table,
    Tally,
    TestRun,
    Text,
    Threat,
    Verdict,
)
from casearc.statistics.multiplicity import benjamini_hochberg, holm

COLUMNS = (
    Column("test", "Test"),
    Column("n", "n"),
    Column("p_value", "p"),
    Column("p_adjusted", "p, adjusted"),
)
NONE = "none"
CHECKS = "checks"
FAMILIES = (
    ("confirmatory", "Planned as tests: adjusted by Holm"),
    ("exploratory", "Exploratory: adjusted by Benjamini and Hochberg (share of false discoveries)"),
    (CHECKS, "Checks of what methods suppose, and descriptions: not adjusted"),
)
UNADJUSTED = {
    "confirmatory": "Planned as tests",
    "exploratory": "Exploratory",
    CHECKS: "Checks of what methods suppose, and descriptions",
}


def all_tests_findings(data: StudyData, findings: Sequence[Finding]) -> Iterator[Finding]:
    """One finding: the table of all tests; none where nothing was tested."""
    levels = levels_of_detail(findings)
    choices = [
        *((gathered, gathered.tests) for gathered in levels[:1]),
        *((each, _apart(data, each)) for each in levels),
    ]
    bodies = distinct(_body(data, gathered, tests) for gathered, tests in choices if tests)
    yield Finding(
        id="tests",
        section=Section.TESTS,
        title="All tests",
        plan_item="inference.multiplicity",
        role=Role.DESCRIPTIVE,
        bodies=bodies,
        refusal="" if bodies else "No test was run.",
    )


def _apart(data: StudyData, gathered: Gathered) -> tuple[TestRun, ...]:
    """The tests without those whose p could tell of a count that is too small."""
    return tuple(test for test in gathered.tests if gathered.reach(test, data.threshold))


def _body(data: StudyData, gathered: Gathered, tests: Sequence[TestRun]) -> Body:
    adjusted = data.plan.inference.multiplicity != NONE
    families = {name: [test for test in tests if _family(test) == name] for name, _ in FAMILIES}
    rows: list[Row] = []
    for name, heading in FAMILIES:
        if families[name]:
            rows.append(Row((Text(heading if adjusted else UNADJUSTED[name]),), heading=True))
            rows += _rows(families[name], name, adjusted=adjusted and name != CHECKS)
    table = Table(id="all_tests", behind=True, title="Every test of this report", columns=COLUMNS, rows=tuple(rows))
    told = _sentence(gathered.tests, families, data.plan.inference.alpha, adjusted=adjusted)
    evidence = Evidence(threat=Threat.MULTIPLICITY, verdict=Verdict.WEAKENED if adjusted else Verdict.OPEN, said=told)
    bases = frozenset(test.n_key for test in tests)
    supports = frozenset(key for test in tests for key in test.supports)
    kept = _kept_in(len(gathered.tests) - len(tests))
    return gathered.close(
        Body(sentences=(told, *kept), tables=(table,), bases=bases, supports=supports, evidence=(evidence,))
    )


def _kept_in(count: int) -> tuple[Sentence, ...]:
    """How many tests are not in the table, and why."""
    if not count:
        return ()
    told = "Tests not in the table, since with n their p values would tell of counts of few people: {kept}."
    return (Sentence(told, {"kept": Tally(count)}),)


def _family(test: TestRun) -> str:
    if test.role is Role.DESCRIPTIVE:
        return CHECKS
    return "confirmatory" if test.confirmatory else "exploratory"


def _rows(tests: Sequence[TestRun], family: str, *, adjusted: bool) -> Iterator[Row]:
    p = {test.id: test.p for test in tests}
    better = (holm(p) if family == "confirmatory" else benjamini_hochberg(p)).adjusted if adjusted else None
    for place, test in enumerate(tests):
        cell: Cell = Blank()
        if better is not None:
            cell = Number(float(better[place]), Quantity.P_VALUE, test.n_key)
        yield Row(
            (Text(test.label), CountRef(test.n_key), Number(test.p, Quantity.P_VALUE, test.n_key), cell), indent=1
        )


def _sentence(
    tests: Sequence[TestRun], families: dict[str, list[TestRun]], alpha: float, *, adjusted: bool
) -> Sentence:
    asked = sum(_family(test) != CHECKS for test in tests)
    slots: dict[str, Cell] = {
        "all": Tally(len(tests)),
        "alpha": Number(alpha, Quantity.LEVEL),
        "expected": Number(alpha * asked, Quantity.LEVEL),
        "checks": Tally(len(tests) - asked),
        "confirmatory": Tally(len(families["confirmatory"])),
    }
    planned = "{confirmatory} of them planned as tests and {checks} of them checks of what methods suppose"
    how = "p values are adjusted within each family" if adjusted else "no p value is adjusted for their number"
    return Sentence(
        f"{{all}} tests were run, {planned}; if nothing at all were going on, about {{expected}} of the rest would "
        f"still fall below {{alpha}}. In the table of all tests {how}.",
        slots,
    )
