"""On which day people answered: dates in the rows, or the schedule of a project that has none."""

from __future__ import annotations

import polars as pl

from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.items import Match
from casearc.files.proposal.parts import EVENT, Part
from casearc.files.proposal.words import plain_words
from casearc.files.xlsform.system import SECTION

_MOST_ROWS = 0.8
_OF_STAYS = ("start_date", "exit_date", "first_service_date")


def answered_rows(match: Match) -> pl.Expr:
    """Whether a row has an answer to the instrument."""
    return pl.any_horizontal(pl.col(list(match.items.values())).is_not_null())


def measurement_dates(draft: Draft, part: Part, match: Match) -> list[str]:
    """Columns of dates that could be the day of a measurement.

    Parameters
    ----------
    draft
        Its enrollments say which dates mean something else.
    part, match
        The rows and the items.

    Returns
    -------
    list of str
        Of the dates that nearly every row with an answer has: those of the same wave, else of the form itself, else
        all. Dates of a stay and those that a server or device noted come in only where there is no other.

    Examples
    --------
    >>> measurement_dates(draft, part, match)  # doctest: +SKIP
    ['visit_date']
    """
    rows = part.rows.filter(answered_rows(match))
    found = [name for name, column in part.profiles.items() if column.dated and not _of_birth(column.called)]
    wave = match.run.wave.lower()
    if wave:
        found = [name for name in found if wave in name.lower()] or found
    found = [name for name in found if len(rows[name].drop_nulls()) >= _MOST_ROWS * rows.height]
    stays = draft.feed("enrollments")
    taken = set() if stays is None or stays.file != part.file else {_raw(stays, name) for name in _OF_STAYS}
    if (
        stays is not None
        and "start_date" in stays.reasons
        and stays.reasons["start_date"].confidence is Confidence.GUESS
    ):
        taken = set()  # the start was taken from the answers
    for unlike in (set(part.beside), taken, {n for n in found if part.profiles[n].field.section == SECTION}):
        found = [name for name in found if name not in unlike] or found
    return found


def dates_in(part: Part) -> list[str]:
    """Dates that nearly every row has and that are no births, those of a server behind the others.

    Examples
    --------
    >>> dates_in(part)  # doctest: +SKIP
    ['visit_date', '_submission_time']
    """
    found = [
        name
        for name, column in part.profiles.items()
        if column.dated and not _of_birth(column.called) and column.filled >= _MOST_ROWS * part.rows.height
    ]
    return sorted(found, key=lambda name: part.profiles[name].field.section == SECTION)


def _raw(feed: FeedDraft, column: str) -> str:
    return feed.origins[column].name if column in feed.origins else feed.columns.get(column, "")


def _of_birth(name: str) -> bool:
    return bool({"birth", "birthdate", "dob", "nacimiento"} & set(plain_words(name)))


def schedule(draft: Draft, given: FeedDraft, part: Part, match: Match) -> None:
    """Days by the schedule of a project's events, where no date stands in the rows."""
    if EVENT not in part.keys or not part.offsets:
        draft.notes.append(
            f"{part.sheet.in_words}: no column says on which day {match.instrument.id} was answered. Without a day it "
            "belongs to no wave; give a file with the dates."
        )
        return
    events = part.rows[EVENT].drop_nulls().unique(maintain_order=True).to_list()
    cases = [
        {"where": [{"column": EVENT, "equals": event}], "value": part.offsets[event]}
        for event in events
        if event in part.offsets
    ]
    said = "no date stands in the rows: the project's schedule says the day of each event"
    given.make("day", {"cases": cases}, said, Confidence.GUESS)
    draft.notes.append(
        f"{part.sheet.in_words}: no date says when {match.instrument.id} was answered. The day on which the project "
        "schedules the event is taken for it, and doses are cut by that day."
    )
