"""An export of labels told back into names and codes, where the dictionary leaves no doubt which is which."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from casearc.files.redcap.choices import tick_column
from casearc.files.redcap.columns import CHECKED, COMPLETE, EVENT, OWN, REPEATED, named
from casearc.files.redcap.companions import twice
from casearc.files.redcap.dictionary import Entry
from casearc.files.sheet import MissingCode, Sheet
from casearc.tables import FaultLog

_RAW = "Export the data again as CSV with raw data (not labels)."
_TICK = re.compile(r"^(?P<label>.*) \(choice=(?P<choice>.*)\)$", re.DOTALL)
_DONE = "Complete?"


def is_label_export(sheet: Sheet) -> bool:
    """Whether a sheet's headers are those of an export of labels."""
    columns = sheet.frame.columns
    own = {*OWN.values()} - {"Event Name"}
    return bool(
        own & set(columns)
        or any(_TICK.match(column) for column in columns)
        or ({"Event Name", _DONE} <= set(columns) and EVENT not in columns)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a project's other files say: name -> label of events and forms (empty where no file says them), and the
    codes for missing."""

    events: Mapping[str, str]
    forms: Mapping[str, str]
    missing: Sequence[MissingCode] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """The raw column a label stands for: its name, and its choices."""

    name: str
    choices: Mapping[str, str]


def to_raw(sheet: Sheet, entries: Sequence[Entry], *, known: Known, log: FaultLog) -> Sheet | None:
    """The sheet with raw names and codes; None after logging what is in doubt.

    Parameters
    ----------
    sheet
        An export of labels.
    entries
        The lines of the project's dictionary.
    known
        What the project's other files say.
    log
        Takes the faults.
    """
    before = log.total
    targets = _targets(entries, known)
    found = _matched(sheet, targets, log)
    if log.total > before:
        return None
    frame = sheet.frame.rename({column: target.name for column, target in found.items()})
    plans = {target.name: target.choices for target in found.values() if target.choices}
    frame = _coded(sheet, frame, plans, labels={t.name: c for c, t in found.items()}, log=log)
    if log.total > before:
        return None
    notes = ["The export has labels; they were told back into the names and codes of the dictionary."]
    if EVENT in frame.columns and not known.events:
        notes.append("Events keep their labels, because the project's events were not named as companion.")
    return replace(sheet, frame=frame, notes=(*sheet.notes, *notes))


def _targets(entries: Sequence[Entry], known: Known) -> dict[str, list[_Target]]:
    """Header in an export of labels -> the raw columns it may stand for."""
    own = {EVENT: known.events, REPEATED: known.forms}
    reasons = {code.code: code.name for code in known.missing}
    targets = {label: [_Target(name=name, choices=own.get(name, {}))] for name, label in OWN.items()}
    last = list(dict.fromkeys(entry.form for entry in entries))
    targets[_DONE] = [_Target(name=f"{form}_complete", choices=COMPLETE) for form in last]
    for entry in entries:
        if entry.kind == "checkbox":
            for code, label in entry.choices.items():
                header = f"{entry.label} (choice={label})"
                target = _Target(name=tick_column(entry.name, code), choices=CHECKED)
                targets.setdefault(header, []).append(target)
        elif entry.holds:
            choices = {**entry.choices, **reasons} if entry.choices else {}
            targets.setdefault(entry.label, []).append(_Target(name=entry.name, choices=choices))
    return targets


def _matched(sheet: Sheet, targets: Mapping[str, list[_Target]], log: FaultLog) -> dict[str, _Target]:
    found: dict[str, _Target] = {}
    for position, column in enumerate(sheet.frame.columns, start=1):
        fitting = targets.get(" ".join(column.split()), [])
        if len(fitting) == 1:
            found[column] = fitting[0]
            continue
        problem = (
            f"The export has labels, and the label of column number {position} belongs to {len(fitting)} fields."
            if fitting
            else f"The export has labels, and the dictionary knows no field with that of column number {position}."
        )
        log.add(problem, _RAW, file=sheet.in_words, row=1)
    names = [target.name for target in found.values()]
    for name in {name for name in names if names.count(name) > 1}:
        log.add("Two labels stand for the same field.", _RAW, file=sheet.in_words, row=1, column=name)
    return found


def _coded(
    sheet: Sheet,
    frame: pl.DataFrame,
    plans: Mapping[str, Mapping[str, str]],
    *,
    labels: Mapping[str, str],
    log: FaultLog,
) -> pl.DataFrame:
    """Labels in cells -> codes. Forms are also known by the name that REDCap makes of their title."""
    done = []
    for name, choices in plans.items():
        for label in sorted(twice(choices)):
            if (frame[name] == label).any():
                log.add(
                    f"Two codes of the field have the same label, so a label does not tell which: {_shared(choices)}.",
                    _RAW,
                    file=sheet.in_words,
                    column=name,
                )
        back = {label: code for code, label in choices.items()}
        cell = pl.col(name)
        if name == REPEATED:
            cell = cell.replace({each: _form(each, choices) for each in frame[name].drop_nulls().unique()})
        codes = frame.select(cell.replace_strict(back | {c: c for c in choices if name == REPEATED}, default=None))
        series = codes.to_series().alias(name)
        unknown = series.is_null() & frame[name].is_not_null()
        log.add_places(
            sheet.places.filter(unknown),
            problem="The cell has a label that the dictionary does not give to the field.",
            remedy=f"Use the dictionary that belongs to this export, or: {_RAW}",
            column=labels[name],
        )
        done.append(series)
    return frame.with_columns(done)


def _shared(choices: Mapping[str, str]) -> str:
    return ", ".join(code for code, label in choices.items() if label in twice(choices))


def _form(label: str, forms: Mapping[str, str]) -> str:
    """A form's name for its title, where its title gives it away."""
    slug = named(label, otherwise=label)
    return slug if slug in forms and label not in forms.values() else label
