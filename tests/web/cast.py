"""The fixed cast of the web tests. Everybody is made up, obviously so: agencies of rivers, people named after trees
and birds.

Riverbend (the agency most tests are about)
    programs  North, South · teams Otter, Heron
    Cleo  case manager, team Otter: cares for Acacia (North)
    Carl  case manager, team Heron: cares for Birch (South)
    Sue   supervisor, team Otter · Dora director of North · Eve evaluator · Ada administrator
    Acacia Oriole  client in North · Birch Plover client in South · Cedar Wren client in North, exited
Farshore (another agency): Faye case manager, Fern Gull her client; Fay director; Fred administrator
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib.auth.hashers import make_password
from django.test import Client as HttpClient

from casearc_web.access.asker import Asker
from casearc_web.access.door import asker_of
from casearc_web.agencies.models import Agency, Program, RoleCode, Site, StaffMember, Team
from casearc_web.clients.models import Client
from casearc_web.enrollments.models import CareTeamMember, Enrollment
from casearc_web.signin.session import begin, show_factor
from casearc_web.vault.models import Identity
from casearc_web.vault.search import reindex

PASSWORD = "made up words for tests only"


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Everybody by name."""

    riverbend: Agency
    farshore: Agency
    north: Program
    south: Program
    otter: Team
    heron: Team
    cleo: StaffMember
    carl: StaffMember
    sue: StaffMember
    dora: StaffMember
    eve: StaffMember
    ada: StaffMember
    faye: StaffMember
    fay: StaffMember
    fred: StaffMember
    acacia: Client
    birch: Client
    cedar: Client
    fern: Client

    def by(self, staff: StaffMember) -> Asker:
        """The asker that somebody is, afresh."""
        return asker_of(staff)

    def enrollment_of(self, client: Client) -> Enrollment:
        """A client's only enrollment."""
        return client.enrollments.get()


def make_cast() -> Cast:
    """Make everybody, directly in the database."""
    riverbend = Agency.objects.create(name="Riverbend (made up)", state="Nowhere")
    farshore = Agency.objects.create(name="Farshore (made up)", state="Nowhere")
    north, south = (_program(riverbend, name) for name in ("North", "South"))
    farther = _program(farshore, "Farther")
    Site.objects.create(agency=riverbend, code="main", name="Main street")
    otter, heron = (Team.objects.create(agency=riverbend, name=name) for name in ("Otter", "Heron"))
    cleo = _staff(riverbend, "Cleo", RoleCode.CASE_MANAGER, team=otter, programs=[north])
    carl = _staff(riverbend, "Carl", RoleCode.CASE_MANAGER, team=heron, programs=[south])
    faye = _staff(farshore, "Faye", RoleCode.CASE_MANAGER, programs=[farther])
    return Cast(
        riverbend=riverbend,
        farshore=farshore,
        north=north,
        south=south,
        otter=otter,
        heron=heron,
        cleo=cleo,
        carl=carl,
        sue=_staff(riverbend, "Sue", RoleCode.SUPERVISOR, team=otter),
        dora=_staff(riverbend, "Dora", RoleCode.DIRECTOR, programs=[north]),
        eve=_staff(riverbend, "Eve", RoleCode.EVALUATOR),
        ada=_staff(riverbend, "Ada", RoleCode.ADMINISTRATOR),
        faye=faye,
        fay=_staff(farshore, "Fay", RoleCode.DIRECTOR, programs=[farther]),
        fred=_staff(farshore, "Fred", RoleCode.ADMINISTRATOR),
        acacia=_client("Acacia", "Oriole", program=north, staff=cleo),
        birch=_client("Birch", "Plover", program=south, staff=carl),
        cedar=_client("Cedar", "Wren", program=north, staff=cleo, exited=date(2026, 6, 30)),
        fern=_client("Fern", "Gull", program=farther, staff=faye),
    )


def _program(agency: Agency, name: str) -> Program:
    return Program.objects.create(agency=agency, code=name.lower(), name=name)


@cache
def _hashed() -> str:
    """Everybody's password, hashed once: Argon2 takes its time on purpose."""
    return make_password(PASSWORD)


def _staff(
    agency: Agency, name: str, role: RoleCode, *, team: Team | None = None, programs: list[Program] | None = None
) -> StaffMember:
    member = StaffMember(
        agency=agency, username=name.lower(), name=f"{name} (made up)", code=name[:4].upper(), role=role, team=team
    )
    member.password = _hashed()
    member.save()
    member.programs.set(programs or [])
    return member


def _client(given: str, family: str, *, program: Program, staff: StaffMember, exited: date | None = None) -> Client:
    agency = program.agency
    identity = Identity.objects.create(
        agency=agency, given_name=given, family_name=family, birth_date="2010-03-14", created_by=staff
    )
    reindex(identity)
    client = Client.objects.create(agency=agency, identity=identity, created_by=staff)
    enrollment = Enrollment.objects.create(
        agency=agency,
        client=client,
        program=program,
        started_on=date(2026, 1, 15),
        first_service_on=date(2026, 1, 20),
        exited_on=exited,
        exit_reason="completed" if exited else "",
        age_at_start="15.84",
        created_by=staff,
    )
    CareTeamMember.objects.create(agency=agency, enrollment=enrollment, staff=staff, since=date(2026, 1, 15))
    return client


def sign_in(client: HttpClient, staff: StaffMember) -> None:
    """Sign a test client in, past every gate: second factor shown just now, and awake."""
    client.force_login(staff, backend="casearc_web.signin.backends.StaffBackend")
    session = client.session
    begin(session)
    show_factor(session)
    session.save()
