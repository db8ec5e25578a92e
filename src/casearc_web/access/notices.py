"""Notices to colleagues: glass was broken, details are alike. They wait in the application; nothing is ever sent."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.functional import Promise

from casearc_web.access.actions import action
from casearc_web.access.asker import Asker
from casearc_web.access.models import Notice
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember


def tell(
    *, by: Asker, to: Iterable[StaffMember], kind: str, text: str | Promise, client_id: uuid.UUID | None = None
) -> list[Notice]:
    """Leave a notice for each of them but the asker, in the language each reads. Called within an action."""
    return Notice.objects.bulk_create(
        Notice(
            agency_id=by.agency_id,
            to=member,
            kind=kind,
            client_id=client_id,
            about_id=by.staff_id,
            text=_said(text, member.language),
        )
        for member in {member.pk: member for member in to}.values()
        if member.pk != by.staff_id and member.agency_id == by.agency_id
    )


def own(*, by: Asker) -> QuerySet[Notice]:
    """The asker's own notices, those not yet seen first, the newest first."""
    mine = Notice.objects.filter(agency_id=by.agency_id, to_id=by.staff_id).select_related("about")
    return mine.order_by("-seen_at", "-at")


def unseen(by: Asker) -> int:
    """How many of the asker's notices have not been seen."""
    if by.known.unseen is not None:
        return by.known.unseen
    return Notice.objects.filter(agency_id=by.agency_id, to_id=by.staff_id, seen_at=None).count()


@action(Verb.SEE_NOTICES)
def mark_seen(*, by: Asker, notices: Iterable[uuid.UUID]) -> int:
    """Mark own notices as seen. Those of others, and unknown ids, are left alone."""
    by.known.unseen = None
    return own(by=by).filter(pk__in=list(notices), seen_at=None).order_by().update(seen_at=timezone.now())


def _said(text: str | Promise, language: str) -> str:
    with translation.override(language):
        return str(text)
