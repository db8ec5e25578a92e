"""What an enrollment asks of its goals before it ends or its dates change: what is open, which days are taken."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max, Min
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from casearc_web.access.asker import Asker
from casearc_web.access.verbs import Verb
from casearc_web.enrollments.facts import Span, StillOpen
from casearc_web.enrollments.models import Enrollment
from casearc_web.goals.models import Goal
from casearc_web.goals.queries import open_goals, seen


def still_open(by: Asker, enrollment: Enrollment) -> Sequence[StillOpen]:
    """The open goals, to be closed or let go before an exit."""
    count = open_goals(by, enrollment)
    if not count:
        return ()
    what = ngettext("%(count)s goal", "%(count)s goals", count) % {"count": count}
    address = reverse("goals:of_enrollment", kwargs={"client": enrollment.client_id, "enrollment": enrollment.pk})
    return (StillOpen(what=what, address=address),)


def taken_days(by: Asker, enrollment: Enrollment) -> Sequence[Span]:
    """From the day the first goal was set to the last day something happened to one."""
    own = seen(by, Verb.VIEW_CASEWORK, Goal.objects.filter(enrollment_id=enrollment.pk)).order_by()
    days = own.aggregate(
        first=Min("opened_on"), opened=Max("opened_on"), closed=Max("closed_on"), reviewed=Max("reviews__on")
    )
    if days["first"] is None:
        return ()
    last = max(day for day in (days["opened"], days["closed"], days["reviewed"]) if day)
    return (Span(what=_("Goals"), first=days["first"], last=last),)
