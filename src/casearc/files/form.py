"""A form: questions and their choices as a REDCap dictionary, an XLSForm or a FHIR Questionnaire defines them.

The hub between definitions: each format is read into a form and written from one, and an instrument becomes a form or
is drafted from one. A form knows nothing of answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casearc.files.sheet import Field, Holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    name
        The column its answers stand in.
    text
        What is asked, by language; ``""`` is the language that is not named.
    choices
        Code -> label (in the form's first language), in order. `choice_texts` has them in the other languages:
        language -> code -> label.
    holds
        What an answer is.
    section
        The group or page it stands in.
    low, high
        Bounds of a number, where the form sets them.
    shown_if
        The form's own condition for asking it, in the format's own notation.
    """

    name: str
    text: Mapping[str, str] = field(default_factory=dict)
    holds: Holds = Holds.TEXT
    choices: Mapping[str, str] = field(default_factory=dict)
    choice_texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    section: str = ""
    required: bool = False
    identifier: bool = False
    low: float | None = None
    high: float | None = None
    shown_if: str = ""

    @property
    def label(self) -> str:
        """What is asked, in the first language."""
        return next(iter(self.text.values()), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Questions in order. `languages` are those the texts come in, the first first; () where none is named.
    `instructions` stand above the questions. `notes` say what the format could not carry or what was left out."""

    id: str
    title: str = ""
    version: str = ""
    languages: tuple[str, ...] = ()
    instructions: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()

    def question(self, name: str) -> Question:
        """The question of that name; KeyError where there is none."""
        for question in self.questions:
            if question.name == name:
                return question
        raise KeyError(name)


def field_of(question: Question) -> Field:
    """What a form says of the column a question's answers stand in."""
    return Field(
        name=question.name,
        label=question.label,
        holds=question.holds,
        choices=dict(question.choices),
        section=question.section,
        identifier=question.identifier,
    )
