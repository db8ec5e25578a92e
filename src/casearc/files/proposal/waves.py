"""One column of dates beside the answers of several waves: it is the day of one of them, and only a person knows of
which."""

from __future__ import annotations

from collections.abc import Sequence

from casearc.files.mapping.questions import EMPTY
from casearc.files.proposal.days import speaks_of
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.parts import Part
from casearc.files.proposal.row_ids import wave_in
from casearc.files.proposal.when import choose_date
from casearc.language import either, say

_WAVE = "_wave"


def without_own_date(part: Part, waves: Sequence[str]) -> list[str]:
    """Of the waves of a part those whose word stands in no name of a date.

    Parameters
    ----------
    part
        The rows.
    waves
        What tells the measurements in a row apart.

    Returns
    -------
    list of str

    Examples
    --------
    >>> without_own_date(part, ["pre", "post"])  # doctest: +SKIP
    ['pre', 'post']
    """
    dates = [name for name, column in part.profiles.items() if column.dated]
    return [wave for wave in waves if not any(wave.lower() in name.lower() for name in dates)]


def date_of_one_wave(draft: Draft, feeds: Sequence[FeedDraft], part: Part, date: str, *, waves: Sequence[str]) -> None:
    """Ask to which wave a date belongs; answers of the others, whose day nobody knows, are left out in words.

    Parameters
    ----------
    draft
        Takes the question.
    feeds
        The administrations of one wave, then their responses.
    part
        The rows.
    date
        The column.
    waves
        The wave of the feeds, then those that have no date of their own either.

    Examples
    --------
    >>> date_of_one_wave(draft, [given, answers], part, "Survey Date", waves=["pre", "post"])  # doctest: +SKIP
    """
    told = {"file": part.sheet.in_words, "column": date}
    ordered = sorted(waves, key=lambda wave: _place(part, wave))
    asked = draft.ask(
        f"{part.file}-{date}-{'-'.join(ordered)}".replace(" ", "-"),
        say(
            "Which answers does the date in column {column} of {file} belong to: {waves}?",
            **told,
            waves=either(ordered),
        ),
        why=say(
            "One date stands beside the answers of several waves, and it can be the day of one of them only. "
            "The others are left out, for nothing says when they were given; add a column with their dates "
            "and propose again."
        ),
        answers=[*ordered, EMPTY],
    )
    choose_date(draft, feeds[0], part, [date], wave=waves[0])
    reason = say("the date in {column} is not that of {wave}", column=date, wave=waves[0])
    for feed in feeds:
        feed.derive[_WAVE] = {"value": asked}
        feed.where.append({"column": _WAVE, "equals": waves[0], "reason": reason})


def day_of_file(draft: Draft, given: FeedDraft, part: Part) -> bool:
    """Ask on which day the answers of a file without dates were given, where its name says of which wave they are.

    Parameters
    ----------
    draft
        Takes the question, once a file.
    given
        The administrations.
    part
        The rows.

    Returns
    -------
    bool
        Whether it was asked.

    Examples
    --------
    >>> day_of_file(draft, given, part)  # doctest: +SKIP
    True
    """
    wave = wave_in(part.name)
    if not wave or part.keys:
        return False
    asked = draft.ask(
        f"{part.file}-day".replace(" ", "-"),
        say(
            "{file} is called after the wave {wave} and says of no row when it was answered. How many days after the "
            "start of the stay was that?",
            file=part.sheet.in_words,
            wave=wave,
        ),
        why=say(
            "A whole number; 0 is the start. One day stands for everybody then, and waves and doses are cut by it: a "
            "column with the dates is better."
        ),
    )
    given.make("day", {"value": asked}, say("to be answered"), Confidence.GUESS)
    return True


def _place(part: Part, wave: str) -> int:
    """Where the first column of a wave stands, for the order of answers."""
    names = list(part.profiles)
    return next((at for at, name in enumerate(names) if speaks_of(name, wave)), len(names))
