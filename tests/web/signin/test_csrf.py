"""No form of any page is taken without its token: every route that writes is tried, present and to come."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.test import Client as HttpClient
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from casearc_web.access.routes import rule_of
from web.cast import Cast, sign_in

SAMPLES = {
    "UUIDConverter": str(uuid.UUID(int=1)),
    "IntConverter": 1,
    "StringConverter": "word",
    "SlugConverter": "word",
}


def writing_routes() -> Iterator[tuple[str, str]]:
    """Name and methods of every route that takes more than a GET."""
    for name, pattern in _walk(get_resolver().url_patterns, ""):
        rule = rule_of(pattern.callback, name)
        if rule is not None:
            for method in sorted(rule.methods - {"GET", "HEAD"}):
                yield name, method


def _walk(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            within = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, within)
        else:
            yield f"{space}{pattern.name}", pattern


def _address(name: str) -> str:
    pattern = next(pattern for found, pattern in _walk(get_resolver().url_patterns, "") if found == name)
    converters = pattern.pattern.converters
    return reverse(name, kwargs={key: _sample(one) for key, one in converters.items()})


def _sample(converter: object) -> object:
    """Something that a part of an address takes: of an app's own converters the first of the words it knows."""
    known = SAMPLES.get(type(converter).__name__)
    return known if known is not None else converter.regex.split("|")[0]


@pytest.mark.parametrize(("name", "method"), list(writing_routes()))
def test_no_token_no_write(cast: Cast, strict: HttpClient, name: str, method: str) -> None:
    sign_in(strict, cast.cleo)
    answer = strict.generic(method, _address(name), data="a=b", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 403
    assert "shell/csrf.html" in [template.name for template in answer.templates]


def test_there_are_routes_to_try() -> None:
    names = {name for name, _ in writing_routes()}
    assert {"account_login", "signin:change_password", "drafts:draft", "shell:language"} <= names
