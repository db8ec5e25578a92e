"""Administrations and responses: the items of each instrument, measurement by measurement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any as Anything

from casearc.files.mapping.questions import EMPTY
from casearc.files.proposal.answers import (
    Coding,
    coding_of,
    official_coding,
    propose_coding,
    propose_reversed,
    propose_totals,
)
from casearc.files.proposal.batteries import Battery, ask_which, only_if
from casearc.files.proposal.codes import missing_codes, propose_codes
from casearc.files.proposal.days import measurement_dates, schedule
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.halves import Halves, join_to_first
from casearc.files.proposal.identify import identify
from casearc.files.proposal.items import Match, whole_instruments
from casearc.files.proposal.labels_turned import propose_turned
from casearc.files.proposal.languages import propose_language
from casearc.files.proposal.links import Link, take_stay
from casearc.files.proposal.marks import Mark, marks_of
from casearc.files.proposal.parts import Part
from casearc.files.proposal.people import Stays
from casearc.files.proposal.strays import missing_of_strays
from casearc.files.proposal.texts import Words, in_numbers, otherwise_of_texts, words_of_answers
from casearc.files.proposal.waves import date_of_one_wave, day_of_file, without_own_date
from casearc.files.proposal.when import choose_date
from casearc.language import say

_DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measurement:
    """One instrument at one time: its items, and what tells it from the others of the part."""

    match: Match
    tag: str


def propose_measures(
    draft: Draft,
    part: Part,
    matches: Sequence[Match],
    *,
    link: Link,
    stays: Stays,
    beside: Mapping[str, Sequence[Part]],
    batteries: Sequence[Battery] = (),
    halves: Sequence[Halves] = (),
) -> tuple[FeedDraft, ...]:
    """A feed of administrations and one of responses for each instrument and measurement in the part.

    Parameters
    ----------
    draft
        Takes the feeds and what must be asked.
    part, matches
        The rows, and the items in them.
    link, stays
        What leads to somebody's stay.
    beside
        By instrument, the other parts that have it. Where there is none, its coding is the whole mapping's.
    batteries
        Columns of which it is asked whether they are items: some of the matches are theirs.
    halves
        Instruments of which another part has the rest of the items.

    Returns
    -------
    tuple of FeedDraft

    Examples
    --------
    >>> propose_measures(draft, part, matches, link=link, stays=stays, beside={})  # doctest: +SKIP
    """
    matches, unclear = whole_instruments(matches)
    for match in unclear:
        draft.notes.append(
            say(
                "{columns} of {file} are left out: several columns have the same number of {instrument}, so that "
                "the numbers do not tell which items they are. Name the column of each item in the mapping.",
                columns=_from_to(match),
                file=part.sheet.in_words,
                instrument=match.instrument.id,
            )
        )
    for battery in batteries:
        ask_which(draft, part, battery)
    told = {
        name: _answers_of(
            draft,
            part,
            [match for match in matches if match.instrument.id == name],
            beside=beside.get(name, ()),
            half=next((each for each in halves if each.one.instrument.id == name and each.match_of(part)), None),
        )
        for name in dict.fromkeys(match.instrument.id for match in matches)
    }
    together = _measurements(matches)
    made = [
        feed
        for each in together
        for feed in _measured(
            draft,
            part,
            each,
            link=link,
            stays=stays,
            told=told[each.match.instrument.id],
            others=_others(each, together),
            beside=beside.get(each.match.instrument.id, ()),
        )
    ]
    draft.feeds += made
    return tuple(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """How answers to one instrument are written: their words, their coding, and the part with numbers for words."""

    words: Words
    part: Part
    coding: Coding
    half: Halves | None = None


def _answers_of(
    draft: Draft, part: Part, matches: Sequence[Match], *, beside: Sequence[Part], half: Halves | None
) -> _Answers:
    words = words_of_answers(draft, part, matches)
    numbered = in_numbers(part, matches, words)
    if words.told:
        coding = official_coding(draft, matches[0].instrument, alone=len(beside) < (1 if half is None else 2))
    elif half is None:
        coding = propose_coding(draft, numbered, matches, alone=not beside)
    elif part is half.second:
        coding = half.coding
    else:
        coding = half.coding = _coding_of_both(draft, numbered, half, alone=len(beside) < 2)
    return _Answers(words=words, part=numbered, coding=coding, half=half)


def _coding_of_both(draft: Draft, first: Part, half: Halves, *, alone: bool) -> Coding:
    """The coding, by the answers on both sheets."""
    second = in_numbers(half.second, [half.other], words_of_answers(draft, half.second, [half.other]))
    columns = [first.profiles[name] for name in half.one.items.values()]
    columns += [second.profiles[name] for name in half.other.items.values()]
    return coding_of(draft, first, half.one.instrument, columns, alone=alone)


def _measured(
    draft: Draft,
    part: Part,
    each: _Measurement,
    *,
    link: Link,
    stays: Stays,
    told: _Answers,
    others: Sequence[str],
    beside: Sequence[Part],
) -> tuple[FeedDraft, FeedDraft]:
    match, coding = each.match, told.coding
    switch = only_if(match)
    given = FeedDraft(table="administrations", file=part.file, where=_answered(part, each), only_if=switch)
    answers = FeedDraft(table="responses", file=part.file, where=_answered(part, each), only_if=switch)
    marks = marks_of(part, "administrations", taken=frozenset(match.run.columns.values()))
    _when(draft, (given, answers), part, each, others=others)
    answers.derive |= link.derive
    identify(part, match, marks, link, feeds=(given, answers), tag=each.tag, beside=beside)
    take_stay(given, link, stays, when=given.columns.get("date"))
    if told.half is not None and part is told.half.second and match.answer == told.half.other.answer:
        join_to_first(draft, given, told.half)
    _instrument(draft, given, answers, part, match)
    _how(draft, given, part, marks, match)
    if coding.here:
        given.make("coding", {"value": coding.here}, say("its answers are coded so"), Confidence.GUESS)
    propose_turned(draft, answers, part, match, coding=coding)
    propose_totals(draft, given, part, match)
    propose_reversed(draft, answers, told.part, match, coding=coding)
    answers.missing = missing_codes(part, list(match.items.values())) | told.words.missing
    answers.missing |= missing_of_strays(draft, told.part, match)
    every = f"{match.instrument.id}_*"
    answers.codes |= {every: told.words.codes} if told.words.codes else {}
    answers.scale |= {every: told.words.scale} if told.words.scale else {}
    answers.otherwise |= otherwise_of_texts(draft, part, match)
    return given, answers


def _measurements(matches: Sequence[Match]) -> list[_Measurement]:
    """Each match with its wave; where an instrument stands twice without one, the columns' stem tells them apart."""
    return [
        _Measurement(match=match, tag=match.run.wave if _is_once(match, matches) else match.run.stem.strip("_-. /"))
        for match in matches
    ]


def _is_once(match: Match, matches: Sequence[Match]) -> bool:
    """Whether the instrument stands once at that wave; of a battery's answers one alone counts."""
    return not any(
        other is not match
        and (other.instrument.id, other.run.wave) == (match.instrument.id, match.run.wave)
        and not (match.battery and other.battery == match.battery)
        for other in matches
    )


def _answered(part: Part, each: _Measurement) -> list[dict[str, Anything]]:
    """Only rows with at least one answer: others are rows of other forms or measurements."""
    return [
        *(dict(condition) for condition in part.where),
        {
            "columns": list(each.match.items.values()),
            "is": "present",
            "reason": _unanswered(each.match.instrument.id, each.tag),
        },
    ]


def _unanswered(instrument: str, tag: str) -> str:
    if tag:
        return say("no answer to {instrument} at {wave}", instrument=instrument, wave=tag)
    return say("no answer to {instrument}", instrument=instrument)


def _others(each: _Measurement, together: Sequence[_Measurement]) -> list[str]:
    """What tells the other measurements of the same rows apart: their waves, or else those of the same instrument."""
    wave = each.match.run.wave
    beside = [
        other.match.run.wave if wave else other.tag
        for other in together
        if (wave or other.match.instrument.id == each.match.instrument.id)
        and not (each.match.battery and other.match.battery == each.match.battery)
    ]
    return [tag for tag in dict.fromkeys(beside) if tag and tag != (wave or each.tag)]


def _when(
    draft: Draft, feeds: tuple[FeedDraft, FeedDraft], part: Part, each: _Measurement, *, others: Sequence[str]
) -> None:
    """The day of the measurement: a date, else a day counted from the stay's start, else what the file's wave or the
    project's schedule says."""
    given, tag = feeds[0], each.match.run.wave or each.tag
    dates = measurement_dates(draft, part, each.match, others=others)
    day = part.profiles.get(_DAY)
    rivals = without_own_date(part, [tag, *others]) if tag else []
    if len(dates) == 1 and tag in rivals and len(rivals) > 1:
        date_of_one_wave(draft, feeds, part, dates[0], waves=rivals)
    elif dates:
        choose_date(draft, given, part, dates, wave=tag if others else each.match.run.wave)
    elif day is not None and day.filled and day.whole == 1.0:
        given.take(_DAY, _DAY, say("days from the start of the stay"), Confidence.SURE)
    elif tag or not day_of_file(draft, given, part):
        schedule(draft, given, part, each.match)


def _instrument(draft: Draft, given: FeedDraft, answers: FeedDraft, part: Part, match: Match) -> None:
    instrument = match.instrument
    given.make("instrument", {"value": instrument.id}, match.reason, match.confidence)
    if instrument.variant:
        variant = _variant(draft, part, match)
        given.make("variant", {"value": variant}, match.reason, match.confidence)
    for column, source in match.items.items():
        answers.take(column, source, match.reason, match.confidence)


def _variant(draft: Draft, part: Part, match: Match) -> str:
    """A form with as many items as there are columns; where they could also be the first of a longer form's, asked."""
    instrument, whole = match.instrument, match.instrument.id
    if not match.named or whole not in match.doubts:
        return instrument.variant
    return draft.ask(
        "-".join(word for word in (part.name, whole, match.run.wave, "variant") if word).replace(" ", "-"),
        say(
            "Are {columns} of {file} the form {variant} of {instrument}, with its own numbers, or the first items of "
            "the whole instrument?",
            columns=_from_to(match),
            file=part.sheet.in_words,
            variant=instrument.variant,
            instrument=whole,
        ),
        why=say("The same number is another item in each. (leave empty) stands for the whole instrument."),
        answers=(instrument.variant, EMPTY),
    )


def _from_to(match: Match) -> str:
    names = list(match.items.values())
    return say("{first} to {last}", first=names[0], last=names[-1])


def _how(draft: Draft, given: FeedDraft, part: Part, marks: dict[str, Mark], match: Match) -> None:
    """In which language, and how, it was given."""
    propose_language(draft, given, part, marks, match)
    if "mode" in marks:
        given.take("mode", marks["mode"].source, marks["mode"].reason.said, marks["mode"].reason.confidence)
        propose_codes(draft, given, part.profiles)
