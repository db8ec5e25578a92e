"""What a cell that cannot be read looks like, so that the message can say what to do.

Each kind of column has a list of patterns tried in order. A pattern never appears in a message with the value
it matched; only the words beside it do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from casearc.language import to_say
from casearc.tables.schema import Kind


@dataclass(frozen=True, slots=True)
class Look:
    """What a bad cell looks like (a pattern), what that is called, and what to do."""

    pattern: str
    problem: str
    remedy: str


_BLANK_WORD = Look(
    r"(?i)^(n/?a|nan|null|none|nil|missing|unknown|refused|declined|\.+|-+|\?+|#n/a|#null!)$",
    to_say("A word or sign for missing stands where a {kind} belongs."),
    to_say("Leave the cell empty."),
)
_SPREADSHEET_ERROR = Look(
    r"^#(VALUE|REF|DIV/0|NAME|NUM|SPILL)[!?]?",
    to_say("A spreadsheet error stands in the cell."),
    to_say("Mend the formula in the spreadsheet and export again."),
)
_DATE_WORDS = r"(?i)^(\d{1,2}[ ./-]?[a-z]{3,9}[ ./,-]*\d{2,4}|[a-z]{3,9}[ ./-]*\d{1,2}[ ,./-]+\d{2,4})$"

_NUMBER = (
    _BLANK_WORD,
    _SPREADSHEET_ERROR,
    Look(
        r"^[+-]?\d{1,3}(,\d{3})+\.\d+$",
        to_say("The number has a comma between thousands."),
        to_say("Write it without: digits and one decimal point."),
    ),
    Look(
        r"^[+-]?\d*,\d+$",
        to_say("The number has a comma in it (a decimal comma, or one between thousands)."),
        to_say("Write decimals with a point and thousands without a sign."),
    ),
    Look(
        r"^\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}",
        to_say("A date stands where a {kind} belongs."),
        to_say("Dates have a column of their own."),
    ),
    Look(_DATE_WORDS, to_say("A date stands where a {kind} belongs."), to_say("Dates have a column of their own.")),
    Look(
        r"^\d+:\d{2}(:\d{2})?$",
        to_say("A clock time or duration stands where a {kind} belongs."),
        to_say("Write a plain number in the column's unit."),
    ),
    Look(
        r"^[+-]?[\d.]+ ?[A-Za-z%$]+\.?$",
        to_say("The number has a word or unit behind it."),
        to_say("Write the number alone."),
    ),
    Look(r"^[<>≤≥~=] ?[\d.]+$", to_say("The number has a sign before it."), to_say("Write the number alone.")),
    Look(r"(?i)^[+-]?(inf|infinity)$", to_say("The number is infinite."), to_say("Leave the cell empty.")),
    Look(r"(?s).*", to_say("Text stands where a {kind} belongs."), to_say("Write a number or leave the cell empty.")),
)

_INTEGER = (
    Look(
        r"^[+-]?\d*\.\d+$",
        to_say("The number has decimals, and this column takes whole numbers."),
        to_say("Write a whole number."),
    ),
    *_NUMBER,
)

_DAY_DATE = to_say("A date stands where a number of days belongs.")
_DAY_REMEDY = to_say("Put dates (yyyy-mm-dd) in the column {date_column} instead.")
_DAY = tuple(
    Look(look.pattern, _DAY_DATE, _DAY_REMEDY) if look.problem.startswith("A date") else look for look in _INTEGER
)

_ISO = to_say("Write dates as yyyy-mm-dd.")
_DATE = (
    _BLANK_WORD,
    _SPREADSHEET_ERROR,
    Look(
        r"^\d{4}-(1[3-9]|2\d|3[01])-(0[1-9]|1[0-2])$",
        to_say("The month is above 12: month and day look swapped."),
        to_say("Write dates as yyyy-mm-dd, the month before the day; check the file's other dates too."),
    ),
    Look(r"^\d{4}-\d{2}-\d{2}$", to_say("There is no such day in the calendar."), to_say("Correct the date.")),
    Look(
        r"^\d{4}-\d{2}-\d{2}[T ]\d{1,2}:\d{2}",
        to_say("A time of day stands behind the date."),
        to_say("Write the date alone, as yyyy-mm-dd."),
    ),
    Look(
        r"^[1-9]\d{4}(\.\d+)?$",
        to_say("The date is a spreadsheet's serial number."),
        to_say("Format the column as a date (yyyy-mm-dd) in the spreadsheet and export again."),
    ),
    Look(r"^(19|20)\d{6}$", to_say("The date has no hyphens."), _ISO),
    Look(
        r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{2}$",
        to_say("The date has a two-digit year, and its order is unclear."),
        to_say("Write dates as yyyy-mm-dd, with all four digits of the year."),
    ),
    Look(
        r"^(1[3-9]|2\d|3[01])[/.-]\d{1,2}[/.-]\d{4}$",
        to_say("The date looks like day, month, year."),
        _ISO,
    ),
    Look(
        r"^\d{1,2}[/.-](1[3-9]|2\d|3[01])[/.-]\d{4}$",
        to_say("The date looks like month, day, year."),
        _ISO,
    ),
    Look(
        r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}",
        to_say("The date may be day, month, year or month, day, year: nobody can tell."),
        to_say("Write dates as yyyy-mm-dd."),
    ),
    Look(r"^\d{4}[/.-]\d{1,2}[/.-]\d{1,2}$", to_say("The date is not written as yyyy-mm-dd."), _ISO),
    Look(r"^\d{4}(-\d{1,2})?$", to_say("The date has no day."), to_say("Write the whole date, as yyyy-mm-dd.")),
    Look(_DATE_WORDS, to_say("The date has its month in words."), _ISO),
    Look(r"(?s).*", to_say("Text stands where a date belongs."), to_say("Write a date as yyyy-mm-dd.")),
)

_ID = (
    Look(
        r"[\x00-\x1f\x{ad}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{2069}\x{feff}]",
        to_say(
            "The id holds a sign that cannot be seen (a tab, one of no width, one that turns the direction of writing)."
        ),
        to_say("Type the id anew, or clean the column in the spreadsheet program (CLEAN, TRIM)."),
    ),
    Look(
        r"^[+-]?\d(\.\d+)?[eE]\+?\d+$",
        to_say(
            "The id is in scientific notation, as spreadsheets write long numbers; different ids may have become one."
        ),
        to_say("Export again with the column formatted as text."),
    ),
    Look(
        r"^\S+@\S+\.\S+$",
        to_say("The id looks like an email address."),
        to_say("Replace it by a pseudonym everywhere."),
    ),
    Look(
        r"^\d{3}-\d{2}-\d{4}$",
        to_say("The id looks like a social security number."),
        to_say("Replace it by a pseudonym everywhere."),
    ),
    Look(
        r"^(\+?1[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}$",
        to_say("The id looks like a phone number."),
        to_say("Replace it by a pseudonym everywhere."),
    ),
    Look(
        r"^(\p{Lu}\p{Ll}+,? \p{Lu}\p{Ll}+|\p{Lu}\p{Ll}+, ?\p{Lu}\p{Ll}+)$",
        to_say("The id looks like a person's name."),
        to_say("Replace it by a pseudonym everywhere."),
    ),
)

LOOKS: dict[Kind, tuple[Look, ...]] = {
    Kind.NUMBER: _NUMBER,
    Kind.INTEGER: _INTEGER,
    Kind.DAY: _DAY,
    Kind.DATE: _DATE,
    Kind.ID: _ID,
}


def diagnose(looks: Sequence[Look], cell: str) -> pl.Expr:
    """Index of the first look that a text cell has, or null where it has none."""
    expression = pl.lit(None, dtype=pl.Int32)
    for index in range(len(looks) - 1, -1, -1):
        matches = pl.col(cell).str.contains(looks[index].pattern)
        expression = pl.when(matches).then(pl.lit(index, dtype=pl.Int32)).otherwise(expression)
    return expression
