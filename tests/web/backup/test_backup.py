"""A backup is whole, unreadable without the agency's keys, and restored only when every part of it proves right."""

from __future__ import annotations

import io
import random
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casearc_web import keys, swap
from casearc_web.backup import Opening, make_backup, restore, with_passphrase, with_shares
from casearc_web.backup.container import MEMBERS
from casearc_web.backup.manifest import Manifest
from casearc_web.configuration import Configuration
from casearc_web.errors import (
    AlreadyThereError,
    BackupRefusedError,
    NotEnoughSharesError,
    WebError,
    WrongPassphraseError,
)
from casearc_web.server import known_migrations
from casearc_web.sqlcipher import check_database, open_database
from web.planted import ANOTHER, PASSPHRASE, PLANTED


def restored(file: Path, target: Path, opening: Opening | None = None, **options: Any) -> Manifest:
    return restore(
        file,
        Configuration(folder=target),
        opening or with_passphrase(PASSPHRASE),
        **{"known_migrations": known_migrations(), **options},
    )


@pytest.fixture
def backup(agency: Configuration, tmp_path: Path) -> Path:
    make_backup(agency, tmp_path / "backup.casearc")
    return tmp_path / "backup.casearc"


def test_what_is_restored_is_what_was_there(agency: Configuration, backup: Path, tmp_path: Path) -> None:
    manifest = restored(backup, tmp_path / "new")
    unlocked = keys.unlock(tmp_path / "new", PASSPHRASE)
    there = check_database(agency.database, keys.current())
    assert check_database(tmp_path / "new" / "records.db", unlocked) == there == dict(manifest.tables)
    assert manifest.rows > 50
    assert len(manifest.heads) == 2


def test_a_backup_is_made_while_somebody_writes(agency: Configuration, tmp_path: Path) -> None:
    before = check_database(agency.database, keys.current())
    writer = open_database(agency.database, keys.current())
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE agencies_agency SET state = 'not yet'")
    make_backup(agency, tmp_path / "meanwhile.casearc")
    writer.execute("ROLLBACK")
    writer.close()
    restored(tmp_path / "meanwhile.casearc", tmp_path / "new")
    assert check_database(tmp_path / "new" / "records.db", keys.current()) == before


def test_nothing_of_the_records_can_be_read_in_it(agency: Configuration, backup: Path) -> None:
    content = backup.read_bytes()
    assert PLANTED.encode() not in content
    assert b"SQLite format 3" not in content
    for name in ("clients_client", "audit_auditevent", "Riverbend"):
        assert name.encode() not in content


def test_shares_open_it_and_set_a_new_passphrase(backup: Path, recovery: keys.Recovery, tmp_path: Path) -> None:
    with pytest.raises(NotEnoughSharesError):
        restored(backup, tmp_path / "few", with_shares(recovery.phrases[:1], ANOTHER, cost=keys.QUICK))
    restored(backup, tmp_path / "new", with_shares(recovery.phrases[:2], ANOTHER, cost=keys.QUICK))
    assert keys.unlock(tmp_path / "new", ANOTHER) == keys.current()


def test_another_passphrase_is_refused_and_nothing_is_left(backup: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongPassphraseError):
        restored(backup, tmp_path / "new", with_passphrase(ANOTHER))
    assert _records_in(tmp_path / "new") == []


def test_a_backup_never_overwrites_a_file(agency: Configuration, backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(AlreadyThereError):
        make_backup(agency, backup)
    assert backup.read_bytes() == before


def test_records_are_replaced_only_when_asked_and_then_kept_aside(agency: Configuration, backup: Path) -> None:
    connection = open_database(agency.database, keys.current())
    connection.execute("UPDATE agencies_agency SET state = 'later'")
    connection.close()
    later = check_database(agency.database, keys.current())
    with pytest.raises(AlreadyThereError, match="--replace"):
        restored(backup, agency.folder)
    assert check_database(agency.database, keys.current()) == later
    manifest = restored(backup, agency.folder, replace=True)
    assert check_database(agency.database, keys.current()) == dict(manifest.tables)
    assert check_database(agency.folder / swap.REPLACED / "records.db", keys.current()) == later
    with pytest.raises(AlreadyThereError, match="replaced"):
        restored(backup, agency.folder, replace=True)


def test_flipped_bits_anywhere_are_refused(backup: Path, tmp_path: Path) -> None:
    content = backup.read_bytes()
    with tarfile.open(backup) as tar:
        spans = [(m.offset_data, m.offset_data + m.size) for m in tar.getmembers()]
    random.seed(4711)
    for number in range(60):
        start, end = spans[number % len(spans)]
        spoiled = bytearray(content)
        spoiled[random.randrange(start, end)] ^= 1 << random.randrange(8)
        (tmp_path / "spoiled").write_bytes(spoiled)
        try:
            restored(tmp_path / "spoiled", tmp_path / "new")
        except WebError:
            assert _records_in(tmp_path / "new") == []
        else:  # the bit lies in the key file's blanks, which mean nothing
            assert number % len(spans) == 0
            assert keys.unlock(tmp_path / "new", PASSPHRASE) == keys.current()
            shutil.rmtree(tmp_path / "new")


@pytest.mark.parametrize("length", [0, 100, 512, 5000, 100_000, -1024])
def test_a_backup_that_was_cut_off_is_refused(backup: Path, tmp_path: Path, length: int) -> None:
    content = backup.read_bytes()
    with tarfile.open(backup) as tar:
        end = max(member.offset_data + member.size for member in tar.getmembers())
    (tmp_path / "cut").write_bytes(content[: length if length >= 0 else end + length])
    with pytest.raises(BackupRefusedError):
        restored(tmp_path / "cut", tmp_path / "new")
    assert _records_in(tmp_path / "new") == []


def _with_extra(members: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    return [*members, ("../outside", b"x")]


def _without_manifest(members: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    return [member for member in members if member[0] != MEMBERS[1]]


@pytest.mark.parametrize("change", [_with_extra, _without_manifest])
def test_a_container_with_other_members_is_refused(
    backup: Path, tmp_path: Path, change: Callable[[list[tuple[str, bytes]]], list[tuple[str, bytes]]]
) -> None:
    with tarfile.open(backup) as tar:
        members = [(member.name, _read(tar, member)) for member in tar.getmembers()]
    with tarfile.open(tmp_path / "changed", "w") as tar:
        for name, content in change(members):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    with pytest.raises(BackupRefusedError):
        restored(tmp_path / "changed", tmp_path / "new")
    assert not (tmp_path / "outside").exists()


def test_another_agencys_records_under_this_manifest_are_refused(
    agency: Configuration, backup: Path, tmp_path: Path
) -> None:
    connection = open_database(agency.database, keys.current())
    connection.execute("UPDATE agencies_agency SET state = 'later'")
    connection.close()
    make_backup(agency, tmp_path / "later")
    with tarfile.open(backup) as early, tarfile.open(tmp_path / "later") as later:
        parts = {member.name: _read(early, member) for member in early.getmembers()}
        parts[MEMBERS[2]] = _read(later, later.getmember(MEMBERS[2]))
    with tarfile.open(tmp_path / "mixed", "w") as tar:
        for name in MEMBERS:
            member = tarfile.TarInfo(name)
            member.size = len(parts[name])
            tar.addfile(member, io.BytesIO(parts[name]))
    with pytest.raises(BackupRefusedError, match="altered"):
        restored(tmp_path / "mixed", tmp_path / "new")


def test_a_backup_of_a_newer_version_is_refused_in_words(backup: Path, tmp_path: Path) -> None:
    fewer = frozenset(sorted(known_migrations())[:-1])
    with pytest.raises(BackupRefusedError, match="newer Casearc"):
        restored(backup, tmp_path / "new", known_migrations=fewer)


def test_a_backup_of_an_older_version_needs_a_word(backup: Path, tmp_path: Path) -> None:
    more = known_migrations() | {"clients.9999_later"}
    with pytest.raises(BackupRefusedError, match="--migrate"):
        restored(backup, tmp_path / "new", known_migrations=more)
    seen: list[Path] = []
    restored(
        backup, tmp_path / "new", known_migrations=more, may_migrate=True, accept=lambda path, _: seen.append(path)
    )
    assert seen, "the copy was handed over to be brought up to date"


def test_what_is_not_accepted_is_not_put_in_place(agency: Configuration, backup: Path) -> None:
    before = check_database(agency.database, keys.current())

    def refuse(_: Path, __: keys.Keys) -> None:
        raise BackupRefusedError("no")

    with pytest.raises(BackupRefusedError, match="no"):
        restored(backup, agency.folder, replace=True, accept=refuse)
    assert check_database(agency.database, keys.current()) == before
    assert not (agency.folder / swap.INCOMING).exists()
    assert not (agency.folder / swap.REPLACED).exists()


def _read(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    content = tar.extractfile(member)
    assert content is not None
    return content.read()


def _records_in(folder: Path) -> list[str]:
    """What of an agency's lies in a folder."""
    if not folder.exists():
        return []
    return [path.name for path in folder.iterdir() if path.name != ".in-use"]
