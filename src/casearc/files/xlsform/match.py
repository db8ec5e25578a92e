"""Which question of a definition a column of an export belongs to: by name, with or without groups, or by label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import polars as pl

from casearc.files.form import Question, field_of
from casearc.files.sheet import Field, Holds, Sheet
from casearc.files.xlsform.read import Definition
from casearc.files.xlsform.system import system_field
from casearc.language import say, to_say
from casearc.tables import FaultLog

_AGAIN = to_say('Export it again with "XML values and headers".')


def by_name(definition: Definition) -> dict[str, Field]:
    """Every name a column of the form may have in an export -> what the form says of it.

    KoboToolbox writes ``group/name`` or ``name``, ODK Central ``group-name``; a question with several choices has a
    column of its own, one a choice, or both. A name that two questions could have is left out.
    """
    known: dict[str, Field] = {}
    twice: set[str] = set()
    for question in definition.form.questions:
        for name in _names(definition.paths.get(question.name, (question.name,))):
            for column, each in _columns(name, question):
                if column in known and known[column].question != each.question:
                    twice.add(column)
                known[column] = each
    return {column: each for column, each in known.items() if column not in twice}


def _names(path: tuple[str, ...]) -> set[str]:
    tails = [path[start:] for start in range(len(path))]
    return {sign.join(tail) for tail in tails for sign in "/-"}


def _columns(column: str, question: Question) -> Iterable[tuple[str, Field]]:
    whole = replace(field_of(question), name=column, question=question.name)
    yield column, whole
    if question.holds is Holds.CHOICES:
        for code, label in question.choices.items():
            one = replace(whole, name=f"{column}/{code}", holds=Holds.YES_NO, choices={}, choice=code)
            yield one.name, replace(one, label=f"{question.label}: {label}" if label else question.label)


def share_known(columns: Iterable[str], names: Mapping[str, object]) -> float:
    """Which part of an export's columns, those of the server aside, are among the names."""
    own = [each for each in columns if system_field(each) is None]
    return sum(each in names for each in own) / len(own) if own else 0.0


def share_worded(columns: Iterable[str], worded: Mapping[str, Question | None]) -> float:
    """Which part of an export's columns, those of the server aside, are words of questions, with or without those of
    their groups before them."""
    own = [each for each in columns if system_field(each) is None]
    known = sum(_worded_as(each, worded) != "" or bool(_choice_column(each, worded)) for each in own)
    return known / len(own) if own else 0.0


def _worded_as(column: str, worded: Mapping[str, Question | None]) -> Question | str | None:
    """The question of a column, None where two have its words, ``""`` where none has."""
    return next((worded[tail] for tail in _tails(column) if tail in worded), "")


def _tails(column: str) -> list[str]:
    """A column's name, and what is left of it without one group before it, two …"""
    return [column, *(column[at + 1 :] for at, sign in enumerate(column) if sign == "/")]


def by_label(definition: Definition) -> dict[str, Question | None]:
    """Words of a question, in any language -> the question; None where two are worded alike."""
    texts = [(text, question) for question in definition.form.questions for text in set(question.text.values())]
    often = Counter(text for text, _ in texts)
    return {text: question if often[text] == 1 else None for text, question in texts}


def back_from_labels(sheet: Sheet, definition: Definition, log: FaultLog) -> Sheet | None:
    """The sheet of an export with labels, with names and codes instead; None after logging why that cannot be."""
    worded = by_label(definition)
    names = _name_columns(sheet, worded, log)
    if names is None:
        return None
    frame = sheet.frame.rename(names)
    columns = []
    for column, name in names.items():
        question = _worded_as(column, worded)
        if isinstance(question, Question) and "/" not in name and question.holds in (Holds.CHOICE, Holds.CHOICES):
            coded = _coded(frame[name], question, sheet, log)
            if coded is None:
                return None
            columns.append(coded)
    note = say("The export had the questions' words for names and labels for codes; both were put back by the form.")
    return replace(sheet, frame=frame.with_columns(columns), notes=(*sheet.notes, note))


def _name_columns(sheet: Sheet, worded: Mapping[str, Question | None], log: FaultLog) -> dict[str, str] | None:
    names: dict[str, str] = {}
    alike = False
    for column in sheet.frame.columns:
        question = _worded_as(column, worded)
        if question is None:
            log.add(say("Two questions of the form have these words."), say(_AGAIN), file=sheet.in_words, column=column)
            alike = True
        elif isinstance(question, Question):
            names[column] = question.name
        else:
            of_choice = _choice_column(column, worded)
            if of_choice:
                names[column] = of_choice
    repeated = [name for name, count in Counter(names.values()).items() if count > 1]
    for name in repeated:
        log.add(say("Two columns are answers to one question."), say(_AGAIN), file=sheet.in_words, column=name)
    return None if alike or repeated else names


def _choice_column(column: str, worded: Mapping[str, Question | None]) -> str:
    """``name/code`` for ``What is asked/Label of a choice``; ``""`` where it is none."""
    for position, sign in enumerate(column):
        question = _worded_as(column[:position], worded) if sign == "/" else None
        if isinstance(question, Question):
            codes = [code for code, label in question.choices.items() if label == column[position + 1 :]]
            return f"{question.name}/{codes[0]}" if len(codes) == 1 else ""
    return ""


def _coded(cells: pl.Series, question: Question, sheet: Sheet, log: FaultLog) -> pl.Series | None:
    codes: dict[str, str] = {}
    for texts in (question.choices, *question.choice_texts.values()):
        for code, label in texts.items():
            if codes.setdefault(label, code) != code:
                problem = say("Two choices of the question have the same label.")
                log.add(problem, say(_AGAIN), file=sheet.in_words, column=question.name)
                return None
    codes |= {code: code for code in question.choices if code not in codes}
    if question.holds is Holds.CHOICES:
        codes |= {cell: several for cell in cells.drop_nulls().unique().to_list() if (several := _several(cell, codes))}
    unknown = ~cells.is_in(list(codes)) & cells.is_not_null()
    if unknown.any():
        places = sheet.places.filter(unknown)
        problem = say("The export has labels, and the cell holds none of the question's, or several.")
        log.add_places(places, problem=problem, remedy=say(_AGAIN), column=question.name)
        return None
    return cells.replace(codes)


def _several(cell: str, codes: Mapping[str, str]) -> str:
    """The codes of labels that stand in one cell with blanks between; empty where it can be read in no way, or two."""
    if cell in codes:
        return codes[cell]
    ways = {
        f"{codes[label]} {rest}"
        for label in codes
        if cell.startswith(f"{label} ") and (rest := _several(cell[len(label) + 1 :], codes))
    }
    return ways.pop() if len(ways) == 1 else ""
