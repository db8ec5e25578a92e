"""From raw text frames to the contract's tables, or to a list of everything that is wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import polars as pl
from narwhals.typing import IntoDataFrame

from casearc.errors import TableError
from casearc.language import say
from casearc.tables.definitions import TABLES
from casearc.tables.extras import read_extras
from casearc.tables.faults import FaultLog
from casearc.tables.names import check_names, suggestion
from casearc.tables.report import DataReport
from casearc.tables.responses import to_long
from casearc.tables.result import Tables
from casearc.tables.rules import (
    check_identity,
    check_references,
    check_rows,
    days_from_dates,
    starts_of,
    without_places,
)
from casearc.tables.schema import TableSchema
from casearc.tables.source import FILE, ROW, SourceTable
from casearc.tables.values import read_values


def build(
    frames: Mapping[str, SourceTable | IntoDataFrame],
    *,
    extra_columns: Collection[str] = (),
    text_columns: Collection[str] = (),
    required: Collection[str] | None = None,
    log: FaultLog | None = None,
    unread: Collection[str] = (),
    hints: Mapping[str, str] | None = None,
    notes: Sequence[str] = (),
) -> Tables:
    """Read, type and check raw tables.

    Parameters
    ----------
    frames
        Raw tables by name: frames held in memory (pandas, Polars …), or SourceTables that remember the files they
        came from.
    extra_columns
        Covariates beyond the contract that participants may carry, as the study plan names them. One that holds
        nothing but numbers becomes Float64; any other stays text.
    text_columns
        Those of the extra columns that stay text even where every cell is a number (a trial number, say).
    required
        Tables that must be there and have rows; by default those the contract calls required.
    log
        Faults found before, in reading files; they are raised together with those found here.
    unread
        Tables whose file is there and could not be read, which `log` says already.
    hints
        For a table that is missing, what to do about it where that is known.
    notes
        Remarks for the data report.

    Returns
    -------
    Tables
        Typed frames, days in place of dates, responses long, and a report of the rows.

    Raises
    ------
    TableError
        With every fault of every table: file, row, column, what is wrong and what to do; never a value.

    Examples
    --------
    >>> import polars as pl
    >>> from casearc.tables import build
    >>> people = pl.DataFrame({"participant_id": ["P1"]})
    >>> stays = pl.DataFrame({"enrollment_id": ["E1"], "participant_id": ["P1"]})
    >>> build({"participants": people, "enrollments": stays}, required=()).enrollments.height
    1
    """
    log = FaultLog() if log is None else log
    sources = {
        name: given if isinstance(given, SourceTable) else SourceTable.from_frame(name, given)
        for name, given in frames.items()
    }
    must = {name for name, schema in TABLES.items() if schema.required} if required is None else set(required)
    _check_tables(sources, must - set(unread), hints or {}, log)
    extras = frozenset(extra_columns)
    typed = {
        name: frame
        for name, schema in TABLES.items()
        if name in sources and (frame := _read(schema, sources, extras, log)) is not None
    }
    typed = _with_days(typed, sources, log)
    filled = {name: frame for name, frame in typed.items() if name not in must or not frame.is_empty()}
    for name, frame in typed.items():
        check_identity(TABLES[name], frame, sources[name], log)
        check_references(TABLES[name], frame, sources[name], others=filled, log=log)
        check_rows(TABLES[name], frame, sources[name], log)
    log.raise_if_any(TableError, say("The data were"))
    return _assemble(typed, sources, as_text=frozenset(text_columns), notes=notes)


def _check_tables(frames: Mapping[str, SourceTable], must: set[str], hints: Mapping[str, str], log: FaultLog) -> None:
    for name, source in frames.items():
        if name not in TABLES:
            near = suggestion(name, TABLES)
            log.add(say("The contract has no such table."), near or say("Leave it out."), file=source.files)
    for name in TABLES:
        if name not in must:
            continue
        if name not in frames:
            log.add(
                say("The table {name} is missing.", name=name),
                hints.get(name) or say("Add a file {name}.csv, or say in mapping.toml where it is.", name=name),
            )
        elif frames[name].frame.is_empty():
            log.add(
                say("The table {name} has no rows.", name=name),
                say("Fill the file; without this table there is nothing to evaluate."),
                file=frames[name].files,
            )


def _read(
    schema: TableSchema, frames: Mapping[str, SourceTable], extras: frozenset[str], log: FaultLog
) -> pl.DataFrame | None:
    source = frames[schema.name]
    if schema.name == "responses":
        given = frames.get("administrations")
        long = to_long(schema, source, None if given is None else given.frame, log)
        return None if long is None else read_values(schema, long, source, log)
    allowed = extras | source.named if schema.name == "participants" else frozenset()
    check_names(schema, source, allowed, log)
    known = [name for name in source.frame.columns if name in schema.accepted or name in allowed]
    frame = source.placed().select(*known, FILE, ROW)
    return read_values(schema, frame, source, log)


def _with_days(
    typed: dict[str, pl.DataFrame], frames: Mapping[str, SourceTable], log: FaultLog
) -> dict[str, pl.DataFrame]:
    starts = starts_of(typed.get("enrollments"), frames.get("enrollments"))
    return {
        name: days_from_dates(TABLES[name], frame, frames[name], starts=starts, log=log)
        for name, frame in typed.items()
    }


def _assemble(
    typed: dict[str, pl.DataFrame],
    frames: Mapping[str, SourceTable],
    *,
    as_text: frozenset[str],
    notes: Sequence[str],
) -> Tables:
    said = [*notes, *(note for source in frames.values() for note in source.notes)]
    if "participants" in typed:
        people = typed["participants"]
        extras = [name for name in people.columns if name not in (*TABLES["participants"].names, FILE, ROW)]
        typed["participants"], more = read_extras(people, extras, as_text=as_text)
        said += more
    uses = [use for source in frames.values() for use in source.uses]
    lookups = dict.fromkeys(use for use in uses if use.purpose == "lookup")
    report = DataReport(
        files=(*(use for use in uses if use.purpose != "lookup"), *lookups),
        tables={name: typed[name].height if name in typed else 0 for name in TABLES},
        notes=tuple(dict.fromkeys(said)),
    )
    whole = Tables.of(**{name: without_places(frame) for name, frame in typed.items()})
    return Tables.made_of(
        {name: whole.table(name) for name in TABLES},
        report=report,
        places={name: frame.select(FILE, ROW) for name, frame in typed.items()},
    )
