"""A column on its way into an SPSS or Stata file: one of the types that both know, with labels for its codes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from casearc.files.described import Described
from casearc.files.sheet import Field, MissingCode
from casearc.files.statistical.cells import text_of
from casearc.language import say

_LARGEST_EXACT = 10**15 - 1
"""Both programs keep numbers as floats of eight bytes; those hold every whole number of 15 digits."""
_LARGEST = 8e307
"""Above, Stata's numbers stand for missing."""
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,14}")
"""Whole numbers, which nearly all codes are, as a cell writes them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Variable:
    """One column.

    name
        In the file.
    values
        String, Int64, Float64, Date or Datetime.
    choices
        Code -> label; codes of a column of numbers are numbers.
    missing
        Codes for missing that its type can hold.
    notes
        What could not be carried, in sentences.
    """

    name: str
    label: str
    values: pl.Series
    choices: Mapping[str, str]
    missing: tuple[MissingCode, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether it holds text."""
        return self.values.dtype == pl.String

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers that are no dates."""
        return self.values.dtype.is_numeric()

    def noting(self, *notes: str) -> Variable:
        """The same with further notes."""
        return replace(self, notes=(*self.notes, *notes))


def number_of(code: str) -> float | None:
    """The number that a code is; None where a number would be written otherwise (``01``) or it is none.

    Parameters
    ----------
    code
        As it stands in a cell.

    Returns
    -------
    float or None

    Examples
    --------
    >>> number_of("-91"), number_of("01"), number_of("yes")
    (-91.0, None, None)
    """
    if _WHOLE.fullmatch(code):
        return float(code)
    try:
        number = float(code)
    except ValueError:
        return None
    return number if abs(number) < _LARGEST and text_of(pl.Series([number])).item() == code else None


def variable_of(table: Described, column: str, *, name: str) -> Variable:
    """A column of a table as both programs can hold it.

    Parameters
    ----------
    table, column
        The table and one of its columns.
    name
        What the column is called in the file.

    Returns
    -------
    Variable

    Examples
    --------
    >>> variable_of(table, "age", name="age").values.dtype  # doctest: +SKIP
    Int64
    """
    field = table.fields.get(column, Field(name=column))
    values, notes = _typed(table.frame[column], field)
    choices = dict(field.choices)
    if table.frame[column].dtype == pl.Boolean:
        choices = choices or {"0": "no", "1": "yes"}
    renamed = [say("Column {column} is called {name} in the file.", column=column, name=name)] if name != column else []
    whole = Variable(
        name=name,
        label=field.label or (column if renamed else ""),
        values=values,
        choices=choices,
        missing=field.missing,
        notes=(*renamed, *notes),
    )
    return whole if whole.is_text else _with_numeric_codes(whole)


def _typed(values: pl.Series, field: Field) -> tuple[pl.Series, list[str]]:
    kind = values.dtype
    if kind == pl.Boolean:
        return values.cast(pl.Int64), [say("Column {name}: 1 stands for true, 0 for false.", name=values.name)]
    if kind.is_float():
        return _finite(values.cast(pl.Float64))
    if kind.is_integer():
        return _exact(values)
    if isinstance(kind, (pl.Date, pl.Datetime)):
        return values, []
    return _text(values.cast(pl.String), field)


def _finite(values: pl.Series) -> tuple[pl.Series, list[str]]:
    values = values.fill_nan(None)
    finite = pl.select(pl.when(values.abs() < _LARGEST).then(values).alias(values.name)).to_series()
    lost = finite.null_count() - values.null_count()
    return finite, [
        say("Column {name}: {lost:,} infinite numbers are left empty.", name=values.name, lost=lost)
    ] if lost else []


def _exact(values: pl.Series) -> tuple[pl.Series, list[str]]:
    if (values.cast(pl.Int128).abs() <= _LARGEST_EXACT).all():
        return values.cast(pl.Int64), []
    return values.cast(pl.String), [
        say(
            "Column {name} is text in the file: some of its whole numbers are so large that they would be rounded.",
            name=values.name,
        )
    ]


def _text(values: pl.Series, field: Field) -> tuple[pl.Series, list[str]]:
    """Codes that are numbers become numbers, so that their labels work in every program."""
    clean = values.str.replace_all("\0", "", literal=True)
    notes = []
    if not clean.equals(values, null_equal=True):
        notes = [say("Column {name}: NUL signs within text are left out.", name=values.name)]
    if field.choices and all(number_of(code) is not None for code in field.choices):
        numbers = clean.str.strip_chars().replace("", None).cast(pl.Float64, strict=False)
        if text_of(numbers).equals(text_of(clean), null_equal=True):
            whole = bool((numbers == numbers.round(0)).all())
            return (numbers.cast(pl.Int64) if whole and _is_exact(numbers) else numbers), notes
    return clean, notes


def _is_exact(numbers: pl.Series) -> bool:
    return bool((numbers.abs() <= _LARGEST_EXACT).all())


def _with_numeric_codes(variable: Variable) -> Variable:
    """Without what labels or marks text among numbers."""
    choices = {code: label for code, label in variable.choices.items() if number_of(code) is not None}
    missing = tuple(each for each in variable.missing if each.low is not None or number_of(each.code) is not None)
    lost: Sequence[str] = [
        *(code for code in variable.choices if code not in choices),
        *(each.code for each in variable.missing if each not in missing),
    ]
    changed = replace(variable, choices=choices, missing=missing)
    if not lost:
        return changed
    return changed.noting(
        say(
            "Column {name} holds numbers, and so cannot hold the codes {lost}.",
            name=variable.name,
            lost=", ".join(lost),
        )
    )


def shortened(text: str, *, longest: int, in_bytes: bool) -> str:
    """The beginning of a text that a format has room for.

    Parameters
    ----------
    text
        Any text.
    longest
        How many bytes of UTF-8, or how many signs.
    in_bytes
        Which of the two.

    Returns
    -------
    str

    Examples
    --------
    >>> shortened("señal", longest=3, in_bytes=True)
    'se'
    """
    if in_bytes:
        return text.encode()[:longest].decode(errors="ignore")
    return text[:longest]
