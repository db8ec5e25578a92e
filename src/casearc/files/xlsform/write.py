"""Write a form as an XLSForm, checked by the converter that KoboToolbox and ODK use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert
from xlsxwriter import Workbook

from casearc.errors import DataRefusedError, Fault
from casearc.files.form import Form, Question
from casearc.files.sheet import Holds
from casearc.files.xlsform.read import IDENTIFIER, INSTRUCTIONS, YES_NO_LIST
from casearc.files.xlsform.types import WRITTEN
from casearc.language import say

_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]*$")
_YES_NO = {"true": ("Yes", "Sí"), "false": ("No", "No")}
_NUMBERS = (Holds.NUMBER, Holds.INTEGER)
_SELECTS = (Holds.CHOICE, Holds.CHOICES)

Row = dict[str, str]


@dataclass(slots=True)
class _Pages:
    """The rows of the worksheets as they are made."""

    languages: tuple[str, ...]
    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    lists: dict[str, str] = field(default_factory=dict)
    sections: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def write_form(form: Form, path: Path) -> tuple[str, ...]:
    """Write a form as an XLSForm workbook.

    The workbook is converted to an XForm before it is written, as the servers of KoboToolbox and ODK will.

    Parameters
    ----------
    form
        What to write. Names must be such that they can stand in XML.
    path
        Where to; a file that is there is replaced.

    Returns
    -------
    tuple of str
        What the format could not carry, and what the converter warned of.

    Raises
    ------
    DataRefusedError
        Names or codes cannot stand in an XLSForm, or the converter refused the form. Nothing was written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from casearc.files.form import Form, Question
    >>> form = Form(id="intake", title="Intake", questions=(Question(name="age", text={"": "Age"}),))
    >>> write_form(form, Path("intake.xlsx"))  # doctest: +SKIP
    ()
    """
    _refuse_names(form)
    pages = _Pages(languages=form.languages)
    _instructions(pages, form)
    _questions(pages, form)
    content = _workbook(pages, form)
    try:
        converted = convert(content, validate=False, file_type=".xlsx", form_name="data")
    except PyXFormError as error:
        problem = say("The converter of XLSForms refused the form: {error}", error=error)
        raise DataRefusedError(say("The form was not written."), faults=[Fault(problem=problem)]) from None
    path.write_bytes(content)
    return (*pages.notes, *(say("The converter warns: {warning}", warning=each) for each in converted.warnings))


def _refuse_names(form: Form) -> None:
    faults = []
    seen: set[str] = set()
    for question in form.questions:
        if not _NAME.match(question.name):
            remedy = say(
                "Use letters of the English alphabet, digits, points, hyphens and underscores; begin with a letter."
            )
            faults.append(
                Fault(problem=say("The name cannot stand in an XLSForm."), remedy=remedy, column=question.name)
            )
        if question.name.lower() in seen:
            faults.append(
                Fault(problem=say("Two questions have this name."), remedy=say("Rename one."), column=question.name)
            )
        seen.add(question.name.lower())
        spaced = [code for code in question.choices if not code or any(sign.isspace() for sign in code)]
        if spaced and question.holds is Holds.CHOICES:
            remedy = say("Answers are written with spaces between the codes: use underscores.")
            faults.append(Fault(problem=say("Codes of choices have spaces."), remedy=remedy, column=question.name))
    if faults:
        raise DataRefusedError(say("The form cannot be written as an XLSForm. Nothing was written."), faults=faults)


def _labels(texts: Mapping[str, str]) -> Row:
    return {f"label::{language}" if language else "label": text for language, text in texts.items() if text}


def _instructions(pages: _Pages, form: Form) -> None:
    if form.instructions:
        pages.survey.append({"type": "note", "name": INSTRUCTIONS, **_labels(form.instructions)})


def _questions(pages: _Pages, form: Form) -> None:
    """Questions in order; those that follow each other in one section stand in its groups."""
    section = ""
    depth = 0
    for question in form.questions:
        if question.section != section:
            pages.survey += [{"type": "end_group"}] * depth
            depth = _begin(pages, question.section)
            section = question.section
        pages.survey.append(_row(pages, question))
    pages.survey += [{"type": "end_group"}] * depth


def _begin(pages: _Pages, section: str) -> int:
    """Open the groups of a section. Names that stand for a section only once, and only if they can, are its own."""
    if not section:
        return 0
    parts = section.split("/")
    fits = all(_NAME.match(part) and not part.startswith("section_") for part in parts)
    if fits and pages.sections.isdisjoint(parts):
        names = [(part, part) for part in parts]
    else:
        names = [(f"section_{len(pages.sections) + 1}", section)]
    pages.sections.update(name for name, _ in names)
    for name, label in names:
        texts = dict.fromkeys(pages.languages or ("",), label)
        pages.survey.append({"type": "begin_group", "name": name, **_labels(texts)})
    return len(names)


def _row(pages: _Pages, question: Question) -> Row:
    texts = {language: text for language, text in question.text.items() if text}
    if not texts:
        texts = {next(iter(pages.languages), ""): question.name}
        pages.notes.append(
            say("{question} asks nothing in words; its name was written as its text.", question=question.name)
        )
    row: Row = {"type": _type(pages, question), "name": question.name, **_labels(texts)}
    if question.required:
        row["required"] = "yes"
    if question.identifier:
        row[IDENTIFIER] = "yes"
    if question.low is not None or question.high is not None:
        row["constraint"] = _constraint(question)
    if question.shown_if:
        if "[" in question.shown_if and "${" not in question.shown_if:
            pages.notes.append(
                say(
                    "The condition for asking {question} is in another notation and was left out.",
                    question=question.name,
                )
            )
        else:
            row["relevant"] = question.shown_if
    return row


def _constraint(question: Question) -> str:
    bounds = ((">=", question.low), ("<=", question.high))
    return " and ".join(f". {sign} {_plain(bound)}" for sign, bound in bounds if bound is not None)


def _plain(number: float) -> str:
    """Digits without an exponent: XPath knows none."""
    return f"{number:.0f}" if float(number).is_integer() else _decimals(number)


def _decimals(number: float) -> str:
    text = repr(number)
    return f"{number:.20f}".rstrip("0") if "e" in text else text


def _type(pages: _Pages, question: Question) -> str:
    kind = WRITTEN[question.holds]
    if question.holds in _SELECTS and not question.choices:
        pages.notes.append(say("{question} has no choices and was written as text.", question=question.name))
        return "text"
    if question.holds is Holds.YES_NO:
        return f"{kind} {_yes_no(pages, question)}"
    return f"{kind} {_list(pages, question, question.name)}" if question.holds in _SELECTS else kind


def _yes_no(pages: _Pages, question: Question) -> str:
    if question.choices:
        return _list(pages, question, f"{YES_NO_LIST}_of_{question.name}")
    if YES_NO_LIST not in pages.lists.values():
        pages.lists[YES_NO_LIST] = YES_NO_LIST
        for code, (english, spanish) in _YES_NO.items():
            texts = {each: spanish if "es" in _code(each) else english for each in pages.languages or ("",)}
            pages.choices.append({"list_name": YES_NO_LIST, "name": code, **_labels(texts)})
    return YES_NO_LIST


def _code(language: str) -> str:
    """``es`` of ``Español (es)``."""
    return language.rpartition("(")[2].rstrip(")").lower()


def _list(pages: _Pages, question: Question, name: str) -> str:
    """The list of a question's choices; questions with the same choices share one."""
    first = pages.languages[0] if pages.languages else ""
    labels = {first: question.choices, **question.choice_texts}
    rows: list[Row] = [
        {"name": code, **_labels({language: texts.get(code, "") for language, texts in labels.items()})}
        for code in question.choices
    ]
    shared = f"{question.holds is Holds.YES_NO} {rows!r}"
    if shared not in pages.lists:
        pages.lists[shared] = name
        pages.choices += [{"list_name": name, **row} for row in rows]
    return pages.lists[shared]


def _workbook(pages: _Pages, form: Form) -> bytes:
    settings: Row = {"form_id": form.id}
    more = {"form_title": form.title, "version": form.version, "default_language": next(iter(form.languages), "")}
    settings |= {name: text for name, text in more.items() if text}
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(content, options) as workbook:
        for name, rows in (("survey", pages.survey), ("choices", pages.choices), ("settings", [settings])):
            page = workbook.add_worksheet(name)
            for row, column, text in _cells(rows or [{"list_name": ""}]):
                page.write_string(row, column, text)
            page.freeze_panes(1, 0)
    return content.getvalue()


def _cells(rows: list[Row]) -> Iterator[tuple[int, int, str]]:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    for index, name in enumerate(columns):
        yield 0, index, name
    for number, row in enumerate(rows, start=1):
        for index, name in enumerate(columns):
            if row.get(name):
                yield number, index, row[name]
