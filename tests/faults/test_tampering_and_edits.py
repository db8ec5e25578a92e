"""The log cannot be altered unseen, and of two edits at once none is overwritten unseen: a sample, on both engines."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from web.postgresql.server import programs, running

HERE = Path(__file__).parent
SAMPLE, FULL, ON_POSTGRESQL = 500, 10_000, 100


def _run(name: str, trials: int, connection: str = "") -> None:
    command = [sys.executable, str(HERE / f"{name}.py"), "--trials", str(trials), "--seed", "1"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**environment, "PYTHONHASHSEED": "0", "CASEARC_TEST_POSTGRESQL": connection},
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["tamper", "edit_pairs"])
def test_a_sample_on_the_encrypted_file(name: str) -> None:
    _run(name, SAMPLE)


@pytest.mark.parametrize("name", ["tamper", "edit_pairs"])
def test_a_sample_on_postgresql(name: str) -> None:
    if programs() is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed, and CI must have it: apt-get install postgresql")
        pytest.skip("PostgreSQL is not installed here: apt-get install postgresql")
    with running() as connection:
        _run(name, ON_POSTGRESQL, connection)


@pytest.mark.parametrize("name", ["tamper", "edit_pairs_sqlcipher", "edit_pairs_postgresql"])
def test_the_stored_result_is_of_a_full_run_without_a_failure(name: str) -> None:
    with (HERE / "results" / f"{name}.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert sum(int(line["trials"]) for line in lines) >= FULL
    assert {line["failures"] for line in lines} == {"0"}
