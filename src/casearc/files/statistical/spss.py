"""Write SPSS files: value labels, and codes for missing as SPSS's user-missing values."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat

from casearc.files.described import Described
from casearc.files.sheet import MissingCode
from casearc.files.statistical.names import SPSS, allowed_names
from casearc.files.statistical.variable import Variable, number_of, shortened, variable_of
from casearc.language import say

_LABEL, _VALUE_LABEL, _TITLE = 256, 120, 64
_LONGEST_TEXT, _LONGEST_CODE = 32_767, 8
_MOST_CODES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class UserMissing:
    """SPSS's declaration of codes for missing: single values, and at most one range. `left_out` are codes that do
    not fit in."""

    values: tuple[float | str, ...] = ()
    low: float | None = None
    high: float | None = None
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
    ('Column score intake is called score_intake in the file.',)
    """
    names = allowed_names(table.frame.columns, SPSS)
    variables = [variable_of(table, column, name=names[column]) for column in table.frame.columns]
    declared = {each.name: user_missing_of(each) for each in variables}
    pyreadstat.write_sav(
        pl.DataFrame([_fitting(each.values).alias(each.name) for each in variables]),
        path,
        file_label=shortened(table.title, longest=_TITLE, in_bytes=True),
        column_labels=[shortened(each.label, longest=_LABEL, in_bytes=True) for each in variables],
        variable_value_labels={each.name: labels for each in variables if (labels := _labels(each))},
        missing_ranges={name: _ranges(found) for name, found in declared.items() if _ranges(found)},
        variable_format={each.name: form for each in variables if (form := _format(each))},
        variable_measure={each.name: "nominal" if each.choices or each.is_text else "scale" for each in variables},
        row_compress=True,
    )
    return tuple(note for each in variables for note in (*each.notes, *_notes(each, declared[each.name])))


def user_missing_of(variable: Variable) -> UserMissing:
    """The declaration that holds most of a variable's codes for missing.

    Parameters
    ----------
    variable
        With its codes and its cells: a range may not take in a cell that is an answer.

    Returns
    -------
    UserMissing

    Examples
    --------
    >>> user_missing_of(variable)  # doctest: +SKIP
    UserMissing(values=(), low=-96.0, high=-91.0, left_out=())
    """
    if variable.is_text:
        codes = [each.code for each in variable.missing if len(each.code.encode()) <= _LONGEST_CODE and each.code]
        kept = tuple(codes[:_MOST_CODES])
        return UserMissing(
            values=kept, left_out=tuple(_said(each) for each in variable.missing if each.code not in kept)
        )
    if not variable.is_number:
        return UserMissing(left_out=tuple(map(_said, variable.missing)))
    return _numeric(variable)


def _numeric(variable: Variable) -> UserMissing:
    spans = [(each.low, each.high) for each in variable.missing if each.low is not None and each.high is not None]
    codes = [number for each in variable.missing if (number := number_of(each.code)) is not None]
    if not spans and len(codes) <= _MOST_CODES:
        return UserMissing(values=tuple(codes))
    if len(spans) == 1:
        low, high = spans[0]
        outside = [code for code in codes if not low <= code <= high]
        if len(outside) <= 1:
            return UserMissing(low=low, high=high, values=tuple(outside))
    codes.sort()
    splits = [(codes[:0], codes), (codes[-1:], codes[:-1]), (codes[:1], codes[1:])]
    answers = [] if spans else _answers(variable, codes)
    possible = [] if spans else [split for split in splits if not _holds_one(answers, split[1])]
    if possible:
        single, within = min(possible, key=lambda split: split[1][-1] - split[1][0] - len(split[1]))
        return UserMissing(low=within[0], high=within[-1], values=tuple(single))
    kept = tuple(codes[:_MOST_CODES])
    return UserMissing(values=kept, left_out=_others(variable, kept))


def _others(variable: Variable, kept: Sequence[float]) -> tuple[str, ...]:
    return tuple(_said(each) for each in variable.missing if number_of(each.code) not in kept)


def _answers(variable: Variable, codes: Sequence[float]) -> Sequence[float]:
    """The numbers that are no codes for missing, among cells and choices."""
    chosen = (number_of(code) for code in variable.choices)
    cells = variable.values.drop_nulls().unique().cast(pl.Float64).to_list()
    return sorted({*cells, *(each for each in chosen if each is not None)}.difference(codes))


def _holds_one(answers: Sequence[float], codes: Sequence[float]) -> bool:
    """Whether an answer lies within the range around sorted codes."""
    following = bisect_left(answers, codes[0])
    return following < len(answers) and answers[following] <= codes[-1]


def _said(code: MissingCode) -> str:
    return code.code if code.low is None else f"{code.low} to {code.high}"


def _ranges(found: UserMissing) -> list[Any]:
    span = [] if found.low is None else [{"lo": found.low, "hi": found.high}]
    return [*span, *found.values]


def _labels(variable: Variable) -> dict[Any, str]:
    """Labels of choices and names of codes for missing. Dates have none."""
    named = {**variable.choices, **{each.code: each.name for each in variable.missing if each.code and each.name}}
    if not variable.is_text and not variable.is_number:
        return {}
    told = {code: shortened(label, longest=_VALUE_LABEL, in_bytes=True) for code, label in named.items()}
    return told if variable.is_text else {number_of(code): label for code, label in told.items()}


def _fitting(values: pl.Series) -> pl.Series:
    """Text no longer than SPSS takes, in bytes."""
    if values.dtype != pl.String or not _too_long(values):
        return values
    return values.map_elements(
        lambda text: shortened(text, longest=_LONGEST_TEXT, in_bytes=True), return_dtype=pl.String
    )


def _too_long(values: pl.Series) -> int:
    return int((values.str.len_bytes() > _LONGEST_TEXT).sum()) if values.dtype == pl.String else 0


def _format(variable: Variable) -> str:
    kind = variable.values.dtype
    if kind == pl.Int64:
        widest = variable.values.cast(pl.String).str.len_bytes().max()
        return f"F{max(8, widest if isinstance(widest, int) else 0)}.0"
    return {pl.Date: "SDATE10", pl.Datetime: "DATETIME20"}.get(type(kind), "")


def _notes(variable: Variable, found: UserMissing) -> list[str]:
    named = [*variable.choices.values(), *(each.name for each in variable.missing)]
    long_labels = any(len(label.encode()) > _VALUE_LABEL for label in named)
    cut = _too_long(variable.values)
    left_out = ", ".join(found.left_out)
    notes: tuple[tuple[object, str], ...] = (
        (len(variable.label.encode()) > _LABEL, say("its label is cut to {most} bytes", most=_LABEL)),
        (long_labels, say("labels of codes are cut to {most} bytes", most=_VALUE_LABEL)),
        (
            left_out,
            say("SPSS has no room to declare these as missing, they stand as ordinary codes: {codes}", codes=left_out),
        ),
        (cut, say("{cut:,} texts are cut to {most:,} bytes", cut=cut, most=_LONGEST_TEXT)),
    )
    return [say("Column {column}: {note}.", column=variable.name, note=note) for holds, note in notes if holds]
