"""Starting an import, changing its mapping, looking at what it would do, doing it, undoing it: each logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casearc.errors import CasearcError, Fault
from casearc.progress import Progress, quiet
from casearc_web.access.actions import action, amend, store
from casearc_web.access.asker import Asker
from casearc_web.access.verbs import Verb
from casearc_web.access.work import who_asks
from casearc_web.agencies.models import Program, StaffMember
from casearc_web.imports import mapping
from casearc_web.imports.fitting import Plan, fit
from casearc_web.imports.fitting.ledger import stamp
from casearc_web.imports.holding import keep
from casearc_web.imports.models import Import, ImportWork, State, Task
from casearc_web.imports.notes import faults_told
from casearc_web.imports.queries import check_program, under_way
from casearc_web.imports.reading import Read
from casearc_web.imports.undoing import Standing, made_by, standing, take_back
from casearc_web.imports.writing import clients_of, write
from casearc_web.retention.wiping import forget_old_pages


class StandingError(ValidationError):
    """Somebody has worked on the records of an import since. Nothing was undone."""

    def __init__(self, found: Standing) -> None:
        count = found.records
        text = ngettext(
            "Nothing was undone: %(count)d record was changed or added since.",
            "Nothing was undone: %(count)d records were changed or added since.",
            count,
        )
        super().__init__(text % {"count": count})
        self.found = found


@action(Verb.IMPORT_RECORDS)
def start(*, by: Asker, program: Program, lead: StaffMember, files: Sequence[tuple[str, list[bytes]]]) -> Import:
    """Keep files, sealed, and ask for somebody to look at them."""
    check_program(by, program)
    batch = store(Import(program=program, lead=lead), by=by)
    keep(batch, files)
    _put_in_line(batch, Task.LOOK, by)
    by.trail.say(f"uploaded {len(files)} files")
    return batch


@action(Verb.IMPORT_RECORDS)
def ask(*, by: Asker, batch: Import, task: Task) -> ImportWork:
    """Put a task in line. It begins within a second, where the worker is free; asked for twice, it is one.

    Raises
    ------
    ValidationError
        The import is not at that point, or another task is under way.
    """
    locked = Import.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    going = under_way(locked)
    if going is not None and going.task == task:
        return going
    _idle(locked)
    if locked.state != _BEFORE[task]:
        raise ValidationError(_over())
    if task == Task.IMPORT and not locked.preview:
        raise ValidationError(_changed())
    return _put_in_line(locked, task, by)


_BEFORE = {
    Task.LOOK: State.UPLOADED,
    Task.PREVIEW: State.PROPOSED,
    Task.IMPORT: State.PROPOSED,
    Task.UNDO: State.IMPORTED,
}


def _put_in_line(batch: Import, task: Task, by: Asker) -> ImportWork:
    by.trail.say(f"asked for: {task}")
    return store(ImportWork(batch=batch, task=task, asked_by_id=who_asks(by)), by=by)


@action(Verb.IMPORT_RECORDS)
def keep_proposal(*, by: Asker, batch: Import, text: str, told: Mapping[str, Any]) -> Import:
    """Keep what was found in the files: the mapping that is proposed for them, and why."""
    locked = _locked(batch, State.UPLOADED)
    by.trail.say("looked at the files")
    values = {"state": State.PROPOSED, "mapping": text, "told": dict(told)}
    return amend(locked, by=by, version=locked.version, values=values)


@action(Verb.IMPORT_RECORDS)
def keep_refusal(*, by: Asker, batch: Import, refused: CasearcError) -> Import:
    """Keep why the files cannot be read, and nothing of them."""
    locked = _locked(batch, State.UPLOADED)
    _remove_files(locked)
    by.trail.say("the files cannot be read")
    told = {"refused": refused.message, "faults": faults_told(refused.faults)}
    return amend(locked, by=by, version=locked.version, values={"state": State.REFUSED, "told": told})


@action(Verb.IMPORT_RECORDS)
def set_mapping(*, by: Asker, batch: Import, version: int, text: str) -> Import:
    """Change the mapping. What was previewed before counts no more."""
    _open(batch)
    _idle(batch)
    return amend(batch, by=by, version=version, values={"mapping": text, "preview": {}})


def keep_preview(
    *, by: Asker, batch: Import, read: Read | None, faults: Sequence[Fault] = (), progress: Progress = quiet
) -> Import:
    """Work out what an import would do, and keep that. Nothing else is written.

    It is worked out before the transaction: on one file of records, nobody else could write meanwhile.
    """
    held: dict[str, Any] = {"digest": mapping.digest(batch.mapping), "faults": faults_told(faults)}
    if read is not None:
        progress(_("Comparing with the records"))
        held |= told_of(fit(read, batch, by=by), read)
    return _keep_preview(by=by, batch=batch, held=held)


@action(Verb.IMPORT_RECORDS)
def _keep_preview(*, by: Asker, batch: Import, held: dict[str, Any]) -> Import:
    _open(batch)
    Import.objects.filter(pk=batch.pk).update(preview=held)
    batch.preview = held
    by.trail.say("looked at what an import would do")
    return batch


def carry_out(*, by: Asker, batch: Import, read: Read, progress: Progress = quiet) -> Import:
    """Import: every record or none. Files are removed with it. As with a preview, all is worked out before it is
    written.

    Raises
    ------
    ValidationError
        It would do something else than the preview said, the records changed meanwhile, or there is nothing to add.
    """
    progress(_("Comparing with the records"))
    plan = fit(read, batch, by=by)
    progress(_("Writing the records"))
    try:
        return _carry_out(by=by, batch=batch, plan=plan)
    except IntegrityError:
        raise ValidationError(_changed()) from None


@action(Verb.IMPORT_RECORDS)
def _carry_out(*, by: Asker, batch: Import, plan: Plan) -> Import:
    locked = _locked(batch, State.PROPOSED)
    _as_previewed(locked, plan)
    if plan.ledger.stamp != stamp(locked.program_id):
        raise ValidationError(_changed())
    write(plan)
    by.trail.saw(clients_of(plan))
    by.trail.say("imported " + ", ".join(f"{table}: {one.added}" for table, one in plan.counts.items()))
    _remove_files(locked)
    values = {"state": State.IMPORTED, "imported_at": timezone.now(), "counts": dict(plan.told())}
    return amend(locked, by=by, version=locked.version, values=values)


@action(Verb.IMPORT_RECORDS)
def discard(*, by: Asker, batch: Import) -> Import:
    """Throw the files away; nothing was imported."""
    locked = _locked(batch, State.UPLOADED, State.PROPOSED)
    _idle(locked)
    _remove_files(locked)
    by.trail.say("discarded")
    return amend(locked, by=by, version=locked.version, values={"state": State.DISCARDED, "preview": {}})


@action(Verb.IMPORT_RECORDS)
def undo(*, by: Asker, batch: Import) -> Import:
    """Take an import back as a whole: its records are erased as by a purge.

    Raises
    ------
    ValidationError
        It was not imported, or was undone already.
    StandingError
        Somebody has worked on its records since.
    """
    locked = Import.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if locked.state != State.IMPORTED:
        raise ValidationError(_("This import was undone already."))
    made = made_by(locked)
    found = standing(made)
    if found:
        raise StandingError(found)
    counts = take_back(locked, made, by=by)
    by.trail.say(f"undone: {sum(counts.values())} rows erased")
    transaction.on_commit(forget_old_pages)
    values = {"state": State.UNDONE, "undone_at": timezone.now(), "undone_by_id": by.staff_id, "preview": {}}
    return amend(locked, by=by, version=locked.version, values=values)


def told_of(plan: Plan, read: Read) -> dict[str, Any]:
    """A plan as it is kept with a preview: counts, reasons and places."""
    return {
        "counts": dict(plan.told()),
        "notes": plan.notes.told(),
        "blocks": sorted(set(plan.blocks)),
        "named": plan.named,
        "alike": [str(client) for client in plan.alike],
        "aside": [
            {"file": use.file, "table": use.purpose, "reason": aside.reason, "rows": aside.rows}
            for use in read.tables.report.files
            for aside in use.set_aside
        ],
        "remarks": list(read.tables.report.notes),
        "scored": read.scored,
        "compared": read.compared,
    }


def _open(batch: Import) -> None:
    if not batch.is_open:
        raise ValidationError(_over())


def _idle(batch: Import) -> None:
    if under_way(batch) is not None:
        raise ValidationError(_("Something is being done about this import. Wait until it is done."))


def _locked(batch: Import, *states: State) -> Import:
    """The import as it is now. The program's row is locked too: two imports at once would add the same rows twice."""
    locked = Import.objects.select_for_update(of=("self",)).select_related("program").get(pk=batch.pk)
    Program.objects.select_for_update(of=("self",)).get(pk=locked.program_id)
    if locked.state not in states:
        raise ValidationError(_over())
    return locked


def _remove_files(batch: Import) -> None:
    batch.files.all().delete()
    transaction.on_commit(forget_old_pages)


def _over() -> str:
    return _("This import is over. Upload the files again for another one.")


def _changed() -> str:
    return _("The records or the mapping changed since the preview. Look at it again first.")


def _as_previewed(batch: Import, plan: Plan) -> None:
    preview = batch.preview
    if preview.get("digest") != mapping.digest(batch.mapping) or preview.get("counts") != dict(plan.told()):
        raise ValidationError(_changed())
    if plan.blocks:
        raise ValidationError(_("Something must be mended first. The preview says what."))
    if not plan.added:
        raise ValidationError(_("There is nothing to add: everything in these files is here already."))
