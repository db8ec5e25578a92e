"""Pairs of edits of one client at the same moment, through the application's own action."""

from __future__ import annotations

import multiprocessing
import random
import time
import uuid
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from django.db import connections

from casearc_web.access.actions import action, amend
from casearc_web.access.asker import Asker
from casearc_web.access.door import asker_of
from casearc_web.access.row_security import enter
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.clients.models import Client
from casearc_web.records.changes import ConflictError
from casearc_web.records.models import Revision
from web.cast import Cast, make_cast

VALUES = {
    "housing": ("family", "foster", "group", "shelter", "own", "unstable"),
    "education": ("in_school", "alternative", "not_in_school", "graduated", "college"),
}
HEAD_START = 0.002
"""Seconds from handing out the work until both send."""


@action(Verb.EDIT_CLIENT)
def edit(*, by: Asker, client: Client, version: int, field: str, value: str) -> Client:
    """As a form does it."""
    return amend(client, by=by, version=version, values={field: value})


def send(staff_id: uuid.UUID, client_id: uuid.UUID, version: int, field: str, value: str, moment: float) -> str:
    """One editor: waits for the moment and sends. What came of it."""
    staff = StaffMember.objects.get(pk=staff_id)
    enter(staff.agency_id)
    by, client = asker_of(staff), Client.objects.get(pk=client_id)
    while time.monotonic() < moment:
        pass
    try:
        edit(by=by, client=client, version=version, field=field, value=value)
    except ConflictError as conflict:
        told = [(difference.field, difference.typed) for difference in conflict.differences]
        return "told" if told in ([(field, value)], []) else "told something else"
    return "won"


class Pairs:
    """Two editors as threads and two as processes, and the record they both want."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.cast: Cast = make_cast()
        connections.close_all()  # a connection does not survive a fork
        forking = multiprocessing.get_context("fork")
        self.processes: Executor = ProcessPoolExecutor(2, mp_context=forking)
        self.threads: Executor = ThreadPoolExecutor(2)
        list(self.processes.map(time.sleep, [0.1, 0.1]))  # both are there before anything is connected

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.threads.shutdown()
        self.processes.shutdown()

    def trial(self, *, processes: bool) -> str:
        """One pair; empty where all is well, else what is not."""
        enter(self.cast.riverbend.pk)
        before = Client.objects.get(pk=self.cast.acacia.pk)
        wanted = [self._wanted(before) for _ in range(2)]
        pool, moment = (self.processes if processes else self.threads), time.monotonic() + HEAD_START
        staff = (self.cast.cleo.pk, self.cast.sue.pk)
        sent = [
            pool.submit(send, who, before.pk, before.version, field, value, moment)
            for who, (field, value) in zip(staff, wanted, strict=True)
        ]
        outcomes = [one.result() for one in sent]
        if sorted(outcomes) != ["told", "won"]:
            return f"outcomes were {' and '.join(sorted(outcomes))}"
        return self._looked_at(before, *wanted[outcomes.index("won")])

    def _wanted(self, before: Client) -> tuple[str, str]:
        field = self.chance.choice(sorted(VALUES))
        return field, self.chance.choice([value for value in VALUES[field] if value != getattr(before, field)])

    def _looked_at(self, before: Client, field: str, value: str) -> str:
        after = Client.objects.get(pk=before.pk)
        kept = Revision.objects.filter(record_id=before.pk, record_version=before.version)
        other = next(name for name in VALUES if name != field)
        if after.version != before.version + 1 or kept.count() != 1:
            return "versions do not follow one another"
        if getattr(after, field) != value:
            return "the winner's value is not there"
        return "" if getattr(after, other) == getattr(before, other) else "the other one's value got in"
