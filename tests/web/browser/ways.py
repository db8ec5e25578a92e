"""Widths and languages that a journey is gone in.

    @FOUR_WAYS
    def test_intake(sized, signed_in_page, say): ...
        sized.get_by_role("button", name=say("Save")).click()

`FOUR_WAYS` is both widths in both languages; `TWO_WAYS` the phone in Spanish and the desk in English.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import translation
from django.utils.functional import Promise
from playwright.sync_api import Page

_NAMES = ("width", "language")
FOUR_WAYS = pytest.mark.parametrize(_NAMES, [("phone", "en"), ("phone", "es"), ("desk", "en"), ("desk", "es")])
TWO_WAYS = pytest.mark.parametrize(_NAMES, [("phone", "es"), ("desk", "en")])


@pytest.fixture
def width() -> str:
    """Which screen; a test sets it by its ways."""
    return "phone"


@pytest.fixture
def sized(request: pytest.FixtureRequest, width: str) -> Page:
    """A page as wide as the way asks; `without_script` is one too."""
    page: Page = request.getfixturevalue(width)
    return page


@pytest.fixture
def say(language: str) -> Callable[..., str]:
    """What the application says in the test's language: English words, or a label, and what they are filled with."""

    def said(words: str | Promise, **filled: object) -> str:
        with translation.override(language):
            found = str(words) if isinstance(words, Promise) else translation.gettext(words)
        return found % filled if filled else found

    return said


__all__ = ["say", "sized", "width"]
