"""On which day people answered: dates in the rows, or the schedule of a project that has none."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from casearc.files.mapping.questions import SIGN
from casearc.files.proposal.dated import named_as_date
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.items import Match
from casearc.files.proposal.parts import EVENT, Part
from casearc.files.proposal.vocabulary import DAY_COLUMNS
from casearc.files.proposal.words import plain_words
from casearc.files.sheet import in_words
from casearc.files.xlsform.system import SECTION
from casearc.language import either, say

_MOST_ROWS = 0.8
_OF_STAYS = ("start_date", "exit_date", "first_service_date")


def answered_rows(match: Match) -> pl.Expr:
    """Whether a row has an answer to the instrument."""
    return pl.any_horizontal(pl.col(list(match.items.values())).is_not_null())


def measurement_dates(draft: Draft, part: Part, match: Match, *, others: Sequence[str] = ()) -> list[str]:
    """Columns of dates that could be the day of a measurement.

    Parameters
    ----------
    draft
        Its enrollments say which dates mean something else.
    part, match
        The rows and the items.
    others
        Waves of other measurements in the same rows: a date that names one of them is none of this.

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
    own = [name for name in found if wave and wave in name.lower()]
    found = own or [name for name in found if not any(speaks_of(name, other) for other in others)]
    found = [name for name in found if len(rows[name].drop_nulls()) >= _MOST_ROWS * rows.height]
    stays = draft.feed("enrollments")
    taken = set() if stays is None or stays.file != part.file else _dates_of_stays(draft, stays)
    for unlike in (set(part.beside), taken, {n for n in found if part.profiles[n].field.section == SECTION}):
        found = [name for name in found if name not in unlike] or found
    return found


def _dates_of_stays(draft: Draft, stays: FeedDraft) -> set[str]:
    start = stays.reasons.get("start_date")
    if start is not None and start.confidence is Confidence.GUESS and not stays.columns["start_date"].startswith(SIGN):
        return set()  # the start was taken from the answers
    raw = {stays.origins[name].name if name in stays.origins else stays.columns.get(name, "") for name in _OF_STAYS}
    asked = {name.removeprefix(SIGN) for name in raw} & set(draft.questions)
    return raw | {answer for name in asked for answer in draft.questions[name].answers}


def speaks_of(name: str, wave: str) -> bool:
    """Whether a column's name has the word of a wave.

    Examples
    --------
    >>> speaks_of("Pre Date", "pre"), speaks_of("postdate", "post"), speaks_of("Prepared on", "pre")
    (True, True, False)
    """
    words, said = plain_words(name), plain_words(wave)
    runs = [words[at : at + len(said)] for at in range(len(words) - len(said) + 1)]
    return bool(said) and (said in runs or f"{''.join(said)}date" in words)


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


def _of_birth(name: str) -> bool:
    return bool({"birth", "birthdate", "dob", "nacimiento"} & set(plain_words(name)))


def unread_dates(part: Part) -> list[str]:
    """Columns whose names say that they hold dates, and whose cells are none that Casearc reads.

    Examples
    --------
    >>> unread_dates(part)  # doctest: +SKIP
    ['visit_date']
    """
    return [
        name
        for name, column in part.profiles.items()
        if column.filled
        and not column.dated
        and not column.is_box
        and not _of_birth(column.called)
        and named_as_date(column.called)
    ]


def _no_day(part: Part, match: Match) -> str:
    told = {"file": part.sheet.in_words, "instrument": match.instrument.id}
    unread = unread_dates(part)
    if unread:
        return say(
            "{file}: {columns} is named as if it said on which day {instrument} was answered, and its cells are not "
            "understood as dates. Say under dates in the mapping how they are written, or export them as 2024-01-31. "
            "Without a day the answers belong to no wave.",
            **told,
            columns=either(unread),
        )
    if match.run.wave:
        return say(
            "{file}: no column says on which day {instrument} was answered at {wave}. Without a day the answers belong "
            "to no wave; give a file with the dates.",
            **told,
            wave=match.run.wave,
        )
    return say(
        "{file}: no column says on which day {instrument} was answered. Without a day it belongs "
        "to no wave; give a file with the dates.",
        **told,
    )


def note_no_start(draft: Draft, parts: Sequence[Part]) -> None:
    """Say that no column tells when a stay began, from which days are counted; where the files count in days, none is
    needed.

    Examples
    --------
    >>> note_no_start(Draft(), [])
    """
    stays = draft.feed("enrollments")
    in_days = any(feed.targets & set(DAY_COLUMNS.values()) for feed in draft.feeds)
    if stays is None or in_days or "start_date" in stays.targets:
        return
    told = {"file": in_words(stays.file)}
    part = next((part for part in parts if part.file == stays.file), None)
    unread = [] if part is None else unread_dates(part)
    draft.notes.append(
        say(
            "No column of {file} says when people enrolled, so days cannot be counted and dates of all other columns "
            "are refused. {columns} is named as if it held dates, and its cells are not understood as such: say under "
            "dates in the mapping how they are written, or export them as 2024-01-31.",
            **told,
            columns=either(unread),
        )
        if unread
        else say(
            "No column of {file} says when people enrolled, so days cannot be counted and dates of all other columns "
            "are refused. Add a column with the first day of each stay, and name it as start_date under enrollments.",
            **told,
        )
    )


def schedule(draft: Draft, given: FeedDraft, part: Part, match: Match) -> None:
    """Days by the schedule of a project's events, where no date stands in the rows."""
    if EVENT not in part.keys or not part.offsets:
        draft.notes.append(_no_day(part, match))
        return
    events = part.rows[EVENT].drop_nulls().unique(maintain_order=True).to_list()
    cases = [
        {"where": [{"column": EVENT, "equals": event}], "value": part.offsets[event]}
        for event in events
        if event in part.offsets
    ]
    said = say("no date stands in the rows: the project's schedule says the day of each event")
    given.make("day", {"cases": cases}, said, Confidence.GUESS)
    draft.notes.append(
        say(
            "{file}: no date says when {instrument} was answered. The day on which the project "
            "schedules the event is taken for it, and doses are cut by that day.",
            file=part.sheet.in_words,
            instrument=match.instrument.id,
        )
    )
