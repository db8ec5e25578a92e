"""Write Stata files: value labels for whole numbers, and codes for missing as .a to .z with their names as labels.

What Stata has no place for (labels of text, the rest of a long label) goes into a note of the file, and comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import polars as pl
import pyreadstat

from casearc.files.described import Described
from casearc.files.sheet import Field
from casearc.files.statistical.names import STATA, allowed_names
from casearc.files.statistical.notes import note_of, put_notes
from casearc.files.statistical.variable import Variable, number_of, shortened, variable_of
from casearc.language import say, to_say

_VERSION = 14
"""Its files are read by every Stata since 2015, whatever the edition."""
_LABEL = _TITLE = 80
_LOWEST, _HIGHEST = -2_147_483_647, 2_147_483_620
_LONGEST_PLAIN_TEXT = 2_045
_FORMATS: Mapping[type[pl.DataType], str] = {pl.Date: "%td", pl.Datetime: "%tc"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Codes for missing by the letter that stands for each, and those that have none."""

    codes: Mapping[str, str]
    left_out: tuple[str, ...] = ()


def write(table: Described, path: Path) -> tuple[str, ...]:
    """Write a table to a path as it stands, whatever is there.

    Parameters
    ----------
    table, path
        The table, and where to write.

    Returns
    -------
    tuple of str
        What could not be carried.

    Raises
    ------
    OSError
        The file cannot be written.

    Examples
    --------
    >>> write(table, path)  # doctest: +SKIP
    ('Column mspss_1: codes for missing are letters in Stata: -91 is .a.',)
    """
    labelled = [each for each in table.frame.columns if _has_labels(table, each)]
    names = allowed_names(table.frame.columns, STATA, labelled=labelled)
    variables = [variable_of(table, column, name=names[column]) for column in table.frame.columns]
    letters = {each.name: letters_of(each) for each in variables}
    pyreadstat.write_dta(
        pl.DataFrame([_cells(each, letters[each.name]).alias(each.name) for each in variables]),
        path,
        version=_VERSION,
        file_label=shortened(table.title, longest=_TITLE, in_bytes=False),
        column_labels=[shortened(each.label, longest=_LABEL, in_bytes=False) for each in variables],
        variable_value_labels={each.name: told for each in variables if (told := _labels(each, letters[each.name]))},
        missing_user_values={name: list(found.codes) for name, found in letters.items() if found.codes},
        variable_format={each.name: form for each in variables if (form := _FORMATS.get(type(each.values.dtype)))},
    )
    notes = {each.name: note for each in variables if (note := _note(each, letters[each.name]))}
    if notes:
        put_notes(path, list(notes.values()))
    return tuple(
        said
        for each in variables
        for said in (*each.notes, *_notes(each, letters[each.name], is_noted=each.name in notes))
    )


def _has_labels(table: Described, column: str) -> bool:
    field = table.fields.get(column)
    return table.frame[column].dtype == pl.Boolean or (field is not None and bool(field.choices or field.missing))


def letters_of(variable: Variable) -> Letters:
    """A letter for each code for missing, in order.

    Parameters
    ----------
    variable
        With its codes.

    Returns
    -------
    Letters

    Examples
    --------
    >>> letters_of(variable).codes  # doctest: +SKIP
    {'a': '-91', 'b': '-92'}
    """
    if not variable.is_number:
        return Letters(codes={}, left_out=tuple(each.code or "a range" for each in variable.missing))
    codes = [each.code for each in variable.missing if each.low is None]
    ranges = ["a range"] * (len(variable.missing) - len(codes))
    given = dict(zip(ascii_lowercase, codes, strict=False))
    return Letters(codes=given, left_out=(*codes[len(given) :], *ranges))


def _cells(variable: Variable, letters: Letters) -> pl.Series:
    """Cells as the library takes them: letters among numbers, whole numbers in four bytes where they fit."""
    values = variable.values
    if values.dtype == pl.Int64 and (values.is_between(_LOWEST, _HIGHEST)).all():
        values = values.cast(pl.Int32)
    elif values.dtype == pl.Int64:
        values = values.cast(pl.Float64)
    if variable.is_text and _has_long_text(values):
        return values.fill_null("")
    if not letters.codes:
        return values
    cells = values.to_numpy().astype(object)
    cells[values.is_null().to_numpy()] = None
    for letter, code in letters.codes.items():
        cells[(values == number_of(code)).fill_null(value=False).to_numpy()] = letter
    return pl.Series(values.name, cells.tolist(), dtype=pl.Object)


def _has_long_text(values: pl.Series) -> bool:
    """Long texts are kept apart in the file, and there an empty one cannot be missing."""
    return bool((values.str.len_bytes() >= _LONGEST_PLAIN_TEXT).any())


def _labels(variable: Variable, letters: Letters) -> dict[Any, str]:
    """Labels of whole numbers, and of letters; Stata labels nothing else."""
    if not variable.is_number:
        return {}
    names = {each.code: each.name for each in variable.missing}
    told: dict[Any, str] = {letter: names[code] for letter, code in letters.codes.items() if names[code]}
    labelled = {_whole(code): label for code, label in variable.choices.items() if code not in letters.codes.values()}
    return {**{code: label for code, label in labelled.items() if code is not None}, **told}


def _whole(code: str) -> int | None:
    number = number_of(code)
    return int(number) if number is not None and number == int(number) and _LOWEST <= number <= _HIGHEST else None


def _note(variable: Variable, letters: Letters) -> str:
    """The note that tells a column of which Stata has no place for something; empty where it has for all."""
    if not (len(variable.label) > _LABEL or letters.left_out or _unlabelled(variable)):
        return ""
    shown = {code: f".{letter}" for letter, code in letters.codes.items()}
    missing = (each if each.code not in shown else replace(each, code=shown[each.code]) for each in variable.missing)
    choices = {code: label for code, label in variable.choices.items() if code not in shown}
    return note_of(Field(name=variable.name, label=variable.label, choices=choices, missing=tuple(missing)))


def _unlabelled(variable: Variable) -> list[str]:
    return [code for code in variable.choices if variable.is_text or _whole(code) is None]


_NOTED = (
    to_say("its label is cut to {most} signs; a note has all of it"),
    to_say(
        "Stata labels whole numbers only, the labels of these stand in a note of the file, from which Casearc reads "
        "them: {codes}"
    ),
    to_say("these stand as ordinary cells, not as missing, and a note says so: {codes}"),
)
_NOT_NOTED = (
    to_say("its label is cut to {most} signs"),
    to_say("Stata labels whole numbers only, the labels of these are left out: {codes}"),
    to_say("these stand as ordinary cells, not as missing: {codes}"),
)
"""Of a label that is too long, of labels that Stata has no place for, of codes that are missing elsewhere."""


def _notes(variable: Variable, letters: Letters, *, is_noted: bool) -> list[str]:
    unlabelled = ", ".join(_unlabelled(variable))
    given = ", ".join(f"{code} is .{letter}" for letter, code in letters.codes.items())
    left_out = ", ".join(letters.left_out)
    cut, labels, ordinary = _NOTED if is_noted else _NOT_NOTED
    notes: tuple[tuple[object, str], ...] = (
        (len(variable.label) > _LABEL, say(cut, most=_LABEL)),
        (unlabelled, say(labels, codes=unlabelled)),
        (given, say("codes for missing are letters in Stata: {codes}", codes=given)),
        (left_out, say(ordinary, codes=left_out)),
    )
    return [say("Column {column}: {note}.", column=variable.name, note=note) for holds, note in notes if holds]
