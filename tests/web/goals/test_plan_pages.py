"""Pages of plans and goals show each person what is theirs, in both languages, and nothing typed is lost."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.test import Client as HttpClient

from casearc_web.goals import actions
from casearc_web.goals.models import Goal, GoalReview, SupportPlan
from casearc_web.needs.models import DomainSetting
from web.cast import Cast, sign_in
from web.counting import at_most

SET, LATER = date(2026, 2, 1), date(2026, 3, 1)
PAGES = [
    "plan",
    "stay",
    "words",
    "agree",
    "copy",
    "new",
    "goal",
    "change",
    "steps",
    "review",
    "reviewed",
    "close",
    "history",
]


@pytest.fixture
def goal(cast: Cast) -> Goal:
    by, stay = cast.by(cast.cleo), cast.enrollment_of(cast.acacia)
    steps = ["Made up: call the school", "Made up: visit"]
    found = actions.set_goal(
        by=by, enrollment=stay, words="Made up: finish school", domain="education", opened_on=SET, steps=steps
    )
    review = actions.review_goal(by=by, goal=found, version=1, on=LATER, progress=2, note="Made up: good day", done=[])
    assert review.pk
    return found


def paths(cast: Cast, goal: Goal) -> dict[str, str]:
    own = f"/clients/{cast.acacia.pk}/"
    plan, one = f"{own}plan/{goal.enrollment_id}/", f"{own}plan/goals/{goal.pk}/"
    reviewed = GoalReview.objects.get().pk
    return {
        "plan": f"{own}plan/",
        "stay": plan,
        "words": f"{plan}words/",
        "agree": f"{plan}agree/",
        "copy": f"{plan}copy/",
        "new": f"{plan}goals/new/",
        "goal": one,
        **{name: f"{one}{name}/" for name in ("change", "steps", "review", "close", "reopen", "history")},
        "reviewed": f"{one}reviews/{reviewed}/",
    }


def sent(**values: object) -> dict[str, object]:
    return {"submission": uuid.uuid4(), **values}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_in_both_languages_with_few_questions(
    client: HttpClient, cast: Cast, goal: Goal, page: str, language: str
) -> None:
    cast.cleo.language = language
    cast.cleo.save()
    address = paths(cast, goal)[page]
    sign_in(client, cast.cleo)
    with at_most(15):
        answer = client.get(address)
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.content.decode()


@pytest.mark.parametrize("page", [*PAGES, "reopen"])
@pytest.mark.parametrize(("who", "status"), [("carl", 404), ("eve", 403), ("ada", 403), ("faye", 404), ("fay", 404)])
def test_the_wrong_person_sees_nothing(
    client: HttpClient, cast: Cast, goal: Goal, page: str, who: str, status: int
) -> None:
    sign_in(client, getattr(cast, who))
    answer = client.get(paths(cast, goal)[page])
    assert answer.status_code == status
    assert "finish school" not in answer.content.decode()


def test_another_clients_address_does_not_open_it(client: HttpClient, cast: Cast, goal: Goal) -> None:
    sign_in(client, cast.cleo)
    assert client.get(f"/clients/{cast.cedar.pk}/plan/goals/{goal.pk}/").status_code == 404
    assert client.get(f"/clients/{cast.cedar.pk}/plan/{goal.enrollment_id}/").status_code == 404


def test_a_goal_about_substance_use_is_as_if_not_there_for_a_supervisor(
    client: HttpClient, cast: Cast, goal: Goal
) -> None:
    apart = actions.set_goal(
        by=cast.by(cast.cleo), enrollment=goal.enrollment, words="Made up: less", domain="substance_use", opened_on=SET
    )
    sign_in(client, cast.sue)
    page = client.get(paths(cast, goal)["plan"]).content.decode()
    assert "finish school" in page
    assert "Made up: less" not in page
    assert "Goals about substance use are not shown to your role." in page
    assert client.get(f"/clients/{cast.acacia.pk}/plan/goals/{apart.pk}/").status_code == 404
    assert 'value="substance_use"' not in client.get(paths(cast, goal)["new"]).content.decode()


def test_set_reviewed_closed_taken_up_again(client: HttpClient, cast: Cast, goal: Goal) -> None:
    sign_in(client, cast.cleo)
    at = paths(cast, goal)
    new = sent(
        words="Made up: a bicycle", domain="transport", opened_on="2026-02-02", steps="Save\nBuy", looks_0="Rides"
    )
    assert client.post(at["new"], new).status_code == 302
    assert client.post(at["new"], new).status_code == 302
    assert Goal.objects.count() == 2
    done = goal.steps[0]["key"]
    review = sent(version=1, on="2026-03-02", progress="3", note="Made up: nearly", done=[done])
    assert client.post(at["review"], review).status_code == 302
    found = Goal.objects.get(pk=goal.pk)
    assert (found.steps_done, found.version) == (1, 2)
    assert client.post(at["close"], sent(version=2, on="2026-03-03", reached="0", note="")).status_code == 302
    assert Goal.objects.get(pk=goal.pk).status == "met"
    assert client.get(at["review"]).status_code == 404
    assert client.post(at["reopen"], sent(version=3, on="2026-03-04")).status_code == 302
    assert client.post(at["close"], sent(version=4, on="2026-03-05", reached="let_go", note="")).status_code == 302
    page = client.get(at["history"]).content.decode()
    assert all(words in page for words in ("Met", "Let go", "0 As hoped", "call the school (done)", "Cleo"))


def test_the_history_calls_an_agencys_own_domain_by_its_name(client: HttpClient, cast: Cast, goal: Goal) -> None:
    DomainSetting.objects.create(agency=cast.riverbend, code="kin", name_en="Made-up kin", name_es="Parientes", order=1)
    actions.change_goal(by=cast.by(cast.cleo), goal=goal, version=1, values={"domain": "kin"})
    sign_in(client, cast.cleo)
    page = client.get(paths(cast, goal)["history"]).content.decode()
    assert "<del>Education</del><br><ins>Made-up kin</ins>" in page


def test_a_goal_whose_review_says_there_leads_to_its_closing(client: HttpClient, cast: Cast, goal: Goal) -> None:
    sign_in(client, cast.cleo)
    at = paths(cast, goal)
    assert "Close and rate it" not in client.get(at["goal"]).content.decode()
    review = sent(version=1, on="2026-03-02", progress="4", note="", done=[])
    assert "Close and rate it" in client.post(at["review"], review, follow=True).content.decode()


def test_two_versions_of_a_goal_and_the_choice(client: HttpClient, cast: Cast, goal: Goal) -> None:
    by = cast.by(cast.sue)
    actions.change_goal(by=by, goal=goal, version=1, values={"words": "Made up: a diploma", "opened_on": LATER})
    sign_in(client, cast.cleo)
    change = paths(cast, goal)["change"]
    mine = sent(version=1, words="Made up: graduate", domain="education", opened_on="2026-02-01")
    mine["steps"] = "\n".join(step["text"] for step in goal.steps)
    shown = client.post(change, mine)
    assert shown.status_code == 409
    conflict = shown.context["conflict"]
    assert {one.name: (one.mine, one.saved, one.prefer) for one in conflict.differences} == {
        "words": ("Made up: graduate", "Made up: a diploma", "mine"),
        "opened_on": ("Feb. 1, 2026", "March 1, 2026", "saved"),
    }
    choice = {"keep": "chosen", "keep-words": "mine", "keep-opened_on": "saved", "version": conflict.version}
    assert client.post(change, dict(conflict.typed) | choice).status_code == 302
    found = Goal.objects.get(pk=goal.pk)
    assert (found.words, found.opened_on) == ("Made up: graduate", LATER)


def test_closing_what_somebody_changed_shows_both_and_can_be_left(client: HttpClient, cast: Cast, goal: Goal) -> None:
    actions.close_goal(by=cast.by(cast.sue), goal=goal, version=1, on=LATER, rating=-2)
    sign_in(client, cast.cleo)
    close = paths(cast, goal)["close"]
    shown = client.post(close, sent(version=1, on="2026-03-02", reached="1", note=""))
    assert shown.status_code == 409
    assert "Much less than hoped" in shown.content.decode()
    conflict = shown.context["conflict"]
    left = dict(conflict.typed) | {"keep": "saved", "version": conflict.version}
    assert client.post(close, left).status_code == 302
    assert Goal.objects.get(pk=goal.pk).rating == -2
    kept = dict(conflict.typed) | {"keep": "mine", "version": conflict.version}
    assert client.post(close, kept).status_code == 302
    assert Goal.objects.get(pk=goal.pk).rating == 1


def test_what_is_wrong_comes_back_as_typed(client: HttpClient, cast: Cast, goal: Goal) -> None:
    sign_in(client, cast.cleo)
    answer = client.post(
        paths(cast, goal)["close"], sent(version=1, on="2099-01-01", reached="1", note="Made up: proud")
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This day has not come yet." in page
    assert "Made up: proud" in page
    assert Goal.objects.get(pk=goal.pk).is_open


def test_agreed_and_printed_without_a_name(client: HttpClient, cast: Cast, goal: Goal) -> None:
    sign_in(client, cast.cleo)
    at = paths(cast, goal)
    assert client.post(at["words"], sent(version=1, wishes="Made up: quiet evenings")).status_code == 302
    assert client.post(at["agree"], sent(version=2, agreed_on="2026-03-01", agreed_how="phone")).status_code == 302
    assert SupportPlan.objects.get().agreed_how == "phone"
    page = client.get(at["copy"]).content.decode()
    assert all(
        words in page for words in ("My plan", "quiet evenings", "finish school", "call the school", "March 1, 2026")
    )
    assert not any(words in page for words in ("Oriole", "Acacia", "Riverbend", cast.acacia.code))
    assert '<html lang="es">' in client.get(at["copy"], {"language": "es"}).content.decode()
