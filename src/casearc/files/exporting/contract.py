"""The contract's tables with what the contract says of their columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from casearc.files.described import Described
from casearc.files.sheet import Field, Holds
from casearc.study import StudyPlan
from casearc.tables import TABLES, Column, Kind, Tables, TableSchema

_HOLDS: Mapping[Kind, Holds] = {
    Kind.CODE: Holds.CHOICE,
    Kind.INTEGER: Holds.INTEGER,
    Kind.DAY: Holds.INTEGER,
    Kind.NUMBER: Holds.NUMBER,
    Kind.DATE: Holds.DATE,
}
_OWN = "Named by the agency in its plan or mapping."
_NUMBERS: Mapping[bool, Holds] = {True: Holds.INTEGER, False: Holds.NUMBER}


def contract_tables(tables: Tables, *, plan: StudyPlan | None = None) -> tuple[Described, ...]:
    """The tables of the contract, those without rows left out unless the contract requires them.

    Parameters
    ----------
    tables
        What `casearc.files.read_folder` gave.
    plan
        Its covariates say what columns beyond the contract mean.

    Returns
    -------
    tuple of Described
        In the contract's order.

    Examples
    --------
    >>> from casearc.tables import Tables
    >>> [table.name for table in contract_tables(Tables.of())]
    ['participants', 'enrollments', 'administrations', 'responses']
    """
    own = {} if plan is None else {each.column: each.label for each in plan.covariates if each.label}
    return tuple(
        _described(schema, tables.table(name), own)
        for name, schema in TABLES.items()
        if schema.required or tables.table(name).height
    )


def column_field(column: Column) -> Field:
    """What the contract says of one of its columns.

    Parameters
    ----------
    column
        The column.

    Returns
    -------
    Field
        Labels of codes are the codes in words.

    Examples
    --------
    >>> from casearc.tables import TABLES
    >>> column_field(TABLES["goals"].column("status")).choices["not_met"]
    'not met'
    """
    return Field(
        name=column.name,
        label=column.meaning,
        holds=_HOLDS.get(column.kind, Holds.TEXT),
        choices={code: code.replace("_", " ") for code in column.codes},
    )


def _described(schema: TableSchema, frame: pl.DataFrame, own: Mapping[str, str]) -> Described:
    known = {column.name: column_field(column) for column in schema.columns}
    fields = {name: known.get(name) or _own_field(frame[name], own.get(name, "")) for name in frame.columns}
    return Described(name=schema.name, title=schema.row_is, frame=frame, fields=fields)


def _own_field(cells: pl.Series, label: str) -> Field:
    numeric = cells.dtype.is_numeric()
    holds = _NUMBERS[cells.dtype.is_integer()] if numeric else Holds.TEXT
    return Field(name=cells.name, label=f"{label[:1].upper()}{label[1:]}. {_OWN}" if label else _OWN, holds=holds)
