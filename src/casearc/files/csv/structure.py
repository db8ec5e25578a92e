"""Where records and cells begin and end, without looking at what is in them.

A CSV parser that meets a row too short fills it up, and one that meets a lone quotation mark swallows rows. Both
would go unseen, so the shape of the file is checked first: a few passes over its bytes with numpy. A byte lies
inside quotation marks when an odd number of them stands before it; delimiters and line ends count only outside.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

_QUOTE, _NEWLINE, _RETURN = 34, 10, 13
_BLOCK = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """The records of a file, blank ones and the header included.

    starts, ends
        Byte positions of each record (its line end excluded).
    cells
        How many cells it has.
    stray_quote
        Position of the quotation mark at which quoting first goes wrong, or None.
    stray_return
        Position of the first carriage return outside quotation marks that ends no line, or None.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    cells: NDArray[np.int64]
    stray_quote: int | None
    stray_return: int | None = None

    @property
    def blank(self) -> NDArray[np.bool_]:
        """Records that are nothing but delimiters."""
        result: NDArray[np.bool_] = (self.ends - self.starts) == (self.cells - 1)
        return result

    def record_at(self, position: int) -> int:
        """Number of the record a byte lies in, the header being 1: the row a spreadsheet program shows."""
        return int(np.searchsorted(self.ends, position, side="left")) + 1


def shape_of(data: bytes, delimiter: str = ",") -> Shape:
    """Find the records and count the cells of each. `data` is not empty; `delimiter` is one ASCII sign."""
    look = _Look(values=np.frombuffer(data, dtype=np.uint8), sign=ord(delimiter))
    for start in range(0, len(data), _BLOCK):
        look.at(start)
    ends, before = np.concatenate(look.ends), np.concatenate(look.before)
    if len(ends) == 0 or ends[-1] != len(data) - 1:
        ends, before = np.append(ends, len(data)), np.append(before, look.delimiters)
    return Shape(
        starts=np.concatenate(([0], ends[:-1] + 1)),
        ends=ends,
        cells=np.diff(before, prepend=0) + 1,
        stray_quote=_stray_quote(look),
        stray_return=look.stray_return,
    )


@dataclass(slots=True, kw_only=True, eq=False)
class _Look:
    """What was seen so far of a file that is gone through in blocks: whole, its arrays take many times its room.

    ends, before
        Of each block: where records end, and how many delimiters stand before each end.
    inside
        The next byte lies inside quotation marks.
    bad_open, bad_close
        The first mark that opens and does not stand first in its cell, and that closes and does not stand last.
    """

    values: NDArray[np.uint8]
    sign: int
    ends: list[NDArray[np.int64]] = field(default_factory=list)
    before: list[NDArray[np.int64]] = field(default_factory=list)
    delimiters: int = 0
    inside: bool = False
    bad_open: int | None = None
    bad_close: int | None = None
    stray_return: int | None = None

    def at(self, start: int) -> None:
        """Look at the block that begins there."""
        block = self.values[start : start + _BLOCK]
        quotes = block == _QUOTE
        outside = np.logical_xor.accumulate(quotes) == self.inside
        marks = np.flatnonzero(quotes) + start
        self._look_at_marks(marks)
        self.inside ^= len(marks) % 2 == 1
        delimiters = np.flatnonzero((block == self.sign) & outside)
        ends = np.flatnonzero((block == _NEWLINE) & outside)
        self.ends.append(ends + start)
        self.before.append(np.searchsorted(delimiters, ends) + self.delimiters)
        self.delimiters += len(delimiters)
        if self.stray_return is None:
            self.stray_return = self._first_stray(np.flatnonzero((block == _RETURN) & outside) + start)

    def _look_at_marks(self, marks: NDArray[np.int64]) -> None:
        """Every second mark opens, the others close; two in a row inside a quoted cell close and open again."""
        opens, closes = (marks[1::2], marks[0::2]) if self.inside else (marks[0::2], marks[1::2])
        if self.bad_open is None:
            self.bad_open = _first(opens[(opens > 0) & ~self._is_break(opens - 1)])
        if self.bad_close is None:
            self.bad_close = _first(closes[~self._is_break(closes + 1)])

    def _is_break(self, positions: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether a cell may begin or end beside these bytes; the file's end is as good as a line's."""
        found = self.values[np.minimum(positions, len(self.values) - 1)]
        is_break = (found == self.sign) | (found == _NEWLINE) | (found == _QUOTE)
        result: NDArray[np.bool_] = is_break | (positions == len(self.values))
        return result

    def _first_stray(self, returns: NDArray[np.int64]) -> int | None:
        after = self.values[np.minimum(returns + 1, len(self.values) - 1)]
        return _first(returns[(returns + 1 < len(self.values)) & (after != _NEWLINE) & (after != _RETURN)])


def _first(positions: NDArray[np.int64]) -> int | None:
    return int(positions[0]) if len(positions) else None


def _stray_quote(look: _Look) -> int | None:
    """The opening mark of the first cell whose quoting is wrong.

    A cell never closed makes a later, innocent mark look wrong: what is returned is the mark that opened it.
    """
    suspects = [] if look.bad_open is None else [look.bad_open]
    ends = [look.bad_close] if look.bad_close is not None else []
    if look.inside:
        ends.append(len(look.values))
    if ends:
        marks = np.flatnonzero(look.values == _QUOTE)
        suspects += [_opening(marks[0::2], marks[1::2], position) for position in ends]
    return min(suspects, default=None)


def _opening(opens: NDArray[np.int64], closes: NDArray[np.int64], position: int) -> int:
    """The mark that opened the cell `position` lies in, past the doubled marks within."""
    index = int(np.searchsorted(opens, position, side="left")) - 1
    while index > 0 and closes[index - 1] == opens[index] - 1:
        index -= 1
    return int(opens[index])


def from_record(data: bytes, shape: Shape, first: int) -> tuple[bytes, Shape]:
    """The data and their shape from record `first` (counted from 0) on."""
    if first == 0:
        return data, shape
    start = int(shape.starts[first])

    def later(position: int | None) -> int | None:
        return None if position is None or position < start else position - start

    return data[start:], Shape(
        starts=shape.starts[first:] - start,
        ends=shape.ends[first:] - start,
        cells=shape.cells[first:],
        stray_quote=later(shape.stray_quote),
        stray_return=later(shape.stray_return),
    )


def without_blank(data: bytes, shape: Shape) -> bytes:
    """The records below the header, blank ones left out."""
    body = data[int(shape.ends[0]) + 1 :]
    if not shape.blank[1:].any():
        return body
    values = np.frombuffer(body if body.endswith(b"\n") else body + b"\n", dtype=np.uint8)
    lengths = shape.ends[1:] - shape.starts[1:] + 1
    return values[np.repeat(~shape.blank[1:], lengths)].tobytes()
