"""Entering answers from paper: one box an item, a number or the reason there is none."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casearc.instruments import Instrument
from casearc_web.shell.fields import DayField
from casearc_web.shell.forms import Submittable
from casearc_web.surveys.models import Mode, NoAnswer


class AnswersForm(Submittable):
    """How and when an instrument was given, and the answer to every item."""

    on = DayField(label=_("Day it was filled in"), initial=timezone.localdate)
    mode = forms.ChoiceField(label=_("How it was given"), choices=Mode.choices, initial=Mode.PAPER)
    language = forms.ChoiceField(label=_("Language"), choices=[("en", _("English")), ("es", _("Spanish"))])
    wording_version = forms.CharField(
        label=_("Version of the wording"), required=False, max_length=40, help_text=_("As printed on the sheet.")
    )

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        numbers = [(str(n), str(n)) for n in range(instrument.low, instrument.high + 1)]
        choices = [("", "–"), *numbers, (_("No answer"), [(reason.value, reason.label) for reason in NoAnswer])]
        for item in instrument.items:
            self.fields[_name(item.id)] = forms.ChoiceField(
                label=f"{item.id}. {item.gist}", choices=choices, required=False
            )

    def clean(self) -> dict[str, Any]:
        """A sheet on which nothing is filled in is a slip, not an administration."""
        cleaned = super().clean() or {}
        if not self.errors and not self.answers and not self.reasons:
            raise forms.ValidationError(_("No item has an answer or a reason. Fill in what is on the sheet."))
        if (on := cleaned.get("on")) and on > timezone.localdate():
            self.add_error("on", _("This day is in the future."))
        return cleaned

    @property
    def answers(self) -> dict[str, int]:
        """Items with an answer."""
        return {item: int(value) for item, value in self._given() if value not in NoAnswer.values}

    @property
    def reasons(self) -> dict[str, str]:
        """Items without one, and why."""
        return {item: value for item, value in self._given() if value in NoAnswer.values}

    def _given(self) -> list[tuple[str, str]]:
        named = [(item.id, self.cleaned_data.get(_name(item.id), "")) for item in self.instrument.items]
        return [(item, value) for item, value in named if value]


def _name(item: str) -> str:
    return f"item_{item}"
