"""`make grid`: 10,000 simulations of every cell of `cells_*.py`, written to `grid/<family>.csv`.

`--family NAME` runs one family and leaves the other files as they are.
"""

from __future__ import annotations

import argparse
import csv
import sys
import zlib
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from cells import Cell, all_cells

FOLDER = Path(__file__).parent / "grid"
HEADER = ("family", "method", "truth", "n", "measure", "simulations", "share", "within", "why")
CHUNK = 500


def share(cell: Cell, times: int) -> tuple[int, float]:
    """How many simulations had an answer, and the share of hits; the seed is the cell's name."""
    hits: list[np.ndarray] = []
    for chunk in range(-(-times // CHUNK)):
        rng = np.random.default_rng([zlib.crc32(cell.name.encode()), chunk])
        hits.append(np.asarray(cell.simulate(rng, min(CHUNK, times - chunk * CHUNK)), dtype=bool))
    found = np.concatenate(hits)
    return found.size, float(found.mean())


def row(index: int, times: int) -> tuple[object, ...]:
    """One line of the file."""
    cell = all_cells()[index]
    count, found = share(cell, times)
    inside = "yes" if cell.within(found) else "no"
    return (cell.family, cell.method, cell.truth, cell.n, cell.measure, count, f"{found:.4f}", inside, cell.why)


def main(times: int, family: str | None, workers: int) -> None:
    """Run and write, one file a family."""
    cells = all_cells()
    FOLDER.mkdir(exist_ok=True)
    with ProcessPoolExecutor(workers) as pool:
        for name in sorted({cell.family for cell in cells} if family is None else {family}):
            chosen = [i for i, cell in enumerate(cells) if cell.family == name]
            rows = []
            for done in pool.map(partial(row, times=times), chosen):
                rows.append(tuple(map(str, done)))
                print(*done, sep="  ", file=sys.stderr)  # noqa: T201
            with (FOLDER / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([HEADER, *rows])


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--times", type=int, default=10_000)
    arguments.add_argument("--family")
    arguments.add_argument("--workers", type=int, default=2)
    given = arguments.parse_args()
    main(given.times, given.family, given.workers)
