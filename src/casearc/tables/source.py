"""Raw tables on their way in: all text, with the place every row came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import polars as pl
from narwhals.typing import IntoDataFrame
from polars import selectors

from casearc.tables.fates import no_fates
from casearc.tables.report import FileUse

FILE = "_file"
ROW = "_row"


def nothing_unfound() -> pl.DataFrame:
    """The frame of no cell."""
    return pl.DataFrame(schema={FILE: pl.String, ROW: pl.Int64, **dict.fromkeys(("column", "other", "by"), pl.String)})


def as_text(frame: IntoDataFrame) -> pl.DataFrame:
    """Any dataframe as Polars text, as if it had been read from a CSV file: NaN is an empty cell, a date ISO."""
    if isinstance(frame, pl.DataFrame):
        held = frame
    else:
        given = nw.from_native(frame, eager_only=True)
        held = pl.DataFrame({name: _column(given[name]) for name in given.columns})
    return held.with_columns(
        selectors.float().fill_nan(None).cast(pl.String),
        selectors.datetime().dt.date().cast(pl.String),
        (~(selectors.float() | selectors.datetime())).cast(pl.String),
    )


def _column(series: nw.Series[Any]) -> pl.Series:
    """A column of any dataframe; what that library calls missing (NaN among texts, say) is null."""
    missing = pl.Series(series.is_null().to_numpy())
    return pl.Series(series.to_list(), strict=False).set(missing, None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SourceTable:
    """A table as it came: every cell text or null.

    Parameters
    ----------
    name
        Which table of the contract it is meant to be.
    frame
        The cells, one line a row, all ``String``.
    places
        Two columns, ``_file`` and ``_row``, one line for each row of `frame`: where it stands. Rows are counted
        as a spreadsheet program shows them, the header being row 1.
    uses
        What each file gave, for the data report.
    labels
        For each file, what its columns are called there where the mapping renamed them:
        ``{"visit.csv": {"day": "when"}}``.
    named
        Columns beyond the contract that the mapping names; allowed in participants.
    notes
        Remarks for the data report.
    fates
        Rows that were set aside or changed on the way, and why (`casearc.tables.fates`).
    unfound
        Cells that are empty because another file has no row for them: ``_file``, ``_row``, the ``column`` of the
        table, the other file and the column ``by`` which it was looked through.
    totals
        What the file itself says scores are, one line for each row of `frame`; columns ``<score>:sum`` or
        ``<score>:mean``.
    """

    name: str
    frame: pl.DataFrame
    places: pl.DataFrame
    uses: tuple[FileUse, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    fates: pl.DataFrame = field(default_factory=no_fates)
    totals: pl.DataFrame = field(default_factory=pl.DataFrame)
    unfound: pl.DataFrame = field(default_factory=nothing_unfound)

    @classmethod
    def from_frame(cls, name: str, frame: IntoDataFrame, *, file: str | None = None) -> SourceTable:
        """Wrap a frame held in memory; rows count from 2, as if a header stood above them."""
        file = file or f"{name}.csv"
        text = as_text(frame)
        places = pl.DataFrame({FILE: pl.repeat(file, text.height, dtype=pl.String, eager=True)}).with_columns(
            pl.int_range(2, text.height + 2, dtype=pl.Int64, eager=True).alias(ROW)
        )
        use = FileUse(file=file, purpose=name, rows_read=text.height, rows_kept=text.height)
        return cls(name=name, frame=text, places=places, uses=(use,))

    @property
    def files(self) -> str:
        """The files it came from, for a fault that has no row."""
        named = dict.fromkeys(use.file for use in self.uses)
        return ", ".join(named) or f"{self.name}.csv"

    def label(self, file: str | None, column: str) -> str:
        """What to call a column in a message about that file: its name there, then the contract's."""
        original = self.labels.get(file or "", {}).get(column)
        return column if original is None or original == column else f"{original} ({column})"

    def placed(self) -> pl.DataFrame:
        """The cells with their places beside them."""
        return self.frame.hstack(self.places)
