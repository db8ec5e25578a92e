"""How much one file may hold. Above, it is refused with words rather than filling the machine's memory."""

from __future__ import annotations

from pathlib import Path

from casearc.language import say
from casearc.tables import FaultLog

MEGABYTE = 1_000_000
LARGEST_FILE = 200 * MEGABYTE
LARGEST_UNPACKED = 400 * MEGABYTE
"""What a workbook, which is a zip archive, may unpack to."""
HIGHEST_RATIO = 200
"""Unpacked to packed; honest workbooks stay below 60."""
MOST_COLUMNS = 5_000
MOST_CELLS = 60_000_000


def small_enough(path: Path, *, name: str, log: FaultLog) -> bool:
    """Whether the file is one that is read at all; logs where it is not."""
    size = path.stat().st_size
    if size <= LARGEST_FILE:
        return True
    log.add(
        say(
            "The file has {size:,} MB, and Casearc reads up to {most} MB at once.",
            size=size // MEGABYTE,
            most=LARGEST_FILE // MEGABYTE,
        ),
        say(
            "Export it in parts (by year, say) and name each part in the mapping, or leave columns "
            "out that are not needed; Parquet takes the least room."
        ),
        file=name,
    )
    return False


def few_enough_cells(*, rows: int, columns: int, name: str, log: FaultLog) -> bool:
    """Whether a sheet has a size that is read; logs where it has not."""
    if columns > MOST_COLUMNS:
        log.add(
            say(
                "The sheet has {columns:,} columns, and Casearc reads up to {most:,}.",
                columns=columns,
                most=MOST_COLUMNS,
            ),
            say("Export only the columns that are needed; look for a table lying on its side."),
            file=name,
        )
        return False
    if rows * columns > MOST_CELLS:
        log.add(
            say(
                "The sheet has {rows:,} rows of {columns:,} columns; Casearc reads up to {most:,} cells at once.",
                rows=rows,
                columns=columns,
                most=MOST_CELLS,
            ),
            say("Export it in parts, or leave columns out that are not needed."),
            file=name,
        )
        return False
    return True
