"""Permissions that end within a month are due to be talked about: renewed, or left to end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from casearc_web.access.asker import Asker
from casearc_web.access.decide import may
from casearc_web.access.verbs import Verb
from casearc_web.addresses import address
from casearc_web.consent.queries import ending
from casearc_web.enrollments.due import Due
from casearc_web.enrollments.models import Enrollment


def permissions_due(by: Asker, enrollments: Sequence[Enrollment], today: date) -> list[Due]:
    """One for each permission, at the client's open stay that began last. The last day is the day it is due."""
    if not may(by, Verb.VIEW_AUTHORIZATIONS):
        return []
    stays = {stay.client_id: stay for stay in sorted(enrollments, key=lambda one: one.started_on) if stay.is_open}
    return [
        Due(
            enrollment_id=stays[one.client_id].pk,
            what=_("A permission ends"),
            on=one.expires_on,
            address=address("consent:authorization", client=one.client_id, authorization=one.pk),
        )
        for one in ending(by, list(stays))
    ]
