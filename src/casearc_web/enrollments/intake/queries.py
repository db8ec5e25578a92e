"""What an intake may choose from, and who is here already with like details."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casearc_web.access.asker import Asker
from casearc_web.access.decide import note, visible
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Program, RoleCode, Site, StaffMember
from casearc_web.clients.care import care
from casearc_web.clients.models import Client
from casearc_web.vault.matching import Likeness, alike

IN_WORDS: dict[Likeness, str | Promise] = {
    Likeness.NAME: _("the same name"),
    Likeness.BIRTH: _("the same birth date and a like name"),
    Likeness.WAY: _("the same number, address or account"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """A client of the asker's whose details are like the new one's."""

    client: Client = field(repr=False)
    programs: str
    alike: tuple[str | Promise, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likes:
    """Who is here already. `elsewhere` are clients beyond the asker's reach: never shown, only that there are some."""

    own: tuple[Like, ...]
    elsewhere: frozenset[uuid.UUID]

    def __bool__(self) -> bool:
        return bool(self.own or self.elsewhere)


def programs_for(by: Asker) -> QuerySet[Program]:
    """Programs in which the asker may enroll: their own; all that are open for somebody without any, but a director."""
    open_ones = Program.objects.filter(agency_id=by.agency_id, is_open=True)
    if by.program_ids or by.role == RoleCode.DIRECTOR:
        return open_ones.filter(pk__in=by.program_ids)
    return open_ones


def leads_for(by: Asker) -> QuerySet[StaffMember]:
    """Who may care for the new client: oneself; a supervisor's team; for a director, who works in the own programs."""
    active = StaffMember.objects.filter(
        agency_id=by.agency_id, is_active=True, role__in=(RoleCode.CASE_MANAGER, RoleCode.SUPERVISOR)
    )
    if by.role == RoleCode.SUPERVISOR and by.team_id is not None:
        return active.filter(team_id=by.team_id)
    if by.role == RoleCode.DIRECTOR:
        return active.filter(programs__in=by.program_ids).distinct() | active.filter(programs=None).distinct()
    return active.filter(pk=by.staff_id) if by.staff_id else active.none()


def sites_for(by: Asker) -> QuerySet[Site]:
    """The agency's sites."""
    return Site.objects.filter(agency_id=by.agency_id)


def likes(by: Asker, *, names: Iterable[str], birth_date: str, ways: Iterable[str]) -> Likes:
    """Clients of the whole agency with like details; those within reach are noted as read."""
    found = alike(by.agency_id, names=list(names), birth_date=birth_date, ways=ways)
    if not found:
        return Likes(own=(), elsewhere=frozenset())
    everybody = Client.objects.filter(agency_id=by.agency_id, identity_id__in=found, purged_at=None)
    own = list(visible(by, Verb.SEARCH_CLIENTS, everybody).select_related("identity").order_by("code"))
    note(by, own)
    programs = care().programs(by, [client.pk for client in own])
    others = set(everybody.values_list("pk", flat=True)) - {client.pk for client in own}
    return Likes(
        own=tuple(
            Like(
                client=client,
                programs=programs.get(client.pk, ""),
                alike=in_words(found[_identity_id(client)]),
            )
            for client in own
        ),
        elsewhere=frozenset(others),
    )


def in_words(kinds: Collection[Likeness]) -> tuple[str | Promise, ...]:
    """In what two people are alike. Where the whole name is the same, that it begins the same says nothing more."""
    said = dict(IN_WORDS)
    if Likeness.NAME in kinds:
        said[Likeness.BIRTH] = _("the same birth date")
    return tuple(said[kind] for kind in Likeness if kind in kinds)


def _identity_id(client: Client) -> uuid.UUID:
    if client.identity is None:
        raise LookupError("a client found by identity has one")
    return client.identity.pk
