"""SAS transport files with several data sets: the library takes them for one, so each is given to it by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_RECORD = 80
_BEGIN = re.compile(rb"HEADER RECORD\*{7}MEM(?:BER|BV8) {2}HEADER RECORD!{7}")
_NAME_AT = 2 * _RECORD + 8
_COUNT_AT = 4 * _RECORD + 54


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DataSet:
    """One data set of several: its name, how many columns it says it has, and a transport file with it alone."""

    name: str
    columns: int
    content: bytes


def data_sets_of(path: Path) -> Sequence[DataSet]:
    """The data sets of a transport file with several; () where it has only one.

    Parameters
    ----------
    path
        A SAS transport file.

    Returns
    -------
    sequence of DataSet

    Examples
    --------
    >>> [each.name for each in data_sets_of(Path("study.xpt"))]  # doctest: +SKIP
    ['VISITS', 'GOALS']
    """
    data = path.read_bytes()
    starts = [found.start() for found in _BEGIN.finditer(data) if found.start() % _RECORD == 0]
    if len(starts) < 2:
        return ()
    parts = [data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=True)]
    names = [_name(part, index) for index, part in enumerate(parts, start=1)]
    return tuple(
        DataSet(
            name=name if names.count(name) == 1 else f"{name} {index}",
            columns=_columns(part),
            content=data[: starts[0]] + part,
        )
        for index, (name, part) in enumerate(zip(names, parts, strict=True), start=1)
    )


def _name(part: bytes, index: int) -> str:
    longest = 32 if b"MEMBV8" in part[:_RECORD] else 8
    return part[_NAME_AT : _NAME_AT + longest].decode("ascii", errors="ignore").strip(" \0") or f"{index}"


def _columns(part: bytes) -> int:
    count = part[_COUNT_AT : _COUNT_AT + 4]
    return int(count) if count.isdigit() else 0
