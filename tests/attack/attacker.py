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
    system = _System(disclosure)
    enough = int(disclosure["threshold"])
    return {
        key: system.work_out(at, enough)
        for at, key in enumerate(system.keys)
        if disclosure["counts"].get(key, {"shown": "withheld"})["shown"] != "exact"
    }


def breaches(disclosure: Mapping[str, Any]) -> dict[str, Worked]:
    """Return the counts that are hidden (or may be small) and can be pinned to fewer values than the threshold."""
    threshold = int(disclosure["threshold"])
    shown = disclosure["counts"]
    return {
        key: worked
        for key, worked in attack(disclosure).items()
        if worked.possible < threshold
        and (worked.low < threshold or shown.get(key, {"shown": "withheld"})["shown"] == "withheld")
    }


class _System:
    def __init__(self, disclosure: Mapping[str, Any]) -> None:
        counts, partitions = disclosure["counts"], disclosure["partitions"]
        named = dict.fromkeys([*counts, *(k for p in partitions for k in (p["whole"], *p["parts"]))])
        self.keys = tuple(named)
        place = {key: at for at, key in enumerate(self.keys)}
        self.low, self.high = np.zeros(len(self.keys)), np.full(len(self.keys), float(NO_LIMIT))
        for key, entry in counts.items():
            if entry["shown"] == "exact":
                self.low[place[key]] = self.high[place[key]] = entry["value"]
            elif entry["shown"] == "band":
                self.low[place[key]], self.high[place[key]] = entry["low"], entry["high"]
        self.rows = np.zeros((len(partitions), len(self.keys)))
        for row, partition in enumerate(partitions):
            self.rows[row, place[partition["whole"]]] = 1
            for part in partition["parts"]:
                self.rows[row, place[part]] -= 1

    def work_out(self, at: int, enough: int) -> Worked:
        low, high = self._end(at, 1), -self._end(at, -1)
        possible = 0
        for value in range(low, high + 1):
            possible += value in (low, high) or self._can_be(at, value)
            if possible == enough:
                break
        return Worked(low, high, possible)

    def _end(self, at: int, sign: int) -> int:
        cost = np.zeros(len(self.keys))
        cost[at] = sign
        answer = self._solve(cost, self.low, self.high)
        if answer is None:
            raise ImpossibleError(self.keys[at])
        return round(answer)

    def _can_be(self, at: int, value: int) -> bool:
        low, high = self.low.copy(), self.high.copy()
        low[at] = high[at] = value
        return self._solve(np.zeros(len(self.keys)), low, high) is not None

    def _solve(self, cost: np.ndarray, low: np.ndarray, high: np.ndarray) -> float | None:
        constraints = [LinearConstraint(self.rows, 0, 0)] if len(self.rows) else []
        answer = milp(cost, constraints=constraints, bounds=Bounds(low, high), integrality=np.ones(len(cost)))
        return float(answer.fun) if answer.success else None
