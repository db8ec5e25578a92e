"""What the ledger adds to other apps' pages: a tab, and a panel of the client's overview."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from casearc_web.access.asker import Asker
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client
from casearc_web.clients.tabs import Panel, Tab, add_panel, add_tab
from casearc_web.consent import queries
from casearc_web.consent.clock import today_of


def add_parts() -> None:
    """Called once the apps are loaded."""
    add_tab(Tab(label=_("Permissions"), route="consent:permissions", verb=Verb.VIEW_AUTHORIZATIONS, order=70))
    add_panel(Panel(template="consent/panel.html", context=_panel, verb=Verb.VIEW_AUTHORIZATIONS, order=70))


def _panel(by: Asker, client: Client) -> dict[str, Any]:
    live = queries.live_of(by, client)
    soon = today_of(by) + queries.SOON
    return {"permissions": live, "ending": [one for one in live if one.expires_on <= soon]}
