"""What SPSS, Stata and SAS files say of a column: label, choices, codes for missing, and what it holds."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from casearc.files.sheet import Field, Holds, MissingCode
from casearc.files.statistical.cells import Column, text_of

_WIDEST_SPAN = 100
"""A range of codes for missing with a label for every whole number in it is told as those codes, up to so many."""
_WHOLE = re.compile(r"(?:F|N|COMMA|DOT)\d+(?:\.0)?|%-?0?\d+\.0fc?")
"""Formats that show no decimals."""


def field_of(column: Column, *, tags: Sequence[str], meta: Any, noted: Field | None = None) -> Field:
    """What a file says of one column.

    Parameters
    ----------
    column
        Its cells.
    tags
        Letters that stand for missing in its cells (Stata and SAS).
    meta
        The library's object.
    noted
        What a note of the file tells of the column in place of its labels, where there is one.

    Returns
    -------
    Field
        Labelled codes for missing stand in `missing` under their label, and not in `choices`.

    Examples
    --------
    >>> field_of(column, tags=(), meta=meta).choices  # doctest: +SKIP
    {'1': 'boy', '2': 'girl'}
    """
    name = column.text.name
    stored = meta.readstat_variable_types[name]
    labels = _labels(meta.variable_value_labels.get(name, {}), stored)
    spans = meta.missing_ranges.get(name, [])
    missing = (*_tagged(labels, tags, stored), *_ranged(labels, spans, column.text))
    codes = {each.code for each in missing if each.low is None}
    choices: Mapping[str, str] = {code: label for code, label in labels.items() if code not in codes}
    label = (meta.column_names_to_labels.get(name) or "").strip()
    if noted is not None:
        label, choices, missing = noted.label, noted.choices, noted.missing
    return Field(
        name=name,
        label=label,
        choices=choices,
        missing=missing,
        holds=_holds(column, choices=choices, missing=missing, meta=meta),
    )


def _labels(labels: Mapping[Any, str], stored: str) -> dict[str, str]:
    """Code as a cell has it -> label. A letter that labels a number is a code for missing and gets its point."""
    numeric = stored != "string"
    numbers = [key for key in labels if not isinstance(key, str)]
    texts = dict(zip(numbers, text_of(pl.Series(numbers, dtype=pl.Float64)).to_list(), strict=True))
    named = ((f".{key}" if numeric else key.strip()) if isinstance(key, str) else texts[key] for key in labels)
    return {code: label.strip() for code, label in zip(named, labels.values(), strict=True) if code}


def _tagged(labels: Mapping[str, str], tags: Sequence[str], stored: str) -> tuple[MissingCode, ...]:
    if stored == "string":
        return ()
    codes = {f".{tag}" for tag in tags} | {code for code in labels if re.fullmatch(r"\.[A-Za-z_]", code)}
    return tuple(MissingCode(code=code, name=labels.get(code, "")) for code in sorted(codes))


def _ranged(labels: Mapping[str, str], spans: Sequence[Mapping[str, Any]], cells: pl.Series) -> list[MissingCode]:
    """SPSS's single codes and ranges; a code within a range that has a label is told apart."""
    found: list[MissingCode] = []
    for span in spans:
        low, high = span["lo"], span["hi"]
        if low == high:
            code = low.strip() if isinstance(low, str) else text_of(pl.Series([low], dtype=pl.Float64)).item()
            found.append(MissingCode(code=code, name=labels.get(code, "")))
            continue
        whole = MissingCode(low=low, high=high)
        within = [code for code in labels if code in whole]
        found += [MissingCode(code=code, name=labels[code]) for code in within]
        if not _all_named(whole, within, cells):
            found.append(whole)
    return found


def _all_named(span: MissingCode, codes: Sequence[str], cells: pl.Series) -> bool:
    """Whether the codes say all that the range says: every whole number in it, and no other stands in a cell."""
    low, high = span.low or 0.0, span.high or 0.0
    if not (math.isfinite(low) and math.isfinite(high) and high - low <= _WIDEST_SPAN):
        return False
    if not {str(code) for code in range(math.ceil(low), math.floor(high) + 1)} <= set(codes):
        return False
    within = cells.cast(pl.Float64, strict=False).is_between(low, high)
    return bool((~within | cells.is_in(list(codes))).all())


def _holds(column: Column, *, choices: Mapping[str, str], missing: Sequence[MissingCode], meta: Any) -> Holds:
    """Choices where labels cover every cell that is no code for missing; otherwise what the format says."""
    name = column.text.name
    if choices and _covers(column.text, choices, missing):
        return Holds.CHOICE
    stored, form = meta.readstat_variable_types[name], meta.original_variable_types[name] or ""
    if stored == "string":
        return Holds.TEXT
    if column.calendar is not None:
        return column.calendar.holds
    shows_whole = stored.startswith("int") or _WHOLE.fullmatch(form)
    return Holds.INTEGER if shows_whole and column.whole else Holds.NUMBER


def _covers(cells: pl.Series, choices: Mapping[str, str], missing: Sequence[MissingCode]) -> bool:
    codes = [*choices, *(each.code for each in missing if each.low is None)]
    other = cells.drop_nulls().filter(~cells.drop_nulls().is_in(codes)).unique()
    numbers = other.cast(pl.Float64, strict=False)
    spans = [each for each in missing if each.low is not None and each.high is not None]
    in_span = pl.any_horizontal(pl.lit(False), *(pl.lit(numbers).is_between(each.low, each.high) for each in spans))
    return len(other) == 0 or bool(spans and pl.select(in_span.all()).item() and numbers.null_count() == 0)
