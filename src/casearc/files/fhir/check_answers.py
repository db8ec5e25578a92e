"""Whether the cells of a wide table are answers to a form's questions, before any of them is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

import polars as pl

from casearc.errors import DataRefusedError
from casearc.files.described import REASON_CODES
from casearc.files.fhir.answers import BETWEEN
from casearc.files.fhir.names import CODE_OF, REASON_OF, STATUSES
from casearc.files.fhir.values import number_text
from casearc.files.form import Form, Question
from casearc.files.sheet import Field, Holds, MissingCode, Sheet, places_of, text_cells
from casearc.language import say, to_say
from casearc.tables import FaultLog

ABOUT_COLUMNS = ("administration_id", "participant_id", "enrollment_id", "authored", "day", "language", "status")
_NEEDED = ("administration_id", "participant_id")
_MOMENT = r"^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2})?$"
_SHAPES: Mapping[Holds, tuple[str, str]] = MappingProxyType(
    {
        Holds.INTEGER: (r"^(0|-?[1-9]\d{0,8})$", to_say("The cell is not a whole number below a billion.")),
        Holds.NUMBER: (r"^-?\d+(\.\d+)?([eE][+-]?\d{1,3})?$", to_say("The cell is not a number.")),
        Holds.DATE: (r"^\d{4}(-\d{2}(-\d{2})?)?$", to_say("The cell is not a date (yyyy-mm-dd).")),
        Holds.MOMENT: (_MOMENT, to_say("The cell is not a date and time (yyyy-mm-dd hh:mm:ss).")),
        Holds.TIME: (r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$", to_say("The cell is not a time of day (hh:mm:ss).")),
        Holds.YES_NO: (r"^(true|false|1|0)$", to_say("The cell is neither true nor false.")),
    }
)
_OWN_REASONS = tuple(MissingCode(code=str(code), name=reason) for reason, code in REASON_CODES.items())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Checked:
    """Cells that can be written. `reasons`: column -> cell -> HL7's code for absent data."""

    frame: pl.DataFrame
    reasons: Mapping[str, Mapping[str, str]]
    notes: tuple[str, ...]


def checked(form: Form, answers: Sheet | pl.DataFrame) -> Checked:
    """The cells of a wide table, all of them answers, reasons or empty; DataRefusedError lists those that are not."""
    sheet = answers if isinstance(answers, Sheet) else _bare(answers)
    frame, log = sheet.frame, FaultLog()
    for column in _NEEDED:
        if column not in frame.columns:
            log.add(say("The table lacks this column."), say("Add it."), column=column)
    log.raise_if_any(DataRefusedError, say("The answers were"))
    asked = [each for each in form.questions if each.name in frame.columns]
    reasons = {each.name: _reasons(sheet.field(each.name), frame[each.name]) for each in asked}
    _check_about(sheet, log)
    for each in asked:
        _check_question(each, reasons[each.name], sheet, log)
    log.raise_if_any(DataRefusedError, say("The answers were"))
    return Checked(frame=frame, reasons=reasons, notes=_notes(form, frame))


def _bare(frame: pl.DataFrame) -> Sheet:
    """A frame as a sheet whose columns all know Casearc's own codes for missing answers."""
    fields = {name: Field(name=name, missing=_OWN_REASONS) for name in frame.columns if name not in ABOUT_COLUMNS}
    name = say("the answers")
    places = places_of(name, range(2, frame.height + 2))
    return Sheet(name=name, format="", frame=text_cells(frame), places=places, fields=fields)


def _reasons(field: Field, cells: pl.Series) -> dict[str, str]:
    """Which cells of a column are reasons, and HL7's code for each. A code whose name says nothing is "unknown"."""
    found: dict[str, str] = {}
    for cell in cells.drop_nulls().unique().to_list() if field.missing else []:
        name = next((code.name for code in field.missing if cell in code), None)
        if name is not None:
            found[cell] = CODE_OF.get(name, name if name in REASON_OF else "unknown")
    return found


def _check_about(sheet: Sheet, log: FaultLog) -> None:
    frame = sheet.frame
    for column in _NEEDED:
        _fault(sheet, frame[column].is_null(), log, column=column, problem=say("The row has no id here."))
    twice = frame["administration_id"].is_duplicated() & frame["administration_id"].is_not_null()
    _fault(sheet, twice, log, column="administration_id", problem=say("The id stands in another row too."))
    shapes = {
        "authored": (r"^\d{4}(-\d{2}(-\d{2}( \d{2}:\d{2}:\d{2})?)?)?$", say("The cell is no day and no moment.")),
        "day": (r"^-?\d{1,9}$", say("The cell is not a whole number of days.")),
        "status": (f"^({'|'.join(STATUSES)})$", say("The cell is none of FHIR's statuses.")),
    }
    for column, (pattern, problem) in shapes.items():
        if column in frame.columns:
            wrong = ~frame[column].str.contains(pattern).fill_null(value=True)
            _fault(sheet, wrong, log, column=column, problem=say(problem))


def _check_question(question: Question, reasons: Mapping[str, str], sheet: Sheet, log: FaultLog) -> None:
    cells = sheet.frame[question.name]
    answers = cells.set(cells.is_in(list(reasons)).fill_null(value=False), None)
    if question.choices or question.holds in (Holds.CHOICE, Holds.CHOICES):
        wrong = _not_chosen(question, answers)
        _fault(sheet, wrong, log, column=question.name, problem=say("The cell is none of the question's choices."))
        return
    if question.holds not in _SHAPES:
        return
    pattern, problem = _SHAPES[question.holds]
    wrong = ~answers.str.contains(pattern).fill_null(value=True)
    _fault(sheet, wrong, log, column=question.name, problem=say(problem))
    if question.holds is Holds.NUMBER and not wrong.any():
        kept = {cell: _kept_whole(cell) for cell in answers.drop_nulls().unique().to_list()}
        lost = ~answers.replace_strict(kept, default=True, return_dtype=pl.Boolean).fill_null(value=True)
        _fault(sheet, lost, log, column=question.name, problem=say("The number has more digits than JSON keeps."))
    if question.holds in (Holds.DATE, Holds.MOMENT) and not wrong.any():
        days = answers.filter(answers.str.len_chars() >= len("2024-01-01"))
        never = answers.str.slice(0, 10).is_in(_never(days)).fill_null(value=False)
        _fault(sheet, never, log, column=question.name, problem=say("The calendar has no such day."))


def _never(days: pl.Series) -> list[str]:
    first = days.str.slice(0, 10)
    return first.filter(first.str.to_date("%Y-%m-%d", strict=False).is_null()).unique().to_list()


def _not_chosen(question: Question, answers: pl.Series) -> pl.Series:
    if not question.choices:
        return pl.repeat(value=False, n=len(answers), eager=True)
    codes = pl.Series(list(question.choices))
    if question.holds is Holds.CHOICES:
        parts = pl.DataFrame({"codes": answers.str.split(BETWEEN)})
        known = pl.col("codes").list.eval(pl.element().is_in(codes.implode())).list.all()
        return ~parts.select(known.fill_null(value=True)).to_series()
    return ~answers.is_in(codes.implode()).fill_null(value=True)


def _kept_whole(cell: str) -> bool:
    """Whether a number survives being read as a double."""
    try:
        return number_text(Decimal(repr(float(cell)))) == number_text(Decimal(cell))
    except (InvalidOperation, OverflowError, ValueError):
        return False


def _fault(sheet: Sheet, wrong: pl.Series, log: FaultLog, *, column: str, problem: str) -> None:
    if wrong.any():
        remedy = say("Correct the cell, or empty it.")
        log.add_places(sheet.places.filter(wrong), problem=problem, remedy=remedy, column=column)


def _notes(form: Form, frame: pl.DataFrame) -> tuple[str, ...]:
    known = {*(each.name for each in form.questions), *ABOUT_COLUMNS}
    left = [each for each in frame.columns if each not in known]
    absent = [each.name for each in form.questions if each.name not in frame.columns]
    notes = []
    if left:
        notes.append(
            say("Columns that are no question of the form, which were left out: {columns}.", columns=", ".join(left))
        )
    if absent:
        notes.append(say("Questions without a column in the table: {questions}.", questions=", ".join(absent)))
    return tuple(notes)
