"""ReadStat, asked in parts: what a file says of itself, then its cells, some columns at a time.

ReadStat's Python lists take several times the room of the cells as text. So columns are read in groups, and each group
becomes text before the next is read: the file is passed through once a group, and memory stays small.
"""

from __future__ import annotations

import codecs
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casearc.files.limits import MOST_CELLS, few_enough_cells
from casearc.files.statistical.programs import Program
from casearc.tables import FaultLog

CELLS_AT_ONCE = 4_000_000
_UNCOUNTED = 100_000
"""The library makes room for so many rows where a file does not say how many it has."""
_AGAIN = "Copy it again, or export it again from the program it came from."


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file with the function that reads it."""

    path: Path
    name: str
    program: Program
    log: FaultLog
    encoding: str = ""

    def ask(self, **options: object) -> tuple[Mapping[str, list[Any]], Any] | None:
        """What the library gives; None after logging, where it fails. Dates stay the numbers they are stored as."""
        if self.program.tells_missing:
            options["user_missing"] = True
        if self.program.takes_encoding and self.encoding:
            options["encoding"] = codecs.lookup(self.encoding).name
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return self.program.read(self.path, output_format="dict", disable_datetime_conversion=True, **options)
        except Exception as error:  # whatever a damaged file makes the library raise; its words may hold cells
            self._log(error)
            return None

    def _log(self, error: Exception) -> None:
        problem, remedy = _in_words(error, self)
        self.log.add(problem, remedy, file=self.name)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outline:
    """What a file says of itself before any cell is read; `meta` is the library's own object."""

    rows: int
    meta: Any
    columns: tuple[str, ...] = field(default=())


def encoding_is_known(source: Source) -> bool:
    """Whether the encoding that a mapping names exists; logs where it does not."""
    try:
        codecs.lookup(source.encoding or "utf-8")
    except LookupError:
        source.log.add(
            "The encoding that the mapping names is not known.",
            'Name one such as "utf-8", "windows-1252" or "iso-8859-1".',
            file=source.name,
        )
        return False
    return True


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
    answer = source.ask(metadataonly=True)
    if answer is None:
        return None
    meta = answer[1]
    columns = tuple(meta.column_names)
    if not columns:
        source.log.add("The file has no columns.", _AGAIN, file=source.name)
        return None
    if not few_enough_cells(rows=0, columns=len(columns), name=source.name, log=source.log):
        return None
    rows = meta.number_rows if meta.number_rows is not None else _counted(source, columns)
    if rows is None or not few_enough_cells(rows=rows, columns=len(columns), name=source.name, log=source.log):
        return None
    return Outline(rows=rows, meta=meta, columns=columns)


def _counted(source: Source, columns: Sequence[str]) -> int | None:
    answer = source.ask(usecols=[columns[0]], row_limit=MOST_CELLS // len(columns) + 1)
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
        answer = source.ask(usecols=wanted)
        if answer is not None and not _is_whole(answer[0], wanted, outline.rows):
            source.log.add(
                "Columns of the file have the same name, or not all of its rows are there.", _AGAIN, file=source.name
            )
            answer = None
        yield answer
        if answer is None:
            return


def _is_whole(cells: Mapping[str, list[Any]], wanted: Sequence[str], rows: int) -> bool:
    return set(cells) == set(wanted) and all(len(column) == rows for column in cells.values())


def _encoding(source: Source) -> tuple[str, str]:
    if not source.program.takes_encoding:
        return "The file has signs that are not UTF-8.", "Save it as .sav."
    if source.encoding:
        return (
            "The file's text does not fit the encoding that the mapping names.",
            "Try another, or leave the line out: most files say themselves which it is.",
        )
    return (
        "The file's text does not fit the set of characters that the file names.",
        f'Name the one it was saved in under [file."{source.name}"] in the mapping: encoding = "windows-1252", say.',
    )


def _version(source: Source) -> tuple[str, str]:
    remedy = {
        "stata": "Save it in Stata with saveold, version 14 or older.",
        "spss": "Save it in SPSS as .sav again.",
        "sas": "Export it from SAS as XPT, or as CSV.",
    }[source.program.id]
    return f"The file was saved by a version of {source.program.title} whose files are not read.", remedy


def _damaged(source: Source) -> tuple[str, str]:
    return f"The {source.program.title} file ends early or is damaged.", _AGAIN


def _memory(_source: Source) -> tuple[str, str]:
    return "The file needs more memory than there is.", "Export it in parts, or leave columns out that are not needed."


_WORDS: tuple[tuple[str, Callable[[Source], tuple[str, str]]], ...] = (
    ("convert string", _encoding),
    ("character set", _encoding),
    ("version", _version),
    ("allocate", _memory),
)


def _in_words(error: Exception, source: Source) -> tuple[str, str]:
    """Problem and remedy; nothing of the library's own words, which may quote a cell."""
    if isinstance(error, UnicodeError):
        return _encoding(source)
    if isinstance(error, MemoryError):
        return _memory(source)
    words = str(error)
    return next((say(source) for part, say in _WORDS if part in words), _damaged(source))
