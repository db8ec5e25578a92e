"""goals: one row a goal of the support plan."""

from __future__ import annotations

import polars as pl

from casearc.language import to_say
from casearc.tables.definitions.shared import ENROLLMENT, day_named
from casearc.tables.schema import Column, Kind, RowRule, TableSchema

_RATE = to_say("Met means a rating of 0 or more at closing: correct the status or the rating.")

GOALS = TableSchema(
    name="goals",
    row_is="One goal of an enrollment's support plan.",
    columns=(
        Column(name="goal_id", kind=Kind.ID, meaning="Tells one goal from another.", required=True, unique=True),
        ENROLLMENT,
        Column(name="domain", kind=Kind.TEXT, meaning="Area of life the goal belongs to (code)."),
        day_named("opened_day", "Day the goal was set.", required=True),
        day_named("closed_day", "Day the goal was closed; empty while it is open."),
        Column(
            name="status",
            kind=Kind.CODE,
            meaning="Where the goal stands. Met means a rating of 0 or more at closing.",
            required=True,
            codes=("open", "met", "not_met", "dropped"),
        ),
        Column(
            name="rating",
            kind=Kind.INTEGER,
            meaning="Goal attainment: 0 is the expected level, 2 much more, -2 much less.",
            unit="-2 to 2",
            low=-2,
            high=2,
        ),
    ),
    identity=("goal_id",),
    rules=(
        RowRule(
            column="closed_day",
            impossible=pl.col("closed_day") < pl.col("opened_day"),
            problem=to_say("The goal is closed before it was opened."),
            remedy=to_say("Correct one of the two days."),
        ),
        RowRule(
            column="status",
            impossible=(pl.col("status") == "open") & pl.col("closed_day").is_not_null(),
            problem=to_say("The goal is open and has a closing day."),
            remedy=to_say("Give it the status met, not_met or dropped, or empty the closing day."),
        ),
        RowRule(
            column="rating",
            impossible=(pl.col("status") == "met") & (pl.col("rating") < 0),
            problem=to_say("The goal is met with a rating below 0."),
            remedy=_RATE,
        ),
        RowRule(
            column="rating",
            impossible=(pl.col("status") == "not_met") & (pl.col("rating") >= 0),
            problem=to_say("The goal is not met with a rating of 0 or more."),
            remedy=_RATE,
        ),
    ),
)
