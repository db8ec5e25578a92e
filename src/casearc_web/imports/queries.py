"""Imports as far as somebody reaches them: an administrator all of the agency, a director the own programs."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import QuerySet

from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied, find, may, note, visible
from casearc_web.access.roles import Reach
from casearc_web.access.verbs import Verb
from casearc_web.access.work import UNDER_WAY
from casearc_web.agencies.models import Program, RoleCode, StaffMember
from casearc_web.clients.models import Client
from casearc_web.imports.models import Import, ImportWork
from casearc_web.records.among import among

MOST_CODES = 50


def imports(*, by: Asker) -> QuerySet[Import]:
    """Imports, the latest first."""
    return _own(by, Import.objects.select_related("program", "created_by"))


def import_for(by: Asker, import_id: uuid.UUID) -> Import:
    """One import; `Denied` where it is not the asker's to see."""
    return find(by, Verb.IMPORT_RECORDS, imports(by=by).select_related("lead", "undone_by"), import_id)


def programs_for(by: Asker) -> QuerySet[Program]:
    """Programs into which somebody may import."""
    own = visible(by, Verb.IMPORT_RECORDS, Program.objects.filter(is_open=True))
    return own if _reaches_all(by) else own.filter(pk__in=by.program_ids)


def leads_for(by: Asker) -> QuerySet[StaffMember]:
    """Who may answer for what the files name nobody for: case managers and supervisors."""
    working = StaffMember.objects.filter(is_active=True, role__in=(RoleCode.CASE_MANAGER, RoleCode.SUPERVISOR))
    return visible(by, Verb.IMPORT_RECORDS, working)


def codes_of(by: Asker, clients: Collection[uuid.UUID]) -> list[Client]:
    """Those of the clients whom the asker sees, for their codes; at most fifty."""
    if not may(by, Verb.VIEW_CLIENT) or not clients:
        return []
    seen = visible(by, Verb.VIEW_CLIENT, Client.objects.filter(among("pk", clients))).order_by("code")
    found = list(seen[:MOST_CODES])
    note(by, found)
    return found


def under_way(batch: Import) -> ImportWork | None:
    """What is being done about an import right now, or waits for it."""
    return batch.works.filter(status__in=UNDER_WAY).first()


def last_work(batch: Import) -> ImportWork | None:
    """What was asked for last."""
    return batch.works.first()


def check_program(by: Asker, program: Program) -> None:
    """`Denied` where somebody may not import into a program."""
    if not programs_for(by).filter(pk=program.pk).exists():
        raise Denied(Verb.IMPORT_RECORDS, kind=program._meta.label_lower, record_id=program.pk)


def _own(by: Asker, records: QuerySet[Import]) -> QuerySet[Import]:
    own = visible(by, Verb.IMPORT_RECORDS, records)
    return own if _reaches_all(by) else own.filter(program__in=by.program_ids)


def _reaches_all(by: Asker) -> bool:
    return by.reach(Verb.IMPORT_RECORDS) == Reach.AGENCY
