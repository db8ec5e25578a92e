"""A contact form as a browser would send it, and a catalog of services."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from casearc_web.agencies.models import StaffMember
from casearc_web.casework import actions
from casearc_web.casework.models import Contact, ServiceKind
from casearc_web.casework.setup import default_services
from casearc_web.clients.models import Client
from web.cast import Cast, sign_in


@pytest.fixture
def catalog(cast: Cast) -> dict[str, ServiceKind]:
    """The default catalog of Riverbend, by code."""
    default_services(cast.riverbend)
    return {kind.code: kind for kind in ServiceKind.objects.filter(agency=cast.riverbend)}


@pytest.fixture
def signed_in() -> Callable[[StaffMember], Browser]:
    """A browser in which somebody has signed in."""

    def enter(staff: StaffMember) -> Browser:
        browser = Browser()
        sign_in(browser, staff)
        return browser

    return enter


@pytest.fixture
def record(cast: Cast) -> Callable[..., Contact]:
    """Records a contact through the action, as its client's case manager."""

    def make(client: Client | None = None, *, staff: StaffMember | None = None, **facts: Any) -> Contact:
        services = facts.pop("services", {})
        whole = {"on": date(2026, 3, 2), "minutes": 30, "note": "Made-up words.", **facts}
        return actions.record_contact(
            by=cast.by(staff or cast.cleo),
            enrollment=cast.enrollment_of(client or cast.acacia),
            facts=actions.Facts(**whole),
            services=services,
        )

    return make


@pytest.fixture
def typed() -> Callable[..., dict[str, Any]]:
    """The fields of the form of a new contact."""

    def fill(**changes: Any) -> dict[str, Any]:
        usual = {
            "submission": str(uuid.uuid4()),
            "on": "2026-03-02",
            "outcome": "completed",
            "contact_type": "client",
            "minutes": "30",
            "medium": "in_person",
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    return fill
