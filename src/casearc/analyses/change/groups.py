"""How many people changed reliably: amounts of change in groups, told from the finest to the coarsest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casearc.analyses.change.criterion import Criterion
from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import Ledger
from casearc.analyses.wording import capital, wave_label
from casearc.change.reliable import ROUNDING
from casearc.findings import (
    Column,
    CountBars,
    CountRef,
    Figure,
    Number,
    Quantity,
    Row,
    Sentence,
    ShareRef,
    Table,
    Text,
)
from casearc.study import Direction, Outcome

Floats = npt.NDArray[np.float64]
MEMBERS: tuple[tuple[tuple[int, ...], ...], ...] = (
    ((0,), (1,), (2,), (3,), (4,), (5,)),
    ((0, 1), (2, 3), (4, 5)),
    ((0, 1, 2, 3), (4, 5)),
    ((0, 1, 2), (3, 4, 5)),
)
"""Groups at each level of detail, the finest first: which of the six finest groups each takes in."""

_BETTER = ("reliably worse", "no reliable change", "reliably better", "not reliably better")
NAMES: Mapping[Direction, tuple[tuple[str, ...], ...]] = {
    Direction.HIGHER: (
        ("much worse", "worse", "a little down", "same or a little up", "better", "much better"),
        _BETTER[:3],
        (_BETTER[3], _BETTER[2]),
        ("down", "same or up"),
    ),
    Direction.LOWER: (
        ("much worse", "worse", "a little up", "same or a little down", "better", "much better"),
        _BETTER[:3],
        (_BETTER[3], _BETTER[2]),
        ("up", "same or down"),
    ),
    Direction.NONE: (
        ("much lower", "lower", "a little lower", "same or a little higher", "higher", "much higher"),
        ("reliably lower", "no reliable change", "reliably higher"),
        ("not reliably higher", "reliably higher"),
        ("lower", "same or higher"),
    ),
}
_INSIDE_THE_BAND = ((2, 3), (1,), (), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeGroups:
    """People by amount of change between two waves, at one level of detail."""

    outcome: Outcome
    label: str
    between: str
    whole: str
    detail: int
    keys: tuple[str, ...]
    criterion: Criterion

    @property
    def names(self) -> tuple[str, ...]:
        """What the groups are called."""
        return NAMES[self.outcome.direction][self.detail]


def group_by_change(
    data: StudyData,
    outcome: Outcome,
    ledger: Ledger,
    *,
    pair: tuple[str, str],
    difference: Floats,
    criterion: Criterion,
    detail: int,
) -> ChangeGroups:
    """Count people by amount of change and tell the ledger how the groups add up to all who were paired.

    `detail` is a position in `MEMBERS`.
    """
    whole = ledger.paired(outcome, *pair)
    improved = -difference if outcome.direction is Direction.LOWER else difference
    counts = np.bincount(_finest(improved, criterion.reliable.criterion), minlength=6)
    fine = {f"{whole}:change:{i}": int(counts[i]) for i in range(6)}
    ledger.split(whole, fine)
    keys = []
    for members in MEMBERS[detail]:
        key = f"{whole}:change:{'+'.join(map(str, members))}"
        if len(members) > 1:
            ledger.split(key, {f"{whole}:change:{i}": int(counts[i]) for i in members})
        keys.append(key)
    ledger.split(whole, {key: ledger.counts[key] for key in keys})
    for members in MEMBERS[1] if detail == 0 else ():  # the three groups that the headline names
        key = f"{whole}:change:{'+'.join(map(str, members))}"
        ledger.split(key, {f"{whole}:change:{i}": int(counts[i]) for i in members})
    return ChangeGroups(
        outcome=outcome,
        label=data.label(outcome),
        between=f"{wave_label(pair[0])} to {wave_label(pair[1])}",
        whole=whole,
        detail=detail,
        keys=tuple(keys),
        criterion=criterion,
    )


def tie_to_direction(ledger: Ledger, outcome: Outcome, whole: str) -> None:
    """Tell the ledger that the three groups on the bad side are those whose score moved to that side."""
    side = "rose" if outcome.direction is Direction.LOWER else "fell"
    ledger.split(f"{whole}:{side}", {key: ledger.counts[key] for i in range(3) if (key := f"{whole}:change:{i}")})


def _finest(improved: Floats, criterion: float) -> npt.NDArray[np.intp]:
    """Index of the finest group. A change equal to the criterion is not yet reliable, on either side."""
    size = np.abs(improved)
    slack = ROUNDING * criterion  # differences of means of items carry rounding
    steps = np.sum([size > edge + slack for edge in (0.0, criterion, 2 * criterion)], axis=0)
    return np.where(steps == 0, 3, np.where(improved > 0, 2 + steps, 3 - steps))


def told(outcome: Outcome, detail: int | None) -> str:
    """What was merged to get to this level of detail."""
    if detail == 0:
        return ""
    if detail is None:
        return "How many people changed, and how, is left out: the groups are too small to be shown."
    merged = ", ".join(f"“{name}”" for name in NAMES[outcome.direction][detail])
    return (
        f"Amounts of change are told as {merged}: finer groups would be too small to be shown. Scores that rose and "
        "fell, and other methods for reliable change, are left out with them."
    )


def table(groups: ChangeGroups) -> Table:
    """People by amount of change."""
    rows = tuple(
        Row((Text(name), CountRef(key), ShareRef(key, groups.whole)))
        for name, key in zip(groups.names, groups.keys, strict=True)
    )
    note = Sentence(
        "Change is reliable beyond ±{criterion}: 1.96 standard errors of a difference, from "
        f"{groups.criterion.source}.{' “Much” is beyond twice that.' if groups.detail == 0 else ''} "
        f"{_good_side(groups.outcome)}",
        {"criterion": Number(groups.criterion.reliable.criterion, Quantity.DIFFERENCE)},
    )
    return Table(
        id=f"reliable_change_{groups.outcome.id}",
        title=f"{capital(groups.label)}: people by amount of change, {groups.between}",
        columns=(Column("group", "Change"), Column("n", "People"), Column("share", "Share")),
        rows=rows,
        notes=(note,),
    )


def _good_side(outcome: Outcome) -> str:
    return {
        Direction.HIGHER: "Better means a higher score.",
        Direction.LOWER: "Better means a lower score.",
        Direction.NONE: "By the plan neither side of this score is the good one.",
    }[outcome.direction]


def figure(groups: ChangeGroups) -> Figure:
    """Distribution of change, with the groups inside the reliable-change band marked."""
    return Figure(
        id=f"change_distribution_{groups.outcome.id}",
        title=f"{capital(groups.label)}: who changed how much, {groups.between}",
        drawing=CountBars(
            labels=groups.names,
            keys=groups.keys,
            axis_label="People",
            highlight=_INSIDE_THE_BAND[groups.detail],
        ),
        alt=Sentence("Number of people by amount of change: " + _counted(groups.names) + ".", _slots(groups)),
    )


def sentence(groups: ChangeGroups) -> Sentence:
    """How many people are in each group."""
    return Sentence(f"From {groups.between}, by amount of change: {_counted(groups.names)}.", _slots(groups))


def joined(change: Sentence, groups: ChangeGroups) -> Sentence:
    """A sentence on the mean change with how many changed how: those who got worse as plainly as those who got better.

    In five groups or fewer; the finest would bury the point.
    """
    members = MEMBERS[1] if groups.detail == 0 else None
    if members is not None:  # the finest: say it in the three groups of the next level
        keys = [f"{groups.whole}:change:{'+'.join(map(str, group))}" for group in members]
        names: Sequence[str] = NAMES[groups.outcome.direction][1]
    else:
        keys, names = list(groups.keys), groups.names
    slots = {**change.slots, **{f"k{i}": CountRef(key) for i, key in enumerate(keys)}}
    return Sentence(f"{change.template} By person: {_counted(names)}.", slots)


def _counted(names: Sequence[str]) -> str:
    return ", ".join(f"{name} {{k{i}}}" for i, name in enumerate(names))


def _slots(groups: ChangeGroups) -> dict[str, CountRef]:
    return {f"k{i}": CountRef(key) for i, key in enumerate(groups.keys)}
