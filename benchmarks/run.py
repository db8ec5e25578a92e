"""Casearc beside its peers, in one run on one machine: ratios, since seconds say nothing about another machine.

`make bench` runs every part (each file here with a function `lines`); `make bench PART=mixed` one of them.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from side_by_side import PeerAbsentError

HERE = Path(__file__).parent
SHARED = {"run", "side_by_side"}


def main(parts: list[str]) -> None:
    """Measure and print a table in Markdown."""
    chosen = parts or sorted(path.stem for path in HERE.glob("*.py") if path.stem not in SHARED)
    print("| what | against | ratio | remark |")  # noqa: T201
    print("|---|---|---|---|")  # noqa: T201
    for part in chosen:
        try:
            for line in importlib.import_module(part).lines():
                print(f"| {line.what} | {line.against} | {line.ratio} | {line.remark} |", flush=True)  # noqa: T201
        except PeerAbsentError as absent:
            print(f"| {part} | | | skipped: {absent} |")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
