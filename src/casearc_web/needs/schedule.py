"""When the next needs assessment is due: counted from the last one, or from the start of the stay. Nothing is stored.

==========================  ==========================================
what happened               next one due
==========================  ==========================================
enrolled, none yet          30 days after the start
assessed early or late      30 days after that assessment
not assessed in time        stays due on its day until one is made
left the program            none
enrolled again              30 days after the new start
==========================  ==========================================
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from casearc_web.access.asker import Asker
from casearc_web.addresses import address
from casearc_web.enrollments.due import Due
from casearc_web.enrollments.models import Enrollment
from casearc_web.needs.queries import last_days

EVERY = timedelta(days=30)


def next_due(*, started_on: date, exited_on: date | None, last: date | None) -> date | None:
    """The day the next assessment is due; None after an exit.

    >>> next_due(started_on=date(2026, 1, 15), exited_on=None, last=None)
    datetime.date(2026, 2, 14)
    """
    return None if exited_on else (last or started_on) + EVERY


def due(by: Asker, enrollments: Sequence[Enrollment], today: date) -> list[Due]:
    """For the caseload: the next needs assessment of each stay."""
    lasts = last_days(by, [enrollment.pk for enrollment in enrollments])
    found = []
    for enrollment in enrollments:
        day = next_due(started_on=enrollment.started_on, exited_on=enrollment.exited_on, last=lasts.get(enrollment.pk))
        if day:
            page = address("needs:assess", client=enrollment.client_id, enrollment=enrollment.pk)
            found.append(Due(enrollment_id=enrollment.pk, what=_("Needs assessment"), on=day, address=page))
    return found
