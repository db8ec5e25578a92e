"""What stands behind the category of enrollments when something is disclosed under an authorization."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from casearc_web.access.asker import Asker
from casearc_web.access.decide import read
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.consent.categories import Line
from casearc_web.enrollments.models import Enrollment


def stays(by: Asker, client: Client) -> Iterator[Line]:
    """Each stay: program, days, why it ended."""
    own = Enrollment.objects.filter(client=client).select_related("program")
    for stay in read(by, Verb.VIEW_CASEWORK, own):
        since = _("since %(day)s") % {"day": date_format(stay.started_on, "DATE_FORMAT")}
        if stay.exited_on is None:
            yield Line(stay.program.name, since)
            continue
        until = _("until %(day)s") % {"day": date_format(stay.exited_on, "DATE_FORMAT")}
        said = (since, until, str(stay.get_exit_reason_display()))
        yield Line(stay.program.name, ", ".join(part for part in said if part))
