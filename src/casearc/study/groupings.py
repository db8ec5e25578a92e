"""Checks of merges and ladders: they name levels that exist, get coarser, and leave something to compare."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from casearc.change import merged_levels
from casearc.language import say
from casearc.study.draft import Draft
from casearc.study.faults import Entry, PlanFaults
from casearc.study.plan import Merge
from casearc.tables import suggestion


def check_groupings(draft: Draft, faults: PlanFaults) -> None:
    """Note faults of the groupings of outcomes whose levels the plan itself lists."""
    for placed in draft.outcomes:
        if placed.item.levels:
            check_merge(placed.entry, placed.item.merge, placed.item.levels, faults)
            check_ladder(placed.entry, placed.item.ladder, placed.item.levels, faults)


def check_merge(entry: Entry, merge: Merge | None, levels: Sequence[str], faults: PlanFaults) -> None:
    """Note faults of one merge against the levels there are."""
    if merge is not None:
        _check_rung(entry, merge, levels, faults, key="merge")


def check_ladder(entry: Entry, ladder: Sequence[Merge], levels: Sequence[str], faults: PlanFaults) -> None:
    """Note faults of a ladder against the levels there are; each rung starts from these levels anew."""
    for rung in ladder:
        _check_rung(entry, rung, levels, faults, key="ladder")
    for finer, coarser in pairwise(ladder):
        if len(merged_levels(levels, coarser)) > len(merged_levels(levels, finer)):
            problem = say("The ladder gets finer: each rung must leave as many groups as the one before, or fewer.")
            faults.add(entry, problem, say("List the finest rung first."), key="ladder")


def _check_rung(entry: Entry, rung: Merge, levels: Sequence[str], faults: PlanFaults, *, key: str) -> None:
    members = [member for group in rung.values() for member in group]
    for member in members:
        if member not in levels:
            remedy = suggestion(member, levels) or say("Levels: {levels}.", levels=", ".join(levels))
            faults.add(entry, say('There is no level "{member}".', member=member), remedy, key=key)
    for name in rung:
        if name in levels and name not in rung[name]:
            problem = say('The new group "{name}" has the name of a level it does not take in.', name=name)
            faults.add(entry, problem, say("Choose another name."), key=key)
    if set(members) <= set(levels) and len(merged_levels(levels, rung)) < 2:
        faults.add(entry, say("It merges everything into one group."), say("Leave at least two."), key=key)
