"""The start page's parts. Each app adds what its people want to see first; each part shows to those who hold its verb."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

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
