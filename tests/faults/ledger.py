"""What the fault programs write and check: entries of several rows in three tables, each entry one transaction.

An entry carries a digest of its lines, and a total counts entries and lines; so a lost, half or doubled entry shows.
The rows go through Django's ORM and the application's own database backend, with its own settings.
"""

from __future__ import annotations

import hashlib
import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings

from casearc_web import keys
from casearc_web.sqlcipher import make_database

PASSPHRASE = "seven made up words for a test"

settings.configure(DATABASES={"default": {"ENGINE": "casearc_web.sqlcipher", "NAME": "nowhere"}}, USE_TZ=True)
django.setup()

from django.db import DatabaseError, connection, models, transaction  # noqa: E402 - Django must be ready first
from django.db.models import F  # noqa: E402


class Entry(models.Model):
    number = models.IntegerField(primary_key=True)
    digest = models.CharField(max_length=64)

    class Meta:
        app_label = "faults"


class Line(models.Model):
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="lines")
    place = models.IntegerField()
    words = models.TextField()

    class Meta:
        app_label = "faults"


class Total(models.Model):
    entries = models.IntegerField(default=0)
    lines = models.IntegerField(default=0)

    class Meta:
        app_label = "faults"


@contextmanager
def ledger() -> Iterator[Path]:
    """A new database with the three tables and no entry; its path."""
    with tempfile.TemporaryDirectory(prefix="casearc-faults-") as folder:
        yield make(Path(folder))


def make(folder: Path) -> Path:
    """Make the database in a folder, under keys of its own."""
    keys.create(folder / "keys", PASSPHRASE, cost=keys.QUICK)
    keys.use(keys.unlock(folder / "keys", PASSPHRASE))
    make_database(folder / "records.db", keys.current())
    go_to(folder / "records.db")
    with connection.schema_editor() as editor:
        for model in (Entry, Line, Total):
            editor.create_model(model)
    Total.objects.create(pk=1)
    connection.close()
    return folder / "records.db"


def go_to(path: Path) -> None:
    """Have the next connection open this file."""
    connection.close()
    connection.settings_dict["NAME"] = str(path)


def write(number: int, chance: random.Random) -> None:
    """One entry with its lines, in one transaction. Acknowledged when it returns."""
    words = [
        f"{number}.{place} " + chance.randbytes(chance.randint(20, 1500)).hex() for place in range(chance.randint(1, 6))
    ]
    with transaction.atomic():
        entry = Entry.objects.create(number=number, digest=_digest(words))
        Line.objects.bulk_create(Line(entry=entry, place=place, words=text) for place, text in enumerate(words))
        Total.objects.filter(pk=1).update(entries=F("entries") + 1, lines=F("lines") + len(words))


def write_and_tell(told: int, *, seed: int, count: int, checkpoint: int) -> None:
    """Write entries one after the other; after each, tell its number to a file descriptor in one system call."""
    chance = random.Random(seed)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA wal_autocheckpoint = {checkpoint}")
    first = newest() + 1
    for number in range(first, first + count):
        write(number, chance)
        os.write(told, f"{number}\n".encode())


def newest() -> int:
    """The number of the newest entry; 0 where there is none."""
    return Entry.objects.aggregate(newest=models.Max("number"))["newest"] or 0


def faults(acknowledged: int) -> list[str]:
    """What is wrong, in words: every entry up to this number must be there, whole, and every later one whole too."""
    try:
        return list(_faults(acknowledged))
    except DatabaseError as error:
        return [f"unreadable: {error}"]
    finally:
        connection.close()


def _faults(acknowledged: int) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        if cursor.fetchall() != [("ok",)]:
            yield "integrity_check fails before the log is written back"
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the next check looks at the file alone, without its log
        for check in ("integrity_check", "cipher_integrity_check", "foreign_key_check"):
            cursor.execute(f"PRAGMA {check}")
            if cursor.fetchall() not in ([], [("ok",)]):
                yield f"{check} fails"
    entries = {entry.number: entry for entry in Entry.objects.prefetch_related("lines")}
    if sorted(entries) != list(range(1, len(entries) + 1)):
        yield "an entry in between is missing"
    if len(entries) < acknowledged:
        yield f"{acknowledged - len(entries)} acknowledged entries are lost"
    lines = {number: sorted(entry.lines.all(), key=lambda line: line.place) for number, entry in entries.items()}
    if any(_digest([line.words for line in lines[number]]) != entry.digest for number, entry in entries.items()):
        yield "an entry is torn"
    total = Total.objects.get(pk=1)
    if (total.entries, total.lines) != (len(entries), sum(map(len, lines.values()))):
        yield "the total does not agree with the rows"


def _digest(words: list[str]) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()
