"""Names that REDCap itself gives: the columns of its dictionary, its own columns in an export, its types of fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from casearc.files.sheet import Holds

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "field_name": "Variable / Field Name",
        "form_name": "Form Name",
        "section_header": "Section Header",
        "field_type": "Field Type",
        "field_label": "Field Label",
        "select_choices_or_calculations": "Choices, Calculations, OR Slider Labels",
        "field_note": "Field Note",
        "text_validation_type_or_show_slider_number": "Text Validation Type OR Show Slider Number",
        "text_validation_min": "Text Validation Min",
        "text_validation_max": "Text Validation Max",
        "identifier": "Identifier?",
        "branching_logic": "Branching Logic (Show field only if...)",
        "required_field": "Required Field?",
        "custom_alignment": "Custom Alignment",
        "question_number": "Question Number (surveys only)",
        "matrix_group_name": "Matrix Group Name",
        "matrix_ranking": "Matrix Ranking?",
        "field_annotation": "Field Annotation",
    }
)
"""What the programming interface calls a column of the dictionary -> what the file that is downloaded calls it."""

_OLDER = {
    "choices or calculations": "select_choices_or_calculations",
    "choices, calculations, or slider labels": "select_choices_or_calculations",
    "question number": "question_number",
    "branching logic": "branching_logic",
}
_BY_HEADER = {header.lower(): key for key, header in HEADERS.items()} | {key: key for key in HEADERS} | _OLDER
NEEDED = ("field_name", "form_name", "field_type", "field_label")

NAME = re.compile(r"^[a-z][a-z0-9_]*$")
LONGEST_NAME = 26
"""REDCap takes longer names and warns of them: statistics programs cut them."""

EVENT, REPEATED, INSTANCE = "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"
GROUP, PERSON = "redcap_data_access_group", "redcap_survey_identifier"
OWN: Mapping[str, str] = MappingProxyType(
    {
        EVENT: "Event Name",
        REPEATED: "Repeat Instrument",
        INSTANCE: "Repeat Instance",
        GROUP: "Data Access Group",
        PERSON: "Survey Identifier",
    }
)
"""REDCap's own columns in raw data -> their headers in an export of labels."""

COMPLETE: Mapping[str, str] = MappingProxyType({"0": "Incomplete", "1": "Unverified", "2": "Complete"})
CHECKED: Mapping[str, str] = MappingProxyType({"0": "Unchecked", "1": "Checked"})
YES_NO: Mapping[str, str] = MappingProxyType({"1": "Yes", "0": "No"})
TRUE_FALSE: Mapping[str, str] = MappingProxyType({"1": "True", "0": "False"})

KINDS: Mapping[str, Holds | None] = MappingProxyType(
    {
        "text": Holds.TEXT,
        "notes": Holds.TEXT,
        "radio": Holds.CHOICE,
        "dropdown": Holds.CHOICE,
        "select": Holds.CHOICE,
        "sql": Holds.CHOICE,
        "checkbox": Holds.CHOICES,
        "yesno": Holds.YES_NO,
        "truefalse": Holds.YES_NO,
        "calc": Holds.NUMBER,
        "slider": Holds.INTEGER,
        "file": Holds.TEXT,
        "signature": Holds.TEXT,
        "descriptive": None,
    }
)
"""Type of field -> what its column holds; None where it has no column."""

WITH_CHOICES = ("radio", "dropdown", "select", "checkbox")
PERSONAL = ("file", "signature")
PERSONAL_VALIDATIONS = ("email", "mrn", "phone", "postalcode", "signature", "ssn", "vmrn", "zipcode")
"""Beginnings of validations whose cells tell who or where a person is."""

_VALIDATIONS = (
    ("integer", Holds.INTEGER),
    ("number", Holds.NUMBER),
    ("datetime", Holds.MOMENT),
    ("date", Holds.DATE),
    ("time", Holds.TIME),
)


def keys_of(columns: list[str]) -> dict[str, str]:
    """Columns of a sheet that are columns of a dictionary -> what the programming interface calls them."""
    found = {column: _BY_HEADER.get(" ".join(column.lower().split())) for column in columns}
    return {column: key for column, key in found.items() if key}


def held_by(kind: str, validation: str) -> Holds | None:
    """What a field's column holds; None where a field of this type has no column.

    Parameters
    ----------
    kind
        The type of field, such as ``radio``.
    validation
        The validation of a text field, such as ``date_ymd``; empty where it has none.

    Examples
    --------
    >>> held_by("text", "date_dmy")
    <Holds.DATE: 'date'>
    """
    if kind != "text":
        return KINDS.get(kind)
    return next((holds for begin, holds in _VALIDATIONS if validation.startswith(begin)), Holds.TEXT)


def named(text: str, *, otherwise: str) -> str:
    """A name that REDCap takes, as near to `text` as can be."""
    low = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    low = re.sub(r"^[^a-z]+", "", low)
    return low or otherwise
