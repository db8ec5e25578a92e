"""Movement between ordered levels (stages) from one wave to a later one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Transitions:
    """Counts of people by level before (rows) and after (columns).

    counts
        Integer array (levels, levels) of those with both.
    only_before, only_after, neither
        Those with one of the two missing, or both.
    """

    levels: tuple[str, ...]
    counts: npt.NDArray[np.int64]
    only_before: int
    only_after: int
    neither: int

    @property
    def advanced(self) -> int:
        """Those at a later level after than before."""
        return int(np.triu(self.counts, 1).sum())

    @property
    def same(self) -> int:
        """Those at the same level."""
        return int(np.trace(self.counts))

    @property
    def regressed(self) -> int:
        """Those at an earlier level after than before."""
        return int(np.tril(self.counts, -1).sum())


def transitions(before: pl.Series, after: pl.Series, *, levels: Sequence[str]) -> Transitions:
    """Cross-tabulate two measurements of the same people on ordered levels.

    Parameters
    ----------
    before, after
        Level codes of the same people in the same order; null where missing.
    levels
        Every level, lowest first.

    Raises
    ------
    UsageError
        The lengths differ, or a code is not among the levels.

    Examples
    --------
    >>> moved = transitions(pl.Series(["low", "low"]), pl.Series(["high", "low"]), levels=["low", "high"])
    >>> moved.advanced, moved.same, moved.regressed
    (1, 1, 0)
    """
    if before.len() != after.len():
        raise UsageError("Before and after must list the same people; their lengths differ.")
    rows, columns = _positions(before, levels), _positions(after, levels)
    both = (rows >= 0) & (columns >= 0)
    counts = np.zeros((len(levels), len(levels)), dtype=np.int64)
    np.add.at(counts, (rows[both], columns[both]), 1)
    return Transitions(
        levels=tuple(levels),
        counts=counts,
        only_before=int(((rows >= 0) & (columns < 0)).sum()),
        only_after=int(((rows < 0) & (columns >= 0)).sum()),
        neither=int(((rows < 0) & (columns < 0)).sum()),
    )


def _positions(codes: pl.Series, levels: Sequence[str]) -> npt.NDArray[np.int64]:
    """Position of each code among the levels, -1 where missing."""
    text = codes.cast(pl.String)
    if not text.drop_nulls().is_in(list(levels)).all():
        raise UsageError(f"A level is not in the list of levels ({', '.join(levels)}).")
    places = text.replace_strict(list(levels), range(len(levels)), default=None, return_dtype=pl.Int64)
    return places.fill_null(-1).to_numpy()
