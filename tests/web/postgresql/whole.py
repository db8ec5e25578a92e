"""The tests of the web application on a PostgreSQL of their own, folder by folder: `make test-postgresql`.

    whole.py                    # all of FOLDERS
    whole.py goals needs        # some of them

What runs in Chromium is left out: it looks at pages, not at the database. So is what sets up a database of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[3]
WEB = ROOT / "tests" / "web"
sys.path.insert(0, str(ROOT / "tests"))

from web.postgresql.server import programs, running  # noqa: E402 - found once the path is there

FOLDERS = (
    *("postgresql", "access", "audit", "records", "clients", "enrollments", "casework", "needs", "goals", "surveys"),
    *("consent", "drafts", "staff", "signin", "retention", "analysis_export", "outcomes", "imports"),
    *("everywhere/test_markers.py", "everywhere/test_migrations.py"),
)
_IN_CHROMIUM = ("*_look.py", "*journey*.py")
_LONGEST_SECONDS = 1800


def run_on(connection: str, parts: Iterable[str]) -> subprocess.CompletedProcess[str]:
    """Run parts of tests/web in a process of their own that works on this PostgreSQL."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PYTEST_"))}
    left_out = [f"--ignore-glob={pattern}" for pattern in _IN_CHROMIUM]
    chosen = [str(WEB / part) for part in parts]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-vv", "--tb=short", "-p", "no:cacheprovider", *left_out, *chosen],
        env={**environment, "CASEARC_TEST_POSTGRESQL": connection},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=_LONGEST_SECONDS,
    )


def main(folders: list[str]) -> int:
    """A line for each folder; 1 where anything failed."""
    if programs() is None:
        sys.stdout.write("PostgreSQL is not installed: apt-get install postgresql\n")
        return 1
    failed = False
    with running() as connection:
        for folder in folders or FOLDERS:
            began = time.monotonic()
            ended = run_on(connection, [folder])
            last = (ended.stdout.strip().splitlines() or ["nothing ran"])[-1].strip("= ")
            sys.stdout.write(f"{folder:<30} {last}  ({time.monotonic() - began:.0f} s)\n")
            sys.stdout.flush()
            if ended.returncode != 0:
                failed = True
                sys.stdout.write(ended.stdout[-8000:] + ended.stderr[-2000:])
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
