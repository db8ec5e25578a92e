"""A PostgreSQL server of our own for as long as a test needs one: Debian's programs, a folder, a socket, no port.

PostgreSQL refuses to run as root, so that as root the account `postgres` (Debian's package makes it) runs it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

_OWNER = "casearc_owner"
APPLICATION = "casearc_app"


def programs() -> Path | None:
    """The folder of the newest PostgreSQL that is installed, None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextlib.contextmanager
def running() -> Iterator[str]:
    """A server; yields how to connect as the owner of an empty database (as migrations and backups do)."""
    folder = Path(tempfile.mkdtemp(prefix="casearc-pg-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    where = programs()
    if where is None:
        raise FileNotFoundError("PostgreSQL is not installed: apt-get install postgresql")

    def run(program: str, *arguments: str) -> None:
        command = [str(where / program), *arguments]
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=120)

    data = folder / "data"
    run("initdb", "-D", str(data), "-U", _OWNER, "--auth=trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c max_connections=60"
    run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        run("createdb", "-h", str(folder), "-U", _OWNER, "casearc")
        run("psql", "-q", "-h", str(folder), "-U", _OWNER, "casearc", "-c", f"CREATE ROLE {APPLICATION} LOGIN CREATEDB")
        yield f"host={folder} dbname=casearc user={_OWNER}"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
