"""Tables as CSV files that come back the same, and a dictionary of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from casearc.files.described import Described
from casearc.files.exporting.parcel import Parcel
from casearc.files.formulas import harmless
from casearc.files.sheet import Field, Holds, text_cells
from casearc.instruments import Instrument
from casearc.tables import TABLES

DICTIONARY = ("table", "row_is", "column", "label", "kind", "unit", "codes", "missing")


def write_csv(table: Described, path: Path) -> tuple[str, ...]:
    """Write a table as CSV: UTF-8, commas, a header row, an empty cell for what is missing.

    Parameters
    ----------
    table
        The table. Cells that a spreadsheet program would run as a formula get an apostrophe, which reading takes off.
    path
        The file; what stands there is replaced.

    Returns
    -------
    tuple of str
        Nothing: the dictionary says what CSV cannot.

    Raises
    ------
    OSError
        The file cannot be written.

    Examples
    --------
    >>> write_csv(table, Path("contacts.csv"))  # doctest: +SKIP
    ()
    """
    cells = text_cells(table.frame)
    texts = [name for name, kind in table.frame.schema.items() if kind == pl.String]
    cells.with_columns(harmless(pl.col(texts)).name.keep()).write_csv(path)
    return ()


def write_dictionary(tables: Sequence[Described], path: Path, *, instruments: Sequence[Instrument] = ()) -> None:
    """Write what is to be said of every column of every table, a row each.

    Parameters
    ----------
    tables
        The tables.
    path
        The CSV file. Its columns: `DICTIONARY`. Codes stand as ``code = label`` and codes for missing as
        ``reason = code``, with `` | `` between.
    instruments
        Those whose scores are among the tables: they know the units.

    Raises
    ------
    OSError
        The file cannot be written.

    Examples
    --------
    >>> write_dictionary(tables, Path("dictionary.csv"))  # doctest: +SKIP
    """
    rows = [row for table in tables for row in _dictionary_rows(table, units_of(instruments))]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(DICTIONARY, pl.String), orient="row")
    frame.with_columns(harmless(pl.all().replace("", None)).name.keep()).write_csv(path)


def units_of(instruments: Sequence[Instrument]) -> Mapping[tuple[str, str], str]:
    """Unit of a column, by table and column, where one is known."""
    contract = {
        (schema.name, column.name): column.unit
        for schema in TABLES.values()
        for column in schema.columns
        if column.unit
    }
    scores = {
        (f"scores_{instrument.id}", score.id): score.unit for instrument in instruments for score in instrument.scores
    }
    return contract | scores


def _dictionary_rows(table: Described, units: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, ...]]:
    for name in table.frame.columns:
        field = table.fields.get(name, Field(name=name))
        yield (
            table.name,
            table.title,
            name,
            field.label,
            (field.holds or Holds.TEXT).value,
            units.get((table.name, name), ""),
            " | ".join(f"{code} = {label}" for code, label in field.choices.items()),
            " | ".join(f"{missing.name} = {missing.code}" for missing in field.missing),
        )


def write_rows(parcel: Parcel, folder: Path) -> tuple[str, ...]:
    """Write every table of a parcel as CSV, and ``dictionary.csv``.

    Parameters
    ----------
    parcel
        The tables.
    folder
        Where to; it is there. `casearc.files.read_folder` reads the contract's tables from it again.

    Returns
    -------
    tuple of str
        Nothing.

    Raises
    ------
    OSError
        The folder cannot be written to.

    Examples
    --------
    >>> write_rows(parcel, Path("csv"))  # doctest: +SKIP
    ()
    """
    for table in parcel.described:
        write_csv(table, folder / f"{table.name}.csv")
    write_dictionary(parcel.described, folder / "dictionary.csv", instruments=parcel.instruments)
    return ()
