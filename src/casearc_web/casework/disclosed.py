"""What stands behind the categories of services and of contact notes when something is disclosed."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from casearc_web.access.asker import Asker
from casearc_web.access.decide import may, note, read, visible
from casearc_web.access.verbs import Verb
from casearc_web.casework.models import Contact, ServiceDelivered
from casearc_web.casework.queries import counted
from casearc_web.clients.models import Client
from casearc_web.consent.categories import Line


def services(by: Asker, client: Client) -> Iterator[Line]:
    """How many contacts took place, and how often each service was delivered. No words."""
    note(by, [client])
    contacts = visible(by, Verb.VIEW_CASEWORK, counted().filter(enrollment__client=client))
    sums = contacts.order_by().aggregate(number=Count("pk"), minutes=Sum("minutes"))
    if sums["number"]:
        said = _("%(number)d, %(minutes)d minutes as far as noted")
        yield Line(_("Contacts"), said % {"number": sums["number"], "minutes": sums["minutes"] or 0})
    delivered = ServiceDelivered.objects.filter(contact__in=contacts.order_by(), withdrawn_at__isnull=True)
    for one in delivered.order_by().values("kind__name_en", "kind__name_es").annotate(times=Count("pk")):
        name = one["kind__name_es"] if by.language == "es" and one["kind__name_es"] else one["kind__name_en"]
        yield Line(name, _("%(times)d times") % {"times": one["times"]})


def notes(by: Asker, client: Client) -> Iterator[Line]:
    """The notes of contacts that stand, the oldest first; only where somebody sees notes at all."""
    if not may(by, Verb.VIEW_NOTES):
        return
    own = Contact.objects.filter(enrollment__client=client, withdrawn_at__isnull=True).select_related("enrollment")
    for one in read(by, Verb.VIEW_NOTES, own.order_by("on", "created_at")):
        if one.note:
            yield Line(date_format(one.on, "DATE_FORMAT"), one.note)
