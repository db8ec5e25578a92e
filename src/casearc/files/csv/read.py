"""Read a CSV file as text, every cell, with the row each record stands in."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from casearc.files.csv.encoding import BOM, BadBytes, check_bytes
from casearc.files.csv.structure import Shape, shape_of, without_blank
from casearc.tables import FILE, ROW, FaultLog

_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RawFile:
    """A CSV file as text. `places` has ``_file`` and ``_row`` for each row of `frame`; rows are counted as a
    spreadsheet program shows them: the header is row 1, a record is one row however many lines it has, and
    empty rows count though they are left out here."""

    name: str
    frame: pl.DataFrame
    places: pl.DataFrame
    empty_rows: int

    @property
    def rows_read(self) -> int:
        """Records below the header, empty ones included."""
        return self.frame.height + self.empty_rows


def read_csv(path: Path, *, name: str, log: FaultLog) -> RawFile | None:
    """Read a file; None where it cannot be read, after logging why under `name`.

    Cells and headers lose blanks at both ends; an empty cell is null. Nothing is guessed: a cell that looks like a
    number, a date or a formula stays the text it is.
    """
    raw = path.read_bytes().removeprefix(BOM)
    data = check_bytes(raw)
    if isinstance(data, BadBytes):
        row = None if data.position is None else _row_of_bad_byte(raw, data.position)
        log.add(data.problem, data.remedy, file=name, row=row)
        return None
    shape = shape_of(data)
    header = _header(data, shape, name, log)
    if header is None or not _is_regular(shape, len(header), name, log):
        return None
    return _parse(data, shape, header, name=name, log=log)


def _row_of_bad_byte(data: bytes, position: int) -> int:
    return shape_of(data.replace(b"\x00", b" ")).record_at(position)


def _header(data: bytes, shape: Shape, name: str, log: FaultLog) -> list[str] | None:
    text = data[: int(shape.ends[0])].decode("utf-8")
    if shape.stray_quote is not None:
        log.add(
            "A quotation mark is left open, or stands inside a cell.",
            "Enclose the whole cell in quotation marks and write those within twice.",
            file=name,
            row=shape.record_at(shape.stray_quote),
        )
        return None
    if not text.strip(", \t"):
        log.add("The first row is empty.", "It must hold the column names.", file=name, row=1)
        return None
    names = [cell.strip() for cell in next(csv.reader([text], strict=False))]
    for sign, word in _OTHER_DELIMITERS.items():
        if len(names) == 1 and sign in text:
            log.add(
                f"The cells are separated by {word}, not by commas.",
                "Save the file as CSV with commas between cells.",
                file=name,
                row=1,
            )
            return None
    return names if _names_differ(names, name, log) else None


def _names_differ(names: list[str], file: str, log: FaultLog) -> bool:
    repeated = [found for found, count in Counter(filter(None, names)).items() if count > 1]
    for found in repeated:
        positions = [str(index) for index, each in enumerate(names, start=1) if each == found]
        log.add(
            f"The columns number {' and '.join(positions)} have the same name.",
            "Give each column a name of its own, or remove the copy.",
            file=file,
            row=1,
        )
    for taken in {FILE, ROW}.intersection(names):
        log.add(f"The column name {taken} is taken by Casearc.", "Rename the column.", file=file, row=1)
    return not repeated and not {FILE, ROW}.intersection(names)


def _is_regular(shape: Shape, width: int, name: str, log: FaultLog) -> bool:
    wrong = np.flatnonzero((shape.cells != width) & ~shape.blank)
    rows = wrong + 1
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


def _parse(data: bytes, shape: Shape, header: list[str], *, name: str, log: FaultLog) -> RawFile | None:
    kept = np.flatnonzero(~shape.blank[1:]) + 2
    columns = [each or f"_unnamed_{index}" for index, each in enumerate(header, start=1)]
    schema = {column: pl.String() for column in columns}
    body = without_blank(data, shape)
    frame = pl.DataFrame(schema=schema)
    if body:
        frame = pl.read_csv(io.BytesIO(body), has_header=False, schema=schema, quote_char='"')
    if frame.height != len(kept):
        log.add("The rows cannot be told apart.", "Export the file again as CSV.", file=name)
        return None
    stripped = pl.all().str.strip_chars()
    frame = frame.with_columns(pl.when(stripped != "").then(stripped).name.keep())
    frame = frame.with_columns(pl.Series(ROW, kept, dtype=pl.Int64))
    frame = frame.filter(pl.any_horizontal(pl.col(columns).is_not_null()))
    places = frame.select(pl.lit(name, dtype=pl.String).alias(FILE), ROW)
    named = _drop_unnamed(frame.drop(ROW), name, log)
    if named is None:
        return None
    return RawFile(name=name, frame=named, places=places, empty_rows=len(shape.ends) - 1 - named.height)


def _drop_unnamed(frame: pl.DataFrame, name: str, log: FaultLog) -> pl.DataFrame | None:
    """Spreadsheets leave empty columns behind at the right; a filled one without a name is a fault."""
    unnamed = [column for column in frame.columns if column.startswith("_unnamed_")]
    filled = [column for column in unnamed if frame[column].null_count() < frame.height]
    if len(filled) > 1:
        log.add(
            f"{len(filled)} columns have cells but no name; a title may stand above the header row.",
            "The first row must hold the column names: remove what stands above, or name the columns.",
            file=name,
            row=1,
        )
        return None
    if filled:
        log.add(
            "The column has cells but no name.",
            "Name it in the header row, or remove it.",
            file=name,
            row=1,
            column=filled[0].replace("_unnamed_", "number "),
        )
    return frame.drop(unnamed)
