"""A sheet: one table of cells as a file holds it, and what the file itself says of its columns.

Every reader of a format ends here, whatever the format: cells as text, where each row stands, labels, codes and codes
for missing beside them. What a sheet *means* is a mapping's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import polars as pl
from polars import selectors

from casearc.language import say, to_say
from casearc.tables import FILE, ROW


class Holds(StrEnum):
    """What a file declares that a column holds."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "whole number"
    DATE = to_say("date")
    MOMENT = to_say("date and time")
    TIME = to_say("time of day")
    CHOICE = "one of several choices"
    CHOICES = "any of several choices"
    YES_NO = "yes or no"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingCode:
    """A code, or a range of numbers with its ends, that stands for no answer. `name` is what the file calls it."""

    code: str = ""
    low: float | None = None
    high: float | None = None
    name: str = ""

    def __contains__(self, cell: str) -> bool:
        """Whether a cell's text is this code."""
        if self.low is None or self.high is None:
            return cell == self.code
        try:
            return self.low <= float(cell) <= self.high
        except ValueError:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What a file says of one of its columns beyond the name; whatever it leaves out is empty.

    label
        The question or the variable's label.
    choices
        Code in the cells -> label, in the file's order.
    missing
        Codes that stand for no answer.
    section
        The form, group or page it belongs to.
    identifier
        The file itself marks it as telling who a person is.
    question, choice
        For a column that says whether one choice of a question with several was ticked: which of which.
    """

    name: str
    label: str = ""
    holds: Holds | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[MissingCode, ...] = ()
    section: str = ""
    identifier: bool = False
    question: str = ""
    choice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """One table of cells.

    name
        What a mapping calls it: ``visits.csv``, or ``cases.xlsx#Contacts`` for one sheet of several in a file.
    format
        Id of the format or dialect it was read as.
    frame
        The cells, all ``String``, blanks at both ends off, an empty cell null. Numbers have a decimal point, whole
        ones no decimals; dates are ``yyyy-mm-dd``, moments ``yyyy-mm-dd hh:mm:ss``, truth ``true`` and ``false``.
    places
        ``_file`` (in words: ``cases.xlsx, sheet Contacts``) and ``_row`` for each row of `frame`. Rows are counted as
        a spreadsheet program shows them: the header is row 1, and empty rows count though they are left out here.
    empty_rows
        Rows left out because nothing stands in them.
    fields
        What the file says of columns, by name; a column it says nothing of may be absent.
    notes
        What was repaired or left out on the way in, in sentences without values.
    """

    name: str
    format: str
    frame: pl.DataFrame
    places: pl.DataFrame
    empty_rows: int = 0
    fields: Mapping[str, Field] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def rows_read(self) -> int:
        """Records below the header, empty ones included."""
        return self.frame.height + self.empty_rows

    @property
    def in_words(self) -> str:
        """How a message names it."""
        return in_words(self.name)

    def field(self, column: str) -> Field:
        """What the file says of a column."""
        return self.fields.get(column, Field(name=column))

    def without_rows(self, count: int) -> Sheet:
        """The sheet without its first `count` rows (further header rows)."""
        return replace(self, frame=self.frame.slice(count), places=self.places.slice(count))


def in_words(name: str) -> str:
    """``cases.xlsx#Contacts`` as a message says it."""
    file, _, part = name.partition("#")
    return say("{file}, sheet {part}", file=file, part=part) if part else file


def places_of(name: str, rows: Sequence[int] | pl.Series) -> pl.DataFrame:
    """Places of the rows of the sheet called `name`, by their numbers."""
    numbers = pl.Series(ROW, rows, dtype=pl.Int64)
    return pl.DataFrame([pl.repeat(in_words(name), len(numbers), dtype=pl.String, eager=True).alias(FILE), numbers])


def text_cells(frame: pl.DataFrame) -> pl.DataFrame:
    """Typed columns as the text a sheet holds; a blank text becomes null."""
    number = selectors.float()
    whole = (number == number.round(0)) & (number.abs() < 9e18)
    return frame.with_columns(
        pl.when(whole)
        .then(number.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(number.fill_nan(None).cast(pl.String)),
        selectors.datetime().dt.strftime("%Y-%m-%d %H:%M:%S"),
        selectors.time().dt.to_string("%H:%M:%S"),
        selectors.date().cast(pl.String),
        (selectors.integer() | selectors.boolean() | selectors.decimal() | selectors.categorical()).cast(pl.String),
        selectors.by_dtype(pl.Null).cast(pl.String),
        selectors.string().str.strip_chars().replace("", None),
    )


def sheet_of(name: str, form: str, frame: pl.DataFrame, *, first_row: int = 2, **more: object) -> Sheet:
    """A sheet of a typed frame: cells to text, rows of blanks left out and counted, places beside them."""
    cells = text_cells(frame).with_columns(pl.int_range(first_row, first_row + pl.len(), dtype=pl.Int64).alias(ROW))
    columns = [column for column in cells.columns if column != ROW]
    filled = cells.filter(pl.any_horizontal(pl.col(columns).is_not_null())) if columns else cells
    return replace(
        Sheet(name=name, format=form, frame=filled.drop(ROW), places=places_of(name, filled[ROW])),
        empty_rows=cells.height - filled.height,
        **more,  # type: ignore[arg-type]
    )
