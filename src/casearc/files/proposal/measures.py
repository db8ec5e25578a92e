"""Administrations and responses: the items of each instrument, measurement by measurement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any as Anything

from casearc.files.mapping.questions import EMPTY
from casearc.files.proposal.answers import propose_coding, propose_reversed, propose_totals
from casearc.files.proposal.codes import missing_codes, propose_codes
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.events import link_to_stay, take_stay
from casearc.files.proposal.items import Match
from casearc.files.proposal.marks import Mark, marks_of
from casearc.files.proposal.parts import Part
from casearc.files.proposal.people import Source, Stays
from casearc.files.proposal.texts import codes_of_texts
from casearc.files.proposal.when import choose_date
from casearc.files.proposal.words import plain_words


def propose_measures(
    draft: Draft, part: Part, matches: Sequence[Match], *, people: Source, stays: Stays
) -> tuple[FeedDraft, ...]:
    """A feed of administrations and one of responses for each instrument and measurement in the part."""
    link = link_to_stay(part, people=people, stays=stays)
    if link is None:
        draft.notes.append(f"{part.sheet.in_words} has answers, and no column of it leads to a participant.")
        return ()
    made: list[FeedDraft] = []
    for match in matches:
        given = FeedDraft(table="administrations", file=part.file, where=_answered(part, match))
        answers = FeedDraft(table="responses", file=part.file, where=_answered(part, match))
        marks = marks_of(part, "administrations", taken=frozenset(match.run.columns.values()))
        _identify(part, match, marks, link.key.column, feeds=(given, answers))
        choose_date(draft, given, part, _dates(part, match.run.wave), wave=match.run.wave)
        take_stay(given, link, stays, when=given.columns.get("date"))
        _instrument(draft, given, answers, part, match)
        _language(draft, given, part, marks, match)
        propose_totals(draft, given, part, match)
        propose_coding(draft, part, match)
        propose_reversed(draft, answers, part, match)
        answers.missing = missing_codes(part, list(match.items.values()))
        answers.codes |= codes_of_texts(draft, part, match)
        draft.feeds += [given, answers]
        made += [given, answers]
    return tuple(made)


def _answered(part: Part, match: Match) -> list[dict[str, Anything]]:
    """Only rows with at least one answer: others are rows of other forms or measurements."""
    return [
        *part.where,
        {
            "columns": list(match.items.values()),
            "is": "present",
            "reason": f"no answer to {match.instrument.id}" + (f" at {match.run.wave}" if match.run.wave else ""),
        },
    ]


def _identify(
    part: Part, match: Match, marks: dict[str, Mark], person: str, *, feeds: tuple[FeedDraft, FeedDraft]
) -> None:
    """The same id in both feeds: the row's own where it has one, else person, event and instance together."""
    own = marks.get("administration_id")
    prefix = f"{match.instrument.id}-" + (f"{match.run.wave}-" if match.run.wave else "")
    if own is not None and part.profiles[own.source].unique and own.source != person:
        how: dict[str, Anything] = {"join": [own.source], "prefix": prefix}
        said, confidence = own.reason.said, own.reason.confidence
    elif part.keys:
        how = {"join": list(part.keys), "with": "-", "prefix": prefix, "skip_empty": True}
        said, confidence = "record and event tell one from another", Confidence.SURE
    elif part.profiles[person].unique:
        how, said, confidence = {"join": [person], "prefix": prefix}, "one row a person", Confidence.SURE
    else:
        how, said, confidence = {"row_number": prefix}, "the file has no id of its own for each row", Confidence.SURE
    for feed in feeds:
        feed.make("administration_id", how, said, confidence)


def _dates(part: Part, wave: str) -> list[str]:
    """Columns of dates that could be the day of the measurement: those of the same wave, else all without one."""
    dated = [name for name, column in part.profiles.items() if column.dated and "birth" not in plain_words(name)]
    dated = [name for name in dated if "dob" not in plain_words(name)]
    if wave:
        own = [name for name in dated if wave.lower() in name.lower()]
        return own or dated
    return dated


def _instrument(draft: Draft, given: FeedDraft, answers: FeedDraft, part: Part, match: Match) -> None:
    instrument = match.instrument
    confidence = Confidence.SURE if match.named else Confidence.GUESS
    named: Anything = instrument.id
    if not match.named:
        stem = match.run.stem or next(iter(match.run.columns.values()))
        choices = [instrument.reference, *match.doubts]
        named = draft.ask(
            f"{part.name}-{stem}-instrument".replace(" ", "-"),
            f"Are the columns {_from_to(match)} of {part.sheet.in_words} the items of {' or '.join(choices)}, in the "
            "official order?",
            why="The columns are numbered and fit, and nothing in the file names the instrument. Where the order is "
            "another, correct the items below first; where they are something else, delete these two tables.",
            answers=[instrument.id],
        )
    given.make("instrument", {"value": named}, match.reason, confidence)
    if instrument.variant:
        given.make("variant", {"value": instrument.variant}, match.reason, confidence)
    for column, source in match.items.items():
        answers.take(column, source, match.reason, confidence)


def _from_to(match: Match) -> str:
    names = list(match.items.values())
    return f"{names[0]} to {names[-1]}"


def _language(draft: Draft, given: FeedDraft, part: Part, marks: dict[str, Mark], match: Match) -> None:
    """The language of each row where a column says it; otherwise it is asked, once a file."""
    column = marks.get("language")
    languages = match.instrument.languages
    if column is not None:
        given.take("language", column.source, column.reason.said, column.reason.confidence)
        cells = part.profiles[column.source].codes
        given.codes["language"] = {cell: _language_code(cell, languages) for cell in cells}
    elif len(languages) > 1:
        asked = draft.ask(
            f"{part.file}-language",
            f"In which language were the instruments of {part.sheet.in_words} given?",
            why="Nothing in the file says so, and forms in two languages are compared only where it is known.",
            answers=(*languages, EMPTY),
        )
        given.make("language", {"value": asked}, "to be answered", Confidence.GUESS)
    if "mode" in marks:
        given.take("mode", marks["mode"].source, marks["mode"].reason.said, marks["mode"].reason.confidence)
        propose_codes(draft, given, part.profiles)


_LANGUAGE_WORDS = {"en": ("en", "eng", "english", "ingles"), "es": ("es", "spa", "spanish", "espanol", "esp")}


def _language_code(cell: str, languages: Sequence[str]) -> str:
    """A language of the instrument where the cell names one; otherwise what the cell says, in small letters."""
    words = plain_words(cell)
    for language in languages:
        if words and words[0] in _LANGUAGE_WORDS.get(language, (language,)):
            return language
    return "-".join(words)
