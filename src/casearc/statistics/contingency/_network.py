"""Fisher-Freeman-Halton by a network of partial tables, column by column (after Mehta & Patel 1983, JASA 78:427-434).

A node is what is left of each row, sorted, since rows are alike to what follows. A path to it has a weight: minus the
sum of log factorials of the cells filled, so that a table's probability is a constant over the exponential of its
weight. Bounds on what the rest of the table can add settle most paths early: either every completion is at most as
likely as the observed table, and the whole rest counts by a closed form, or none is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from casearc.statistics._arrays import Vector, Whole

PATHS = 3_000_000
"""Most paths held at once before the test turns to simulation."""

LAST = 8_000_000
"""Most ways to fill the last two columns, all nodes together."""

SAME_PROBABILITY = 1e-7
"""Tables whose probabilities differ by less than this share are equally likely, as in R's ``fisher.test``."""


@dataclass(frozen=True, slots=True, eq=False)
class _Paths:
    """Nodes (s, rows), and paths: at which node, with what weight, how many alike."""

    nodes: Whole
    at: Whole
    weight: Vector
    ways: Vector


def enumerated_p(observed: Whole) -> float | None:
    """Total probability of all tables no more likely than `observed`; None where there are too many paths."""
    rows, columns = observed.sum(axis=1), np.sort(observed.sum(axis=0))[::-1]
    constant = float(log_factorial(rows).sum() + log_factorial(columns).sum() - log_factorial(rows.sum()))
    limit = -float(log_factorial(observed).sum()) + SAME_PROBABILITY
    paths = _Paths(np.sort(rows)[None, :], np.zeros(1, dtype=np.int64), np.zeros(1), np.ones(1))
    total = 0.0
    for j in range(columns.size - 2):
        if not paths.at.size:  # every table is settled: all more likely, or all to be counted
            return min(1.0, total)
        grown = _with_column(paths, int(columns[j]))
        if grown is None:
            return None
        settled, paths = _settled(grown, columns[j + 1 :], limit=limit, constant=constant)
        total += settled
    last = _last_columns(paths, int(columns[-2]), limit=limit, constant=constant)
    return None if last is None else min(1.0, total + last)


def log_factorial(values: Whole) -> Vector:
    """log x! of whole numbers."""
    return np.asarray(special.gammaln(np.asarray(values, dtype=np.float64) + 1.0), dtype=np.float64)


def _with_column(paths: _Paths, column: int) -> _Paths | None:
    """Every path continued by every way to fill the next column; equal ones merged."""
    filled = _fillings(paths.nodes, column)
    if filled is None:
        return None
    source, fills = filled
    cost = -log_factorial(fills).sum(axis=1)
    targets, target = _distinct(np.sort(paths.nodes[source] - fills, axis=1))
    each = np.bincount(paths.at, minlength=paths.nodes.shape[0])
    if int(each[source].sum()) > PATHS:
        return None
    order = np.argsort(paths.at, kind="stable")
    first = np.concatenate([[0], np.cumsum(each)])
    step, place = _ranges(each[source])
    path = order[first[source[step]] + place]
    return _merged(targets, target[step], weight=paths.weight[path] + cost[step], ways=paths.ways[path])


def _last_columns(paths: _Paths, column: int, *, limit: float, constant: float) -> float | None:
    """Probability of the open paths when `column` is filled and the rest goes into the last one.

    At each node the paths are in order of weight, so that for every way to fill it those that count are the first few.
    """
    total, made = 0.0, 0
    ends = np.searchsorted(paths.at, np.arange(paths.nodes.shape[0] + 1))
    for node, rows in enumerate(paths.nodes):
        filled = _fillings(rows[None, :], column)
        made += 0 if filled is None else filled[1].shape[0]
        if filled is None or made > LAST:
            return None
        cost = -log_factorial(filled[1]).sum(axis=1) - log_factorial(rows - filled[1]).sum(axis=1)
        weight = paths.weight[ends[node] : ends[node + 1]]
        top = float(weight[-1])
        mass = np.cumsum(paths.ways[ends[node] : ends[node + 1]] * np.exp(weight - top))
        first = np.searchsorted(weight, limit - cost, side="right")
        counted = first > 0
        total += float((np.exp(constant + top + cost[counted]) * mass[first[counted] - 1]).sum())
    return total


def _fillings(nodes: Whole, column: int) -> tuple[Whole, Whole] | None:
    """All ways to draw `column` people from the rows of each node: which node, and how many from each row."""
    source = np.arange(nodes.shape[0])
    partial = np.zeros((source.size, 0), dtype=np.int64)
    rest = np.full(source.size, column, dtype=np.int64)
    after = np.cumsum(nodes[:, ::-1], axis=1)[:, ::-1] - nodes
    for row in range(nodes.shape[1]):
        least = np.maximum(rest - after[source, row], 0)
        choices = np.maximum(np.minimum(nodes[source, row], rest) - least + 1, 0)
        if int(choices.sum()) > PATHS:
            return None
        keep, place = _ranges(choices)
        taken = least[keep] + place
        partial = np.column_stack([partial[keep], taken])
        rest, source = rest[keep] - taken, source[keep]
    return source, partial


def _distinct(rows: Whole) -> tuple[Whole, Whole]:
    """Distinct rows, and which of them each row is."""
    base = int(rows.max()) + 1
    if base ** rows.shape[1] >= 2**62:
        found, which = np.unique(rows, axis=0, return_inverse=True)
        return found, which.ravel()
    keys = rows @ (base ** np.arange(rows.shape[1], dtype=np.int64))
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    return rows[first], which


def _ranges(counts: Whole) -> tuple[Whole, Whole]:
    """0 … counts[0] - 1, 0 … counts[1] - 1, …: which of the counts, and the place within it."""
    which = np.repeat(np.arange(counts.size), counts)
    starts = np.cumsum(counts) - counts
    return which, np.arange(which.size) - starts[which]


def _merged(nodes: Whole, at: Whole, *, weight: Vector, ways: Vector) -> _Paths:
    order = np.lexsort((weight, at))
    at, weight, ways = at[order], weight[order], ways[order]
    apart = np.diff(weight, prepend=-np.inf) > 1e-10 * (1.0 + np.abs(weight))
    starts = np.flatnonzero(apart | (np.diff(at, prepend=-1) > 0))
    return _Paths(nodes, at[starts], weight[starts], np.add.reduceat(ways, starts))


def _settled(paths: _Paths, columns: Whole, *, limit: float, constant: float) -> tuple[float, _Paths]:
    """Probability of the paths whose every completion counts, and the paths still open."""
    most, least = _bounds(paths.nodes, columns)
    weight, at = paths.weight, paths.at
    counts = weight + most[at] <= limit
    open_ = ~counts & (weight + least[at] <= limit)
    left = paths.nodes.sum(axis=1)
    rest = log_factorial(left) - log_factorial(paths.nodes).sum(axis=1) - float(log_factorial(columns).sum())
    found = float((paths.ways[counts] * np.exp(constant + weight[counts] + rest[at[counts]])).sum())
    used, renamed = np.unique(at[open_], return_inverse=True)
    return found, _Paths(paths.nodes[used], renamed.ravel(), weight[open_], paths.ways[open_])


def _bounds(nodes: Whole, columns: Whole) -> tuple[Vector, Vector]:
    """What filling `columns` can add to a weight at most and at least, one of each a node.

    At most: Lagrange's dual of the sum of -log x!, which bounds it whatever the multipliers; they are those of the
    most even table. At least: the most lopsided column (or row) that the margins allow, each for itself.
    """
    total = float(columns.sum())
    row, column = np.log(nodes + 0.5 / columns.size), np.log((columns + 0.5) / (total + 0.5))
    tilt = row[:, :, None] + column
    best = np.floor(np.exp(tilt) + 1e-12)
    dual = (tilt * best - special.gammaln(best + 1.0)).sum(axis=(1, 2)) - (row * nodes).sum(axis=1) - column @ columns
    by_column = sum(_lopsided(nodes, int(size)) for size in columns)
    by_row = sum(_lopsided(np.sort(columns)[None, :], nodes[:, i]) for i in range(nodes.shape[1]))
    return np.asarray(dual + 1e-9), -np.minimum(np.asarray(by_column), np.asarray(by_row)) - 1e-9


def _lopsided(places: Whole, size: int | Whole) -> Vector:
    """Largest sum of log x! when `size` is put into `places` (sorted, smallest first), the largest places first."""
    left = np.broadcast_to(np.asarray(size, dtype=np.int64), np.broadcast_shapes(places.shape[:1], np.shape(size)))
    total = np.zeros(left.shape)
    for i in range(places.shape[1] - 1, -1, -1):
        put = np.minimum(left, places[:, i])
        total = total + log_factorial(put)
        left = left - put
    return total
