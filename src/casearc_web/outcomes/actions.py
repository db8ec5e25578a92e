"""Keeping plans and asking for runs."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.urls import reverse

from casearc_web.access.actions import action, amend, store
from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied, may
from casearc_web.access.verbs import Verb
from casearc_web.access.work import who_asks
from casearc_web.agencies.models import Program
from casearc_web.drafts.actions import finish
from casearc_web.outcomes.models import Edition, EvaluationPlan, EvaluationRun


@action(Verb.RUN_EVALUATION)
def save_plan(
    *,
    by: Asker,
    name: str,
    text: str,
    evaluator: str,
    study: str,
    programs: Collection[Program],
    submission: uuid.UUID,
    plan: EvaluationPlan | None = None,
    version: int = 1,
) -> EvaluationPlan:
    """Store a new plan, or another version of one."""
    values = {"name": name, "text": text, "evaluator": evaluator, "study": study}
    if plan is None:
        saved = store(EvaluationPlan(**values), by=by)
    else:
        saved = amend(plan, by=by, version=version, values=values)
    saved.programs.set(programs)
    key = f"plan:{plan.pk}" if plan else "plan-new"
    finish(by=by, key=key, submission=submission, address=reverse("outcomes:plan", kwargs={"plan": saved.pk}))
    return saved


@action(Verb.RUN_EVALUATION)
def ask_for_run(*, by: Asker, plan: EvaluationPlan, edition: str) -> EvaluationRun:
    """Put a run in line. It starts within seconds, where the server's worker is free."""
    if edition == Edition.IN_HOUSE and not may(by, Verb.VIEW_RESULTS_IN_HOUSE):
        raise Denied(Verb.VIEW_RESULTS_IN_HOUSE, kind=plan._meta.label_lower, record_id=plan.pk)
    return store(EvaluationRun(plan=plan, edition=edition, asked_by_id=who_asks(by)), by=by)
