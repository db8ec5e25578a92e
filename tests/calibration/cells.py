"""Cells of the calibration grid: one method at one size under one truth, simulated many times.

A family adds its cells by a file `cells_<family>.py` with `CELLS: tuple[Cell, ...]`. `make calibration` runs 10,000
simulations a cell into `grid.csv`; `test_grid.py` runs a few hundred of each.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell. `simulate(rng, times)` gives `times` truths: covered (or wrongly rejected), as booleans.

    exact
        The method promises at least the nominal level, not the level itself.
    why
        Where the share is known to lie outside the bounds: the reason, for the page that prints it.
    """

    family: str
    method: str
    truth: str
    n: int
    measure: str  # "coverage" or "type I error"
    simulate: Callable[[np.random.Generator, int], np.ndarray]
    exact: bool = False
    why: str = ""

    @property
    def name(self) -> str:
        """For messages and seeds."""
        return f"{self.family}: {self.method}, {self.truth}, n = {self.n}, {self.measure}"

    def within(self, share: float, *, slack: float = 0.0065) -> bool:
        """Whether a share is what the method promises: 0.9435 to 0.9565 of coverage, 0.0435 to 0.0565 of error."""
        nominal = 0.95 if self.measure == "coverage" else 0.05
        low, high = nominal - slack, nominal + slack
        if self.exact:
            low, high = (low, 1.0) if self.measure == "coverage" else (0.0, high)
        return low - ROUNDING <= share <= high + ROUNDING


def all_cells() -> tuple[Cell, ...]:
    """Every family's cells."""
    found = [importlib.import_module(path.stem).CELLS for path in sorted(HERE.glob("cells_*.py"))]
    return tuple(cell for cells in found for cell in cells)
