"""Form fields of our own: an answer or the reason there is none, and a day.

>>> field = ReasonedField(forms.IntegerField(), label="Age")
>>> field.clean(["15", ""])
Reasoned(value=15, reason='')
>>> field.clean(["", "declined"])
Reasoned(value=None, reason='declined')
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Reason(TextChoices):
    """Why a sensitive, optional question has no answer. Empty means missing: nobody said why."""

    DECLINED = "declined", _("Declined to answer")
    NOT_ASKED = "not_asked", _("Not asked")
    UNKNOWN = "unknown", _("Not known")


@dataclass(frozen=True)
class Reasoned:
    """An answer, or the reason why there is none; never both. Neither means missing."""

    value: Any = None
    reason: str = ""

    @property
    def missing(self) -> bool:
        return self.value is None and not self.reason


class ReasonedWidget(forms.MultiWidget):
    """The answer's own control, and below it the reasons. Posted as `name` and `name_reason`."""

    template_name = "shell/forms/reasoned.html"
    use_fieldset = True

    def __init__(self, value: forms.Widget, reasons: Sequence[tuple[str, Any]]) -> None:
        super().__init__({"": value, "reason": forms.RadioSelect(choices=reasons)})

    def decompress(self, value: Reasoned | None) -> list[Any]:
        return [value.value, value.reason] if isinstance(value, Reasoned) else [value, ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value if isinstance(value, list) else self.decompress(value), attrs)
        answer, reasons = context["widget"]["subwidgets"]
        # A single control takes its name from the legend; a group of radios or boxes is inside the fieldset already.
        context["widget"] |= {"answer": answer, "reasons": reasons, "single": not self.widgets[0].use_fieldset}
        if context["widget"]["single"] and (id_ := context["widget"]["attrs"].get("id")):
            answer["attrs"]["aria-labelledby"] = f"{id_}_legend"
        return context


class ReasonedField(forms.MultiValueField):
    """Wraps the field of a sensitive question. Always optional; cleans to a `Reasoned`.

    Initial value: a `Reasoned`. `reasons` may name fewer or other reasons than `Reason`.
    """

    default_error_messages = {  # noqa: RUF012  # Django's own way of declaring them
        "both": _("There is an answer and a reason for having none. Keep one of them."),
    }

    def __init__(
        self, value: forms.Field, *, reasons: Sequence[tuple[str, Any]] = Reason.choices, **kwargs: Any
    ) -> None:
        value.required = value.widget.is_required = False
        choices = [("", _("No reason noted")), *reasons]
        super().__init__(
            fields=(value, forms.ChoiceField(choices=choices, required=False)),
            widget=ReasonedWidget(value.widget, choices),
            require_all_fields=False,
            required=False,
            **kwargs,
        )

    def compress(self, data_list: Sequence[Any]) -> Reasoned:
        value, reason = data_list or (None, "")
        answer = None if value in EMPTY_VALUES else value
        if answer is not None and reason:
            raise ValidationError(self.error_messages["both"], code="both")
        return Reasoned(answer, reason)


class DayInput(forms.DateInput):
    """The browser's own date control: a picker on a phone, typed by keyboard at a desk."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None, *, earliest: datetime.date | None = None) -> None:
        limits = {"min": earliest.isoformat()} if earliest else {}
        super().__init__(attrs={"max": "2100-12-31", **limits, **(attrs or {})}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A calendar day, entered and sent as the browser does it, whatever the page's language."""

    widget = DayInput
    input_formats = ["%Y-%m-%d"]  # noqa: RUF012  # Django's own way of declaring them
