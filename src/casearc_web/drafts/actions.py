"""Keeping and finishing drafts. They are the typist's own: no verb beyond the use of an account, no audit of typing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from casearc_web.access.asker import Asker
from casearc_web.drafts.models import Draft, Finished, KeptForm, expiry

MOST_KEPT_FORMS = 20
"""Of one person; then the oldest goes."""

Typed = Sequence[tuple[str, str]]


class RepeatedError(Exception):
    """The form was written already; `address` is where the first answer led. `drafts.middleware` goes there."""

    def __init__(self, address: str) -> None:
        super().__init__("this form was written already")
        self.address = address


def finish(*, by: Asker, key: str, submission: uuid.UUID, address: str) -> None:
    """Within the transaction of a write: forget its draft, and remember that the form was written and where that led.

    Raises
    ------
    RepeatedError
        Somebody sent the same form twice at once, and the other one was written. The transaction must not be kept.
    """
    if by.staff_id is None:
        raise TypeError("only a staff member sends forms")
    earlier = Finished.objects.filter(staff_id=by.staff_id, submission=submission).first()
    if earlier is not None:
        raise RepeatedError(earlier.address)
    try:
        with transaction.atomic():
            Finished.objects.create(
                agency_id=by.agency_id, staff_id=by.staff_id, submission=submission, address=address
            )
    except IntegrityError:
        raise RepeatedError(address) from None
    Draft.objects.filter(Q(key=key) | Q(submission=submission), staff_id=by.staff_id).delete()
    KeptForm.objects.filter(staff_id=by.staff_id, submission=submission).delete()


def keep_draft(*, by: Asker, key: str, fields: Typed) -> None:
    """Keep what is typed, in place of what was kept before under this key."""
    _, first = Draft.objects.update_or_create(
        agency_id=by.agency_id,
        staff_id=by.staff_id,
        key=key,
        defaults={
            "fields": [list(pair) for pair in fields],
            "submission": submission_in(fields),
            "saved_at": timezone.now(),
            "expires_at": expiry(),
        },
    )
    if first:
        clear_expired()


def forget_draft(*, by: Asker, key: str) -> None:
    """Start over."""
    Draft.objects.filter(staff_id=by.staff_id, key=key).delete()


def keep_form(*, staff_id: uuid.UUID, agency_id: uuid.UUID, address: str, fields: Typed) -> KeptForm:
    """Keep a form that came too late, for the one who sent it."""
    own = KeptForm.objects.filter(staff_id=staff_id)
    surplus = own.order_by("-kept_at").values_list("pk", flat=True)[MOST_KEPT_FORMS - 1 :]
    own.filter(pk__in=list(surplus)).delete()
    return KeptForm.objects.create(
        agency_id=agency_id,
        staff_id=staff_id,
        address=address,
        submission=submission_in(fields),
        fields=[list(pair) for pair in fields],
    )


def forget_form(*, by: Asker, form: uuid.UUID) -> None:
    """It was sent again, or is not wanted."""
    KeptForm.objects.filter(staff_id=by.staff_id, pk=form).delete()


def submission_in(fields: Typed) -> uuid.UUID | None:
    """A form's random number, where it carries one."""
    try:
        return uuid.UUID(dict(fields).get("submission", ""))
    except ValueError:
        return None


def clear_expired() -> None:
    """Remove what is older than a week."""
    for model in (Draft, KeptForm, Finished):
        model._default_manager.filter(expires_at__lt=timezone.now()).delete()
