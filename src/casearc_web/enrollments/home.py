"""The start page's parts. Each app adds what its people want to see first; a part shows to those who hold its verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.utils.functional import Promise

from casearc_web.access.asker import Asker
from casearc_web.access.decide import may
from casearc_web.access.verbs import Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePart:
    """A template and what it needs; `context` reads through `access` like any query."""

    template: str
    context: Callable[[Asker], Mapping[str, Any]]
    verb: Verb
    order: int


_parts: dict[str, HomePart] = {}


def add_part(part: HomePart) -> None:
    """Add a part, or replace the one with the same template."""
    _parts[part.template] = part


def parts_for(by: Asker) -> list[dict[str, Any]]:
    """The parts that somebody sees, in order: `template` and the names it uses under `part`."""
    seen = sorted((part for part in _parts.values() if may(by, part.verb)), key=lambda part: part.order)
    return [{"template": part.template, "part": part.context(by)} for part in seen]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLink:
    """Something done in one tap from a line of the caseload. `route` takes the keyword `client`."""

    label: str | Promise
    route: str
    verb: Verb
    order: int
    form: Callable[[], Form] | None = None
    """Where the tap writes: its form, all of it hidden, one for all lines; a line's button adds its `enrollment`.
    Without one the tap leads to a page.
    """
    anchor: str = ""

    @property
    def writes(self) -> bool:
        """Whether the tap writes at once."""
        return self.form is not None


_row_links: dict[str, RowLink] = {}


def add_row_link(link: RowLink) -> None:
    """Add one, or replace the one with the same route."""
    _row_links[link.route] = link


def row_links(by: Asker) -> list[RowLink]:
    """Those that somebody may use, in order."""
    return sorted((link for link in _row_links.values() if may(by, link.verb)), key=lambda link: link.order)
