"""Reading responses out of a column: numbers, numbers written as text, NaN and null; what is none of them is bad."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from casearc.scoring._coding import Coding

NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$"
DECIMAL_COMMA = r"^[+-]?[0-9]+,[0-9]+$"


@dataclass(frozen=True, slots=True)
class Reading:
    """`present`: something stands in the cell. `number`: it as a number, null where it is none."""

    present: nw.Expr
    number: nw.Expr

    def bad(self, coding: Coding) -> nw.Expr:
        """Something stands there that is no response."""
        return self.present & response(self.number, coding).is_null()


def response(number: nw.Expr, coding: Coding) -> nw.Expr:
    """The number where it is whole and within the coding, else null."""
    return nw.when(((number % 1) == 0) & (number >= coding.low) & (number <= coding.high)).then(number)


def read_column(name: str, dtype: nw.dtypes.DType) -> Reading:
    """How to read the column `name`. Text is accepted where it writes a number; an empty cell is missing."""
    if dtype.is_numeric():
        number = nw.col(name).cast(nw.Float64)
        if not dtype.is_integer():
            number = nw.when(~number.is_nan()).then(number)
        return Reading(~number.is_null(), number)
    text = text_of(name)
    present = ~nw.col(name).is_null() & (text != "")
    return Reading(present, nw.when(present & text.str.contains(NUMBER)).then(text).cast(nw.Float64))


def text_of(name: str) -> nw.Expr:
    """A column as trimmed text; empty where it is null."""
    return nw.col(name).cast(nw.String).fill_null("").str.strip_chars()


def flag(condition: nw.Expr) -> nw.Expr:
    """1 where the condition holds, 0 where it does not or is unknown."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64)
