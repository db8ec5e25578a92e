"""Forms about a client. Each knows how to read a record and what to write into it. Nearly nothing is required."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from casearc_web.clients.models import Client, VictimizationProfile
from casearc_web.clients.queries.answers import DESCRIBED, DONE_TO_THEM, SUBSTANCE_USE, reasoned
from casearc_web.records.base import Record
from casearc_web.records.words import in_words, reason_in_words
from casearc_web.shell.fields import DayField, DayInput, Reasoned, ReasonedField
from casearc_web.shell.forms import Submittable
from casearc_web.vault.birth import birth_year, born_on
from casearc_web.vault.hours import Hours
from casearc_web.vault.models import Channel, ContactWay, Identity, Permission

OLDEST = 120
EARLIEST_YEAR = 1900
NO_ANSWER = ("", _("No answer"))


def names_in(text: str) -> list[str]:
    """Names as typed, one a line or between commas, each once."""
    parts = (" ".join(part.split()) for line in text.splitlines() for part in line.split(","))
    return list(dict.fromkeys(part for part in parts if part))


def short_text(label: Any, *, rows: int = 0, **kwargs: Any) -> forms.CharField:
    """An optional line of text, or some lines."""
    widget = forms.Textarea({"rows": rows}) if rows else forms.TextInput({"autocomplete": "off"})
    return forms.CharField(label=label, widget=widget, required=False, max_length=2000 if rows else 200, **kwargs)


class RecordForm(Submittable):
    """Edits one record. `version` is the one that was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    model: ClassVar[type[Record]]

    @classmethod
    def saved(cls, record: Any) -> dict[str, Any]:
        """What the record holds, by the form's field names."""
        raise NotImplementedError

    @classmethod
    def values(cls, chosen: Mapping[str, Any], record: Any) -> dict[str, Any]:
        """What to write into the record."""
        raise NotImplementedError

    @classmethod
    def in_words(cls, name: str, value: Any) -> str:
        """A field's value for the page of two versions."""
        if isinstance(value, Reasoned):
            return in_words(cls.model, name, value.value) or reason_in_words(value.reason)
        return in_words(cls.model, name, value)

    def typed(self) -> dict[str, Any]:
        """What was typed, without what belongs to the sending."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "submission")}


class QuestionsForm(RecordForm):
    """Questions of a record, each with its answer or the reason why there is none."""

    questions: ClassVar[tuple[str, ...]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.questions:
            self.fields[name] = _question(self.model, name)

    @classmethod
    def saved(cls, record: Any) -> dict[str, Any]:
        return {name: reasoned(record, name) for name in cls.questions}

    @classmethod
    def values(cls, chosen: Mapping[str, Any], record: Any) -> dict[str, Any]:
        written = {name: _stored(cls.model, name, chosen[name].value) for name in cls.questions}
        others = {name: reason for name, reason in record.reasons.items() if name not in cls.questions}
        own = {name: chosen[name].reason for name in cls.questions if chosen[name].reason}
        return {**written, "reasons": others | own}


class AboutForm(QuestionsForm):
    """What describes a client."""

    model = Client
    questions = DESCRIBED


class VictimizationForm(QuestionsForm):
    """What was done to a client, as far as it was told."""

    model = VictimizationProfile
    questions = DONE_TO_THEM


class SubstanceUseForm(QuestionsForm):
    """Substance use, apart from everything else, with its reason apart too."""

    model = Client
    questions = SUBSTANCE_USE

    @classmethod
    def values(cls, chosen: Mapping[str, Any], record: Any) -> dict[str, Any]:
        answer: Reasoned = chosen["substance_use"]
        return {"substance_use": answer.value or "", "substance_use_reason": answer.reason}


class NamesForm(forms.Form):
    """Names and birth: shared by intake and by editing an identity. One name of some kind is needed."""

    given_name = short_text(_("Given name"))
    family_name = short_text(_("Family name"))
    aliases = short_text(
        _("Other names"), rows=2, help_text=_("Nicknames, street names, former names. One a line, or between commas.")
    )
    pronouns = short_text(_("Pronouns"))
    birth_date = DayField(label=_("Date of birth"), required=False, widget=DayInput(earliest=date(EARLIEST_YEAR, 1, 1)))

    def clean_aliases(self) -> list[str]:
        """One name each."""
        return names_in(self.cleaned_data["aliases"])

    def clean_birth_date(self) -> date | None:
        """Not in the future, nor before anybody alive was born."""
        born: date | None = self.cleaned_data["birth_date"]
        if born is not None and born.year < EARLIEST_YEAR:
            raise ValidationError(_("Check the year."), code="year")
        if born is not None and born > localdate():
            raise ValidationError(_("This day has not come yet."), code="future")
        return born

    def clean(self) -> dict[str, Any] | None:
        """Something to call them by."""
        cleaned = super().clean()
        if not any(self.cleaned_data.get(name) for name in ("given_name", "family_name", "aliases")):
            self.add_error("given_name", _("Write a name, or under other names whatever they want to be called."))
        return cleaned


class IdentityForm(NamesForm, RecordForm):
    """Edits an identity."""

    birth_year = forms.IntegerField(
        label=_("Year of birth, if only that is known"), required=False, min_value=EARLIEST_YEAR, max_value=2100
    )
    safety_notes = short_text(
        _("What to know before reaching out"),
        rows=4,
        help_text=_("Who reads their phone, who must not learn of us, which words are safe."),
    )
    model = Identity
    field_order = (  # after these the rest
        *("version", "submission", "given_name", "family_name", "aliases", "pronouns", "birth_date", "birth_year"),
    )

    @classmethod
    def saved(cls, record: Any) -> dict[str, Any]:
        return {
            **{name: getattr(record, name) for name in ("given_name", "family_name", "pronouns", "safety_notes")},
            "aliases": "\n".join(record.aliases),
            "birth_date": born_on(record.birth_date),
            "birth_year": birth_year(record.birth_date),
        }

    @classmethod
    def values(cls, chosen: Mapping[str, Any], record: Any) -> dict[str, Any]:
        born, year = chosen["birth_date"], chosen["birth_year"]
        return {
            **{name: chosen[name] for name in ("given_name", "family_name", "pronouns", "safety_notes")},
            "aliases": names_in(chosen["aliases"]),
            "birth_date": born.isoformat() if born else str(year or ""),
        }

    @classmethod
    def in_words(cls, name: str, value: Any) -> str:
        return date_format(value) if isinstance(value, date) else str(value or "")

    def typed(self) -> dict[str, Any]:
        """Other names as text, as they are shown."""
        return {**super().typed(), "aliases": "\n".join(self.cleaned_data["aliases"])}


class WayFields(forms.Form):
    """One way to reach a client and its rule: shared by intake and by editing."""

    channel = forms.ChoiceField(label=_("Way"), choices=[("", _("Choose")), *Channel.choices], required=False)
    value = short_text(_("Number, address or account"))
    permission = forms.ChoiceField(
        label=_("May it be used?"), choices=[("", _("Choose")), *Permission.choices], required=False
    )
    words = short_text(_("Words to use, and who to say is calling"), rows=2)

    def clean(self) -> dict[str, Any] | None:
        """All three of way, value and rule, or none of it."""
        cleaned = super().clean()
        if any(self.cleaned_data.get(name) for name in ("channel", "value", "permission", "words")):
            for name, missing in _WAY_NEEDS.items():
                if not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, missing)
        return cleaned


_WAY_NEEDS: Mapping[str, Any] = {
    "channel": _("Choose the way."),
    "value": _("Write the number, address or account."),
    "permission": _("Say whether it may be used. If nobody asked, choose the careful answer."),
}


class WayForm(WayFields, RecordForm):
    """Edits a way, or adds one (then `version` is 1 and means nothing)."""

    days = forms.TypedMultipleChoiceField(
        label=_("Only on these days"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: any day."),
    )
    start = forms.TimeField(label=_("Not before"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    end = forms.TimeField(label=_("Not after"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    notes = short_text(_("What else to know"), rows=2)
    model = ContactWay
    field_order = (
        *("version", "submission", "channel", "value", "permission", "days", "start", "end", "words", "notes"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _WAY_NEEDS:
            self.fields[name].required = True

    @classmethod
    def saved(cls, record: Any) -> dict[str, Any]:
        hours = Hours.of(record.hours)
        return {
            **{name: getattr(record, name) for name in ("channel", "value", "permission", "words", "notes")},
            "days": list(hours.days),
            "start": hours.start,
            "end": hours.end,
        }

    @classmethod
    def values(cls, chosen: Mapping[str, Any], record: Any) -> dict[str, Any]:
        hours = Hours(days=tuple(sorted(chosen["days"])), start=chosen["start"], end=chosen["end"])
        return {
            **{name: chosen[name] for name in ("channel", "value", "permission", "words", "notes")},
            "hours": hours.stored(),
        }

    @classmethod
    def in_words(cls, name: str, value: Any) -> str:
        if name == "days":
            return ", ".join(str(WEEKDAYS[day]) for day in value)
        if name in ("start", "end"):
            return time_format(value) if value else ""
        return super().in_words(name, value)


class SearchForm(forms.Form):
    """What to look for among one's own clients."""

    typed = forms.CharField(
        label=_("Name, code or number"),
        max_length=100,
        help_text=_("The beginnings of names are enough. Only clients you may see are found."),
        widget=forms.TextInput({"autocomplete": "off", "type": "search"}),
    )


class BeyondForm(forms.Form):
    """Somebody's whole name and birth date."""

    name = forms.CharField(
        label=_("Whole name"), max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    birth_date = DayField(label=_("Date of birth"))


class GlassForm(Submittable):
    """Why a record has to be opened."""

    reason = forms.CharField(
        label=_("Why do you need this record now?"),
        min_length=10,
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("A sentence is enough. It is logged, and their supervisor and director read it."),
    )


def _question(model: type[models.Model], name: str) -> ReasonedField:
    field = model._meta.get_field(name)
    lists: Mapping[str, type[models.TextChoices]] = getattr(model, "code_lists", {})
    label = getattr(field, "verbose_name", name)
    if name in lists:
        return ReasonedField(
            forms.MultipleChoiceField(choices=lists[name].choices, widget=forms.CheckboxSelectMultiple), label=label
        )
    if isinstance(field, models.DecimalField):
        return ReasonedField(forms.DecimalField(max_digits=6, decimal_places=2), label=label)
    if isinstance(field, models.PositiveSmallIntegerField):
        return ReasonedField(forms.IntegerField(min_value=0, max_value=OLDEST), label=label)
    choices = list(getattr(field, "choices", None) or ())
    return ReasonedField(forms.ChoiceField(choices=[NO_ANSWER, *choices]), label=label)


def _stored(model: type[models.Model], name: str, value: Any) -> Any:
    """An answer as the column takes it; where there is none, the column's own empty value."""
    field = model._meta.get_field(name)
    return field.get_default() if value is None and isinstance(field, models.Field) else value

