"""administrations: one row an instrument given to one participant on one day."""

from __future__ import annotations

from casearc.tables.definitions.shared import DAY, ENROLLMENT
from casearc.tables.schema import Column, Kind, TableSchema

ADMINISTRATIONS = TableSchema(
    name="administrations",
    row_is="One instrument administered once.",
    required=True,
    columns=(
        Column(
            name="administration_id",
            kind=Kind.ID,
            meaning="Tells one administration from another.",
            required=True,
            unique=True,
        ),
        ENROLLMENT,
        Column(
            name="instrument",
            kind=Kind.TEXT,
            meaning="Id of the instrument, such as mspss.",
            required=True,
        ),
        Column(name="variant", kind=Kind.TEXT, meaning="Form of the instrument; empty is the full form."),
        Column(name="version", kind=Kind.TEXT, meaning="Version of the wording that was used."),
        Column(
            name="coding",
            kind=Kind.TEXT,
            meaning="How its responses are coded, such as 1-10, where that is not the instrument's own range.",
        ),
        Column(name="language", kind=Kind.TEXT, meaning="Language it was given in (code)."),
        Column(
            name="mode",
            kind=Kind.CODE,
            meaning="How it was given.",
            codes=("self", "staff_read", "phone", "paper"),
        ),
        DAY,
    ),
    identity=("administration_id",),
)
