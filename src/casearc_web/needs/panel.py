"""Needs on a client's overview: what was pressing last time, and when to ask again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from casearc_web.access.asker import Asker
from casearc_web.clients.models import Client
from casearc_web.needs import queries
from casearc_web.needs.forms import in_words
from casearc_web.needs.levels import Level
from casearc_web.needs.schedule import next_due


def panel(by: Asker, client: Client) -> Mapping[str, Any]:
    """The last assessment of the stay at hand: the levels from a lot up, and when the next one is due."""
    stay = next(iter(queries.enrollments(by, client)), None)
    if stay is None:
        return {"last": None, "due_on": None}
    last = queries.before(by, stay)
    substance_use = queries.sees_substance_use(by, stay)
    seen = [d for d in queries.domains(by.agency_id) if substance_use or not d.substance_use] if last else []
    answers = [(domain, last.answer(domain.code)) for domain in seen] if last else []
    return {
        "last": last,
        "pressing": [
            (d, in_words(answer)) for d, answer in answers if isinstance(answer, int) and answer >= Level.MUCH
        ],
        "due_on": next_due(started_on=stay.started_on, exited_on=stay.exited_on, last=last.on if last else None),
        "today": timezone.localdate(),
    }
