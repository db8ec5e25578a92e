"""From the records to an evaluation. Used by the worker and by `casearc evaluate --from-records`."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection

from django.db import transaction
from django.utils.translation import gettext as _

from casearc.disclosure import Policy
from casearc.evaluation import Evaluation, evaluate
from casearc.study import StudyPlan
from casearc.tables import build
from casearc_web.access.actions import log
from casearc_web.access.asker import Asker
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Agency
from casearc_web.analysis_export.export import Export, export_tables

Progress = Callable[[str], None]


def evaluate_records(
    plan: StudyPlan,
    *,
    by: Asker,
    programs: Collection[uuid.UUID],
    evaluator: str,
    study: str,
    edition: str,
    progress: Progress,
) -> tuple[Evaluation, Export]:
    """Evaluate these programs' records by a plan. Logged with every client whose records were read, before it begins.

    Raises
    ------
    Denied, PlanRefusedError, DataRefusedError, DisclosureRefusedError
    """
    progress(_("Reading the records of those who agreed"))
    export = export_tables(by=by, programs=programs, evaluator=evaluator, study=study, verb=Verb.RUN_EVALUATION)
    with transaction.atomic():
        by.trail.say(f"{len(export.clients)} clients, edition {edition}, plan {plan.digest[:12]}")
        log(by, Verb.RUN_EVALUATION, clients=export.clients)
    progress(_("Checking the tables"))
    tables = build(export.tables)
    policy = Policy(floor=Agency.objects.get(pk=by.agency_id).disclosure_floor)
    return evaluate(plan, tables, edition=edition, policy=policy, progress=progress), export
