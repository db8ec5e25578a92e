"""What could be wrong with these conclusions: each threat to validity with what the other findings say about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casearc.analyses.dataset import StudyData
from casearc.analyses.synthesis.gather import Gathered, distinct, levels_of_detail
from casearc.findings import (
    Blank,
    Body,
    Column,
    Evidence,
    Finding,
    Role,
    Row,
    Section,
    Sentence,
    Table,
    Text,
    Threat,
    Verdict,
)

COLUMNS = (
    Column("threat", "Threat, and what this study found about it"),
    Column("verdict", "Verdict"),
)
VERDICTS = {
    Verdict.FOUND: "present",
    Verdict.OPEN: "not ruled out",
    Verdict.WEAKENED: "partly met",
    Verdict.CLEAR: "no sign of it",
}
NOT_EXAMINED = "not examined"


@dataclass(frozen=True, slots=True)
class ThreatWords:
    """A threat in words for somebody who runs a program, and what would examine it where nothing did."""

    name: str
    remedy: str


WORDS = {
    Threat.TIME: ThreatWords(
        "Time alone: growing older, other events, being asked again",
        "Nothing here separates time from services. A second measurement before services begin would.",
    ),
    Threat.REGRESSION: ThreatWords(
        "People enroll at their worst and would have scored better anyway",
        "The plan has no [selection] section, so the change to be expected from that alone is not computed.",
    ),
    Threat.ENDOGENOUS_DOSE: ThreatWords(
        "Who does better, or engages more, gets more service",
        "No model relates the dose before a landmark to the level after it.",
    ),
    Threat.TIME_ZERO: ThreatWords(
        "Dose and outcome counted from different starts",
        "No model of a dose was fitted, so no start of time was checked.",
    ),
    Threat.CONFOUNDING: ThreatWords(
        "Something nobody measured drives both dose and outcome",
        "No model of a dose was fitted, so there is no association to explain away.",
    ),
    Threat.ATTRITION: ThreatWords(
        "Those who left differ from those who stayed",
        "Nothing compares those who left with those who stayed.",
    ),
    Threat.MEASUREMENT: ThreatWords(
        "The measures are unreliable, or answered without reading",
        "No instrument was answered by enough people to examine it.",
    ),
    Threat.CLUSTERING: ThreatWords(
        "People of one worker or site are alike",
        "No model of the plan names a cluster, so people are taken as independent.",
    ),
    Threat.FORM: ThreatWords(
        "A straight line, or a distribution, that does not fit",
        "No curve was fitted beside a line and no assumption was checked.",
    ),
    Threat.PRECISION: ThreatWords(
        "Too few people for what is asked",
        "Nothing here says how small an effect this study could have seen: casearc power does.",
    ),
    Threat.MULTIPLICITY: ThreatWords(
        "Many tests, of which some are striking by chance",
        "The plan does not adjust for the number of tests.",
    ),
}


def threat_findings(data: StudyData, findings: Sequence[Finding]) -> Iterator[Finding]:
    """One finding: the table of threats."""
    del data
    yield Finding(
        id="threats",
        section=Section.THREATS,
        title="Threats to validity",
        plan_item="study.design",
        role=Role.DESCRIPTIVE,
        bodies=distinct(_body(gathered) for gathered in levels_of_detail(findings)),
    )


def weightiest(evidence: Sequence[Evidence], verdicts: Sequence[Verdict], *, most: int) -> tuple[Sentence, ...]:
    """The sentences of the worst verdicts, one a threat, in the order of threats within a verdict."""
    order = {threat: place for place, threat in enumerate(Threat)}
    chosen: dict[Threat, Evidence] = {}
    for verdict in verdicts:
        for each in sorted(evidence, key=lambda item: order[item.threat]):
            if each.verdict is verdict:
                chosen.setdefault(each.threat, each)
    return tuple(each.said for each in chosen.values())[:most]


def _body(gathered: Gathered) -> Body:
    rows = [row for threat in Threat for row in _rows(threat, gathered.evidence)]
    table = Table(
        id="threats",
        title="What could mislead, and what was found",
        columns=COLUMNS,
        rows=tuple(rows),
        notes=(
            Sentence(
                "Present: it is there, and conclusions suffer. Not ruled out: this study cannot tell. Partly met: "
                "something was done against it. No sign of it: it was looked for."
            ),
        ),
    )
    return gathered.close(Body(tables=(table,)))


def _rows(threat: Threat, evidence: Sequence[Evidence]) -> Iterator[Row]:
    words = WORDS[threat]
    found = distinct(each for each in evidence if each.threat is threat)
    if not found:
        yield Row((Text(words.name), Text(NOT_EXAMINED)), heading=True)
        yield Row((Text(words.remedy), Blank()), indent=1)
        return
    worst = min((each.verdict for each in found), key=list(Verdict).index)
    yield Row((Text(words.name), Text(VERDICTS[worst])), heading=True)
    for each in found:
        yield Row((each.said, Blank() if len(found) == 1 else Text(VERDICTS[each.verdict])), indent=1)
