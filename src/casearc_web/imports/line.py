"""Tasks about imports, one after the other: files looked at, an import worked out, carried out, undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from casearc.errors import CasearcError, Fault
from casearc_web.access.asker import Asker
from casearc_web.access.door import asker_of
from casearc_web.access.work import Status, do_next, end_as_stopped, end_interrupted
from casearc_web.imports import actions, reading
from casearc_web.imports.holding import stored
from casearc_web.imports.models import Import, ImportWork, State, Task
from casearc_web.imports.queries import import_for

Do = Callable[[ImportWork, Import, Asker], object]


def run_next() -> bool:
    """Do the oldest waiting task of any agency; False where none waits."""
    return do_next(ImportWork, _do)


def give_up_interrupted() -> int:
    """Tell what a stopped worker left half done; how many."""
    return end_interrupted(ImportWork, _end_interrupted)


def _do(work: ImportWork) -> None:
    by = asker_of(work.asked_by)
    by.trail.route = f"imports:{_ROUTES[Task(work.task)]}"
    _TASKS[Task(work.task)](work, import_for(by, work.batch_id), by)
    work.end(Status.DONE)


def _end_interrupted(work: ImportWork) -> None:
    """All or nothing: what had been stored when the worker stopped was done."""
    if work.batch.state in _AFTER.get(Task(work.task), ()):
        work.end(Status.DONE)
    else:
        end_as_stopped(work)


def _look(work: ImportWork, batch: Import, by: Asker) -> None:
    try:
        proposal = reading.proposed(stored(batch), progress=work.say)
    except CasearcError as refused:
        actions.keep_refusal(by=by, batch=batch, refused=refused)
        return
    actions.keep_proposal(by=by, batch=batch, text=proposal.text, told=reading.told(proposal))


def _preview(work: ImportWork, batch: Import, by: Asker) -> None:
    read, faults = _read(work, batch)
    actions.keep_preview(by=by, batch=batch, read=read, faults=faults, progress=work.say)


def _import(work: ImportWork, batch: Import, by: Asker) -> None:
    read, faults = _read(work, batch)
    if read is None:
        actions.keep_preview(by=by, batch=batch, read=None, faults=faults)
        raise ValidationError(_("Something must be mended first. The preview says what."))
    actions.carry_out(by=by, batch=batch, read=read, progress=work.say)


def _undo(work: ImportWork, batch: Import, by: Asker) -> None:
    work.say(_("Erasing the records"))
    actions.undo(by=by, batch=batch)


def _read(work: ImportWork, batch: Import) -> tuple[reading.Read | None, list[Fault]]:
    try:
        return reading.read(batch, progress=work.say), []
    except CasearcError as refused:
        return None, list(refused.faults) or [reading.as_fault(refused)]


_TASKS: Mapping[Task, Do] = {Task.LOOK: _look, Task.PREVIEW: _preview, Task.IMPORT: _import, Task.UNDO: _undo}
_ROUTES: Mapping[Task, str] = {
    Task.LOOK: "look",
    Task.PREVIEW: "preview",
    Task.IMPORT: "carry_out",
    Task.UNDO: "undo",
}
_AFTER: Mapping[Task, tuple[State, ...]] = {
    Task.LOOK: (State.PROPOSED, State.REFUSED),
    Task.IMPORT: (State.IMPORTED,),
    Task.UNDO: (State.UNDONE,),
}
