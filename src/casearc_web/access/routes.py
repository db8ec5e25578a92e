"""Every page has a rule: which verb it takes, by which methods. A page without one cannot be reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

from casearc_web.access.verbs import Verb

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What it takes to reach a page. `public` pages are for people who have not signed in; they show nothing of
    anybody.
    """

    verb: Verb | None
    methods: frozenset[str] = frozenset({"GET", "HEAD"})
    public: bool = False
    step_up: bool = False
    """Whether the second factor must have been shown within the last minutes."""
    before_second_factor: bool = False
    """Whether somebody may be here who still has to set up or show a second factor."""


_admitted: dict[str, Rule] = {}


def page(
    route: str,
    view: View,
    *,
    verb: Verb,
    name: str,
    writes: bool = False,
    deletes: bool = False,
    step_up: bool = False,
    before_second_factor: bool = False,
) -> URLPattern:
    """A page for staff. `writes` lets it take forms (POST), `deletes` a DELETE."""
    methods = {"GET", "HEAD", *["POST"] * writes, *["DELETE"] * deletes}
    rule = Rule(
        verb=verb, methods=frozenset(methods), step_up=step_up, before_second_factor=before_second_factor
    )
    return _ruled(route, view, rule, name)


def public_page(route: str, view: View, *, name: str, writes: bool = False) -> URLPattern:
    """A page for people who have not signed in."""
    methods = frozenset({"GET", "HEAD", "POST"} if writes else {"GET", "HEAD"})
    return _ruled(route, view, Rule(verb=None, methods=methods, public=True), name)


def admit(view_name: str, rule: Rule) -> None:
    """A rule for a page that another package brings; `view_name` as in templates."""
    _admitted[view_name] = rule


def rule_of(callback: Any, view_name: str) -> Rule | None:
    """The rule of a resolved page."""
    found = getattr(callback, "rule", None)
    return found if isinstance(found, Rule) else _admitted.get(view_name)


def _ruled(route: str, view: View, rule: Rule, name: str) -> URLPattern:
    def ruled(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    setattr(ruled, "rule", rule)  # noqa: B010 - functions declare no such attribute
    ruled.__name__, ruled.__module__, ruled.__doc__ = view.__name__, view.__module__, view.__doc__
    return path(route, ruled, name=name)
