"""How many people changed reliably: amounts of change in groups, told from the finest to the coarsest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import Ledger
from casearc.analyses.wording import capital, wave_label
from casearc.change.reliable import ReliableChange, reliable_change
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
Detail = tuple[tuple[str, tuple[int, ...]], ...]
"""Groups at one level of detail: a name, and which of the six finest groups it takes in."""

_FINE = ("much worse", "worse", "a little down", "same or a little up", "better", "much better")
DETAILS: tuple[Detail, ...] = (
    tuple((name, (position,)) for position, name in enumerate(_FINE)),
    (("reliably worse", (0, 1)), ("no reliable change", (2, 3)), ("reliably better", (4, 5))),
    (("not reliably better", (0, 1, 2, 3)), ("reliably better", (4, 5))),
    (("down", (0, 1, 2)), ("same or up", (3, 4, 5))),
)
_INSIDE_THE_BAND = {0: (2, 3), 1: (1,), 2: (), 3: ()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """The criterion of reliable change, and in words where it comes from."""

    reliable: ReliableChange
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeGroups:
    """People by amount of change between two waves, at one level of detail."""

    outcome: Outcome
    label: str
    between: str
    whole: str
    detail: Detail
    keys: tuple[str, ...]
    criterion: Criterion


def criterion_of(data: StudyData, outcome: Outcome, before: Floats, wave: str) -> Criterion | None:
    """Criterion from the published retest (else alpha) and the program's own SD; None where it can't be had."""
    published = data.score_definition(outcome).published
    if published is None or len(before) < 2:
        return None
    kind, coefficient = (
        ("retest correlation", published.retest) if published.retest is not None else ("alpha", published.alpha)
    )
    own_sd = float(np.std(before, ddof=1))
    if coefficient is None or not 0 < coefficient < 1 or own_sd == 0:
        return None
    source = f"the published {kind} and this program's own SD at {wave_label(wave)}"
    return Criterion(reliable=reliable_change(own_sd, coefficient), source=source)


def group_by_change(
    data: StudyData,
    outcome: Outcome,
    ledger: Ledger,
    *,
    pair: tuple[str, str],
    difference: Floats,
    criterion: Criterion,
    detail: Detail,
) -> ChangeGroups:
    """Count people by amount of change and tell the ledger how the groups add up to all who were paired."""
    whole = ledger.paired(outcome, *pair)
    improved = -difference if outcome.direction is Direction.LOWER else difference
    counts = np.bincount(_finest(improved, criterion.reliable.criterion), minlength=6)
    fine = {f"{whole}:change:{i}": int(counts[i]) for i in range(6)}
    ledger.split(whole, fine)
    keys = []
    for _, members in detail:
        key = f"{whole}:change:{'+'.join(map(str, members))}"
        if len(members) > 1:
            ledger.split(key, {f"{whole}:change:{i}": int(counts[i]) for i in members})
        keys.append(key)
    ledger.split(whole, {key: ledger.counts[key] for key in keys})
    return ChangeGroups(
        outcome=outcome,
        label=data.label(outcome),
        between=f"{wave_label(pair[0])} to {wave_label(pair[1])}",
        whole=whole,
        detail=detail,
        keys=tuple(keys),
        criterion=criterion,
    )


def _finest(improved: Floats, criterion: float) -> npt.NDArray[np.intp]:
    """Index of the finest group. A change equal to the criterion is not yet reliable, on either side."""
    edges = np.array([-2 * criterion, -criterion, 0.0, criterion, 2 * criterion])
    falling = np.searchsorted(edges, improved, side="right")
    rising = np.searchsorted(edges, improved, side="left")
    return np.where(improved < 0, falling, np.where(improved > 0, rising, 3))


def told(detail: Detail | None) -> str:
    """What was merged to get to this level of detail."""
    if detail is DETAILS[0]:
        return ""
    if detail is None:
        return "How many people changed reliably is left out: the groups are too small to be shown."
    merged = ", ".join(f"“{name}”" for name, _ in detail)
    return f"Amounts of change are told as {merged}: finer groups would be too small to be shown."


def table(groups: ChangeGroups) -> Table:
    """People by amount of change."""
    rows = tuple(
        Row((Text(name), CountRef(key), ShareRef(key, groups.whole)))
        for (name, _), key in zip(groups.detail, groups.keys, strict=True)
    )
    note = Sentence(
        "Change is reliable beyond ±{criterion}: 1.96 standard errors of a difference, from "
        f"{groups.criterion.source}. “Much” is twice that. {_good_side(groups.outcome)}",
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
        Direction.NONE: "By the plan neither side of this score is the good one: read “better” as “higher” only.",
    }[outcome.direction]


def figure(groups: ChangeGroups) -> Figure:
    """Distribution of change, with the groups inside the reliable-change band marked."""
    names = [name for name, _ in groups.detail]
    return Figure(
        id=f"change_distribution_{groups.outcome.id}",
        title=f"{capital(groups.label)}: who changed how much, {groups.between}",
        drawing=CountBars(
            labels=tuple(names),
            keys=groups.keys,
            axis_label="People",
            highlight=_INSIDE_THE_BAND[DETAILS.index(groups.detail)],
        ),
        alt=Sentence("Number of people by amount of change: " + _counted(names) + ".", _slots(groups)),
    )


def sentence(groups: ChangeGroups) -> Sentence:
    """How many people are in each group."""
    names = [name for name, _ in groups.detail]
    return Sentence(f"From {groups.between}, by amount of change: {_counted(names)}.", _slots(groups))


def _counted(names: list[str]) -> str:
    return ", ".join(f"{name} {{k{i}}}" for i, name in enumerate(names))


def _slots(groups: ChangeGroups) -> dict[str, CountRef]:
    return {f"k{i}": CountRef(key) for i, key in enumerate(groups.keys)}
