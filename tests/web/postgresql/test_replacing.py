"""On PostgreSQL too rows and key file are replaced together: wherever it breaks off, the next start finds what fits.

Runs only on PostgreSQL; see `test_on_postgresql.py`.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from casearc_web import key_mark, keys, replacement, swap
from casearc_web.access.row_security import unprotected
from casearc_web.agencies.models import Agency
from casearc_web.audit.models import AuditEvent
from casearc_web.audit.verify import verify
from casearc_web.backup import make_backup, postgresql, restore, with_passphrase
from casearc_web.configuration import Configuration
from casearc_web.errors import (
    AlreadyThereError,
    BackupRefusedError,
    DatabaseRefusedError,
    InUseError,
    WebError,
    WrongKeyError,
    WrongPassphraseError,
)
from casearc_web.rekeying import forget_old_rows, rekey
from casearc_web.resealing import reseal, sealed_fields
from casearc_web.server import known_migrations, migrate, missing_migrations
from casearc_web.server.ready import as_owner
from casearc_web.server.schema import go_to
from casearc_web.vault.models import SearchDigest
from casearc_web.vault.search import beginnings
from web.planted import ANOTHER, PASSPHRASE, PLANTED

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's")


class PowerFailureError(BaseException):
    """Nothing catches it, as nothing catches a power failure."""


STEPS = 6
"""Where it may break off: before the key file waits, before the commit, and before each of three renames after it. At
the last it does not."""


def _break_at(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The power fails at the n-th step from here on: a rename in the agency's folder, or either side of the commit."""
    left = [number]
    rename, write = Path.rename, key_mark.write

    def step() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise PowerFailureError

    def renaming(path: Path, target: Any) -> Path:
        if path.name not in {"records", "records.db"}:  # those move to and fro beforehand
            step()
        return rename(path, target)

    def writing(database: Any, mark: key_mark.Mark) -> None:
        if mark.token == "migrate":
            write(database, mark)
            return
        step()
        write(database, mark)

    monkeypatch.setattr(Path, "rename", renaming)
    monkeypatch.setattr(key_mark, "write", writing)


def _fitting(agency: Configuration, *passphrases: str) -> str:
    """After whatever happened: the passphrase of the key file that is in place, which must open every row."""
    connection.close()
    replacement.settle(agency)
    assert not replacement.unsettled(agency.folder)
    for passphrase in passphrases:
        with suppress(WrongPassphraseError):
            unlocked = keys.unlock(agency.folder, passphrase)
            key_mark.check(agency, unlocked)
            with as_owner(), keys.using(unlocked):
                _read_all()
                assert all(verify(agency_id).sound for agency_id in Agency.objects.values_list("pk", flat=True))
            return passphrase
    raise AssertionError("no passphrase opens the key file")


def _read_all() -> list[object]:
    """Every sealed value, opened."""
    assert SearchDigest.objects.exists()
    return [
        sorted(map(repr, model._default_manager.values_list("pk", field.attname))) for model, field in sealed_fields()
    ]


def _rows(agency: Configuration) -> dict[str, list[str]]:
    with psycopg.connect(agency.owner) as database:
        return {
            table: sorted(map(repr, database.execute(f'SELECT * FROM "{table}"').fetchall()))
            for table in postgresql.columns_of(database)
        }


def _restored(file: Path, agency: Configuration, **options: Any) -> None:
    given = {"known_migrations": known_migrations(), **options}
    restore(file, agency, with_passphrase(PASSPHRASE), **given)


def test_after_rekeying_the_same_is_read_with_the_new_keys_and_nothing_with_the_old(agency: Configuration) -> None:
    old = keys.current()
    with as_owner():
        before = _read_all()
    recovery = rekey(agency, PASSPHRASE, ANOTHER, reseal=reseal, cost=keys.QUICK)
    new = keys.unlock(agency.folder, ANOTHER)
    assert new.fingerprint != old.fingerprint
    with as_owner(), keys.using(new):
        assert _read_all() == before
        riverbend = Agency.objects.get(name__startswith="Riverbend")
        assert SearchDigest.objects.filter(digest__in=beginnings(riverbend.pk, "Acacia")).count() == 1
        assert decrypt(Authenticator.objects.get().data["secret"]) == PLANTED
    with pytest.raises(WrongPassphraseError):
        keys.unlock(agency.folder, PASSPHRASE)
    with pytest.raises(WrongKeyError):
        key_mark.check(agency, old)
    assert _fitting(agency, ANOTHER) == ANOTHER
    assert keys.recover(agency.folder, recovery.phrases[:2], PASSPHRASE, cost=keys.QUICK) == new
    assert not (agency.folder / swap.REPLACED).exists()


@pytest.mark.parametrize("number", range(STEPS))
def test_rekeying_that_breaks_off_leaves_a_pair_that_fits(
    agency: Configuration, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    with monkeypatch.context() as failing:
        _break_at(failing, number)
        with suppress(PowerFailureError):
            rekey(agency, PASSPHRASE, ANOTHER, reseal=reseal, cost=keys.QUICK)
    assert _fitting(agency, PASSPHRASE, ANOTHER) == (PASSPHRASE if number < 2 else ANOTHER)


def test_where_the_commit_was_not_answered_the_next_start_asks_the_database(
    agency: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is lost at the commit: nobody knows whether it happened until the database is asked."""
    commit = BaseDatabaseWrapper._commit
    with monkeypatch.context() as failing:

        def lost(self: Any) -> None:
            commit(self)
            raise PowerFailureError

        failing.setattr(BaseDatabaseWrapper, "_commit", lost)
        with pytest.raises(PowerFailureError):
            rekey(agency, PASSPHRASE, ANOTHER, reseal=reseal, cost=keys.QUICK)
    assert swap.undecided(agency.folder)
    assert _fitting(agency, PASSPHRASE, ANOTHER) == ANOTHER


def test_a_database_that_cannot_be_asked_leaves_both_key_files(agency: Configuration) -> None:
    swap.begin(agency.folder)
    keys.create(agency.folder / swap.INCOMING, ANOTHER, cost=keys.QUICK)
    swap.leave_undecided(agency.folder, "0123")
    away = Configuration(folder=agency.folder, engine="postgresql", connection="host=/nowhere dbname=none")
    with pytest.raises(DatabaseRefusedError, match="cannot be reached"):
        replacement.settle(away)
    assert swap.undecided(agency.folder) == "0123"
    assert _fitting(agency, PASSPHRASE, ANOTHER) == PASSPHRASE


def test_rekeying_while_another_machine_is_at_work_is_refused(
    agency: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacement, "_PATIENCE_SECONDS", 0.3)
    before = _rows(agency)
    with psycopg.connect(agency.connection), pytest.raises(InUseError, match="elsewhere"):
        rekey(agency, PASSPHRASE, ANOTHER, reseal=reseal, cost=keys.QUICK)
    assert _rows(agency) == before
    assert _fitting(agency, PASSPHRASE, ANOTHER) == PASSPHRASE


def test_an_altered_audit_log_is_not_made_good_by_rekeying(agency: Configuration) -> None:
    with as_owner():
        event = AuditEvent.objects.order_by("number").last()
        assert event is not None
        AuditEvent.objects.filter(pk=event.pk).update(verb="view_nothing")
    before = _rows(agency)
    with pytest.raises(WebError, match="audit log does not verify"):
        rekey(agency, PASSPHRASE, ANOTHER, reseal=reseal, cost=keys.QUICK)
    assert _rows(agency) == before
    assert keys.unlock(agency.folder, PASSPHRASE) == keys.current()


def test_what_lay_under_the_old_key_leaves_the_tables_files(agency: Configuration) -> None:
    with as_owner():
        sealed = bytes(_sealed_detail())
    rekey(agency, PASSPHRASE, ANOTHER, reseal=reseal, cost=keys.QUICK)
    connection.close()
    assert _in_pages(agency, sealed)
    forget_old_rows(agency)
    assert not _in_pages(agency, sealed)


def _sealed_detail() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM audit_auditdetail WHERE length(text) > 0 LIMIT 1")
        return bytes(cursor.fetchone()[0])


def _in_pages(agency: Configuration, content: bytes) -> bool:
    with psycopg.connect(agency.owner, autocommit=True) as database:
        database.execute("CHECKPOINT")
        path = database.execute("SELECT pg_read_binary_file(pg_relation_filepath('audit_auditdetail'))").fetchone()
    assert path is not None
    return content in bytes(path[0])


def test_what_is_restored_is_what_was_there(agency: Configuration, tmp_path: Path) -> None:
    make_backup(agency, tmp_path / "backup")
    before = _rows(agency)
    with as_owner():
        Agency.objects.update(state="later")
    connection.close()
    with pytest.raises(AlreadyThereError, match="--replace"):
        _restored(tmp_path / "backup", agency)
    _restored(tmp_path / "backup", agency, replace=True)
    assert _rows(agency) == before


@pytest.mark.parametrize("number", range(STEPS))
def test_restoring_that_breaks_off_leaves_a_pair_that_fits(
    agency: Configuration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    make_backup(agency, tmp_path / "backup")
    early = _rows(agency)
    rekey(agency, PASSPHRASE, ANOTHER, reseal=reseal, cost=keys.QUICK)
    keys.use(keys.unlock(agency.folder, ANOTHER))
    late = _rows(agency)
    with monkeypatch.context() as failing:
        _break_at(failing, number)
        with suppress(PowerFailureError):
            _restored(tmp_path / "backup", agency, replace=True)
    passphrase = _fitting(agency, PASSPHRASE, ANOTHER)
    assert passphrase == (ANOTHER if number < 2 else PASSPHRASE)
    assert _rows(agency) == (late if number < 2 else early)


def test_a_restored_log_that_does_not_verify_changes_nothing(agency: Configuration, tmp_path: Path) -> None:
    make_backup(agency, tmp_path / "backup")
    with as_owner():
        Agency.objects.update(state="later")
    connection.close()
    before = _rows(agency)

    def refuse(_: Path, __: keys.Keys) -> None:
        raise BackupRefusedError("no")

    with pytest.raises(BackupRefusedError, match="no"):
        _restored(tmp_path / "backup", agency, replace=True, accept=refuse)
    assert _rows(agency) == before
    assert _fitting(agency, PASSPHRASE) == PASSPHRASE


def test_a_backup_of_an_older_version_is_brought_up_to_date_on_its_way(agency: Configuration, tmp_path: Path) -> None:
    before = _rows(agency)
    older = frozenset(known_migrations()) - {_latest("goals")}
    with as_owner(), transaction.atomic():
        go_to(older)
    connection.close()
    make_backup(agency, tmp_path / "backup")
    with pytest.raises(BackupRefusedError, match="--migrate"):
        _restored(tmp_path / "backup", agency, replace=True)
    with as_owner():
        migrate()
    connection.close()
    _restored(tmp_path / "backup", agency, replace=True, may_migrate=True, accept=lambda _, __: migrate())
    after = _rows(agency)
    assert missing_migrations() == ()
    assert unprotected(connection) == []
    assert {table: len(rows) for table, rows in after.items()} == {table: len(rows) for table, rows in before.items()}


def _latest(app: str) -> str:
    return max(name for name in known_migrations() if name.startswith(f"{app}."))


def test_a_backup_is_one_moment_while_somebody_writes(
    agency: Configuration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody changes every agency and signs in anew after the first table was read: neither is in the backup."""
    before = _rows(agency)
    dumped, meanwhile = postgresql._dump_table, []

    def dumping(database: Any, store: Any, table: str, columns: list[str]) -> Any:
        content = dumped(database, store, table, columns)
        if not meanwhile:
            with psycopg.connect(agency.owner) as other:
                other.execute("UPDATE agencies_staffmember SET name = 'not yet'")
                other.execute("DELETE FROM audit_auditdetail")
            meanwhile.append(table)
        return content

    monkeypatch.setattr(postgresql, "_dump_table", dumping)
    make_backup(agency, tmp_path / "backup")
    assert meanwhile
    assert meanwhile[0] < "agencies_staffmember"
    assert _rows(agency) != before
    connection.close()
    _restored(tmp_path / "backup", agency, replace=True)
    assert _rows(agency) == before
    assert PLANTED.encode() not in (tmp_path / "backup").read_bytes()


def test_a_backup_under_another_key_than_the_rows_is_refused(agency: Configuration, tmp_path: Path) -> None:
    shutil.copy(agency.folder / keys.KEY_FILE, tmp_path / "kept")
    rekey(agency, PASSPHRASE, ANOTHER, reseal=reseal, cost=keys.QUICK)
    shutil.copy(tmp_path / "kept", agency.folder / keys.KEY_FILE)
    with pytest.raises(BackupRefusedError, match="another key"):
        make_backup(agency, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()
