"""A text of one's own in an Arrow file: the format keeps room for names and texts in its footer, and Polars none.

An Arrow file ends in a footer, its length and ``ARROW1``. The footer is a FlatBuffer whose root has five members:
version, schema, two lists of blocks, and the list of names and texts. References in it are distances ahead, so a root
with one text more can stand before the old bytes and refer into them; nothing else of the file is touched.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

_MAGIC = b"ARROW1"
_END = struct.Struct("<i6s")
_VERSION, _SCHEMA, _DICTIONARIES, _BATCHES, _TEXTS = range(5)
_REFERRED = (_SCHEMA, _DICTIONARIES, _BATCHES)
_ROOT, _LIST, _PAIR, _STRINGS = 20, 44, 60, 72
"""Where in the new root's bytes its members, the list of texts, the pair in it and the strings begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """A FlatBuffer's table; every place is checked by `struct`, which refuses what lies outside the bytes."""

    data: bytes
    at: int

    def member(self, index: int) -> int | None:
        """Where a member stands; None where it is left out."""
        places = self.at - self._read("<i", self.at)
        if 4 + 2 * index >= self._read("<H", places):
            return None
        distance = self._read("<H", places + 4 + 2 * index)
        return self.at + distance if distance else None

    def referred(self, index: int) -> int | None:
        """Where what a member refers to begins."""
        at = self.member(index)
        return None if at is None else self.follow(at)

    def follow(self, at: int) -> int:
        """Where the reference at a place leads."""
        return at + self._read("<I", at)

    def text(self, index: int) -> str:
        """A member that is text."""
        at = self.referred(index)
        if at is None:
            return ""
        return self.data[at + 4 : at + 4 + self._read("<I", at)].decode()

    def number(self, at: int, form: str) -> int:
        """A number at a place."""
        return self._read(form, at)

    def _read(self, form: str, at: int) -> int:
        if at < 0:
            raise struct.error("a place before the beginning")
        return int(struct.unpack_from(form, self.data, at)[0])


def put_text(path: Path, key: str, text: str) -> None:
    """Put a text into the footer of an Arrow file that has none of its own yet.

    Parameters
    ----------
    path
        The file.
    key, text
        The text and its name.

    Raises
    ------
    OSError
        The file cannot be written.

    Examples
    --------
    >>> put_text(Path("visits.arrow"), "casearc", "{}")  # doctest: +SKIP
    """
    with path.open("r+b") as file:
        footer = _footer(file)
        new = _new_root(footer, key.encode(), text.encode()) + footer
        file.seek(-len(footer) - _END.size, SEEK_END)
        file.write(new + _END.pack(len(new), _MAGIC))


def text_in(path: Path, key: str) -> str | None:
    """The text of that name in an Arrow file's footer; None where there is none, or the file has no footer.

    Parameters
    ----------
    path
        The file.
    key
        The text's name.

    Returns
    -------
    str or None

    Raises
    ------
    ValueError
        The footer's texts are damaged.

    Examples
    --------
    >>> text_in(Path("visits.arrow"), "casearc")  # doctest: +SKIP
    '{}'
    """
    with path.open("rb") as file:
        footer = _footer(file)
    try:
        return _texts(footer).get(key) if footer else None
    except (struct.error, UnicodeDecodeError) as error:
        raise ValueError("a damaged footer") from error


def _texts(footer: bytes) -> dict[str, str]:
    root = _root(footer)
    at = root.referred(_TEXTS)
    if at is None:
        return {}
    count = min(root.number(at, "<I"), len(footer) // 4)
    pairs = (_Table(data=footer, at=root.follow(at + 4 + 4 * index)) for index in range(count))
    return {pair.text(0): pair.text(1) for pair in pairs}


def _footer(file: BinaryIO) -> bytes:
    """The footer's bytes; none where the file does not end as an Arrow file does."""
    end = file.seek(0, SEEK_END) - _END.size
    if end < 0:
        return b""
    file.seek(end)
    length, magic = _END.unpack(file.read(_END.size))
    if magic != _MAGIC or not 0 < length <= end:
        return b""
    file.seek(end - length)
    return file.read(length)


def _root(footer: bytes) -> _Table:
    return _Table(data=footer, at=int(struct.unpack_from("<I", footer)[0]))


def _new_root(footer: bytes, key: bytes, text: bytes) -> bytes:
    """A root that refers to all that the old one does, and to a list with one pair; as long as a multiple of eight."""
    strings = [_string(key), _string(text)]
    second = _STRINGS + len(strings[0])
    size = second + len(strings[1]) + -(second + len(strings[1])) % 8
    old = _root(footer)
    version = old.member(_VERSION)
    ahead = {index: size + at for index in _REFERRED if (at := old.referred(index)) is not None}
    ahead[_TEXTS] = _LIST
    distances = [20 if version is not None else 0, *(4 * index if index in ahead else 0 for index in range(1, 5))]
    return b"".join(
        (
            struct.pack("<I7H2x", _ROOT, 14, 22, *distances),
            struct.pack("<i", _ROOT - 4),
            struct.pack("<4I", *(ahead[i] - (_ROOT + 4 * i) if i in ahead else 0 for i in range(1, 5))),
            struct.pack("<h2x", 0 if version is None else old.number(version, "<h")),
            struct.pack("<2I", 1, _PAIR - (_LIST + 4)),
            struct.pack("<4H", 8, 12, 4, 8),
            struct.pack("<i2I", 8, _STRINGS - (_PAIR + 4), second - (_PAIR + 8)),
            b"".join(strings).ljust(size - _STRINGS, b"\0"),
        )
    )


def _string(text: bytes) -> bytes:
    """A FlatBuffer's string: length, bytes, NUL; what follows stands at a multiple of four again."""
    return struct.pack("<I", len(text)) + text + bytes(1 + -(len(text) + 1) % 4)
