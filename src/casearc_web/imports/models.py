"""An import, the files it is made of while they are needed, and which record was made of which row."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casearc_web.access.work import UNDER_WAY, Work
from casearc_web.agencies.models import Program, StaffMember
from casearc_web.records.base import AgencyRecord, Record
from casearc_web.records.classification import Privacy
from casearc_web.records.sealed import SealedBytesField, SealedJSONField, SealedTextField

KEPT_FOR = timedelta(days=7)
"""Then files that nobody imported are gone."""


def expiry() -> datetime:
    """When files that are uploaded now go."""
    return timezone.now() + KEPT_FOR


class State(models.TextChoices):
    """How far an import has come."""

    UPLOADED = "uploaded", _("Uploaded")
    REFUSED = "refused", _("Could not be read")
    PROPOSED = "proposed", _("To be looked at")
    IMPORTED = "imported", _("Imported")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", _("Discarded")


class Import(Record):
    """Files for one program, the mapping that says what they mean, and what came of it.

    `told` is what was found when the files were looked at, or why they were refused; `preview` what an import would do.
    Neither holds a cell.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+", editable=False)
    lead = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+", editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED, editable=False)
    mapping = SealedTextField(_("Mapping"))
    told = SealedJSONField()
    preview = SealedJSONField()
    counts = models.JSONField(default=dict, editable=False)
    imported_at = models.DateTimeField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+", editable=False)

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("program", "state", "told", "preview", "counts"), Privacy.OPERATIONAL),
        **dict.fromkeys(("imported_at", "undone_at"), Privacy.OPERATIONAL),
        **dict.fromkeys(("lead", "mapping", "undone_by"), Privacy.STAFF),
    }

    class Meta:
        ordering: ClassVar = ["-created_at"]

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed and carried out."""
        return self.state == State.PROPOSED

    @property
    def is_pending(self) -> bool:
        """Whether its files wait for something yet."""
        return self.state in (State.UPLOADED, State.PROPOSED)


class Task(models.TextChoices):
    """What takes too long for a page to wait for."""

    LOOK = "look", _("Looking at the files")
    PREVIEW = "preview", _("Working out what would happen")
    IMPORT = "import", _("Importing")
    UNDO = "undo", _("Undoing the import")


class ImportWork(Work):
    """One task about an import; one at a time."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="works")
    task = models.CharField(max_length=10, choices=Task.choices)

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(("batch", "task"), Privacy.OPERATIONAL)

    class Meta:
        ordering: ClassVar = ["-asked_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["batch"], condition=models.Q(status__in=UNDER_WAY), name="one_import_task_at_a_time"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["status", "asked_at"], name="import_works_by_status")]


class ImportFile(AgencyRecord):
    """One uploaded file. It goes when the import is carried out or discarded, and after seven days anyhow."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    expires_at = models.DateTimeField(default=expiry, db_index=True)

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(
        ("batch", "name", "size", "expires_at"), Privacy.OPERATIONAL
    )

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "name"], name="one_import_file_a_name")]


class FilePart(AgencyRecord):
    """A piece of a file, sealed. In pieces, so that nothing ever holds many whole files in memory at once."""

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = SealedBytesField()

    privacy: ClassVar[Mapping[str, Privacy]] = {
        **dict.fromkeys(("file", "number"), Privacy.OPERATIONAL),
        "content": Privacy.IDENTITY,
    }

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["file", "number"], name="one_part_a_number")]


class ImportedRow(AgencyRecord):
    """Which record was made of which row, so that it is not made twice, and can be taken back.

    `key` is a keyed digest of the row's own id, `content` one of what stood in it. What a row made beside its record
    (an identity, a place on a care team) has a line of its own without a key. A purge leaves these lines: whoever was
    erased does not come back with the next export.
    """

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    table = models.CharField(max_length=20)
    key = models.BinaryField(max_length=32, null=True)
    content = models.BinaryField(max_length=16, default=b"")
    kind = models.CharField(max_length=60)
    record_id = models.UUIDField()

    privacy: ClassVar[Mapping[str, Privacy]] = dict.fromkeys(
        ("batch", "table", "key", "content", "kind", "record_id"), Privacy.OPERATIONAL
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "table", "key"], name="a_row_is_made_once")]


def drawn_secret() -> bytes:
    """A secret for digests that outlives a change of the agency's keys: sealed, it is sealed anew with the rest."""
    return os.urandom(32)


class DigestSecret(AgencyRecord):
    """An agency's own secret under which the ids of imported rows are digested."""

    secret = SealedBytesField(default=drawn_secret)

    privacy: ClassVar[Mapping[str, Privacy]] = {"secret": Privacy.OPERATIONAL}

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency"], name="one_digest_secret_an_agency")]
