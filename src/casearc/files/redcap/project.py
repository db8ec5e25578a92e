"""A project that Casearc wrote, read back as the contract's tables."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from casearc.errors import UsageError
from casearc.files.described import REASON_CODES
from casearc.files.redcap.columns import REPEATED
from casearc.files.redcap.layout import (
    ADMINISTRATIONS,
    ENROLLMENTS,
    FORMS,
    PARTICIPANTS,
    RECORD,
    RESPONSES,
    InstrumentColumns,
    instrument_columns,
)
from casearc.files.sheet import Holds, Sheet
from casearc.language import say


def from_project(sheet: Sheet) -> dict[str, pl.DataFrame]:
    """The tables of a project that `casearc.files.redcap.write.write_project` wrote.

    Parameters
    ----------
    sheet
        The project's data, exported raw; with the dictionary adopted, truth comes back as ``true`` and ``false``.

    Returns
    -------
    dict
        Table -> its cells as text, for each table of which the project has fields. Responses are long: a row for each
        item of the administration's form, empty ones too.

    Raises
    ------
    UsageError
        The sheet is not the data of such a project.

    Examples
    --------
    >>> from_project(sheet)["contacts"].columns[0]  # doctest: +SKIP
    'contact_id'
    """
    columns = sheet.frame.columns
    if RECORD not in columns or REPEATED not in columns:
        raise UsageError(
            say(
                "The data have no columns {record} and {repeated}: Casearc did not write this project.",
                record=RECORD,
                repeated=REPEATED,
            )
        )
    frame = _with_truth(sheet)
    instruments = instrument_columns(columns)
    elsewhere = {field for each in instruments for field in (*each.of_administration, *each.items)}
    tables = {name: rows for name in FORMS if (rows := _table(frame, name, elsewhere)) is not None}
    if instruments:
        tables[ADMINISTRATIONS] = pl.concat([_administrations(frame, each) for each in instruments], how="diagonal")
        tables[RESPONSES] = pl.concat([*_no_responses(), *(_responses(frame, each) for each in instruments)])
    return tables


def _with_truth(sheet: Sheet) -> pl.DataFrame:
    names = [name for name, field in sheet.fields.items() if field.holds is Holds.YES_NO and not field.question]
    return sheet.frame.with_columns(pl.col(names).replace({"1": "true", "0": "false"})) if names else sheet.frame


def _table(frame: pl.DataFrame, name: str, elsewhere: set[str]) -> pl.DataFrame | None:
    fields = {
        field: field.removeprefix(f"{name}_")
        for field in frame.columns
        if field.startswith(f"{name}_") and field not in elsewhere and field != f"{name}_complete"
    }
    if not fields:
        return None
    rows = frame.filter(pl.col(REPEATED).is_null() if name == PARTICIPANTS else pl.col(REPEATED) == name)
    record = [RECORD] if name in (PARTICIPANTS, ENROLLMENTS) else []
    return rows.select(*record, *(pl.col(field).alias(column) for field, column in fields.items()))


def _administrations(frame: pl.DataFrame, of: InstrumentColumns) -> pl.DataFrame:
    rows = frame.filter(pl.col(REPEATED) == of.form)
    return rows.select(pl.col(field).alias(column) for field, column in of.of_administration.items())


def _no_responses() -> Iterator[pl.DataFrame]:
    yield pl.DataFrame(schema=dict.fromkeys(("administration_id", "item", "response", "missing_reason"), pl.String()))


def _responses(frame: pl.DataFrame, of: InstrumentColumns) -> pl.DataFrame:
    names = {column: field for field, column in of.of_administration.items()}
    rows = frame.filter(pl.col(REPEATED) == of.form)
    long = rows.unpivot(
        list(of.items),
        index=[names["administration_id"], names["instrument"]],
        variable_name="_field",
        value_name="_cell",
    )
    reasons = {str(code): reason for reason, code in REASON_CODES.items()}
    cell = pl.col("_cell")
    return long.select(
        pl.col(names["administration_id"]).alias("administration_id"),
        (pl.col(names["instrument"]) + "_" + pl.col("_field").replace(of.items)).alias("item"),
        pl.when(cell.is_in(list(reasons)).not_()).then(cell).alias("response"),
        cell.replace_strict(reasons, default=None, return_dtype=pl.String).alias("missing_reason"),
    )
