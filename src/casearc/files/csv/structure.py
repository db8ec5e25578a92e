"""Where records and cells begin and end, without looking at what is in them.

A CSV parser that meets a row too short fills it up, and one that meets a lone quotation mark swallows rows. Both
would go unseen, so the shape of the file is checked first: a few passes over its bytes with numpy. A byte lies
inside quotation marks when an odd number of them stands before it; delimiters and line ends count only outside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_QUOTE, _NEWLINE, _RETURN = 34, 10, 13


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
    sign = ord(delimiter)
    values = np.frombuffer(data, dtype=np.uint8)
    quotes = values == _QUOTE
    has_quotes = bool(quotes.any())
    outside = ~np.logical_xor.accumulate(quotes) if has_quotes else np.ones(len(values), dtype=np.bool_)
    ends = np.flatnonzero((values == _NEWLINE) & outside)
    if len(ends) == 0 or ends[-1] != len(values) - 1:
        ends = np.append(ends, len(values))
    starts = np.concatenate(([0], ends[:-1] + 1))
    delimiters = np.flatnonzero((values == sign) & outside)
    before = np.searchsorted(delimiters, np.concatenate(([0], ends)))
    return Shape(
        starts=starts,
        ends=ends,
        cells=np.diff(before) + 1,
        stray_quote=_stray_quote(values, quotes, sign) if has_quotes else None,
        stray_return=_stray_return(values, outside) if b"\r" in data else None,
    )


def _stray_return(values: NDArray[np.uint8], outside: NDArray[np.bool_]) -> int | None:
    returns = np.flatnonzero((values == _RETURN) & outside)
    after = np.append(values, _NEWLINE)[returns + 1]
    stray = returns[(after != _NEWLINE) & (after != _RETURN)]
    return int(stray[0]) if len(stray) else None


def _stray_quote(values: NDArray[np.uint8], quotes: NDArray[np.bool_], sign: int) -> int | None:
    """The opening mark of the first cell whose quoting is wrong.

    A mark that opens must stand first in its cell, one that closes must stand last; two in a row inside a quoted
    cell close and open again. A cell never closed makes a later, innocent mark look wrong: what is returned is
    the mark that opened it.
    """
    marks = np.flatnonzero(quotes)
    padded = np.concatenate(([_NEWLINE], values, [_NEWLINE]))
    breaks = (padded == sign) | (padded == _NEWLINE) | (padded == _QUOTE)
    opens, closes = marks[0::2], marks[1::2]
    bad_open = opens[~breaks[opens]]  # the byte before, because of the padding
    doubled = np.isin(opens, closes + 1)
    wrong_pair = opens[(padded[opens] == _QUOTE) & ~doubled]
    bad_close = closes[~breaks[closes + 2]]
    suspects = [int(part[0]) for part in (bad_open, wrong_pair) if len(part)]
    if len(bad_close):
        suspects.append(_opening(opens, closes, int(bad_close[0])))
    if len(opens) > len(closes):
        suspects.append(_opening(opens, closes, len(values)))
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
