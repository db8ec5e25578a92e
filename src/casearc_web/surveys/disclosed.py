"""What stands behind the category of measures: which instrument was given when.

Scores stay in the house: nobody is to decide about one person by them.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.formats import date_format

from casearc.instruments import available, load
from casearc_web.access.asker import Asker
from casearc_web.access.decide import read
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.consent.categories import Line
from casearc_web.surveys.models import Administration


def measures(by: Asker, client: Client) -> Iterator[Line]:
    """Each administration: instrument and day."""
    titles = {reference: load(reference).title for reference in available()}
    own = Administration.objects.filter(enrollment__client=client).select_related("enrollment")
    for one in read(by, Verb.VIEW_CASEWORK, own):
        yield Line(titles.get(one.reference, one.reference), date_format(one.on, "DATE_FORMAT"))
