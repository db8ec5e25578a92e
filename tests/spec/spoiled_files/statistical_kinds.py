"""SPSS, Stata, SAS, Parquet and Arrow files, spoiled."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pyreadstat

from spoiled_files.agency import as_csv, contacts
from spoiled_files.kinds import Kind, renamed_in

NAMES = {"Contact ID": "kid", "Client ID": "client", "When": "when_", "Type": "type", "Outcome": "outcome"}
FRAME = pl.DataFrame(contacts()[1:], schema=contacts()[0], orient="row").with_columns(
    pl.col("Minutes").cast(pl.Float64), pl.col("Outcome").cast(pl.Int64), pl.col("When").str.to_date()
)
CODED = (
    FRAME.rename(NAMES)
    .rename({"Minutes": "minutes", "Hours": "hours", "Notes": "notes"})
    .with_columns(pl.col("type").replace_strict({"Client": 1.0, "Parent": 2.0, "Joint": 3.0}))
)
LABELS = {"type": {1.0: "Client", 2.0: "Parent", 3.0: "Joint"}}


def renamed(mapping: str) -> str:
    """The mapping with names as such programs take them; kinds of contacts are codes."""
    named = renamed_in(mapping, NAMES | {"Minutes": "minutes"}, table="contacts")
    return named.replace("Client = ", "1 = ").replace("Parent = ", "2 = ").replace("Joint = ", "3 = ")


def written(end: str, write: Callable[[Path], object]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"x.{end}"
        write(path)
        return path.read_bytes()


def sav(frame: pl.DataFrame = CODED, **more: Any) -> bytes:
    return written("sav", lambda path: pyreadstat.write_sav(frame, path, variable_value_labels=LABELS, **more))


def dta() -> bytes:
    return written("dta", lambda path: pyreadstat.write_dta(CODED, path, version=14))


def xpt() -> bytes:
    return written("xpt", lambda path: pyreadstat.write_xport(CODED, path))


def parquet(frame: pl.DataFrame = FRAME) -> bytes:
    target = io.BytesIO()
    frame.write_parquet(target)
    return target.getvalue()


def arrow(frame: pl.DataFrame = FRAME) -> bytes:
    target = io.BytesIO()
    frame.write_ipc(target)
    return target.getvalue()


def with_cell(frame: pl.DataFrame, column: str, value: float) -> pl.DataFrame:
    """Another value in row 4."""
    return frame.with_columns(pl.when(pl.int_range(pl.len()) == 2).then(pl.lit(value)).otherwise(column).alias(column))


def rows_claimed() -> bytes:
    """The number of records stands at byte 80 of a .sav file."""
    data = sav()
    return data[:80] + (2**29).to_bytes(4, "little") + data[84:]


SPSS, STATA, PARQUET, ARROW = "contacts.sav", "contacts.dta", "contacts.parquet", "contacts.arrow"
STATISTICAL_KINDS: dict[str, Kind] = {
    "SPSS cut off": Kind(name=SPSS, mapping=renamed, made=lambda: sav()[:-40], said=["ends early or is damaged"]),
    "SPSS that claims half a billion rows": Kind(
        name=SPSS, mapping=renamed, made=rows_claimed,
        said=["536,870,912 rows of 8 columns", "up to 60,000,000 cells"]),
    "CSV named SPSS": Kind(name=SPSS, made=lambda: as_csv(contacts()), said=["The file is text", 'format = "csv"']),
    "SPSS named CSV": Kind(mapping=renamed, made=sav),
    "SPSS named Stata": Kind(name=STATA, mapping=renamed, made=sav),
    "SPSS with a code beyond its labels": Kind(
        name=SPSS, mapping=renamed, made=lambda: sav(with_cell(CODED, "type", 9.0)),
        said=["a code that the mapping does not cover"], at=["row 4, column type (contact_type)"]),
    "SPSS with a code for missing": Kind(
        name=SPSS, mapping=renamed,
        made=lambda: sav(with_cell(CODED, "minutes", -9.0), missing_ranges={"minutes": [{"lo": -9, "hi": -9}]}),
        said=["negative", "from 0 to 1440"], at=["row 4, column minutes"]),
    "Stata of a version to come": Kind(
        name=STATA, mapping=renamed, made=lambda: dta().replace(b"<release>118", b"<release>150"),
        said=["a version of Stata whose files are not read", "saveold"]),
    "Stata cut off": Kind(
        name=STATA, mapping=renamed, made=lambda: dta()[: len(dta()) // 2], said=["ends early or is damaged"]),
    "SAS transport cut off": Kind(
        name="contacts.xpt", mapping=renamed, made=lambda: xpt()[:700], said=["ends early or is damaged"]),
    "Parquet cut off": Kind(name=PARQUET, made=lambda: parquet()[:-20], said=["The file ends early, is damaged"]),
    "Parquet with groups in a cell": Kind(
        name=PARQUET, made=lambda: parquet(FRAME.with_columns(pl.struct("Notes").alias("Hours"))),
        said=["lists or groups of values in one cell"], at=["column Hours"]),
    "Parquet with a number that is none": Kind(
        name=PARQUET, made=lambda: parquet(with_cell(FRAME, "Minutes", float("nan"))), rows={"contacts": 24}),
    "Parquet with an infinite number": Kind(
        name=PARQUET, made=lambda: parquet(with_cell(FRAME, "Minutes", float("inf"))), said=["infinite"],
        at=["row 4, column Minutes (minutes)"]),
    "Parquet with ids that are numbers": Kind(
        name=PARQUET, made=lambda: parquet(FRAME.with_columns(pl.col("Client ID").cast(pl.Int64))),
        said=["leading zeros"], at=["rows 2 to 25, column Client ID (enrollment_id)"]),
    "Arrow cut off": Kind(name=ARROW, made=lambda: arrow()[:-20], said=["The file ends early, is damaged"]),
    "Arrow named Parquet": Kind(name=PARQUET, made=arrow),
}  # fmt: skip
