"""The tabs and panels of a client's page. Apps above register theirs, so that `clients` need not know them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from casearc_web.access.asker import Asker
from casearc_web.access.verbs import Verb
from casearc_web.clients.models import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A page about the client. `route` takes the keyword `client`, the client's id."""

    label: str | Promise
    route: str
    verb: Verb
    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A part of the client's overview: a template and what it needs.

    `context` reads through `access` like any query.
    """

    template: str
    context: Callable[[Asker, Client], Mapping[str, Any]]
    verb: Verb
    order: int


_tabs: dict[str, Tab] = {}
_panels: dict[str, Panel] = {}


def add_tab(tab: Tab) -> None:
    """Add a tab, or replace the one with the same route."""
    _tabs[tab.route] = tab


def add_panel(panel: Panel) -> None:
    """Add a panel, or replace the one with the same template."""
    _panels[panel.template] = panel


def tabs() -> list[Tab]:
    """All tabs in order."""
    return sorted(_tabs.values(), key=lambda tab: tab.order)


def panels() -> list[Panel]:
    """All panels in order."""
    return sorted(_panels.values(), key=lambda panel: panel.order)
