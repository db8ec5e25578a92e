"""What each role can never do, whatever else is granted to it."""

from __future__ import annotations

import pytest

from casearc_web.access.roles import ROLES, Reach, reach_of
from casearc_web.access.verbs import Verb

ABOUT_A_CLIENT = {
    *(Verb.SEARCH_CLIENTS, Verb.VIEW_CLIENT, Verb.VIEW_IDENTITY, Verb.VIEW_SENSITIVE, Verb.VIEW_SUBSTANCE_USE),
    *(Verb.EDIT_CLIENT, Verb.EDIT_IDENTITY, Verb.EDIT_SENSITIVE, Verb.VIEW_CASEWORK, Verb.WRITE_CASEWORK),
    *(Verb.VIEW_NOTES, Verb.VIEW_AUTHORIZATIONS, Verb.DISCLOSE, Verb.BREAK_GLASS, Verb.INTAKE_CLIENT),
}

NEVER = [
    # role            what it never does
    ("evaluator", ABOUT_A_CLIENT | {Verb.APPROVE_EXPORT, Verb.PURGE_CLIENT, Verb.MANAGE_STAFF}),
    ("administrator", ABOUT_A_CLIENT | {Verb.VIEW_RESULTS, Verb.RUN_EVALUATION, Verb.EXPORT_ROWS}),
    ("case_manager", {Verb.DISCLOSE, Verb.EXPORT_ROWS, Verb.PURGE_CLIENT, Verb.MANAGE_STAFF, Verb.VIEW_AUDIT}),
    ("supervisor", {Verb.EXPORT_ROWS, Verb.PURGE_CLIENT, Verb.MANAGE_STAFF, Verb.VIEW_AUDIT}),
    ("director", {Verb.EXPORT_ROWS, Verb.MANAGE_STAFF}),  # approves rows, so cannot also ask for them
]


@pytest.mark.parametrize(("role", "never"), NEVER)
def test_a_role_never_does_what_is_not_its_part(role: str, never: set[Verb]) -> None:
    assert {verb for verb in never if reach_of(role, verb) > Reach.NOBODY} == set()


def test_an_unknown_role_reaches_nothing() -> None:
    assert all(reach_of("friend_of_the_director", verb) == Reach.NOBODY for verb in Verb)


def test_no_role_reaches_a_client_beyond_its_programs() -> None:
    about = ABOUT_A_CLIENT - {Verb.BREAK_GLASS, Verb.INTAKE_CLIENT}
    assert all(reach_of(role, verb) < Reach.AGENCY for role in ROLES for verb in about)


def test_every_verb_is_somebodys() -> None:
    assert {verb for verb in Verb if all(reach_of(role, verb) == Reach.NOBODY for role in ROLES)} == set()
