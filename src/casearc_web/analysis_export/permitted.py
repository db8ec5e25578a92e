"""Whose records may be analyzed, and what of them: asked of the ledger, category by category, at the export."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from casearc_web.clients.models import Client
from casearc_web.consent.codes import Category, Purpose
from casearc_web.consent.permits import in_research, permitted
from casearc_web.consent.recipients import Recipient

ANALYZED = (Category.ENROLLMENT, Category.DEMOGRAPHICS, Category.VICTIMIZATION, Category.GOALS, Category.MEASURES)
"""What research consent covers. Substance use needs its own authorization (42 CFR Part 2), names and notes never go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permitted:
    """The clients of each category. Without `ENROLLMENT` nothing of a client is exported."""

    clients: Mapping[Category, frozenset[uuid.UUID]]

    @property
    def anybody(self) -> frozenset[uuid.UUID]:
        """Those of whom something may be exported."""
        return self.clients[Category.ENROLLMENT]

    def allows(self, category: Category, client_id: uuid.UUID) -> bool:
        """Whether this may be exported of a client."""
        return client_id in self.clients[category]


def permitted_for(clients: QuerySet[Client], *, agency_id: uuid.UUID, evaluator: str, study: str) -> Permitted:
    """Who has authorized evaluation by this organization, or takes part in this study.

    `evaluator` is the organization that authorizations name, the agency itself where it evaluates itself; `study` the
    name under which research consents were given, empty where there is none.
    """
    research = _ids(in_research(clients, agency_id=agency_id, study=study)) if study else frozenset()
    recipient = Recipient(organization=evaluator)
    found = {
        category: _ids(
            permitted(
                clients, agency_id=agency_id, purpose=Purpose.EVALUATION, recipient=recipient, categories=[category]
            )
        )
        for category in (*ANALYZED, Category.SUBSTANCE_USE)
    }
    return Permitted(
        clients={category: ids | (research if category in ANALYZED else frozenset()) for category, ids in found.items()}
    )


def _ids(clients: QuerySet[Client]) -> frozenset[uuid.UUID]:
    return frozenset(clients.values_list("pk", flat=True))
