"""How the contract's tables stand in a REDCap project: a form each, and a form an instrument.

The record is the participant. `participants` is a form that does not repeat; `enrollments`, `contacts`, `services`,
`goals`, `needs` and the form of each instrument repeat. A field is called after its table, ``contacts_minutes``; an
instrument's form and fields after the instrument and its variant, ``mspss_day``, ``mspss_1``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from casearc.files.redcap.columns import named
from casearc.tables import TABLES

RECORD = "participant_id"
PARTICIPANTS, ENROLLMENTS = "participants", "enrollments"
ADMINISTRATIONS, RESPONSES = "administrations", "responses"
FORMS = tuple(name for name in TABLES if name not in (ADMINISTRATIONS, RESPONSES))
"""Tables that are a form of the same name."""

DATA, DICTIONARY, PROJECT = "redcap_data.csv", "redcap_dictionary.csv", "redcap_project.csv"
_ID = "_administration_id"
_ITEM = re.compile(r"^[0-9]+[a-z]?$")


def field_name(form: str, column: str) -> str:
    """The field of a column on a form."""
    return f"{form}_{column}"


def instrument_form(instrument: str, variant: str | None, taken: Sequence[str]) -> str:
    """The form of an instrument or of one of its variants; a name no other form has.

    Examples
    --------
    >>> instrument_form("cop_se", "short-13", ())
    'cop_se_short_13'
    """
    name = named("_".join(part for part in (instrument, variant) if part), otherwise="instrument")
    while name in taken or name in TABLES:
        name += "_form"
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentColumns:
    """The columns of one instrument's form in data: field -> column of administrations, field -> item's own id."""

    form: str
    of_administration: dict[str, str]
    items: dict[str, str]


def instrument_columns(columns: Sequence[str]) -> list[InstrumentColumns]:
    """The instruments' forms that data have, told by the field of the administration's id.

    Examples
    --------
    >>> instrument_columns(["mspss_administration_id", "mspss_1"])[0].items
    {'mspss_1': '1'}
    """
    found = []
    for form in (column.removesuffix(_ID) for column in columns if column.endswith(_ID)):
        rest = {column: column.removeprefix(f"{form}_") for column in columns if column.startswith(f"{form}_")}
        known = TABLES[ADMINISTRATIONS].names
        found.append(
            InstrumentColumns(
                form=form,
                of_administration={field: name for field, name in rest.items() if name in known},
                items={field: name for field, name in rest.items() if _ITEM.match(name)},
            )
        )
    return found
