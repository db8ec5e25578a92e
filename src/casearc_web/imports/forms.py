"""Forms: the files, the answers to a mapping's questions, the mapping itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casearc.files.formats import SUFFIXES
from casearc.files.mapping import EMPTY, told_answer
from casearc_web.access.asker import Asker
from casearc_web.agencies.models import Program, StaffMember
from casearc_web.casework.codes import ContactType, Outcome
from casearc_web.clients.codes import TraffickingStatus
from casearc_web.goals.models import GoalStatus
from casearc_web.imports.mapping import Question, faults_in
from casearc_web.imports.queries import leads_for, programs_for
from casearc_web.imports.receiving import MOST_BYTES, Received
from casearc_web.shell.forms import Submittable
from casearc_web.surveys.models import Mode, NoAnswer

MEGABYTE = 1_000_000
_LONGEST_NAME = 120
_LONGEST_MAPPING = 500_000
_LONGEST_ANSWER = 200


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files with names that a mapping can speak of."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """All of them, each by itself and as a set."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            super().clean(None, initial)
        names = [_checked(one) for one in given]
        if len({name.lower() for name in names}) < len(names):
            raise ValidationError(_("Two of the files have the same name."), code="same_name")
        return list(given)


def _checked(file: Received) -> str:
    name = file.name or ""
    odd = len(name) > _LONGEST_NAME or name.startswith(".") or not name.isprintable() or set(name) & set('#/\\"')
    if odd:
        raise ValidationError(_("A file has a name that cannot be used. Give it a short, plain name."), code="name")
    if Path(name).suffix.lower() not in SUFFIXES:
        text = _("%(name)s is none of the kinds of files that are read: %(kinds)s.")
        raise ValidationError(text, code="kind", params={"name": name, "kinds": ", ".join(SUFFIXES)})
    if not file.size:
        raise ValidationError(_("%(name)s is empty."), code="empty", params={"name": name})
    return name


class UploadForm(Submittable):
    """What to import, into which program, and who answers for it."""

    program = forms.ModelChoiceField(Program.objects.none(), label=_("Program"), empty_label=_("Choose"))
    lead = forms.ModelChoiceField(
        StaffMember.objects.none(),
        label=_("Who cares for them"),
        empty_label=_("Choose"),
        help_text=_("Where the files name nobody by a staff code that is known here. Assign them to others later."),
    )
    uploads = FilesField(
        label=_("Files"),
        help_text=_(
            "Everything that belongs together: exports, and what describes them (a data dictionary, a questionnaire). "
            "Up to 200 MB in all."
        ),
    )

    def __init__(self, *args: Any, by: Asker, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.too_large = too_large
        self.fields["program"].queryset = programs_for(by)  # type: ignore[attr-defined]
        self.fields["lead"].queryset = leads_for(by)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """More than is taken was not even read."""
        if self.too_large:
            self.errors.pop("uploads", None)
            text = _("These files have more than %(most)d MB together. Export them in parts, by year for example.")
            self.add_error("uploads", ValidationError(text, code="large", params={"most": MOST_BYTES // MEGABYTE}))
        return super().clean() or {}


class QuestionsForm(Submittable):
    """One field a question. Each may be answered later, which the page says once."""

    all_optional = True

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ids = {f"question-{number}": one.id for number, one in enumerate(questions, start=1)}
        for name, one in zip(self.ids, questions, strict=True):
            self.fields[name] = _field(one)

    @property
    def answers(self) -> dict[str, str]:
        """By the question's id."""
        return {one: str(self.cleaned_data.get(name) or "") for name, one in self.ids.items()}


def _field(one: Question) -> forms.Field:
    shared: dict[str, Any] = {
        "label": one.asks or one.id,
        "help_text": one.why,
        "required": False,
        "initial": one.answer,
    }
    if not one.answers:
        return forms.CharField(max_length=_LONGEST_ANSWER, **shared)
    return forms.ChoiceField(choices=_choices(one.answers), widget=forms.RadioSelect, **shared)


_LISTS = (ContactType, Outcome, GoalStatus, TraffickingStatus, Mode, NoAnswer)
"""Codes of the contract that the application has words for."""
_LANGUAGES: Mapping[str, str | Promise] = {"en": _("English"), "es": _("Spanish")}


def _choices(answers: Sequence[str]) -> list[tuple[str, str | Promise]]:
    """The answers in words of whoever reads them, where they are fixed ones; what the mapping gets stays the same."""
    codes = [each for each in answers if told_answer(each) == each and each != EMPTY]
    lists = [_LANGUAGES, *(dict(each.choices) for each in _LISTS)]
    words = next((known for known in lists if codes and known.keys() >= set(codes)), {})
    return [(each, words.get(each, told_answer(each))) for each in answers]


class MappingForm(Submittable):
    """The mapping as text. It is checked as far as that goes without the files."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Mapping (mapping.toml)"),
        max_length=_LONGEST_MAPPING,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "code"}),
    )

    def clean_text(self) -> str:
        """Every fault at once."""
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n")
        found = faults_in(text)
        if found:
            raise ValidationError(found)
        return text
