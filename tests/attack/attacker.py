"""An attacker who has nothing but results.json: integer programs over all that was published.

Written apart from the gate and sharing no code with it. It knows how each count is shown and how counts add up;
a count of people is a whole number and not negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

NO_LIMIT = 10**6


@dataclass(frozen=True)
class Worked:
    """What the attacker worked out about one count: least and greatest value, and how many values are possible,
    counted up to the threshold."""

    low: int
    high: int
    possible: int


class ImpossibleError(Exception):
    """What was published contradicts itself."""


def attack(disclosure: Mapping[str, Any]) -> dict[str, Worked]:
    """Work out every count that is not shown exactly, from the `disclosure` part of results.json."""
    enough = int(disclosure["threshold"])
    worked: dict[str, Worked] = {}
    for keys, partitions in _pieces(disclosure):
        system = _System(keys, disclosure["counts"], partitions)
        for at, key in enumerate(keys):
            if _shown(disclosure, key) != "exact":
                worked[key] = system.work_out(at, enough)
    return worked


def _shown(disclosure: Mapping[str, Any], key: str) -> str:
    return str(disclosure["counts"].get(key, {"shown": "withheld"})["shown"])


def _pieces(disclosure: Mapping[str, Any]) -> list[tuple[tuple[str, ...], list[Mapping[str, Any]]]]:
    """Cut the equations into pieces that share no unknown count: each is a problem of its own."""
    pieces: list[tuple[set[str], list[Mapping[str, Any]]]] = []
    for partition in disclosure["partitions"]:
        terms = {partition["whole"], *partition["parts"]}
        unknown = {key for key in terms if _shown(disclosure, key) != "exact"}
        touched = [piece for piece in pieces if piece[0] & unknown]
        pieces = [piece for piece in pieces if not piece[0] & unknown]
        unknown = unknown.union(*(piece[0] for piece in touched))
        pieces.append((unknown, [*(p for piece in touched for p in piece[1]), partition]))
    alone = set(disclosure["counts"]).difference(*(piece[0] for piece in pieces))
    pieces += [({key}, []) for key in sorted(alone)]
    return [
        (tuple(sorted(unknown.union(*({p["whole"], *p["parts"]} for p in lines)))), lines) for unknown, lines in pieces
    ]


def breaches(disclosure: Mapping[str, Any]) -> dict[str, Worked]:
    """Return the counts that are hidden (or may be small) and can be pinned to fewer values than the threshold."""
    threshold = int(disclosure["threshold"])
    return {
        key: worked
        for key, worked in attack(disclosure).items()
        if worked.possible < threshold and (worked.low < threshold or _shown(disclosure, key) == "withheld")
    }


class _System:
    def __init__(self, keys: tuple[str, ...], counts: Mapping[str, Any], partitions: list[Mapping[str, Any]]) -> None:
        self.keys = keys
        place = {key: at for at, key in enumerate(self.keys)}
        self.low, self.high = np.zeros(len(self.keys)), np.full(len(self.keys), float(NO_LIMIT))
        for key in keys:
            entry = counts.get(key, {"shown": "withheld"})
            if entry["shown"] == "exact":
                self.low[place[key]] = self.high[place[key]] = entry["value"]
            elif entry["shown"] == "band":
                self.low[place[key]], self.high[place[key]] = entry["low"], entry["high"]
        self.seen: list[set[int]] = [set() for _ in self.keys]
        self.rows = np.zeros((len(partitions), len(self.keys)))
        for row, partition in enumerate(partitions):
            self.rows[row, place[partition["whole"]]] = 1
            for part in partition["parts"]:
                self.rows[row, place[part]] -= 1

    def work_out(self, at: int, enough: int) -> Worked:
        low, high = self._end(at, 1), -self._end(at, -1)
        for value in range(low, high + 1):
            if len(self.seen[at]) >= enough:
                break
            if value not in self.seen[at]:
                self._try(at, value)
        return Worked(low, high, min(enough, len(self.seen[at])))

    def _end(self, at: int, sign: int) -> int:
        cost = np.zeros(len(self.keys))
        cost[at] = sign
        answer = self._solve(cost, self.low, self.high)
        if answer is None:
            raise ImpossibleError(self.keys[at])
        return round(answer)

    def _try(self, at: int, value: int) -> None:
        low, high = self.low.copy(), self.high.copy()
        low[at] = high[at] = value
        self._solve(np.zeros(len(self.keys)), low, high)

    def _solve(self, cost: np.ndarray, low: np.ndarray, high: np.ndarray) -> float | None:
        """Find counts that fit; every count in them is thereby seen to be possible."""
        constraints = [LinearConstraint(self.rows, 0, 0)] if len(self.rows) else []
        answer = milp(cost, constraints=constraints, bounds=Bounds(low, high), integrality=np.ones(len(cost)))
        if not answer.success:
            return None
        solution = np.rint(answer.x).astype(int)
        if np.any(self.rows @ solution):
            raise ArithmeticError("the solver's answer does not add up")
        for values, value in zip(self.seen, solution.tolist(), strict=True):
            values.add(value)
        return float(answer.fun)
