"""Asking for rows, deciding on it, taking them away: three acts of two people, each logged."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Collection, Mapping

import polars as pl
from django.urls import reverse
from django.utils import timezone

from casearc_web.access.actions import action, amend, store
from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Agency, Program
from casearc_web.analysis_export.export import export_tables
from casearc_web.analysis_export.models import RowExport, State
from casearc_web.drafts.actions import finish


@action(Verb.EXPORT_ROWS)
def ask_for_rows(
    *, by: Asker, programs: Collection[Program], evaluator: str, study: str, reason: str, submission: uuid.UUID
) -> RowExport:
    """Ask for rows. Denied where the agency has not allowed row exports at all."""
    if not Agency.objects.get(pk=by.agency_id).row_exports:
        raise Denied(Verb.EXPORT_ROWS)
    asked = store(RowExport(evaluator=evaluator, study=study, reason=reason), by=by)
    asked.programs.set(programs)
    finish(by=by, key="rows", submission=submission, address=reverse("analysis_export:exports"))
    return asked


@action(Verb.APPROVE_EXPORT)
def decide(*, by: Asker, export: RowExport, version: int, approve: bool) -> RowExport:
    """Approve or refuse. Never one's own request."""
    if export.created_by_id == by.staff_id or export.state != State.ASKED:
        raise Denied(Verb.APPROVE_EXPORT, kind=export._meta.label_lower, record_id=export.pk)
    values = {
        "state": State.APPROVED if approve else State.REFUSED,
        "decided_by_id": by.staff_id,
        "decided_at": timezone.now(),
    }
    return amend(export, by=by, version=version, values=values)


def take(*, by: Asker, export: RowExport) -> bytes:
    """The rows as a zip of CSV files: once, by whoever asked, within a day of the approval."""
    content: list[bytes] = []
    _take(by=by, export=export, content=content)
    return content[0]


@action(Verb.EXPORT_ROWS)
def _take(*, by: Asker, export: RowExport, content: list[bytes]) -> RowExport:
    if export.created_by_id != by.staff_id or not export.can_be_taken:
        raise Denied(Verb.EXPORT_ROWS, kind=export._meta.label_lower, record_id=export.pk)
    programs = list(export.programs.values_list("pk", flat=True))
    made = export_tables(
        by=by, programs=programs, evaluator=export.evaluator, study=export.study, verb=Verb.EXPORT_ROWS
    )
    by.trail.saw(made.clients)
    content.append(_zipped(made.tables))
    values = {"state": State.TAKEN, "taken_at": timezone.now()}
    return amend(export, by=by, version=export.version, values=values)


def _zipped(tables: Mapping[str, pl.DataFrame]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, frame in tables.items():
            archive.writestr(f"{name}.csv", frame.write_csv())
    return packed.getvalue()
