"""Plans, runs and report files, as far as somebody may see them."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied, find, may, visible
from casearc_web.access.verbs import Verb
from casearc_web.outcomes.models import Edition, EvaluationPlan, EvaluationRun, ReportFile


def plans(*, by: Asker) -> list[EvaluationPlan]:
    """The agency's plans."""
    return list(visible(by, Verb.RUN_EVALUATION, EvaluationPlan.objects.all()))


def runs(*, by: Asker) -> QuerySet[EvaluationRun]:
    """Runs, the latest first; in-house editions only for those who may see them."""
    own = visible(by, Verb.VIEW_RESULTS, EvaluationRun.objects.select_related("plan", "asked_by"))
    return own if may(by, Verb.VIEW_RESULTS_IN_HOUSE) else own.filter(edition=Edition.OUTSIDE)


def run(run_id: uuid.UUID, *, by: Asker) -> EvaluationRun:
    """One run; `Denied` where it is an edition that the asker may not see."""
    found = find(by, Verb.VIEW_RESULTS, EvaluationRun.objects.select_related("plan", "asked_by"), run_id)
    if found.edition != Edition.OUTSIDE and not may(by, Verb.VIEW_RESULTS_IN_HOUSE):
        raise Denied(Verb.VIEW_RESULTS_IN_HOUSE, kind=found._meta.label_lower, record_id=found.pk)
    return found


def report_file(run_id: uuid.UUID, name: str, *, by: Asker) -> ReportFile:
    """One file of a run's report."""
    own = ReportFile.objects.filter(run=run(run_id, by=by), name=name)
    found = visible(by, Verb.VIEW_RESULTS, own).first()
    if found is None:
        raise Denied(Verb.VIEW_RESULTS, kind=ReportFile._meta.label_lower)
    return found
