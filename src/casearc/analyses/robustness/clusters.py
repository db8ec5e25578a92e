"""Are people of one case manager or site alike? The intraclass correlation of each outcome that a model explains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from casearc.analyses.dataset import StudyData, outcome_column
from casearc.analyses.dose_linear_clusters import CLUSTERS
from casearc.analyses.ledger import Ledger
from casearc.analyses.wording import capital, interval_heading, wave_label
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
    Body,
    Column,
    CountRef,
    Evidence,
    Finding,
    Interval,
    Number,
    Quantity,
    Role,
    Row,
    Section,
    Sentence,
    Table,
    TestRun,
    Text,
    Threat,
    Verdict,
)
from casearc.statistics.mixed import Likeness, likeness
from casearc.study import ModelKind, Outcome

MATTERS = 1.5
"""A design effect beyond this widens an interval by more than a fifth; commonly held to matter (Muthen & Satorra 1995
say 2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """One outcome at one wave by one kind of cluster."""

    outcome: Outcome
    wave: str
    cluster: str
    key: str
    found: Likeness


def cluster_findings(data: StudyData) -> Iterator[Finding]:
    """One finding, where some model explains a number and people have workers or sites."""
    ledger = Ledger(data)
    asked = dict.fromkeys(
        (model.outcome, model.at) for model in data.plan.models if model.kind in (ModelKind.LINEAR, ModelKind.MIXED)
    )
    alike = [
        found
        for name, wave in asked
        for cluster in CLUSTERS
        if (found := _alike(data, ledger, data.plan.outcome(name), wave, cluster)) is not None
    ]
    if not asked:
        return
    yield Finding(
        id="robustness.clusters",
        section=Section.ROBUSTNESS,
        title="Are people of one case manager or site alike",
        plan_item="model",
        role=Role.DESCRIPTIVE,
        bodies=(_body(data, ledger, alike),) if alike else (),
        refusal="" if alike else "Too few case managers or sites have two or more people whose outcome is known.",
    )


def _alike(data: StudyData, ledger: Ledger, outcome: Outcome, wave: str, cluster: str) -> Alike | None:
    column = outcome_column(outcome, wave)
    known = data.people.select(pl.col(column).cast(pl.Float64).alias("y"), pl.col(cluster).alias("group")).drop_nulls()
    try:
        found = likeness(
            known["y"].to_numpy(),
            groups=np.array(known["group"].to_list()),
            level=1 - data.plan.inference.alpha,
        )
    except StatisticsRefusedError:
        return None
    measured = ledger.measured(outcome, wave)
    key = ledger.base(ledger.subset(measured, f"{measured}:{cluster}", known.height, rest=f"{measured}:no {cluster}"))
    return Alike(outcome=outcome, wave=wave, cluster=cluster, key=key, found=found)


def _body(data: StudyData, ledger: Ledger, alike: list[Alike]) -> Body:
    level = 1 - data.plan.inference.alpha
    table = Table(
        id="likeness",
        title="How much of an outcome's variance lies between case managers or sites",
        columns=(
            Column("outcome", "Outcome"),
            Column("cluster", "Between"),
            Column("n", "n"),
            Column("icc", "Correlation within"),
            Column("conf", interval_heading(level)),
            Column("design_effect", "Design effect"),
            Column("p_value", "p"),
        ),
        rows=tuple(_row(data, each) for each in alike),
        notes=(
            Sentence(
                "Correlation within: of two people of one case manager or site (intraclass, restricted likelihood). "
                "Design effect: by what the variance of a mean grows."
            ),
        ),
    )
    tests = tuple(_test(data, each) for each in alike)
    return ledger.close(Body(tables=(table,), tests=tests, evidence=(_evidence(data, alike),)))


def _test(data: StudyData, each: Alike) -> TestRun:
    label = f"{capital(data.label(each.outcome))} at {wave_label(each.wave)}"
    return TestRun(
        id=f"robustness.clusters.{each.outcome.id}.{each.wave}.{each.cluster}",
        label=f"{label}: are people of one {CLUSTERS[each.cluster]} alike",
        p=each.found.p,
        n_key=each.key,
        role=Role.DESCRIPTIVE,
    )


def _row(data: StudyData, each: Alike) -> Row:
    found = each.found
    return Row(
        (
            Text(f"{capital(data.label(each.outcome))} at {wave_label(each.wave)}"),
            Text(f"{CLUSTERS[each.cluster]}s"),
            CountRef(each.key),
            Number(found.icc, Quantity.RELIABILITY, each.key),
            Interval(found.low, found.high, found.level, Quantity.RELIABILITY, each.key),
            Number(found.design_effect, Quantity.EFFECT_SIZE, each.key),
            Number(found.p, Quantity.P_VALUE, each.key),
        )
    )


def _evidence(data: StudyData, alike: list[Alike]) -> Evidence:
    """The worst of them, against whether models allow for it."""
    worst = max(alike, key=lambda each: each.found.design_effect)
    allowed = {model.cluster for model in data.plan.models if model.outcome == worst.outcome.id}
    matters = worst.found.design_effect > MATTERS
    handled = worst.cluster in allowed
    verdict = Verdict.WEAKENED if handled else Verdict.FOUND if matters else Verdict.CLEAR
    end = "models allow for it" if handled else "models do not allow for it" if matters else "too little to matter"
    return Evidence(
        threat=Threat.CLUSTERING,
        verdict=verdict,
        said=Sentence(
            f"{capital(data.label(worst.outcome))} of two people of one {CLUSTERS[worst.cluster]} correlates {{icc}} "
            f"(design effect {{effect}}): {end}.",
            {
                "icc": Number(worst.found.icc, Quantity.RELIABILITY, worst.key),
                "effect": Number(worst.found.design_effect, Quantity.EFFECT_SIZE, worst.key),
            },
        ),
    )
