"""Who is in this evaluation, and where the others fell out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casearc.analyses.dataset import StudyData, leading_outcome
from casearc.analyses.ledger import ENROLLED, Ledger
from casearc.analyses.model_frame import ModelFrame, exclusions, finest, framed_models, register
from casearc.analyses.wording import capital, wave_label
from casearc.findings import (
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
from casearc.study import Model, in_time

COLUMNS = (
    Column("step", "Step"),
    Column("n", "People"),
    Column("share", "Share of enrolled"),
)
REASONS = {
    "first_only": "measured at {first} only",
    "second_only": "measured at {second} only",
    "neither": "measured at neither",
    "not_later": "one measurement stands for both: there was no later one",
}


Modeled = tuple[Model, ModelFrame, tuple[tuple[str, int], ...]]
"""A model of the plan, who is in it, and why the others are not."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line: who is in a step or, `out`, who is not and why."""

    label: str
    key: str
    out: bool = False


def flow_findings(data: StudyData) -> Iterator[Finding]:
    """One finding: the flow of participants from enrollment to each wave, outcome pair and model."""
    models = [(model, finest(data, model), exclusions(data, model)) for model in framed_models(data)]
    yield Finding(
        id="flow.participants",
        section=Section.FLOW,
        title="From enrollment to analysis",
        plan_item="wave",
        role=Role.DESCRIPTIVE,
        bodies=(
            _body(data, models),
            _body(data, models, banded=True),
            _body(data, models, banded=True, pooled=True),
        ),
    )


def _body(data: StudyData, models: Sequence[Modeled], *, banded: bool = False, pooled: bool = False) -> Body:
    """Counts as they are; or as ranges, with reasons that are too rare `pooled`."""
    ledger = Ledger(data)
    steps = [
        Step("Enrolled (first enrollment)", ENROLLED),
        *_wave_steps(data, ledger),
        *_outcome_steps(data, ledger),
        *_model_steps(models, ledger),
    ]
    kept = [step for step in steps if not step.out or ledger.counts[step.key]]
    if pooled:
        kept = _rare_pooled(data, ledger, kept)
    if banded:
        for step in kept[1:]:
            ledger.base(step.key)
    table = Table(
        id="flow",
        title="Participant flow",
        columns=COLUMNS,
        rows=tuple(_row(step) for step in kept),
        notes=(
            Sentence(
                "Each step counts from all enrolled, not from the step above; indented, why people are not in it."
            ),
        ),
    )
    told = "Counts are given as ranges, so that nobody can be found by subtracting." if banded else ""
    few = " Reasons that are too rare were taken together." if pooled else ""
    return ledger.close(
        Body(
            sentences=(
                Sentence("{n} people were enrolled; the table tells who is in each step.", {"n": CountRef(ENROLLED)}),
            ),
            tables=(table,),
            told=told + few,
        )
    )


def _rare_pooled(data: StudyData, ledger: Ledger, steps: list[Step]) -> list[Step]:
    """The reasons below each step, those of too few people taken together with each other, or left out."""
    found: list[Step] = []
    for step, reasons in _with_reasons(steps):
        found.append(step)
        rare = [reason for reason in reasons if ledger.counts[reason.key] < data.threshold]
        found += [reason for reason in reasons if reason not in rare]
        if len(rare) > 1:
            parts = {reason.key: ledger.counts[reason.key] for reason in rare}
            together = f"{step.key}:other reasons"
            ledger.split(together, parts)
            if ledger.counts[together] >= data.threshold:
                found.append(Step("other reasons", together, out=True))
    return found


def _with_reasons(steps: list[Step]) -> Iterator[tuple[Step, list[Step]]]:
    """Each step with the reasons that follow it."""
    starts = [i for i, step in enumerate(steps) if not step.out]
    for start, end in zip(starts, [*starts[1:], len(steps)], strict=True):
        yield steps[start], steps[start + 1 : end]


def _row(step: Step) -> Row:
    label = f"Not in it: {step.label}" if step.out else step.label
    return Row((Text(label), CountRef(step.key), ShareRef(step.key, ENROLLED)), indent=1 if step.out else 0)


def _wave_steps(data: StudyData, ledger: Ledger) -> Iterator[Step]:
    outcome = leading_outcome(data)
    for wave in in_time(data.plan.waves):
        key = ledger.measured(outcome, wave.name)
        days = f"day {wave.first_day} to {wave.last_day}"
        yield Step(f"{capital(data.label(outcome))} at {wave_label(wave.name)} ({days})", key)
        yield Step("no score in the window", f"not_{key}", out=True)


def _outcome_steps(data: StudyData, ledger: Ledger) -> Iterator[Step]:
    waves = in_time(data.plan.waves)
    first, last = waves[0].name, waves[-1].name
    for outcome in data.plan.outcomes:
        key = ledger.paired(outcome, first, last)
        label = f"{capital(data.label(outcome))} at both {wave_label(first)} and {wave_label(last)}"
        yield Step(label, key)
        for reason, words in REASONS.items():
            if f"{key}:{reason}" in ledger.counts:
                said = words.format(first=wave_label(first), second=wave_label(last))
                yield Step(said, f"{key}:{reason}", out=True)


def _model_steps(models: Sequence[Modeled], ledger: Ledger) -> Iterator[Step]:
    for model, frame, excluded in models:
        register(frame, ledger, supports=False)
        out = {f"{frame.key}:{reason}": count for reason, count in excluded}
        ledger.split(ENROLLED, {frame.key: frame.n, **out})
        yield Step(f"In the model of {model.label or model.id}", frame.key)
        for key in out:
            yield Step(key.removeprefix(f"{frame.key}:"), key, out=True)
