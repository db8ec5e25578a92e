"""Recording an administration."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from django.urls import reverse

from casearc_web.access.actions import action, store
from casearc_web.access.asker import Asker
from casearc_web.access.verbs import Verb
from casearc_web.drafts.actions import finish
from casearc_web.enrollments.models import Enrollment
from casearc_web.surveys.models import Administration


@action(Verb.WRITE_CASEWORK)
def record_administration(
    *,
    by: Asker,
    enrollment: Enrollment,
    instrument: str,
    variant: str,
    on: date,
    mode: str,
    language: str,
    wording_version: str,
    answers: Mapping[str, int],
    reasons: Mapping[str, str],
    submission: uuid.UUID,
    draft: str,
) -> Administration:
    """Store the answers of one administration."""
    address = reverse("surveys:administrations", kwargs={"client": enrollment.client_id})
    finish(by=by, key=draft, submission=submission, address=address)
    by.trail.say(f"{instrument}, {len(answers)} items")
    return store(
        Administration(
            enrollment=enrollment,
            instrument=instrument,
            variant=variant,
            on=on,
            mode=mode,
            language=language,
            wording_version=wording_version,
            staff_id=by.staff_id,
            answers=dict(answers),
            reasons=dict(reasons),
        ),
        by=by,
    )
