"""Radio buttons and ticks are drawn as Django draws them, and what a label or value says is escaped."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from casearc_web.shell.renderer import ShellRenderer

CHOICES = [("a", "Plain"), ("b", 'Tom & "Jerry" <b>'), ('"><script>', mark_safe("<em>marked safe</em>"))]


@pytest.mark.parametrize("widget", [forms.RadioSelect, forms.CheckboxSelectMultiple])
@pytest.mark.parametrize("chosen", [[], ["b"], ["a", '"><script>']])
@pytest.mark.parametrize("attrs", [{"id": "id_x"}, {"id": "id_x", "disabled": True, "title": 'say "so"'}, {}])
def test_the_same_as_djangos_own(widget: type[forms.Widget], chosen: list[str], attrs: dict[str, object]) -> None:
    drawn = widget(choices=CHOICES)  # type: ignore[call-arg]
    ours = drawn.render("x", chosen, dict(attrs), renderer=ShellRenderer())
    theirs = drawn.render("x", chosen, dict(attrs), renderer=DjangoTemplates())
    assert _parts(ours) == _parts(theirs)
    assert "<script" not in ours


def _parts(drawn: str) -> list[str]:
    """Each tag with its attributes in order of their names, and the words between."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            found.append(f"<{tag} {sorted(attributes, key=str)}>")

        def handle_data(self, data: str) -> None:
            if data.strip():
                found.append(data.strip())

    Reader().feed(drawn)
    return found
