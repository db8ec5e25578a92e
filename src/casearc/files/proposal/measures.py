"""Administrations and responses: the items of each instrument, measurement by measurement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any as Anything

from casearc.files.mapping.questions import EMPTY
from casearc.files.proposal.answers import Coding, propose_coding, propose_reversed, propose_totals
from casearc.files.proposal.codes import missing_codes, propose_codes
from casearc.files.proposal.days import measurement_dates, schedule
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.identify import identify
from casearc.files.proposal.items import Match, whole_instruments
from casearc.files.proposal.labels_turned import propose_turned
from casearc.files.proposal.languages import propose_language
from casearc.files.proposal.links import Link, take_stay
from casearc.files.proposal.marks import Mark, marks_of
from casearc.files.proposal.parts import Part
from casearc.files.proposal.people import Stays
from casearc.files.proposal.strays import missing_of_strays
from casearc.files.proposal.texts import codes_of_texts, otherwise_of_texts
from casearc.files.proposal.waves import date_of_one_wave, day_of_file, without_own_date
from casearc.files.proposal.when import choose_date
from casearc.language import either, say

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
    codings = {
        name: propose_coding(draft, part, [m for m in matches if m.instrument.id == name], alone=not beside.get(name))
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
            coding=codings[each.match.instrument.id],
            others=_others(each, together),
            beside=beside.get(each.match.instrument.id, ()),
        )
    ]
    draft.feeds += made
    return tuple(made)


def _measured(
    draft: Draft,
    part: Part,
    each: _Measurement,
    *,
    link: Link,
    stays: Stays,
    coding: Coding,
    others: Sequence[str],
    beside: Sequence[Part],
) -> tuple[FeedDraft, FeedDraft]:
    match = each.match
    given = FeedDraft(table="administrations", file=part.file, where=_answered(part, each))
    answers = FeedDraft(table="responses", file=part.file, where=_answered(part, each))
    marks = marks_of(part, "administrations", taken=frozenset(match.run.columns.values()))
    _when(draft, (given, answers), part, each, others=others)
    answers.derive |= link.derive
    identify(part, match, marks, link, feeds=(given, answers), tag=each.tag, beside=beside)
    take_stay(given, link, stays, when=given.columns.get("date"))
    _instrument(draft, given, answers, part, match)
    _how(draft, given, part, marks, match)
    if coding.here:
        given.make("coding", {"value": coding.here}, say("its answers are coded so"), Confidence.GUESS)
    propose_turned(draft, answers, part, match, coding=coding)
    propose_totals(draft, given, part, match)
    propose_reversed(draft, answers, part, match, coding=coding)
    answers.missing = missing_codes(part, list(match.items.values())) | missing_of_strays(draft, part, match)
    answers.codes |= codes_of_texts(draft, part, match)
    answers.otherwise |= otherwise_of_texts(draft, part, match)
    return given, answers


def _measurements(matches: Sequence[Match]) -> list[_Measurement]:
    """Each match with its wave; where an instrument stands twice without one, the columns' stem tells them apart."""
    waves = [(match.instrument.id, match.run.wave) for match in matches]
    return [
        _Measurement(match=match, tag=match.run.wave if waves.count(wave) == 1 else match.run.stem.strip("_-. /"))
        for match, wave in zip(matches, waves, strict=True)
    ]


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
        if wave or other.match.instrument.id == each.match.instrument.id
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
    named: Anything = instrument.id
    if not match.named:
        stem = match.run.stem or next(iter(match.run.columns.values()))
        choices = [instrument.reference, *match.doubts]
        named = draft.ask(
            f"{part.name}-{stem}-instrument".replace(" ", "-"),
            say(
                "Are the columns {columns} of {file} the items of {instruments}, in the official order?",
                columns=_from_to(match),
                file=part.sheet.in_words,
                instruments=either(choices),
            ),
            why=say(
                "The columns are numbered and fit, and nothing in the file names the instrument. Where "
                "the order is another, correct the items below first; where they are something else, "
                "delete these two tables."
            ),
            answers=[instrument.id],
        )
    given.make("instrument", {"value": named}, match.reason, match.confidence)
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
