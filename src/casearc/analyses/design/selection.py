"""People enroll at their worst: how much they would score better next time without any help."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import Ledger, present_pairs
from casearc.analyses.wording import wave_label
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
    Body,
    CountRef,
    Evidence,
    Finding,
    Number,
    Quantity,
    Section,
    Sentence,
    Threat,
    Verdict,
)
from casearc.statistics.sensitivity import RegressionToMean, regression_to_mean
from casearc.study import Outcome, Selection, Side, in_time

NO_POPULATION = (
    "The scores of those enrolled do not fit the population that the plan's [selection] describes, so the change to be "
    "expected from selection alone cannot be worked out."
)


def selection_findings(data: StudyData) -> Iterator[Finding]:
    """One finding, where the plan describes the unselected population; without that nothing is computed."""
    selection = data.plan.selection
    if selection is None or len(data.plan.waves) < 2:
        return
    outcome = data.plan.outcome(selection.outcome)
    body = _body(data, outcome, selection)
    yield Finding(
        id="design.selection",
        section=Section.DESIGN,
        title="Regression to the mean",
        plan_item="selection",
        role=outcome.role,
        bodies=() if body is None else (body,),
        refusal=NO_POPULATION if body is None else "",
    )


def _expected(selection: Selection, observed: float) -> RegressionToMean:
    known = selection.population_mean
    return regression_to_mean(
        sd=selection.population_sd,
        retest=selection.retest,
        cut=selection.cut,
        population_mean=known,
        observed_mean=observed if known is None else None,
        selected="below" if selection.enrolled is Side.BELOW else "above",
    )


def _body(data: StudyData, outcome: Outcome, selection: Selection) -> Body | None:
    """Expected beside observed, from the first wave to the second: by then it is all over."""
    first, second = (wave.name for wave in in_time(data.plan.waves)[:2])
    pairs = present_pairs(data, outcome, first, second)
    if pairs.height < 2:
        return None
    before, after = pairs["before"].to_numpy(), pairs["after"].to_numpy()
    try:
        found = _expected(selection, float(np.mean(before)))
    except StatisticsRefusedError:
        return None
    ledger = Ledger(data)
    key = ledger.base(ledger.paired(outcome, first, second))
    observed = float(np.mean(after - before))
    said = Sentence(
        f"Enrolled from {selection.enrolled} {{cut}}, people would change by {{expected}} points in "
        f"{data.label(outcome)} from {wave_label(first)} to {wave_label(second)} with no help at all, by regression to "
        "the mean; they changed by {observed} (n = {n}).",
        {
            "cut": Number(selection.cut, Quantity.LEVEL),
            "expected": Number(found.expected_change, Quantity.DIFFERENCE, key),
            "observed": Number(observed, Quantity.DIFFERENCE, key),
            "n": CountRef(key),
        },
    )
    explained = observed * found.expected_change > 0 and abs(found.expected_change) >= abs(observed)
    verdict = Verdict.FOUND if explained else Verdict.WEAKENED
    return ledger.close(
        Body(
            sentences=(said,),
            evidence=(Evidence(threat=Threat.REGRESSION, verdict=verdict, said=said),),
        )
    )
