"""What rows of a REDCap export cannot be, and what in them deserves a look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from casearc.files.redcap.columns import EVENT, INSTANCE, REPEATED
from casearc.files.redcap.dictionary import Entry
from casearc.files.sheet import Holds, MissingCode, Sheet
from casearc.language import say, to_say
from casearc.tables import ROW, FaultLog


def check_rows(
    sheet: Sheet, *, record: str | None, events: Mapping[str, str], forms: Sequence[str], log: FaultLog
) -> None:
    """Log rows without a record, of unknown events and forms, with odd instances, and rows that come twice.

    Parameters
    ----------
    sheet
        Raw data.
    record
        The column of the record's id; None where it is not known, and then rows that come twice are not looked for.
    events
        Unique name -> label of the events the project has; empty where no file says them.
    forms
        The forms the dictionary has; empty where there is none.
    log
        Takes the faults.
    """
    columns = sheet.frame.columns
    if EVENT in columns and events:
        wrong = pl.col(EVENT).is_not_null() & pl.col(EVENT).is_in(list(events)).not_()
        remedy = say("Download the events again (Define My Events), and the data too.")
        _log(sheet, wrong, log, EVENT, say("The events file does not know the row's event."), remedy)
    if REPEATED in columns and forms:
        wrong = pl.col(REPEATED).is_not_null() & pl.col(REPEATED).is_in(list(forms)).not_()
        remedy = say("Use the dictionary that belongs to this export.")
        _log(sheet, wrong, log, REPEATED, say("The dictionary does not know the row's form."), remedy)
    if INSTANCE in columns:
        wrong = pl.col(INSTANCE).is_not_null() & pl.col(INSTANCE).str.contains(r"^[1-9][0-9]*$").not_()
        _log(
            sheet,
            wrong,
            log,
            INSTANCE,
            say("The number of the repetition is no whole number."),
            say("Export the data again."),
        )
    if record is not None:
        _log(
            sheet,
            pl.col(record).is_null(),
            log,
            record,
            say("The row has no record id."),
            say("Export the data again."),
        )
        _check_repeated(sheet, record, log)


def _log(sheet: Sheet, wrong: pl.Expr, log: FaultLog, column: str, problem: str, remedy: str) -> None:
    failing = sheet.places.filter(sheet.frame.select(wrong.fill_null(value=False)).to_series())
    log.add_places(failing, problem=problem, remedy=remedy, column=column)


def _check_repeated(sheet: Sheet, record: str, log: FaultLog) -> None:
    keys = [record, *(column for column in (EVENT, REPEATED, INSTANCE) if column in sheet.frame.columns)]
    known = sheet.frame[record].is_not_null()
    again = (
        ~sheet.frame.select(keys)
        .with_columns(pl.all().fill_null(""))
        .select(pl.struct(keys).is_first_distinct())
        .to_series()
    )
    log.add_places(
        sheet.places.filter(again & known),
        problem=say("Another row has the same record, event and repetition."),
        remedy=say("Files of several exports may have been put together: keep one of the rows."),
        column=record,
    )


def strange_codes(frame: pl.DataFrame, entries: Sequence[Entry], missing: Sequence[MissingCode]) -> Iterator[str]:
    """A note for fields whose cells carry codes that neither the dictionary nor the codes for missing have."""
    known_missing = [code.code for code in missing]
    plans = {
        entry.name: [*entry.choices, *known_missing]
        for entry in entries
        if entry.choices and entry.holds is not Holds.CHOICES and entry.name in frame.columns
    }
    if not plans:
        return
    counts = frame.select(pl.col(name).is_in(codes).not_().sum() for name, codes in plans.items()).row(0, named=True)
    found = [f"{name} ({count:,})" for name, count in counts.items() if count]
    if found:
        plain = to_say("Cells with codes that the dictionary does not have: {found}.")
        advised = to_say(
            "Cells with codes that the dictionary does not have: {found}. If they are codes for missing, name the "
            "project's settings as companion project."
        )
        yield say(plain if missing else advised, found=", ".join(found))


def untouched_forms(frame: pl.DataFrame, ticks: Mapping[str, Sequence[str]], entries: Sequence[Entry]) -> Iterator[str]:
    """A note for forms of which some rows hold nothing but boxes not ticked: nobody may have asked there.

    `ticks` are the columns of each field with several choices.
    """
    for form in dict.fromkeys(entry.form for entry in entries if entry.name in ticks):
        own = [entry for entry in entries[1:] if entry.form == form]
        boxes = [column for entry in own for column in ticks.get(entry.name, ())]
        others = [entry.name for entry in own if entry.name not in ticks and entry.name in frame.columns]
        if not boxes:
            continue
        bare = pl.all_horizontal(pl.col(boxes) == "0")
        if others:
            bare = bare & pl.all_horizontal(pl.col(others).is_null())
        rows = frame.select(bare.fill_null(value=False).sum()).item()
        if rows:
            yield say(
                "Rows in which the form {form} holds nothing but boxes that are not ticked (0): {rows:,}. REDCap "
                "writes these even where nobody has opened the form; read them as not asked unless it is complete.",
                form=form,
                rows=rows,
            )


def misplaced_answers(sheet: Sheet, form_events: Sheet | None, entries: Sequence[Entry]) -> Iterator[str]:
    """A note for answers in events that their form does not belong to."""
    if form_events is None or EVENT not in sheet.frame.columns:
        return
    for form in dict.fromkeys(entry.form for entry in entries):
        own = [e.name for e in entries[1:] if e.form == form and e.name in sheet.frame.columns]
        belongs = form_events.frame.filter(pl.col("form") == form)["unique_event_name"].to_list()
        if not own:
            continue
        wrong = pl.col(EVENT).is_in(belongs).not_() & pl.any_horizontal(pl.col(own).is_not_null())
        rows = sheet.places.filter(sheet.frame.select(wrong.fill_null(value=False)).to_series())[ROW]
        if len(rows):
            yield say(
                "Rows with answers of the form {form} in an event that it does not belong to: {rows:,}.",
                form=form,
                rows=len(rows),
            )
