"""An export of labels told back into names and codes, where the dictionary leaves no doubt which is which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from casearc.files.csv.repeated import COMPLETE as DONE
from casearc.files.csv.repeated import as_written
from casearc.files.redcap.choices import tick_column
from casearc.files.redcap.columns import CHECKED, COMPLETE, EVENT, OWN, REPEATED, named
from casearc.files.redcap.companions import twice
from casearc.files.redcap.dictionary import Entry
from casearc.files.redcap.order import Target, by_order
from casearc.files.sheet import MissingCode, Sheet
from casearc.language import say, to_say
from casearc.tables import FaultLog

_RAW = to_say("Export the data again as CSV with raw data (not labels).")
_TICK = re.compile(r"^(?P<label>.*) \(choice=(?P<choice>.*)\)$", re.DOTALL)
_SENT = "Survey Timestamp"


def is_label_export(sheet: Sheet) -> bool:
    """Whether a sheet's headers are those of an export of labels."""
    columns = headers(sheet)
    own = {*OWN.values()} - {"Event Name"}
    return bool(
        own & set(columns)
        or any(_TICK.match(column) for column in columns)
        or ({"Event Name", DONE} <= set(columns) and EVENT not in columns)
        or columns[-1:] == [DONE]
    )


def headers(sheet: Sheet) -> list[str]:
    """The cells of a sheet's header row, where several may be the same."""
    return [" ".join(as_written(column).split()) for column in sheet.frame.columns]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a project's other files say: name -> label of events and forms (empty where no file says them), and the
    codes for missing."""

    events: Mapping[str, str]
    forms: Mapping[str, str]
    missing: Sequence[MissingCode] = ()


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
    notes = [say("The export has labels; they were told back into the names and codes of the dictionary.")]
    if len(set(headers(sheet))) < sheet.frame.width:
        notes.append(say("Columns with one label were told apart by their order, each form ending with its Complete?."))
    if EVENT in frame.columns and not known.events:
        notes.append(say("Events keep their labels, because the project's events were not named as companion."))
    return replace(sheet, frame=frame, notes=(*sheet.notes, *notes))


def _targets(entries: Sequence[Entry], known: Known) -> dict[str, list[Target]]:
    """Header in an export of labels -> the raw columns it may stand for, in the dictionary's order."""
    own = {EVENT: known.events, REPEATED: known.forms}
    found = {label: [Target(name=name, choices=own.get(name, {}))] for name, label in OWN.items()}
    reasons = {code.code: code.name for code in known.missing}
    for place, (header, name, choices, form) in enumerate(_columns(entries, reasons)):
        target = Target(name=name, choices=choices, place=place, form=form, ends_form=header == DONE)
        found.setdefault(header, []).append(target)
    return found


_Written = tuple[str, str, Mapping[str, str], str]
"""Header, raw name, choices and form of a column."""


def _columns(entries: Sequence[Entry], reasons: Mapping[str, str]) -> Iterator[_Written]:
    """The columns as an export of everything has them one after the other."""
    for form in dict.fromkeys(entry.form for entry in entries):
        sent: _Written = (_SENT, f"{form}_timestamp", {}, form)
        of_form = [entry for entry in entries if entry.form == form]
        if of_form[0] is not entries[0]:
            yield sent
        for entry in of_form:
            yield from _of_field(entry, reasons)
            if entry is entries[0]:  # the record's id stands before all that is of its form
                yield sent
        yield DONE, f"{form}_complete", COMPLETE, form


def _of_field(entry: Entry, reasons: Mapping[str, str]) -> Iterator[_Written]:
    if entry.kind == "checkbox":
        for code, label in entry.choices.items():
            yield f"{entry.label} (choice={label})", tick_column(entry.name, code), CHECKED, entry.form
    elif entry.holds:
        yield entry.label, entry.name, {**entry.choices, **reasons} if entry.choices else {}, entry.form


def _matched(sheet: Sheet, targets: Mapping[str, list[Target]], log: FaultLog) -> dict[str, Target]:
    columns = dict(zip(sheet.frame.columns, headers(sheet), strict=True))
    for position in (at for at, header in enumerate(columns.values(), start=1) if not targets.get(header)):
        log.add(
            say(
                "The export has labels, and the dictionary knows no field with that of column number {position}.",
                position=position,
            ),
            say(_RAW),
            file=sheet.in_words,
            row=1,
        )
    fitting = {column: targets[header] for column, header in columns.items() if targets.get(header)}
    if all(len(each) == 1 for each in fitting.values()):
        found = {column: each[0] for column, each in fitting.items()}
        _log_twice(sheet, found, log)
        return found
    return _matched_by_order(sheet, fitting, log)


def _log_twice(sheet: Sheet, found: Mapping[str, Target], log: FaultLog) -> None:
    names = [target.name for target in found.values()]
    for name in sorted({name for name in names if names.count(name) > 1}):
        log.add(say("Two labels stand for the same field."), say(_RAW), file=sheet.in_words, row=1, column=name)


def _matched_by_order(sheet: Sheet, fitting: Mapping[str, list[Target]], log: FaultLog) -> dict[str, Target]:
    """What columns are whose labels belong to several fields, by the order that REDCap writes columns in."""
    ordered = {column: each for column, each in fitting.items() if each[0].place >= 0}
    chosen = by_order(list(ordered.values()))
    if chosen is None:
        columns = sheet.frame.columns
        several = [str(columns.index(column) + 1) for column, each in ordered.items() if len(each) > 1]
        log.add(
            say(
                "The export has labels that belong to several fields (columns number {several}), and the order "
                "of the columns does not tell which is which.",
                several=", ".join(several),
            ),
            say(_RAW),
            file=sheet.in_words,
            row=1,
        )
        return {}
    return {column: each[0] for column, each in fitting.items()} | dict(zip(ordered, chosen, strict=True))


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
                    say(
                        "Two codes of the field have the same label, so a label does not tell which: {labels}.",
                        labels=_shared(choices),
                    ),
                    say(_RAW),
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
            problem=say("The cell has a label that the dictionary does not give to the field."),
            remedy=say(
                "Use the dictionary that belongs to this export, or export the data again as CSV with raw data."
            ),
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
