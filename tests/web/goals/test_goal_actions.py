"""Plans and goals change only by those who may, with their event, and nobody's change is lost."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from casearc_web.access.decide import Denied
from casearc_web.audit.models import AuditEvent
from casearc_web.goals import actions
from casearc_web.goals.at_exit import still_open, taken_days
from casearc_web.goals.models import Goal, GoalReview, SupportPlan
from casearc_web.goals.queries import goals_of, open_goals, rows_for_export
from casearc_web.records.changes import ConflictError
from web.cast import Cast

SET, LATER = date(2026, 2, 1), date(2026, 3, 1)


def goal_of(cast: Cast, **values: object) -> Goal:
    given = {"words": "Made up: finish school", "domain": "education", "opened_on": SET}
    given |= {"steps": ["Call the school", "Visit"], "looks_like": {"0": "Made up: goes twice a week"}}
    return actions.set_goal(by=cast.by(cast.cleo), enrollment=cast.enrollment_of(cast.acacia), **{**given, **values})


def test_the_first_goal_begins_the_plan(cast: Cast) -> None:
    goal_of(cast)
    goal_of(cast, words="Made up: a bicycle", domain="transport")
    assert SupportPlan.objects.get().enrollment == cast.enrollment_of(cast.acacia)
    with pytest.raises(ValidationError):
        actions.begin_plan(by=cast.by(cast.cleo), enrollment=cast.enrollment_of(cast.acacia))


def test_words_are_sealed(cast: Cast) -> None:
    goal_of(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words, steps, looks_like FROM goals_goal")
        columns = b" ".join(bytes(column) for column in cursor.fetchone())
    assert not any(words in columns for words in (b"finish school", b"Call the school", b"twice a week"))


def test_every_write_has_its_event(cast: Cast) -> None:
    goal = goal_of(cast)
    actions.close_goal(by=cast.by(cast.cleo), goal=goal, version=1, on=LATER, rating=0)
    event = AuditEvent.objects.latest("number")
    assert (event.verb, event.kind, event.record_id) == ("write_casework", "goals.goal", str(goal.pk))
    assert [seen.client_id for seen in event.clients.all()] == [cast.acacia.pk]
    assert "finish school" not in event.detail.text


@pytest.mark.parametrize("who", ["carl", "eve", "ada", "faye", "fay"])
def test_nobody_else_writes(cast: Cast, who: str) -> None:
    by, goal = cast.by(getattr(cast, who)), goal_of(cast)
    for write in (
        lambda: actions.set_goal(by=by, enrollment=goal.enrollment, words="x", domain="legal", opened_on=SET),
        lambda: actions.review_goal(by=by, goal=goal, version=1, on=LATER, progress=1),
        lambda: actions.close_goal(by=by, goal=goal, version=1, on=LATER, rating=1),
    ):
        with pytest.raises(Denied):
            write()
    assert not GoalReview.objects.exists()
    assert Goal.objects.get().is_open


def test_a_supervisor_neither_sees_nor_changes_a_goal_about_substance_use(cast: Cast) -> None:
    goal = goal_of(cast, domain="substance_use")
    by = cast.by(cast.sue)
    assert goals_of(by, goal.enrollment) == []
    assert open_goals(by, goal.enrollment) == 0
    assert open_goals(cast.by(cast.cleo), goal.enrollment) == 1
    with pytest.raises(Denied):
        actions.close_goal(by=by, goal=goal, version=1, on=LATER, rating=1)
    with pytest.raises(Denied):
        actions.set_goal(by=by, enrollment=goal.enrollment, words="x", domain="substance_use", opened_on=SET)


def test_a_review_ticks_steps_or_nothing_is_kept(cast: Cast) -> None:
    goal, by = goal_of(cast), cast.by(cast.cleo)
    first, second = (step["key"] for step in goal.steps)
    actions.review_goal(by=by, goal=goal, version=1, on=LATER, progress=2, note="Made up", done=[first])
    goal.refresh_from_db()
    assert [step["done_on"] for step in goal.steps] == ["2026-03-01", None]
    with pytest.raises(ConflictError):
        actions.review_goal(by=by, goal=goal, version=1, on=LATER, progress=3, done=[first, second])
    assert GoalReview.objects.count() == 1


def test_a_step_that_stays_keeps_whether_it_is_done(cast: Cast) -> None:
    goal, by = goal_of(cast), cast.by(cast.cleo)
    goal = actions.tick_steps(by=by, goal=goal, version=1, done=[goal.steps[1]["key"]])
    changed = actions.change_goal(by=by, goal=goal, version=2, values={"steps": ["Visit", "Enroll", "Visit", " "]})
    assert [(step["text"], bool(step["done_on"])) for step in changed.steps] == [("Visit", True), ("Enroll", False)]


def test_closed_taken_up_again_and_closed_otherwise(cast: Cast) -> None:
    goal, by = goal_of(cast), cast.by(cast.cleo)
    goal = actions.close_goal(by=by, goal=goal, version=1, on=LATER, rating=-1)
    assert (goal.status, goal.rating, goal.closed_on) == ("not_met", -1, LATER)
    goal = actions.reopen_goal(by=by, goal=goal, version=2, on=date(2026, 4, 1))
    assert (goal.status, goal.rating, goal.closed_on) == ("open", None, None)
    with pytest.raises(ValidationError):
        actions.close_goal(by=by, goal=goal, version=3, on=date(2026, 3, 31), rating=1)
    goal = actions.close_goal(by=by, goal=goal, version=3, on=date(2026, 4, 2), rating=None)
    assert (goal.status, goal.rating) == ("dropped", None)


WRONG_DAYS = [
    ("set before the start", lambda cast, by, goal: goal_of(cast, opened_on=date(2026, 1, 1))),
    (
        "closed before it was set",
        lambda cast, by, goal: actions.close_goal(by=by, goal=goal, version=1, on=date(2026, 1, 20), rating=1),
    ),
    (
        "closed in the future",
        lambda cast, by, goal: actions.close_goal(by=by, goal=goal, version=1, on=date(2099, 1, 1), rating=1),
    ),
    (
        "reviewed before it was set",
        lambda cast, by, goal: actions.review_goal(by=by, goal=goal, version=1, on=date(2026, 1, 20), progress=1),
    ),
]


@pytest.mark.parametrize(("why", "write"), WRONG_DAYS, ids=[why for why, _ in WRONG_DAYS])
def test_days_that_cannot_be(cast: Cast, why: str, write: object) -> None:
    goal = goal_of(cast)
    with pytest.raises(ValidationError):
        write(cast, cast.by(cast.cleo), goal)


def test_two_editors_lose_nothing(cast: Cast) -> None:
    goal = goal_of(cast)
    actions.change_goal(by=cast.by(cast.sue), goal=goal, version=1, values={"words": "Made up: a diploma"})
    with pytest.raises(ConflictError):
        actions.close_goal(by=cast.by(cast.cleo), goal=goal, version=1, on=LATER, rating=1)
    assert Goal.objects.get(pk=goal.pk).words == "Made up: a diploma"


def test_agreement_needs_a_day_and_a_way(cast: Cast) -> None:
    plan = actions.begin_plan(
        by=cast.by(cast.cleo), enrollment=cast.enrollment_of(cast.acacia), wishes="Made up: quiet"
    )
    values = {"agreed_on": LATER, "agreed_how": "paper"}
    plan = actions.change_plan(by=cast.by(cast.cleo), plan=plan, version=1, values=values)
    assert (plan.agreed_on, plan.agreed_how, plan.version) == (LATER, "paper", 2)


def test_export_has_codes_and_never_words(cast: Cast) -> None:
    goal = actions.close_goal(
        by=cast.by(cast.cleo), goal=goal_of(cast), version=1, on=LATER, rating=1, note="Made up: proud"
    )
    apart = goal_of(cast, domain="substance_use")
    rows = {row["goal_id"]: row for row in rows_for_export([goal.enrollment])}
    assert rows[goal.pk] == {
        "goal_id": goal.pk,
        "enrollment_id": goal.enrollment_id,
        "domain": "education",
        "opened_on": SET,
        "closed_on": LATER,
        "status": "met",
        "rating": 1,
        "substance_use": False,
    }
    assert rows[apart.pk]["substance_use"] is True
    assert "Made up" not in repr(rows)


def test_what_is_open_is_asked_about_at_exit_and_days_are_known(cast: Cast) -> None:
    goal, by = goal_of(cast), cast.by(cast.cleo)
    actions.review_goal(by=by, goal=goal, version=1, on=LATER, progress=1)
    (item,) = still_open(by, goal.enrollment)
    assert str(item.what) == "1 goal"
    (span,) = taken_days(by, goal.enrollment)
    assert (span.first, span.last) == (SET, LATER)
    actions.close_goal(by=by, goal=goal, version=1, on=date(2026, 3, 5), rating=None)
    assert still_open(by, goal.enrollment) == ()
    (span,) = taken_days(by, goal.enrollment)
    assert span.last == date(2026, 3, 5)
    assert taken_days(by, cast.enrollment_of(cast.cedar)) == ()
