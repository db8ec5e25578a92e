"""Reading responses out of a column: numbers, numbers written as text, NaN and null; what is none of them is bad."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw

from casearc.scoring._coding import Coding

NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$"
DECIMAL_COMMA = r"^[+-]?[0-9]+,[0-9]+$"


@dataclass(frozen=True, slots=True)
class Reading:
    """Expressions over one column of responses.

    present : something stands there. number : it as a number, null where it is none.
    good : a whole number within the coding.
    """

    present: nw.Expr
    number: nw.Expr
    good: nw.Expr

    @property
    def bad(self) -> nw.Expr:
        """Something stands there that is no response."""
        return self.present & ~self.good

    def value(self) -> nw.Expr:
        """The response, null where there is none or a bad one."""
        return nw.when(self.good).then(self.number)


def read_column(name: str, dtype: nw.dtypes.DType, coding: Coding) -> Reading:
    """How to read the column `name`. Text is accepted where it writes a number; an empty cell is missing."""
    if dtype.is_numeric():
        number = nw.col(name).cast(nw.Float64)
        if not dtype.is_integer():
            number = nw.when(~number.is_nan()).then(number)
        present = ~number.is_null()
    else:
        text = text_of(name)
        present = ~nw.col(name).is_null() & (text != "")
        number = nw.when(present & text.str.contains(NUMBER)).then(text).cast(nw.Float64)
    whole = (number % 1) == 0
    within = (number >= coding.low) & (number <= coding.high)
    return Reading(present, number, ~number.is_null() & whole & within)


def text_of(name: str) -> nw.Expr:
    """A column as trimmed text; empty where it is null."""
    return nw.col(name).cast(nw.String).fill_null("").str.strip_chars()


def flag(condition: nw.Expr) -> nw.Expr:
    """1 where the condition holds, 0 where it does not or is unknown."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64)
