"""The form a questionnaire's sheet defines, and the sheet's way of saying which numbers its choices count as."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from casearc.files.fhir.names import FORM_COLUMNS, column_of
from casearc.files.form import Form, Question
from casearc.files.sheet import Holds, Sheet
from casearc.language import say

_HOLDS = {
    "boolean": Holds.YES_NO,
    "decimal": Holds.NUMBER,
    "quantity": Holds.NUMBER,
    "integer": Holds.INTEGER,
    "date": Holds.DATE,
    "dateTime": Holds.MOMENT,
    "time": Holds.TIME,
}
_CHOICE_TYPES = ("choice", "coding", "open-choice")
_NO_QUESTION = ("group", "display")
_LEFT_OUT = ("attachment",)


def is_definition(sheet: Sheet) -> bool:
    """Whether a sheet is a questionnaire's definition.

    Examples
    --------
    >>> import polars as pl
    >>> from casearc.files.sheet import sheet_of
    >>> is_definition(sheet_of("a.csv", "csv", pl.DataFrame({"a": [1]})))
    False
    """
    return sheet.format == "fhir" and set(FORM_COLUMNS) <= set(sheet.frame.columns)


def questionnaire_form(sheet: Sheet) -> Form | None:
    """A questionnaire's sheet as a form.

    Parameters
    ----------
    sheet
        One that the FHIR reader made of a Questionnaire (``<file>#<id> (form)``).

    Returns
    -------
    Form or None
        Texts that stand above the first question are its instructions; other texts for display and questions that
        ask for a file are left out and noted. None where the sheet is no questionnaire's.

    Examples
    --------
    >>> import polars as pl
    >>> from casearc.files.sheet import sheet_of
    >>> questionnaire_form(sheet_of("a.csv", "csv", pl.DataFrame({"a": [1]}))) is None
    True
    """
    if not is_definition(sheet) or not sheet.frame.height:
        return None
    rows = list(sheet.frame.iter_rows(named=True))
    head = rows[0]
    languages = tuple(cast("list[str]", json.loads(head["languages"]))) if head["languages"] else ()
    first = languages[0] if languages else ""
    above, questions, notes = _parts(rows, first)
    return Form(
        id=head["id"] or "",
        title=head["title"] or "",
        version=head["version"] or "",
        languages=languages,
        instructions=above,
        questions=tuple(questions),
        notes=(*sheet.notes, *notes),
    )


def choice_values(sheet: Sheet) -> dict[str, dict[str, str]]:
    """Numbers that a questionnaire's choices count as, where it says so: column -> code -> number.

    LOINC's questionnaires answer with codes (``LA6568-5``) and give the number beside them; a mapping that scores such
    answers needs the numbers.

    Examples
    --------
    >>> import polars as pl
    >>> from casearc.files.sheet import sheet_of
    >>> choice_values(sheet_of("a.csv", "csv", pl.DataFrame({"a": [1]})))
    {}
    """
    if not is_definition(sheet):
        return {}
    rows = sheet.frame.select("linkId", "option_values").drop_nulls().iter_rows()
    return {column_of(link): cast("dict[str, str]", json.loads(values)) for link, values in rows}


def _parts(rows: list[dict[str, Any]], first: str) -> tuple[dict[str, str], list[Question], list[str]]:
    """Instructions, questions and notes."""
    above: dict[str, str] = {}
    questions: list[Question] = []
    displays, files = 0, 0
    for row in rows:
        if row["type"] == "display":
            if questions:
                displays += 1
            else:
                _add_texts(above, _texts(row, first))
        elif row["type"] in _LEFT_OUT:
            files += 1
        elif row["type"] not in _NO_QUESTION:
            questions.append(_question(row, first))
    return above, questions, list(_noted(displays, files))


def _noted(displays: int, files: int) -> Iterator[str]:
    if displays:
        yield say("Texts between the questions, which were left out: {displays:,}.", displays=displays)
    if files:
        yield say("Questions that ask for a file, which were left out: {files:,}.", files=files)


def _add_texts(above: dict[str, str], texts: Mapping[str, str]) -> None:
    for language, text in texts.items():
        above[language] = f"{above[language]}\n{text}" if language in above else text


def _texts(row: Mapping[str, Any], first: str) -> dict[str, str]:
    found = {first: row["text"]} if row["text"] else {}
    return found | (json.loads(row["texts"]) if row["texts"] else {})


def _question(row: Mapping[str, Any], first: str) -> Question:
    return Question(
        name=column_of(row["linkId"]),
        text=_texts(row, first),
        holds=_holds(row),
        choices=json.loads(row["options"]) if row["options"] else {},
        choice_texts=json.loads(row["option_texts"]) if row["option_texts"] else {},
        section=row["section"] or "",
        required=row["required"] is not None,
        identifier=row["identifier"] is not None,
        low=_number(row["low"]),
        high=_number(row["high"]),
        shown_if=row["shown_if"] or "",
    )


def _holds(row: Mapping[str, Any]) -> Holds:
    if row["type"] in _CHOICE_TYPES:
        return Holds.CHOICES if row["repeats"] else Holds.CHOICE
    if row["repeats"]:
        return Holds.TEXT
    return _HOLDS.get(row["type"], Holds.TEXT)


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)
