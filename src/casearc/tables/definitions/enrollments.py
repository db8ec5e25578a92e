"""enrollments: one row a stay of one participant in one program."""

from __future__ import annotations

import polars as pl

from casearc.language import to_say
from casearc.tables.definitions.shared import STAFF, day_named
from casearc.tables.schema import Column, Kind, RowRule, TableSchema

ENROLLMENTS = TableSchema(
    name="enrollments",
    row_is="One enrollment: a participant's stay in a program. Its start is day 0 of everything else.",
    required=True,
    columns=(
        Column(
            name="enrollment_id",
            kind=Kind.ID,
            meaning="Tells one enrollment from another.",
            required=True,
            unique=True,
        ),
        Column(
            name="participant_id",
            kind=Kind.ID,
            meaning="Whose enrollment it is.",
            required=True,
            refers_to="participants",
        ),
        Column(name="program", kind=Kind.TEXT, meaning="The program (code)."),
        Column(name="site", kind=Kind.TEXT, meaning="The site or team (code)."),
        STAFF,
        Column(
            name="start_date",
            kind=Kind.DATE,
            meaning="First day of the enrollment. Needed only where another column carries dates, not days.",
            unit="yyyy-mm-dd",
        ),
        day_named("first_service_day", "Day of the first service; intake alone is not a service."),
        day_named("exit_day", "Last day of the enrollment; empty while it is open."),
        Column(name="exit_reason", kind=Kind.TEXT, meaning="Why the enrollment ended (code)."),
    ),
    identity=("enrollment_id",),
    rules=(
        RowRule(
            column="exit_day",
            impossible=pl.col("exit_day") < 0,
            problem=to_say("The exit is before the enrollment's start."),
            remedy=to_say("Correct the exit or the start; an enrollment that is still open has no exit."),
        ),
    ),
)
