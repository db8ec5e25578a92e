"""`casearc web` on PostgreSQL: set up behind the wall between agencies, backed up whole, restored elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from web.postgresql.server import APPLICATION, programs, running

from .test_commands import ANOTHER, PASSPHRASE, USAGE, Agency, casearc

pytestmark = pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed: apt-get install postgresql")


@pytest.fixture(scope="module")
def owner() -> Iterator[str]:
    with running() as connection:
        yield connection


def agency_on(folder: Path, owner: str, database: str) -> Agency:
    """A folder with a casearc.toml that points to a new, empty database."""
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}")
    connect = owner.replace("dbname=casearc", f"dbname={database}")
    app = connect.replace("user=casearc_owner", f"user={APPLICATION}")
    folder.mkdir()
    (folder / "casearc.toml").write_text(
        f'[records]\nengine = "postgresql"\nconnection = "{app}"\nmaintenance = "{connect}"\n'
    )
    return Agency(folder, connect)


def rows(connect: str) -> dict[str, list[tuple[object, ...]]]:
    with psycopg.connect(connect) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for (name,) in tables}


def test_set_up_backed_up_and_restored(tmp_path: Path, owner: str) -> None:
    agency = agency_on(tmp_path / "casearc", owner, "first")
    asked = ("--agency", "Riverbend (made up)", "--state", "Nowhere", "--administrator", "ada", "--name", "Ada")
    done = agency.run("init", *asked)
    assert done.returncode == 0, done.stderr
    done = agency.run("backup", str(tmp_path / "backup"))
    assert done.returncode == 0, done.stderr
    assert b"Riverbend" not in (tmp_path / "backup").read_bytes()

    other = agency_on(tmp_path / "other", owner, "second")
    done = other.run("restore", str(tmp_path / "backup"))
    assert done.returncode == 0, done.stderr
    assert rows(other.told) == rows(agency.told)
    assert rows(agency.told)["agencies_staffmember"]
    assert other.run("audit", "verify").returncode == 0
    assert other.run("administrator", "ada").returncode == 0, "numbers go on after those that were restored"
    again = other.run("restore", str(tmp_path / "backup"))
    assert again.returncode != 0
    assert "--replace" in again.stderr
    assert other.run("restore", str(tmp_path / "backup"), "--replace").returncode == 0
    assert rows(other.told) == rows(agency.told)
    _rekeyed(agency)


def _rekeyed(agency: Agency) -> None:
    """The old passphrase opens nothing any more, and a key file that was put back is told apart from the right one."""
    key_file = agency.folder / "keys.json"
    old = key_file.read_bytes()
    done = agency.run("rekey", lines=(PASSPHRASE, ANOTHER))
    assert done.returncode == 0, done.stderr
    assert agency.run("audit", "verify", lines=(ANOTHER,)).returncode == 0
    assert agency.run("audit", "verify").returncode == USAGE
    key_file.write_bytes(old)
    refused = agency.run("audit", "verify")
    assert refused.returncode not in {0, USAGE}
    assert "does not belong to the records" in refused.stderr


def test_a_backup_that_row_security_would_thin_out_is_refused(tmp_path: Path, owner: str) -> None:
    agency = agency_on(tmp_path / "casearc", owner, "third")
    asked = ("--agency", "Riverbend (made up)", "--state", "Nowhere", "--administrator", "ada", "--name", "Ada")
    assert agency.run("init", *asked).returncode == 0
    toml = agency.folder / "casearc.toml"
    toml.write_text("\n".join(line for line in toml.read_text().splitlines() if "maintenance" not in line))
    done = agency.run("backup", str(tmp_path / "backup"))
    assert done.returncode != 0
    assert "BYPASSRLS" in done.stderr
    assert not (tmp_path / "backup").exists()


def test_a_backup_of_the_other_engine_is_refused(tmp_path: Path, owner: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    asked = ("--agency", "Riverbend (made up)", "--state", "Nowhere", "--administrator", "ada", "--name", "Ada")
    assert casearc(home, "init", *asked, lines=(PASSPHRASE,)).returncode == 0
    assert casearc(home, "backup", str(tmp_path / "backup"), lines=(PASSPHRASE,)).returncode == 0
    agency = agency_on(tmp_path / "casearc", owner, "fourth")
    done = agency.run("restore", str(tmp_path / "backup"))
    assert done.returncode not in {0, USAGE}
    assert "sqlcipher" in done.stderr
    shutil.rmtree(home)
