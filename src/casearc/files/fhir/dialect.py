"""Responses in FHIR with the questionnaire they answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from casearc.files.dialects import Dialect
from casearc.files.fhir.answers import BETWEEN
from casearc.files.fhir.forms import choice_values, is_definition, questionnaire_form
from casearc.files.fhir.names import ABOUT, RELATIVE_COLUMNS, last_part
from casearc.files.form import Form, field_of
from casearc.files.sheet import Field, Holds, Sheet
from casearc.language import say, to_say
from casearc.tables import FaultLog

_REPEATED = re.compile(r"^(.+?) \(.+ \d+\)$", re.DOTALL)
_SHOWN = 6
"""So many codes are named in a note; the rest are in the definition."""


def _is_data(sheet: Sheet) -> bool:
    return sheet.format == "fhir" and set(ABOUT) <= set(sheet.frame.columns)


def _questions(sheet: Sheet) -> list[str]:
    return [each for each in sheet.frame.columns if each not in (*ABOUT, *RELATIVE_COLUMNS)]


def _asked(column: str, known: Mapping[str, Field]) -> str:
    """The question a column belongs to: a repeated group's second answers stand in ``item (group 2)``."""
    again = _REPEATED.match(column)
    return again[1] if column not in known and again else column


def _describes(sheet: Sheet, companions: Mapping[str, Sheet]) -> float:
    definition = companions.get("questionnaire")
    form = None if definition is None else questionnaire_form(definition)
    if definition is None or form is None or not _is_data(sheet):
        return 0.0
    if _answers(sheet, definition):
        return 1.0
    known = {each.name: field_of(each) for each in form.questions}
    columns = _questions(sheet)
    return sum(_asked(each, known) in known for each in columns) / len(columns) if columns else 0.0


def _answers(sheet: Sheet, definition: Sheet) -> bool:
    """Whether the responses name this questionnaire."""
    named = sheet.frame["questionnaire"].drop_nulls().unique().to_list()
    url, own = definition.frame["questionnaire"][0], definition.frame["id"][0]
    return len(named) == 1 and (named[0] == url or (own is not None and last_part(named[0]) == own))


def _adopt(sheet: Sheet, companions: Mapping[str, Sheet], log: FaultLog) -> Sheet | None:
    definition = companions.get("questionnaire")
    form = None if definition is None else questionnaire_form(definition)
    if definition is None:
        return sheet
    if form is None:
        log.add(say("The file holds no FHIR Questionnaire."), say("Name the file that does."), file=definition.in_words)
        return None
    known = {each.name: field_of(each) for each in form.questions}
    fields = {name: _merged(sheet.field(name), known.get(_asked(name, known))) for name in sheet.frame.columns}
    adopted = replace(sheet, fields=fields)
    notes = (*sheet.notes, *_notes(adopted, form, definition))
    return replace(adopted, notes=tuple(dict.fromkeys(notes)))


def _merged(found: Field, defined: Field | None) -> Field:
    """What the questionnaire says of a column, with the reasons for absence that only the answers show."""
    if defined is None:
        return found
    choices = defined.choices or found.choices
    return replace(defined, name=found.name, missing=found.missing, choices=choices)


def _notes(sheet: Sheet, form: Form, definition: Sheet) -> list[str]:
    known = {each.name: field_of(each) for each in form.questions}
    empty = {each for each in _questions(sheet) if sheet.frame[each].null_count() == sheet.frame.height}
    strange = [each for each in _questions(sheet) if _asked(each, known) not in known and each not in empty]
    notes = (
        [say("Columns that the questionnaire does not define: {strange}.", strange=", ".join(strange))]
        if strange
        else []
    )
    notes += [
        say("Answers in column {name} that are none of the questionnaire's choices: {count:,}.", name=name, count=count)
        for name in _questions(sheet)
        if (count := _outside(sheet, name))
    ]
    said = choice_values(definition).items()
    values = {name: numbers for name, numbers in said if any(code != number for code, number in numbers.items())}
    if values:
        column, first = next(iter(values.items()))
        told = ", ".join(
            say("{code} is {number}", code=code, number=number) for code, number in list(first.items())[:_SHOWN]
        )
        notes.append(
            say(
                "Choices are codes that count as numbers; the mapping's codes can say which, to score "
                "them. In column {column}: {told}. Columns with such choices: {count:,}.",
                column=column,
                told=told,
                count=len(values),
            )
        )
    return notes


def _outside(sheet: Sheet, name: str) -> int:
    """Answers to a question with choices that are none of them."""
    field = sheet.field(name)
    if not field.choices or field.holds not in (Holds.CHOICE, Holds.CHOICES):
        return 0
    cells = sheet.frame[name].drop_nulls()
    answers = cells.filter(~cells.is_in([code.code for code in field.missing]))
    if field.holds is Holds.CHOICES:
        answers = answers.str.split(BETWEEN).list.explode(keep_nulls=False, empty_as_null=False)
    return int((~answers.is_in(pl.Series(list(field.choices)).implode())).sum())


def _form(sheet: Sheet) -> Form | None:
    return questionnaire_form(sheet)


DIALECT = Dialect(
    id="fhir",
    title=to_say("FHIR questionnaires and responses"),
    is_data=_is_data,
    adopt=_adopt,
    companions={"questionnaire": is_definition},
    describes=_describes,
    form=_form,
)
