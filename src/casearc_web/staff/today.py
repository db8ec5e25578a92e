"""What an administrator and whoever reads the log see first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from casearc_web.access.asker import Asker
from casearc_web.access.decide import visible
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.audit.checks import last_check
from casearc_web.signin.models import Invitation
from casearc_web.staff.log import refusals_since

A_WEEK = timedelta(days=7)


def accounts_today(by: Asker) -> Mapping[str, Any]:
    """How many accounts there are, and whose invitation has not been used."""
    own = visible(by, Verb.MANAGE_STAFF, StaffMember.objects.filter(is_active=True))
    waiting = Invitation.objects.filter(staff__in=own.order_by(), used_at=None, expires_at__gt=timezone.now())
    return {"active": own.count(), "waiting": waiting.count()}


def log_today(by: Asker) -> Mapping[str, Any]:
    """What was refused within a week, and whether the chain was sound when it was last gone through."""
    since = timezone.localdate() - A_WEEK
    return {"refusals": refusals_since(by, since), "since": since, "check": last_check(by.agency_id)}
