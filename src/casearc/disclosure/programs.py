"""Linear programs for blocks of equations that close circles, such as a cross table with both margins."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bounds = tuple[int, int]
Vector = npt.NDArray[np.float64]
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Shape:
    """Equations (whole, parts) between counts numbered from 0. `ports` also stand in equations elsewhere, so
    their bounds are needed exactly."""

    equations: tuple[tuple[int, tuple[int, ...]], ...]
    ports: frozenset[int]


def extremes(shape: Shape, bounds: tuple[Bounds, ...], *, room: int) -> dict[int, Bounds] | None:
    """Return the bounds of all ports, and of each count that may have fewer than `room` values.

    Every solution met on the way witnesses a value of each count, and what lies between two witnesses is possible
    too; so a count seen far enough apart needs no programs of its own. Two programs that push many counts at once
    find most witnesses. None: nothing fits.
    """
    program = _Program(shape, bounds)
    if not program.free:
        return {} if program.fits_without_unknowns() else None
    open_counts = program.free
    while open_counts:
        if not program.spread(open_counts, room):
            return None
        left = program.less_than(room)
        if len(left) == len(open_counts):
            break
        open_counts = left
    for count in (*sorted(shape.ports), *program.less_than(room)):
        if not program.bound(count):
            return None
    return program.found


class _Program:
    """One block with its bounds, and the witnesses met so far."""

    def __init__(self, shape: Shape, bounds: tuple[Bounds, ...]) -> None:
        self.free = [i for i, (low, high) in enumerate(bounds) if low < high]
        self.found: dict[int, Bounds] = {}
        self._column = {count: i for i, count in enumerate(self.free)}
        self._box = np.array([bounds[c] for c in self.free], dtype=float).reshape(-1, 2)
        self._matrix = np.zeros((len(shape.equations), len(self.free)))
        self._right = np.zeros(len(shape.equations))
        for row, (whole, parts) in enumerate(shape.equations):
            for term, sign in ((whole, 1), *((part, -1) for part in parts)):
                if term in self._column:
                    self._matrix[row, self._column[term]] = sign
                else:
                    self._right[row] -= sign * bounds[term][0]
        self._lowest = np.full(len(self.free), np.inf)
        self._highest = np.full(len(self.free), -np.inf)

    def fits_without_unknowns(self) -> bool:
        return not self._right.any()

    def less_than(self, room: int) -> list[int]:
        """Return the counts not yet bounded and not yet seen `room` values apart."""
        wide = self._highest - self._lowest >= room - 1 + TOLERANCE
        return [c for c in self.free if c not in self.found and not wide[self._column[c]]]

    def bound(self, count: int) -> bool:
        """Find least and greatest value of one count, where not yet met; False if nothing fits."""
        if count not in self._column:
            return True
        at = self._column[count]
        cost = np.zeros(len(self.free))
        for sign, seen, end in ((1.0, self._lowest, 0), (-1.0, self._highest, 1)):
            if abs(seen[at] - self._box[at, end]) <= TOLERANCE:
                continue
            cost[at] = sign
            if self._solve(cost) is None:
                return False
        self.found[count] = (
            math.ceil(self._lowest[at] - TOLERANCE),
            math.floor(self._highest[at] + TOLERANCE),
        )
        return True

    def spread(self, counts: Iterable[int], room: int) -> bool:
        """Push counts down together, then up together, each no further than is of use; False if nothing fits."""
        columns = np.array([self._column[c] for c in counts])
        cost = np.zeros(len(self.free))
        cost[columns] = 1.0
        if self._solve(cost) is None:
            return False
        target = np.minimum(self._lowest[columns] + room, self._box[columns, 1])
        return self._solve_capped(columns, target) is not None

    def _solve(self, cost: Vector) -> Vector | None:
        from scipy.optimize import linprog  # noqa: PLC0415  (slow to import, and not every report needs it)

        answer = linprog(cost, A_eq=self._matrix, b_eq=self._right, bounds=self._box, method="highs")
        return None if answer.x is None else self._witness(answer.x)

    def _solve_capped(self, columns: npt.NDArray[np.intp], target: Vector) -> Vector | None:
        """Raise counts towards targets: greatest sum of z with z <= count, z <= target."""
        from scipy.optimize import linprog  # noqa: PLC0415

        size, more = len(self.free), len(columns)
        cost = np.concatenate([np.zeros(size), -np.ones(more)])
        equal = np.hstack([self._matrix, np.zeros((len(self._matrix), more))])
        above = np.zeros((more, size + more))
        above[np.arange(more), columns] = -1.0
        above[np.arange(more), size + np.arange(more)] = 1.0
        box = np.vstack([self._box, np.column_stack([np.full(more, -1.0), target])])
        answer = linprog(
            cost, A_ub=above, b_ub=np.zeros(more), A_eq=equal, b_eq=self._right, bounds=box, method="highs"
        )
        return None if answer.x is None else self._witness(answer.x[:size])

    def _witness(self, solution: Vector) -> Vector:
        np.minimum(self._lowest, solution, out=self._lowest)
        np.maximum(self._highest, solution, out=self._highest)
        return solution
