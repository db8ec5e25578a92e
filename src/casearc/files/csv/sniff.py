"""What a text file seems to be: its encoding, the sign between its cells, its decimals, the row of its names.

Only a proposal rests on this. A file is read as a mapping says, and never as it seems.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from casearc.files.csv.decimals import with_points
from casearc.files.csv.encoding import BadBytes, as_utf8, check_bytes, without_marks
from casearc.files.csv.read import DELIMITERS, read_text, record
from casearc.files.csv.structure import Shape, shape_of
from casearc.files.header_pair import PAIR, is_pair
from casearc.files.reading import Reading
from casearc.language import say
from casearc.tables import FaultLog

_ENCODINGS = ("windows-1252", "mac-roman", "cp850")
_LETTERS = frozenset("áéíóúñüÁÉÍÓÚÑÜ¿¡àèçâêôãõäöÄÖß’‘“”–—°ºª€…•·´ ")
_CAPITAL_INSIDE = re.compile(r"[a-záéíóúñü][ÁÉÍÓÚÑÜÄÖ]")
"""``cafÚ`` is ``café`` read in another encoding."""
_NUMBER = re.compile(r"^[-+]?[0-9][0-9.,:/ -]*$")
_REGULAR = 0.95
_TITLE_ROWS = 10
_LOOKED_AT = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sniffed:
    """What was found. `encodings` has more than one where the bytes fit several."""

    reading: Reading
    encodings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def sniff(path: Path) -> Sniffed:
    """Look at a file's first two megabytes."""
    with path.open("rb") as file:
        raw = file.read(_LOOKED_AT)
    encodings = _encodings(raw)
    decoded = as_utf8(_whole(raw, encodings), encodings[0] if encodings else "")
    data = decoded if isinstance(decoded, BadBytes) else check_bytes(decoded)
    if isinstance(data, BadBytes):
        return Sniffed(reading=Reading(), encodings=encodings)
    delimiter, shape = _delimiter(data)
    pair = _pair_of_rows(data, shape, delimiter)
    header = _header_row(data, shape, delimiter) if pair is None else pair
    reading = Reading(
        encoding=encodings[0] if encodings else "",
        delimiter="" if delimiter == "," else delimiter,
        header_row=header,
        header_height=1 if pair is None else PAIR,
    )
    notes = (
        (say("Rows 1 to {row} stand above the column names and are left out.", row=header - 1),) if header > 1 else ()
    )
    if _decimal_comma(data, reading, path.name):
        reading = replace(reading, decimal=",")
    return Sniffed(reading=reading, encodings=encodings, notes=notes)


def _whole(raw: bytes, encodings: tuple[str, ...]) -> bytes:
    """Without a sign cut in half at the end of what was looked at."""
    if len(raw) < _LOOKED_AT:
        return raw
    end = raw.rfind(b"\n")
    width = 2 if encodings and encodings[0].startswith("utf-16") else 1
    return raw[: end - end % width] if end > 0 else raw


def _encodings(raw: bytes) -> tuple[str, ...]:
    """() for UTF-8, else those that fit: all their signs beyond ASCII are ones that English and Spanish use."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if raw[:4000].count(b"\x00") > len(raw[:4000]) // 4:
        return ("utf-16-le",) if raw[1:2] == b"\x00" else ("utf-16-be",)
    try:
        without_marks(_whole(raw, ())).decode("utf-8")
    except UnicodeDecodeError:
        fitting = [name for name in _ENCODINGS if _fits(raw, name)]
        return tuple(fitting) or ("windows-1252",)
    return ()


def _fits(raw: bytes, encoding: str) -> bool:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    usual = all(sign in _LETTERS for sign in set(text) if ord(sign) > 127)
    return usual and _CAPITAL_INSIDE.search(text) is None


def _delimiter(data: bytes) -> tuple[str, Shape]:
    """The sign that cuts most rows into the same number of cells, the most cells going first."""
    best: tuple[float, str, Shape] | None = None
    for sign in DELIMITERS:
        shape = shape_of(data, sign)
        filled = shape.cells[~shape.blank]
        if len(filled) == 0:
            continue
        width = int(np.bincount(filled).argmax())
        regular = float((filled == width).mean())
        score = width if width > 1 and regular >= _REGULAR * 0.8 else 0.0
        if best is None or score > best[0]:
            best = (score, sign, shape)
    return (",", shape_of(data)) if best is None else (best[1], best[2])


def _header_row(data: bytes, shape: Shape, delimiter: str) -> int:
    """The first row as wide as most and full of names, within the first ten; 1 where none is.

    A row further down that holds numbers is none of names: every row may have a delimiter more than the header.
    """
    filled = shape.cells[~shape.blank]
    if len(filled) < 3:
        return 1
    width = int(np.bincount(filled).argmax())
    for row in range(min(_TITLE_ROWS, len(shape.ends))):
        text = data[int(shape.starts[row]) : int(shape.ends[row])].decode("utf-8", "replace")
        names = [cell.strip().strip('"') for cell in text.split(delimiter)]
        if int(shape.cells[row]) != width or sum(bool(name) for name in names) <= width // 2:
            continue
        return row + 1 if row == 0 or not any(_NUMBER.match(name) for name in names) else 1
    return 1


def _pair_of_rows(data: bytes, shape: Shape, delimiter: str) -> int | None:
    """The first of two rows that are column names together, below nothing but titles; None where none is."""
    rows = [record(data, shape, delimiter, number) for number in range(min(_TITLE_ROWS, len(shape.ends)))]
    first = next((at for at, cells in enumerate(rows) if sum(cell != "" for cell in cells) > 1), len(rows))
    return first + 1 if first + 1 < len(rows) and is_pair(rows[first], rows[first + 1]) else None


def _decimal_comma(data: bytes, reading: Reading, name: str) -> bool:
    plain = read_text(data, name=name, log=FaultLog(), reading=reading)
    if plain is None:
        return False
    return not with_points(plain.frame).equals(plain.frame)
