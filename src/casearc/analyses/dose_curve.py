"""Where a dose-response line is drawn: over the middle of the doses, everything else at its average."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from casearc.analyses.model_frame import ModelFrame

Floats = npt.NDArray[np.float64]

POINTS = 25


def dose_grid(frame: ModelFrame, position: int) -> Floats:
    """Points from the mean minus to the mean plus 1.5 SD, never outside the 5th to 95th percentile."""
    dose = frame.design[:, position]
    low, high = np.percentile(dose, [5, 95])
    center, spread = float(np.mean(dose)), float(np.std(dose))
    return np.linspace(max(low, center - 1.5 * spread), min(high, center + 1.5 * spread), POINTS)


def average_rows(frame: ModelFrame, position: int, grid: Floats) -> Floats:
    """Rows of the design with every column at its mean but the dose, which takes the values of the grid."""
    rows = np.repeat(frame.design.mean(axis=0)[None, :], len(grid), axis=0)
    rows[:, position] = grid
    return rows
