"""Every address of the application, from the URL table itself, with its rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from casearc_web.access.routes import Rule, rule_of


@dataclass(frozen=True, kw_only=True)
class Address:
    """One line of the URL table. `kwargs` are the names it takes."""

    name: str
    route: str
    kwargs: tuple[str, ...]
    rule: Rule | None

    def __str__(self) -> str:
        return self.name


def addresses() -> list[Address]:
    """All of them."""
    return sorted(_walk(get_resolver(), "", ""), key=lambda address: address.name)


def _walk(resolver: URLResolver, route: str, namespace: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        whole = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, whole, inner)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}"
            taken = tuple(entry.pattern.converters) or tuple(entry.pattern.regex.groupindex)
            yield Address(name=name, route=whole, kwargs=taken, rule=rule_of(entry.callback, name))
