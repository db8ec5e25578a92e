"""What the app adds to others' pages: entries of the menu, a tab."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from casearc_web.access.navigation import Entry, add
from casearc_web.access.verbs import Verb
from casearc_web.clients.tabs import Tab, add_tab


def add_parts() -> None:
    """Called once the apps are loaded."""
    add(Entry(label=_("Keeping and erasing"), route="retention:programs", verb=Verb.SET_RETENTION, order=80))
    add(Entry(label=_("Erasures to approve"), route="retention:waiting", verb=Verb.APPROVE_PURGE, order=81))
    add_tab(Tab(label=_("Keeping"), route="retention:keeping", verb=Verb.HOLD, order=90))
