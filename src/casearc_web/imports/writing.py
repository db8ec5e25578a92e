"""Storing what was fitted: all of it, in the order in which records rest on each other."""

from __future__ import annotations

import uuid

from django.db.models import Model

from casearc_web.casework.models import Contact, ServiceDelivered, ServiceKind
from casearc_web.clients.models import Client, VictimizationProfile
from casearc_web.enrollments.models import CareTeamMember, Enrollment
from casearc_web.goals.models import Goal
from casearc_web.imports.fitting import Plan
from casearc_web.imports.models import ImportedRow
from casearc_web.needs.models import NeedsAssessment
from casearc_web.surveys.models import Administration
from casearc_web.vault.models import ContactWay, Identity, SearchDigest

_BATCH = 500
ORDER: tuple[type[Model], ...] = (
    *(Identity, ContactWay, SearchDigest, Client, VictimizationProfile, Enrollment, CareTeamMember),
    *(ServiceKind, Contact, ServiceDelivered, Goal, NeedsAssessment, Administration),
)


def write(plan: Plan) -> None:
    """Store it, within a transaction of whoever calls."""
    missing = plan.records.keys() - set(ORDER)
    if missing:
        raise TypeError(f"nobody has said when to store: {', '.join(sorted(model.__name__ for model in missing))}")
    for model in ORDER:
        model._default_manager.bulk_create(plan.records.get(model, []), batch_size=_BATCH)
    ImportedRow.objects.bulk_create(plan.rows, batch_size=_BATCH)


def clients_of(plan: Plan) -> frozenset[uuid.UUID]:
    """Clients to whom something is added."""
    stays = {one.pk: one.client_id for one in plan.records.get(Enrollment, []) if isinstance(one, Enrollment)}
    made = {uuid.UUID(str(one.pk)) for one in plan.records.get(Client, [])} | set(stays.values())
    touched: set[uuid.UUID] = set()
    for model in (Contact, Goal, NeedsAssessment, Administration):
        touched |= {one.enrollment_id for one in plan.records.get(model, []) if isinstance(one, model)}
    later = Enrollment.objects.filter(pk__in=touched - stays.keys()).values_list("client_id", flat=True)
    return frozenset(made | set(later))
