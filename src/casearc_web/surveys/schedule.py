"""When measures are due: at intake and every 180 days, computed from the enrollment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from casearc_web.access.asker import Asker
from casearc_web.addresses import address
from casearc_web.enrollments.due import Due
from casearc_web.enrollments.models import Enrollment
from casearc_web.records.among import among
from casearc_web.surveys.models import Administration

EVERY = 180
"""Days between rounds."""
EARLY = 30
"""A round counts as given from so many days before its day."""


def round_due(started_on: date, given: Sequence[date], today: date) -> date | None:
    """The day of the round that is due now, None while the newest round is given.

    A round belongs to day 0, 180, 360 … A round that was missed is not asked for later: the newest counts.
    """
    elapsed = (today - started_on).days
    if elapsed < 0:
        return None
    number = (elapsed + EARLY) // EVERY
    day = started_on + timedelta(days=number * EVERY)
    since = day - timedelta(days=EARLY)
    return None if any(on >= since for on in given) else day


def due_rounds(by: Asker, enrollments: Sequence[Enrollment], today: date) -> list[Due]:
    """A round of measures for each open enrollment that has none in its time."""
    open_ones = [enrollment for enrollment in enrollments if enrollment.is_open]
    given: dict[object, list[date]] = defaultdict(list)
    rows = Administration.objects.filter(among("enrollment_id", [e.pk for e in open_ones]))
    for enrollment_id, on in rows.values_list("enrollment_id", "on"):
        given[enrollment_id].append(on)
    return [
        Due(
            enrollment_id=enrollment.pk,
            what=_("Measures"),
            on=day,
            address=address("surveys:administrations", client=enrollment.client_id),
        )
        for enrollment in open_ones
        if (day := round_due(enrollment.started_on, given[enrollment.pk], today)) is not None
    ]
