"""Where the app's pages are found: the client's tabs, and the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from casearc_web.access import navigation
from casearc_web.access.notices import unseen
from casearc_web.access.verbs import Verb
from casearc_web.clients.tabs import Tab, add_tab


def put_up() -> None:
    """Called once the apps are loaded."""
    add_tab(Tab(label=_("Overview"), route="clients:client", verb=Verb.VIEW_CLIENT, order=0))
    add_tab(Tab(label=_("Reach out"), route="clients:reach", verb=Verb.VIEW_IDENTITY, order=5))
    add_tab(Tab(label=_("Identity"), route="clients:identity", verb=Verb.VIEW_IDENTITY, order=70))
    add_tab(Tab(label=_("Description"), route="clients:about", verb=Verb.VIEW_CLIENT, order=75))
    menu = navigation.Entry
    navigation.add(menu(label=_("Search"), route="clients:search", verb=Verb.SEARCH_CLIENTS, order=20))
    navigation.add(
        menu(label=_("Notices"), route="clients:notices", verb=Verb.SEE_NOTICES, order=80, count=unseen)
    )
