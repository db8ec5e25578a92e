"""Accounts, teams, programs and sites of the asker's agency."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from casearc_web.access.asker import Asker
from casearc_web.access.decide import find, visible
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Agency, Program, RoleCode, Site, StaffMember, Team
from casearc_web.records.base import Record
from casearc_web.signin.models import Invitation

A_PAGE = 25
Kept = TypeVar("Kept", bound=Record)


def accounts(by: Asker, *, role: str = "", closed: bool = False, page: str | int = 1) -> Page[Any]:
    """Accounts by name; those closed only when asked for. `invited`: they have not set up their sign-in yet."""
    own = visible(by, Verb.MANAGE_STAFF, StaffMember.objects.filter(is_active=not closed))
    if role in RoleCode.values:
        own = own.filter(role=role)
    waiting = Invitation.objects.filter(staff=OuterRef("pk"), used_at=None, expires_at__gt=timezone.now())
    whole = own.select_related("team").prefetch_related("programs").annotate(invited=Exists(waiting))
    return Paginator(whole.order_by("name", "pk"), A_PAGE).get_page(page)


def account_for(by: Asker, staff: uuid.UUID) -> StaffMember:
    """One account."""
    return find(by, Verb.MANAGE_STAFF, StaffMember.objects.select_related("team", "changed_by"), staff)


def active_administrators(by: Asker) -> QuerySet[StaffMember]:
    """Those who can still come in and make accounts."""
    own = StaffMember.objects.filter(agency_id=by.agency_id, is_active=True)
    return own.filter(role=RoleCode.ADMINISTRATOR)


def agency_of(by: Asker) -> Agency:
    """The asker's agency; there is no way to another."""
    return Agency.objects.select_related("changed_by").get(pk=by.agency_id)


def all_of(by: Asker, model: type[Kept]) -> list[Kept]:
    """Every team, program or site of the agency."""
    return list(visible(by, Verb.MANAGE_AGENCY, model._default_manager.all()))


def one_of(by: Asker, model: type[Kept], record_id: uuid.UUID) -> Kept:
    """One team, program or site."""
    return find(by, Verb.MANAGE_AGENCY, model._default_manager.select_related("changed_by"), record_id)


KINDS: dict[str, type[Record]] = {"teams": Team, "programs": Program, "sites": Site}
"""What the agency is made of, by the word in the address."""
