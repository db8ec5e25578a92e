"""Everything the application says, it says in English and Spanish, with the same blanks to fill in."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from babel.messages.catalog import Message

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def messages():
    spec = importlib.util.spec_from_file_location("messages_tool", ROOT / "tools" / "messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_string_has_its_spanish_and_the_compiled_catalog_is_fresh(messages):
    assert messages.faults() == []


def test_a_template_s_strings_are_found_wherever_they_stand(messages):
    template = """<p class="it's">{% translate "One" %}</p>
    {% if a %}{% save_bar _("Two") %}{% endif %}{# {% translate "Not this" %} #}
    {% blocktranslate trimmed count n=many %}{{ n }} hour
      late{% plural %}{{ n }} hours late{% endblocktranslate %} {{ _("It's \\"four\\"") }}
    {% translate "A" context "B" %}"""
    found = {message for _, _, message, _ in messages.strings_of(template, "made-up.html")}
    assert found == {"One", "Two", ("%(n)s hour late", "%(n)s hours late"), 'It\'s "four"', "A"}


@pytest.mark.parametrize(("spanish", "wrong"), [("Página %(number)s", True), ("%(all)s: página %(number)s", False)])
def test_a_lost_placeholder_is_noticed(messages, spanish, wrong):
    assert messages._placeholders(Message("Page %(number)s of %(all)s", spanish)) is wrong
