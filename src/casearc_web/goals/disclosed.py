"""What stands behind the category of needs and goals, as far as goals go. No words, no substance use."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from casearc_web.access.asker import Asker
from casearc_web.access.decide import read
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.consent.categories import Line
from casearc_web.goals.models import Goal
from casearc_web.needs.levels import domain_in_words


def goals(by: Asker, client: Client) -> Iterator[Line]:
    """Each goal: its domain, since when, how it stands."""
    own = Goal.objects.filter(enrollment__client=client, substance_use=False).select_related("enrollment")
    for goal in read(by, Verb.VIEW_CASEWORK, own):
        day = date_format(goal.opened_on, "DATE_FORMAT")
        state = goal.get_status_display()
        yield Line(
            _("Goal: %(domain)s") % {"domain": domain_in_words(goal.domain)},
            _("set on %(day)s: %(state)s") % {"day": day, "state": state},
        )
