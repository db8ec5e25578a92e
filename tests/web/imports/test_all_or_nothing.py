"""An import, and its undoing, is stored whole or not at all, at whatever question to the database it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from casearc_web.imports import actions, reading
from casearc_web.imports.models import Import, ImportedRow, ImportFile, State
from web.cast import Cast
from web.imports.made import exports, imported, previewed, started
from web.imports.test_undoing import counts

STEPS = 20


class BrokenError(OperationalError):
    """The database went away."""


@contextmanager
def breaking_at(step: int) -> Iterator[list[int]]:
    """The given question to the database fails; the list holds how many were asked."""
    asked = [0]

    def ask(execute: Any, *rest: Any) -> Any:
        asked[0] += 1
        if asked[0] == step:
            raise BrokenError
        return execute(*rest)

    with connection.execute_wrapper(ask):
        yield asked


def _spread(most: int) -> list[int]:
    """Twenty steps from the first to the last."""
    return sorted({1 + round(turn * (most - 1) / (STEPS - 1)) for turn in range(STEPS)})


def _each(act: Callable[[], Import], still: Callable[[], bool]) -> int:
    before, most = counts(), _asked(act)
    tried = 0
    for step in _spread(most):
        with pytest.raises(BrokenError), breaking_at(step):
            act()
        assert counts() == before, f"step {step} of {most}"
        assert still(), f"step {step} of {most}"
        tried += 1
    return tried


def _asked(act: Callable[[], Import]) -> int:
    """How many questions it takes; taken back."""
    with transaction.atomic():
        with breaking_at(0) as asked:
            act()
        transaction.set_rollback(True)
    return asked[0]


def test_an_import_that_breaks_leaves_nothing(cast: Cast) -> None:
    batch = previewed(cast, started(cast, exports(participants=5)))
    by, read = cast.by(cast.dora), reading.read(batch)

    def still() -> bool:
        is_open = Import.objects.get(pk=batch.pk).state == State.PROPOSED
        return is_open and ImportFile.objects.count() == 2 and not ImportedRow.objects.exists()

    assert _each(lambda: actions.carry_out(by=by, batch=batch, read=read), still) >= STEPS - 2
    assert actions.carry_out(by=by, batch=batch, read=read).state == State.IMPORTED


def test_an_undoing_that_breaks_leaves_everything(cast: Cast) -> None:
    batch = imported(cast, exports(participants=5))
    rows, by = ImportedRow.objects.count(), cast.by(cast.dora)

    def still() -> bool:
        is_done = Import.objects.get(pk=batch.pk).state == State.IMPORTED
        return is_done and ImportedRow.objects.count() == rows

    assert _each(lambda: actions.undo(by=by, batch=batch), still) >= STEPS - 2
    assert actions.undo(by=by, batch=batch).state == State.UNDONE
