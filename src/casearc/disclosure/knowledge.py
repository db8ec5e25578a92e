"""What an attacker can work out: for each count, the interval of values that all that is public leaves open.

Along equations that form a tree, passing intervals to and fro until nothing changes gives exactly the integers
that occur in some solution (bounds consistency on a constraint network without circles). Blocks with circles
are solved with linear programs; their bounds, rounded inwards, hold for integers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from casearc.disclosure.programs import Bounds, Shape, extremes
from casearc.disclosure.structure import Block, Equation, Structure

UNBOUNDED = 10**7  # more people than any study has

Solved = dict[tuple[Shape, tuple[Bounds, ...]], dict[int, Bounds] | None]
"""Blocks solved before. Two outcomes whose counts nest in the same way and are as well known share an entry."""


class ContradictionError(Exception):
    """No counts at all fit what is assumed."""


class Knowledge:
    """Intervals for all counts, growing narrower as things are learnt. `room` is how many values settle a count:
    inside a block a count known to have that many is not bounded more closely."""

    __slots__ = ("_room", "_solved", "_structure", "high", "low")

    def __init__(self, structure: Structure, *, room: int, solved: Solved) -> None:
        self._structure = structure
        self._room = room
        self._solved = solved
        self.low = [0] * len(structure.keys)
        self.high = [UNBOUNDED] * len(structure.keys)

    def copy(self) -> Knowledge:
        """Return an independent copy that shares the structure and the solved blocks."""
        twin = Knowledge.__new__(Knowledge)
        twin._structure, twin._room, twin._solved = self._structure, self._room, self._solved
        twin.low, twin.high = self.low.copy(), self.high.copy()
        return twin

    def learn(self, facts: Mapping[int, Bounds]) -> set[int]:
        """Take in that counts lie within bounds; return the counts whose interval changed.

        Raises
        ------
        ContradictionError
            If nothing fits.
        """
        changed: set[int] = set()
        for count, (low, high) in facts.items():
            self._narrow(count, low, high, changed)
        self._settle(deque(e for count in changed for e in self._structure.touching[count]), changed)
        return changed

    def _settle(self, queue: deque[int], changed: set[int]) -> None:
        waiting = set(queue)
        blocks: set[int] = set()
        while queue or blocks:
            if not queue:
                moved = self._solve(blocks.pop(), changed)
            else:
                number = queue.popleft()
                waiting.discard(number)
                block = self._structure.block_of.get(number)
                if block is not None:
                    blocks.add(block)
                moved = self._pass_along(self._structure.equations[number], changed)
            for count in moved:
                for e in self._structure.touching[count]:
                    if e not in waiting:
                        waiting.add(e)
                        queue.append(e)

    def _narrow(self, count: int, low: int, high: int, changed: set[int]) -> bool:
        new_low, new_high = max(low, self.low[count]), min(high, self.high[count])
        if new_low > new_high:
            raise ContradictionError
        if new_low == self.low[count] and new_high == self.high[count]:
            return False
        self.low[count], self.high[count] = new_low, new_high
        changed.add(count)
        return True

    def _pass_along(self, equation: Equation, changed: set[int]) -> list[int]:
        low, high, whole = self.low, self.high, equation.whole
        least = sum(low[p] for p in equation.parts)
        most = sum(high[p] for p in equation.parts)
        moved = [whole] if self._narrow(whole, least, most, changed) else []
        whole_low, whole_high = low[whole], high[whole]
        for part in equation.parts:
            others_most, others_least = most - high[part], least - low[part]
            if self._narrow(part, whole_low - others_most, whole_high - others_least, changed):
                moved.append(part)
        return moved

    def _solve(self, number: int, changed: set[int]) -> list[int]:
        block = self._structure.blocks[number]
        if not self._has_circle(block):
            return []
        shape = block.shape
        state = self._state(block)
        if (shape, state) not in self._solved:
            self._solved[shape, state] = extremes(shape, state, room=self._room)
        result = self._solved[shape, state]
        if result is None:
            raise ContradictionError
        moved = [
            block.counts[at] for at, (low, high) in result.items() if self._narrow(block.counts[at], low, high, changed)
        ]
        self._solved.setdefault((shape, self._state(block)), result)
        return moved

    def _state(self, block: Block) -> tuple[Bounds, ...]:
        return tuple((self.low[c], self.high[c]) for c in block.counts)

    def _has_circle(self, block: Block) -> bool:
        """Tell whether what is still unknown in the block closes a circle (union-find)."""
        parent: dict[int, int] = {}

        def root(node: int) -> int:
            while parent.setdefault(node, node) != node:
                parent[node] = parent[parent[node]]
                node = parent[node]
            return node

        for number in block.equations:
            for term in self._structure.equations[number].terms:
                if self.low[term] == self.high[term]:
                    continue
                a, b = root(-1 - number), root(term)
                if a == b:
                    return True
                parent[a] = b
        return False
