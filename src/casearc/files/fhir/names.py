"""Names the FHIR specification gives to what is read and written here, and the columns they end in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

R4, R5 = "R4", "R5"
VERSIONS = (R4, R5)

WHO = "sub" + "ject"
"""The element that says who a response is about; this project has another word for people, FHIR has this one."""

_CORE = "http://hl7.org/fhir/StructureDefinition/"
ABSENT = f"{_CORE}data-absent-reason"
NULL_FLAVOR = f"{_CORE}iso21090-nullFlavor"
TRANSLATION = f"{_CORE}translation"
MIN_VALUE, MAX_VALUE = f"{_CORE}minValue", f"{_CORE}maxValue"
CHOICE_VALUES = (f"{_CORE}ordinalValue", f"{_CORE}itemWeight")
"""The number a choice counts as: R4's name and R5's."""
RELATIVE = f"{_CORE}cqf-relativeDateTime"
"""A time told as days from another event: how a response without a date says when it was given."""
SECURITY = "http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
PERSONAL = "DEMO"
"""Sensitivity label for what tells who a person is."""
ABSENT_CODES = (
    "http://terminology.hl7.org/CodeSystem/data-absent-reason",
    "http://hl7.org/fhir/data-absent-reason",
)

REASON_OF: Mapping[str, str] = MappingProxyType(
    {
        "asked-declined": "declined",
        "not-asked": "not_asked",
        "not-applicable": "not_applicable",
        "unknown": "unknown",
        "asked-unknown": "unknown",
        "temp-unknown": "unknown",
        "not-performed": "not_reached",
        "error": "staff_omission",
    }
)
"""HL7's code for absent data -> Casearc's missing reason. Codes without one keep their own name."""

CODE_OF: Mapping[str, str] = MappingProxyType(
    {
        "declined": "asked-declined",
        "not_asked": "not-asked",
        "not_applicable": "not-applicable",
        "unknown": "unknown",
        "not_reached": "not-performed",
        "staff_omission": "error",
    }
)
"""Casearc's missing reason -> the code it is written as."""

FLAVORS: Mapping[str, str] = MappingProxyType(
    {
        "ASKU": "asked-unknown",
        "NASK": "not-asked",
        "NA": "not-applicable",
        "UNK": "unknown",
        "NI": "unknown",
        "NAV": "temp-unknown",
        "MSK": "masked",
    }
)
"""The older codes for absent data (null flavors) -> today's."""

ABOUT = ("response_id", "participant", "encounter", "authored", "language", "status", "questionnaire", "version")
"""Columns every sheet of responses begins with."""
RELATIVE_COLUMNS = ("enrollment", "day")
"""Columns a sheet of responses has besides where the file tells time in days."""

FORM_COLUMNS = (
    *("questionnaire", "id", "version", "title", "languages", "linkId", "type", "text", "texts", "section"),
    *("required", "repeats", "options", "option_texts", "option_values", "low", "high", "shown_if", "identifier"),
)
"""Columns of a sheet that holds a questionnaire's definition, one row an item."""

STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "in-progress": "not finished",
        "completed": "finished",
        "amended": "finished, then changed",
        "entered-in-error": "entered by mistake",
        "stopped": "broken off",
    }
)


def column_of(link_id: str) -> str:
    """The column a question's answers stand in: its linkId, unless a column about the response is called that."""
    taken = (*ABOUT, *RELATIVE_COLUMNS, "_file", "_row")
    return f"{link_id} (question)" if link_id in taken else link_id


def last_part(address: str) -> str:
    """What a canonical address ends with: ``phq9`` for ``https://example.org/Questionnaire/phq9|1.0``."""
    whole = address.partition("|")[0].partition("#")[0].rstrip("/")
    return whole.rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def link_of(column: str) -> str:
    """The linkId of the question whose answers stand in a column; the opposite of `column_of`."""
    bare = column.removesuffix(" (question)")
    return bare if column_of(bare) == column else column
