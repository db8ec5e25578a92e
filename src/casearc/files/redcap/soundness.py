"""What cannot be true of the lines of a dictionary taken together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from casearc.files.redcap.choices import tick_column, unclear_columns
from casearc.files.redcap.columns import HEADERS, KINDS, NAME, OWN
from casearc.language import say
from casearc.tables import FaultLog, suggestion

if TYPE_CHECKING:
    from casearc.files.redcap.dictionary import Entry

_NAME_COLUMN = HEADERS["field_name"]


def check_entries(entries: Sequence[Entry], *, file: str, log: FaultLog) -> None:
    """Log every line that contradicts itself, or another line."""
    first: dict[str, int] = {}
    forms = {entry.form for entry in entries}
    for entry in entries:
        _check_name(entry, first, forms, file=file, log=log)
        _check_kind(entry, file=file, log=log)
        _check_bounds(entry, file=file, log=log)
        if not NAME.match(entry.form):
            log.add(
                say("The field's form has a name with signs that REDCap does not give.")
                if entry.form
                else say("The field's form has no name."),
                say("Small letters, digits and _, a letter first: download the dictionary from REDCap again."),
                file=file,
                row=entry.row,
                column=HEADERS["form_name"],
            )
    _check_ticks(entries, first, file=file, log=log)


def _check_name(entry: Entry, first: dict[str, int], forms: set[str], *, file: str, log: FaultLog) -> None:
    def fault(problem: str, remedy: str) -> None:
        log.add(problem, remedy, file=file, row=entry.row, column=_NAME_COLUMN)

    if not entry.name:
        fault(say("The field has no name."), say("Name it as REDCap does, or take the line out."))
    elif not NAME.match(entry.name):
        fault(
            say("The field's name has signs that REDCap does not take."),
            say("Small letters, digits and _, a letter first: download the dictionary from REDCap again."),
        )
    elif entry.name in first:
        fault(
            say("The field is there already, in row {row}.", row=first[entry.name]), say("Keep one of the two lines.")
        )
    elif entry.name in OWN or entry.name in {f"{form}_complete" for form in forms}:
        fault(say("The field has the name of a column that REDCap adds itself."), say("Rename the field."))
    first.setdefault(entry.name, entry.row)


def _check_kind(entry: Entry, *, file: str, log: FaultLog) -> None:
    if entry.kind not in KINDS:
        near = suggestion(entry.kind, KINDS)
        problem = say("REDCap has no such type of field.") if entry.kind else say("The field has no type.")
        known = say("Known: {known}.", known=", ".join(kind for kind in KINDS if kind != "select"))
        log.add(problem, near or known, file=file, row=entry.row, column=HEADERS["field_type"])


def _check_bounds(entry: Entry, *, file: str, log: FaultLog) -> None:
    low, high = entry.bound(entry.low), entry.bound(entry.high)
    if low is not None and high is not None and low > high:
        log.add(
            say("The lowest value allowed is above the highest."),
            say("Exchange or correct the two."),
            file=file,
            row=entry.row,
            column=HEADERS["text_validation_min"],
        )


def _check_ticks(entries: Sequence[Entry], names: dict[str, int], *, file: str, log: FaultLog) -> None:
    """Columns of single choices that other fields, or other choices, have as well."""
    for entry in entries:
        if entry.kind != "checkbox":
            continue
        for code in unclear_columns(entry.name, entry.choices):
            log.add(
                say("The code {code} makes the same column as another choice of the field.", code=code),
                say("Choose codes that differ in more than capitals and signs."),
                file=file,
                row=entry.row,
                column=HEADERS["select_choices_or_calculations"],
            )
        for code in entry.choices:
            if tick_column(entry.name, code) in names:
                log.add(
                    say("The choice {code} makes a column that has the name of another field.", code=code),
                    say("Rename that field."),
                    file=file,
                    row=entry.row,
                    column=_NAME_COLUMN,
                )
