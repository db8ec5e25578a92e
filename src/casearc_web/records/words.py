"""A stored value in the words of the reader's language: labels for codes, days as people write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from casearc_web.records.base import MissingReason


def label_of(model: type[models.Model], name: str) -> str:
    """What a field is called."""
    if name == "reasons":
        return _("Why there is no answer")
    try:
        return capfirst(str(getattr(model._meta.get_field(name), "verbose_name", name)))
    except FieldDoesNotExist:
        return name


def in_words(model: type[models.Model], name: str, value: Any) -> str:
    """A field's value in words; empty where there is none.

    A model says more about its own: `code_lists` names the codes of its lists, `said` puts a field in words itself.
    """
    if value in (None, "", [], {}):
        return ""
    own: Mapping[str, Callable[[Any], str]] = getattr(model, "said", {})
    if name in own:
        return own[name](value)
    if isinstance(value, Mapping):
        return "; ".join(f"{label_of(model, key)}: {reason_in_words(str(reason))}" for key, reason in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_code(model, name, item) for item in value)
    return _day(value) if isinstance(value, date) else _code(model, name, value)


def reason_in_words(reason: str) -> str:
    """Why there is no answer; empty where nobody said."""
    return str(dict(MissingReason.choices).get(reason, ""))


def _day(value: date) -> str:
    if isinstance(value, datetime):
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    return date_format(value, "DATE_FORMAT")


def _code(model: type[models.Model], name: str, value: Any) -> str:
    listed: Mapping[str, type[models.TextChoices]] = getattr(model, "code_lists", {})
    if name in listed:
        return str(dict(listed[name].choices).get(value, value))
    try:
        choices = getattr(model._meta.get_field(name), "flatchoices", None)
    except FieldDoesNotExist:
        choices = None
    return str(dict(choices or ()).get(value, value))
