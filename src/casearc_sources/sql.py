"""A database read through SQLAlchemy: one transaction that only reads where the engine offers that, never kept."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl
import sqlalchemy
from sqlalchemy.engine import Connection, Result
from sqlalchemy.exc import SQLAlchemyError

from casearc.files.limits import LARGEST_FILE, MEGABYTE, few_enough_cells
from casearc.tables import FaultLog
from casearc_sources.cells import text_frame, why_no_columns
from casearc_sources.configuration import SqlSource
from casearc_sources.engines import engine_of, only_reading
from casearc_sources.errors import FetchError
from casearc_sources.statements import why_refused, without_end

_ROWS = 10_000
"""How many rows are in memory as Python's values at once."""


def fetch_sql(source: SqlSource, progress: Callable[[str], object]) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Every table and query of a source as a CSV file, all as of one moment where the engine can.

    Parameters
    ----------
    source
        Where, and what of it.
    progress
        Told what is being done.

    Returns
    -------
    tuple
        Name of a file -> its content; and notes without values.

    Raises
    ------
    FetchError
        The database cannot be reached, or something in it cannot be fetched; lists every fault.

    Examples
    --------
    >>> fetch_sql(source, print)[0].keys()  # doctest: +SKIP
    dict_keys(['clients.csv', 'contacts.csv'])
    """
    log = FaultLog()
    engine = engine_of(source)
    progress("Connecting to the database")
    files: dict[str, bytes] = {}
    problem = ""
    notes: tuple[str, ...] = ()
    try:
        with engine.connect() as plain:
            connection, notes = only_reading(plain, source)
            try:
                files = _all(connection, source, log, progress)
            finally:
                connection.rollback()
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        problem = f"The database cannot be reached, or it broke off{_code(error)}."
    finally:
        engine.dispose()
    if problem:
        log.add(problem, "Check the address, the account and its password, and whether the server is up.")
    log.raise_if_any(FetchError, f"The source {source.name} is")
    return files, notes


def _all(
    connection: Connection, source: SqlSource, log: FaultLog, progress: Callable[[str], object]
) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name, statement in _statements(connection, source, log):
        progress(f"Fetching {name}")
        point = connection.begin_nested() if connection.dialect.name == "postgresql" else None
        problem = ""
        try:
            files[name] = _csv(connection, statement, name, log)
        except (SQLAlchemyError, sqlite3.Error) as error:
            problem = f"The database refused it{_code(error)}."
        if point is not None:
            point.rollback()
        if problem:
            log.add(problem, "Try it in the database's own program; it must only read.", file=name)
    return files


def _statements(connection: Connection, source: SqlSource, log: FaultLog) -> Iterator[tuple[str, str]]:
    """Name of a file -> the statement that gives it."""
    known = sqlalchemy.inspect(connection)
    quote = connection.dialect.identifier_preparer
    for name in source.tables:
        schema, _, table = name.rpartition(".")
        own = schema or None
        if known.has_table(table, schema=own) or table in known.get_view_names(schema=own):
            place = f"{quote.quote_identifier(schema)}." if schema else ""
            yield f"{table}.csv", f"SELECT * FROM {place}{quote.quote_identifier(table)}"
        else:
            log.add(
                f"The database has no table or view {name} that this account may see.",
                "Check the name, with its schema where it has one, and the account's rights.",
            )
    for name, query in source.queries.items():
        refused = why_refused(query)
        if refused:
            log.add(refused, "Make a view of it in the database.", file=f"{name}.csv")
        else:
            yield f"{name}.csv", without_end(query)


def _csv(connection: Connection, statement: str, name: str, log: FaultLog) -> bytes:
    """The rows of a statement; b"" after logging why they cannot be written."""
    options = {"no_parameters": True, "stream_results": True, "yield_per": _ROWS}
    with connection.exec_driver_sql(statement, execution_options=options) as result:
        columns = [str(column) for column in result.keys()]  # noqa: SIM118 - a result is no dict
        wrong = list(why_no_columns(columns))
        for problem in wrong:
            log.add(problem, "Name the columns in a query (select … as …).", file=name)
        return b"" if wrong else _written(result, columns, name, log)


def _written(result: Result[Any], columns: Sequence[str], name: str, log: FaultLog) -> bytes:
    target = io.BytesIO()
    pl.DataFrame(schema=dict.fromkeys(columns, pl.String())).write_csv(target)
    count = 0
    for rows in result.partitions(_ROWS):
        count += len(rows)
        try:
            text_frame(columns, rows).write_csv(target, include_header=False)
        except TypeError as error:
            log.add("The column holds bytes.", "Leave it out with a query.", file=name, column=str(error))
            return b""
        if not few_enough_cells(rows=count, columns=len(columns), name=name, log=log):
            return b""
        if target.tell() > LARGEST_FILE:
            log.add(
                f"The file would have more than {LARGEST_FILE // MEGABYTE} MB.",
                "Fetch it in parts, or without columns that are not needed.",
                file=name,
            )
            return b""
    return target.getvalue()


def _code(error: BaseException) -> str:
    """The standard's code of what went wrong, which holds no value; the message itself could."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return f" (SQLSTATE {state})" if isinstance(state, str) and state.isalnum() else ""
