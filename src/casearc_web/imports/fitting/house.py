"""What the agency has already that rows are fitted to: staff, sites, catalog of services, domains."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils import timezone, translation

from casearc_web.agencies.models import Program, Site, StaffMember
from casearc_web.casework.models import ServiceKind
from casearc_web.casework.setup import DEFAULT_SERVICES
from casearc_web.imports import codes
from casearc_web.needs.levels import Domain
from casearc_web.needs.queries import domains


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything is found by what a file may call it, in small letters."""

    agency_id: uuid.UUID
    program: Program
    lead_id: uuid.UUID
    by_id: uuid.UUID | None
    today: date
    staff: Mapping[str, uuid.UUID]
    sites: Mapping[str, uuid.UUID]
    other_programs: frozenset[str]
    services: Mapping[str, ServiceKind]
    """Kinds of service of the catalog, and those of ours that are not in it yet, unsaved."""
    domains: Mapping[str, Domain]


def house(program: Program, *, lead_id: uuid.UUID, by_id: uuid.UUID | None) -> House:
    """Read it all, once an import."""
    agency_id = program.agency_id
    others = Program.objects.filter(agency_id=agency_id).exclude(pk=program.pk)
    return House(
        agency_id=agency_id,
        program=program,
        lead_id=lead_id,
        by_id=by_id,
        today=timezone.localdate(),
        staff={one.code.lower(): one.pk for one in StaffMember.objects.filter(agency_id=agency_id)},
        sites={name: one.pk for one in Site.objects.filter(agency_id=agency_id) for name in named(one.code, one.name)},
        other_programs=frozenset(name for one in others for name in named(one.code, one.name)),
        services=_services(agency_id),
        domains=_domains(agency_id),
    )


def named(*names: str) -> set[str]:
    """What somebody may write for one of these names."""
    small = {name.strip().lower() for name in names if name.strip()}
    return small | {name.replace("_", " ") for name in small} | {name.replace(" ", "_") for name in small}


def known_codes(choices: type[TextChoices], synonyms: Mapping[str, str] | None = None) -> dict[str, str]:
    """A code list by code, by label in both languages, and by what other programs call the same."""
    found = dict(synonyms or {})
    for language in ("en", "es"):
        with translation.override(language):
            found |= {str(label).lower(): str(code) for code, label in choices.choices}
    return found | {str(code): str(code) for code in choices.values}


def _services(agency_id: uuid.UUID) -> dict[str, ServiceKind]:
    found: dict[str, ServiceKind] = {}
    ours = [(code, en, es, str(category), str(unit)) for category, code, en, es, unit in DEFAULT_SERVICES]
    theirs = [
        (code, en, es, category, "times" if code in codes.COUNTED_IN_TIMES else "minutes")
        for code, (en, es, category) in codes.SERVICES.items()
    ]
    for code, english, spanish, category, unit in (*theirs, *ours):
        kind = ServiceKind(
            agency_id=agency_id, code=code, name_en=english, name_es=spanish, category=category, unit=unit
        )
        found |= dict.fromkeys(named(code, english, spanish), kind)
    for kind in ServiceKind.objects.filter(agency_id=agency_id):
        found |= dict.fromkeys(named(kind.code, kind.name_en, kind.name_es), kind)
    return found


def _domains(agency_id: uuid.UUID) -> dict[str, Domain]:
    own = {domain.code: domain for domain in domains(agency_id)}
    found = {name: own[code] for name, code in codes.DOMAIN.items() if code in own}
    for language in ("en", "es"):
        with translation.override(language):
            found |= {name: domain for domain in own.values() for name in named(domain.code, str(domain.name))}
    return found
