"""Was it the program, or only time: change before service beside change during it, as monthly rates.

Only a double pretest can tell: between its two pretests nobody is served, so what changes there changes by itself. Who
was served earlier all the same is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.analyses.all_enrolled.long import fit_courses, measurements
from casearc.analyses.dataset import StudyData, day_column
from casearc.analyses.design.before_service import served_early, unserved_among
from casearc.analyses.ledger import ENROLLED, Ledger, present_at_all
from casearc.analyses.wording import capital, interval_heading, wave_label
from casearc.change import Wave
from casearc.dose import DAYS_IN_MONTH
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
    Blank,
    Body,
    Cell,
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
from casearc.statistics.mixed import MixedContrast, mixed_contrast
from casearc.statistics.paired import PairedT, paired_t
from casearc.study import Design, Outcome, in_time

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

ONE_PRETEST = (
    "This study measured once before services began, so it cannot tell a change that came with services from one that "
    "would have come anyway: growing older, other help, better days after the worst ones."
)
TOO_FEW = "Too few people not served before the second pretest have both and a later score, or all changed alike."
COLUMNS = (
    Column("period", "Period"),
    Column("estimate", "Change a month"),
    Column("sd", "SD"),
    Column("conf", ""),
    Column("p_value", "p"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Monthly change of the same people before and during service, each beside zero and beside the other.

    `early` is the key of those left out because services began before their second pretest; empty where nobody is.
    """

    outcome: Outcome
    key: str
    early: str
    before: PairedT
    during: PairedT
    difference: PairedT
    everybody: MixedContrast | None = None
    everybody_key: str = ""


def pretest_findings(data: StudyData) -> Iterator[Finding]:
    """One finding an outcome measured as a number under a double pretest; one sentence under any other design."""
    if data.plan.design is not Design.DOUBLE_PRETEST or len(data.plan.waves) < 3:
        said = Sentence(ONE_PRETEST)
        evidence = Evidence(threat=Threat.TIME, verdict=Verdict.OPEN, said=said)
        yield _finding("design.one_pretest", "One pretest", Role.DESCRIPTIVE, "study.design", _plain(said, evidence))
        return
    for outcome in data.plan.outcomes:
        if not data.is_levels(outcome):
            yield _of(data, outcome)


def _finding(id_: str, title: str, role: Role, item: str, *bodies: Body) -> Finding:
    return Finding(
        id=id_,
        section=Section.DESIGN,
        title=title,
        plan_item=item,
        role=role,
        bodies=bodies,
        refusal="" if bodies else TOO_FEW,
    )


def _plain(said: Sentence, evidence: Evidence) -> Body:
    return Body(sentences=(said,), evidence=(evidence,))


def _of(data: StudyData, outcome: Outcome) -> Finding:
    title = f"Double pretest: {data.label(outcome)}"
    try:
        bodies = tuple(_bodies(data, outcome))
    except StatisticsRefusedError:  # its message may count people, which no text of a report may
        bodies = ()
    return _finding(f"design.pretests.{outcome.id}", title, outcome.role, f"outcome.{outcome.id}", *bodies)


def _bodies(data: StudyData, outcome: Outcome) -> Iterator[Body]:
    """With how many were left out, and coarser without."""
    waves = [wave.name for wave in in_time(data.plan.waves)][:3]
    early = served_early(data, outcome)
    unserved = replace(data, people=data.people.filter(~early))
    ledger = Ledger(data)
    whole = ledger.at_all(outcome, waves)
    found = present_at_all(unserved, outcome, waves)
    key = ledger.base(unserved_among(ledger, whole, ledger.counts[whole] - found.height))
    rates = _rates(data, outcome, found, key, early=f"{whole}:served early" if key != whole else "")
    rates = _with_everybody(data, rates, ledger, early.to_numpy())
    yield _body(data, rates, waves, ledger, counted=True)
    if rates.early:
        yield _body(data, rates, waves, ledger, counted=False)


def _body(data: StudyData, rates: Rates, waves: list[str], ledger: Ledger, *, counted: bool) -> Body:
    outcome = rates.outcome
    said = _sentence(data, rates, waves)
    test = TestRun(
        id=f"design.pretests.{outcome.id}",
        label=f"{capital(data.label(outcome))}: monthly change during service against before it",
        p=rates.difference.p,
        n_key=rates.key,
        role=outcome.role,
        confirmatory=outcome.role is Role.PRIMARY,
    )
    return ledger.close(
        Body(
            headline=said,
            sentences=(said, *_left_out(rates, counted=counted)),
            tables=(_table(data, rates, waves),),
            told="" if counted else "How many were served before their second pretest is left out.",
            tests=(test,),
            evidence=(Evidence(threat=Threat.TIME, verdict=_verdict(rates, data), said=said),),
        )
    )


def _left_out(rates: Rates, *, counted: bool) -> tuple[Sentence, ...]:
    if not rates.early:
        return ()
    if counted:
        told = "{early} more, measured at all three, are left out: their services began before the second pretest."
        return (Sentence(told, {"early": CountRef(rates.early)}),)
    return (Sentence("Those whose services began before their second pretest are left out."),)


def _rates(data: StudyData, outcome: Outcome, frame: pl.DataFrame, key: str, *, early: str) -> Rates:
    level = 1 - data.plan.inference.alpha

    def rate(i: int) -> Floats:
        months = (frame[f"day{i + 1}"] - frame[f"day{i}"]) / DAYS_IN_MONTH
        return ((frame[f"value{i + 1}"] - frame[f"value{i}"]) / months).to_numpy().astype(np.float64)

    before, during = rate(0), rate(1)
    nothing = np.zeros(before.size)
    return Rates(
        outcome=outcome,
        key=key,
        early=early,
        before=paired_t(nothing, before, level=level),
        during=paired_t(nothing, during, level=level),
        difference=paired_t(before, during, level=level),
    )


def _with_everybody(data: StudyData, rates: Rates, ledger: Ledger, early: Flags) -> Rates:
    """The same difference from every measurement of everybody: a mixed model in two straight pieces of time."""
    everybody = measurements(data, rates.outcome)
    rows = everybody.of(~early[everybody.person])
    person = rows.person
    waves = in_time(data.plan.waves)
    start, second = (_days(data, rates.outcome, wave)[person] for wave in waves[:2])
    before = (np.minimum(rows.day, second) - np.minimum(start, second)) / DAYS_IN_MONTH
    during = np.maximum(rows.day - second, 0.0) / DAYS_IN_MONTH
    try:
        fit = fit_courses(
            np.column_stack([np.ones(person.size), before, during]),
            rows,
            terms=["at start", "before", "during"],
            level=1 - data.plan.inference.alpha,
        )
        contrast = mixed_contrast(fit, [[0.0, -1.0, 1.0]])
    except StatisticsRefusedError:
        return rates
    score = rates.outcome.score
    ever = ledger.subset(ENROLLED, f"ever[{score}]", everybody.people, rest=f"never[{score}]")
    key = ledger.base(unserved_among(ledger, ever, everybody.people - rows.people))
    return replace(rates, everybody=contrast, everybody_key=key)


def _days(data: StudyData, outcome: Outcome, wave: Wave) -> Floats:
    """When each participant was measured at a wave; the planned day where not."""
    own = data.people[day_column(data, outcome, wave.name)].cast(pl.Float64)
    return own.fill_null(float(wave.target_day)).to_numpy()


def _sentence(data: StudyData, rates: Rates, waves: list[str]) -> Sentence:
    def number(value: float) -> Number:
        return Number(value, Quantity.DIFFERENCE, rates.key)

    difference = rates.difference
    return Sentence(
        f"Before services ({wave_label(waves[0])} to {wave_label(waves[1])}) {data.label(rates.outcome)} changed by "
        "{before} points a month, during services by {during}: a difference of {difference} a month ({interval}; {p}; "
        "n = {n}).",
        {
            "before": number(rates.before.difference),
            "during": number(rates.during.difference),
            "difference": number(difference.difference),
            "interval": Interval(difference.low, difference.high, difference.level, Quantity.DIFFERENCE, rates.key),
            "p": Number(difference.p, Quantity.P_VALUE, rates.key),
            "n": CountRef(rates.key),
        },
    )


def _verdict(rates: Rates, data: StudyData) -> Verdict:
    """Weakened where change during service differs from that before it; what else began then, nobody can tell."""
    return Verdict.WEAKENED if rates.difference.p < data.plan.inference.alpha else Verdict.OPEN


def _table(data: StudyData, rates: Rates, waves: list[str]) -> Table:
    level = 1 - data.plan.inference.alpha
    labels = [wave_label(wave) for wave in waves]
    periods = (
        (f"Before services, {labels[0]} to {labels[1]}", rates.before),
        (f"During services, {labels[1]} to {labels[2]}", rates.during),
        ("Difference, during less before", rates.difference),
    )
    return Table(
        id=f"pretests_{rates.outcome.id}",
        title=f"{capital(data.label(rates.outcome))}: change a month before and during services",
        columns=tuple(c if c.id != "conf" else Column("conf", interval_heading(level)) for c in COLUMNS),
        rows=(*(_row(name, test, rates.key) for name, test in periods), *_everybody_row(rates)),
        notes=(
            Sentence(
                "The first three rows are of the same people, measured at both pretests and once after services began; "
                "the last uses every measurement of everybody not served before the second, in a mixed model of two "
                "straight pieces of time."
            ),
        ),
    )


def _everybody_row(rates: Rates) -> tuple[Row, ...]:
    found, key = rates.everybody, rates.everybody_key
    if found is None:
        return ()
    cells: tuple[Cell, ...] = (
        Text("Difference, everybody"),
        Number(float(found.estimate[0]), Quantity.DIFFERENCE, key),
        Blank(),
        Interval(float(found.low[0]), float(found.high[0]), found.level, Quantity.DIFFERENCE, key),
        Number(float(found.p[0]), Quantity.P_VALUE, key),
    )
    return (Row(cells),)


def _row(name: str, test: PairedT, key: str) -> Row:
    cells: tuple[Cell, ...] = (
        Text(name),
        Number(test.difference, Quantity.DIFFERENCE, key),
        Number(test.sd_difference, Quantity.SD, key),
        Interval(test.low, test.high, test.level, Quantity.DIFFERENCE, key),
        Number(test.p, Quantity.P_VALUE, key),
    )
    return Row(cells)
