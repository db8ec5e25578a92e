"""Forms about stays, care teams, referrals and the transfer of a caseload."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casearc_web.access.asker import Asker
from casearc_web.agencies.models import Program, Site, StaffMember
from casearc_web.clients.forms import RecordForm, short_text
from casearc_web.enrollments.facts import spans, still_open
from casearc_web.enrollments.intake.queries import leads_for, programs_for, sites_for
from casearc_web.enrollments.models import CareTeamMember, Direction, Enrollment, ExitReason, Part, Referral
from casearc_web.enrollments.transferable import caring_staff, givers
from casearc_web.shell.fields import DayField
from casearc_web.shell.forms import Submittable

CHOOSE = gettext_lazy("Choose")


class Questioning(RecordForm):
    """A form that asks once more before it writes something unusual: `sure` appears, and a tick answers."""

    sure = forms.BooleanField(label=gettext_lazy("Yes, this is right"), required=False, widget=forms.HiddenInput)
    model = Enrollment
    stay: ClassVar[Enrollment]
    by: ClassVar[Asker]

    @classmethod
    def about(cls, by: Asker, stay: Enrollment) -> type[Questioning]:
        """The form for one stay."""
        return type(cls.__name__, (cls,), {"by": by, "stay": stay, "__module__": cls.__module__})

    def questions(self) -> list[str]:
        """What is unusual, in sentences."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any] | None:
        """Ask, unless the answer is given."""
        cleaned = super().clean()
        found = [] if self.errors else self.questions()
        if found:
            self.fields["sure"].widget = forms.CheckboxInput()
            if not self.cleaned_data.get("sure"):
                self.add_error(None, [ValidationError(text, code="sure") for text in found])
        return cleaned

    def typed(self) -> dict[str, Any]:
        """Without the answer, which is nothing of the record."""
        return {name: value for name, value in super().typed().items() if name != "sure"}


class StayForm(Questioning):
    """Site and days of a stay; those of its end where it has ended."""

    site = forms.ModelChoiceField(
        Site.objects.none(), label=gettext_lazy("Site"), required=False, empty_label=gettext_lazy("No site")
    )
    started_on = DayField(label=gettext_lazy("Start"))
    first_service_on = DayField(label=gettext_lazy("First service"), required=False)
    exited_on = DayField(label=gettext_lazy("Exit"))
    exit_reason = forms.ChoiceField(label=gettext_lazy("Why it ended"), choices=ExitReason.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "site", sites_for(self.by))
        if self.stay.is_open:
            del self.fields["exited_on"], self.fields["exit_reason"]
        self.order_fields([*(name for name in self.fields if name != "sure"), "sure"])

    @classmethod
    def saved(cls, record: Any) -> dict[str, Any]:
        names = ("site", "started_on", "first_service_on", *(() if cls.stay.is_open else ("exited_on", "exit_reason")))
        return {name: getattr(record, name) for name in names}

    @classmethod
    def values(cls, chosen: Mapping[str, Any], record: Any) -> dict[str, Any]:
        return dict(chosen)

    def clean(self) -> dict[str, Any] | None:
        """Days in order."""
        start, first, end = (self.cleaned_data.get(name) for name in ("started_on", "first_service_on", "exited_on"))
        _not_in_future(self, "started_on", "first_service_on", "exited_on")
        if start and end and end < start:
            self.add_error("exited_on", ValidationError(_("The exit lies before the start."), code="order"))
        if first and end and first > end:
            late = ValidationError(_("The first service lies after the exit."), code="order")
            self.add_error("first_service_on", late)
        return super().clean()

    def questions(self) -> list[str]:
        start, first, end = (self.cleaned_data.get(name) for name in ("started_on", "first_service_on", "exited_on"))
        found = [_("The first service lies before the start.")] if start and first and first < start else []
        return found + beyond(spans(self.by, self.stay), start=start, end=end)


class ExitForm(Questioning):
    """The end of a stay."""

    exited_on = DayField(label=gettext_lazy("Last day in the program"))
    exit_reason = forms.ChoiceField(
        label=gettext_lazy("Why it ended"), choices=ExitReason.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["exited_on", "exit_reason", "sure"])

    @classmethod
    def saved(cls, record: Any) -> dict[str, Any]:
        return {"exited_on": record.exited_on or localdate(), "exit_reason": record.exit_reason}

    @classmethod
    def values(cls, chosen: Mapping[str, Any], record: Any) -> dict[str, Any]:
        return dict(chosen)

    def clean(self) -> dict[str, Any] | None:
        """Not before the start, not in the future."""
        _not_in_future(self, "exited_on")
        end = self.cleaned_data.get("exited_on")
        if end and end < self.stay.started_on:
            self.add_error("exited_on", ValidationError(_("The exit lies before the start."), code="order"))
        return super().clean()

    def questions(self) -> list[str]:
        left = [_("Still open: %(what)s") % {"what": item.what} for item in still_open(self.by, self.stay)]
        return left + beyond(spans(self.by, self.stay), start=None, end=self.cleaned_data["exited_on"])


class ReopenForm(Submittable):
    """Takes an exit back, if the stay is still as it was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class EnrollForm(Submittable):
    """A new stay of a client who is here already."""

    program = forms.ModelChoiceField(Program.objects.none(), label=gettext_lazy("Program"), empty_label=CHOOSE)
    site = forms.ModelChoiceField(
        Site.objects.none(), label=gettext_lazy("Site"), required=False, empty_label=gettext_lazy("No site")
    )
    started_on = DayField(label=gettext_lazy("Start"), initial=localdate)
    lead = forms.ModelChoiceField(
        StaffMember.objects.none(), label=gettext_lazy("Who cares for them"), empty_label=CHOOSE
    )

    def __init__(self, *args: Any, by: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("program", programs_for(by)), ("site", sites_for(by)), ("lead", leads_for(by))):
            _offer(self, name, choices)
            only = list(choices[:2])
            if len(only) == 1 and self.fields[name].required:
                self.fields[name].initial = only[0].pk

    def clean(self) -> dict[str, Any] | None:
        """Not in the future."""
        _not_in_future(self, "started_on")
        return super().clean()


class JoinForm(Submittable):
    """Somebody joins a care team."""

    staff = forms.ModelChoiceField(StaffMember.objects.none(), label=gettext_lazy("Colleague"), empty_label=CHOOSE)
    part = forms.ChoiceField(
        label=gettext_lazy("Part"), choices=Part.choices, widget=forms.RadioSelect, initial=Part.COVER
    )
    since = DayField(label=gettext_lazy("From"), initial=localdate)
    last_day = DayField(
        label=gettext_lazy("Last day, if they only cover"),
        required=False,
        help_text=gettext_lazy("After this day they no longer see the client."),
    )

    def __init__(self, *args: Any, by: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "staff", caring_staff(by))


class EndCareForm(RecordForm):
    """Somebody leaves a care team."""

    until = DayField(
        label=gettext_lazy("From this day on"),
        required=False,
        help_text=gettext_lazy("From this day on they no longer see the client. Empty: they stay on the team."),
    )
    model = CareTeamMember

    @classmethod
    def saved(cls, record: Any) -> dict[str, Any]:
        return {"until": record.until}

    @classmethod
    def values(cls, chosen: Mapping[str, Any], record: Any) -> dict[str, Any]:
        return dict(chosen)


class ReferralForm(RecordForm):
    """A referral in or out."""

    direction = forms.ChoiceField(
        label=gettext_lazy("Direction"), choices=Direction.choices, widget=forms.RadioSelect, initial=Direction.OUT
    )
    on = DayField(label=gettext_lazy("Date"), initial=localdate)
    organization = forms.CharField(
        label=gettext_lazy("Organization"), max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        required=False,
        choices=[("", gettext_lazy("No answer")), *(Referral._meta.get_field("reason").choices or ())],
    )
    details = short_text(gettext_lazy("Details"), rows=3)
    model = Referral

    @classmethod
    def saved(cls, record: Any) -> dict[str, Any]:
        return {name: getattr(record, name) for name in ("direction", "on", "organization", "reason", "details")}

    @classmethod
    def values(cls, chosen: Mapping[str, Any], record: Any) -> dict[str, Any]:
        return dict(chosen)

    def clean(self) -> dict[str, Any] | None:
        """Not in the future."""
        _not_in_future(self, "on")
        return super().clean()


class TransferForm(forms.Form):
    """From whom, to whom, from which day on."""

    giver = forms.ModelChoiceField(StaffMember.objects.none(), label=gettext_lazy("From"), empty_label=CHOOSE)
    taker = forms.ModelChoiceField(StaffMember.objects.none(), label=gettext_lazy("To"), empty_label=CHOOSE)
    as_of = DayField(label=gettext_lazy("As of"), initial=localdate)

    def __init__(self, *args: Any, by: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "giver", givers(by))
        _offer(self, "taker", caring_staff(by))

    def clean(self) -> dict[str, Any] | None:
        """Two different people; not long ago, for what they did meanwhile stays theirs."""
        cleaned = super().clean()
        if self.cleaned_data.get("giver") and self.cleaned_data["giver"] == self.cleaned_data.get("taker"):
            self.add_error("taker", ValidationError(_("Choose two different people."), code="same"))
        return cleaned


class FilterForm(forms.Form):
    """What the caseload shows. Unreadable values ask for nothing."""

    program = forms.UUIDField(required=False)
    staff = forms.UUIDField(required=False)
    when = forms.ChoiceField(required=False, choices=[("late", ""), ("week", "")])

    def chosen(self) -> dict[str, uuid.UUID | str]:
        """Those that were given and can be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def beyond(found: Sequence[Any], *, start: date | None, end: date | None) -> list[str]:
    """Sentences about days on which something was recorded before the start or after the end."""
    sentences = []
    for span in found:
        if start and span.first < start:
            words = {"what": span.what, "day": date_format(span.first)}
            sentences.append(_("Before this start something was recorded: %(what)s on %(day)s.") % words)
        if end and span.last > end:
            words = {"what": span.what, "day": date_format(span.last)}
            sentences.append(_("After this exit something was recorded: %(what)s on %(day)s.") % words)
    return sentences


def _not_in_future(form: forms.Form, *names: str) -> None:
    for name in names:
        day = form.cleaned_data.get(name)
        if isinstance(day, date) and day > localdate():
            form.add_error(name, ValidationError(_("This day lies in the future."), code="future"))


def _offer(form: forms.Form, name: str, choices: Any) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = choices
