"""contacts: one row a contact, or an attempt at one."""

from __future__ import annotations

from casearc.tables.definitions.shared import DAY, ENROLLMENT, STAFF
from casearc.tables.schema import Column, Kind, TableSchema

CONTACTS = TableSchema(
    name="contacts",
    row_is="One contact for an enrollment, or one attempt at a contact. No note text.",
    columns=(
        Column(
            name="contact_id",
            kind=Kind.ID,
            meaning="Tells one contact from another.",
            required=True,
            unique=True,
        ),
        ENROLLMENT,
        DAY,
        Column(
            name="contact_type",
            kind=Kind.CODE,
            meaning="With whom, or in answer to what.",
            required=True,
            codes=(
                "client",
                "caregiver",
                "team_partner",
                "outside_provider",
                "joint",
                "crisis_response",
                "non_crisis_response",
            ),
        ),
        Column(
            name="outcome",
            kind=Kind.CODE,
            meaning="Whether it took place. An attempt to reach somebody is outcome attempted, not a type.",
            required=True,
            codes=("completed", "attempted"),
        ),
        Column(
            name="minutes",
            kind=Kind.NUMBER,
            meaning="How long it lasted. Empty means not recorded, which is not zero.",
            unit="minutes",
            low=0,
            high=1440,
        ),
        Column(name="medium", kind=Kind.TEXT, meaning="In person, phone, text ... (code)."),
        STAFF,
    ),
    identity=("contact_id",),
)
