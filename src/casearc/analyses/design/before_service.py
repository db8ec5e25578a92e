"""Who was served before their second pretest: between the pretests something was done for them already."""

from __future__ import annotations

import polars as pl

from casearc.analyses.dataset import StudyData, day_column
from casearc.analyses.ledger import Ledger
from casearc.study import Outcome, in_time


def served_early(data: StudyData, outcome: Outcome) -> pl.Series:
    """Whether services began before this outcome's second pretest, one value a row of `data.people`.

    Without a second pretest its planned day stands for it; whose first service is not known is taken as not served.
    """
    second = in_time(data.plan.waves)[1]
    starts = data.tables.enrollments.select("enrollment_id", pl.col(data.plan.service_starts).alias("start"))
    days = data.people.select("enrollment_id", pl.col(day_column(data, outcome, second.name)).alias("day"))
    joined = days.join(starts, on="enrollment_id", how="left", maintain_order="left")
    return joined.select((pl.col("start") < pl.col("day").fill_null(second.target_day)).fill_null(value=False))["start"]


def unserved_among(ledger: Ledger, key: str, early: int) -> str:
    """Key of those of `key` who were not served early; `key` itself where nobody was."""
    if not early:
        return key
    return ledger.subset(key, f"{key}:not served early", ledger.counts[key] - early, rest=f"{key}:served early")
