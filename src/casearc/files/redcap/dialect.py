"""REDCap: exports of raw data (or of labels), described by the project's dictionary and its other files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from casearc.files.dialects import Dialect
from casearc.files.redcap.checks import check_rows, misplaced_answers, strange_codes, untouched_forms
from casearc.files.redcap.choices import tick_column
from casearc.files.redcap.columns import CHECKED, COMPLETE, EVENT, GROUP, INSTANCE, NAME, OWN, PERSON, REPEATED
from casearc.files.redcap.companions import COMPANIONS, event_labels, form_labels, missing_codes
from casearc.files.redcap.dictionary import Entry, read_dictionary, read_entries
from casearc.files.redcap.labels import Known, headers, is_label_export, to_raw
from casearc.files.sheet import Field, Holds, MissingCode, Sheet
from casearc.language import say
from casearc.tables import FaultLog

_RAW_SIGNS = (EVENT, REPEATED, INSTANCE, GROUP, PERSON)
_FEWEST = 0.5
"""A dictionary that knows a smaller share of the columns is another project's."""


def is_data(sheet: Sheet) -> bool:
    """Whether a sheet shows by itself that it is a REDCap export."""
    columns = sheet.frame.columns
    if any(plays(sheet) for plays in COMPANIONS.values()):
        return False
    if any(sign in columns for sign in _RAW_SIGNS) or is_label_export(sheet):
        return True
    last = columns[-1] if columns else ""
    states = set(sheet.frame[last].drop_nulls()) if NAME.match(last) and last.endswith("_complete") else set()
    return bool(states) and states <= set(COMPLETE)


def describes(sheet: Sheet, companions: Mapping[str, Sheet]) -> float:
    """The share of a sheet's columns that a dictionary knows (of its events, where there is only a file of those)."""
    if "dictionary" in companions:
        entries = read_entries(companions["dictionary"], FaultLog()) or ()
        is_labels = is_label_export(sheet)
        known = _labels(entries) if is_labels else _names(entries)
        columns = [column for column in (headers(sheet) if is_labels else sheet.frame.columns) if column not in OWN]
        return sum(column in known for column in columns) / max(len(columns), 1)
    if "events" in companions and EVENT in sheet.frame.columns:
        used = set(sheet.frame[EVENT].drop_nulls())
        return len(used & set(event_labels(companions))) / max(len(used), 1)
    return 0.0


def adopt(sheet: Sheet, companions: Mapping[str, Sheet], log: FaultLog) -> Sheet | None:
    """The sheet with labels, choices and codes for missing; None after logging every fault.

    Parameters
    ----------
    sheet
        Raw data, or an export of labels (which needs the dictionary).
    companions
        Role -> sheet; see `casearc.files.redcap.companions.COMPANIONS`.
    log
        Takes the faults.

    Returns
    -------
    Sheet or None
        Same cells and names, except that labels are told back into codes.
    """
    before = log.total
    if not sheet.frame.columns:
        log.add(say("The file has no columns."), say("Export the data again."), file=sheet.in_words)
    entries: tuple[Entry, ...] | None = ()
    if "dictionary" in companions:
        entries = read_entries(companions["dictionary"], log)
    missing = missing_codes(companions, log)
    if entries is None or log.total > before or not _belongs(sheet, companions, entries, log):
        return None
    events = event_labels(companions)
    forms = form_labels(companions, list(dict.fromkeys(entry.form for entry in entries)))
    raw: Sheet | None = sheet
    if is_label_export(sheet):
        raw = _told_back(sheet, entries, Known(events=events, forms=forms, missing=missing), log)
    if raw is None:
        return None
    raw = _with_points(raw, entries)
    record = entries[0].name if entries and entries[0].name in raw.frame.columns else None
    check_rows(raw, record=record, events=events, forms=list(forms), log=log)
    if log.total > before:
        return None
    fields = _fields(raw, entries, missing, events, forms)
    notes = _notes(raw, companions, entries, fields, missing)
    return replace(raw, format="redcap", fields={**raw.fields, **fields}, notes=(*raw.notes, *notes))


def _belongs(sheet: Sheet, companions: Mapping[str, Sheet], entries: Sequence[Entry], log: FaultLog) -> bool:
    if not entries or is_label_export(sheet):
        return True
    share = describes(sheet, companions)
    if share >= _FEWEST:
        return True
    known = sum(column in _names(entries) for column in sheet.frame.columns)
    log.add(
        say(
            "The dictionary {dictionary} does not belong to this file: of its {width:,} columns it knows {known:,}.",
            dictionary=companions["dictionary"].in_words,
            width=sheet.frame.width,
            known=known,
        ),
        say("Name the dictionary of the project that the data come from, as it was when they were exported."),
        file=sheet.in_words,
    )
    return False


def _told_back(sheet: Sheet, entries: Sequence[Entry], known: Known, log: FaultLog) -> Sheet | None:
    if entries:
        return to_raw(sheet, entries, known=known, log=log)
    log.add(
        say("The export has labels in place of names and codes."),
        say("Export the data again as CSV with raw data, or name the project's data dictionary as companion."),
        file=sheet.in_words,
    )
    return None


def _with_points(sheet: Sheet, entries: Sequence[Entry]) -> Sheet:
    """Decimal points in columns whose validation asks for decimal commas."""
    comma = [e.name for e in entries if e.validation.endswith("comma_decimal") and e.name in sheet.frame.columns]
    if not comma:
        return sheet
    frame = sheet.frame.with_columns(pl.col(comma).str.replace(r"^(-?[0-9]*),([0-9]+)$", "${1}.${2}"))
    note = say("Decimal commas became points, as the dictionary says these have them: {comma}.", comma=", ".join(comma))
    return replace(sheet, frame=frame, notes=(*sheet.notes, note))


def _names(entries: Sequence[Entry]) -> dict[str, Entry]:
    """Raw columns that a dictionary gives, those that say whether a form is complete and when it was sent included."""
    names = {entry.name: entry for entry in entries if entry.kind != "checkbox"}
    for entry in entries:
        if entry.kind == "checkbox":
            names |= {tick_column(entry.name, code): entry for code in entry.choices}
        names |= {f"{entry.form}_complete": entry, f"{entry.form}_timestamp": entry}
    return names


def _labels(entries: Sequence[Entry]) -> set[str]:
    labels = {entry.label for entry in entries} | {"Complete?", "Survey Timestamp", *OWN.values()}
    return labels | {f"{e.label} (choice={label})" for e in entries for label in e.choices.values()}


def _fields(
    sheet: Sheet,
    entries: Sequence[Entry],
    missing: tuple[MissingCode, ...],
    events: Mapping[str, str],
    forms: Mapping[str, str],
) -> dict[str, Field]:
    """What is known of each column that is there."""
    found = {each.name: each for each in _own_fields(events, forms)}
    for entry in entries:
        found |= {each.name: each for each in _entry_fields(entry, missing)}
    for form in forms:
        label = f"{forms[form]}: complete?"
        found[f"{form}_complete"] = Field(
            name=f"{form}_complete", label=label, holds=Holds.CHOICE, choices=COMPLETE, section=form
        )
        found[f"{form}_timestamp"] = Field(
            name=f"{form}_timestamp", label=f"{forms[form]}: when sent", holds=Holds.MOMENT, section=form
        )
    columns = sheet.frame.columns
    found |= {
        column: Field(name=column, label="complete?", holds=Holds.CHOICE, choices=COMPLETE)
        for column in columns
        if column.endswith("_complete") and not entries
    }
    return {column: found[column] for column in columns if column in found}


def _own_fields(events: Mapping[str, str], forms: Mapping[str, str]) -> Iterator[Field]:
    yield Field(name=EVENT, label="Event", holds=Holds.CHOICE if events else Holds.TEXT, choices=events)
    yield Field(name=REPEATED, label="Form that repeats", holds=Holds.CHOICE if forms else Holds.TEXT, choices=forms)
    yield Field(name=INSTANCE, label="Number of the repetition", holds=Holds.INTEGER)
    yield Field(name=GROUP, label="Data access group", holds=Holds.TEXT)
    yield Field(name=PERSON, label="Identifier of a respondent", holds=Holds.TEXT, identifier=True)


def _entry_fields(entry: Entry, missing: tuple[MissingCode, ...]) -> Iterator[Field]:
    """The column of a field; for one with several choices a column each, and one for each code for missing."""
    if entry.kind != "checkbox":
        yield Field(
            name=entry.name,
            label=entry.label,
            holds=entry.holds,
            choices=entry.choices,
            missing=missing,
            section=entry.form,
            identifier=entry.personal,
        )
        return
    reasons = {code.code: code.name for code in missing}
    for code, label in {**entry.choices, **reasons}.items():
        yield Field(
            name=tick_column(entry.name, code),
            label=f"{entry.label} [{label}]",
            holds=Holds.YES_NO,
            choices=CHECKED,
            section=entry.form,
            identifier=entry.personal,
            question=entry.name,
            choice=code,
        )


def _notes(
    sheet: Sheet,
    companions: Mapping[str, Sheet],
    entries: Sequence[Entry],
    fields: Mapping[str, Field],
    missing: Sequence[MissingCode],
) -> Iterator[str]:
    unknown = [column for column in sheet.frame.columns if column not in fields]
    if entries and unknown:
        yield say("Columns that the dictionary does not know: {unknown}.", unknown=", ".join(unknown))
    absent = [name for name in _names(entries) if name not in sheet.frame.columns and not name.endswith("_timestamp")]
    if absent:
        yield say("Columns that the dictionary describes and the export does not have: {absent:,}.", absent=len(absent))
    if entries and entries[0].name not in sheet.frame.columns:
        yield say(
            "The record's id ({name}) was not exported, so rows that come twice were not looked for.",
            name=entries[0].name,
        )
    if not entries:
        yield say("No data dictionary was named: nothing is known of the columns but their names.")
    ticks: dict[str, list[str]] = {}
    for column, field in fields.items():
        if field.question:
            ticks.setdefault(field.question, []).append(column)
    yield from strange_codes(sheet.frame, entries, missing)
    yield from untouched_forms(sheet.frame, ticks, entries)
    yield from misplaced_answers(sheet, companions.get("form_events"), entries)


DIALECT = Dialect(
    id="redcap",
    title="REDCap",
    is_data=is_data,
    adopt=adopt,
    companions=COMPANIONS,
    describes=describes,
    form=read_dictionary,
)
