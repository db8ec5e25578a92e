"""The form of a study plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from casearc.errors import CasearcError
from casearc_web.access.asker import Asker
from casearc_web.access.decide import visible
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Program
from casearc_web.outcomes.models import EvaluationPlan
from casearc_web.outcomes.plans import read_text
from casearc_web.shell.forms import Submittable


class PlanForm(forms.ModelForm, Submittable):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A plan is checked when it is saved: a plan that cannot be run is not kept."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=1)

    class Meta:
        model = EvaluationPlan
        fields = ("name", "programs", "evaluator", "study", "text")
        widgets = {  # noqa: RUF012 - Django's own way of declaring them
            "programs": forms.CheckboxSelectMultiple,
            "text": forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"}),
        }

    def __init__(self, *args: Any, by: Asker, floor: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.floor = floor
        self.fields["programs"].queryset = visible(by, Verb.RUN_EVALUATION, Program.objects.all())  # type: ignore[attr-defined]
        self.fields["text"].help_text = _(
            "What is compared, on which dose, adjusted for what. Written before anybody looks."
        )

    def clean_text(self) -> str:
        """Every fault of the plan at once."""
        text = str(self.cleaned_data["text"])
        try:
            read_text(text, floor=self.floor)
        except CasearcError as refused:
            raise forms.ValidationError(str(refused).splitlines()) from refused
        return text
