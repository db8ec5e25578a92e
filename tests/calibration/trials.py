"""Whole evaluations of made-up programs whose truth is known, reduced to what can be right or wrong about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from casearc.analyses import StudyData, prepare
from casearc.analyses.change import change_findings
from casearc.analyses.dose_response import dose_response_findings
from casearc.findings import Body, Finding, Interval, Number, Text
from casearc.study import StudyPlan, read_plan
from casearc.synthetic import Program
from casearc.tables import Tables

PLAN = Path(__file__).parents[2] / "examples" / "three-waves" / "study.toml"
INSTRUMENT = {"support": "mspss", "coping": "cop_se", "stage": "urica"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One estimate of one program: its p value and, where the truth is a number, whether the interval covers it."""

    quantity: str
    p: float
    covers: bool | None = None


def plan(*outcomes: str) -> StudyPlan:
    """The example's plan cut down to some outcomes and the models of months of service on them, for speed."""
    whole = read_plan(PLAN)
    kept = {f"{outcome}_by_months" for outcome in outcomes}
    return StudyPlan(
        title=whole.title,
        program=whole.program,
        design=whole.design,
        waves=whole.waves,
        outcomes=tuple(outcome for outcome in whole.outcomes if outcome.id in outcomes),
        doses=tuple(dose for dose in whole.doses if dose.id == "months_served"),
        covariates=whole.covariates,
        models=tuple(model for model in whole.models if model.id in kept),
        seed=whole.seed,
    )


def judge(program: Program, study: StudyPlan) -> Iterator[Verdict]:
    """Every estimate of the plan on a program, against what is true in it."""
    names = [INSTRUMENT[outcome.id] for outcome in study.outcomes]
    tables = dict(program.tables)
    tables["administrations"] = tables["administrations"].filter(pl.col("instrument").is_in(names))
    tables["responses"] = tables["responses"].join(tables["administrations"], on="administration_id", how="semi")
    data = prepare(study, Tables.of(**tables), threshold=11)
    for finding in dose_response_findings(data):
        yield from _dose(finding, data, program)
    for finding in change_findings(data):
        if finding.plan_item is not None:
            yield from _change(finding)


def _dose(finding: Finding, data: StudyData, program: Program) -> Iterator[Verdict]:
    name = finding.id.removeprefix("dose_response.")
    if not finding.bodies:
        yield Verdict(quantity=f"{name}: not fitted", p=0.0)
        return
    body = finding.bodies[0]
    if name.startswith("stage"):
        slots = next(sentence.slots for sentence in body.sentences if "wald_p" in sentence.slots)
        for key, test in (("wald_p", "Wald"), ("ratio_p", "likelihood ratio")):
            if key in slots:
                yield Verdict(quantity=f"{name}: {test}", p=_number(slots[key]))
        return
    score = data.plan.outcome(name.removesuffix("_by_months")).score
    truth = program.truth.effects[score].per_month_points
    cells = _cells(body, f"model_{name}", "Months of service")
    interval = cells[2]
    if not isinstance(interval, Interval) or interval.low is None or interval.high is None:
        raise TypeError("The coefficient of a dose has an interval.")
    yield Verdict(quantity=name, p=_number(cells[5]), covers=interval.low <= truth <= interval.high)


def _change(finding: Finding) -> Iterator[Verdict]:
    outcome = finding.id.removeprefix("change.")
    for interval in ("intake to six months", "six months to twelve months"):
        cells = _cells(finding.bodies[0], f"change_{outcome}-tests", interval)
        yield Verdict(quantity=f"{outcome}, {interval}: t", p=_number(cells[3]))
        yield Verdict(quantity=f"{outcome}, {interval}: signed rank", p=_number(cells[5]))


def _cells(body: Body, table: str, first: str) -> tuple[object, ...]:
    rows = next(each.rows for each in body.tables if each.id == table)
    return next(row.cells for row in rows if row.cells[0] == Text(first))


def _number(cell: object) -> float:
    if not isinstance(cell, Number):
        raise TypeError("A number was expected.")
    return cell.value
