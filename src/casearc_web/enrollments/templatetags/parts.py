"""Drawing the parts that other apps add to the start page."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import Form
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from casearc_web.enrollments.home import RowLink

register = template.Library()


@register.simple_tag
def tap_form(link: RowLink) -> Form | None:
    """The hidden form of a tap, which the buttons of all lines send."""
    return link.form() if link.form else None


@register.simple_tag(takes_context=True, name="part")
def draw(context: Context, one: dict[str, Any]) -> SafeString:
    """A part in the page's own context, with its values above it."""
    with context.push(**one["part"]):
        return mark_safe(get_template(one["template"]).template.render(context))  # type: ignore[attr-defined, no-any-return]
