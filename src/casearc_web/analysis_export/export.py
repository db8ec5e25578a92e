"""The way out of the records: consented, de-identified tables for the library. Nobody is shown them here."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl
from django.db.models import Prefetch

from casearc_web.access.asker import Asker
from casearc_web.access.decide import require
from casearc_web.access.verbs import Verb
from casearc_web.analysis_export.frames import Stays, frames
from casearc_web.analysis_export.permitted import permitted_for
from casearc_web.analysis_export.pseudonyms import Pseudonyms
from casearc_web.clients.models import Client
from casearc_web.enrollments.models import CareTeamMember, Enrollment


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Tables by the contract's names, whose records stand in them, and how many were left out for want of a yes."""

    tables: Mapping[str, pl.DataFrame]
    clients: frozenset[uuid.UUID]
    left_out: int


def export_tables(*, by: Asker, programs: Collection[uuid.UUID], evaluator: str, study: str, verb: Verb) -> Export:
    """Tables of these programs' enrollments, as far as the clients have agreed to this evaluation.

    Enrollment is asked for first: a client who did not agree to it is left out whole. Columns and tables that a client
    did not agree to are empty for that client. Both are decided by the ledger of authorizations, now.

    Raises
    ------
    Denied
        The asker may not do this at all.
    """
    require(by, verb)
    everybody = Client.objects.filter(
        agency_id=by.agency_id, enrollments__program__in=list(programs), purged_at__isnull=True
    ).distinct()
    permitted = permitted_for(everybody, agency_id=by.agency_id, evaluator=evaluator, study=study)
    found = _enrollments(by, programs, permitted.anybody)
    stays = Stays(names=Pseudonyms(by.agency_id), enrollments=found, permitted=permitted)
    clients = frozenset(stay.client_id for stay in found)
    return Export(tables=frames(stays), clients=clients, left_out=everybody.count() - len(clients))


def _enrollments(by: Asker, programs: Collection[uuid.UUID], clients: Collection[uuid.UUID]) -> list[Enrollment]:
    team = Prefetch("care_team", queryset=CareTeamMember.objects.select_related("staff").order_by("part", "-since"))
    own = Enrollment.objects.filter(agency_id=by.agency_id, program__in=list(programs))
    rows = own.select_related("client", "program", "site").prefetch_related(team).order_by("started_on", "pk")
    return [stay for stay in rows.iterator(chunk_size=2_000) if stay.client_id in clients]
