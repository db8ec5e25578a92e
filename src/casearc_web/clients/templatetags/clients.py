"""Tags of pages about a client."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def panel(context: Context, part: str, values: dict[str, Any]) -> SafeString:
    """A panel of the overview, in the page's own context with the panel's values above it."""
    with context.push(**values):
        backend: Any = get_template(part)
        return SafeString(backend.template.render(context))
