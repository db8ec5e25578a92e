"""Promise: each person is in a model, or out of it for one reason that can be read off the records.

The model: support at twelve months on months of service between intake and six months, adjusted for support at six
months and gender, clustered by site. Beside six people in it, one more; the table says what that one lacks and what
is said of it. Of several reasons the first in the order of time is said.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from casearc.analyses import StudyData, prepare
from casearc.analyses.model_frame import exclusions, finest
from casearc.tables import Tables
from people import CAST, PLAN, cast, parsed

ADJUSTED = PLAN.replace(
    'adjust_for = ["level@six_months"]', 'adjust_for = ["level@six_months", "gender"]\ncluster = "site"'
)

WHO = """
 gender | site  | support     | days      | said
 girl   | north | 4.0 4.0 5.0 | 0 180 360 | -
 girl   | north | 4.0 4.0 -   | 0 180 360 | no outcome at that wave
 girl   | north | 4.0 -   5.0 | 0 180 360 | no level at the wave adjusted for
 girl   | north | -   4.0 5.0 | 0 180 360 | the dose is not known
 -      | north | 4.0 4.0 5.0 | 0 180 360 | a covariate is missing
 girl   | -     | 4.0 4.0 5.0 | 0 180 360 | a covariate is missing
 -      | -     | -   -   -   | 0 180 360 | no outcome at that wave
 -      | -     | -   4.0 5.0 | 0 180 360 | the dose is not known
 girl   | north | 4.0 4.0 5.0 | 0 180 406 | no outcome at that wave
 girl   | north | 4.0 4.0 5.0 | 0 180 405 | -
 girl   | north | 4.0 4.0 5.0 | 0 226 360 | no level at the wave adjusted for
 girl   | north | 4.0 4.0 5.0 | 46 180 360 | the dose is not known
 girl   | north | 4.0 4.0 5.0 | 45 180 360 | -
"""
_CASES = [tuple(cell.strip() for cell in line.split("|")) for line in WHO.strip().splitlines()[1:]]


def _data(gender: str, site: str, support: str, days: str) -> StudyData:
    """Six people with everything, and one more."""
    heading = CAST.strip().splitlines()[:2]
    six = [f"P{i} | 14 | {'girl' if i % 2 else 'boy'} | south | 4.0 {i}.0 5.0 | p c a | {i} |" for i in range(1, 7)]
    tables = cast("\n".join([*heading, *six, f"X | 14 | {gender} | {site} | {support} | - - - | 30 |"]))
    return prepare(parsed(ADJUSTED), _moved(tables, days), threshold=1)


def _moved(tables: Tables, days: str) -> Tables:
    """X measured on other days, and without a site where that is missing."""
    planned = dict(zip((0, 180, 360), map(int, days.split()), strict=True))
    own = pl.col("enrollment_id") == "X"
    day = pl.when(own).then(pl.col("day").replace(planned)).otherwise("day")
    site = pl.when(pl.col("site") != "-").then("site")
    return replace(
        tables,
        administrations=tables.administrations.with_columns(day=day),
        enrollments=tables.enrollments.with_columns(site=site),
    )


@pytest.mark.parametrize(("gender", "site", "support", "days", "said"), _CASES)
def test_who_is_in_a_model_and_why_not(gender: str, site: str, support: str, days: str, said: str) -> None:
    data = _data(gender, site, support, days)
    model = data.plan.models[0]
    reasons = {reason: count for reason, count in exclusions(data, model) if count}
    assert reasons == ({} if said == "-" else {said: 1})
    assert finest(data, model).n == data.enrolled - len(reasons)
