"""Levels of a characteristic in groups large enough to be shown: the plan's ladder first, then a pool of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from casearc.analyses.ledger import Ledger
from casearc.analyses.predictors import merged
from casearc.analyses.wording import capital, level_label
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

    Rungs of the plan's ladder are tried first; then the smallest levels are pooled until the pool is large enough.
    """
    finest = finest_grouping(counts)
    if _sufficient(finest, counts, threshold):
        return finest
    for merge in ladder:
        rung = _by(merged(tuple(counts), merge))
        if _sufficient(rung, counts, threshold):
            return Grouping(groups=rung.groups, told=f"{name} was merged into the plan's coarser groups")
    start = _by(merged(tuple(counts), ladder[-1])) if ladder else finest
    return _pooled(start, counts, threshold, name)


def grouping_keys(ledger: Ledger, whole: str, prefix: str, counts: Mapping[str, int], grouping: Grouping) -> list[str]:
    """A key for each group, with the ledger told how groups and levels add up to `whole`."""
    levels = {f"{prefix}={level}": count for level, count in counts.items()}
    ledger.split(whole, levels)
    keys = []
    for _, members in grouping.groups:
        key = f"{prefix}={'+'.join(members)}"
        if len(members) > 1:
            ledger.split(key, {f"{prefix}={member}": counts[member] for member in members})
        keys.append(key)
    ledger.split(whole, {key: ledger.counts[key] for key in keys})
    return keys


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
