"""A run reads the records of those who agreed; its report is sealed and each edition shown to whom it may be."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from casearc_web.access.decide import Denied
from casearc_web.access.door import asker_of
from casearc_web.access.work import Status
from casearc_web.agencies.models import StaffMember
from casearc_web.audit.models import AuditEvent
from casearc_web.demo import fill
from casearc_web.outcomes import queries
from casearc_web.outcomes.actions import ask_for_run, save_plan
from casearc_web.outcomes.line import give_up_interrupted, run_next
from casearc_web.outcomes.models import EvaluationPlan, EvaluationRun


@pytest.fixture
def evaluator(db: None) -> StaffMember:
    fill(participants=60, seed=2024, today=date(2026, 11, 2), complete=True)
    return StaffMember.objects.get(role="evaluator")


def _by(role: str) -> object:
    return asker_of(StaffMember.objects.filter(role=role)[0])


def test_a_run_ends_in_a_report(evaluator: StaffMember) -> None:
    by = asker_of(evaluator)
    asked = ask_for_run(by=by, plan=EvaluationPlan.objects.get(), edition="outside")
    assert run_next()
    run = queries.run(asked.pk, by=by)
    assert (run.status, run.told) == (Status.DONE, "")
    assert {"report.html", "report.pdf", "report.docx", "results.json"} <= set(run.files.values_list("name", flat=True))
    assert b"<html" in bytes(queries.report_file(run.pk, "report.html", by=by).content)
    assert run.left_out == 2  # every twenty-fourth said no
    event = AuditEvent.objects.filter(verb="run_evaluation").exclude(clients=None).distinct().get()
    assert event.clients.count() == 58
    assert not run_next()


def test_an_in_house_edition_is_not_shown_to_those_who_see_outside_ones_only(evaluator: StaffMember) -> None:
    plan = EvaluationPlan.objects.get()
    run = ask_for_run(by=asker_of(evaluator), plan=plan, edition="in-house")
    supervisor = _by("supervisor")
    assert run not in queries.runs(by=supervisor)
    with pytest.raises(Denied):
        queries.run(run.pk, by=supervisor)
    with pytest.raises(Denied):
        ask_for_run(by=supervisor, plan=plan, edition="outside")


def test_a_plan_that_does_not_fit_is_refused_in_words(evaluator: StaffMember) -> None:
    plan = EvaluationPlan.objects.get()
    text = plan.text.replace('reference = "girl"', 'reference = "nobody"')
    changed = save_plan(
        by=asker_of(evaluator),
        plan=plan,
        version=plan.version,
        name=plan.name,
        text=text,
        evaluator=plan.evaluator,
        study="",
        programs=list(plan.programs.all()),
        submission=uuid.uuid4(),
    )
    run = ask_for_run(by=asker_of(evaluator), plan=changed, edition="outside")
    assert run_next()
    run.refresh_from_db()
    assert run.status == Status.REFUSED
    assert run.told
    assert not run.files.exists()


def test_what_a_stopped_server_left_is_told_to_have_failed(evaluator: StaffMember) -> None:
    run = ask_for_run(by=asker_of(evaluator), plan=EvaluationPlan.objects.get(), edition="outside")
    EvaluationRun.objects.filter(pk=run.pk).update(status=Status.RUNNING)
    assert give_up_interrupted() == 1
    run.refresh_from_db()
    assert run.status == Status.FAILED
