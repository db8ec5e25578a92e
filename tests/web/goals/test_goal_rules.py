"""What is due for plans and goals, and what a rating means: the rules as tables."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from casearc_web.enrollments.models import Enrollment
from casearc_web.goals.models import Goal, GoalReview, GoalStatus, SupportPlan
from casearc_web.goals.ratings import status_at_closing
from casearc_web.goals.schedule import due, plan_due, review_due
from web.cast import Cast
from web.counting import at_most

START, LEFT = date(2026, 1, 15), date(2026, 3, 1)

PLANS = [
    # what happened             exit    has a plan   plan due
    ("enrolled, no plan", None, False, date(2026, 1, 29)),
    ("has a plan", None, True, None),
    ("left without a plan", LEFT, False, None),
    ("left with a plan", LEFT, True, None),
]


@pytest.mark.parametrize(("what", "exited_on", "has_plan", "expected"), PLANS, ids=[rule[0] for rule in PLANS])
def test_a_plan_within_fourteen_days(what: str, exited_on: date | None, has_plan: bool, expected: date | None) -> None:
    assert plan_due(started_on=START, exited_on=exited_on, has_plan=has_plan) == expected


REVIEWS = [
    # set                reviewed                              taken up again      next review
    (date(2026, 2, 1), [], None, date(2026, 3, 3)),
    (date(2026, 2, 1), [date(2026, 2, 10)], None, date(2026, 3, 12)),
    (date(2026, 2, 1), [date(2026, 2, 10), date(2026, 5, 1)], None, date(2026, 5, 31)),
    (date(2026, 2, 1), [date(2026, 2, 10)], date(2026, 6, 1), date(2026, 7, 1)),
    (date(2026, 2, 1), [date(2026, 6, 20)], date(2026, 6, 1), date(2026, 7, 20)),
]


@pytest.mark.parametrize(("opened", "reviewed", "reopened", "expected"), REVIEWS)
def test_a_review_thirty_days_after_the_goal_was_last_looked_at(
    cast: Cast, opened: date, reviewed: list[date], reopened: date | None, expected: date
) -> None:
    stay = planned(cast)
    goal = made(cast, opened_on=opened, reopened_on=reopened)
    for on in reviewed:
        GoalReview.objects.create(agency=cast.riverbend, goal=goal, on=on, progress=1)
    assert [(str(item.what), item.on) for item in due(cast.by(cast.cleo), [stay], START)] == [("Goal review", expected)]


def test_of_several_goals_the_first_review_and_closed_ones_ask_for_nothing(cast: Cast) -> None:
    stay = planned(cast)
    made(cast, opened_on=date(2026, 3, 1))
    made(cast, opened_on=date(2026, 2, 1))
    made(cast, opened_on=date(2026, 1, 16), status="dropped", closed_on=date(2026, 1, 20))
    assert [item.on for item in due(cast.by(cast.cleo), [stay], START)] == [date(2026, 3, 3)]


def test_nothing_after_an_exit_and_anew_after_enrolling_again(cast: Cast) -> None:
    old = cast.enrollment_of(cast.cedar)
    again = Enrollment.objects.create(
        agency=cast.riverbend, client=cast.cedar, program=cast.north, started_on=date(2026, 9, 1)
    )
    found = due(cast.by(cast.dora), [old, again], date(2026, 9, 1))
    assert [(item.enrollment_id, str(item.what), item.on) for item in found] == [
        (again.pk, "Support plan", date(2026, 9, 15))
    ]


def test_a_goal_about_substance_use_is_due_only_for_those_who_see_it(cast: Cast) -> None:
    stay = planned(cast)
    made(cast, opened_on=date(2026, 2, 1), domain="substance_use", substance_use=True)
    assert [item.on for item in due(cast.by(cast.cleo), [stay], START)] == [date(2026, 3, 3)]
    assert due(cast.by(cast.sue), [stay], START) == []


def test_two_questions_however_many_stays(cast: Cast) -> None:
    stay = planned(cast)
    made(cast, opened_on=date(2026, 2, 1))
    by = cast.by(cast.cleo)
    with at_most(2):
        due(by, [stay] * 40, START)


def test_review_due_after_an_exit_is_none() -> None:
    assert review_due(looked_at=START, exited_on=LEFT) is None


RATINGS = [
    # rating   what the goal is then
    (2, "met"),
    (1, "met"),
    (0, "met"),
    (-1, "not_met"),
    (-2, "not_met"),
    (None, "dropped"),
]


@pytest.mark.parametrize(("rating", "status"), RATINGS)
def test_met_means_a_rating_of_zero_or_more(rating: int | None, status: str) -> None:
    assert status_at_closing(rating) == status


@pytest.mark.parametrize("rating", [-3, 3])
def test_there_is_no_other_rating(rating: int) -> None:
    with pytest.raises(ValueError):
        status_at_closing(rating)


@pytest.mark.parametrize("status", GoalStatus.values)
@pytest.mark.parametrize("rating", [-3, -2, -1, 0, 1, 2, 3, None])
@pytest.mark.parametrize("closed", [True, False])
def test_the_database_itself_refuses_what_cannot_be(cast: Cast, status: str, rating: int | None, closed: bool) -> None:
    allowed = closed is (status != "open") and (rating, status) in {*RATINGS, (None, "open")}
    values = {"status": status, "rating": rating, "closed_on": date(2026, 5, 1) if closed else None}
    if allowed:
        made(cast, opened_on=START, **values)
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        made(cast, opened_on=START, **values)


def planned(cast: Cast) -> Enrollment:
    """Acacia's stay with a plan."""
    stay = cast.enrollment_of(cast.acacia)
    SupportPlan.objects.create(agency=cast.riverbend, enrollment=stay, opened_on=START)
    return stay


def made(cast: Cast, **values: object) -> Goal:
    """A goal of Acacia's, straight into the database."""
    given = {"words": "Made up: finish school", "domain": "education", **values}
    return Goal.objects.create(agency=cast.riverbend, enrollment=cast.enrollment_of(cast.acacia), **given)
