"""What a table of the contract is: its columns, what each means, and which rows cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import polars as pl

from casearc.language import to_say

if TYPE_CHECKING:
    from polars._typing import PolarsDataType


class Kind(StrEnum):
    """What the text in a cell is read as."""

    ID = to_say("id")  # text that tells one row from another; never a number, so leading zeros stay
    TEXT = "text"  # a word or code of the agency's own
    CODE = "code"  # one of a closed list
    CODES = "codes"  # several codes with ";" between
    INTEGER = to_say("whole number")
    NUMBER = to_say("number")
    DAY = "day"  # whole days since the enrollment's start; a date column may stand in its place
    DATE = to_say("date")  # yyyy-mm-dd

    @property
    def dtype(self) -> PolarsDataType:
        """The polars type a column of this kind has after reading."""
        if self in (Kind.INTEGER, Kind.DAY):
            return pl.Int64()
        if self is Kind.NUMBER:
            return pl.Float64()
        return pl.Date() if self is Kind.DATE else pl.String()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    required
        The column must be there and every cell of it filled.
    filled
        False lets single cells of a required column be empty.
    unique
        The id of this table: no two rows have the same.
    refers_to
        The table this id must be found in, under the same column name.
    date_column
        Name of the column that may carry dates where this one would carry days; in a row, one of the two.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = False
    filled: bool = True
    unique: bool = False
    refers_to: str | None = None
    codes: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    date_column: str | None = None

    @property
    def must_fill(self) -> bool:
        """Whether an empty cell is a fault."""
        return self.required and self.filled


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRule:
    """A combination of cells that cannot be true. `impossible` is an expression over the typed columns;
    where a cell it rests on is missing it is null, and the row passes."""

    column: str
    impossible: pl.Expr
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSchema:
    """One table: what a row is, its columns in order, the rows that cannot be.

    identity
        Columns that together must differ from row to row; () where rows may repeat.
    required
        An evaluation cannot do without it.
    """

    name: str
    row_is: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...] = ()
    required: bool = False
    rules: tuple[RowRule, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def accepted(self) -> tuple[str, ...]:
        """Column names a file may use: the columns, and the date columns that may replace day columns."""
        dates = (column.date_column for column in self.columns if column.date_column)
        return (*self.names, *dates)

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    def empty(self) -> pl.DataFrame:
        """A frame without rows that has this table's columns and types."""
        return pl.DataFrame(schema={column.name: column.kind.dtype for column in self.columns})
