"""What is said of a change: sentences, tests for the table of all of them, evidence, and the dots."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from casearc.analyses.change.criterion import Criterion
from casearc.analyses.change.measure import PairedChange
from casearc.analyses.dataset import StudyData
from casearc.analyses.wording import capital, direction_word, wave_label
from casearc.findings import (
    Cell,
    CountRef,
    Dots,
    Evidence,
    Figure,
    Interval,
    Number,
    Quantity,
    Role,
    Sentence,
    TestRun,
    Threat,
    Verdict,
)
from casearc.study import Outcome


def change_sentence(data: StudyData, outcome: Outcome, change: PairedChange) -> Sentence:
    """The mean change with its interval and test."""
    difference = float(np.mean(change.difference))
    slots: dict[str, Cell] = {
        "difference": Number(abs(difference), Quantity.DIFFERENCE, change.key),
        "n": CountRef(change.key),
    }
    start = (
        f"From {change.between}, {data.label(outcome)} was on average {{difference}} points "
        f"{direction_word(difference)}"
    )
    if change.t is None or change.standardized is None:
        return Sentence(start + " (n = {n}); no test was possible.", slots)
    slots |= {
        "change": Number(difference, Quantity.DIFFERENCE, change.key),
        "interval": Interval(change.t.low, change.t.high, change.t.level, Quantity.DIFFERENCE, change.key),
        "effect": Number(change.standardized.estimate, Quantity.EFFECT_SIZE, change.key),
        "p": Number(change.t.p, Quantity.P_VALUE, change.key),
    }
    return Sentence(start + " (change {change}, {interval}; {p}; d_z = {effect}; n = {n}).", slots)


def size_sentence(change: PairedChange) -> tuple[Sentence, ...]:
    """The mean change against the usual distance between people."""
    if change.average is None:
        return ()
    return (
        Sentence(
            f"From {change.between}, the mean moved by {{size}} of the usual distance between people's scores (d_av).",
            {"size": Number(change.average.estimate, Quantity.EFFECT_SIZE, change.key)},
        ),
    )


def change_tests(data: StudyData, outcome: Outcome, change: PairedChange, *, leads: bool) -> Iterator[TestRun]:
    """What this interval adds to the table of all tests. The primary outcome's t over the whole time was planned."""
    for name, result in (("paired t", change.t), ("signed rank", change.rank)):
        if result is not None:
            yield TestRun(
                id=f"change.{outcome.id}.{change.first}.{change.second}.{name.replace(' ', '_')}",
                label=f"{capital(data.label(outcome))}, {change.between}: {name}",
                p=result.p,
                n_key=change.key,
                role=outcome.role,
                confirmatory=leads and result is change.t and outcome.role is Role.PRIMARY,
            )


def shape_evidence(data: StudyData, outcome: Outcome, change: PairedChange) -> tuple[Evidence, ...]:
    """Whether the conclusion on the primary outcome's change needs changes to be normal."""
    if outcome.role is not Role.PRIMARY or change.t is None or change.rank is None:
        return ()
    alpha = data.plan.inference.alpha
    agree = (change.t.p < alpha) == (change.rank.p < alpha)
    slots: dict[str, Cell] = {
        "t": Number(change.t.p, Quantity.P_VALUE, change.key),
        "rank": Number(change.rank.p, Quantity.P_VALUE, change.key),
    }
    lead = "lead to the same conclusion" if agree else "do not lead to the same conclusion"
    return (
        Evidence(
            threat=Threat.FORM,
            verdict=Verdict.CLEAR if agree else Verdict.OPEN,
            said=Sentence(
                f"On change in {data.label(outcome)}, the t test ({{t}}) and the signed-rank test ({{rank}}), which a "
                f"few extreme changes cannot carry away, {lead}.",
                slots,
            ),
        ),
    )


def dots(data: StudyData, outcome: Outcome, change: PairedChange, criterion: Criterion | None) -> Figure:
    """One dot a participant."""
    label = capital(data.label(outcome))
    reliable = None if criterion is None else criterion.reliable.criterion
    return Figure(
        id=f"change_dots_{outcome.id}",
        title=f"{label}: each participant, {change.between}",
        drawing=Dots(
            x=tuple(change.before.tolist()),
            y=tuple(change.difference.tolist()),
            x_label=f"{label} at {wave_label(change.first)}",
            y_label="Change",
            band=None if reliable is None else (-reliable, reliable),
        ),
        alt=Sentence("One dot a participant: the score at the start against its change."),
    )
