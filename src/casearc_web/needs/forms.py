"""The assessment on one screen, a tap a domain; and the form of a domain."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casearc_web.needs.levels import Domain, Level
from casearc_web.needs.models import NeedsAssessment
from casearc_web.records.base import MissingReason
from casearc_web.shell.fields import DayField
from casearc_web.shell.forms import Submittable

LEVEL, NOTE = "level_", "note_"
CHOICES = [
    *((str(level.value), level.label) for level in Level),
    *MissingReason.choices,
    ("empty", gettext_lazy("Leave empty")),
]


class LevelField(forms.ChoiceField):
    """A level, a reason, or "" for neither. "Leave empty" takes a tap back; nothing is ticked to begin with."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=CHOICES, widget=forms.RadioSelect, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        chosen = str(super().clean(value))
        return "" if chosen == "empty" else chosen


@dataclass(frozen=True, slots=True)
class Row:
    """A domain as it stands in the form, with the words for what it was last time."""

    domain: Domain
    level: forms.BoundField
    note: forms.BoundField | None
    last: str
    last_level: int | None

    @property
    def is_unfolded(self) -> bool:
        """Whether what is folded away holds something: a reason, a note, or what is wrong with it."""
        reason = self.level.value() in MissingReason.values
        return bool(reason or (self.note is not None and (self.note.value() or self.note.errors)))


class AssessmentForm(Submittable):
    """Every domain optional: what is left out stays empty."""

    on = DayField(label=gettext_lazy("Date"))
    strengths = forms.CharField(
        label=gettext_lazy("What is going well"),
        help_text=gettext_lazy("Strengths, people who help, what the young person is proud of."),
        widget=forms.Textarea({"rows": 3}),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        domains: Sequence[Domain],
        last: NeedsAssessment | None = None,
        words: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.domains, self.last, self.words = domains, last, words
        for domain in domains:
            self.fields[LEVEL + domain.code] = LevelField(label=str(domain.name))
            if words:
                self.fields[NOTE + domain.code] = forms.CharField(
                    label=_("Note on: %(domain)s") % {"domain": domain.name},
                    widget=forms.Textarea({"rows": 3}),
                    required=False,
                )
        if not words:
            del self.fields["strengths"]

    def rows(self) -> Iterator[Row]:
        """The domains in order."""
        for domain in self.domains:
            last = self.last.answer(domain.code) if self.last else None
            yield Row(
                domain=domain,
                level=self[LEVEL + domain.code],
                note=self[NOTE + domain.code] if self.words else None,
                last=in_words(last),
                last_level=last if isinstance(last, int) else None,
            )

    def content(self, chosen: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What the actions take. `chosen` are values put together on the page of two versions, else what was typed."""
        data = self.typed() if chosen is None else chosen
        return {
            "on": data["on"],
            "answers": {domain.code: _answer(data[LEVEL + domain.code]) for domain in self.domains},
            "notes": {domain.code: data[NOTE + domain.code] for domain in self.domains} if self.words else {},
            **({"strengths": data["strengths"]} if self.words else {}),
        }

    def typed(self) -> dict[str, Any]:
        """What was typed about the assessment, by field."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"submission", "version"}}


class DomainForm(Submittable):
    """A domain. Code and substance use are settled when it is made: answers lie apart by them."""

    code = forms.RegexField(
        r"^[a-z][a-z0-9_]{0,39}$",
        label=gettext_lazy("Code"),
        help_text=gettext_lazy(
            "A short name for exports: small letters, digits and underscores. It cannot be changed later."
        ),
    )
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=60)
    name_es = forms.CharField(label=gettext_lazy("Name in Spanish"), max_length=60)
    order = forms.IntegerField(
        label=gettext_lazy("Place in the list"),
        help_text=gettext_lazy("Ours stand at 10, 20, 30 and so on. A number between two of them puts it there."),
        min_value=0,
        max_value=1000,
        initial=200,
    )
    is_substance_use = forms.BooleanField(
        label=gettext_lazy("About substance use (42 CFR Part 2): kept apart, and hidden from most roles"),
        required=False,
    )
    is_retired = forms.BooleanField(
        label=gettext_lazy("No longer asked about"),
        help_text=gettext_lazy("Earlier answers are kept."),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, settled: bool = False, taken: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken = taken
        for name in ("code", "is_substance_use") if settled else ("is_retired", "version"):
            del self.fields[name]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code in self.taken:
            raise forms.ValidationError(_("There is a domain with this code already."))
        return code

    def typed(self) -> dict[str, Any]:
        """What was typed, by field."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"submission", "version"}}


def values_of(assessment: NeedsAssessment, domains: Sequence[Domain], *, words: bool = True) -> dict[str, Any]:
    """An assessment by the form's fields."""
    values: dict[str, Any] = {"on": assessment.on, "strengths": assessment.strengths}
    for domain in domains:
        apart = assessment.substance_use.get(domain.code, {})
        answer = assessment.answer(domain.code)
        values[LEVEL + domain.code] = "" if answer is None else str(answer)
        values[NOTE + domain.code] = (
            apart.get("note", "") if domain.substance_use else assessment.notes.get(domain.code, "")
        )
    return values if words else {name: v for name, v in values.items() if not name.startswith((NOTE, "strengths"))}


def levels_of(assessment: NeedsAssessment, domains: Sequence[Domain]) -> dict[str, Any]:
    """Only the levels, to start a new assessment from: notes and reasons belong to their day."""
    found = {domain.code: assessment.answer(domain.code) for domain in domains}
    return {LEVEL + code: str(answer) for code, answer in found.items() if isinstance(answer, int)}


def in_words(answer: int | str | None) -> str:
    """A level or a reason, as people read it."""
    if isinstance(answer, int):
        return f"{answer} {Level(answer).label}"
    return str(MissingReason(answer).label) if answer else ""


def show(name: str, value: Any) -> str:
    """A form's value in words, for the page of two versions."""
    if name.startswith(LEVEL):
        return in_words(_answer(value))
    if isinstance(value, date):
        return date_format(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value)


def _answer(value: str) -> int | str | None:
    return int(value) if value.isdigit() else value or None
