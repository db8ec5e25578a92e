"""Referrals to the agency and from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casearc_web.access.actions import action, amend, store
from casearc_web.access.asker import Asker
from casearc_web.access.verbs import Verb
from casearc_web.enrollments.models import Enrollment, Referral


@action(Verb.EDIT_ENROLLMENT)
def refer(*, by: Asker, enrollment: Enrollment, values: Mapping[str, Any]) -> Referral:
    """Note a referral."""
    return store(Referral(enrollment=enrollment, **values), by=by)


@action(Verb.EDIT_ENROLLMENT)
def change_referral(*, by: Asker, referral: Referral, version: int, values: Mapping[str, Any]) -> Referral:
    """Correct a referral."""
    return amend(referral, by=by, version=version, values=dict(values))
