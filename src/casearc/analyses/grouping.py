"""Levels of a characteristic in groups large enough to be shown: the plan's ladder first, then a pool of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from casearc.analyses.ledger import Ledger
from casearc.analyses.wording import capital, level_label
from casearc.change import new_levels
from casearc.study import Merge

NOT_RECORDED = "not_recorded"
POOL = "all_other_answers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Groups of levels: label and members. `told` says what was merged."""

    groups: tuple[tuple[str, tuple[str, ...]], ...]
    told: str = ""


def level_counts(values: pl.Series) -> dict[str, int]:
    """People at each level, the largest first and those without an answer last."""
    counted = values.cast(pl.String).fill_null(NOT_RECORDED).rename("level").value_counts()
    ordered = counted.sort(pl.col("level") == NOT_RECORDED, "count", "level", descending=[False, True, False])
    return {str(level): int(count) for level, count in ordered.iter_rows()}


def finest_grouping(counts: Mapping[str, int]) -> Grouping:
    """Every level by itself."""
    return Grouping(groups=tuple((level, (level,)) for level in counts))


def shown_grouping(counts: Mapping[str, int], ladder: tuple[Merge, ...], *, threshold: int, name: str) -> Grouping:
    """The finest grouping in which every group has at least `threshold` people.

    Rungs of the plan's ladder are tried first, those without an answer joined to the smallest group where they are too
    few; then the smallest levels are pooled until the pool is large enough.
    """
    finest = finest_grouping(counts)
    rungs = [_by(new_levels(tuple(counts), merge)) for merge in ladder]
    merged_told = f"{name} was merged into the plan's coarser groups"
    for rung, told in ((finest, ""), *((rung, merged_told) for rung in rungs)):
        if _sufficient(rung, counts, threshold):
            return Grouping(groups=rung.groups, told=told)
        joined = _without_answer_joined(rung, counts, threshold)
        if _sufficient(joined, counts, threshold):
            few = f"those without an answer were joined to the smallest group of {name}"
            return Grouping(groups=joined.groups, told="; ".join(filter(None, (told, few))))
    return _pooled(rungs[-1] if rungs else finest, counts, threshold, name)


def _without_answer_joined(grouping: Grouping, counts: Mapping[str, int], threshold: int) -> Grouping:
    """Those without an answer joined to the smallest group, unless they are many or there is no other group."""
    answered = [group for group in grouping.groups if group[0] != NOT_RECORDED]
    if len(answered) in (0, len(grouping.groups)) or counts[NOT_RECORDED] >= threshold:
        return grouping
    smallest = min(answered, key=lambda group: _size(group[1], counts))
    name, members = smallest
    joined = (f"{name}_or_{NOT_RECORDED}", (*members, NOT_RECORDED))
    return Grouping(groups=tuple(joined if group == smallest else group for group in answered))


def grouping_keys(ledger: Ledger, whole: str, prefix: str, counts: Mapping[str, int], grouping: Grouping) -> list[str]:
    """A key for each group, with the ledger told how the groups add up to `whole`.

    Merged levels get no keys of their own: the name of a key tells that somebody gave that answer. A group of several
    has another key than the one level that may have given it its name.
    """
    keys = {
        f"{prefix}={label}{'' if members == (label,) else '[merged]'}": _size(members, counts)
        for label, members in grouping.groups
    }
    ledger.split(whole, keys)
    return list(keys)


def group_label(label: str) -> str:
    """How a table calls a group. Never by its members: that one of them is named tells that somebody gave it."""
    return capital(level_label(label))


def _by(new_level: Mapping[str, str]) -> Grouping:
    names = dict.fromkeys(new_level.values())
    return Grouping(groups=tuple((name, tuple(old for old, new in new_level.items() if new == name)) for name in names))


def _size(members: tuple[str, ...], counts: Mapping[str, int]) -> int:
    return sum(counts[member] for member in members)


def _sufficient(grouping: Grouping, counts: Mapping[str, int], threshold: int) -> bool:
    return all(_size(members, counts) >= threshold for _, members in grouping.groups)


def _pooled(start: Grouping, counts: Mapping[str, int], threshold: int, name: str) -> Grouping:
    ordered = sorted(start.groups, key=lambda group: _size(group[1], counts), reverse=True)
    kept = list(ordered)
    pool: list[str] = []
    while kept and (_size(tuple(pool), counts) < threshold or _size(kept[-1][1], counts) < threshold):
        pool += kept.pop()[1]
    told = f"the smallest groups of {name} were pooled"
    return Grouping(groups=(*kept, (POOL, tuple(pool))), told=told)
