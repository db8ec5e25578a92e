"""When a plan and a goal's next review are due. Nothing is stored.

====================================  =====================================================
what happened                         what is due
====================================  =====================================================
enrolled, no plan yet                 a plan, 14 days after the start
there is a plan                       no further plan
a goal is open                        a review, 30 days after it was set
a goal was reviewed, early or late    a review, 30 days after that review
a goal was taken up again             a review, 30 days after that day
a goal is closed                      nothing
left the program                      nothing
enrolled again                        a plan, 14 days after the new start
====================================  =====================================================
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from casearc_web.access.asker import Asker
from casearc_web.addresses import address
from casearc_web.enrollments.due import Due
from casearc_web.enrollments.models import Enrollment
from casearc_web.goals.queries import looked_at

PLAN_WITHIN = timedelta(days=14)
REVIEW_EVERY = timedelta(days=30)


def plan_due(*, started_on: date, exited_on: date | None, has_plan: bool) -> date | None:
    """The day by which there should be a plan; None where there is one, or after an exit."""
    return None if has_plan or exited_on else started_on + PLAN_WITHIN


def review_due(*, looked_at: date, exited_on: date | None) -> date | None:
    """The day of an open goal's next review. `looked_at`: when it was set, taken up again or last reviewed.

    >>> review_due(looked_at=date(2026, 2, 1), exited_on=None)
    datetime.date(2026, 3, 3)
    """
    return None if exited_on else looked_at + REVIEW_EVERY


def due(by: Asker, enrollments: Sequence[Enrollment], today: date) -> list[Due]:
    """For the caseload: each stay's plan, and the review that is due first of all its goals."""
    ids = [enrollment.pk for enrollment in enrollments if enrollment.is_open]
    if not ids:
        return []
    looked = looked_at(by, ids)
    first = _first_reviews(looked.goals)
    found = []
    for stay in (enrollment for enrollment in enrollments if enrollment.is_open):
        plan = plan_due(started_on=stay.started_on, exited_on=stay.exited_on, has_plan=stay.pk in looked.planned)
        page = address("goals:of_enrollment", client=stay.client_id, enrollment=stay.pk)
        if plan:
            found.append(Due(enrollment_id=stay.pk, what=_("Support plan"), on=plan, address=page))
        if stay.pk in first:
            found.append(Due(enrollment_id=stay.pk, what=_("Goal review"), on=first[stay.pk], address=page))
    return found


def _first_reviews(goals: Sequence[tuple[uuid.UUID, date]]) -> dict[uuid.UUID, date]:
    first: dict[uuid.UUID, date] = {}
    for enrollment_id, day in goals:
        on = review_due(looked_at=day, exited_on=None)
        if on is not None:
            first[enrollment_id] = min(on, first.get(enrollment_id, on))
    return first
