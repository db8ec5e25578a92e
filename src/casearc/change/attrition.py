"""Who was there at which wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from casearc.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Attrition:
    """Attendance over the waves, in counts of enrollments.

    present
        At each wave, those with an administration of it.
    retained
        At each wave, those with an administration of it and of every wave before.
    returned
        Those who missed a wave and came back at a later one.
    never
        Those without an administration of any wave.
    patterns
        (at wave 1, at wave 2, …) -> how many attended so.
    frame
        enrollment_id, one Boolean column a wave, and ``complete``: at every wave.
    """

    waves: tuple[str, ...]
    enrolled: int
    present: tuple[int, ...]
    retained: tuple[int, ...]
    complete: int
    returned: int
    never: int
    patterns: Mapping[tuple[bool, ...], int]
    frame: pl.DataFrame


def attrition(days: pl.DataFrame, waves: Sequence[str]) -> Attrition:
    """Count attendance from the days of the waves.

    Parameters
    ----------
    days
        enrollment_id and one column a wave, null where there was none: `wave_days` of all analyzed.
    waves
        The waves to look at, in the order of time.

    Raises
    ------
    UsageError
        No wave is named.
    """
    if not waves:
        raise UsageError("Attrition needs at least one wave.")
    there = [pl.col(name).is_not_null().alias(name) for name in waves]
    frame = days.select("enrollment_id", *there).with_columns(complete=pl.all_horizontal(list(waves)))
    table = frame.group_by(list(waves), maintain_order=True).len()
    patterns = {tuple(row[:-1]): int(row[-1]) for row in table.iter_rows()}
    each = range(len(waves))
    return Attrition(
        waves=tuple(waves),
        enrolled=frame.height,
        present=tuple(sum(n for seen, n in patterns.items() if seen[at]) for at in each),
        retained=tuple(sum(n for seen, n in patterns.items() if all(seen[: at + 1])) for at in each),
        complete=sum(n for seen, n in patterns.items() if all(seen)),
        returned=sum(n for seen, n in patterns.items() if _came_back(seen)),
        never=sum(n for seen, n in patterns.items() if not any(seen)),
        patterns=patterns,
        frame=frame,
    )


def _came_back(seen: tuple[bool, ...]) -> bool:
    missed = seen.index(False) if False in seen else len(seen)
    return any(seen[missed:])
