"""ReadStat, asked in parts: what a file says of itself, then its cells, some columns at a time.

ReadStat's Python lists take several times the room of the cells as text. So columns are read in groups, and each group
becomes text before the next is read: the file is passed through once a group, and memory stays small.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casearc.files.limits import MOST_CELLS, few_enough_cells
from casearc.files.statistical.refusals import AGAIN, log_refusal
from casearc.files.statistical.source import Source
from casearc.language import say

CELLS_AT_ONCE = 4_000_000
_UNCOUNTED = 100_000
"""The library makes room for so many rows where a file does not say how many it has."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outline:
    """What a file says of itself before any cell is read; `meta` is the library's own object."""

    rows: int
    meta: Any
    columns: tuple[str, ...] = field(default=())


def _asked(source: Source, **options: object) -> tuple[Mapping[str, list[Any]], Any] | None:
    """What the library gives; None after logging, where it fails."""
    try:
        return source.call(**options)
    except Exception as error:  # whatever a damaged file makes the library raise
        log_refusal(error, source, options)
        return None


def encoding_is_known(source: Source) -> bool:
    """Whether the encoding that a mapping names exists; logs where it does not."""
    try:
        codecs.lookup(source.encoding or "utf-8")
    except LookupError:
        source.log.add(
            say("The encoding that the mapping names is not known."),
            say('Name one such as "utf-8", "windows-1252" or "iso-8859-1".'),
            file=source.in_words,
        )
        return False
    return True


def _keeps_all_signs(source: Source, meta: Any) -> bool:
    """False after logging, where the library's decoding is known to lose signs: of letters that it puts together."""
    named = source.encoding or getattr(meta, "file_encoding", None) or "utf-8"
    if not re.fullmatch(r"(windows-|cp)?1258", named, re.IGNORECASE):
        return True
    source.log.add(
        say("The file's text is in Windows-1258 (Vietnamese), of which the library that reads it loses signs."),
        say("Save it as UTF-8 in the program it came from."),
        file=source.in_words,
    )
    return False


def outline_of(source: Source) -> Outline | None:
    """What a file says of itself; None after logging, where it is damaged or too large.

    Parameters
    ----------
    source
        The file.

    Returns
    -------
    Outline or None
        Its rows are counted by reading one column where the file does not say how many there are.

    Examples
    --------
    >>> outline_of(source).rows  # doctest: +SKIP
    120
    """
    answer = _asked(source, metadataonly=True)
    if answer is None:
        return None
    meta = answer[1]
    if not _keeps_all_signs(source, meta):
        return None
    columns = tuple(meta.column_names)
    if not columns:
        source.log.add(say("The file has no columns."), say(AGAIN), file=source.in_words)
        return None
    if not few_enough_cells(rows=0, columns=len(columns), name=source.in_words, log=source.log):
        return None
    rows = meta.number_rows if meta.number_rows is not None else _counted(source, columns)
    if rows is None or not few_enough_cells(rows=rows, columns=len(columns), name=source.in_words, log=source.log):
        return None
    return Outline(rows=rows, meta=meta, columns=columns)


def _counted(source: Source, columns: Sequence[str]) -> int | None:
    answer = _asked(source, usecols=[columns[0]], row_limit=MOST_CELLS // len(columns) + 1)
    return None if answer is None else len(answer[0][columns[0]])


def groups_of(source: Source, outline: Outline) -> Iterator[tuple[Mapping[str, list[Any]], Any] | None]:
    """The cells by name and the library's object, some columns at a time; None after logging, where it fails.

    Parameters
    ----------
    source, outline
        The file, and what it said of itself.

    Yields
    ------
    tuple or None

    Examples
    --------
    >>> for cells, meta in groups_of(source, outline): ...  # doctest: +SKIP
    """
    width = max(1, CELLS_AT_ONCE // max(outline.rows, 1 if outline.meta.number_rows is not None else _UNCOUNTED))
    for start in range(0, len(outline.columns), width):
        wanted = list(outline.columns[start : start + width])
        answer = _asked(source, usecols=wanted)
        if answer is not None and not _is_whole(answer[0], wanted, outline.rows):
            source.log.add(
                say("Columns of the file have the same name, or not all of its rows are there."),
                say(AGAIN),
                file=source.in_words,
            )
            answer = None
        yield answer
        if answer is None:
            return


def _is_whole(cells: Mapping[str, list[Any]], wanted: Sequence[str], rows: int) -> bool:
    return set(cells) == set(wanted) and all(len(column) == rows for column in cells.values())
