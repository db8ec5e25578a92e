"""What a codebook tells of each table and column, whatever it looks like in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from casearc.files.described import Described
from casearc.files.exporting.counts import ColumnCounts, counts_of
from casearc.files.exporting.rows import units_of
from casearc.files.sheet import Field, Holds
from casearc.instruments import Instrument

STAYS = (
    "The files described here hold rows of single people. They did not pass the disclosure gate and stay in the house."
)
GISTS = "Labels of an instrument's items are short gists for staff, not the wording that people were asked with."


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What the codebook is of; empty where no plan was given."""

    title: str = ""
    program: str = ""

    @property
    def heading(self) -> str:
        """The codebook's title."""
        return f"Codebook: {self.title}" if self.title else "Codebook"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One column. `counts` is None unless they were asked for."""

    name: str
    field: Field
    unit: str
    numeric: bool
    counts: ColumnCounts | None

    @property
    def holds(self) -> str:
        """What its cells hold, in words."""
        return (self.field.holds or Holds.TEXT).value


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookTable:
    """One table. `rows` is None unless counts were asked for."""

    name: str
    title: str
    variables: tuple[Variable, ...]
    rows: int | None


def codebook_tables(
    tables: Sequence[Described], *, instruments: Sequence[Instrument] = (), counts: bool = False
) -> tuple[CodebookTable, ...]:
    """What a codebook tells of tables.

    Parameters
    ----------
    tables
        The tables.
    instruments
        Those whose scores are among them: they know the units.
    counts
        Also how often each column and code is filled, and what numbers average.

    Returns
    -------
    tuple of CodebookTable
        In the same order.

    Examples
    --------
    >>> codebook_tables([])
    ()
    """
    units = units_of(instruments)
    return tuple(
        CodebookTable(
            name=table.name,
            title=table.title,
            variables=tuple(
                _variable(
                    table.frame[name],
                    table.fields.get(name, Field(name=name)),
                    units.get((table.name, name), ""),
                    counts=counts,
                )
                for name in table.frame.columns
            ),
            rows=table.frame.height if counts else None,
        )
        for table in tables
    )


def _variable(cells: pl.Series, said: Field, unit: str, *, counts: bool) -> Variable:
    return Variable(
        name=cells.name,
        field=said,
        unit=unit,
        numeric=cells.dtype.is_numeric(),
        counts=counts_of(cells, said) if counts else None,
    )
