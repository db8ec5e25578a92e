"""Forms of policies, holds and erasing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casearc_web.retention.models import Hold, Policy, Scope
from casearc_web.shell.forms import Submittable

if TYPE_CHECKING:
    _PolicyForm = forms.ModelForm[Policy]
else:
    _PolicyForm = forms.ModelForm


class PolicyForm(_PolicyForm, Submittable):
    """How long a program keeps, in months."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    class Meta:
        model = Policy
        fields = ("partial_after_months", "full_after_months")
        help_texts = {  # noqa: RUF012 - Django's own way of declaring them
            "partial_after_months": gettext_lazy("Months after the last exit. 84 are seven years."),
            "full_after_months": gettext_lazy("Months after the last exit. Empty: what is in codes is kept for good."),
        }

    def clean(self) -> dict[str, Any]:
        """Everything is not erased before a part of it."""
        data = super().clean() or self.cleaned_data
        partial, full = data.get("partial_after_months"), data.get("full_after_months")
        if partial and full and full < partial:
            self.add_error("full_after_months", _("Not sooner than names and words are erased."))
        return data

    def values(self) -> dict[str, Any]:
        """What was typed, by field."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class HoldForm(Submittable):
    """Why nothing may be erased."""

    reason = forms.CharField(
        label=gettext_lazy("Why nothing may be erased"),
        help_text=gettext_lazy("A subpoena, a lawsuit, an investigation: who asked, and when."),
        widget=forms.Textarea({"rows": 3}),
    )


class LiftForm(Submittable):
    """Why a hold is lifted."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    because = forms.CharField(label=gettext_lazy("Why it is lifted"), widget=forms.Textarea({"rows": 3}))

    @classmethod
    def of(cls, standing: Hold, data: Any) -> LiftForm:
        """For one hold."""
        return cls(data, initial={"version": standing.version})


class EraseForm(Submittable):
    """The client asked to be forgotten."""

    scope = forms.ChoiceField(
        label=gettext_lazy("What to erase"),
        help_text=gettext_lazy(
            "With the first, what was done stays, in codes and under a code, so that the program's work can be counted."
        ),
        choices=Scope.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Who asked, when and how"), widget=forms.Textarea({"rows": 3}), required=True
    )


class ProposeForm(Submittable):
    """Which of those past their time to propose."""

    scope = forms.ChoiceField(choices=Scope.choices, widget=forms.HiddenInput)
    clients = forms.TypedMultipleChoiceField(coerce=str, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, offered: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clients"].choices = [(one, one) for one in offered]  # type: ignore[attr-defined]
