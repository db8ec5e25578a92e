"""kill -9 while files become records, and while an import is undone: all of its records are there afterwards, or none.

A child imports a made-up program into an agency's encrypted records, or undoes that. Half of the children are killed at
a random moment, the others just before a random one of their questions to the database. Then the file is opened anew,
every table is counted, and the log is verified.

    python tests/faults/record_imports.py --trials 200
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import agency
from result import Result, arguments, finish

PEOPLE = 8
BEYOND = 1.5
"""So much longer than it takes: some children are to finish."""


def main() -> int:
    given = arguments(trials=200)
    chance = random.Random(given.seed)
    with agency.ready():
        tries = _Tries(chance)
        for turn in range(given.trials):
            tries.one(by_step=bool(turn % 2))
    remark = f"{tries.done} of {given.trials} had been stored whole, {tries.kept} not at all; {agency.engine()}"
    line = Result(
        fault="kill -9 while importing records or undoing it",
        trials=given.trials,
        failures=len(tries.wrong),
        seed=given.seed,
        remark=remark,
    )
    for wrong in tries.wrong:
        print(wrong, file=sys.stderr)  # noqa: T201
    return finish("record_imports", [line], save=given.save, expected=tries.done > 0 and tries.kept > 0)


class _Tries:
    """The agency, an import in it, and what came of each kill."""

    def __init__(self, chance: random.Random) -> None:
        from web.cast import make_cast
        from web.imports.made import exports

        self.chance, self.cast, self.files = chance, make_cast(), exports(participants=PEOPLE)
        self.none, self.whole = _counts(), {}
        self.wrong: list[str] = []
        self.done = self.kept = 0
        self.lasts, self.steps = {"import": 0.0, "undo": 0.0}, {"import": 0, "undo": 0}
        self._begin()
        self._measure()

    def one(self, *, by_step: bool) -> None:
        """Kill one child and look."""
        from casearc_web.imports.models import Import

        state = Import.objects.get(pk=self.batch.pk).state
        act, name = (self.undo, "undo") if state == "imported" else (self.carry_out, "import")
        _in_child(
            act,
            step=self.chance.randint(1, round(self.steps[name] * BEYOND)) if by_step else 0,
            after=0.0 if by_step else self.chance.random() * self.lasts[name] * BEYOND,
        )
        after = Import.objects.get(pk=self.batch.pk).state
        self.done, self.kept = self.done + (after != state), self.kept + (after == state)
        wanted = self.whole if after == "imported" else self.none
        if _counts() != wanted:
            self.wrong.append(f"{name}: some of its records are there, some are not")
        if not _is_sound(self.cast.riverbend.pk):
            self.wrong.append(f"{name}: the file or the log is not sound")
        if after == "undone":
            self._begin()

    def _begin(self) -> None:
        """Another import of the same files, worked out here: only what is stored happens in a child."""
        from casearc_web.imports import actions, reading
        from casearc_web.imports.fitting import fit
        from web.imports.made import previewed, started

        self.batch = previewed(self.cast, started(self.cast, self.files))
        self.by, self.read = self.cast.by(self.cast.dora), reading.read(self.batch)
        plan = fit(self.read, self.batch, by=self.by)
        actions.fit = lambda *_, **__: plan  # type: ignore[attr-defined]

    def carry_out(self) -> None:
        """As the page does it."""
        from casearc_web.imports import actions

        actions.carry_out(by=self.by, batch=self.batch, read=self.read)

    def undo(self) -> None:
        """As the page does it."""
        from casearc_web.imports import actions

        actions.undo(by=self.by, batch=self.batch)

    def _measure(self) -> None:
        """How long each takes and how much it asks, once without a kill."""
        from django.db import connection

        for name, act in (("import", self.carry_out), ("undo", self.undo)):
            asked: list[str] = []

            def ask(execute: Any, sql: str, *rest: Any, asked: list[str] = asked) -> Any:
                asked.append(sql)
                return execute(sql, *rest)

            start = time.monotonic()
            with connection.execute_wrapper(ask):
                act()
            self.lasts[name], self.steps[name] = time.monotonic() - start, len(asked)
            if name == "import":
                self.whole = _counts()
        self._begin()


def _in_child(act: Callable[[], None], *, step: int, after: float) -> None:
    """Fork, act, and be killed before a question to the database or after a while, whichever is given."""
    from django.db import connection, connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        asked = [0]

        def ask(execute: Any, *rest: Any) -> Any:
            asked[0] += 1
            if asked[0] == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(*rest)

        try:
            with connection.execute_wrapper(ask):
                act()
        finally:
            os._exit(0)
    if not step:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _counts() -> dict[str, int]:
    """Rows of every table that an import fills."""
    from casearc_web.imports.models import ImportedRow
    from casearc_web.imports.writing import ORDER

    return {model._meta.label: model._default_manager.count() for model in (*ORDER, ImportedRow)}


def _is_sound(agency_id: Any) -> bool:
    from django.db import connection

    from casearc_web.audit.verify import verify

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if cursor.fetchall() != [("ok",)]:
                return False
            cursor.execute("PRAGMA foreign_key_check")
            if cursor.fetchall():
                return False
    return verify(agency_id).sound


if __name__ == "__main__":
    sys.exit(main())
