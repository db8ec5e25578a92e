"""In a real browser: a goal is set, reviewed with steps ticked, and closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from casearc_web.goals import actions
from casearc_web.goals.models import Goal, GoalReview, GoalStatus
from web.browser.ways import FOUR_WAYS
from web.cast import Cast
from web.earlier import two_goals

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Page]


def before(cast: Cast) -> Goal:
    """A plan of Acacia's with one closed goal and one open one, reviewed once; the open one."""
    by, stay = cast.by(cast.cleo), cast.enrollment_of(cast.acacia)
    month = timezone.localdate() - timedelta(days=60)
    plan = actions.begin_plan(by=by, enrollment=stay, wishes="Made-up words: quiet evenings, and my sister near.")
    actions.change_plan(by=by, plan=plan, version=1, values={"agreed_on": month, "agreed_how": "in_person"})
    return two_goals(cast)


def address(live_server: Any, name: str, **ids: object) -> str:
    return f"{live_server.url}{reverse(f'goals:{name}', kwargs=ids)}"


@FOUR_WAYS
def test_reviewed_and_closed(
    cast: Cast, signed_in_page: Enter, sized: Page, live_server: Any, say: Callable[..., str]
) -> None:
    goal = before(cast)
    page = signed_in_page(cast.cleo, sized)
    page.goto(address(live_server, "plan", client=cast.acacia.pk))
    page.locator(f"a[href='{reverse('goals:review', kwargs={'client': cast.acacia.pk, 'goal': goal.pk})}']").click()
    page.get_by_label(say("About halfway")).check()
    page.get_by_label("Call the made-up school").check()
    page.get_by_role("button", name=say("Save"), exact=True).click()
    expect(page.get_by_text(say("The review is saved."))).to_be_visible()
    assert GoalReview.objects.filter(goal=goal).latest("created_at").progress == 2
    assert Goal.objects.get(pk=goal.pk).steps_done == 1
    page.get_by_role("link", name=say("Close the goal")).click()
    page.get_by_label(f"0 {say('As hoped')}: Goes twice a week").check()
    page.get_by_role("button", name=say("Save"), exact=True).click()
    expect(page.get_by_text(say("The goal is closed."))).to_be_visible()
    expect(page.locator("#main").get_by_role("heading", name=say(GoalStatus.MET.label))).to_be_visible()
    assert (Goal.objects.get(pk=goal.pk).status, Goal.objects.get(pk=goal.pk).rating) == ("met", 0)


def test_set_without_javascript(cast: Cast, signed_in_page: Enter, without_script: Page, live_server: Any) -> None:
    page = signed_in_page(cast.cleo, without_script)
    page.goto(address(live_server, "plan", client=cast.acacia.pk))
    page.get_by_role("link", name="Set a goal").tap()
    page.get_by_role("button", name="Save", exact=True).tap()
    expect(page.locator("#error-summary")).to_be_visible()
    page.get_by_label("The goal, in the young person's words").fill("A made-up library card")
    page.get_by_label("Domain").select_option("documents")
    page.get_by_label("Steps, one a line").fill("Find the library\nFill in the form")
    page.get_by_role("button", name="Save", exact=True).tap()
    expect(page.get_by_text("The goal is set.")).to_be_visible()
    assert [step["text"] for step in Goal.objects.get().steps] == ["Find the library", "Fill in the form"]
