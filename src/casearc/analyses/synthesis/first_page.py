"""The first page: how far the findings carry, and what somebody can do about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casearc.analyses.dataset import StudyData
from casearc.analyses.synthesis.gather import Gathered, distinct, levels_of_detail
from casearc.analyses.synthesis.threats import weightiest
from casearc.findings import Body, Finding, Role, Section, Sentence, Verdict

MOST_CAUTIONS = 5
MOST_ACTIONS = 4


def first_page_findings(data: StudyData, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Two findings, of sentences alone; each is left out where there is nothing to say."""
    del data
    details = levels_of_detail(findings)
    for section, title, tell in (
        (Section.TRUST, "How far this carries", _trust),
        (Section.ACTION, "What can be done with it", _actions),
    ):
        bodies = distinct(gathered.close(Body(sentences=tell(gathered))) for gathered in details)
        if any(body.sentences for body in bodies):
            yield Finding(
                id=f"first_page.{section}",
                section=section,
                title=title,
                plan_item="study.design",
                role=Role.DESCRIPTIVE,
                bodies=tuple(body for body in bodies if body.sentences),
            )


def _trust(gathered: Gathered) -> tuple[Sentence, ...]:
    bad = weightiest(gathered.evidence, (Verdict.FOUND, Verdict.OPEN), most=MOST_CAUTIONS - 1)
    good = weightiest(gathered.evidence, (Verdict.WEAKENED, Verdict.CLEAR), most=MOST_CAUTIONS - len(bad))
    return (*bad, *(said for said in good if said not in bad))


def _actions(gathered: Gathered) -> tuple[Sentence, ...]:
    return distinct(gathered.actions)[:MOST_ACTIONS]
