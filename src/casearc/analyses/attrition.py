"""Who was lost? Those measured at the first wave and never later at the last, beside those who were, and the reasons.

Measured on the primary outcome (the first of the plan where none is primary).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.analyses.dataset import StudyData, leading_outcome, outcome_column
from casearc.analyses.grouping import (
    NOT_RECORDED,
    Grouping,
    finest_grouping,
    group_label,
    grouping_keys,
    level_counts,
    shown_grouping,
)
from casearc.analyses.ledger import Ledger, later
from casearc.analyses.wording import capital, wave_label
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
    Blank,
    Body,
    Cell,
    Column,
    CountRef,
    Evidence,
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
    Threat,
    Verdict,
)
from casearc.statistics.contingency import chi_square, fisher_exact
from casearc.statistics.groups import standardized_difference_means, standardized_difference_proportions, two_sample_t
from casearc.study import Outcome, in_time

COMPARISON_COLUMNS = (
    Column("characteristic", "Characteristic at the start"),
    Column("retained", "Measured at the end"),
    Column("lost", "Lost"),
    Column("difference", "Standardized difference"),
    Column("p_value", "p"),
    Column("test", "Test"),
)
REASON_COLUMNS = (Column("reason", "Reason for exit"), Column("n", "People lost"), Column("share", "Share"))
LEFT_OUT = "How those lost differ is left out: they are too few, or it would let a small group be worked out."
LARGE = 0.25
"""A standardized difference beyond this is usually called large enough to matter (Rubin 2001)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The people measured at the first wave, who of them was lost, and the keys of both groups."""

    first: str
    last: str
    people: pl.DataFrame
    lost: npt.NDArray[np.bool_]
    retained_key: str
    lost_key: str


def attrition_findings(data: StudyData) -> Iterator[Finding]:
    """Two findings: how those lost differ, and why they left."""
    waves = in_time(data.plan.waves)
    if len(waves) < 2:
        yield _refused("The plan has one wave, so nobody can be lost between waves.")
        return
    outcome = leading_outcome(data)
    if not data.people[outcome_column(outcome, waves[0].name)].is_not_null().any():
        yield _refused("Nobody was measured at the first wave, so nobody can be said to have been lost after it.")
        return
    yield _comparison(data, outcome, waves[0].name, waves[-1].name)
    yield _reasons(data, outcome, waves[0].name, waves[-1].name)


def _refused(reason: str) -> Finding:
    return Finding(
        id="attrition.comparison",
        section=Section.ATTRITION,
        title="Who was lost",
        plan_item="wave",
        role=Role.DESCRIPTIVE,
        refusal=reason,
    )


def _lost(data: StudyData, ledger: Ledger, outcome: Outcome, first: str, last: str) -> Lost:
    """Split those measured at the first wave into those measured later at the last wave and those lost."""
    retained_key = ledger.paired(outcome, first, last)
    gone = {f"{retained_key}:{why}": 0 for why in ("first_only", "not_later")}
    parts = {key: ledger.counts[key] for key in gone if key in ledger.counts}
    lost_key = next(iter(parts))
    if len(parts) > 1:
        lost_key = f"{retained_key}:lost"
        ledger.split(lost_key, parts)
        ledger.split(ledger.measured(outcome, first), {key: ledger.counts[key] for key in (retained_key, lost_key)})
    start = data.people[outcome_column(outcome, first)].is_not_null()
    return Lost(
        first=first,
        last=last,
        people=data.people.filter(start),
        lost=(~later(data, outcome, first, last)).filter(start).to_numpy(),
        retained_key=retained_key,
        lost_key=lost_key,
    )


def _comparison(data: StudyData, outcome: Outcome, first: str, last: str) -> Finding:
    return Finding(
        id="attrition.comparison",
        section=Section.ATTRITION,
        title=f"Who was lost between {wave_label(first)} and {wave_label(last)}",
        plan_item="wave",
        role=Role.DESCRIPTIVE,
        bodies=tuple(
            _comparison_body(data, outcome, first, last, detail=detail) for detail in ("whole", "coarse", "counts")
        ),
    )


def _comparison_body(data: StudyData, outcome: Outcome, first: str, last: str, *, detail: str) -> Body:
    ledger = Ledger(data)
    lost = _lost(data, ledger, outcome, first, last)
    for key in (lost.retained_key, lost.lost_key):
        ledger.base(key)
    sentence = Sentence(
        f"Of those with {data.label(outcome)} at {wave_label(first)}, {{kept}} have it at {wave_label(last)} too and "
        "{lost} were lost.",
        {"lost": CountRef(lost.lost_key), "kept": CountRef(lost.retained_key)},
    )
    if detail == "counts" or not lost.lost.any() or lost.lost.all():
        return ledger.close(Body(sentences=(sentence,), told=LEFT_OUT if detail == "counts" else ""))
    ledger.support(lost.lost_key, int(lost.lost.sum()))
    ledger.support(lost.retained_key, int((~lost.lost).sum()))
    fewest = data.threshold if detail == "coarse" else 0
    rows = [_outcome_row(data, ledger, lost, item.id, fewest=fewest) for item in data.plan.outcomes]
    for covariate in data.plan.covariates:
        rows += _covariate_rows(data, ledger, lost, covariate.id, coarse=detail == "coarse")
    table = Table(
        id="attrition",
        title=f"Those lost by {wave_label(last)} beside those measured then",
        columns=COMPARISON_COLUMNS,
        rows=tuple(row for row in rows if row is not None),
        notes=(
            Sentence(
                "Standardized difference: lost minus measured, over the root mean square of their SDs; beyond ±{large} "
                "is commonly held to matter. Numbers: mean of those known. Levels: people, those without an answer "
                "being a level of their own.",
                {"large": Number(LARGE, Quantity.LEVEL)},
            ),
        ),
    )
    told = "Small groups were merged in the comparison of those lost." if detail == "coarse" else ""
    evidence = (_evidence(table, lost),)
    return ledger.close(Body(sentences=(sentence,), tables=(table,), told=told, evidence=evidence))


def _evidence(table: Table, lost: Lost) -> Evidence:
    """Whether any characteristic of those lost stands apart from that of those kept."""
    differ = []
    for row in table.rows:
        name, difference = row.cells[0], row.cells[3] if len(row.cells) > 3 else None
        large = isinstance(difference, Number) and abs(difference.value) > LARGE
        if large and isinstance(name, Text) and not row.indent:
            differ.append(name.text[:1].lower() + name.text[1:])
    between = f"between {wave_label(lost.first)} and {wave_label(lost.last)}"
    if differ:
        said = Sentence(f"Those lost {between} differed from those who stayed in {' and '.join(differ[:3])}.")
        return Evidence(threat=Threat.ATTRITION, verdict=Verdict.FOUND, said=said)
    said = Sentence(f"Those lost {between} were much like those who stayed in the scores they had at the start.")
    return Evidence(threat=Threat.ATTRITION, verdict=Verdict.WEAKENED, said=said)


def _outcome_row(data: StudyData, ledger: Ledger, lost: Lost, outcome_id: str, *, fewest: int) -> Row | None:
    outcome = data.plan.outcome(outcome_id)
    if data.is_levels(outcome):
        return None
    label = f"{capital(data.label(outcome))} at {wave_label(lost.first)}"
    return _numeric_row(label, ledger, lost, lost.people[outcome_column(outcome, lost.first)], fewest=fewest)


def _numeric_row(label: str, ledger: Ledger, lost: Lost, values: pl.Series, *, fewest: int) -> Row:
    """Means of those whose value is known, who may be far fewer than the group: with `fewest`, no fewer than that."""
    numbers = values.cast(pl.Float64).to_numpy()
    known = ~np.isnan(numbers)
    gone, kept = numbers[known & lost.lost], numbers[known & ~lost.lost]
    if min(len(gone), len(kept)) < fewest:
        return Row((Text(label), *(Blank(),) * 4, Text("known of too few to compare")))
    for key, group in ((lost.lost_key, gone), (lost.retained_key, kept)):
        ledger.support(f"{key}:known {values.name}", len(group))
    try:
        difference: Cell = Number(standardized_difference_means(gone, kept), Quantity.EFFECT_SIZE, lost.lost_key)
        p: Cell = Number(two_sample_t(gone, kept).p, Quantity.P_VALUE, lost.lost_key)
        test = "Welch t"
    except StatisticsRefusedError:
        difference, p, test = Blank(), Blank(), "too few to test"
    return Row((Text(label), _mean(kept, lost.retained_key), _mean(gone, lost.lost_key), difference, p, Text(test)))


def _mean(values: npt.NDArray[np.float64], key: str) -> Cell:
    return Number(float(np.mean(values)), Quantity.MEAN, key) if len(values) else Blank()


def _covariate_rows(
    data: StudyData, ledger: Ledger, lost: Lost, covariate_id: str, *, coarse: bool
) -> list[Row | None]:
    covariate = next(item for item in data.plan.covariates if item.id == covariate_id)
    values = lost.people[f"covariate:{covariate_id}"]
    label = capital(covariate.label or covariate_id.replace("_", " "))
    if values.dtype.is_numeric():
        return [_numeric_row(label, ledger, lost, values, fewest=data.threshold if coarse else 0)]
    groups = {key: values.filter(mask) for key, mask in ((lost.retained_key, ~lost.lost), (lost.lost_key, lost.lost))}
    all_counts = level_counts(values)
    counts = {key: {level: level_counts(group).get(level, 0) for level in all_counts} for key, group in groups.items()}
    smaller = {level: min(count[level] for count in counts.values()) for level in all_counts}
    grouping = (
        shown_grouping(smaller, covariate.ladder, threshold=data.threshold, name=f"“{label}”")
        if coarse
        else finest_grouping(all_counts)
    )
    if len(grouping.groups) < 2:
        why = "groups too small to compare" if coarse else "one level only"
        return [Row((Text(label), *(Blank(),) * 4, Text(why)))]
    keys = {key: grouping_keys(ledger, key, f"{key}.{covariate_id}", counts[key], grouping) for key in groups}
    return [_test_row(label, ledger, lost, keys, seed=data.plan.seed), *_level_rows(ledger, lost, grouping, keys)]


def _test_row(label: str, ledger: Ledger, lost: Lost, keys: dict[str, list[str]], *, seed: int) -> Row:
    table = np.array([[ledger.counts[key] for key in keys[group]] for group in (lost.retained_key, lost.lost_key)])
    table = table[:, table.sum(axis=0) > 0]
    try:
        test = chi_square(table)
        name, p = "χ²", test.p
        if test.smallest_expected < 5:
            exact = fisher_exact(table, seed=seed)
            name, p = exact.method, exact.p
    except StatisticsRefusedError:
        return Row((Text(label), *(Blank(),) * 4, Text("one level only")), heading=True)
    return Row(
        (Text(label), Blank(), Blank(), Blank(), Number(p, Quantity.P_VALUE, lost.lost_key), Text(name)), heading=True
    )


def _level_rows(ledger: Ledger, lost: Lost, grouping: Grouping, keys: dict[str, list[str]]) -> list[Row]:
    n_kept, n_lost = (ledger.counts[key] for key in (lost.retained_key, lost.lost_key))
    rows = []
    for position, (name, _) in enumerate(grouping.groups):
        kept, gone = keys[lost.retained_key][position], keys[lost.lost_key][position]
        try:
            value = standardized_difference_proportions((ledger.counts[gone], n_lost), (ledger.counts[kept], n_kept))
            difference: Cell = Number(value, Quantity.EFFECT_SIZE, lost.lost_key)
        except StatisticsRefusedError:
            difference = Blank()
        rows.append(
            Row(
                (Text(group_label(name)), CountRef(kept), CountRef(gone), difference, Blank(), Blank()),
                indent=1,
            )
        )
    return rows


def _reasons(data: StudyData, outcome: Outcome, first: str, last: str) -> Finding:
    bodies = tuple(_reason_body(data, outcome, first, last, coarse=coarse) for coarse in (False, True))
    nobody = not _lost(data, Ledger(data), outcome, first, last).lost.any()
    return Finding(
        id="attrition.reasons",
        section=Section.ATTRITION,
        title="Why people were lost",
        plan_item="wave",
        role=Role.DESCRIPTIVE,
        refusal="Nobody was lost between the first and the last wave." if nobody else "",
        bodies=() if nobody else bodies,
    )


def _reason_body(data: StudyData, outcome: Outcome, first: str, last: str, *, coarse: bool) -> Body:
    ledger = Ledger(data)
    lost = _lost(data, ledger, outcome, first, last)
    reasons = lost.people.filter(lost.lost)["exit_reason"]
    counts = level_counts(reasons)
    grouping = (
        shown_grouping(counts, (), threshold=data.threshold, name="the reasons") if coarse else finest_grouping(counts)
    )
    keys = grouping_keys(ledger, lost.lost_key, f"{lost.lost_key}.reason", counts, grouping)
    rows = tuple(
        Row((Text(_reason(name)), CountRef(key), ShareRef(key, lost.lost_key)))
        for (name, _), key in zip(grouping.groups, keys, strict=True)
    )
    table = Table(id="attrition_reasons", title="Reasons recorded at exit", columns=REASON_COLUMNS, rows=rows)
    told = f"{capital(grouping.told)}: single reasons are too rare to be shown." if grouping.told else ""
    return ledger.close(Body(tables=(table,), told=told))


def _reason(name: str) -> str:
    return "No reason recorded" if name == NOT_RECORDED else group_label(name)
