"""The same code on PostgreSQL: tests of the web application run once more there, row security among them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from web.postgresql.server import programs, running

WEB = Path(__file__).parents[1]
PARTS = ("postgresql/test_row_security.py",)


@pytest.mark.skipif(bool(os.environ.get("CASEARC_TEST_POSTGRESQL")), reason="this is the run on PostgreSQL itself")
def test_the_web_application_on_postgresql() -> None:
    if programs() is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed, and CI must have it: apt-get install postgresql")
        pytest.skip("PostgreSQL is not installed here: apt-get install postgresql")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PYTEST_"))}
    with running() as connection:
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(str(WEB / part) for part in PARTS)],
            env={**environment, "CASEARC_TEST_POSTGRESQL": connection},
            capture_output=True,
            text=True,
            check=False,
            timeout=1200,
        )
    assert ended.returncode == 0, ended.stdout[-6000:]
    assert " passed" in ended.stdout or ended.stdout.count(".") > 3
