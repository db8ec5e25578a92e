"""Runs evaluations one after the other, in a process of its own beside the server, so that no page waits for one."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from pathlib import Path

from django.db import close_old_connections, connections, transaction
from django.utils import timezone

from casearc.errors import CasearcError
from casearc_web.access.decide import Denied
from casearc_web.access.door import asker_of
from casearc_web.access.row_security import enter, leave
from casearc_web.agencies.models import Agency
from casearc_web.outcomes.evaluating import evaluate_records
from casearc_web.outcomes.models import EvaluationRun, ReportFile, Status
from casearc_web.outcomes.plans import read_text

_PAUSE_SECONDS = 1.0
_log = logging.getLogger(__name__)


def start() -> int:
    """Start the worker as a child of this process, which must have unlocked the keys; its process id.

    It ends by itself within a second of its parent's end. A plain fork: the server forks its own workers afterwards,
    and they must not take this child for theirs.
    """
    connections.close_all()  # a connection must not be shared by two processes
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    try:
        _run_until_alone(parent)
    except KeyboardInterrupt:
        pass
    finally:
        os._exit(0)


def run_next() -> bool:
    """Run the oldest waiting run of any agency; False where none waits."""
    for agency in Agency.objects.all():
        enter(agency.pk)
        try:
            run = _claim()
            if run is not None:
                _carry_out(run)
                return True
        finally:
            leave()
    return False


def give_up_interrupted() -> int:
    """Runs that a stopped server left half done are told to be failed, so that nobody waits for them."""
    count = 0
    for agency in Agency.objects.all():
        enter(agency.pk)
        left = EvaluationRun.objects.filter(agency=agency, status=Status.RUNNING)
        count += left.update(
            status=Status.FAILED, told="The server was stopped. Ask for it again.", ended_at=timezone.now()
        )
        leave()
    return count


def _run_until_alone(parent: int) -> None:
    give_up_interrupted()
    while os.getppid() == parent:
        try:
            busy = run_next()
        except Exception:  # the next run may succeed; our own formatter keeps values out of the log
            _log.exception("the worker of evaluations")
            busy = False
        close_old_connections()
        if not busy:
            time.sleep(_PAUSE_SECONDS)


def _claim() -> EvaluationRun | None:
    with transaction.atomic():
        waiting = EvaluationRun.objects.select_for_update().filter(status=Status.WAITING)
        run = waiting.order_by("asked_at").first()
        if run is not None:
            run.status = Status.RUNNING
            run.save(update_fields=["status"])
    return run


def _carry_out(run: EvaluationRun) -> None:
    try:
        _evaluate(run)
    except CasearcError as refused:
        _end(run, Status.REFUSED, told=str(refused))
    except Denied:
        _end(run, Status.REFUSED, told="Whoever asked for it may not any more.")
    except Exception:
        _log.exception("an evaluation")
        _end(run, Status.FAILED, told="Casearc failed, and that is our fault. Nothing was kept of this run.")


def _evaluate(run: EvaluationRun) -> None:
    plan, kept = None, run.plan
    by = asker_of(run.asked_by)
    plan = read_text(kept.text, floor=run.agency.disclosure_floor)
    evaluation, export = evaluate_records(
        plan,
        by=by,
        programs=list(kept.programs.values_list("pk", flat=True)),
        evaluator=kept.evaluator,
        study=kept.study,
        edition=run.edition,
        progress=lambda step: _tell(run, step),
    )
    _tell(run, "Writing the report")
    with tempfile.TemporaryDirectory(prefix="casearc-report-", dir=_memory()) as folder:
        rendered = evaluation.write(Path(folder) / "report")
        files = {path.relative_to(rendered.folder).as_posix(): path.read_bytes() for path in rendered.paths}
    with transaction.atomic():
        for name, content in files.items():
            ReportFile.objects.create(agency_id=run.agency_id, run=run, name=name, content=content)
        run.left_out, run.plan_digest = export.left_out, plan.digest
        run.data_digest = evaluation.details.data_digest
        run.save(update_fields=["left_out", "plan_digest", "data_digest"])
        _end(run, Status.DONE, told="")


def _memory() -> str | None:
    """A folder in memory where there is one: a report lies nowhere unsealed on the disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _tell(run: EvaluationRun, step: str) -> None:
    EvaluationRun.objects.filter(pk=run.pk).update(step=step[:200])


def _end(run: EvaluationRun, status: Status, *, told: str) -> None:
    run.status, run.told, run.ended_at = status, told, timezone.now()
    run.save(update_fields=["status", "told", "ended_at"])
