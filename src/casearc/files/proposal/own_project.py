"""A REDCap project that Casearc wrote: its forms are the contract's tables, their fields called after them."""

from __future__ import annotations

from collections.abc import Mapping

from casearc.files.described import REASON_CODES
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.redcap.columns import REPEATED
from casearc.files.redcap.layout import (
    ADMINISTRATIONS,
    ENROLLMENTS,
    FORMS,
    PARTICIPANTS,
    RECORD,
    RESPONSES,
    InstrumentColumns,
    field_name,
    instrument_columns,
)
from casearc.files.sheet import Sheet
from casearc.language import say, to_say
from casearc.tables import TABLES

_SAID = to_say("Casearc wrote this project, and the field is called so")


def take_own_project(draft: Draft, sheet: Sheet) -> bool:
    """Feeds for a project that `casearc.files.redcap.write_project` wrote; False where it is another.

    Parameters
    ----------
    draft
        Takes the feeds.
    sheet
        A sheet of data.

    Returns
    -------
    bool

    Examples
    --------
    >>> take_own_project(draft, sheet)  # doctest: +SKIP
    True
    """
    columns = sheet.frame.columns
    if not {RECORD, REPEATED, field_name(ENROLLMENTS, "enrollment_id")} <= set(columns):
        return False
    instruments = instrument_columns(columns)
    elsewhere = {name for each in instruments for name in (*each.of_administration, *each.items)}
    for table in FORMS:
        fields = {
            name.removeprefix(f"{table}_"): name
            for name in columns
            if name.startswith(f"{table}_") and name not in elsewhere and name != f"{table}_complete"
        }
        if fields or table == PARTICIPANTS:
            draft.feeds.append(_feed(sheet, table, fields))
    for each in instruments:
        draft.feeds += _measured(sheet, each)
    draft.notes.append(
        say("{file}: a project that Casearc wrote; every form is a table of its name.", file=sheet.in_words)
    )
    return True


def _feed(sheet: Sheet, table: str, fields: Mapping[str, str]) -> FeedDraft:
    asked = {"is": "empty"} if table == PARTICIPANTS else {"equals": table}
    feed = FeedDraft(table=table, file=sheet.name, where=[{"column": REPEATED, **asked}])
    own = {RECORD: RECORD} if table in (PARTICIPANTS, ENROLLMENTS) else {}
    for column, name in {**own, **fields}.items():
        if table == PARTICIPANTS or column in TABLES[table].accepted:
            feed.take(column, name, say(_SAID), Confidence.SURE)
    return feed


def _measured(sheet: Sheet, each: InstrumentColumns) -> tuple[FeedDraft, FeedDraft]:
    """A form's administrations, and its responses under the items' names."""
    where = {"column": REPEATED, "equals": each.form}
    given = FeedDraft(table=ADMINISTRATIONS, file=sheet.name, where=[dict(where)])
    for name, column in each.of_administration.items():
        given.take(column, name, say(_SAID), Confidence.SURE)
    answers = FeedDraft(table=RESPONSES, file=sheet.name, where=[dict(where)])
    names = {column: name for name, column in each.of_administration.items()}
    answers.take("administration_id", names["administration_id"], say(_SAID), Confidence.SURE)
    told = sheet.frame[names["instrument"]].drop_nulls().unique().to_list() if "instrument" in names else []
    instrument = told[0] if len(told) == 1 else each.form
    for name, item in each.items.items():
        answers.take(f"{instrument}_{item}", name, say(_SAID), Confidence.SURE)
    answers.missing = {str(code): reason for reason, code in REASON_CODES.items()}
    return given, answers
