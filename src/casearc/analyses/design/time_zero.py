"""What was counted from when: time zero, the start of service, and time in which nobody could have had the outcome.

Told without numbers of people: each check concerns few of them, and whether any is what matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from casearc.analyses.dataset import StudyData, outcome_column
from casearc.analyses.model_frame import framed_models
from casearc.analyses.synthesis.gather import distinct
from casearc.analyses.wording import wave_label
from casearc.findings import Body, Column, Evidence, Finding, Role, Row, Section, Sentence, Table, Text, Threat, Verdict
from casearc.study import is_concurrent
from casearc.study.wording import model_label

COLUMNS = (Column("check", "Check"), Column("found", "Found"), Column("why", "Why it matters"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of time. `found` is None where all is well."""

    name: str
    why: str
    found: str | None
    well: str


def time_zero_findings(data: StudyData) -> Iterator[Finding]:
    """One finding, where the plan relates a dose to an outcome."""
    if not data.plan.models:
        return
    checks = [check(data) for check in CHECKS]
    rows = tuple(Row((Text(each.name), Text(each.found or each.well), Text(each.why))) for each in checks)
    table = Table(id="time_zero", title="From when things were counted", columns=COLUMNS, rows=rows)
    yield Finding(
        id="design.time_zero",
        section=Section.DESIGN,
        title="Time zero, eligibility and start of service",
        plan_item="model",
        role=Role.DESCRIPTIVE,
        bodies=(Body(tables=(table,), evidence=distinct(_evidence(checks))),),
    )


def _evidence(checks: list[Check]) -> Iterator[Evidence]:
    bad = [each for each in checks if each.found is not None]
    for each in bad:
        yield Evidence(
            threat=Threat.TIME_ZERO, verdict=Verdict.OPEN, said=Sentence(f"{each.name}: {_lower(each.found or '')}")
        )
    if not bad:
        yield Evidence(
            threat=Threat.TIME_ZERO,
            verdict=Verdict.CLEAR,
            said=Sentence(
                "Dose, eligibility and follow-up start at the enrollment, doses end before outcomes are measured, and "
                "only people seen at the landmark are compared: no time was counted in which nobody could have had the "
                "outcome."
            ),
        )


def _first_service(data: StudyData) -> Check:
    start = data.people["first_service_day"].cast(pl.Float64, strict=False)
    early = bool((start < 0).any())
    return Check(
        name="Start of service against enrollment",
        why="Service before day 0 is in no dose, so those people look less served than they were.",
        found="For some participants services began before the enrollment did." if early else None,
        well="No recorded first service precedes the enrollment.",
    )


def _contacts_before(data: StudyData) -> Check:
    contacts = data.tables.contacts
    early = not contacts.is_empty() and bool((contacts["day"] < 0).any())
    return Check(
        name="Contacts before day 0",
        why="They count in no window that starts at the enrollment.",
        found="Some contacts are dated before the enrollment; doses leave them out." if early else None,
        well="No contact is dated before the enrollment.",
    )


def _dose_before_outcome(data: StudyData) -> Check:
    late = [model for model in framed_models(data) if is_concurrent(data.plan, model)]
    named = ", ".join(model_label(model) for model in late)
    return Check(
        name="Dose over before the outcome is measured",
        why="A dose counted up to the outcome may be its consequence: who does better may stay longer.",
        found=f"Not in: {named}. Described only." if late else None,
        well="In every model the dose ends at a landmark before the outcome.",
    )


def _immortal(data: StudyData) -> Check:
    """Whoever left before the landmark can have neither a long dose nor, as a rule, a later outcome."""
    gone = []
    for model in framed_models(data):
        outcome = data.plan.outcome(model.outcome)
        for end in {dose.end for dose in data.plan.doses if dose.id in model.doses and isinstance(dose.end, str)}:
            left = pl.col("exit_day") < pl.col(f"wave_day:{end}")
            measured = pl.col(outcome_column(outcome, model.at)).is_not_null()
            if data.people.select((left & measured).fill_null(value=False).any()).item():
                gone.append(wave_label(end))
    when = " and ".join(sorted(set(gone)))
    return Check(
        name="Everybody compared was still there at the landmark",
        why="Time in which the outcome could not yet happen must not count as dose.",
        found=f"Some people had left before {when} and are measured later all the same." if gone else None,
        well="Only people present at the landmark are compared, each with the dose up to it.",
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


CHECKS: tuple[Callable[[StudyData], Check], ...] = (_first_service, _contacts_before, _dose_before_outcome, _immortal)
