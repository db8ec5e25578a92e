"""Read a CSV file as text, every cell, with the row each record stands in."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from casearc.files.csv.decimals import with_points
from casearc.files.csv.encoding import BOM, BadBytes, as_utf8, check_bytes
from casearc.files.csv.structure import Shape, from_record, shape_of, without_blank
from casearc.files.formulas import as_written
from casearc.files.header import column_names, names_are_sound, without_unnamed
from casearc.files.limits import few_enough_cells
from casearc.files.reading import Reading
from casearc.files.sheet import Sheet, places_of
from casearc.tables import FILE, ROW, FaultLog

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


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
    raw = path.read_bytes()
    decoded = as_utf8(raw, reading.encoding)
    data = decoded if isinstance(decoded, BadBytes) else check_bytes(decoded)
    if isinstance(data, BadBytes):
        row = None if data.position is None else _row_of_bad_byte(raw.removeprefix(BOM), data.position)
        log.add(data.problem, data.remedy, file=name, row=row)
        return None
    return read_text(data, name=name, log=log, reading=reading)


def read_text(data: bytes, *, name: str, log: FaultLog, reading: Reading) -> Sheet | None:
    """The same from UTF-8 bytes with plain line ends."""
    delimiter = reading.delimiter or ","
    shape = shape_of(data, delimiter)
    above = reading.header_row - 1
    if above >= len(shape.ends):
        log.add(f"There is no row {reading.header_row} for the header.", "Correct header_row.", file=name)
        return None
    data, shape = from_record(data, shape, above)
    header = _header(data, shape, delimiter, name=name, above=above, log=log)
    if header is None or not _is_regular(shape, len(header), above=above, name=name, log=log):
        return None
    sheet = _parse(data, shape, header, name=name, above=above, delimiter=delimiter, log=log)
    if sheet is None or reading.decimal != ",":
        return sheet
    return replace(sheet, frame=with_points(sheet.frame))


def _row_of_bad_byte(data: bytes, position: int) -> int:
    return shape_of(data.replace(b"\x00", b" ")).record_at(position)


def _header(data: bytes, shape: Shape, delimiter: str, *, name: str, above: int, log: FaultLog) -> list[str] | None:
    text = data[: int(shape.ends[0])].decode("utf-8")
    if shape.stray_quote is not None:
        log.add(
            "A quotation mark is left open, or stands inside a cell.",
            "Enclose the whole cell in quotation marks and write those within twice.",
            file=name,
            row=above + shape.record_at(shape.stray_quote),
        )
        return None
    names = [cell.strip() for cell in next(csv.reader([text], delimiter=delimiter, strict=False))]
    for sign, word in DELIMITERS.items():
        if len(names) == 1 and sign in text:
            log.add(
                f"The cells are separated by {word}, not by {DELIMITERS.get(delimiter, 'the sign given')}.",
                "Save the file as CSV with commas between cells, or say delimiter in the mapping "
                "(`casearc import inspect` does).",
                file=name,
                row=above + 1,
            )
            return None
    return names if names_are_sound(names, file=name, log=log, row=above + 1) else None


def _is_regular(shape: Shape, width: int, *, above: int, name: str, log: FaultLog) -> bool:
    if not few_enough_cells(rows=len(shape.ends) - 1, columns=width, name=name, log=log):
        return False
    wrong = np.flatnonzero((shape.cells != width) & ~shape.blank)
    rows = wrong + 1 + above
    many = shape.cells[wrong] > width
    for part, words, remedy in (
        (rows[many], "more", "A comma inside a cell needs quotation marks around the cell."),
        (rows[~many], "fewer", "Fill up the row with empty cells, or look for a line break inside a cell."),
    ):
        places = pl.DataFrame({ROW: part.tolist()}, schema={ROW: pl.Int64}).with_columns(pl.lit(name).alias(FILE))
        log.add_places(
            places,
            problem=f"The row has {words} cells than the header (which has {width}).",
            remedy=remedy,
        )
    return len(wrong) == 0


def _parse(
    data: bytes, shape: Shape, header: list[str], *, name: str, above: int, delimiter: str, log: FaultLog
) -> Sheet | None:
    kept = np.flatnonzero(~shape.blank[1:]) + 2 + above
    columns = column_names(header)
    schema = {column: pl.String() for column in columns}
    body = without_blank(data, shape)
    frame = pl.DataFrame(schema=schema)
    if body:
        frame = pl.read_csv(io.BytesIO(body), has_header=False, schema=schema, quote_char='"', separator=delimiter)
    if frame.height != len(kept):
        log.add("The rows cannot be told apart.", "Export the file again as CSV.", file=name)
        return None
    stripped = pl.all().str.strip_chars()
    frame = frame.with_columns(as_written(pl.when(stripped != "").then(stripped)).name.keep())
    frame = frame.with_columns(pl.Series(ROW, kept, dtype=pl.Int64))
    frame = frame.filter(pl.any_horizontal(pl.col(columns).is_not_null()))
    places = places_of(name, frame[ROW])
    named = without_unnamed(frame.drop(ROW), file=name, log=log, row=above + 1)
    if named is None:
        return None
    empty = len(shape.ends) - 1 - named.height
    return Sheet(name=name, format="csv", frame=named, places=places, empty_rows=empty)
