"""The form of intake. Only three things are required: something to call them by, the program, and the day."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from casearc_web.access.asker import Asker
from casearc_web.agencies.models import Program, Site, StaffMember
from casearc_web.clients import codes
from casearc_web.clients.forms import NamesForm, WayFields, short_text
from casearc_web.enrollments.intake.queries import leads_for, programs_for, sites_for
from casearc_web.enrollments.models import Referral
from casearc_web.shell.fields import DayField
from casearc_web.shell.forms import Submittable
from casearc_web.vault.birth import age_on, year_from_age

OLDEST = 120


class IntakeForm(NamesForm, Submittable):
    """Everything but the ways to reach them."""

    age = forms.IntegerField(
        label=_("Age, if the date is not known"), required=False, min_value=0, max_value=OLDEST
    )
    language = forms.ChoiceField(
        label=_("Preferred language"), required=False, choices=[("", _("No answer")), *codes.Language.choices]
    )
    safety_notes = short_text(
        _("What to know before reaching out"),
        rows=3,
        help_text=_("Who reads their phone, who must not learn of us, which words are safe."),
    )
    program = forms.ModelChoiceField(Program.objects.none(), label=_("Program"), empty_label=_("Choose"))
    site = forms.ModelChoiceField(Site.objects.none(), label=_("Site"), required=False, empty_label=_("No site"))
    started_on = DayField(label=_("Start"))
    lead = forms.ModelChoiceField(
        StaffMember.objects.none(), label=_("Who cares for them"), empty_label=_("Choose")
    )
    referred_by = short_text(_("Referred by"), help_text=_("The organization, if somebody sent them to us."))
    referral_reason = forms.ChoiceField(
        label=_("Why they were referred"),
        required=False,
        choices=[("", _("No answer")), *(Referral._meta.get_field("reason").choices or ())],
    )

    who: ClassVar = ("given_name", "family_name", "aliases", "pronouns", "birth_date", "age", "language")
    stay: ClassVar = ("program", "site", "started_on", "lead", "referred_by", "referral_reason")

    def __init__(self, *args: Any, by: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("program", programs_for(by))
        self._choices("lead", leads_for(by))
        self._choices("site", sites_for(by))
        self.fields["started_on"].initial = localdate
        if by.staff_id in {choice.pk for choice in self._queryset("lead")}:
            self.fields["lead"].initial = by.staff_id
        for name in ("lead", "program", "site"):
            only = list(self._queryset(name)[:2])
            if len(only) == 1 and self.fields[name].required:
                self.fields[name].initial = only[0].pk
            if not only and not self.fields[name].required:
                del self.fields[name]

    def group_who(self) -> list[forms.BoundField]:
        """Fields about the person."""
        return [self[name] for name in self.who if name in self.fields]

    def group_stay(self) -> list[forms.BoundField]:
        """Fields about the enrollment."""
        return [self[name] for name in self.stay if name in self.fields]

    def clean(self) -> dict[str, Any] | None:
        """A birth date or an age, not both at odds."""
        cleaned = super().clean()
        born, age, start = (self.cleaned_data.get(name) for name in ("birth_date", "age", "started_on"))
        if born and start and born > start:
            self.add_error("started_on", ValidationError(_("This day lies before the date of birth."), code="born"))
        if born and age is not None:
            self.add_error("age", ValidationError(_("Write the date of birth or the age, not both."), code="both"))
        return cleaned

    def birth(self) -> str:
        """As the vault keeps it."""
        born, age = self.cleaned_data["birth_date"], self.cleaned_data["age"]
        if born:
            return str(born.isoformat())
        return year_from_age(age, self.cleaned_data["started_on"]) if age is not None else ""

    def age_at_start(self) -> Decimal | None:
        """From the birth date; else the age that was told."""
        known = age_on(self.birth(), self.cleaned_data["started_on"])
        told = self.cleaned_data["age"]
        return known if known is not None or told is None else Decimal(told)

    def _choices(self, name: str, queryset: Any) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = queryset

    def _queryset(self, name: str) -> Any:
        field = self.fields[name]
        return field.queryset if isinstance(field, forms.ModelChoiceField) else []


WaysFormSet = forms.formset_factory(WayFields, extra=2, max_num=5, absolute_max=5)
