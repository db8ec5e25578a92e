"""Bands for the n behind numbers: a fixed grid counted from the top, made coarser where it must be.

With 95 enrolled and a threshold of 11 the grid is 85-95, 74-84, 63-73, … The lowest band reaches down to the
threshold itself. The grid does not look at the n: "all of them" and "all but ten" stand in the same band, so a
complement of none is not told apart from one of a few.

Where other published counts would leave too few values inside a band, it is joined with the one below, and so
on. Which bands are joined is found from the top down with public facts alone, never by looking at the n, so
that a joined band does not say which of its parts was the trouble.
"""

from __future__ import annotations

from collections.abc import Iterator

from casearc.disclosure.ledger import Claim, Entry, Ledger
from casearc.disclosure.structure import Structure


def grid(top: int, threshold: int) -> Iterator[tuple[int, int]]:
    """Yield the bands from the highest down, covering `threshold` to `top`.

    Examples
    --------
    >>> list(grid(95, 11))[:2], list(grid(95, 11))[-1]
    ([(85, 95), (74, 84)], (11, 29))
    """
    high = top
    while high >= threshold:
        low = high - threshold + 1
        if low - threshold < threshold:
            low = threshold
        yield low, high
        high = low - 1


def band_for(count: int, value: int, *, ledger: Ledger) -> Entry | None:
    """Return the band in which the count is shown; None if even the widest would tell too much.

    Which bands exist does not depend on the value, only which of them is used.
    """
    top = _top(count, ledger)
    if top is None:
        return None
    cells = list(grid(top, ledger.threshold))
    at = next((i for i, (low, high) in enumerate(cells) if low <= value <= high), None)
    if at is None:
        return None
    start = _block_start(cells, at, count, ledger)
    for low, high in cells[start:]:
        block_high = cells[start][1]
        entry = Entry(count, Claim.BAND, low, block_high)
        if not _safe(entry, ledger):
            continue
        if low <= value <= block_high:
            return entry
        start = cells.index((low, high)) + 1
    return None


def _block_start(cells: list[tuple[int, int]], at: int, count: int, ledger: Ledger) -> int:
    """Where the joined bands around a cell begin.

    Joining goes from the top down and starts anew below every safe block. A cell that leaves every count many
    values leaves as many in any block that ends with it, so a block ends there wherever it began: looking up from
    the value to the first such cell finds what a walk from the very top would find. (Being safe is not enough for
    that: a count that certainly reaches the threshold in the one cell may not in the block.)
    """
    for above in range(at - 1, -1, -1):
        low, high = cells[above]
        entry = Entry(count, Claim.BAND, low, high)
        if _impossible(entry, ledger) or ledger.trial([entry]).roomy:
            return above + 1
    return 0


def _impossible(entry: Entry, ledger: Ledger) -> bool:
    """Tell whether it is public that the count does not lie in the band; then no band above it is possible either,
    seen from a cell in which it may lie."""
    low, high = ledger.derivable(entry.count)
    return high < entry.low or low > entry.high


def _safe(entry: Entry, ledger: Ledger) -> bool:
    return _impossible(entry, ledger) or ledger.trial([entry]).passes


def _top(count: int, ledger: Ledger) -> int | None:
    """Return the value of the topmost whole above a count, where that is public."""
    structure = ledger.structure
    seen, current = set(), count
    while current not in seen:
        seen.add(current)
        entry = ledger.claim(current)
        if entry is not None and entry.claim is Claim.EXACT and not _wholes(structure, current):
            return entry.low
        above = _wholes(structure, current)
        if not above:
            return None
        current = above[0]
    return None


def _wholes(structure: Structure, count: int) -> list[int]:
    equations = (structure.equations[e] for e in structure.touching[count])
    return [equation.whole for equation in equations if count in equation.parts]
