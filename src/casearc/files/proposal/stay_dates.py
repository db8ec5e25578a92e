"""Which date begins a stay, and which ends it, where a file has several that could: day 0 decides every dose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import polars as pl

from casearc.files.dates import dates_of
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.marks import Mark, is_own
from casearc.files.proposal.parts import Part
from casearc.files.proposal.vocabulary import NAMES
from casearc.files.proposal.when import take_date, write_order
from casearc.files.proposal.words import plain_words, read_name
from casearc.language import either, say

_NEAR = 0.75
_LEAST = 0.5
_SAME = 0.9
_LIKELIEST: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "start_date": (
            "enrol", "inscri", "program", "admi", "entr", "ingreso", "intake", "start", "inicio",
        ),
        "exit_date": ("exit", "salida", "egreso", "program", "discharge", "baja", "alta", "end"),
    }
)  # fmt: skip
"""Beginnings of the words by which one date is a likelier start, or end, than another."""
_REFERRED = frozenset({"referral", "referred", "referencia", "remision", "canalizacion", "derivacion"})
_REFERRED_ON = frozenset({"outgoing", "out", "to", "on", "salida", "a"})


def dates_for(part: Part, name: str, marks: Mapping[str, Mark]) -> list[str]:
    """Columns that could be the start, or the end, of a stay: the likeliest first, those that differ in no row once.

    Parameters
    ----------
    part
        The rows.
    name
        ``start_date`` or ``exit_date``.
    marks
        What the columns of the part are taken for.

    Returns
    -------
    list of str
        Empty where there is none.

    Examples
    --------
    >>> dates_for(part, "start_date", marks)  # doctest: +SKIP
    ['Enrollment Date', 'Intake Date']
    """
    mark = marks.get(name)
    if mark is None:
        return []
    used = {each.source for other, each in marks.items() if other != name}
    scored = {
        column.name: read_name(column, NAMES["enrollments"][name])[0]
        for column in part.profiles.values()
        if column.dated and column.name not in used and is_own(part, "enrollments", column)
    }
    near = [each for each, score in scored.items() if score >= max(_LEAST, _NEAR * mark.score)]
    near.sort(key=lambda each: (_rank(part, each, name), -scored[each]))
    return _differing(part, near or [mark.source])


def _rank(part: Part, column: str, name: str) -> int:
    profile = part.profiles[column]
    words = (*plain_words(profile.called), *plain_words(profile.field.label))
    known = _LIKELIEST[name]
    return next((at for at, stem in enumerate(known) if any(word.startswith(stem) for word in words)), len(known))


def _differing(part: Part, columns: Sequence[str]) -> list[str]:
    days = {
        name: part.rows.select(dates_of(pl.col(name), part.profiles[name].orders[0])).to_series() for name in columns
    }
    kept: list[str] = []
    for name in columns:
        if all(days[name].ne_missing(days[other]).any() for other in kept):
            kept.append(name)
    return kept


def take_stay_date(draft: Draft, feed: FeedDraft, part: Part, name: str, sources: Sequence[str]) -> str:
    """Map the one date there is, or ask which of several it is.

    Parameters
    ----------
    draft
        Takes the question and the orders.
    feed
        The enrollments.
    part
        The rows.
    name
        ``start_date`` or ``exit_date``.
    sources
        The columns that could be it, the likeliest first.

    Returns
    -------
    str
        What stands in the mapping for the column: its name, or the question.

    Examples
    --------
    >>> take_stay_date(draft, feed, part, "start_date", ["Intake Date"])  # doctest: +SKIP
    'Intake Date'
    """
    if len(sources) == 1:
        take_date(draft, feed, part, name, sources[0])
        return sources[0]
    for source in sources:
        write_order(draft, part, source)
    told = {"file": part.sheet.in_words, "columns": either(sources)}
    asked = draft.ask(
        f"{part.file}-{name}",
        say("Which date of {file} begins the enrollment: {columns}?", **told)
        if name == "start_date"
        else say("Which date of {file} ends the enrollment: {columns}?", **told),
        why=say("It is day 0: every other day, every dose and every wave is counted from it.")
        if name == "start_date"
        else say("They differ, and the length of a stay and what was done in it depend on the right one."),
        answers=list(sources),
    )
    feed.take(name, asked, say("to be answered"), Confidence.GUESS)
    return asked


def take_referral(draft: Draft, feed: FeedDraft, part: Part, marks: Mapping[str, Mark]) -> None:
    """Where nothing else says when a stay began, the day of the referral that led to it.

    Examples
    --------
    >>> take_referral(draft, feed, part, {})  # doctest: +SKIP
    """
    used = {mark.source for mark in marks.values()}
    found = next(
        (
            name
            for name, column in part.profiles.items()
            if column.dated and name not in used and _of_referral(part, name)
        ),
        "",
    )
    if not found:
        return
    write_order(draft, part, found)
    feed.take("start_date", found, say("no other date says when the stay began"), Confidence.GUESS)
    draft.notes.append(
        say(
            "{file}: no column says when people enrolled. The day of their referral ({column}) is taken for the start "
            "of their stay, and doses are counted from it; name the right column as start_date where there is one.",
            file=part.sheet.in_words,
            column=found,
        )
    )


def _of_referral(part: Part, name: str) -> bool:
    column = part.profiles[name]
    words = {*plain_words(column.called), *plain_words(column.field.label)}
    return bool(words & _REFERRED) and not words & _REFERRED_ON and is_own(part, "enrollments", column)


def marks_of_stays(part: Part, marks: Mapping[str, Mark], *, answered: bool) -> dict[str, Mark]:
    """What the columns of a part say of stays, without the dates that are those of a form.

    Parameters
    ----------
    part
        The rows.
    marks
        What its columns are taken for as enrollments.
    answered
        Whether the rows hold answers to an instrument: then a start and an end on the same day are when the form was
        opened and sent.

    Returns
    -------
    dict of str to Mark

    Examples
    --------
    >>> marks_of_stays(part, {}, answered=True)  # doctest: +SKIP
    {}
    """
    start, end = marks.get("start_date"), marks.get("exit_date")
    if not answered or start is None or end is None or not _same_day(part, start.source, end.source):
        return dict(marks)
    return {name: mark for name, mark in marks.items() if name not in ("start_date", "exit_date")}


def _same_day(part: Part, one: str, other: str) -> bool:
    days = part.rows.select(
        dates_of(pl.col(one), part.profiles[one].orders[0]).alias("one"),
        dates_of(pl.col(other), part.profiles[other].orders[0]).alias("other"),
    ).drop_nulls()
    return days.height > 0 and int((days["one"] == days["other"]).sum()) >= _SAME * days.height


def tells_start(part: Part, marks: Mapping[str, Mark], *, answered: bool) -> float:
    """How well a part tells when stays began; 0 where it does not.

    Parameters
    ----------
    part, marks
        The rows, and what their columns are taken for as enrollments.
    answered
        Whether the rows hold answers: then a name that fits a form's date as well does not count.

    Returns
    -------
    float

    Examples
    --------
    >>> tells_start(part, {}, answered=False)  # doctest: +SKIP
    0.0
    """
    mark = marks.get("start_date")
    if mark is None or mark.score < _LEAST:
        return 0.0
    of_form = read_name(part.profiles[mark.source], NAMES["administrations"]["date"])[0]
    return 0.0 if answered and of_form >= mark.score else mark.score
