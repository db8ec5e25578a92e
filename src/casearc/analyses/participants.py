"""Who is here? Table 1: the characteristics that the plan names, over all enrolled participants."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from casearc.analyses.dataset import StudyData
from casearc.analyses.grouping import (
    Grouping,
    finest_grouping,
    group_label,
    grouping_keys,
    level_counts,
    shown_grouping,
)
from casearc.analyses.ledger import ENROLLED, Ledger
from casearc.analyses.wording import capital
from casearc.findings import (
    Blank,
    Body,
    Cell,
    Column,
    CountRef,
    Finding,
    Number,
    Quantity,
    Role,
    Row,
    Section,
    Sentence,
    ShareRef,
    Table,
    Text,
)
from casearc.study import Covariate

COLUMNS = (
    Column("characteristic", "Characteristic"),
    Column("n", "People"),
    Column("share", "Share"),
    Column("mean", "Mean"),
    Column("sd", "SD"),
)


def participants_findings(data: StudyData) -> Iterator[Finding]:
    """One finding: Table 1, whole and with small groups merged."""
    covariates = data.plan.covariates
    refusal = "" if covariates else "The plan names no [[covariate]], so there is nothing to describe people by."
    yield Finding(
        id="participants.table_1",
        section=Section.PARTICIPANTS,
        title="Who is in the evaluation",
        plan_item="covariate" if covariates else None,
        role=Role.DESCRIPTIVE,
        refusal=refusal,
        bodies=() if refusal else (_body(data, coarse=False), _body(data, coarse=True)),
    )


def _body(data: StudyData, *, coarse: bool) -> Body:
    ledger = Ledger(data)
    rows: list[Row] = [Row((Text("All enrolled"), CountRef(ENROLLED), ShareRef(ENROLLED, ENROLLED), Blank(), Blank()))]
    told: list[str] = []
    for covariate in data.plan.covariates:
        if _values(data, covariate).dtype.is_numeric():
            rows.append(_numeric(data, ledger, covariate))
            continue
        grouping = _grouping(data, covariate, coarse=coarse)
        rows += _factor(data, ledger, covariate, grouping)
        told += [grouping.told] if grouping.told else []
    table = Table(
        id="participants",
        title="Characteristics of the people enrolled",
        columns=COLUMNS,
        rows=tuple(rows),
        notes=(Sentence("Shares are of all enrolled, those without an answer included."),),
    )
    first = Sentence("{n} people were enrolled and are described here.", {"n": CountRef(ENROLLED)})
    sentence = f"{capital('; '.join(told))}: single groups are too small to be shown." if told else ""
    return ledger.close(Body(sentences=(first,), tables=(table,), told=sentence))


def _values(data: StudyData, covariate: Covariate) -> pl.Series:
    return data.people[f"covariate:{covariate.id}"]


def _label(covariate: Covariate) -> str:
    return capital(covariate.label or covariate.id.replace("_", " "))


def _grouping(data: StudyData, covariate: Covariate, *, coarse: bool) -> Grouping:
    counts = level_counts(_values(data, covariate))
    if not coarse:
        return finest_grouping(counts)
    return shown_grouping(counts, covariate.ladder, threshold=data.threshold, name=f"“{_label(covariate)}”")


def _factor(data: StudyData, ledger: Ledger, covariate: Covariate, grouping: Grouping) -> list[Row]:
    counts = level_counts(_values(data, covariate))
    keys = grouping_keys(ledger, ENROLLED, f"covariate.{covariate.id}", counts, grouping)
    heading = Row((Text(_label(covariate)), Blank(), Blank(), Blank(), Blank()), heading=True)
    levels = [
        Row(
            (Text(group_label(label)), CountRef(key), ShareRef(key, ENROLLED), Blank(), Blank()),
            indent=1,
        )
        for (label, _), key in zip(grouping.groups, keys, strict=True)
    ]
    return [heading, *levels]


def _numeric(data: StudyData, ledger: Ledger, covariate: Covariate) -> Row:
    values = _values(data, covariate).drop_nulls().to_numpy()
    key = f"covariate.{covariate.id}:known"
    ledger.subset(ENROLLED, key, len(values), rest=f"covariate.{covariate.id}:unknown")
    ledger.base(key)
    spread: Cell = Blank() if len(values) < 2 else Number(float(np.std(values, ddof=1)), Quantity.SD, key)
    mean: Cell = Blank() if len(values) == 0 else Number(float(np.mean(values)), Quantity.MEAN, key)
    return Row((Text(f"{_label(covariate)}, where known"), CountRef(key), Blank(), mean, spread))
