"""Forms of contacts, of signatures, and of what a program sets."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from casearc_web.agencies.models import Program
from casearc_web.casework import codes, rules
from casearc_web.casework.actions import Amounts, Facts
from casearc_web.casework.models import DAY_OF_MINUTES, CaseworkRules, Contact, ContactTemplate, ServiceKind
from casearc_web.enrollments.models import Enrollment
from casearc_web.shell.fields import DayField
from casearc_web.shell.forms import Submittable

MINUTES = ("5", "15", "30", "45", "60")
OTHER_MINUTES, NOT_RECORDED = "other", "none"


def chips(kind: type[forms.RadioSelect | forms.CheckboxSelectMultiple] = forms.RadioSelect) -> forms.Widget:
    """Choices as chips wide enough for a thumb."""
    return kind(attrs={"class": "chips"})


class GroupedChips(forms.CheckboxSelectMultiple):
    """Chips under headings, each group named for those who cannot see it."""

    template_name = "casework/parts/grouped_chips.html"


def area(rows: int) -> forms.Textarea:
    """Room for words."""
    return forms.Textarea(attrs={"rows": rows})


class ContactForm(Submittable):
    """One contact. What is usual is filled in beforehand, so that most contacts take one tap and the button."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=codes.Outcome.choices, widget=chips())
    contact_type = forms.ChoiceField(label=_("Type"), choices=codes.ContactType.choices, widget=chips())
    minutes = forms.ChoiceField(
        label=_("Minutes"),
        help_text=_("Not needed where nobody answered."),
        choices=[
            *((number, number) for number in MINUTES),
            (OTHER_MINUTES, _("Other")),
            (NOT_RECORDED, _("Not recorded")),
        ],
        widget=chips(),
        error_messages={"required": _("Choose how long it took, or “Not recorded”.")},
    )
    minutes_other = forms.IntegerField(
        label=_("Other number of minutes"),
        min_value=0,
        max_value=DAY_OF_MINUTES,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    medium = forms.ChoiceField(label=_("Medium"), choices=codes.Medium.choices, widget=chips())
    on = DayField(label=_("Day"))
    services = forms.MultipleChoiceField(
        label=_("Services delivered"), widget=GroupedChips(attrs={"class": "chips"}), required=False
    )
    note = forms.CharField(label=_("What happened"), widget=area(5), required=False)
    next_step = forms.CharField(label=_("Next step"), widget=area(2), required=False)
    with_whom = forms.MultipleChoiceField(
        label=_("Who was there"),
        choices=codes.Party.choices,
        widget=chips(forms.CheckboxSelectMultiple),
        required=False,
    )
    enrollment = forms.ChoiceField(label=_("Which enrollment?"), widget=chips(), required=False)
    others = forms.MultipleChoiceField(
        label=_("Other clients who were there"),
        help_text=_("Each gets this contact in their own record, with the same note: name nobody in it."),
        widget=chips(forms.CheckboxSelectMultiple),
        required=False,
    )
    outside = forms.BooleanField(label=_("Yes, the day is right"), required=False)
    template = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        enrollments: Sequence[Enrollment],
        kinds: Iterable[ServiceKind],
        caseload: Mapping[Enrollment, str] | None = None,
        headings: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.enrollments, self.headings = enrollments, headings
        self.kinds = {str(kind.pk): kind for kind in kinds}
        self.caseload = {str(one.pk): one for one in caseload or {}}
        self._offer("services", _by_category(self.kinds.values()))
        self._offer(
            "enrollment", [(str(one.pk), f"{one.program}, {date_format(one.started_on)}") for one in enrollments]
        )
        self._offer("others", [(str(one.pk), name) for one, name in (caseload or {}).items()])
        if len(enrollments) < 2:
            del self.fields["enrollment"]
        if not caseload:
            del self.fields["others"]
        if not self.is_bound:
            del self.fields["outside"]

    def _offer(self, name: str, choices: Sequence[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean_on(self) -> date:
        """A contact has happened."""
        on: date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError(_("This day has not come yet."), code="future")
        return on

    def clean(self) -> dict[str, Any]:
        """What depends on more than one field: minutes, enrollment, the others' enrollments."""
        self._check_minutes()
        if "on" in self.cleaned_data:
            self._check_enrollment(self.fitting(self.cleaned_data["on"]))
            self._check_others(self.cleaned_data["on"])
        return self.cleaned_data

    def _check_minutes(self) -> None:
        typed = self.cleaned_data.get("minutes_other")
        attempted = self.cleaned_data.get("outcome") == codes.Outcome.ATTEMPTED
        if not self.data.get("minutes") and (attempted or typed is not None):
            self.errors.pop("minutes", None)
        if self.cleaned_data.get("minutes") == OTHER_MINUTES and typed is None and "minutes_other" not in self.errors:
            self.add_error("minutes_other", _("How many minutes?"))

    def fitting(self, on: date) -> rules.Fit:
        """The enrollment that a contact of that day belongs to."""
        chosen = next((one for one in self.enrollments if str(one.pk) == self.cleaned_data.get("enrollment")), None)
        return rules.fit(self.enrollments, on, chosen=chosen)

    def _check_enrollment(self, fit: rules.Fit) -> None:
        self.cleaned_data["belongs_to"] = fit.enrollment
        if fit.enrollment is None and "enrollment" in self.fields:
            self.add_error("enrollment", _("Several enrollments were open on that day. Choose one."))
        elif fit.enrollment is None:
            self.add_error(None, _("There is no enrollment to which this contact could belong."))
        elif fit.outside and not self.cleaned_data.get("outside"):
            self.add_error("outside", _("That day the client was not enrolled. Is it right?"))

    def _check_others(self, on: date) -> None:
        chosen = [self.caseload[key] for key in self.cleaned_data.get("others", [])]
        if any(not rules.is_open_on(one, on) for one in chosen):
            self.add_error("others", _("Somebody you chose was not enrolled on that day."))

    @property
    def asks_about_day(self) -> bool:
        """Whether the question about an unusual day is to be shown."""
        return "outside" in self.errors or bool(self.is_bound and self.data.get("outside"))

    @property
    def minutes_said(self) -> int | None:
        """The number of minutes; None where nobody recorded it."""
        chosen, typed = self.cleaned_data.get("minutes"), self.cleaned_data.get("minutes_other")
        if chosen == NOT_RECORDED:
            return None
        return int(chosen) if chosen in MINUTES else typed

    def facts(self) -> Facts:
        """What was said, checked."""
        said = self.cleaned_data
        return Facts(
            on=said["on"],
            contact_type=said["contact_type"],
            outcome=said["outcome"],
            minutes=self.minutes_said,
            medium=said["medium"],
            with_whom=rules.parties(said["contact_type"], said["outcome"], said["with_whom"]),
            note=rules.without_empty_headings(said["note"], self.headings),
            next_step=said["next_step"].strip(),
        )

    def amounts(self) -> Amounts:
        """The services that were chosen; nobody said how much."""
        return {self.kinds[key].pk: None for key in self.cleaned_data["services"]}

    def others_there(self) -> list[Enrollment]:
        """Enrollments of the others who were there."""
        return [self.caseload[key] for key in self.cleaned_data.get("others", [])]


class EditForm(ContactForm):
    """A contact that was recorded. Each service it has can be given an amount."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact, self.delivered = contact, contact.delivered
        for one in self.delivered:
            self.fields[_quantity(one.kind)] = forms.DecimalField(
                label=_("%(service)s: how much") % {"service": one.kind.name},
                help_text=one.get_unit_display(),
                min_value=0,
                max_digits=8,
                decimal_places=2,
                required=False,
                initial=f"{one.quantity.normalize():f}",
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"}),
            )

    def fitting(self, on: date) -> rules.Fit:
        """As long as the day stays, so does the enrollment, unless another one is chosen."""
        kept = self.cleaned_data.get("enrollment") in (None, "", str(self.contact.enrollment_id))
        return rules.Fit(self.contact.enrollment) if kept and on == self.contact.on else super().fitting(on)

    def amounts(self) -> Amounts:
        said: dict[str, Decimal | None] = self.cleaned_data
        return {self.kinds[key].pk: said.get(_quantity(self.kinds[key])) for key in self.cleaned_data["services"]}

    def quantity_fields(self) -> list[forms.BoundField]:
        """The amounts, for the template."""
        return [self[_quantity(one.kind)] for one in self.delivered]


def initial_of(contact: Contact) -> dict[str, Any]:
    """A recorded contact as the form shows it."""
    return {
        **{name: getattr(contact, name) for name in ("on", "contact_type", "outcome", "medium", "with_whom")},
        **initial_of_minutes(contact.minutes),
        "note": contact.note,
        "next_step": contact.next_step,
        "services": [str(one.kind_id) for one in contact.delivered],
        "enrollment": str(contact.enrollment_id),
        "version": contact.version,
    }


def initial_of_minutes(minutes: int | None) -> dict[str, Any]:
    """A number of minutes as the chips show it; None: not recorded."""
    if minutes is None:
        return {"minutes": NOT_RECORDED}
    if str(minutes) in MINUTES:
        return {"minutes": str(minutes)}
    return {"minutes": OTHER_MINUTES, "minutes_other": minutes}


def _quantity(kind: ServiceKind) -> str:
    return f"quantity-{kind.pk}"


def _by_category(kinds: Iterable[ServiceKind]) -> list[tuple[str, list[tuple[str, str]]]]:
    order = list(codes.Category)
    ranked = sorted(kinds, key=lambda kind: (order.index(codes.Category(kind.category)), kind.name))
    return [
        (str(codes.Category(category).label), [(str(kind.pk), kind.name) for kind in some])
        for category, some in groupby(ranked, key=lambda kind: kind.category)
    ]


class NoAnswerForm(Submittable):
    """One tap: the client was tried and did not answer."""

    enrollment = forms.UUIDField(widget=forms.HiddenInput)
    on_start = forms.BooleanField(widget=forms.HiddenInput, required=False)
    """Tapped on the start page, which is then shown again."""

    @classmethod
    def on_caseload(cls) -> NoAnswerForm:
        """As the caseload holds it, once for all lines."""
        form = cls(initial={"on_start": True}, auto_id=False)
        del form.fields["enrollment"]
        return form

    def clean(self) -> dict[str, Any]:
        """One sending for each line, where many lines share a form: a tap repeats only a tap on the same line."""
        cleaned: dict[str, Any] = super().clean() or {}
        if {"submission", "enrollment"} <= cleaned.keys():
            cleaned["submission"] = uuid.uuid5(cleaned["submission"], str(cleaned["enrollment"]))
        return cleaned


class VersionForm(forms.Form):
    """A button about a record as it was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(VersionForm):
    """Why a contact is taken out of the count."""

    reason = forms.CharField(label=_("Why?"), widget=area(3), help_text=_("For example: entered twice."))


class ReturnForm(VersionForm):
    """What the author is to change."""

    comment = forms.CharField(label=_("What should be changed?"), widget=area(3))


class KindForm(forms.ModelForm, Submittable):  # type: ignore[type-arg]  # not subscriptable when it runs
    """One line of the catalog of services."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = ServiceKind
        fields = ("name_en", "name_es", "category", "unit", "code", "is_offered")
        help_texts = {  # noqa: RUF012 - Django's own way of declaring them
            "code": _("Lower-case letters, digits, hyphens and underscores. It stands in exports and stays as it is.")
        }

    def __init__(self, *args: Any, taken: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = set(taken)
        if not self.instance._state.adding:
            del self.fields["code"]

    def clean_code(self) -> str:
        """A code stands for one kind."""
        code: str = self.cleaned_data["code"]
        if code in self.taken:
            raise ValidationError(_("This code is taken."), code="taken")
        return code

    def values(self) -> dict[str, Any]:
        """What is to be written."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name in self.fields}


class TemplateForm(forms.ModelForm, Submittable):  # type: ignore[type-arg]  # not subscriptable when it runs
    """What a usual contact looks like."""

    services = forms.MultipleChoiceField(
        label=_("Services"), widget=chips(forms.CheckboxSelectMultiple), required=False
    )
    headings = forms.CharField(
        label=_("Headings of the note"), help_text=_("One a line."), widget=area(4), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = ContactTemplate
        fields = ("program", "name", "contact_type", "medium", "minutes", "services", "headings", "is_offered")

    def __init__(self, *args: Any, programs: Iterable[Program], kinds: Iterable[ServiceKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        program: Any = self.fields["program"]
        services: Any = self.fields["services"]
        program.queryset = Program.objects.filter(pk__in=[one.pk for one in programs])
        services.choices = [(kind.code, kind.name) for kind in kinds if kind.is_offered]
        if not self.is_bound:
            self.initial["headings"] = "\n".join(self.instance.headings)

    def clean_headings(self) -> list[str]:
        """One heading a line, without the colon that follows it."""
        lines = str(self.cleaned_data["headings"]).splitlines()
        return [line.strip().rstrip(":") for line in lines if line.strip()]

    def values(self) -> dict[str, Any]:
        """What is to be written."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """What a program asks of casework."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = CaseworkRules
        fields = ("signing", "new_for_days", "contact_every_days")
        help_texts = {  # noqa: RUF012 - Django's own way of declaring them
            "new_for_days": _("Counted from the day their account was made."),
            "contact_every_days": _("For example 7. Left empty, no contact is ever called overdue."),
        }

    def values(self) -> dict[str, Any]:
        """What is to be written."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
