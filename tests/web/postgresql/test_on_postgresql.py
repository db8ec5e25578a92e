"""The same code on PostgreSQL: row security, replacing keys and records, and a cut through each app's actions.

All of the web application's tests run there with `make test-postgresql`.
"""

from __future__ import annotations

import os

import pytest

from web.postgresql.server import programs, running
from web.postgresql.whole import WEB, run_on

PARTS = (
    "postgresql",
    "access/test_actions.py",
    "access/test_reach.py",
    "audit/test_chain.py",
    "records",
    "clients/test_edits.py",
    "enrollments/test_stays.py",
    "casework/test_actions.py",
    "needs/test_needs_actions.py",
    "goals/test_goal_actions.py",
    "consent/test_permits.py",
    "drafts/test_drafts.py",
    "staff/test_accounts.py::test_a_taken_name_is_told_beside_what_was_typed",
    "retention/test_purge.py",
    "imports/test_again.py::test_who_is_erased_at_that_very_moment_stays_erased",
    "imports/test_again.py::test_the_preview_must_still_be_true",
    "imports/test_all_or_nothing.py",
)
"""About a minute. What locks, chains, counts versions or erases: there the two engines differ."""


@pytest.mark.skipif(bool(os.environ.get("CASEARC_TEST_POSTGRESQL")), reason="this is the run on PostgreSQL itself")
def test_the_web_application_on_postgresql() -> None:
    if programs() is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed, and CI must have it: apt-get install postgresql")
        pytest.skip("PostgreSQL is not installed here: apt-get install postgresql")
    with running() as connection:
        ended = run_on(connection, PARTS)
    assert ended.returncode == 0, ended.stdout[-6000:]
    ran = {line.partition("::")[0] for line in ended.stdout.splitlines() if " PASSED" in line}
    assert all(any(part.partition("::")[0] in file for file in ran) for part in PARTS), ran


def test_every_part_is_there() -> None:
    assert [part for part in PARTS if not (WEB / part.partition("::")[0]).exists()] == []
