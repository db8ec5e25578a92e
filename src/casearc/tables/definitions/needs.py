"""needs: one row a rated need on a day."""

from __future__ import annotations

from casearc.tables.definitions.shared import DAY, ENROLLMENT
from casearc.tables.schema import Column, Kind, TableSchema

NEEDS = TableSchema(
    name="needs",
    row_is="One need of an enrollment, rated on one day.",
    columns=(
        ENROLLMENT,
        DAY,
        Column(name="domain", kind=Kind.TEXT, meaning="Area of need (code).", required=True),
        Column(
            name="level",
            kind=Kind.TEXT,
            meaning="Level of need, as the agency's needs assessment codes it.",
            required=True,
            filled=False,
        ),
    ),
    identity=("enrollment_id", "day", "domain"),
)
