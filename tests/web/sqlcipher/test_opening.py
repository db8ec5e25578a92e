"""The database file: encrypted from its first byte, and refused in plain words with another key, or none."""

from __future__ import annotations

import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from casearc_web import keys
from casearc_web.errors import (
    AlreadyThereError,
    DatabaseMissingError,
    DatabaseRefusedError,
    NotEncryptedError,
    WrongKeyError,
)
from casearc_web.sqlcipher import check_database, copy_database, make_database, open_database

PLANTED = "Marker-Pseudonym-Quetzal-4711"


def unlocked(folder: Path) -> keys.Keys:
    keys.create(folder, "seven made up words for a test", cost=keys.QUICK)
    return keys.unlock(folder, "seven made up words for a test")


@pytest.fixture
def own(tmp_path: Path) -> keys.Keys:
    return unlocked(tmp_path / "own")


@pytest.fixture
def records(tmp_path: Path, own: keys.Keys) -> Path:
    path = tmp_path / "records.db"
    make_database(path, own)
    connection = open_database(path, own)
    connection.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT)")
    connection.executemany("INSERT INTO people (name) VALUES (?)", [(f"{PLANTED} {n}",) for n in range(200)])
    connection.close()
    return path


def test_the_file_has_no_plain_header_and_only_its_owner_may_read_it(records: Path) -> None:
    assert not records.read_bytes().startswith(b"SQLite format 3")
    assert stat.S_IMODE(records.stat().st_mode) == 0o600


def test_what_is_written_is_in_no_file_also_not_in_the_logs(records: Path, own: keys.Keys) -> None:
    connection = open_database(records, own)
    for mode in ("WAL", "TRUNCATE"):
        connection.execute(f"PRAGMA journal_mode = {mode}")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE people SET name = name || ' again'")
        connection.execute("PRAGMA cache_size = 1")  # spill what is not yet committed
        connection.execute("CREATE INDEX IF NOT EXISTS by_name ON people (name)")
        files = {path.name: path.read_bytes() for path in records.parent.iterdir() if path.is_file()}
        connection.execute("COMMIT")
        assert len(files) > 1, "a log was there to be looked at"
        assert not any(PLANTED.encode() in content for content in files.values())
    connection.close()


def test_pythons_own_sqlite_cannot_read_it(records: Path) -> None:
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        sqlite3.connect(records).execute("SELECT * FROM sqlite_master")


def test_another_key_is_refused(records: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongKeyError, match="do not open"):
        open_database(records, unlocked(tmp_path / "other"))


def test_a_missing_file_is_refused_and_not_made(tmp_path: Path, own: keys.Keys) -> None:
    with pytest.raises(DatabaseMissingError):
        open_database(tmp_path / "elsewhere.db", own)
    assert not (tmp_path / "elsewhere.db").exists()


def test_a_plain_database_is_refused(tmp_path: Path, own: keys.Keys) -> None:
    plain = sqlite3.connect(tmp_path / "plain.db")
    plain.execute("CREATE TABLE t (x)")
    plain.close()
    with pytest.raises(NotEncryptedError):
        open_database(tmp_path / "plain.db", own)


def test_making_one_overwrites_nothing(records: Path, own: keys.Keys) -> None:
    with pytest.raises(AlreadyThereError):
        make_database(records, own)


def test_a_connection_is_set_to_lose_nothing_and_to_leave_nothing(records: Path, own: keys.Keys) -> None:
    connection = open_database(records, own)
    asked = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "temp_store", "cipher_log_level")
    told = {name: str(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in asked}
    connection.close()
    assert told == {
        "journal_mode": "wal",
        "synchronous": "2",
        "foreign_keys": "1",
        "secure_delete": "1",
        "temp_store": "2",
        "cipher_log_level": "NONE",
    }


def test_eight_threads_write_and_none_is_turned_away(records: Path, own: keys.Keys) -> None:
    refused: list[Exception] = []

    def work(number: int) -> None:
        connection = open_database(records, own)
        try:
            for turn in range(25):
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO people (name) VALUES (?)", (f"{number}.{turn}",))
                connection.execute("COMMIT")
        except Exception as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert check_database(records, own)["people"].rows == 200 + 8 * 25


def test_a_copy_under_another_key_holds_the_same_and_opens_with_that_key_only(
    records: Path, own: keys.Keys, tmp_path: Path
) -> None:
    other = unlocked(tmp_path / "other")
    copied = copy_database(records, own, tmp_path / "copy.db", target_keys=other)
    assert copied == check_database(tmp_path / "copy.db", other) == check_database(records, own)
    with pytest.raises(WrongKeyError):
        open_database(tmp_path / "copy.db", own)


def test_a_copy_leaves_out_what_is_not_committed(records: Path, own: keys.Keys, tmp_path: Path) -> None:
    writer = open_database(records, own)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO people (name) VALUES ('not yet')")
    copied = copy_database(records, own, tmp_path / "copy.db", target_keys=own)
    writer.execute("COMMIT")
    writer.close()
    assert copied["people"].rows == 200
    assert check_database(records, own)["people"].rows == 201


def test_a_flipped_bit_is_found(records: Path, own: keys.Keys) -> None:
    content = bytearray(records.read_bytes())
    content[len(content) // 2] ^= 0x10
    records.write_bytes(content)
    with pytest.raises(DatabaseRefusedError, match="damaged"):
        check_database(records, own)
