"""Casearc beside its peers, in one run on one machine: ratios, since seconds say nothing about another machine.

`make bench` runs every part (each file here with a function `lines`); `make bench PART=mixed` one of them. All runs on
one core, Casearc and its peers alike: one thread for linear algebra and dataframes, and no process gets a second core.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
SHARED = {"run", "side_by_side"}
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")


def main(parts: list[str]) -> None:
    """Measure and print a table in Markdown."""
    from side_by_side import PeerAbsentError  # noqa: PLC0415  (NumPy counts its threads when it is imported)

    chosen = parts or sorted(path.stem for path in HERE.glob("*.py") if path.stem not in SHARED)
    print("One core and one thread for both sides.\n")  # noqa: T201
    print("| what | against | ratio | remark |")  # noqa: T201
    print("|---|---|---|---|", flush=True)  # noqa: T201
    for part in chosen:
        try:
            for line in importlib.import_module(part).lines():
                print(f"| {line.what} | {line.against} | {line.ratio} | {line.remark} |", flush=True)  # noqa: T201
        except PeerAbsentError as absent:
            print(f"| {part} | | | skipped: {absent} |")  # noqa: T201


def on_one_core() -> None:
    """For this process and all it starts: one thread, and one core where the system can be asked for it."""
    os.environ.update(ONE_THREAD)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


if __name__ == "__main__":
    on_one_core()
    main(sys.argv[1:])
