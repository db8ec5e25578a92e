"""How long and how much: durations become minutes, and what a quantity counts is said, or asked."""

from __future__ import annotations

from collections.abc import Sequence

from casearc.files.mapping.definition import WrittenIn
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.marks import Mark
from casearc.files.proposal.parts import Part
from casearc.files.proposal.profile import Profile
from casearc.files.proposal.vocabulary import NAMES, UNITS
from casearc.files.proposal.words import nearness, plain_words
from casearc.language import both, either, say

_LOOKS_LIKE_HOURS = 8
_TOLD_IN = ("minutes", "hours")


def take_minutes(draft: Draft, feed: FeedDraft, part: Part, mark: Mark) -> None:
    """Minutes of contacts: hours are turned into them, and numbers that could be either are asked about."""
    mark = _in_minutes(draft, part, mark)
    column = part.profiles[mark.source]
    unit = unit_of(column)
    if unit == "hours" and not column.on_the_clock:
        how = {"duration": mark.source, "written_in": WrittenIn.HOURS.value}
        feed.make("minutes", how, say("its name says hours"), mark.reason.confidence)
    elif column.on_the_clock:
        _ask(draft, feed, part, mark, (WrittenIn.CLOCK, WrittenIn.SECONDS))
    elif unit == "minutes" or not _could_be_hours(column):
        feed.take("minutes", mark.source, mark.reason.said, mark.reason.confidence)
    else:
        _ask(draft, feed, part, mark, (WrittenIn.MINUTES, WrittenIn.HOURS))


def _ask(draft: Draft, feed: FeedDraft, part: Part, mark: Mark, ways: Sequence[WrittenIn]) -> None:
    asked = draft.ask(
        f"{part.file}-minutes",
        say(
            "What does column {column} of {file} count: {ways}?",
            column=mark.source,
            file=part.sheet.in_words,
            ways=either(say(way.value) for way in ways),
        ),
        why=say("Its name does not say, and its cells could be either."),
        answers=[way.value for way in ways],
    )
    feed.make("minutes", {"duration": mark.source, "written_in": asked}, say("to be answered"), Confidence.GUESS)


def _in_minutes(draft: Draft, part: Part, mark: Mark) -> Mark:
    """Of two columns, one of hours and one of minutes, that of minutes; a note says that the other is left out."""
    units = {
        name: unit
        for name, column in part.profiles.items()
        if nearness(column.called, NAMES["contacts"]["minutes"]) == 1.0 and column.numbers > 0
        if (unit := unit_of(column))
    }
    if len(set(units.values())) < len(_TOLD_IN):
        return mark
    taken = next(name for name, unit in units.items() if unit == _TOLD_IN[0])
    draft.notes.append(
        say(
            "{file} tells lengths of time in {columns}, and only {taken} is taken. Where they belong together, put "
            "them into one column.",
            file=part.sheet.in_words,
            columns=both(units),
            taken=taken,
        )
    )
    return Mark(taken, mark.score, mark.reason)


def _could_be_hours(column: Profile) -> bool:
    small = column.high is not None and column.high <= _LOOKS_LIKE_HOURS
    return small or column.whole < column.numbers


def say_unit(feed: FeedDraft, columns: Sequence[Profile]) -> None:
    """The unit of services' quantities where the name of their column is one and no column gives it."""
    source = feed.columns.get("quantity")
    column = next((each for each in columns if each.name == source), None)
    unit = "" if column is None else unit_of(column)
    if unit and "unit" not in feed.targets:
        feed.make("unit", {"value": unit}, say("the name of the quantity says so"), Confidence.LIKELY)


def unit_of(column: Profile) -> str:
    """The unit that a column's name, or else its label, names; empty where it names none, or two."""
    for text in (column.called, column.field.label):
        words = set(plain_words(text))
        found = [unit for unit, names in UNITS.items() if words & {*names}]
        if len(found) == 1:
            return found[0]
    return ""
