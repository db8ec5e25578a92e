"""Work that no page waits for: it is asked for on a page, stands in line as a row, and is done by a process of its own
beside the server (`server.workers`), on behalf of whoever asked and with what they may then.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from typing import ClassVar, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from casearc.errors import CasearcError
from casearc_web.access.asker import Asker
from casearc_web.access.decide import Denied
from casearc_web.access.row_security import enter, leave
from casearc_web.agencies.models import Agency, StaffMember
from casearc_web.records.base import AgencyRecord
from casearc_web.records.classification import Privacy

_log = logging.getLogger(__name__)


class Status(models.TextChoices):
    """How far a piece of work has come."""

    WAITING = "waiting", gettext_lazy("Waiting")
    RUNNING = "running", gettext_lazy("Running")
    DONE = "done", gettext_lazy("Done")
    REFUSED = "refused", gettext_lazy("Refused")
    FAILED = "failed", gettext_lazy("Failed")


UNDER_WAY = (Status.WAITING, Status.RUNNING)


class Work(AgencyRecord):
    """A piece of work. `step` is what is being done right now, `told` why nothing came of it; neither holds a cell."""

    asked_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    step = models.CharField(max_length=200, blank=True)
    told = models.TextField(blank=True)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("asked_at", "ended_at", "status", "step", "told"), Privacy.OPERATIONAL),
        "asked_by": Privacy.STAFF,
    }

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.status not in UNDER_WAY

    def say(self, step: str) -> None:
        """Tell whoever waits what is being done."""
        type(self)._default_manager.filter(pk=self.pk).update(step=step[:200])

    def end(self, status: Status, told: str = "") -> None:
        """Nothing more will come."""
        self.status, self.told, self.ended_at = status, told, timezone.now()
        self.save(update_fields=["status", "told", "ended_at"])


AnyWork = TypeVar("AnyWork", bound=Work)


def who_asks(by: Asker) -> uuid.UUID:
    """The staff member who asks for work; nobody else can."""
    if by.staff_id is None:
        raise TypeError("work is asked for by a staff member")
    return by.staff_id


def do_next(kind: type[AnyWork], do: Callable[[AnyWork], None]) -> bool:
    """Do the oldest waiting piece of a kind, of any agency; False where none waits.

    It speaks the language of whoever asked. What they may not any more and what the data refuse is told in words;
    anything else is our fault, and told to be.
    """
    for agency in Agency.objects.all():
        enter(agency.pk)
        try:
            work = _claim(kind)
            if work is not None:
                with override(work.asked_by.language):
                    _carry_out(work, do)
                return True
        finally:
            leave()
    return False


def end_interrupted(kind: type[AnyWork], end: Callable[[AnyWork], None]) -> int:
    """End each piece of a kind that a stopped worker left half done, so that nobody waits for it; how many."""
    count = 0
    for agency in Agency.objects.all():
        enter(agency.pk)
        for work in kind._default_manager.filter(agency=agency, status=Status.RUNNING):
            with override(work.asked_by.language):
                end(work)
            count += 1
        leave()
    return count


def end_as_stopped(work: Work) -> None:
    """Nothing came of it, through nobody's fault."""
    work.end(Status.FAILED, _("The server was stopped. Ask for it again."))


def _claim(kind: type[AnyWork]) -> AnyWork | None:
    with transaction.atomic():
        waiting = kind._default_manager.select_for_update(of=("self",)).filter(status=Status.WAITING)
        work = waiting.order_by("asked_at").first()
        if work is not None:
            work.status = Status.RUNNING
            work.save(update_fields=["status"])
    return work


def _carry_out(work: AnyWork, do: Callable[[AnyWork], None]) -> None:
    try:
        do(work)
    except CasearcError as refused:
        work.end(Status.REFUSED, str(refused))
    except ValidationError as refused:
        work.end(Status.REFUSED, " ".join(refused.messages))
    except Denied:
        work.end(Status.REFUSED, _("Whoever asked for it may not any more."))
    except Exception:  # our own formatter keeps values out of the log
        _log.exception("work of the kind %s", type(work)._meta.label_lower)
        work.end(Status.FAILED, _("Casearc failed, and that is our fault. Nothing was kept of it."))
