"""A fixed cast of twelve made-up participants, few enough that every expected number can be worked out by hand.

Support is the mean of the twelve MSPSS items at intake, six months and twelve months. Stages come from the URICA:
``p`` precontemplation (readiness 6), ``c`` contemplation (11), ``d`` contemplation by one rule and precontemplation
by the other (10), ``a`` preparation or action (14). Everybody enrolled on day 0, was measured on days 0, 180 and 360
where a score stands, and had a completed contact on day 0 and another `last` days later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from casearc.analyses import StudyData, prepare
from casearc.findings import (
    Blank,
    Body,
    Cell,
    CountRef,
    Finding,
    Hidden,
    Interval,
    Number,
    ShareRef,
    Table,
    Tally,
    Text,
)
from casearc.study import StudyPlan, parse_plan
from casearc.tables import Tables

CAST = """
id  | age | gender    | site  | support     | stage | last | exit_reason
----|-----|-----------|-------|-------------|-------|------|------------
P01 |  14 | girl      | north | 4.0 4.5 5.0 | p c a |   30 |
P02 |  15 | girl      | north | 3.0 4.0 4.0 | p p c |   60 |
P03 |  16 | girl      | south | 5.0 5.0 5.5 | c c a |   90 |
P04 |  15 | girl      | south | 2.0 2.5 4.0 | p d c |  120 |
P05 |  14 | girl      | north | 6.0 5.5 6.0 | a a a |   30 |
P06 |  16 | boy       | south | 4.0 3.0 3.0 | c p p |    0 |
P07 |  17 | boy       | north | 3.5 4.0 5.5 | d a a |  150 |
P08 |  15 | boy       | south | 5.0 6.0 6.5 | a a c |  120 |
P09 |  16 | nonbinary | north | 4.5 4.5 -   | c c - |   60 | moved
P10 |   - | girl      | south | 2.5 -   -   | p - - |   30 |
P11 |  15 | girl      | north | -   4.0 5.0 | - p c |   90 |
P12 |  14 | -         | south | 4.0 4.0 4.5 | c c c |   60 |
"""

PLAN = """
[study]
title = "Do months of service go with later support?"
program = "Twelve people (made up)"
design = "pretest-posttest"
seed = 1

[[wave]]
name = "intake"
target_day = 0
window = [-30, 45]
[[wave]]
name = "six_months"
target_day = 180
window = [-30, 45]
[[wave]]
name = "twelve_months"
target_day = 360
window = [-30, 45]

[[outcome]]
id = "support"
score = "mspss_total"
role = "primary"
direction = "higher"
label = "support"
[[outcome]]
id = "stage"
score = "urica_stage_habits"
role = "exploratory"
direction = "none"
label = "stage"
ladder = [{ later = ["contemplation", "preparation_action"] }]

[[dose]]
id = "months"
table = "contacts"
measure = "months_served"
from = "intake"
to = "six_months"
label = "months of service"

[[covariate]]
id = "age"
table = "participants"
column = "age_at_enrollment"
[[covariate]]
id = "gender"
table = "participants"
column = "gender"
reference = "girl"
ladder = [{ all_others = ["boy", "nonbinary"] }]

[[model]]
id = "by_months"
kind = "linear"
outcome = "support"
at = "twelve_months"
dose = "months"
adjust_for = ["level@six_months"]
family = "confirmatory"

[coding]
mspss = "1-7"
urica = "1-5"
"""

_STAGES = {"p": (3, 3), "c": (1, 4), "d": (2, 4), "a": (1, 5)}  # answers to precontemplation items, to the others
_PRECONTEMPLATION = (1, 5, 11, 13, 23, 26, 29)
_DAYS = (0, 180, 360)


def cast(text: str = CAST) -> Tables:
    """The tables of a cast: columns as in `CAST`, ``-`` for what is missing."""
    people = list(_lines(text))
    contacts = [
        {"contact_id": f"{each['id']}.{n}", "enrollment_id": each["id"], "day": day, "contact_type": "client"}
        for each in people
        for n, day in enumerate(sorted({0, int(each["last"])}))
    ]
    return Tables.of(
        participants=pl.DataFrame(
            {
                "participant_id": [each["id"] for each in people],
                "age_at_enrollment": [_number(each["age"]) for each in people],
                "gender": [_text(each["gender"]) for each in people],
            }
        ),
        enrollments=pl.DataFrame(
            {
                "enrollment_id": [each["id"] for each in people],
                "participant_id": [each["id"] for each in people],
                "site": [each["site"] for each in people],
                "first_service_day": [0] * len(people),
                "exit_reason": [_text(each["exit_reason"]) for each in people],
            }
        ),
        contacts=pl.DataFrame(contacts).with_columns(outcome=pl.lit("completed"), minutes=pl.lit(30.0)),
        **_measured(people),
    )


def study(plan: str = PLAN, tables: Tables | None = None, *, threshold: int = 3) -> StudyData:
    """The cast, or other tables, prepared for analysis."""
    return prepare(parsed(plan), tables if tables is not None else cast(), threshold=threshold)


def parsed(plan: str = PLAN) -> StudyPlan:
    """A plan from its text."""
    return parse_plan(plan)


def support_answers(total: float) -> list[int]:
    """Twelve answers from 1 to 7 whose mean is `total`."""
    base, more = divmod(round(total * 12), 12)
    return [base + 1] * more + [base] * (12 - more)


def _measured(people: Iterable[dict[str, str]]) -> dict[str, pl.DataFrame]:
    administrations, responses = [], []
    for each in people:
        for day, support, stage in zip(_DAYS, each["support"].split(), each["stage"].split(), strict=True):
            for instrument, answers in (("mspss", _support(support)), ("urica", _stage(stage))):
                if not answers:
                    continue
                name = f"{each['id']}.{instrument}.{day}"
                administrations.append((name, each["id"], instrument, day))
                responses += [(name, f"{instrument}_{n}", answer) for n, answer in enumerate(answers, start=1)]
    columns = ["administration_id", "enrollment_id", "instrument", "day"]
    return {
        "administrations": pl.DataFrame(administrations, schema=columns, orient="row"),
        "responses": pl.DataFrame(responses, schema=["administration_id", "item", "response"], orient="row"),
    }


def _support(cell: str) -> list[int]:
    return [] if cell == "-" else support_answers(float(cell))


def _stage(cell: str) -> list[int]:
    if cell == "-":
        return []
    precontemplation, others = _STAGES[cell]
    return [precontemplation if item in _PRECONTEMPLATION else others for item in range(1, 33)]


def _lines(text: str) -> Iterable[dict[str, str]]:
    heading, _rule, *lines = text.strip().splitlines()
    names = [name.strip() for name in heading.split("|")]
    return (dict(zip(names, (cell.strip() for cell in line.split("|")), strict=True)) for line in lines)


def _text(cell: str) -> str | None:
    return None if cell in ("", "-") else cell


def _number(cell: str) -> float | None:
    return None if cell in ("", "-") else float(cell)


def plain(body: Body, cell: Cell) -> object:
    """What a cell says: the true count, the number, (low, high), the text, None where blank."""
    match cell:
        case CountRef(key):
            return body.counts[key]
        case ShareRef(part, whole):
            return body.counts[part] / body.counts[whole]
        case Number(value=value) | Tally(value):
            return value
        case Interval(low, high):
            return low, high
        case Text(text):
            return text
        case Blank() | Hidden():
            return None


def rows(body: Body, table: str | Table) -> dict[str, list[object]]:
    """A table as first cell -> the others, as `plain` says them."""
    found = table if isinstance(table, Table) else next(each for each in body.tables if each.id == table)
    plained: Sequence[list[object]] = [[plain(body, cell) for cell in row.cells] for row in found.rows]
    return {str(first): others for first, *others in plained}


def said(body: Body) -> list[str]:
    """Every sentence, its slots filled with what `plain` says."""
    return [each.template.format(**{k: plain(body, v) for k, v in each.slots.items()}) for each in body.sentences]


def by_id(findings: Iterable[Finding]) -> dict[str, Finding]:
    """Findings by their ids."""
    return {finding.id: finding for finding in findings}
