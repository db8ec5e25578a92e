"""services: one row a service delivered on a day."""

from __future__ import annotations

from casearc.tables.definitions.shared import DAY, ENROLLMENT
from casearc.tables.schema import Column, Kind, TableSchema

SERVICES = TableSchema(
    name="services",
    row_is="One service delivered on one day. The same service may be delivered twice on a day.",
    columns=(
        ENROLLMENT,
        DAY,
        Column(name="service_code", kind=Kind.TEXT, meaning="Which service (code).", required=True),
        Column(
            name="quantity",
            kind=Kind.NUMBER,
            meaning="How much of it. Empty means not recorded, which is not zero.",
            unit="see the unit column",
            low=0,
        ),
        Column(name="unit", kind=Kind.TEXT, meaning="What quantity counts: minutes, nights, mg ..."),
    ),
)
