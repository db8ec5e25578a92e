"""What every result of an estimator can do: print itself, become a frame with conventional names, become JSON.

A result is a frozen dataclass that inherits from `Result`. Names inside follow the house (`low`, `p`,
`standard_errors`); names in a frame follow R's broom, with underscores for dots (`conf_low`, `p_value`, `std_error`),
so that whoever knows one package's tables knows ours. Nothing is rounded in a frame or in JSON; a printed result shows
five digits.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

import numpy as np

if TYPE_CHECKING:
    import polars as pl

BROOM: Mapping[str, str] = {
    "coefficients": "estimate",
    "standard_errors": "std_error",
    "se": "std_error",
    "t": "statistic",
    "z": "statistic",
    "f": "statistic",
    "v": "statistic",
    "chi2": "statistic",
    "p": "p_value",
    "low": "conf_low",
    "high": "conf_high",
    "level": "conf_level",
    "n": "nobs",
}
"""Names of the house and what broom calls them."""

Row = dict[str, object]


class Result:
    """Base of all results; a subclass with one row a term overrides `rows`."""

    __slots__ = ()

    broom: ClassVar[Mapping[str, str]] = BROOM

    def rows(self) -> list[Row]:
        """One dictionary a row of the frame; by default a single row with every plain field."""
        row: Row = {}
        for field in fields(self):  # type: ignore[arg-type]  # subclasses are dataclasses
            value = getattr(self, field.name)
            if value is None or isinstance(value, str | int | float | np.number):
                row[self.broom.get(field.name, field.name)] = _plain(value)
        return [row]

    def to_frame(self) -> pl.DataFrame:
        """The rows as a Polars frame, columns named as R's broom names them (underscores for dots)."""
        import polars as pl  # noqa: PLC0415 - half the start-up of a program that only wants a number

        return pl.DataFrame(self.rows(), infer_schema_length=None)

    def to_dict(self) -> dict[str, object]:
        """Everything in the result as numbers, texts, lists and dictionaries, with its type under ``result``."""
        values = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}  # type: ignore[arg-type]
        return {"result": type(self).__name__, **values}

    def to_json(self) -> str:
        """`to_dict` as JSON text; numbers keep all their digits."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False)

    def __str__(self) -> str:
        rows = self.rows()
        notes: Sequence[str] = getattr(self, "notes", ())
        body = _down(rows[0]) if len(rows) == 1 else _across(rows)
        return "\n".join([_title(type(self)), *body, *(f"Note: {note}" for note in notes)])


def per_term(terms: Sequence[str], columns: Mapping[str, Sequence[object] | np.ndarray]) -> list[Row]:
    """Rows of a frame with one row a term: the column `term` and then `columns` in their order."""
    return [
        {"term": term, **{name: _plain(values[i]) for name, values in columns.items()}} for i, term in enumerate(terms)
    ]


def _plain(value: object) -> object:
    """As JSON holds it; an open limit (infinite) is None."""
    match value:
        case Result():
            plain: object = value.to_dict()
        case Enum():
            plain = value.value
        case np.ndarray() | tuple() | list() | frozenset() | set():
            plain = [_plain(each) for each in value]
        case np.generic():
            plain = _plain(value.item())
        case float():
            plain = value if math.isfinite(value) else None
        case Mapping():
            plain = {str(key): _plain(each) for key, each in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            plain = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            plain = value
    return plain


def _title(kind: type) -> str:
    return (kind.__doc__ or kind.__name__).strip().splitlines()[0].split(". ")[0].rstrip(".")


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.5g}"
    return "" if value is None else str(value)


def _down(row: Row) -> list[str]:
    width = max(map(len, row), default=0)
    return [f"  {name:<{width}}  {_shown(value)}" for name, value in row.items()]


def _across(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    names = list(rows[0])
    cells = [names, *([_shown(row.get(name)) for name in names] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(names))]
    return ["  " + "  ".join(cell.rjust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in cells]
