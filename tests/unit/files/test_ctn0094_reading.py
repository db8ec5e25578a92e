"""Real records that nobody here wrote, through the example mapping: three trials, 3,560 people, 216,242 doses."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from casearc.files import read_folder
from casearc.tables import Tables

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data" / "ctn0094"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the trial data set lies beside the repository (../shared/data/ctn0094) and is not here"
)


@pytest.fixture(scope="module")
def tables() -> Tables:
    return read_folder(DATA, ROOT / "examples" / "ctn0094" / "mapping.toml")


def raw(name: str) -> pl.DataFrame:
    return pl.read_csv(DATA / f"{name}.csv", infer_schema=False)


def test_every_row_is_kept_or_set_aside_with_a_reason(tables: Tables) -> None:
    """The counts agree with the files read another way."""
    visits = raw("visit")
    planned = visits.filter(pl.col("what").is_not_null() | ~pl.col("visit").is_in(["BASELINE", "Cross Active Study"]))
    dated = planned.filter(pl.col("when").is_not_null())
    use = next(use for use in tables.report.files if use.purpose == "contacts")
    assert use.rows_read == visits.height
    assert {aside.reason.split(" ", 2)[0]: aside.rows for aside in use.set_aside} == {
        "an": visits.height - planned.height,
        "a": planned.height - dated.height,
        "another": dated.height - dated.unique(["who", "when"]).height,
    }
    assert tables.contacts.height == dated.unique(["who", "when"]).height


def test_a_visit_that_took_place_outweighs_one_that_did_not(tables: Tables) -> None:
    missed = raw("visit").filter(pl.col("what").is_in(["no visit", "MISSING"]) & pl.col("when").is_not_null())
    kept = raw("visit").filter(pl.col("what").is_in(["visit", "final"]) & pl.col("when").is_not_null())
    days = tables.contacts.select("enrollment_id", pl.col("day").cast(pl.String), "outcome")
    met = kept.join(days, left_on=["who", "when"], right_on=["enrollment_id", "day"])
    assert met.height == kept.height
    assert met["outcome"].unique().to_list() == ["completed"]
    assert 0 < days.filter(outcome="attempted").height <= missed.height


def test_doses_carry_the_medication_of_the_latest_arm(tables: Tables) -> None:
    """Each trial compared its own medications; milligrams add up to those in the file."""
    trial = tables.services.join(tables.enrollments, on="enrollment_id").group_by("program")
    given = dict(trial.agg(pl.col("service_code").unique().sort()).iter_rows())
    assert given == {
        "CTN-0027": ["buprenorphine", "methadone"],
        "CTN-0030": ["buprenorphine"],
        "CTN-0051": ["buprenorphine", "naltrexone"],
    }
    aside = sum(row.rows for use in tables.report.files if use.purpose == "services" for row in use.set_aside)
    assert aside == 6
    assert tables.services.height == raw("treatment").height - aside


def test_ratings_are_responses_of_a_one_item_instrument(tables: Tables) -> None:
    ratings = raw("withdrawal").filter(pl.col("when").is_not_null())["withdrawal"]
    assert tables.responses["response"].sum() == ratings.cast(pl.Float64).sum()
    assert tables.responses["response"].null_count() == ratings.null_count() == 4
    assert tables.responses["item"].unique().to_list() == ["ctn_withdrawal_1"]
    assert tables.administrations["instrument"].unique().to_list() == ["ctn_withdrawal"]


def test_people_keep_their_trial_site_and_arm_as_covariates(tables: Tables) -> None:
    people = tables.participants
    assert people["trial"].value_counts().sort("trial")["count"].to_list() == [1920, 868, 772]
    assert people["trial_site"].n_unique() == 32
    assert people["first_arm"].is_not_null().all()
    assert tables.enrollments["first_service_day"].null_count() == 3560 - raw("treatment")["who"].n_unique()
