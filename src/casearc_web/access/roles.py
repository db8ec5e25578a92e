"""The five roles, to be read by the people they are about: what each may do, and how far it reaches."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import RoleCode


class Reach(IntEnum):
    """How far a verb goes. Never beyond the own agency."""

    NOBODY = 0
    CASELOAD = 1
    """Enrollments whose care team one is on."""
    TEAM = 2
    """Enrollments that somebody of the own team cares for."""
    PROGRAM = 3
    """Enrollments in the own programs."""
    AGENCY = 4
    """Things of the agency that are not about one client: accounts, settings, results."""


class Role:
    """A role. What is not granted is denied."""

    code: ClassVar[RoleCode]
    says: ClassVar[str | Promise]
    grants: ClassVar[Mapping[Verb, Reach]]


def _each(reach: Reach, *verbs: Verb) -> dict[Verb, Reach]:
    return dict.fromkeys(verbs, reach)


_EVERYBODY = _each(
    Reach.AGENCY, Verb.SIGN_IN, Verb.SIGN_OUT, Verb.CHANGE_SIGN_IN, Verb.USE_OWN_ACCOUNT, Verb.SEE_HOME
)

_CASE_WORK = (
    *(Verb.VIEW_CLIENT, Verb.VIEW_IDENTITY, Verb.VIEW_SENSITIVE),
    *(Verb.EDIT_CLIENT, Verb.EDIT_IDENTITY, Verb.EDIT_SENSITIVE),
    *(Verb.EDIT_ENROLLMENT, Verb.EXIT_ENROLLMENT, Verb.VIEW_CASEWORK, Verb.WRITE_CASEWORK, Verb.VIEW_NOTES),
    *(Verb.VIEW_AUTHORIZATIONS, Verb.GIVE_AUTHORIZATION, Verb.REVOKE_AUTHORIZATION),
)


class CaseManager(Role):
    """Works with young people. Sees the own caseload whole, and nobody else's."""

    code = RoleCode.CASE_MANAGER
    says = _(
        "Sees and works on the own caseload. Opens another client's record only by breaking the glass, with a reason."
    )
    grants: ClassVar = {
        **_EVERYBODY,
        **_each(
            Reach.CASELOAD, *_CASE_WORK, Verb.SEARCH_CLIENTS, Verb.ENROLL, Verb.SEE_NOTICES, Verb.VIEW_CLIENT_AUDIT
        ),
        **_each(Reach.CASELOAD, Verb.VIEW_SUBSTANCE_USE, Verb.DISCLOSE_SUBSTANCE_USE),
        **_each(Reach.AGENCY, Verb.INTAKE_CLIENT, Verb.LOOK_BEYOND, Verb.BREAK_GLASS),
    }


class Supervisor(Role):
    """Answers for a team: everything a case manager does, for the whole team, and signs, assigns and transfers."""

    code = RoleCode.SUPERVISOR
    says = _(
        "Sees and works on the team's caseloads, co-signs notes, assigns and transfers clients, "
        "discloses under authorization."
    )
    grants: ClassVar = {
        **_EVERYBODY,
        **_each(Reach.TEAM, *_CASE_WORK, Verb.SEARCH_CLIENTS, Verb.ENROLL, Verb.SEE_NOTICES, Verb.VIEW_CLIENT_AUDIT),
        **_each(Reach.TEAM, Verb.COSIGN, Verb.ASSIGN, Verb.TRANSFER_CASELOAD, Verb.DISCLOSE, Verb.SET_TEMPLATES),
        **_each(Reach.AGENCY, Verb.INTAKE_CLIENT, Verb.LOOK_BEYOND, Verb.BREAK_GLASS, Verb.VIEW_RESULTS),
    }


class Director(Role):
    """Answers for programs: sees their records, runs evaluations, approves exports, decides on retention."""

    code = RoleCode.DIRECTOR
    says = _(
        "Sees the records of the own programs, imports files into them, runs evaluations, approves exports, "
        "sets retention, holds and purges."
    )
    grants: ClassVar = {
        **_EVERYBODY,
        **_each(Reach.PROGRAM, *_CASE_WORK, Verb.SEARCH_CLIENTS, Verb.ENROLL, Verb.SEE_NOTICES, Verb.VIEW_CLIENT_AUDIT),
        **_each(Reach.PROGRAM, Verb.COSIGN, Verb.ASSIGN, Verb.TRANSFER_CASELOAD, Verb.DISCLOSE, Verb.SET_TEMPLATES),
        **_each(Reach.PROGRAM, Verb.SET_RETENTION, Verb.PURGE_CLIENT, Verb.APPROVE_PURGE, Verb.HOLD),
        **_each(Reach.PROGRAM, Verb.IMPORT_RECORDS),
        **_each(Reach.AGENCY, Verb.INTAKE_CLIENT, Verb.LOOK_BEYOND, Verb.BREAK_GLASS, Verb.VIEW_AUDIT),
        **_each(Reach.AGENCY, Verb.RUN_EVALUATION, Verb.VIEW_RESULTS, Verb.VIEW_RESULTS_IN_HOUSE, Verb.APPROVE_EXPORT),
        **_each(Reach.AGENCY, Verb.SEE_EXPORTS),
    }


class Evaluator(Role):
    """Asks whether it works: sees results and never a row."""

    code = RoleCode.EVALUATOR
    says = _(
        "Runs evaluations and sees results. "
        "Never sees a client's record; may ask for rows, which a director must approve."
    )
    grants: ClassVar = {
        **_EVERYBODY,
        **_each(Reach.AGENCY, Verb.RUN_EVALUATION, Verb.VIEW_RESULTS, Verb.VIEW_RESULTS_IN_HOUSE, Verb.EXPORT_ROWS),
        **_each(Reach.AGENCY, Verb.SEE_EXPORTS),
    }


class Administrator(Role):
    """Keeps accounts and settings. Never sees a client's record."""

    code = RoleCode.ADMINISTRATOR
    says = _(
        "Makes accounts, teams and programs, imports files, and reads the agency's log. Never sees a client's record."
    )
    grants: ClassVar = {
        **_EVERYBODY,
        **_each(Reach.AGENCY, Verb.MANAGE_STAFF, Verb.MANAGE_AGENCY, Verb.VIEW_AUDIT, Verb.APPROVE_PURGE),
        **_each(Reach.AGENCY, Verb.IMPORT_RECORDS),
    }


ROLES: Mapping[str, type[Role]] = {
    role.code.value: role for role in (CaseManager, Supervisor, Director, Evaluator, Administrator)
}


def reach_of(role: str, verb: Verb) -> Reach:
    """How far a role reaches with a verb."""
    known = ROLES.get(role)
    return known.grants.get(verb, Reach.NOBODY) if known else Reach.NOBODY
