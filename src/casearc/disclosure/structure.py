"""How counts of people add up: the equations of all findings together, and where they close circles.

Equations that hang together like a tree (a table under its total, an n inside an n) can be solved by passing
intervals along them. Equations that close a circle (a cross table with both margins) cannot: those blocks go to
a linear program. Blocks are found once, here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from casearc.disclosure.programs import Shape
from casearc.findings import Finding, Partition


@dataclass(frozen=True, slots=True)
class Equation:
    """`whole` = sum of `parts`, by index of the count."""

    whole: int
    parts: tuple[int, ...]

    @property
    def terms(self) -> tuple[int, ...]:
        """Every count in it, the whole first."""
        return (self.whole, *self.parts)


@dataclass(frozen=True, slots=True)
class Block:
    """Equations that close circles, the counts in them, and the same in the block's own numbering."""

    equations: tuple[int, ...]
    counts: tuple[int, ...]
    shape: Shape


@dataclass(frozen=True, slots=True)
class Structure:
    """All counts and equations. Positions in `keys` are the indices used everywhere in this package."""

    keys: tuple[str, ...]
    index: Mapping[str, int]
    equations: tuple[Equation, ...]
    touching: tuple[tuple[int, ...], ...]
    blocks: tuple[Block, ...]
    block_of: Mapping[int, int]  # equation -> block


def true_counts(findings: Sequence[Finding]) -> dict[str, int]:
    """Return every count of all bodies by key.

    Raises
    ------
    ValueError
        If findings contradict each other about a key, or counts do not add up: a fault of the analysis.
    """
    counts: dict[str, int] = {}
    for finding in findings:
        for body in finding.bodies:
            for key, value in body.counts.items():
                if counts.setdefault(key, value) != value or value < 0:
                    raise ValueError(f"finding {finding.id}: the count {key!r} is not the same everywhere")
    for finding in findings:
        for body in finding.bodies:
            for partition in body.partitions:
                _check_partition(finding.id, partition, counts)
    return counts


def _check_partition(finding_id: str, partition: Partition, counts: Mapping[str, int]) -> None:
    terms = (partition.whole, *partition.parts)
    missing = [key for key in terms if key not in counts]
    if missing:
        raise ValueError(f"finding {finding_id}: no count is given for {', '.join(map(repr, missing))}")
    if len(set(terms)) != len(terms):
        raise ValueError(f"finding {finding_id}: a count stands twice in the partition of {partition.whole!r}")
    if counts[partition.whole] != sum(counts[key] for key in partition.parts):
        raise ValueError(f"finding {finding_id}: the parts of {partition.whole!r} do not add up to it")


def build_structure(findings: Sequence[Finding], counts: Mapping[str, int]) -> Structure:
    """Gather the equations of every body, shown or not: an attacker knows how groups nest without being told."""
    keys = tuple(counts)
    index = {key: i for i, key in enumerate(keys)}
    seen: dict[tuple[int, frozenset[int]], Equation] = {}
    for finding in findings:
        for body in finding.bodies:
            for partition in body.partitions:
                equation = Equation(index[partition.whole], tuple(index[key] for key in partition.parts))
                seen.setdefault((equation.whole, frozenset(equation.parts)), equation)
    equations = tuple(seen.values())
    touching: list[list[int]] = [[] for _ in keys]
    for number, equation in enumerate(equations):
        for term in equation.terms:
            touching[term].append(number)
    tops = top_wholes(len(keys), equations)
    blocks = _blocks(equations, touching, tops)
    block_of = {e: b for b, block in enumerate(blocks) for e in block.equations}
    return Structure(keys, index, equations, tuple(map(tuple, touching)), blocks, block_of)


def top_wholes(size: int, equations: Iterable[Equation]) -> frozenset[int]:
    """Return the counts that are never a part of another: known to everybody, such as all who enrolled."""
    parts = {part for equation in equations for part in equation.parts}
    return frozenset(range(size)) - parts


def _blocks(
    equations: tuple[Equation, ...], touching: Sequence[Sequence[int]], tops: frozenset[int]
) -> tuple[Block, ...]:
    groups = _circles(equations, touching, tops)
    blocks = []
    for group in groups:
        inside = set(group)
        counts = sorted({t for e in group for t in equations[e].terms})
        own = {count: i for i, count in enumerate(counts)}
        ports = frozenset(own[c] for c in counts if any(e not in inside for e in touching[c]))
        numbers = tuple(sorted(group))
        lines = tuple((own[equations[e].whole], tuple(own[p] for p in equations[e].parts)) for e in numbers)
        blocks.append(Block(numbers, tuple(counts), Shape(lines, ports)))
    return tuple(blocks)


def _circles(
    equations: tuple[Equation, ...], touching: Sequence[Sequence[int]], tops: frozenset[int]
) -> list[set[int]]:
    """Return the sets of equations of each biconnected block with a circle (Tarjan's algorithm, iterative).

    Nodes are equations and counts; top wholes are left out since their value is public and so links nothing.
    Blocks that share an equation are joined, for an equation must be solved in one piece.
    """
    size = len(equations)  # nodes 0..size-1 are equations, size + c is count c

    def neighbors(node: int) -> list[int]:
        if node < size:
            return [size + t for t in equations[node].terms if t not in tops]
        return list(touching[node - size])

    depth: dict[int, int] = {}
    lowest: dict[int, int] = {}
    found: list[set[int]] = []
    for start in range(size):
        if start in depth:
            continue
        depth[start] = lowest[start] = 0
        edges: list[tuple[int, int]] = []
        stack = [(start, -1, iter(neighbors(start)))]
        while stack:
            node, parent, rest = stack[-1]
            child = next(rest, None)
            if child is None:
                stack.pop()
                if stack:
                    _close(stack[-1][0], node, edges, found, depth=depth, lowest=lowest, size=size)
            elif child == parent:
                continue
            elif child in depth:
                if depth[child] < depth[node]:
                    edges.append((node, child))
                    lowest[node] = min(lowest[node], depth[child])
            else:
                depth[child] = lowest[child] = depth[node] + 1
                edges.append((node, child))
                stack.append((child, node, iter(neighbors(child))))
    return _joined(found)


def _close(
    above: int,
    node: int,
    edges: list[tuple[int, int]],
    found: list[set[int]],
    *,
    depth: dict[int, int],
    lowest: dict[int, int],
    size: int,
) -> None:
    lowest[above] = min(lowest[above], lowest[node])
    if lowest[node] < depth[above]:
        return
    block = []
    while True:
        edge = edges.pop()
        block.append(edge)
        if edge == (above, node):
            break
    if len(block) > 1:
        found.append({n for edge in block for n in edge if n < size})


def _joined(groups: list[set[int]]) -> list[set[int]]:
    joined: list[set[int]] = []
    for group in groups:
        apart = [other for other in joined if not other & group]
        merged = set(group).union(*(other for other in joined if other & group))
        joined = [*apart, merged]
    return joined
