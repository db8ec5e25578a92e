"""Filling an empty database with a made-up agency: staff of every role, the library's made-up program as clients."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
from django.db import transaction
from django.utils import timezone

from casearc.synthetic import make_program
from casearc_web.access.row_security import enter
from casearc_web.agencies.models import Agency, Program, RoleCode, Site, StaffMember, Team
from casearc_web.audit.log import Entry, append
from casearc_web.demo import casework, names, people
from casearc_web.demo.moments import Moments
from casearc_web.keys import made_up
from casearc_web.outcomes.models import EvaluationPlan
from casearc_web.outcomes.plans import first_plan

_TEAM_SIZE = 4
_NEWEST_DAYS_AGO = 30
_LONGEST_DAYS = 380
"""The last to enroll in the made-up program did so this many days ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAgency:
    """What was made: who can sign in, all with one password that was drawn for this demo."""

    agency_id: uuid.UUID
    password: str
    accounts: tuple[tuple[str, str], ...]
    """User name and role, in words."""


@transaction.atomic
def fill(*, participants: int = 95, seed: int = 2024, today: date | None = None, complete: bool = False) -> DemoAgency:
    """Make the agency. Refuses where there is one already: a demo is never mixed with records.

    complete
        Shift the program so far back that everything in it has happened; else the newest enrolled a month ago, and
        what would lie in the future is left out.

    Raises
    ------
    ValueError
        There is an agency already.
    """
    if Agency.objects.exists():
        raise ValueError("There are records here already. A demo is made in an empty folder.")
    agency = Agency(name="Riverbend (made up)", state="Nowhere", made_up=True)
    enter(agency.pk)
    agency.save(force_insert=True)
    tables = make_program(participants=participants, seed=seed).tables
    moments = _moments(tables, today or timezone.localdate(), complete=complete)
    house = _house(agency, tables["enrollments"])
    stays = people.make(agency, house, tables, moments)
    casework.make(agency, house.staff, tables, stays, moments)
    _plan(agency, house.program)
    append(Entry(agency_id=agency.pk, verb="manage_agency", details="a made-up agency was filled"))
    accounts = tuple((member.username, str(member.get_role_display())) for member in house.everybody)
    return DemoAgency(agency_id=agency.pk, password=house.password, accounts=accounts)


def _moments(tables: Mapping[str, pl.DataFrame], today: date, *, complete: bool) -> Moments:
    newest = tables["enrollments"]["start_date"].max()
    if not isinstance(newest, date):
        raise TypeError("the made-up program has no dates")
    back, ends = (400, None) if complete else (_NEWEST_DAYS_AGO, _LONGEST_DAYS)
    starts = dict(tables["enrollments"].select("enrollment_id", "start_date").iter_rows())
    shift = today - timedelta(days=back) - newest
    return Moments(today=today, starts={stay: start + shift for stay, start in starts.items()}, ends=ends)


def _house(agency: Agency, enrollments: pl.DataFrame) -> people.House:
    program = Program.objects.create(agency=agency, code="harbor_light", name="Harbor Light (made up)")
    sites = {
        code: Site.objects.create(agency=agency, code=code, name=code.replace("_", " ").capitalize())
        for code in sorted(set(enrollments["site"]))
    }
    password = made_up()
    herbs = iter(names.STAFF)
    ids = sorted(set(enrollments["staff_id"]))
    teams = [Team.objects.create(agency=agency, name=name) for name in ("Otters", "Herons")]
    staff = {
        code: _member(agency, next(herbs), RoleCode.CASE_MANAGER, password, code=code, team=teams[i // _TEAM_SIZE % 2])
        for i, code in enumerate(ids)
    }
    supervisors = [
        _member(agency, f"Supervisor {team.name}", RoleCode.SUPERVISOR, password, team=team) for team in teams
    ]
    others = [
        _member(agency, "Director Dove", RoleCode.DIRECTOR, password),
        _member(agency, "Evaluator Elk", RoleCode.EVALUATOR, password),
        _member(agency, "Administrator Asp", RoleCode.ADMINISTRATOR, password),
    ]
    everybody = [*staff.values(), *supervisors, *others]
    for member in everybody:
        if member.role in (RoleCode.CASE_MANAGER, RoleCode.SUPERVISOR, RoleCode.DIRECTOR):
            member.programs.add(program)
    return people.House(program=program, sites=sites, staff=staff, everybody=everybody, password=password)


def _member(
    agency: Agency, name: str, role: RoleCode, password: str, *, code: str = "", team: Team | None = None
) -> StaffMember:
    username = name.rsplit(maxsplit=1)[-1].lower() if role in _BY_TITLE else name.lower().split()[0]
    member = StaffMember(
        agency=agency,
        username=f"{role.value.split('_')[0]}-{username}" if role == RoleCode.SUPERVISOR else username,
        name=f"{name} (made up)",
        code=code or f"{role.value[:3].upper()}{secrets.token_hex(2).upper()}",
        role=role,
        team=team,
    )
    member.set_password(password)
    member.save()
    return member


_BY_TITLE = (RoleCode.SUPERVISOR, RoleCode.DIRECTOR, RoleCode.EVALUATOR, RoleCode.ADMINISTRATOR)


def _plan(agency: Agency, program: Program) -> None:
    plan = EvaluationPlan.objects.create(
        agency=agency, name="Months of service and later support", text=first_plan(), evaluator=agency.name
    )
    plan.programs.set([program])
