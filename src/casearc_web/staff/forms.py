"""Forms of the administrator, and of the log's filters."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from casearc_web.access.asker import Asker
from casearc_web.access.roles import ROLES
from casearc_web.agencies.models import Agency, Program, RoleCode, Site, StaffMember, Team
from casearc_web.audit.models import Outcome
from casearc_web.records.words import in_words
from casearc_web.shell.fields import DayField
from casearc_web.shell.forms import Submittable
from casearc_web.signin.codes import LETTERS
from casearc_web.staff.actions.agency import LOWEST_FLOOR
from casearc_web.staff.log import Wanted
from casearc_web.staff.words import SAID

STREAMS = (("vawa", "VAWA"), ("voca", "VOCA"))
"""Funding whose rules `consent` knows."""

STATES = (
    "Alabama", "Alaska", "American Samoa", "Arizona", "Arkansas", "California", "Colorado", "Connecticut",
    "Delaware", "District of Columbia", "Florida", "Georgia", "Guam", "Hawaii", "Idaho", "Illinois", "Indiana",
    "Iowa", "Kansas", "Kentucky", "Louisiana", "Maine", "Maryland", "Massachusetts", "Michigan", "Minnesota",
    "Mississippi", "Missouri", "Montana", "Nebraska", "Nevada", "New Hampshire", "New Jersey", "New Mexico",
    "New York", "North Carolina", "North Dakota", "Northern Mariana Islands", "Ohio", "Oklahoma", "Oregon",
    "Pennsylvania", "Puerto Rico", "Rhode Island", "South Carolina", "South Dakota", "Tennessee", "Texas",
    "U.S. Virgin Islands", "Utah", "Vermont", "Virginia", "Washington", "West Virginia", "Wisconsin", "Wyoming",
)

_PLAIN = RegexValidator(r"\A[a-z0-9][a-z0-9._-]*\Z", _("Small letters, digits, dots and hyphens only."))
_CODE = RegexValidator(r"\A[A-Za-z0-9_-]+\Z", _("Letters, digits and hyphens only."))


class SettingForm(Submittable):
    """Edits one record of the agency's. `version` is the one that was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    model: ClassVar[type[models.Model]]
    names: ClassVar[tuple[str, ...]]

    @classmethod
    def saved(cls, record: Any) -> dict[str, Any]:
        """What the record holds, by the form's field names."""
        return {name: getattr(record, name) for name in cls.names}

    def typed(self) -> dict[str, Any]:
        """What was typed, without what belongs to the sending."""
        return {name: self.cleaned_data[name] for name in self.names}

    @classmethod
    def in_words(cls, name: str, value: Any) -> str:
        """A field's value for the page of two versions."""
        return in_words(cls.model, name, value)


class RoleChoices(forms.RadioSelect):
    """Each role with what it means beside its name."""

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        role = ROLES.get(str(value))
        said = format_html("<span>{}. <span class='soft'>{}</span></span>", label, role.says) if role else label
        return super().create_option(name, value, said, *args, **kwargs)


def _drawn() -> str:
    """A code that tells nothing about whose it is."""
    return "".join(secrets.choice(LETTERS) for _ in range(6))


class AccountForm(SettingForm):
    """An account."""

    name = forms.CharField(label=_("Name, as colleagues know it"), max_length=120)
    username = forms.CharField(
        label=_("User name"), max_length=60, validators=[_PLAIN], widget=forms.TextInput({"autocomplete": "off"})
    )
    code = forms.CharField(
        label=_("Code in exports"),
        max_length=20,
        validators=[_CODE],
        initial=_drawn,
        help_text=_("Stands for them in data that leave the records. Not their name or initials."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=RoleCode.choices, widget=RoleChoices)
    team = forms.ModelChoiceField(
        Team.objects.none(),
        label=_("Team"),
        required=False,
        empty_label=_("No team"),
        help_text=_("A supervisor sees the clients of everybody in the team."),
    )
    programs = forms.ModelMultipleChoiceField(
        Program.objects.none(),
        label=_("Programs"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A director sees every client of these programs."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("en", "English"), ("es", "Español")])
    model = StaffMember
    names = ("name", "username", "code", "role", "team", "programs", "language")

    def __init__(self, *args: Any, by: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, model in ((self.fields["team"], Team), (self.fields["programs"], Program)):
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = model._default_manager.filter(agency_id=by.agency_id)

    @classmethod
    def saved(cls, record: Any) -> dict[str, Any]:
        programs = list(record.programs.all()) if record._state.db else []  # earlier versions keep no programs
        return {**{name: getattr(record, name) for name in cls.names if name != "programs"}, "programs": programs}

    def typed(self) -> dict[str, Any]:
        return {**super().typed(), "programs": list(self.cleaned_data["programs"])}

    @classmethod
    def in_words(cls, name: str, value: Any) -> str:
        return ", ".join(str(one) for one in value) if name == "programs" else in_words(cls.model, name, value)

    @staticmethod
    def apart(values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Program]]:
        """Columns of the account, and its programs."""
        return {name: value for name, value in values.items() if name != "programs"}, values["programs"]


class TeamForm(SettingForm):
    """A team."""

    name = forms.CharField(label=_("Name"), max_length=120)
    model = Team
    names = ("name",)


class SiteForm(SettingForm):
    """A site."""

    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.CharField(label=_("Code"), max_length=40, validators=[_CODE])
    model = Site
    names = ("name", "code")


class ProgramForm(SettingForm):
    """A program."""

    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.CharField(label=_("Code"), max_length=40, validators=[_CODE])
    is_open = forms.BooleanField(label=_("Takes enrollments"), required=False, initial=True)
    model = Program
    names = ("name", "code", "is_open")


class AgencyForm(SettingForm):
    """The agency's settings."""

    name = forms.CharField(label=_("Name"), max_length=120)
    state = forms.ChoiceField(
        label=_("State or territory"),
        required=False,
        help_text=_("Decides, with the funding, who must sign an authorization."),
    )
    funding_streams = forms.MultipleChoiceField(
        label=_("Funding with rules of its own"),
        choices=STREAMS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    disclosure_floor = forms.IntegerField(
        label=_("Smallest number of people ever shown outside"),
        min_value=LOWEST_FLOOR,
        max_value=1000,
        help_text=_("11 or more. A study plan can ask for a higher number, never for a lower one."),
    )
    exit_address = forms.URLField(
        label=_("Neutral site for quick exit"),
        required=False,
        assume_scheme="https",
        help_text=_("Opens when somebody leaves at once. A weather page, for example."),
    )
    row_exports = forms.BooleanField(
        label=_("Rows may be exported, with two people's consent"),
        required=False,
        help_text=_("Off unless there is a need. Every export takes a live authorization and a director's approval."),
    )
    model = Agency
    names = ("name", "state", "funding_streams", "disclosure_floor", "exit_address", "row_exports")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = str(self.initial.get("state") or "")
        listed = (*STATES, *([kept] if kept and kept not in STATES else ()))
        field = self.fields["state"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Not set")), *((state, state) for state in listed)]


class VersionForm(Submittable):
    """A button that changes an account, if it is still as it was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class BeforeForm(forms.Form):
    """From which event on a log goes back."""

    before = forms.IntegerField(required=False, min_value=1)

    def before_number(self) -> int | None:
        """The number, if it can be read."""
        self.is_valid()
        number: int | None = self.cleaned_data.get("before")
        return number


class LogForm(forms.Form):
    """Filters of the agency's log."""

    staff = forms.ModelChoiceField(
        StaffMember.objects.none(), label=_("Who"), required=False, empty_label=_("Everybody")
    )
    verb = forms.ChoiceField(label=_("What"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"), required=False, choices=[("", _("Any")), *((one.value, one.label) for one in Outcome)]
    )
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff, verb = self.fields["staff"], self.fields["verb"]
        if isinstance(staff, forms.ModelChoiceField):
            staff.queryset = StaffMember.objects.filter(agency_id=by.agency_id).order_by("name")
        if isinstance(verb, forms.ChoiceField):
            verb.choices = [("", _("Anything")), *((str(one), said.do) for one, said in SAID.items())]

    def wanted(self) -> Wanted:
        """What was asked for; what cannot be read asks for nothing."""
        self.is_valid()
        data = {name: value for name, value in self.cleaned_data.items() if value}
        if "staff" in data:
            data["staff"] = data["staff"].pk
        return Wanted(**data)
