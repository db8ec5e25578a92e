"""One value of FHIR as the text a cell holds, and why a value is absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from casearc.files.fhir.names import ABSENT, ABSENT_CODES, FLAVORS, NULL_FLAVOR
from casearc.files.sheet import Holds

HOLDS: Mapping[str, Holds] = MappingProxyType(
    {
        "Boolean": Holds.YES_NO,
        "Decimal": Holds.NUMBER,
        "Quantity": Holds.NUMBER,
        "Integer": Holds.INTEGER,
        "Date": Holds.DATE,
        "DateTime": Holds.MOMENT,
        "Time": Holds.TIME,
        "Coding": Holds.CHOICE,
    }
)
"""What a column holds whose answers have one type; other types are text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """An answer as a cell's text.

    kind
        The type's name as the element has it: ``Integer`` of ``valueInteger``.
    text
        None where the answer holds nothing a cell can.
    display
        What the file shows for a code.
    absent
        HL7's code for why there is none.
    """

    kind: str = ""
    text: str | None = None
    display: str = ""
    absent: str = ""
    unit: str = ""


def value_of(element: Mapping[str, Any], *, prefix: str = "value") -> Value:
    """The value of an answer, an option or a condition: the element named `prefix` and its type."""
    reason = absent_code(element)
    for name, content in element.items():
        if name.startswith(f"_{prefix}"):
            reason = reason or absent_code(content)
        elif name.startswith(prefix) and name != prefix:
            kind = name.removeprefix(prefix)
            found = _READERS[kind](content) if kind in _READERS else Value(text=None)
            return Value(kind=kind, text=found.text, display=found.display, absent=found.absent, unit=found.unit)
    return Value(absent=reason)


def absent_code(element: object) -> str:
    """HL7's code for why a value is absent, from an element's extensions; empty where none is given."""
    for extension in extensions(element):
        if extension.get("url") == ABSENT:
            return str(extension.get("valueCode") or "unknown")
        if extension.get("url") == NULL_FLAVOR:
            return FLAVORS.get(str(extension.get("valueCode")), "unknown")
    return ""


def extensions(element: object, url: str = "") -> Iterator[dict[str, Any]]:
    """The extensions of an element, or those of one address."""
    listed = element.get("extension") if isinstance(element, dict) else None
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict) and (not url or each.get("url") == url):
            yield each


def number_text(number: object) -> str:
    """A number as a cell has it: all its digits, a decimal point, whole ones without decimals."""
    if isinstance(number, Decimal):
        plain = format(number, "f")
        plain = plain.rstrip("0").removesuffix(".") if "." in plain else plain
        return "0" if plain == "-0" else plain
    return str(number)


def moment_text(moment: object) -> str:
    """A dateTime as a cell has it: the day and the time written, without its offset from UTC; a day alone stays one."""
    day, parted, time = str(moment).partition("T")
    return f"{day} {time[:8]}" if parted else day


def in_utc(moment: object) -> bool:
    """Whether a dateTime is told in UTC, so that its day may not be the day it was where it was given."""
    text = str(moment)
    return "T" in text and text.endswith(("Z", "+00:00", "-00:00"))


def _plain(content: object) -> Value:
    text = str(content).strip()
    return Value(text=text or None)


def _truth(content: object) -> Value:
    return Value(text=str(content).lower())


def _number(content: object) -> Value:
    return Value(text=number_text(content))


def _moment(content: object) -> Value:
    return Value(text=moment_text(content))


def _coding(content: object) -> Value:
    if not isinstance(content, dict):
        return Value()
    code, display = content.get("code"), content.get("display")
    if content.get("system") in ABSENT_CODES and code:
        return Value(absent=str(code))
    shown = str(display).strip() if display else ""
    if code is None:
        return Value(text=shown or None, absent=absent_code(content))
    return Value(text=str(code).strip() or None, display=shown)


def _quantity(content: object) -> Value:
    """The number alone; a quantity that is only a bound keeps its sign, so that it is not taken for a number."""
    if not isinstance(content, dict) or content.get("value") is None:
        return Value(absent=absent_code(content))
    unit = content.get("code") or content.get("unit") or ""
    return Value(text=str(content.get("comparator") or "") + number_text(content["value"]), unit=str(unit))


def _reference(content: object) -> Value:
    address = content.get("reference") if isinstance(content, dict) else None
    return Value(text=address.strip() or None if isinstance(address, str) else None)


_READERS = {
    "Boolean": _truth,
    "Decimal": _number,
    "Integer": _number,
    "Quantity": _quantity,
    "Date": _plain,
    "DateTime": _moment,
    "Time": _plain,
    "String": _plain,
    "Uri": _plain,
    "Coding": _coding,
    "Reference": _reference,
}
"""Attachments are missing here on purpose: what is in them does not go into a cell."""
