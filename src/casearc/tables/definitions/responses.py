"""responses: one row an item of an administration."""

from __future__ import annotations

import polars as pl

from casearc.language import to_say
from casearc.tables.definitions.shared import MISSING_REASONS
from casearc.tables.schema import Column, Kind, RowRule, TableSchema

RESPONSES = TableSchema(
    name="responses",
    row_is=(
        "One item of one administration (long), or one administration with a column for each item, "
        "named `<instrument>_<item>` like `mspss_1` (wide; becomes long when read)."
    ),
    required=True,
    columns=(
        Column(
            name="administration_id",
            kind=Kind.ID,
            meaning="The administration it was answered in.",
            required=True,
            refers_to="administrations",
        ),
        Column(
            name="item",
            kind=Kind.TEXT,
            meaning="The item: instrument and item number, such as mspss_1.",
            required=True,
        ),
        Column(
            name="response",
            kind=Kind.NUMBER,
            meaning="The answer as a number on the item's own scale. Empty means missing.",
            required=True,
            filled=False,
        ),
        Column(
            name="missing_reason",
            kind=Kind.CODE,
            meaning=(
                "Why there is no response. In a wide file it stands for all empty items of the row; "
                "`<item>_missing_reason` stands for one."
            ),
            codes=MISSING_REASONS,
        ),
    ),
    identity=("administration_id", "item"),
    rules=(
        RowRule(
            column="missing_reason",
            impossible=pl.col("response").is_not_null() & pl.col("missing_reason").is_not_null(),
            problem=to_say("There is a response and a reason why it is missing."),
            remedy=to_say("Keep one of the two."),
        ),
    ),
)
