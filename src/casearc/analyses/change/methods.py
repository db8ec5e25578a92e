"""Reliable change by each of four methods, side by side: counts of people, told in the finest body only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from casearc.analyses.attempt import attempt
from casearc.analyses.change.criterion import Criterion, retest_key
from casearc.analyses.change.groups import MEMBERS, NAMES
from casearc.analyses.change.measure import PairedChange
from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import Ledger
from casearc.analyses.wording import capital
from casearc.change import ReliableChangeMethod, ReliableChanges, reliable_changes
from casearc.findings import Blank, Cell, Column, CountRef, Number, Quantity, Row, Sentence, Table, Text
from casearc.study import Direction, Outcome

AUTHORS: Mapping[ReliableChangeMethod, str] = {
    ReliableChangeMethod.JACOBSON_TRUAX: "Jacobson and Truax",
    ReliableChangeMethod.EDWARDS_NUNNALLY: "Edwards and Nunnally",
    ReliableChangeMethod.HAGEMAN_ARRINDELL: "Hageman and Arrindell",
    ReliableChangeMethod.GULLIKSEN_LORD_NOVICK: "Gulliksen, Lord and Novick",
}
HOW_OFTEN_WRONG = (
    "Where nobody changes, Edwards and Nunnally's rule still calls about one person in seven changed, the others about "
    "one in twenty or fewer (made-up scores)."
)
HOW_THEY_DIFFER = (
    "Jacobson and Truax hold a change against its measurement error; so does the table by amount of change. Edwards "
    "and Nunnally, and Gulliksen, Lord and Novick, allow for regression to the mean; Hageman and Arrindell for how far "
    "the differences between people are error."
)
WHY_THIS_ERROR = (
    "A retest correlation is preferred to alpha, which does not see error between waves, and this program's own SD to "
    "a published one, for people as varied as those measured."
)
DECLINED = "{methods} could not be computed: changes vary between people no more than measurement error makes them."


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodCounts:
    """Keys of those who are worse, the same and better by one method; None where it declined."""

    method: ReliableChangeMethod
    keys: tuple[str, ...] | None


def counted_by_method(
    outcome: Outcome, change: PairedChange, criterion: Criterion, ledger: Ledger
) -> tuple[MethodCounts, ...]:
    """Count by each method and tell the ledger. Jacobson and Truax's are the groups of the finest body."""
    return tuple(_counted(outcome, change, criterion, ledger, method) for method in ReliableChangeMethod)


def _counted(
    outcome: Outcome, change: PairedChange, criterion: Criterion, ledger: Ledger, method: ReliableChangeMethod
) -> MethodCounts:
    found = attempt(lambda: _changes(outcome, change, criterion, method))
    if found is None:
        return MethodCounts(method=method, keys=None)
    keys = _keys(change.key, method)
    if method is not ReliableChangeMethod.JACOBSON_TRUAX:
        ledger.split(change.key, dict(zip(keys, (found.worse, found.same, found.better), strict=True)))
    return MethodCounts(method=method, keys=keys)


def _changes(
    outcome: Outcome, change: PairedChange, criterion: Criterion, method: ReliableChangeMethod
) -> ReliableChanges:
    direction: Literal["higher", "lower"] = "lower" if outcome.direction is Direction.LOWER else "higher"
    return reliable_changes(
        change.before,
        change.after,
        reliability=criterion.reliable.reliability,
        sd=criterion.reliable.sd,
        method=method,
        direction=direction,
    )


def _keys(whole: str, method: ReliableChangeMethod) -> tuple[str, ...]:
    """The same people have the same key: by Jacobson and Truax those of the groups merged to three."""
    if method is ReliableChangeMethod.JACOBSON_TRUAX:
        return tuple(f"{whole}:change:{'+'.join(map(str, members))}" for members in MEMBERS[1])
    return tuple(f"{whole}:{method}:{side}" for side in ("worse", "same", "better"))


def method_table(
    data: StudyData,
    outcome: Outcome,
    change: PairedChange,
    criterion: Criterion,
    *,
    counted: Sequence[MethodCounts],
    ledger: Ledger,
) -> Table:
    """One row a method."""
    columns = tuple(
        Column(side, capital(name.removeprefix("reliably ")))
        for side, name in zip(("worse", "same", "better"), NAMES[outcome.direction][1], strict=True)
    )
    declined = [AUTHORS[each.method] for each in counted if each.keys is None]
    return Table(
        id=f"reliable_change_{outcome.id}-methods",
        behind=True,
        title=f"{capital(data.label(outcome))}: reliable change by four methods, {change.between}",
        columns=(Column("method", "Method"), *columns),
        rows=tuple(_row(each) for each in counted),
        notes=(
            Sentence(HOW_THEY_DIFFER),
            _error(change, criterion, retest_key(data, outcome, criterion, ledger)),
            Sentence(WHY_THIS_ERROR),
            Sentence(HOW_OFTEN_WRONG),
            *criterion.passed_over,
            *([Sentence(DECLINED.format(methods=" and ".join(declined)))] if declined else []),
        ),
    )


def _row(counts: MethodCounts) -> Row:
    cells: Sequence[Cell] = [Blank()] * 3 if counts.keys is None else [CountRef(key) for key in counts.keys]
    return Row((Text(AUTHORS[counts.method]), *cells))


def _error(change: PairedChange, criterion: Criterion, retested: str | None) -> Sentence:
    return Sentence(
        f"All rest on {criterion.source}: a reliability of {{reliability}} and an SD of {{sd}}.",
        {
            "reliability": Number(criterion.reliable.reliability, Quantity.RELIABILITY, retested),
            "sd": Number(criterion.reliable.sd, Quantity.SD, change.key),
        },
    )


def method_sentence(outcome: Outcome, change: PairedChange, counted: Sequence[MethodCounts]) -> Sentence:
    """How many are better by each method."""
    known = [each for each in counted if each.keys is not None]
    slots: dict[str, Cell] = {f"k{i}": CountRef(each.keys[2]) for i, each in enumerate(known) if each.keys}
    told = ", ".join(f"{{k{i}}} by {AUTHORS[each.method]}" for i, each in enumerate(known))
    return Sentence(f"How many are {NAMES[outcome.direction][1][2]} depends on the method: {told}.", slots)
