"""Promise: the files are exactly as untidy as was asked, and tidy when nothing was."""

from __future__ import annotations

import polars as pl
import pytest

from casearc.synthetic import CLEAN, Attrition, Program, make_program
from casearc.tables import MISSING_REASONS

_N = 1000
_LAST_DAY_OF_WINDOW = 45


@pytest.fixture(scope="module")
def dirty() -> Program:
    return make_program(participants=_N, seed=1)


@pytest.fixture(scope="module")
def clean() -> Program:
    return make_program(participants=_N, seed=1, dirt=CLEAN, attrition=Attrition(by_six=0, by_twelve=0))


def _rounds(program: Program) -> pl.DataFrame:
    """One row a round of first enrollments: the MSPSS stands for all three, given on the same day."""
    first = program.truth.levels.filter(pl.col("number") == 1).select("enrollment_id", "left_before")
    rounds = program.tables["administrations"].filter(pl.col("instrument") == "mspss")
    wave = (pl.col("day") / 180).round().cast(pl.Int64)
    return rounds.join(first, on="enrollment_id").with_columns(wave=wave, offset=pl.col("day") - 180 * wave)


def test_a_clean_program_has_nothing_missing_late_or_double(clean: Program) -> None:
    rounds = _rounds(clean)
    assert rounds.height == 3 * _N
    assert not rounds.select("enrollment_id", "wave").is_duplicated().any()
    assert rounds["offset"].is_between(-30, _LAST_DAY_OF_WINDOW).all()
    assert clean.tables["responses"]["response"].null_count() == 0
    assert clean.tables["contacts"]["minutes"].null_count() == 0
    assert set(clean.tables["contacts"]["outcome"]) == {"completed"}
    assert clean.tables["enrollments"].height == _N
    assert clean.tables["participants"].null_count().sum_horizontal().item() == 0


def test_missing_items_come_with_a_reason_and_in_the_share_asked(dirty: Program) -> None:
    responses = dirty.tables["responses"]
    assert (responses["response"].is_null() == responses["missing_reason"].is_not_null()).all()
    assert set(responses["missing_reason"].drop_nulls()) <= set(MISSING_REASONS)
    skipped = responses.filter(pl.col("missing_reason") != "not_reached").height / responses.height
    assert skipped == pytest.approx(0.015, abs=0.002)


def test_administrations_that_were_broken_off_stop_and_stay_stopped(dirty: Program) -> None:
    responses = dirty.tables["responses"].with_columns(
        number=pl.col("item").str.extract(r"(\d+)$").cast(pl.Int64),
        cut=pl.col("missing_reason").eq_missing("not_reached"),
    )
    each = responses.group_by("administration_id").agg(
        first_cut=pl.col("number").filter("cut").min(), last_kept=pl.col("number").filter(~pl.col("cut")).max()
    )
    cut = each.filter(pl.col("first_cut").is_not_null())
    assert cut.height / each.height == pytest.approx(0.02, abs=0.002)
    assert (cut["first_cut"] > cut["last_kept"]).all()


@pytest.mark.parametrize(("wave", "there"), [(1, 0.93), (2, 0.86)])
def test_late_missed_and_left_add_up(dirty: Program, wave: int, there: float) -> None:
    rounds = _rounds(dirty).filter(pl.col("wave") == wave)
    people = rounds["enrollment_id"].n_unique()
    late = rounds.filter(pl.col("offset") > _LAST_DAY_OF_WINDOW).height
    assert people / _N == pytest.approx(there - 0.02, abs=0.006)  # 2 in 100 missed, some of them had left
    assert late / _N == pytest.approx(0.03 * there, abs=0.008)


def test_double_administrations_lie_in_the_window_and_farther_from_its_target(dirty: Program) -> None:
    groups = _rounds(dirty).group_by("enrollment_id", "wave", maintain_order=True).agg("offset")
    double = groups.filter(pl.col("offset").list.len() > 1)
    singles_in_window = groups.filter(pl.col("offset").list.first() <= _LAST_DAY_OF_WINDOW).height
    assert double.height / singles_in_window == pytest.approx(0.03, abs=0.002)
    for offsets in double["offset"].to_list():
        assert len({abs(offset) for offset in offsets}) == 2
        assert max(abs(offset) for offset in offsets) <= _LAST_DAY_OF_WINDOW


def test_attempts_and_missing_minutes_come_in_the_share_asked(dirty: Program) -> None:
    contacts = dirty.tables["contacts"]
    attempted = contacts.filter(pl.col("outcome") == "attempted")
    completed = contacts.filter(pl.col("outcome") == "completed")
    assert attempted.height / contacts.height == pytest.approx(0.18, abs=0.02)  # outreach before day 0 comes on top
    assert attempted["minutes"].null_count() == attempted.height
    assert completed["minutes"].null_count() / completed.height == pytest.approx(0.06, abs=0.001)
    assert (completed["minutes"].drop_nulls() > 0).all()


def test_some_contacts_lie_outside_every_window_between_waves(dirty: Program) -> None:
    assert dirty.tables["contacts"].filter(pl.col("day") < 0).height > 0


def test_attrition_is_the_share_asked() -> None:
    program = make_program(participants=_N, seed=4, attrition=Attrition(by_six=0.10, by_twelve=0.25))
    left = program.truth.levels.filter(pl.col("number") == 1)["left_before"]
    assert (left == "six_months").sum() == 100
    assert (left == "twelve_months").sum() == 150
    assert left.null_count() == 750


def test_those_who_left_are_measured_no_more(dirty: Program) -> None:
    rounds = _rounds(dirty)
    gone = rounds.filter(
        ((pl.col("left_before") == "six_months") & (pl.col("wave") >= 1))
        | ((pl.col("left_before") == "twelve_months") & (pl.col("wave") >= 2))
    )
    assert gone.height == 0


def test_a_goal_is_met_exactly_when_its_rating_is_0_or_more(dirty: Program) -> None:
    goals = dirty.tables["goals"]
    met, missed = goals.filter(pl.col("status") == "met"), goals.filter(pl.col("status") == "not_met")
    assert (met["rating"] >= 0).all()
    assert (missed["rating"] < 0).all()
    assert goals.filter(pl.col("status") == "open")["closed_day"].null_count() == (goals["status"] == "open").sum()
    assert set(goals["status"]) == {"open", "met", "not_met", "dropped"}


def test_needs_are_assessed_about_every_thirty_days(dirty: Program) -> None:
    days = dirty.tables["needs"].select("enrollment_id", "day").unique().sort("enrollment_id", "day")
    gaps = days.with_columns(gap=pl.col("day").diff().over("enrollment_id"))["gap"].drop_nulls()
    assert gaps.median() == pytest.approx(30, abs=1)
    assert not dirty.tables["needs"].select("enrollment_id", "day", "domain").is_duplicated().any()
