"""Components as tags: `{% load shell %}`. What each looks like: the specimen page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any
from uuid import UUID

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from casearc_web.addresses import address

register = template.Library()

KEY = re.compile(r"[a-z0-9:-]{1,160}\Z")
NOTICES = ("info", "success", "warning", "danger")


@register.simple_tag(takes_context=True)
def draft(context: Context, *parts: object) -> SafeString:
    """Attributes of a form whose typing is kept: `<form method="post" {% draft "contact-new" enrollment.id %}>`.

    The parts make the draft's key: a word and record ids, never a person's data.
    """
    key = ":".join(str(part) for part in parts)
    if not KEY.match(key):
        raise template.TemplateSyntaxError("a draft's key has lower-case letters, digits, hyphens and colons only")
    url = reverse("drafts:draft", args=[key])
    form = context.get("form")
    bound = mark_safe(" data-draft-bound") if isinstance(form, BaseForm) and form.is_bound else ""
    return format_html('novalidate data-draft="{}" data-draft-url="{}"{}', key, url, bound)


@register.simple_tag
def at(route: str, **ids: UUID) -> str:
    """An address, quicker than `url`: `{% at "clients:client" client=client.pk %}`. For lists; it takes ids only."""
    return address(route, **ids)


@register.simple_tag
def choice(option: Mapping[str, Any]) -> SafeString:
    """A radio button or tick with its label, as Django's templates draw it; forms here have dozens of them."""
    attrs = {"type": option["type"], "name": option["name"], "value": option["value"], **option["attrs"]}
    belongs = f' for="{_escaped(attrs["id"])}"' if attrs.get("id") else ""
    said = "".join(
        f" {name}" if value is True else f' {name}="{_escaped(value)}"'
        for name, value in attrs.items()
        if value is not None and value is not False
    )
    return mark_safe(f"<label{belongs}><input{said}> {_escaped(option['label'])}</label>")  # all parts are escaped


def _escaped(value: object) -> str:
    """As `conditional_escape`, without its detours."""
    return str(value) if hasattr(value, "__html__") else escape(str(value))


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """A box that says something: `{% notice "warning" %}…{% endnotice %}`; what it is also stands in words."""
    if kind not in NOTICES:
        raise template.TemplateSyntaxError(f"a notice is one of: {', '.join(NOTICES)}")
    names = {"info": _("Note"), "success": _("Done"), "warning": _("Take care"), "danger": _("Stop")}
    return format_html(
        '<div class="notice {}"><p class="notice-title">{}</p>{}</div>', kind, title or names[kind], content
    )


@register.inclusion_tag("shell/parts/save_bar.html")
def save_bar(label: str = "", cancel_url: str = "", cancel_label: str = "") -> dict[str, str]:
    """The button that sends a form, within reach of the thumb on a phone."""
    return {"label": label or _("Save"), "cancel_url": cancel_url, "cancel_label": cancel_label or _("Cancel")}


@register.inclusion_tag("shell/parts/empty_state.html")
def empty_state(text: str, action_url: str = "", action_label: str = "") -> dict[str, str]:
    """Says that there is nothing yet, and what to do about it. (Plain `empty` belongs to `for`.)"""
    return {"text": text, "action_url": action_url, "action_label": action_label}


@register.simple_tag
def redacted(reason: str = "") -> SafeString:
    """In place of a value that the asker's role does not reach."""
    return format_html('<span class="redacted">{}</span>', reason or _("hidden: not part of your role"))


@register.simple_tag
def missing(reason: str = "") -> SafeString:
    """In place of an answer that nobody gave: the reason's label, or that none was noted."""
    return format_html('<span class="missing">{}</span>', reason or _("nothing noted"))


@register.inclusion_tag("shell/parts/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Links to the pages of a list, with the rest of the address kept."""
    request = context.get("request")
    return {"page": page, "query": request.GET if request else None, "request": request}


@register.inclusion_tag("shell/forms/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet[Any]) -> dict[str, Any]:
    """All errors of one or more forms or sets of forms, each a link to its control. `{{ form }}` has it already."""
    each = [one for form in forms for one in (form.forms if isinstance(form, BaseFormSet) else [form])]
    return {"entries": [entry for form in each for entry in _entries(form)]}


def _entries(form: BaseForm) -> list[dict[str, str]]:
    own = [{"target": "", "text": str(error)} for error in form.non_field_errors()]
    hidden = [
        {"target": "", "text": f"{field.label}: {error}"} for field in form.hidden_fields() for error in field.errors
    ]
    shown = [
        {"target": focus_target(field), "text": str(error), "label": str(field.label)}
        for field in form.visible_fields()
        for error in field.errors
    ]
    return own + hidden + shown


@register.filter
def focus_target(field: BoundField) -> str:
    """The id that a link to a field leads to: its control, or the first control of a group."""
    if field.id_for_label:
        return field.id_for_label
    first = getattr(field.field.widget, "widgets", [None])[0]
    return f"{field.auto_id}_0_0" if first is not None and first.use_fieldset else f"{field.auto_id}_0"


@register.simple_tag
def again(typed: list[tuple[str, str]]) -> SafeString:
    """What was typed, as hidden inputs, to be sent once more."""
    return format_html_join("\n", '<input type="hidden" name="{}" value="{}">', typed)
