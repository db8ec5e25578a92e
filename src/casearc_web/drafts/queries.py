"""Reading one's own drafts."""

from __future__ import annotations

import base64
import uuid

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils import timezone

from casearc_web import keys
from casearc_web.access.asker import Asker
from casearc_web.drafts.models import Draft, Finished, KeptForm


def used(*, by: Asker, submission: uuid.UUID | None) -> str | None:
    """Where the answer led when this form was written; None where it was not. Ask before writing."""
    if submission is None:
        return None
    earlier = Finished.objects.filter(staff_id=by.staff_id, submission=submission)
    return earlier.values_list("address", flat=True).first()


def draft_of(*, by: Asker, key: str) -> Draft | None:
    """One's own draft of a form."""
    return Draft.objects.filter(staff_id=by.staff_id, key=key, expires_at__gt=timezone.now()).first()


def kept_form(*, by: Asker, form: uuid.UUID) -> KeptForm | None:
    """One's own form that came too late."""
    return KeptForm.objects.filter(staff_id=by.staff_id, pk=form, expires_at__gt=timezone.now()).first()


def local_key(staff_id: uuid.UUID) -> str:
    """The key under which a phone keeps this person's drafts while it has no connection; base64."""
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"draft/" + staff_id.bytes)
    derived = hkdf.derive(keys.current().drafts)
    return base64.b64encode(derived).decode()
