"""Change of each outcome by a mixed model that uses every measurement, beside those measured at both waves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from casearc.analyses.all_enrolled.long import Measurements, fit_courses, measurements
from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import ENROLLED, Ledger, present_pairs
from casearc.analyses.wording import capital, direction_word, interval_heading, wave_label
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
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
from casearc.statistics.mixed import MixedContrast, MixedFit, mixed_contrast
from casearc.statistics.paired import PairedT, paired_t
from casearc.study import Outcome, Waves

NOT_DONE = "Too few people were measured more than once, or all alike, for a model of everybody's course."


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One outcome's course: the fit, a contrast for each interval, and the paired test of the same interval."""

    outcome: Outcome
    data: Measurements
    fit: MixedFit
    changes: MixedContrast
    intervals: tuple[tuple[str, str], ...]
    pairs: tuple[PairedT | None, ...]
    key: str


def course_findings(data: StudyData) -> Iterator[Finding]:
    """One finding an outcome measured as a number, where the plan wants all enrolled."""
    if data.plan.missing.waves is not Waves.ALL_ENROLLED:
        return
    for outcome in data.plan.outcomes:
        if not data.is_levels(outcome):
            yield _finding(data, outcome)


def _finding(data: StudyData, outcome: Outcome) -> Finding:
    ledger = Ledger(data)
    try:
        body = _body(data, _course(data, outcome, ledger), ledger)
    except StatisticsRefusedError:  # its message may count people, which no text of a report may
        body = None
    return Finding(
        id=f"all_enrolled.course.{outcome.id}",
        section=Section.ALL_ENROLLED,
        title=f"Every measurement of {data.label(outcome)}",
        plan_item="missing.waves",
        role=outcome.role if outcome.role is not Role.PRIMARY else Role.SECONDARY,
        warnings=data.cautions(outcome),
        bodies=() if body is None else (body,),
        refusal="" if body is not None else NOT_DONE,
    )


def _course(data: StudyData, outcome: Outcome, ledger: Ledger) -> Course:
    rows = measurements(data, outcome)
    if len(rows.waves) < 2:
        raise StatisticsRefusedError("There is one wave.", alternative="Describe it.")
    design = np.column_stack([np.ones(rows.value.size), *(rows.wave == i for i in range(1, len(rows.waves)))])
    level = 1 - data.plan.inference.alpha
    terms = ["first", *rows.waves[1:]]
    fit = fit_courses(design.astype(np.float64), rows, terms=terms, level=level)
    places = [*pairwise(range(len(rows.waves)))]
    if len(rows.waves) > 2:
        places.append((0, len(rows.waves) - 1))
    contrasts = np.zeros((len(places), design.shape[1]))
    for row, (first, second) in enumerate(places):
        contrasts[row, second] = 1.0
        if first:
            contrasts[row, first] = -1.0
    key = ledger.base(ledger.subset(ENROLLED, f"ever[{outcome.score}]", rows.people, rest=f"never[{outcome.score}]"))
    intervals = tuple((rows.waves[a], rows.waves[b]) for a, b in places)
    return Course(
        outcome=outcome,
        data=rows,
        fit=fit,
        changes=mixed_contrast(fit, contrasts),
        intervals=intervals,
        pairs=tuple(_paired(data, outcome, pair, level) for pair in intervals),
        key=key,
    )


def _paired(data: StudyData, outcome: Outcome, pair: tuple[str, str], level: float) -> PairedT | None:
    frame = present_pairs(data, outcome, *pair)
    try:
        return paired_t(frame["before"].to_numpy(), frame["after"].to_numpy(), level=level)
    except StatisticsRefusedError:
        return None


def _body(data: StudyData, course: Course, ledger: Ledger) -> Body:
    last = len(course.intervals) - 1
    keys = [ledger.base(ledger.paired(course.outcome, *pair)) for pair in course.intervals]
    said = _sentence(data, course, last, keys[last])
    return ledger.close(
        Body(
            sentences=(said, _likeness(course)),
            tables=(_table(data, course, keys),),
            tests=tuple(_test(data, course, place) for place in range(len(course.intervals))),
            evidence=(_evidence(data, course, last, keys[last]),),
        )
    )


def _between(pair: tuple[str, str]) -> str:
    return f"{wave_label(pair[0])} to {wave_label(pair[1])}"


def _number(value: float, key: str) -> Number:
    return Number(float(value), Quantity.DIFFERENCE, key)


def _sentence(data: StudyData, course: Course, place: int, key: str) -> Sentence:
    changes, pair = course.changes, course.pairs[place]
    estimate = float(changes.estimate[place])
    slots: dict[str, Cell] = {
        "estimate": _number(abs(estimate), course.key),
        "interval": Interval(
            float(changes.low[place]), float(changes.high[place]), changes.level, Quantity.DIFFERENCE, course.key
        ),
        "p": Number(float(changes.p[place]), Quantity.P_VALUE, course.key),
        "n": CountRef(course.key),
    }
    text = (
        f"From {_between(course.intervals[place])}, with every measurement of everybody, {data.label(course.outcome)} "
        f"was {{estimate}} points {direction_word(estimate)} ({{interval}}; {{p}}; n = {{n}})"
    )
    if pair is None:
        return Sentence(f"{text}.", slots)
    slots |= {"pairs": _number(pair.difference, key), "both": CountRef(key)}
    return Sentence(f"{text}; those measured at both waves alone give {{pairs}} (n = {{both}}).", slots)


def _likeness(course: Course) -> Sentence:
    if course.fit.icc is None:
        return Sentence(
            "A mixed model with a level and a course over time of their own for each person. It holds if whoever "
            "missed a wave fared as their other measurements tell."
        )
    return Sentence(
        "A mixed model with one level of their own for each person; two measurements of one person correlate {icc}. "
        "It holds if whoever missed a wave fared as their other measurements tell.",
        {"icc": Number(course.fit.icc, Quantity.RELIABILITY, course.key)},
    )


def _table(data: StudyData, course: Course, keys: list[str]) -> Table:
    level = 1 - data.plan.inference.alpha
    return Table(
        id=f"course_{course.outcome.id}",
        title=f"{capital(data.label(course.outcome))}: change among everybody, and among those measured at both waves",
        columns=(
            Column("interval", "Between"),
            Column("who", "Who"),
            Column("n", "n"),
            Column("estimate", "Change"),
            Column("conf", interval_heading(level)),
            Column("p_value", "p"),
        ),
        rows=tuple(row for place in range(len(course.intervals)) for row in _rows(course, place, keys[place])),
        notes=(Sentence("Everybody: Kenward and Roger's standard errors and degrees of freedom. Pairs: t test."),),
    )


def _rows(course: Course, place: int, key: str) -> Iterator[Row]:
    changes, pair = course.changes, course.pairs[place]
    yield Row(
        (
            Text(_between(course.intervals[place])),
            Text("everybody"),
            CountRef(course.key),
            _number(changes.estimate[place], course.key),
            Interval(
                float(changes.low[place]), float(changes.high[place]), changes.level, Quantity.DIFFERENCE, course.key
            ),
            Number(float(changes.p[place]), Quantity.P_VALUE, course.key),
        )
    )
    if pair is not None:
        yield Row(
            (
                Text(_between(course.intervals[place])),
                Text("measured at both"),
                CountRef(key),
                _number(pair.difference, key),
                Interval(pair.low, pair.high, pair.level, Quantity.DIFFERENCE, key),
                Number(pair.p, Quantity.P_VALUE, key),
            )
        )


def _test(data: StudyData, course: Course, place: int) -> TestRun:
    pair = course.intervals[place]
    return TestRun(
        id=f"all_enrolled.course.{course.outcome.id}.{pair[0]}.{pair[1]}",
        label=f"{capital(data.label(course.outcome))}, {_between(pair)}: mixed model, everybody",
        p=float(course.changes.p[place]),
        n_key=course.key,
        role=Role.EXPLORATORY,
    )


def _evidence(data: StudyData, course: Course, place: int, key: str) -> Evidence:
    """Whether those who missed a wave would change the answer on change."""
    pair, changes = course.pairs[place], course.changes
    if pair is None:
        said = Sentence(f"Change in {data.label(course.outcome)} rests on everybody's measurements, not on pairs.")
        return Evidence(threat=Threat.ATTRITION, verdict=Verdict.WEAKENED, said=said)
    alpha = data.plan.inference.alpha
    agree = (pair.p < alpha) == (changes.p[place] < alpha) and pair.difference * changes.estimate[place] > 0
    slots: dict[str, Cell] = {
        "all": _number(changes.estimate[place], course.key),
        "pairs": _number(pair.difference, key),
    }
    same = "the same conclusion as" if agree else "another conclusion than"
    return Evidence(
        threat=Threat.ATTRITION,
        verdict=Verdict.WEAKENED if agree else Verdict.FOUND,
        said=Sentence(
            f"On change in {data.label(course.outcome)}, everybody's measurements lead to {same} those measured at "
            "both waves ({all} and {pairs} points).",
            slots,
        ),
    )
