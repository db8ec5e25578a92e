"""Backups: each one made of changing records, restored elsewhere, verified, and the same row for row.

Every tenth is first cut short or altered, and must be refused without leaving anything.

    python tests/faults/restores.py --trials 10
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

from result import Result, arguments, finish

from casearc_web import keys
from casearc_web.backup import make_backup, restore, with_passphrase, with_shares
from casearc_web.configuration import Configuration
from casearc_web.errors import WebError
from casearc_web.setup import set_up
from casearc_web.sqlcipher import check_database

PASSPHRASE = "seven made up words for a test"
ANOTHER = "quite another set of words"


def main() -> int:
    given = arguments(trials=100)
    chance = random.Random(given.seed)
    failed, rows = 0, 0
    with tempfile.TemporaryDirectory(prefix="casearc-restores-") as scratch:
        agency = Configuration(folder=Path(scratch) / "agency", made_up=True)
        _, recovery, _ = set_up(agency, PASSPHRASE, lambda: None, cost=keys.QUICK)
        for number in range(given.trials):
            rows = _write(chance)
            failed += not _comes_back(agency, recovery, Path(scratch) / f"{number}", chance, spoil=number % 10 == 0)
    remark = f"opened by passphrase and by shares in turn; {rows} rows of one table at the end"
    line = Result(fault="backup and restore", trials=given.trials, failures=failed, seed=given.seed, remark=remark)
    return finish("restores", [line], save=given.save)


def _write(chance: random.Random) -> int:
    """A made-up agency more, some of its audit events, and one row changed; how many events there are."""
    from casearc_web.agencies.models import Agency
    from casearc_web.audit.log import Entry, append
    from casearc_web.audit.models import AuditEvent

    agency = Agency.objects.create(name=f"Made up {chance.random()}", state="Nowhere")
    for _ in range(chance.randint(1, 12)):
        append(
            Entry(agency_id=agency.pk, verb="manage_agency", details=chance.randbytes(chance.randint(1, 3000)).hex())
        )
    Agency.objects.filter(pk=agency.pk).update(state=str(chance.random()))
    return AuditEvent.objects.count()


def _comes_back(
    agency: Configuration, recovery: keys.Recovery, place: Path, chance: random.Random, *, spoil: bool
) -> bool:
    from casearc_web.server import known_migrations

    place.mkdir()
    backup, target = place / "backup", Configuration(folder=place / "new")
    make_backup(agency, backup)
    content = backup.read_bytes()
    if spoil:
        half = len(content) // 2
        backup.write_bytes(content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :])
        try:
            restore(backup, target, with_passphrase(PASSPHRASE), known_migrations=known_migrations())
        except WebError:
            backup.write_bytes(content)
        if target.database.exists():
            return False
    by_shares = with_shares(chance.sample(recovery.phrases, 2), ANOTHER, cost=keys.QUICK)
    opening = with_passphrase(PASSPHRASE) if chance.random() < 0.5 else by_shares
    manifest = restore(backup, target, opening, known_migrations=known_migrations())
    there = check_database(agency.database, keys.current())
    return check_database(target.database, keys.current()) == there == dict(manifest.tables)


if __name__ == "__main__":
    sys.exit(main())
