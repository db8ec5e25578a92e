"""How small a change this study could have seen."""

from __future__ import annotations

from collections.abc import Iterator

from casearc.analyses.dataset import StudyData, leading_outcome
from casearc.analyses.ledger import Ledger
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
    Body,
    CountRef,
    Evidence,
    Finding,
    Number,
    Quantity,
    Role,
    Section,
    Sentence,
    Threat,
    Verdict,
)
from casearc.statistics.paired import smallest_dz
from casearc.study import in_time

MEDIUM = 0.5
"""A study that finds no smaller change than this misses what programs commonly bring about (Cohen 1988: medium)."""


def precision_findings(data: StudyData) -> Iterator[Finding]:
    """One sentence on the leading outcome, where it is a number measured at two waves."""
    outcome = leading_outcome(data)
    waves = in_time(data.plan.waves)
    if data.is_levels(outcome) or len(waves) < 2:
        return
    ledger = Ledger(data)
    key = ledger.base(ledger.paired(outcome, waves[0].name, waves[-1].name))
    wanted = data.plan.power.target
    try:
        smallest = smallest_dz(ledger.counts[key], power=wanted, alpha=data.plan.inference.alpha)
    except StatisticsRefusedError:
        return
    said = Sentence(
        f"With {{n}} people measured at both ends, a change in {data.label(outcome)} of {{smallest}} SD of the changes "
        "is found in {power} of studies like this one; smaller ones are mostly missed.",
        {
            "n": CountRef(key),
            "smallest": Number(smallest, Quantity.EFFECT_SIZE, key),
            "power": Number(wanted, Quantity.PROPORTION),
        },
    )
    verdict = Verdict.WEAKENED if smallest <= MEDIUM else Verdict.FOUND
    yield Finding(
        id="robustness.precision",
        section=Section.ROBUSTNESS,
        title="How small a change this study could see",
        plan_item="inference.alpha",
        role=Role.DESCRIPTIVE,
        bodies=(
            ledger.close(
                Body(sentences=(said,), evidence=(Evidence(threat=Threat.PRECISION, verdict=verdict, said=said),))
            ),
        ),
    )
