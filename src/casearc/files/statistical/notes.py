"""Notes of a Stata file: what Stata has no place for in a column is put there as JSON, and understood again.

A note belongs to the file (``_dta``), so that Stata's command ``notes`` lists it. Each begins with ``casearc`` and
tells one column as `casearc.files.field_json` does. The library reads notes and does not write them, so they go into
the room that the file keeps for them: between two tags, after which the table of places is brought up to date.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

from casearc.files.field_json import told, understood
from casearc.files.sheet import Field

_MARK = "casearc "
_MAP, _ROOM = b"<map>", b"<characteristics>"
_PLACES = 14
_OF_ROOM = 8
"""Which place is that of the notes; those after it move."""
_NAME = 129
_LONGEST = 67_784
"""Bytes that Stata holds in one."""


def note_of(field: Field) -> str:
    """The note that tells a column; empty where it is longer than Stata holds.

    Parameters
    ----------
    field
        The column as it stands in the file.

    Returns
    -------
    str

    Examples
    --------
    >>> note_of(Field(name="medium", choices={"p": "phone"}))[:25]
    'casearc {"name": "medium"'
    """
    note = _MARK + json.dumps(told(field), ensure_ascii=False)
    return note if len(note.encode()) < _LONGEST else ""


def fields_in(notes: Iterable[str]) -> dict[str, Field]:
    """The columns that notes tell, by name; notes of others are left alone.

    Parameters
    ----------
    notes
        The notes of a file.

    Returns
    -------
    dict of str to Field

    Raises
    ------
    ValueError
        A note begins as Casearc's do and goes on otherwise.

    Examples
    --------
    >>> fields_in(["weighted in 2024", note_of(Field(name="medium", label="How"))])["medium"].label
    'How'
    """
    try:
        fields = [understood(json.loads(note.removeprefix(_MARK))) for note in notes if note.startswith(f"{_MARK}{{")]
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        raise ValueError("a damaged note") from error
    return {each.name: each for each in fields}


def put_notes(path: Path, notes: Sequence[str]) -> None:
    """Put notes into a Stata file of version 13 or later that has none.

    Parameters
    ----------
    path
        The file.
    notes
        In order.

    Raises
    ------
    OSError
        The file cannot be written.

    Examples
    --------
    >>> put_notes(Path("visits.dta"), ["checked"])  # doctest: +SKIP
    """
    data = path.read_bytes()
    order = "<" if b"<byteorder>LSF<" in data[:200] else ">"
    table = data.index(_MAP) + len(_MAP)
    form = f"{order}{_PLACES}Q"
    places = struct.unpack_from(form, data, table)
    at = places[_OF_ROOM] + len(_ROOM)
    named = [("note0", str(len(notes))), *((f"note{number}", note) for number, note in enumerate(notes, start=1))]
    room = b"".join(_characteristic(name, text, order) for name, text in named)
    moved = (each if index <= _OF_ROOM else each + len(room) for index, each in enumerate(places))
    rest = table + struct.calcsize(form)
    path.write_bytes(b"".join((data[:table], struct.pack(form, *moved), data[rest:at], room, data[at:])))


def _characteristic(name: str, text: str, order: str) -> bytes:
    content = b"_dta".ljust(_NAME, b"\0") + name.encode().ljust(_NAME, b"\0") + text.encode() + b"\0"
    return b"<ch>" + struct.pack(f"{order}I", len(content)) + content + b"</ch>"
