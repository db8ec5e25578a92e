"""Breaking the glass, and looking for somebody beyond one's own clients. Both leave a trace, whatever they find."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from casearc_web.access.actions import action, store
from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied, note, visible
from casearc_web.access.models import BrokenGlass
from casearc_web.access.notices import tell
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.clients.care import care
from casearc_web.clients.models import Client
from casearc_web.vault.matching import by_name_and_birth

SHORTEST_REASON = 10
"""Letters: enough that it says something."""
GLASS_BROKEN = "glass_broken"
_MOST = 10


@action(Verb.BREAK_GLASS)
def break_glass(*, by: Asker, client: Client, reason: str) -> BrokenGlass:
    """Open a client's record beyond one's reach for four hours. The reason is logged, and those who answer are told.

    Raises
    ------
    ValidationError
        The reason is too short to be one.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValidationError(_("Say in a few words why you need this record now."), code="reason")
    opened = store(BrokenGlass(client_id=client.pk, staff=_staff(by), reason=reason.strip()), by=by)
    text = format_lazy(_("{who} opened the record of {code} by breaking the glass."), who=by.name, code=client.code)
    tell(
        by=by,
        to=care().answer_for(by.agency_id, client.pk),
        kind=GLASS_BROKEN,
        text=format_lazy("{text} {label} {reason}", text=text, label=_("Reason:"), reason=reason.strip()),
        client_id=client.pk,
    )
    by.trail.say(reason.strip())
    return opened


@action(Verb.BREAK_GLASS)
def close_glass(*, by: Asker, client: Client) -> int:
    """Close what the asker opened and is still open."""
    own = BrokenGlass.objects.filter(agency_id=by.agency_id, staff_id=by.staff_id, client_id=client.pk)
    by.trail.say("closed")
    return own.filter(closes_at__gt=timezone.now()).update(closes_at=timezone.now())


def _staff(by: Asker) -> StaffMember:
    if by.staff_id is None:  # a command of the operator's breaks no glass
        raise Denied(Verb.BREAK_GLASS)
    return StaffMember.objects.get(pk=by.staff_id, agency_id=by.agency_id)


@action(Verb.LOOK_BEYOND)
def look_beyond(*, by: Asker, name: str, birth_date: date) -> list[Client]:
    """Clients of the agency with exactly this name and birth date who are not the asker's own. Logged, found or not."""
    everybody = visible(by, Verb.LOOK_BEYOND, Client.objects.filter(purged_at=None))
    same = everybody.filter(by_name_and_birth(by.agency_id, name=name, birth_date=birth_date.isoformat()))
    own = visible(by, Verb.VIEW_CLIENT, Client.objects.all()).values("pk")
    found = list(same.exclude(pk__in=own).order_by("code")[:_MOST])
    note(by, found)
    by.trail.say(f"looked by whole name and birth date: {len(found)} found")
    return found
