"""What stands behind the categories of needs and of substance use: levels of the last assessment, never a note."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from casearc_web.access.asker import Asker
from casearc_web.access.decide import read
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.consent.categories import Line
from casearc_web.needs.levels import Level
from casearc_web.needs.models import NeedsAssessment
from casearc_web.needs.queries import domains


def needs(by: Asker, client: Client) -> Iterator[Line]:
    """Levels without substance use."""
    yield from _levels(by, client, Verb.VIEW_CASEWORK, substance_use=False)


def substance_use(by: Asker, client: Client) -> Iterator[Line]:
    """Levels of substance use, under 42 CFR Part 2."""
    yield from _levels(by, client, Verb.VIEW_SUBSTANCE_USE, substance_use=True)


def _levels(by: Asker, client: Client, verb: Verb, *, substance_use: bool) -> Iterator[Line]:
    own = NeedsAssessment.objects.filter(enrollment__client=client).select_related("enrollment").order_by("-on")
    for last in read(by, verb, own, most=1):
        for domain in domains(by.agency_id):
            level = last.answer(domain.code)
            if domain.substance_use is substance_use and isinstance(level, int):
                label = _("Need on %(day)s: %(domain)s")
                said = {"day": date_format(last.on, "DATE_FORMAT"), "domain": domain.name}
                yield Line(label % said, f"{level} {Level(level).label}")
