"""Tasks about an import: one at a time, in the language and with the rights of whoever asked, and told truly when a
worker stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from casearc_web.access.work import Status
from casearc_web.agencies.models import RoleCode, StaffMember
from casearc_web.clients.models import Client
from casearc_web.imports import actions, line, reading
from casearc_web.imports.models import Import, ImportFile, ImportWork, State, Task
from web.cast import Cast
from web.imports.made import imported, previewed, started
from web.imports.small import tables


def _ask(cast: Cast, batch: Import, task: Task) -> ImportWork:
    return actions.ask(by=cast.by(cast.dora), batch=batch, task=task)


def _after(work: ImportWork) -> ImportWork:
    work.refresh_from_db()
    return work


def test_asked_for_twice_it_is_one(cast: Cast) -> None:
    batch = started(cast, tables())
    assert _ask(cast, batch, Task.PREVIEW) == _ask(cast, batch, Task.PREVIEW)
    assert line.run_next()
    assert not line.run_next()
    batch.refresh_from_db()
    assert batch.preview["counts"]["participants"]["added"] == 2


def test_nothing_else_is_done_meanwhile(cast: Cast) -> None:
    by, batch = cast.by(cast.dora), previewed(cast, started(cast, tables()))
    _ask(cast, batch, Task.PREVIEW)
    meanwhile: list[Callable[[], object]] = [
        lambda: _ask(cast, batch, Task.IMPORT),
        lambda: actions.set_mapping(by=by, batch=batch, version=batch.version, text=batch.mapping),
        lambda: actions.discard(by=by, batch=batch),
    ]
    for act in meanwhile:
        with pytest.raises(ValidationError, match="Wait until it is done"):
            act()
    another = ImportWork(agency=cast.riverbend, batch=batch, task=Task.IMPORT, asked_by=cast.dora)
    with pytest.raises(IntegrityError), transaction.atomic():
        another.save()


@pytest.mark.parametrize(
    ("state", "task"),
    [
        (State.PROPOSED, Task.LOOK),
        (State.PROPOSED, Task.UNDO),
        (State.IMPORTED, Task.PREVIEW),
        (State.IMPORTED, Task.IMPORT),
        (State.DISCARDED, Task.PREVIEW),
        (State.REFUSED, Task.LOOK),
        (State.UNDONE, Task.UNDO),
    ],
)
def test_a_task_that_comes_too_late_is_refused(cast: Cast, state: State, task: Task) -> None:
    batch = previewed(cast, started(cast, tables()))
    Import.objects.filter(pk=batch.pk).update(state=state)
    with pytest.raises(ValidationError, match="This import is over"):
        _ask(cast, batch, task)


def test_an_import_takes_a_preview_first(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="since the preview"):
        _ask(cast, started(cast, tables()), Task.IMPORT)


def test_whoever_may_not_any_more_is_refused(cast: Cast) -> None:
    batch = previewed(cast, started(cast, tables()))
    work, before = _ask(cast, batch, Task.IMPORT), Client.objects.count()
    StaffMember.objects.filter(pk=cast.dora.pk).update(role=RoleCode.CASE_MANAGER)
    assert line.run_next()
    assert (_after(work).status, work.told) == (Status.REFUSED, "Whoever asked for it may not any more.")
    assert Client.objects.count() == before


def test_a_failure_of_ours_keeps_nothing_and_says_so_in_the_language_of_whoever_asked(cast: Cast) -> None:
    batch = previewed(cast, started(cast, tables()))
    StaffMember.objects.filter(pk=cast.dora.pk).update(language="es")
    work, before = _ask(cast, batch, Task.IMPORT), Client.objects.count()
    with patch.object(actions, "write", side_effect=RuntimeError("made up")):
        assert line.run_next()
    assert _after(work).status == Status.FAILED
    assert work.told.startswith("Casearc falló")
    assert Client.objects.count() == before
    assert ImportFile.objects.exists()
    again = _ask(cast, batch, Task.IMPORT)
    assert line.run_next()
    assert _after(again).status == Status.DONE


def test_steps_are_told_while_they_are_done(cast: Cast) -> None:
    batch = started(cast, tables())
    work, told = _ask(cast, batch, Task.PREVIEW), list[str]()

    def fit(*given: object, **named: object) -> object:
        told.append(ImportWork.objects.get(pk=work.pk).step)
        return real(*given, **named)  # type: ignore[arg-type]

    real = actions.fit
    with patch.object(actions, "fit", fit):
        line.run_next()
    assert told == ["Comparing with the records"]


def test_records_that_changed_since_the_preview_stop_an_import_in_words(cast: Cast) -> None:
    batch = previewed(cast, started(cast, tables()))
    imported(cast, tables())
    work = _ask(cast, batch, Task.IMPORT)
    assert line.run_next()
    assert _after(work).status == Status.REFUSED
    assert "since the preview" in work.told


@pytest.mark.parametrize("stored", [True, False])
def test_what_a_stopped_worker_left_is_told_as_it_is(cast: Cast, *, stored: bool) -> None:
    """A worker killed before its transaction ended did nothing; one killed after it only did not say so."""
    batch = previewed(cast, started(cast, tables()))
    work = _ask(cast, batch, Task.IMPORT)
    ImportWork.objects.filter(pk=work.pk).update(status=Status.RUNNING)
    if stored:
        actions.carry_out(by=cast.by(cast.dora), batch=batch, read=reading.read(batch))
    assert line.give_up_interrupted() == 1
    assert _after(work).status == (Status.DONE if stored else Status.FAILED)
    assert ("The server was stopped" in work.told) is not stored
    assert line.give_up_interrupted() == 0
    if not stored:
        assert _ask(cast, batch, Task.IMPORT) != work
        assert line.run_next()
        batch.refresh_from_db()
        assert batch.state == State.IMPORTED
