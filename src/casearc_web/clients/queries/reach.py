"""How a client may be reached: each way, its rule, and whether it may be used right now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casearc_web.access.asker import Asker
from casearc_web.access.decide import read
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.vault.hours import Hours
from casearc_web.vault.models import Channel, ContactWay, Permission

NEVER: dict[str, str | Promise] = {
    Channel.CALL: _("Never call"),
    Channel.TEXT: _("Never text"),
    Channel.EMAIL: _("Never email"),
    Channel.SOCIAL: _("Never on social media"),
    Channel.MAIL: _("Never send letters"),
    Channel.VISIT: _("Never visit"),
    Channel.THROUGH: _("Never through somebody else"),
}
SOME_NEVER: dict[str, str | Promise] = {
    Channel.CALL: _("Never call some numbers"),
    Channel.TEXT: _("Never text some numbers"),
    Channel.EMAIL: _("Never email some addresses"),
    Channel.SOCIAL: _("Never use some accounts"),
    Channel.MAIL: _("Never write to some addresses"),
    Channel.VISIT: _("Never visit some places"),
    Channel.THROUGH: _("Never through some people"),
}


class Now(StrEnum):
    """Whether a way may be used at this moment."""

    YES = "yes"
    CARE = "care"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to reach a client as a page shows it."""

    way: ContactWay = field(repr=False)
    now: Now
    hours: str = field(repr=False)


def ways_of(by: Asker, client: Client) -> list[ContactWay]:
    """A client's contact ways, those to be used first; one question to the database."""
    if client.identity is None:
        return []
    ways = ContactWay.objects.filter(identity=client.identity, removed_at=None).select_related("identity__client")
    order = Permission.values
    return sorted(read(by, Verb.VIEW_IDENTITY, ways), key=lambda way: order.index(way.permission))


def at_this_moment(ways: Iterable[ContactWay], now: datetime) -> list[Way]:
    """Each way with what its rule says now; `now` in local time."""
    return [_at(way, now) for way in ways]


def nevers(ways: Sequence[ContactWay]) -> list[str | Promise]:
    """What must never be done, to be read at a glance."""
    found: list[str | Promise] = []
    for channel in Channel:
        rules = [way.permission for way in ways if way.channel == channel]
        if Permission.NEVER in rules:
            found.append((NEVER if set(rules) == {Permission.NEVER} else SOME_NEVER)[channel])
    return found


def _at(way: ContactWay, now: datetime) -> Way:
    hours = Hours.of(way.hours)
    return Way(way=way, now=_now(way, hours, now), hours=hours.in_words())


def _now(way: ContactWay, hours: Hours, now: datetime) -> Now:
    if way.permission == Permission.NEVER:
        return Now.NEVER
    if not hours.allow(now):
        return Now.LATER
    return Now.CARE if way.permission == Permission.CARE else Now.YES
