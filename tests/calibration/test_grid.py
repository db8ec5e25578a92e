"""Promise: intervals cover and tests err as often as they say; a sample here, 10,000 a cell by `make grid`.

The stored results are those of the cells as they stand, and every cell outside the bounds says why.
"""

from __future__ import annotations

import csv

import pytest
from cells import Cell, all_cells
from grid import FOLDER, share

CELLS = all_cells()
SAMPLE = 200
SURE = 0.065  # 200 simulations of a share of 0.95 stray farther than this once in tens of thousands


def stored() -> list[dict[str, str]]:
    found = []
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found += list(csv.DictReader(file))
    return found


@pytest.mark.parametrize("cell", CELLS[::25], ids=lambda cell: cell.name)
def test_a_sample_of_the_grid(cell: Cell) -> None:
    _, found = share(cell, SAMPLE)
    assert cell.why or cell.within(found, slack=SURE)


def test_the_stored_grid_is_of_these_cells() -> None:
    """A family that has not been run yet has no file; one that has is stored whole."""
    run = {row["family"] for row in stored()}
    names = {(cell.family, cell.method, cell.truth, str(cell.n), cell.measure) for cell in CELLS if cell.family in run}
    assert {(r["family"], r["method"], r["truth"], r["n"], r["measure"]) for r in stored()} == names


def test_every_cell_outside_the_bounds_is_explained() -> None:
    assert [row for row in stored() if row["within"] == "no" and not row["why"]] == []
