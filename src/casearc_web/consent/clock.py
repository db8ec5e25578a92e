"""The day by which an authorization lives or has expired. A clock that was put back revives nothing."""

from __future__ import annotations

import uuid
from datetime import date

from django.utils import timezone

from casearc_web.access.asker import Asker
from casearc_web.audit.models import AuditHead


def today_of(by: Asker) -> date:
    """The same for somebody who asks; the end of the log was read when their request came in."""
    last = by.known.last_event
    return max(timezone.localdate(), timezone.localdate(last)) if last else today(by.agency_id)


def today(agency_id: uuid.UUID) -> date:
    """The agency's day: the server's, and never before the day of the last event in the agency's log.

    Days and not moments are compared, so that a change to or from daylight saving time moves nothing.
    """
    last = AuditHead.objects.filter(agency_id=agency_id).values_list("at", flat=True).first()
    return max(timezone.localdate(), timezone.localdate(last)) if last else timezone.localdate()
