"""The form that asks for rows."""

from __future__ import annotations

from typing import Any

from django import forms

from casearc_web.access.asker import Asker
from casearc_web.access.decide import visible
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Program
from casearc_web.analysis_export.models import RowExport
from casearc_web.shell.forms import Submittable


class RowExportForm(forms.ModelForm, Submittable):  # type: ignore[type-arg]  # not subscriptable when it runs
    """What the rows are needed for, and who receives them."""

    class Meta:
        model = RowExport
        fields = ("programs", "evaluator", "study", "reason")
        widgets = {"programs": forms.CheckboxSelectMultiple}  # noqa: RUF012 - Django's own way of declaring them

    def __init__(self, *args: Any, by: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programs"].queryset = visible(by, Verb.EXPORT_ROWS, Program.objects.all())  # type: ignore[attr-defined]
