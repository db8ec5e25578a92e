"""A made-up agency of 10,000 clients and 500,000 contacts in an encrypted database, to measure pages on.

    .venv/bin/python benchmarks/web/large.py FOLDER [--clients 10000] [--contacts 50]

Writes FOLDER (as `casearc web init` would) with the passphrase below. Rows are made in bulk: this measures reading.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from casearc_web import configuration, keys
from casearc_web.keys import QUICK
from casearc_web.server import migrate, prepare
from casearc_web.sqlcipher import make_database

PASSPHRASE = "made up words for measuring only"
TODAY = date.today()
BATCH = 2_000
A_CASELOAD = 25
A_TEAM = 10


def make(folder: Path, *, clients: int, contacts: int) -> None:
    """Make the folder and fill it."""
    chosen = configuration.Configuration(folder=folder, port=8190)
    keys.create(folder, PASSPHRASE, cost=QUICK)
    unlocked = keys.unlock(folder, PASSPHRASE)
    make_database(chosen.database, unlocked)
    configuration.write(chosen)
    prepare(chosen, unlocked)
    migrate()
    Filling(clients, contacts).fill()


class Filling:
    """Fills the database table by table."""

    def __init__(self, clients: int, contacts: int) -> None:
        self.clients, self.contacts, self.draw = clients, contacts, random.Random(1)

    def fill(self) -> None:
        from casearc_web.agencies.models import Agency, Program, Site
        from casearc_web.demo import names

        self.agency = Agency.objects.create(name="Wide Delta (made up)", made_up=True)
        self.programs = [
            Program.objects.create(agency=self.agency, code=f"p{i}", name=f"Program {i} (made up)") for i in range(4)
        ]
        self.site = Site.objects.create(agency=self.agency, code="main", name="Main street")
        self.staff = self._staff()
        self.names = names.people()
        stays = self._people()
        self._contacts(stays)

    def _staff(self) -> list[Any]:
        from casearc_web.agencies.models import RoleCode, StaffMember, Team

        count = self.clients // A_CASELOAD
        teams = [Team.objects.create(agency=self.agency, name=f"Team {i}") for i in range(max(1, count // A_TEAM))]
        managers = [
            StaffMember(
                agency=self.agency,
                username=f"manager{i}",
                name=f"Manager {i} (made up)",
                code=f"M{i}",
                role=RoleCode.CASE_MANAGER,
                team=teams[i // A_TEAM % len(teams)],
            )
            for i in range(count)
        ]
        others = [
            StaffMember(
                agency=self.agency,
                username=f"{role}{i}",
                name=f"{role} {i}",
                code=f"{role[:2]}{i}",
                role=role,
                team=team,
            )
            for role in (RoleCode.SUPERVISOR.value, RoleCode.DIRECTOR.value)
            for i, team in enumerate(teams[:4])
        ]
        StaffMember.objects.bulk_create([*managers, *others])
        for i, member in enumerate([*managers, *others]):
            member.programs.add(self.programs[i % 4])
        return managers

    def _people(self) -> list[tuple[Any, Any]]:
        from casearc_web.clients.models import Client, VictimizationProfile
        from casearc_web.enrollments.models import CareTeamMember, Enrollment
        from casearc_web.vault.models import Identity, SearchDigest
        from casearc_web.vault.search import _terms, digest

        stays, wanted = [], iter(range(self.clients))
        while some := list(islice(wanted, BATCH)):
            identities, digests, people, profiles, enrollments, team = [], [], [], [], [], []
            for i in some:
                given, family = GIVEN[i % len(GIVEN)], FAMILY[i // len(GIVEN) % len(FAMILY)]
                born = TODAY - timedelta(days=self.draw.randint(4_500, 7_600))
                identity = Identity(agency=self.agency, given_name=given, family_name=family, birth_date=str(born))
                identities.append(identity)
                digests += [
                    SearchDigest(agency=self.agency, identity=identity, kind=k, digest=digest(self.agency.pk, k, t))
                    for k, t in sorted(set(_terms(identity, [])))
                ]
                client = Client(agency=self.agency, identity=identity, gender="girl", race_ethnicity=["black"])
                people.append(client)
                profiles.append(VictimizationProfile(agency=self.agency, client=client, trafficking_status="presumed"))
                member = self.staff[i // A_CASELOAD % len(self.staff)]
                began = TODAY - timedelta(days=self.draw.randint(1, 720))
                stay = Enrollment(
                    agency=self.agency,
                    client=client,
                    program=self.programs[self.staff.index(member) % 4],
                    site=self.site,
                    started_on=began,
                    first_service_on=began,
                    age_at_start="15.50",
                )
                enrollments.append(stay)
                team.append(CareTeamMember(agency=self.agency, enrollment=stay, staff=member, since=began))
                stays.append((stay, member))
            for model, rows in (
                *((Identity, identities), (SearchDigest, digests), (Client, people)),
                *((VictimizationProfile, profiles), (Enrollment, enrollments), (CareTeamMember, team)),
            ):
                model.objects.bulk_create(rows, batch_size=500)
        return stays

    def _contacts(self, stays: list[tuple[Any, Any]]) -> None:
        from casearc_web.casework.models import Contact

        def rows() -> Any:
            for stay, member in stays:
                for _ in range(self.contacts):
                    days = self.draw.randint(0, max(1, (TODAY - stay.started_on).days))
                    on = stay.started_on + timedelta(days=days)
                    yield Contact(
                        id=uuid.uuid4(),
                        agency=self.agency,
                        enrollment=stay,
                        on=on,
                        outcome="completed" if self.draw.random() < 0.8 else "attempted",
                        minutes=self.draw.choice((15, 30, 45, 60)),
                        medium="phone",
                        note="Made-up note about the week.",
                        staff=member,
                        created_by=member,
                        created_at=datetime(on.year, on.month, on.day, 18, tzinfo=UTC),
                    )

        every = rows()
        while some := list(islice(every, BATCH)):
            Contact.objects.bulk_create(some, batch_size=500)


def main() -> None:
    """Read the arguments and go."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--clients", type=int, default=10_000)
    asked.add_argument("--contacts", type=int, default=50)
    given = asked.parse_args()
    began = time.perf_counter()
    make(given.folder, clients=given.clients, contacts=given.contacts)
    sys.stdout.write(f"{given.clients:,} clients, {given.clients * given.contacts:,} contacts ")
    sys.stdout.write(f"in {time.perf_counter() - began:.0f} s\n")


GIVEN = [
    a + b
    for a in ("Al", "Be", "Ce", "Do", "El", "Fi", "Gi", "Ha", "Il", "Jo")
    for b in ("der", "ech", "dar", "gwood", "mina", "rena", "nkga", "zela", "exa", "hana")
]
FAMILY = [
    a + b
    for a in ("Mar", "Nut", "Ori", "Plo", "Qua", "Rob", "Sis", "Ter", "Vir", "Wre")
    for b in ("tin", "hatch", "ole", "ver", "ilin", "inet", "kin", "nelle", "eon", "nling")
]

if __name__ == "__main__":
    main()
