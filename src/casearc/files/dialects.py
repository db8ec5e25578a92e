"""Programs that export ordinary files in a way of their own: what gives them away, and what they say of columns.

A dialect takes sheets that a format's reader made (a CSV file, a workbook) and gives them back with further header rows
taken off and with what the program's own definition says: labels, codes, codes for missing. It renames no column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import cast

from casearc.files.form import Form
from casearc.files.sheet import Sheet
from casearc.tables import FaultLog

Adopt = Callable[[Sheet, Mapping[str, Sheet], FaultLog], Sheet | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One program's way.

    is_data
        Whether a sheet shows by itself that this program exported it.
    companions
        Role -> whether a sheet is one that plays it (``dictionary``, ``events`` …).
    describes
        Whether companions (role -> sheet) belong to a sheet of data: the share of its columns they know, 0 to 1.
    adopt
        The sheet of data with what the companions, or the sheet itself, say of it; None after logging a fault.
    form
        A companion that defines questions, as a form; None where it defines none.
    """

    id: str
    title: str
    is_data: Callable[[Sheet], bool]
    adopt: Adopt
    companions: Mapping[str, Callable[[Sheet], bool]] = field(default_factory=dict)
    describes: Callable[[Sheet, Mapping[str, Sheet]], float] = lambda _sheet, _companions: 0.0
    form: Callable[[Sheet], Form | None] = lambda _sheet: None


FORMS_OF_FHIR: Mapping[str, str] = {"fhir-r4": "fhir", "fhir-r5": "fhir"}
"""Formats that say a version, for files that do not -> the dialect."""

_NAMES = ("qualtrics", "redcap", "xlsform", "fhir", "htcds")


@cache
def dialects() -> Mapping[str, Dialect]:
    """Every dialect by id, in the order in which they are tried; those whose library is not installed are left out."""
    found = (_dialect(name) for name in _NAMES)
    return {each.id: each for each in found if each is not None}


def _dialect(name: str) -> Dialect | None:
    try:
        return cast("Dialect", import_module(f"casearc.files.{name}.dialect").DIALECT)
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("casearc"):
            raise
        return None


def dialect_named(form: str) -> Dialect | None:
    """The dialect that a mapping's ``format`` names, a version behind it (``fhir-r5``) or not; None where none does."""
    return dialects().get(form if form in dialects() else FORMS_OF_FHIR.get(form, form))


def companion_role(sheet: Sheet) -> tuple[Dialect, str] | None:
    """The dialect and the role of a sheet that describes others; None where it is data."""
    for dialect in dialects().values():
        for role, plays in dialect.companions.items():
            if plays(sheet):
                return dialect, role
    return None


def dialect_of(sheet: Sheet) -> Dialect | None:
    """The dialect that a sheet of data shows by itself."""
    return next((each for each in dialects().values() if each.is_data(sheet)), None)
