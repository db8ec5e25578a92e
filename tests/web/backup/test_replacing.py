"""Database and keys are replaced together: wherever it breaks off, one whole pair is there and opens."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt

from casearc_web import keys, swap
from casearc_web.agencies.models import Agency, StaffMember
from casearc_web.audit.models import AuditDetail, AuditEvent
from casearc_web.audit.verify import verify
from casearc_web.configuration import Configuration
from casearc_web.errors import DatabaseRefusedError, InUseError, WebError, WrongPassphraseError
from casearc_web.presence import alone, present
from casearc_web.rekeying import rekey
from casearc_web.resealing import reseal, sealed_fields
from casearc_web.server import at_database
from casearc_web.sqlcipher import check_database, make_database, open_database
from casearc_web.vault.models import SearchDigest
from casearc_web.vault.search import beginnings
from web.planted import ANOTHER, PASSPHRASE, PLANTED


class PowerFailureError(BaseException):
    """Nothing catches it, as nothing catches a power failure."""


def _fail_at(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The power fails before the n-th rename from here on."""
    left = [number]
    rename = Path.rename

    def failing(path: Path, target: Any) -> Path:
        left[0] -= 1
        if left[0] < 0:
            raise PowerFailureError
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", failing)


def _pair(folder: Path, passphrase: str, word: str) -> None:
    keys.create(folder, passphrase, cost=keys.QUICK)
    unlocked = keys.unlock(folder, passphrase)
    make_database(folder / "records.db", unlocked)
    connection = open_database(folder / "records.db", unlocked)
    connection.execute("CREATE TABLE word (word)")
    connection.execute("INSERT INTO word VALUES (?)", (word,))
    connection.close()


def _word(folder: Path, passphrase: str) -> str:
    connection = open_database(folder / "records.db", keys.unlock(folder, passphrase))
    try:
        return str(connection.execute("SELECT word FROM word").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.parametrize("number", range(8))
def test_a_replacement_that_breaks_off_is_finished_or_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    _pair(tmp_path, PASSPHRASE, "old")
    left_over = tmp_path / "records.db-wal"
    left_over.write_bytes(b"the log of the old database")
    incoming = swap.begin(tmp_path)
    shutil.rmtree(incoming)
    _pair(incoming, ANOTHER, "new")
    with monkeypatch.context() as failing:
        _fail_at(failing, number)
        try:
            swap.commit(tmp_path, "records.db")
        except PowerFailureError:
            assert number < 6
        else:
            assert number >= 6
    swap.settle(tmp_path, "records.db")
    if number == 0:
        assert left_over.exists()
        left_over.unlink()
        assert _word(tmp_path, PASSPHRASE) == "old"
    else:
        assert not left_over.exists()
        assert _word(tmp_path, ANOTHER) == "new"
        (tmp_path / swap.REPLACED / left_over.name).unlink()
        assert _word(tmp_path / swap.REPLACED, PASSPHRASE) == "old"


def test_nobody_replaces_what_is_in_use_and_nobody_uses_what_is_replaced(tmp_path: Path) -> None:
    with present(tmp_path), present(tmp_path), pytest.raises(InUseError, match="running"), alone(tmp_path):
        pass
    with alone(tmp_path), pytest.raises(InUseError), present(tmp_path):
        pass


def test_after_rekeying_the_same_is_read_with_the_new_keys_and_nothing_with_the_old(agency: Configuration) -> None:
    old = keys.current()
    with at_database(agency.database, old):
        before = _read_all()
    recovery = rekey(agency, PASSPHRASE, ANOTHER, reseal=reseal, cost=keys.QUICK)
    new = keys.unlock(agency.folder, ANOTHER)
    assert new.fingerprint != old.fingerprint
    with at_database(agency.database, new):
        assert _read_all() == before
        assert _found("Acacia") == 1
        assert decrypt(Authenticator.objects.get().data["secret"]) == PLANTED
        assert all(verify(agency_id).sound for agency_id in Agency.objects.values_list("pk", flat=True))
    with pytest.raises(WrongPassphraseError):
        keys.unlock(agency.folder, PASSPHRASE)
    with pytest.raises(DatabaseRefusedError):
        check_database(agency.database, old)
    assert keys.recover(agency.folder, recovery.phrases[:2], PASSPHRASE, cost=keys.QUICK) == new
    assert not (agency.folder / swap.REPLACED).exists()


@pytest.mark.parametrize("number", range(6))
def test_rekeying_that_breaks_off_leaves_the_old_pair_or_the_new_one(
    agency: Configuration, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    old = keys.current()
    with monkeypatch.context() as failing:
        _fail_at(failing, number)
        with suppress(PowerFailureError):
            rekey(agency, PASSPHRASE, ANOTHER, reseal=reseal, cost=keys.QUICK)
    swap.settle(agency.folder, agency.file)
    passphrase = PASSPHRASE if number == 0 else ANOTHER
    unlocked = keys.unlock(agency.folder, passphrase)
    assert (unlocked == old) == (number == 0)
    assert check_database(agency.database, unlocked)["agencies_agency"].rows == 2


def test_rekeying_that_fails_half_way_changes_nothing(agency: Configuration) -> None:
    before = check_database(agency.database, keys.current())

    def fail(_: keys.Keys, __: keys.Keys) -> None:
        StaffMember.objects.update(name="half done")
        raise DatabaseRefusedError("no")

    with pytest.raises(DatabaseRefusedError, match="no"):
        rekey(agency, PASSPHRASE, ANOTHER, reseal=fail, cost=keys.QUICK)
    assert keys.unlock(agency.folder, PASSPHRASE) == keys.current()
    assert check_database(agency.database, keys.current()) == before


def test_an_altered_audit_log_is_not_made_good_by_rekeying(agency: Configuration) -> None:
    with at_database(agency.database, keys.current()):
        event = AuditEvent.objects.order_by("number").last()
        assert event is not None
        AuditEvent.objects.filter(pk=event.pk).update(verb="view_nothing")
    with pytest.raises(WebError, match="audit log does not verify"):
        rekey(agency, PASSPHRASE, ANOTHER, reseal=reseal, cost=keys.QUICK)
    assert keys.unlock(agency.folder, PASSPHRASE) == keys.current()


def _read_all() -> list[object]:
    """Every sealed value, and who is in the vault."""
    assert AuditDetail.objects.exists()
    assert SearchDigest.objects.exists()
    return [
        sorted(map(repr, model._default_manager.values_list("pk", field.attname))) for model, field in sealed_fields()
    ]


def _found(name: str) -> int:
    riverbend = Agency.objects.get(name__startswith="Riverbend")
    return SearchDigest.objects.filter(digest__in=beginnings(riverbend.pk, name)).count()
