"""A field as plain values that JSON can hold, and back: for a file's own metadata and between processes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casearc.files.sheet import Field, Holds, MissingCode


def told(field: Field) -> dict[str, Any]:
    """A field as plain values.

    Parameters
    ----------
    field
        What is said of a column.

    Returns
    -------
    dict
        With strings, truth values, numbers, lists and dicts only.

    Examples
    --------
    >>> told(Field(name="age", label="Age"))["label"]
    'Age'
    """
    return {
        "name": field.name,
        "label": field.label,
        "holds": field.holds.name if field.holds else None,
        "choices": dict(field.choices),
        "missing": [
            {"code": each.code, "low": each.low, "high": each.high, "name": each.name} for each in field.missing
        ],
        "section": field.section,
        "identifier": field.identifier,
        "question": field.question,
        "choice": field.choice,
    }


def understood(values: Mapping[str, Any]) -> Field:
    """The field that plain values tell.

    Parameters
    ----------
    values
        What `told` gave.

    Returns
    -------
    Field

    Raises
    ------
    AttributeError, KeyError, TypeError, ValueError
        The values are others.

    Examples
    --------
    >>> understood(told(Field(name="age"))).name
    'age'
    """
    return Field(
        name=str(values["name"]),
        label=str(values["label"]),
        holds=None if values["holds"] is None else Holds[values["holds"]],
        choices={str(code): str(label) for code, label in values["choices"].items()},
        missing=tuple(_missing(each) for each in values["missing"]),
        section=str(values["section"]),
        identifier=bool(values["identifier"]),
        question=str(values["question"]),
        choice=str(values["choice"]),
    )


def _missing(values: Mapping[str, Any]) -> MissingCode:
    low, high = (None if values[end] is None else float(values[end]) for end in ("low", "high"))
    return MissingCode(code=str(values["code"]), low=low, high=high, name=str(values["name"]))
