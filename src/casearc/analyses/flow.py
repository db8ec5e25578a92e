"""Who is in this evaluation, and where the others fell out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import ENROLLED, Ledger, wave_key
from casearc.analyses.model_frame import finest, register
from casearc.analyses.wording import capital, wave_label
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
    Blank,
    Body,
    Column,
    CountRef,
    Finding,
    Role,
    Row,
    Section,
    Sentence,
    ShareRef,
    Table,
    Text,
)

COLUMNS = (
    Column("step", "Step"),
    Column("n", "People"),
    Column("share", "Share of enrolled"),
    Column("out", "Not among them"),
    Column("why", "Why not"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who is in by key, who is not by key (empty: nobody is lost here), and why."""

    label: str
    key: str
    out: str = ""
    why: str = ""


def flow_findings(data: StudyData) -> Iterator[Finding]:
    """One finding: the flow of participants from enrollment to each wave, outcome pair and model."""
    yield Finding(
        id="flow.participants",
        section=Section.FLOW,
        title="From enrollment to analysis",
        plan_item="wave",
        role=Role.DESCRIPTIVE,
        bodies=(_body(data, banded=False), _body(data, banded=True)),
    )


def _body(data: StudyData, *, banded: bool) -> Body:
    ledger = Ledger(data)
    steps = [Step("Enrolled (first enrollment)", ENROLLED)]
    steps += _wave_steps(data, ledger)
    steps += _outcome_steps(data, ledger)
    steps += _model_steps(data, ledger)
    if banded:
        for step in steps[1:]:
            ledger.base(step.key)
            ledger.base(step.out)
    table = Table(
        id="flow",
        title="Participant flow",
        columns=COLUMNS,
        rows=tuple(_row(step) for step in steps),
        notes=(Sentence("Each step counts from all enrolled, not from the step above."),),
    )
    return ledger.close(
        Body(
            sentences=(
                Sentence("{n} people were enrolled; the table tells who is in each step.", {"n": CountRef(ENROLLED)}),
            ),
            tables=(table,),
            told="Counts are given as ranges, so that nobody can be found by subtracting." if banded else "",
        )
    )


def _row(step: Step) -> Row:
    if not step.out:
        return Row((Text(step.label), CountRef(step.key), ShareRef(step.key, ENROLLED), Blank(), Blank()))
    return Row((Text(step.label), CountRef(step.key), ShareRef(step.key, ENROLLED), CountRef(step.out), Text(step.why)))


def _wave_steps(data: StudyData, ledger: Ledger) -> Iterator[Step]:
    for wave in data.plan.waves:
        key = wave_key(wave.name)
        out = f"not_{key}"
        people = data.people["enrollment_id"]
        present = data.assignment.frame.filter(wave=wave.name)["enrollment_id"].unique()
        ledger.subset(ENROLLED, key, int(people.is_in(present.to_list()).sum()), rest=out)
        label = f"Any measure at {wave_label(wave.name)} (day {wave.first_day} to {wave.last_day})"
        yield Step(label, key, out, "no administration in the window")


def _outcome_steps(data: StudyData, ledger: Ledger) -> Iterator[Step]:
    waves = sorted(data.plan.waves, key=lambda wave: wave.target_day)
    for outcome in data.plan.outcomes:
        first, last = waves[0].name, waves[-1].name
        key = ledger.paired(outcome, first, last)
        out = f"not_{key}"
        ledger.subset(ENROLLED, key, ledger.counts[key], rest=out)
        label = f"{capital(data.label(outcome))} at both {wave_label(first)} and {wave_label(last)}"
        yield Step(label, key, out, "a score is missing at one wave or both")


def _model_steps(data: StudyData, ledger: Ledger) -> Iterator[Step]:
    for model in data.plan.models:
        try:
            frame = finest(data, model)
        except StatisticsRefusedError:
            continue
        register(frame, ledger, supports=False)
        out = f"not_{frame.key}"
        ledger.subset(ENROLLED, frame.key, frame.n, rest=out)
        yield Step(
            f"In the model {model.label or model.id}",
            frame.key,
            out,
            "outcome, dose, earlier level or a covariate is missing",
        )
