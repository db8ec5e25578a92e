"""What is due, computed from the enrollment on the day somebody asks: there is no stored schedule that could be out
of date.

`needs`, `goals` and others register what they ask for; the caseload shows it all in one list.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from casearc_web.access.asker import Asker
from casearc_web.enrollments.models import Enrollment


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing to do for one enrollment, the day it is due and the page where it is done."""

    enrollment_id: uuid.UUID
    what: str | Promise
    on: date
    address: str


Provider = Callable[[Asker, Sequence[Enrollment], date], list[Due]]

_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Add something that can be due.

    A provider asks the database a fixed number of times, however many enrollments there are.
    """
    if provider not in _providers:
        _providers.append(provider)


def due(by: Asker, enrollments: Sequence[Enrollment], today: date) -> list[Due]:
    """Everything due for these enrollments (which the asker has been allowed to see), the oldest first."""
    found = [item for provider in _providers for item in provider(by, enrollments, today)]
    return sorted(found, key=lambda item: (item.on, str(item.what)))
