"""Evaluations, one after the other."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from casearc_web.access.door import asker_of
from casearc_web.access.work import Status, do_next, end_as_stopped, end_interrupted
from casearc_web.outcomes.evaluating import evaluate_records
from casearc_web.outcomes.models import EvaluationRun, ReportFile
from casearc_web.outcomes.plans import read_text


def run_next() -> bool:
    """Run the oldest waiting run of any agency; False where none waits."""
    return do_next(EvaluationRun, _evaluate)


def give_up_interrupted() -> int:
    """Tell of runs that a stopped worker left half done that they failed; how many."""
    return end_interrupted(EvaluationRun, end_as_stopped)


def _evaluate(run: EvaluationRun) -> None:
    kept, by = run.plan, asker_of(run.asked_by)
    plan = read_text(kept.text, floor=run.agency.disclosure_floor)
    evaluation, export = evaluate_records(
        plan,
        by=by,
        programs=list(kept.programs.values_list("pk", flat=True)),
        evaluator=kept.evaluator,
        study=kept.study,
        edition=run.edition,
        progress=run.say,
    )
    run.say(_("Writing the report"))
    with tempfile.TemporaryDirectory(prefix="casearc-report-", dir=_memory()) as folder:
        rendered = evaluation.write(Path(folder) / "report")
        files = {path.relative_to(rendered.folder).as_posix(): path.read_bytes() for path in rendered.paths}
    with transaction.atomic():
        for name, content in files.items():
            ReportFile.objects.create(agency_id=run.agency_id, run=run, name=name, content=content)
        run.left_out, run.plan_digest = export.left_out, plan.digest
        run.data_digest = evaluation.details.data_digest
        run.save(update_fields=["left_out", "plan_digest", "data_digest"])
        run.end(Status.DONE)


def _memory() -> str | None:
    """A folder in memory where there is one: a report lies nowhere unsealed on the disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None
