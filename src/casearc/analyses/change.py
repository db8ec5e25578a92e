"""Did the scores change between waves? One finding for each outcome measured as a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from casearc.analyses import reliable_change as groups
from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import Ledger, paired_key, present_pairs
from casearc.analyses.wording import capital, direction_word, interval_heading, wave_label
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
    Blank,
    Body,
    Cell,
    Column,
    CountRef,
    Dots,
    Figure,
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
)
from casearc.instruments import find_score
from casearc.statistics.estimates import EstimateInterval
from casearc.statistics.paired import PairedT, SignedRank, cohen_dz, hodges_lehmann, paired_t, wilcoxon_signed_rank
from casearc.study import Direction, Outcome, in_time

Floats = npt.NDArray[np.float64]
T = TypeVar("T")

CHANGE_COLUMNS = (
    Column("interval", "Between"),
    Column("n", "n"),
    Column("mean_before", "Mean before"),
    Column("sd_before", "SD"),
    Column("mean_after", "Mean after"),
    Column("sd_after", "SD"),
    Column("estimate", "Change"),
)
TEST_COLUMNS = (
    Column("interval", "Between"),
    Column("statistic", "t"),
    Column("df", "df"),
    Column("p_value", "p (t test)"),
    Column("signed_rank", "V"),
    Column("p_wilcoxon", "p (Wilcoxon)"),
    Column("hodges_lehmann", "Typical change"),
    Column("d_z", "d_z"),
    Column("d_z_conf", "Interval of d_z"),
)
WHY_NOT = "Tests need changes that differ between people, and enough people."


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedChange:
    """Change of one outcome between two waves. What could not be computed is None and named in `missing`."""

    first: str
    second: str
    key: str
    before: Floats
    after: Floats
    t: PairedT | None = None
    rank: SignedRank | None = None
    typical: EstimateInterval | None = None
    effect: EstimateInterval | None = None
    missing: tuple[str, ...] = ()

    @property
    def between(self) -> str:
        """The interval in words."""
        return f"{wave_label(self.first)} to {wave_label(self.second)}"

    @property
    def difference(self) -> Floats:
        """Each participant's change."""
        return self.after - self.before


def change_findings(data: StudyData) -> Iterator[Finding]:
    """One finding for each numeric outcome of the plan, and for each score that must be set beside one of them."""
    for outcome in data.plan.outcomes:
        if not data.is_levels(outcome):
            yield _finding(data, outcome, planned=True)
    for outcome in set_beside(data):
        yield _finding(data, outcome, planned=False)


def set_beside(data: StudyData) -> tuple[Outcome, ...]:
    """Scores that an instrument's permitted use wants shown beside an outcome, where the plan does not name them.

    Readiness, for instance, is not a measure of progress; Action and Maintenance are read beside it.
    """
    planned = {outcome.score for outcome in data.plan.outcomes}
    uses = [data.score_definition(outcome).permitted_use for outcome in data.plan.outcomes]
    wanted = dict.fromkeys(score for use in uses if use is not None for score in use.show_beside)
    definitions = [find_score(data.instruments, score)[1] for score in wanted if score not in planned]
    return tuple(
        Outcome(
            id=definition.id,
            score=definition.id,
            role=Role.EXPLORATORY,
            direction=Direction(definition.direction),
        )
        for definition in definitions
    )


def wave_pairs(data: StudyData) -> tuple[tuple[str, str], ...]:
    """Consecutive waves, then first to last where there are more than two."""
    names = [wave.name for wave in in_time(data.plan.waves)]
    pairs = list(pairwise(names))
    return tuple(pairs if len(names) < 3 else [*pairs, (names[0], names[-1])])


def _finding(data: StudyData, outcome: Outcome, *, planned: bool) -> Finding:
    changes = [_measure(data, outcome, pair) for pair in wave_pairs(data)]
    usable = [change for change in changes if len(change.before) > 1]
    refusal = "" if usable else "Nobody has this score at two waves, so no change can be measured."
    return Finding(
        id=f"change.{outcome.id}",
        section=Section.CHANGE,
        title=f"Change in {data.label(outcome)}",
        plan_item=f"outcome.{outcome.id}" if planned else None,
        role=outcome.role,
        warnings=data.cautions(outcome),
        refusal=refusal,
        bodies=() if refusal else _bodies(data, outcome, usable),
    )


def _measure(data: StudyData, outcome: Outcome, pair: tuple[str, str]) -> PairedChange:
    frame = present_pairs(data, outcome, *pair)
    plain = PairedChange(
        first=pair[0],
        second=pair[1],
        key=paired_key(outcome, *pair),
        before=frame["before"].to_numpy(),
        after=frame["after"].to_numpy(),
    )
    return plain if len(plain.before) < 2 else _tested(plain, level=1 - data.plan.inference.alpha)


def _tested(plain: PairedChange, *, level: float) -> PairedChange:
    """Each test by itself: one that declines takes none of the others with it."""
    t = _attempt(lambda: paired_t(plain.before, plain.after, level=level))
    rank = _attempt(lambda: wilcoxon_signed_rank(plain.difference))
    typical = _attempt(lambda: hodges_lehmann(plain.difference, level=level))
    effect = _attempt(lambda: cohen_dz(plain.difference, level=level))
    found = {"the t test": t, "the signed-rank test": rank, "the typical change": typical, "d_z": effect}
    missing = tuple(name for name, result in found.items() if result is None)
    return replace(plain, t=t, rank=rank, typical=typical, effect=effect, missing=missing)


def _attempt(run: Callable[[], T]) -> T | None:
    try:
        return run()
    except StatisticsRefusedError:  # its message may count people, which no text of a report may
        return None


def _bodies(data: StudyData, outcome: Outcome, changes: Sequence[PairedChange]) -> tuple[Body, ...]:
    main = changes[-1]
    criterion = groups.criterion_of(data, outcome, main.before, main.first)
    if criterion is None:
        return (_body(data, outcome, changes, criterion=None, detail=None),)
    return tuple(
        _body(data, outcome, changes, criterion=criterion, detail=detail)
        for detail in (*range(len(groups.MEMBERS)), None)
    )


def _body(
    data: StudyData,
    outcome: Outcome,
    changes: Sequence[PairedChange],
    *,
    criterion: groups.Criterion | None,
    detail: int | None,
) -> Body:
    ledger = Ledger(data)
    for change in changes:
        ledger.base(ledger.paired(outcome, change.first, change.second))
    sentences = [_sentence(data, outcome, change) for change in changes]
    headline = sentences[len(changes) - 1]
    tables = [_change_table(data, outcome, changes), _test_table(data, outcome, changes)]
    figures: list[Figure] = []
    main = changes[-1]
    if criterion is not None and detail is not None:
        grouped = groups.group_by_change(
            data,
            outcome,
            ledger,
            pair=(main.first, main.second),
            difference=main.difference,
            criterion=criterion,
            detail=detail,
        )
        tables.append(groups.table(grouped))
        figures.append(groups.figure(grouped))
        sentences.append(groups.sentence(grouped))
        headline = groups.joined(headline, grouped)
    if detail == 0 or criterion is None:
        figures.append(_dots(data, outcome, main, criterion))
    return ledger.close(
        Body(
            headline=headline,
            sentences=tuple(sentences),
            tables=tuple(tables),
            figures=tuple(figures),
            told="" if criterion is None else groups.told(outcome, detail),
            tests=tuple(test for change in changes for test in _tests(data, outcome, change, leads=change is main)),
        )
    )


def _tests(data: StudyData, outcome: Outcome, change: PairedChange, *, leads: bool) -> Iterator[TestRun]:
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


def _change_table(data: StudyData, outcome: Outcome, changes: Sequence[PairedChange]) -> Table:
    definition = data.score_definition(outcome)
    return Table(
        id=f"change_{outcome.id}",
        title=f"{capital(data.label(outcome))}: change between waves",
        columns=(*CHANGE_COLUMNS, Column("conf", interval_heading(1 - data.plan.inference.alpha))),
        rows=tuple(_change_row(change) for change in changes),
        notes=(Sentence(f"Unit: {definition.unit}. Each row holds those measured at both waves."),),
    )


def _change_row(change: PairedChange) -> Row:
    def number(value: np.floating[Any], quantity: Quantity) -> Cell:
        return Number(float(value), quantity, change.key)

    t = change.t
    interval = Blank() if t is None else Interval(t.low, t.high, t.level, Quantity.DIFFERENCE, change.key)
    return Row(
        (
            Text(change.between),
            CountRef(change.key),
            number(np.mean(change.before), Quantity.MEAN),
            number(np.std(change.before, ddof=1), Quantity.SD),
            number(np.mean(change.after), Quantity.MEAN),
            number(np.std(change.after, ddof=1), Quantity.SD),
            number(np.mean(change.difference), Quantity.DIFFERENCE),
            interval,
        )
    )


def _test_table(data: StudyData, outcome: Outcome, changes: Sequence[PairedChange]) -> Table:
    return Table(
        id=f"change_{outcome.id}-tests",
        title=f"{capital(data.label(outcome))}: tests of change",
        columns=TEST_COLUMNS,
        rows=tuple(_test_row(change) for change in changes),
        notes=_test_notes(changes),
    )


def _test_row(change: PairedChange) -> Row:
    t, rank, typical, effect = change.t, change.rank, change.typical, change.effect
    cells: list[Cell] = [Text(change.between)]
    tested = None if t is None else ((t.t, Quantity.STATISTIC), (t.df, Quantity.DF), (t.p, Quantity.P_VALUE))
    cells += _numbers(change, tested, width=3)
    # V is a sum of ranks: like df it would give n away
    cells += _numbers(change, None if rank is None else ((rank.v, Quantity.DF), (rank.p, Quantity.P_VALUE)), width=2)
    cells += _numbers(change, None if typical is None else ((typical.estimate, Quantity.DIFFERENCE),), width=1)
    cells += _numbers(change, None if effect is None else ((effect.estimate, Quantity.EFFECT_SIZE),), width=1)
    interval = None if effect is None else (effect.low, effect.high, effect.level, Quantity.EFFECT_SIZE)
    cells.append(Blank() if interval is None else Interval(*interval, change.key))
    return Row(tuple(cells))


def _numbers(change: PairedChange, values: Sequence[tuple[float, Quantity]] | None, *, width: int) -> list[Cell]:
    if values is None:
        return [Blank()] * width
    return [Number(float(value), quantity, change.key) for value, quantity in values]


def _test_notes(changes: Sequence[PairedChange]) -> tuple[Sentence, ...]:
    methods = sorted({str(change.rank.method) for change in changes if change.rank is not None})
    explained = Sentence(
        "Paired t test; Wilcoxon signed-rank test ({method}); typical change is the Hodges-Lehmann estimate; "
        "d_z is the mean change over the SD of the changes, with its exact interval.",
        {"method": Text(" and ".join(methods) or "not computed")},
    )
    refused = (
        Sentence(f"{capital(change.between)}: {' and '.join(change.missing)} could not be computed. {WHY_NOT}")
        for change in changes
        if change.missing
    )
    return (explained, *refused)


def _sentence(data: StudyData, outcome: Outcome, change: PairedChange) -> Sentence:
    difference = float(np.mean(change.difference))
    slots: dict[str, Cell] = {
        "difference": Number(abs(difference), Quantity.DIFFERENCE, change.key),
        "n": CountRef(change.key),
    }
    start = (
        f"From {change.between}, {data.label(outcome)} was on average {{difference}} points "
        f"{direction_word(difference)}"
    )
    if change.t is None or change.effect is None:
        return Sentence(start + " (n = {n}); no test was possible.", slots)
    slots |= {
        "change": Number(difference, Quantity.DIFFERENCE, change.key),
        "interval": Interval(change.t.low, change.t.high, change.t.level, Quantity.DIFFERENCE, change.key),
        "effect": Number(change.effect.estimate, Quantity.EFFECT_SIZE, change.key),
        "p": Number(change.t.p, Quantity.P_VALUE, change.key),
    }
    return Sentence(start + " (change {change}, {interval}; {p}; d_z = {effect}; n = {n}).", slots)


def _dots(data: StudyData, outcome: Outcome, change: PairedChange, criterion: groups.Criterion | None) -> Figure:
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
