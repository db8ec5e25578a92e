"""A form written as a REDCap data dictionary: the 18 columns that REDCap's designer takes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import polars as pl

from casearc.files.form import Form, Question
from casearc.files.formulas import harmless
from casearc.files.redcap.choices import CODE, choices_cell, plain, unclear_columns
from casearc.files.redcap.columns import HEADERS, LONGEST_NAME, NAME, TRUE_FALSE, YES_NO, named
from casearc.files.sheet import Holds
from casearc.language import say

_FIELDS: Mapping[Holds, tuple[str, str]] = {
    Holds.TEXT: ("text", ""),
    Holds.NUMBER: ("text", "number"),
    Holds.INTEGER: ("text", "integer"),
    Holds.DATE: ("text", "date_ymd"),
    Holds.MOMENT: ("text", "datetime_seconds_ymd"),
    Holds.TIME: ("text", "time"),
    Holds.CHOICE: ("radio", ""),
    Holds.CHOICES: ("checkbox", ""),
    Holds.YES_NO: ("yesno", ""),
}
_LOGIC = re.compile(r"\[[a-z][a-z0-9_]*(\([A-Za-z0-9_.\-]+\))?\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A question, the form of the project it stands on and the header above it."""

    question: Question
    form: str
    header: str = ""


def write_dictionary(form: Form, path: Path) -> tuple[str, ...]:
    """Write a form as a data dictionary.

    Parameters
    ----------
    form
        Sections that are names of forms (``contacts``, ``contacts: Where``), each in one piece and more than one of
        them, become forms of the project; otherwise there is one form, named after the `id`, and sections become
        section headers.
    path
        The CSV file. It is replaced where it is there already.

    Returns
    -------
    tuple of str
        What was renamed, and what a dictionary has no place for.

    Examples
    --------
    >>> write_dictionary(form, Path("dictionary.csv"))  # doctest: +SKIP
    ()
    """
    notes: list[str] = []
    questions, changed = _valid(form.questions)
    placed = _placed(replace(form, questions=questions))
    instructions = next(iter(form.instructions.values()), "")
    if instructions and placed:
        first = placed[0].form
        told = Question(name=f"{first}_instructions", text={"": instructions})
        placed.insert(0, Placed(question=told, form=first))
    frame = dictionary_frame(placed, told=bool(instructions))
    frame.write_csv(path)
    notes += changed
    notes += _left_out(form)
    notes += long_names([each.question.name for each in placed])
    return tuple(notes)


def _placed(form: Form) -> list[Placed]:
    parts = [each.section.partition(": ") for each in form.questions]
    forms = [part[0] for part in parts]
    runs = [name for index, name in enumerate(forms) if index == 0 or forms[index - 1] != name]
    if len(set(forms)) > 1 and len(runs) == len(set(forms)) and all(NAME.match(name) for name in forms):
        return [
            Placed(question=question, form=name, header=header)
            for question, (name, _, header) in zip(form.questions, parts, strict=True)
        ]
    only = named(form.id, otherwise="form")
    return [Placed(question=question, form=only, header=question.section) for question in form.questions]


def dictionary_frame(placed: Sequence[Placed], *, told: bool = False) -> pl.DataFrame:
    """The dictionary's lines. `told`: the first question is no question but text to be shown.

    Examples
    --------
    >>> dictionary_frame([Placed(question=Question(name="age"), form="intake")]).columns[0]
    'Variable / Field Name'
    """
    rows = list(_rows(placed))
    if told:
        rows[0]["field_type"] = "descriptive"
    schema = dict.fromkeys(HEADERS, pl.String())
    frame = pl.DataFrame(rows, schema=schema) if rows else pl.DataFrame(schema=schema)
    spoken = pl.col("section_header", "field_label")
    return frame.with_columns(harmless(spoken).name.keep()).rename(dict(HEADERS))


def _rows(placed: Iterable[Placed]) -> Iterator[dict[str, str | None]]:
    before = ("", "")
    for each in placed:
        question = each.question
        kind, validation = _kind(question)
        begins = before != (each.form, each.header)
        before = (each.form, each.header)
        bounded = question.holds in (Holds.NUMBER, Holds.INTEGER)
        yield {
            "field_name": question.name,
            "form_name": each.form,
            "section_header": _shown(each.header) if begins and each.header else None,
            "field_type": kind,
            "field_label": _shown(question.label) or None,
            "select_choices_or_calculations": _choices(question) if kind in ("radio", "checkbox") else None,
            "text_validation_type_or_show_slider_number": validation or None,
            "text_validation_min": _bound(question.low) if bounded else None,
            "text_validation_max": _bound(question.high) if bounded else None,
            "identifier": "y" if question.identifier else None,
            "branching_logic": question.shown_if if _LOGIC.search(question.shown_if) else None,
            "required_field": "y" if question.required else None,
        }


def _kind(question: Question) -> tuple[str, str]:
    kind, validation = _FIELDS[question.holds]
    if question.holds is Holds.YES_NO and question.choices and dict(question.choices) != YES_NO:
        return ("truefalse" if dict(question.choices) == TRUE_FALSE else "radio"), ""
    if kind in ("radio", "checkbox") and not question.choices:
        return "text", ""
    return kind, validation


def _shown(text: str) -> str:
    """A text as REDCap shows it, which reads it as a piece of a web page."""
    flat = " ".join(text.split())
    return flat if plain(flat) == flat else html.escape(flat, quote=False)


def _choices(question: Question) -> str:
    return choices_cell({code: _shown(label) for code, label in question.choices.items()})


def _bound(value: float | None) -> str | None:
    return None if value is None else str(int(value)) if value == int(value) else repr(value)


def _valid(questions: Sequence[Question]) -> tuple[tuple[Question, ...], list[str]]:
    """Questions with names and codes that REDCap takes, and notes on those that were changed."""
    taken: set[str] = set()
    made: list[Question] = []
    notes: list[str] = []
    for question in questions:
        plain_name = question.name if NAME.match(question.name) else named(question.name, otherwise="field")
        numbers = (f"{plain_name}_{number}" for number in count(2))
        name = plain_name if plain_name not in taken else next(each for each in numbers if each not in taken)
        taken.add(name)
        if name != question.name:
            notes.append(
                say(
                    "The question {question} is called {name}: REDCap takes small letters, digits and _.",
                    question=question.name,
                    name=name,
                )
            )
        choices, recoded = _codes(question)
        if recoded:
            notes.append(
                say(
                    "The choices of {name} are numbered from 1: REDCap takes letters, digits, _ . - as codes.",
                    name=name,
                )
            )
        made.append(replace(question, name=name, choices=choices))
    return tuple(made), notes


def _codes(question: Question) -> tuple[Mapping[str, str], bool]:
    codes = question.choices
    unfit = any(not CODE.match(code) for code in codes)
    if question.holds is Holds.CHOICES:
        unfit = unfit or bool(unclear_columns(question.name, codes))
    if not unfit:
        return codes, False
    return {str(number): label for number, label in enumerate(codes.values(), start=1)}, True


def _left_out(form: Form) -> Iterator[str]:
    if len(form.languages) > 1:
        yield say(
            "A dictionary holds one language: {language} was written, the others were left out.",
            language=form.languages[0],
        )
    if form.title or form.version:
        yield say("A dictionary has no place for the form's title and version.")
    logic = [each.name for each in form.questions if each.shown_if and not _LOGIC.search(each.shown_if)]
    if logic:
        yield say("Conditions that are not in REDCap's notation were left out: {logic}.", logic=", ".join(logic))
    empty = [each.name for each in form.questions if each.holds in (Holds.CHOICE, Holds.CHOICES) and not each.choices]
    if empty:
        yield say("Questions with choices that name none were written as text: {empty}.", empty=", ".join(empty))
    barred = [each.name for each in form.questions if any("|" in label for label in each.choices.values())]
    if barred:
        yield say("A bar in the label of a choice was written as a slash: {barred}.", barred=", ".join(barred))


def long_names(names: Iterable[str]) -> tuple[str, ...]:
    """A note on names that are longer than REDCap advises; () where there is none."""
    found = [name for name in names if len(name) > LONGEST_NAME]
    if not found:
        return ()
    return (
        say(
            "Names longer than {longest} signs, of which REDCap warns and which it takes: {found}.",
            longest=LONGEST_NAME,
            found=", ".join(found),
        ),
    )
