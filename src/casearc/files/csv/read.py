"""Read a CSV file as text, every cell, with the row each record stands in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from casearc.files.csv.decimals import with_points
from casearc.files.csv.encoding import BOM, BadBytes, as_utf8, check_bytes
from casearc.files.csv.repeated import told_apart
from casearc.files.csv.structure import Shape, from_record, shape_of, without_blank
from casearc.files.formulas import as_written
from casearc.files.header import column_names, names_are_sound, names_stand_once, without_unnamed
from casearc.files.header_pair import PAIR, paired
from casearc.files.limits import MOST_CELLS, few_enough_cells
from casearc.files.reading import Reading
from casearc.files.sheet import Sheet, places_of
from casearc.language import say, to_say
from casearc.tables import FILE, ROW, FaultLog

DELIMITERS = {",": to_say("commas"), ";": to_say("semicolons"), "\t": to_say("tabs"), "|": to_say("bars")}
_SEPARATOR = re.compile(r'^"?sep=.?"?\s*$', re.IGNORECASE)


def read(path: Path, *, name: str, log: FaultLog, reading: Reading) -> tuple[Sheet, ...]:
    """The one sheet of a file, as the registry of formats asks for it."""
    sheet = read_csv(path, name=name, log=log, reading=reading)
    return () if sheet is None else (sheet,)


def read_csv(path: Path, *, name: str, log: FaultLog, reading: Reading | None = None) -> Sheet | None:
    """Read a file; None where it cannot be read, after logging why under `name`.

    Cells and headers lose blanks at both ends; an empty cell is null. Nothing is guessed: what `reading` leaves open
    is UTF-8 with commas, and a cell that looks like a number, a date or a formula stays the text it is.

    Examples
    --------
    >>> from casearc.tables import FaultLog
    >>> sheet = read_csv(Path("visits.csv"), name="visits.csv", log=FaultLog())  # doctest: +SKIP
    """
    reading = reading or Reading()
    data = _bytes_of(path, name=name, log=log, reading=reading)
    return None if data is None else read_text(data.pop(), name=name, log=log, reading=reading)


def _bytes_of(path: Path, *, name: str, log: FaultLog, reading: Reading) -> list[bytes] | None:
    """The file in UTF-8 with plain line ends, as the only one of a list: whoever takes it out can let it go."""
    raw = path.read_bytes()
    decoded = as_utf8(raw, reading.encoding)
    data = decoded if isinstance(decoded, BadBytes) else check_bytes(decoded)
    if isinstance(data, BadBytes):
        row = None if data.position is None else _row_of_bad_byte(raw.removeprefix(BOM), data.position)
        log.add(data.problem, data.remedy, file=name, row=row)
        return None
    return [data]


def read_text(data: bytes, *, name: str, log: FaultLog, reading: Reading) -> Sheet | None:
    """The same from UTF-8 bytes with plain line ends."""
    delimiter = reading.delimiter or ","
    if not _few_enough_signs(data, delimiter, name=name, log=log):
        return None
    shape = shape_of(data, delimiter)
    above = reading.header_row - 1
    if above >= len(shape.ends):
        log.add(
            say("There is no row {row} for the header.", row=reading.header_row),
            say("Correct header_row."),
            file=name,
        )
        return None
    data, shape = from_record(data, shape, above)
    if not few_enough_cells(rows=len(shape.ends) - 1, columns=int(shape.cells[0]), name=name, log=log):
        return None
    header = _header(data, shape, delimiter, name=name, reading=reading, log=log)
    if header is None or not _is_regular(shape, len(header), delimiter, above=above, name=name, log=log):
        return None
    body = [without_blank(data, shape)]
    del data
    sheet = _parse(body, shape, header, name=name, above=above, delimiter=delimiter, log=log)
    if sheet is None:
        return None
    if reading.header_height == PAIR and not shape.blank[1:2].any():
        sheet = sheet.without_rows(1)
    return sheet if reading.decimal != "," else replace(sheet, frame=with_points(sheet.frame))


def _few_enough_signs(data: bytes, delimiter: str, *, name: str, log: FaultLog) -> bool:
    """Whether there can be as many cells as are read: looking closer takes memory for every sign."""
    cells = data.count(b"\n") + data.count(delimiter.encode())
    if cells <= MOST_CELLS and data.count(b'"') <= 2 * MOST_CELLS:
        return True
    log.add(
        say(
            "The file has room for {cells:,} cells and more; Casearc reads up to {most:,} at once.",
            cells=max(cells, MOST_CELLS),
            most=MOST_CELLS,
        ),
        say(
            "Export it in parts, or leave columns out that are not needed; look for rows that hold "
            "nothing but delimiters."
        ),
        file=name,
    )
    return False


def _row_of_bad_byte(data: bytes, position: int) -> int:
    return shape_of(data.replace(b"\x00", b" ")).record_at(position)


def _header(
    data: bytes, shape: Shape, delimiter: str, *, name: str, reading: Reading, log: FaultLog
) -> list[str] | None:
    above = reading.header_row - 1
    text = data[: int(shape.ends[0])].decode("utf-8")
    if not _is_sound(shape, text, name=name, above=above, log=log):
        return None
    names = _cells(text, delimiter)
    if not names:
        log.add(
            say("A cell of the row of column names is far too long for a name."),
            say("Look for a text, or for a whole file, that got into it."),
            file=name,
            row=above + 1,
        )
        return None
    for sign, word in DELIMITERS.items():
        if len(names) == 1 and sign in text:
            log.add(
                say(
                    "The cells are separated by {found}, not by {given}.",
                    found=say(word),
                    given=say(DELIMITERS.get(delimiter, to_say("the sign given"))),
                ),
                say(
                    "Save the file as CSV with commas between cells, or say delimiter in the mapping "
                    "(`casearc import inspect` does)."
                ),
                file=name,
                row=above + 1,
            )
            return None
    below = record(data, shape, delimiter, 1) if reading.header_height == PAIR else []
    names = told_apart(paired(names, below) if len(below) == len(names) else names)
    return names if names_are_sound(names, file=name, log=log, row=above + 1) else None


def record(data: bytes, shape: Shape, delimiter: str, number: int) -> list[str]:
    """The cells of one record, counted from 0; [] where there is none, or one of its cells is far too long."""
    if number >= len(shape.ends):
        return []
    return _cells(data[int(shape.starts[number]) : int(shape.ends[number])].decode("utf-8", "replace"), delimiter)


def _cells(row: str, delimiter: str) -> list[str]:
    """The cells of a row, or none where one is longer than any name."""
    try:
        return [cell.strip() for cell in next(csv.reader([row], delimiter=delimiter, strict=False))]
    except csv.Error:
        return []


def _is_sound(shape: Shape, first: str, *, name: str, above: int, log: FaultLog) -> bool:
    """Whether rows can be told apart at all, and the first is one."""
    before = log.total
    if shape.stray_quote is not None:
        log.add(
            say("A quotation mark is left open, or stands inside a cell."),
            say("Enclose the whole cell in quotation marks and write those within twice."),
            file=name,
            row=above + shape.record_at(shape.stray_quote),
        )
    elif shape.stray_return is not None:
        log.add(
            say("A carriage return stands alone in the row, and the lines of the file end otherwise."),
            say("Files of several programs may have been put together: save it again with one kind of line ends."),
            file=name,
            row=above + shape.record_at(shape.stray_return),
        )
    elif _SEPARATOR.match(first):
        log.add(
            say("The row holds no column names; it tells a spreadsheet program which sign stands between cells."),
            say("Remove the row, or say header_row = {row} and delimiter in the mapping.", row=above + 2),
            file=name,
            row=above + 1,
        )
    return log.total == before


_ENCLOSE = {
    "\t": to_say("A tab inside a cell needs quotation marks around the cell."),
    ";": to_say("A semicolon inside a cell needs quotation marks around the cell."),
    "|": to_say("A bar inside a cell needs quotation marks around the cell."),
    ",": to_say("A comma inside a cell needs quotation marks around the cell."),
}
_ENCLOSE_SIGN = to_say("A sign between cells inside a cell needs quotation marks around the cell.")


def _is_regular(shape: Shape, width: int, delimiter: str, *, above: int, name: str, log: FaultLog) -> bool:
    wrong = np.flatnonzero((shape.cells != width) & ~shape.blank)
    rows = wrong + 1 + above
    if width == 1 and len(wrong):
        log.add(
            say(
                "The row holds a single cell, and row {row} has {cells}: a title seems to stand above "
                "the column names.",
                row=rows[0],
                cells=shape.cells[wrong[0]],
            ),
            say("Remove what stands above, or say header_row = {row} for this file in the mapping.", row=rows[0]),
            file=name,
            row=above + 1,
        )
        return False
    many = shape.cells[wrong] > width
    for part, problem, remedy in (
        (
            rows[many],
            say("The row has more cells than the header (which has {width}).", width=width),
            say(_ENCLOSE.get(delimiter, _ENCLOSE_SIGN)),
        ),
        (
            rows[~many],
            say("The row has fewer cells than the header (which has {width}).", width=width),
            say("Fill up the row with empty cells, or look for a line break inside a cell."),
        ),
    ):
        places = pl.DataFrame({ROW: part.tolist()}, schema={ROW: pl.Int64}).with_columns(pl.lit(name).alias(FILE))
        log.add_places(
            places,
            problem=problem,
            remedy=remedy,
        )
    return len(wrong) == 0


def _parse(
    body: list[bytes], shape: Shape, header: list[str], *, name: str, above: int, delimiter: str, log: FaultLog
) -> Sheet | None:
    kept = np.flatnonzero(~shape.blank[1:]) + 2 + above
    columns = column_names(header)
    frame = _cells_of(body, columns, delimiter)
    if frame.height != len(kept):
        log.add(say("The rows cannot be told apart."), say("Export the file again as CSV."), file=name)
        return None
    filled = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    if not filled.all():
        frame, kept = frame.filter(filled), kept[filled.to_numpy()]
    places = places_of(name, pl.Series(ROW, kept))
    named = without_unnamed(frame, file=name, log=log, row=above + 1)
    if named is None or not names_stand_once(named, places, log=log):
        return None
    empty = len(shape.ends) - 1 - named.height
    return Sheet(name=name, format="csv", frame=named, places=places, empty_rows=empty)


def _cells_of(body: list[bytes], columns: Sequence[str], delimiter: str) -> pl.DataFrame:
    """The records as text without blanks at both ends, empty cells null. Takes the bytes out of `body`."""
    schema = {column: pl.String() for column in columns}
    data = body.pop()
    if not data:
        return pl.DataFrame(schema=schema)
    stripped = pl.all().str.strip_chars()
    filled = pl.when(stripped != "").then(stripped)
    cells: pl.Expr = as_written(filled) if b"'" in data else filled
    rows = pl.scan_csv(io.BytesIO(data), has_header=False, schema=schema, quote_char='"', separator=delimiter)
    del data
    return rows.with_columns(cells.name.keep()).collect(engine="streaming")
