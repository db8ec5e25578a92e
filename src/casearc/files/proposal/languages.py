"""In which language an instrument was given: told by a column, or asked."""

from __future__ import annotations

from collections.abc import Mapping

from casearc.files.mapping.questions import EMPTY
from casearc.files.proposal.apart import ask_for_texts, tell_apart
from casearc.files.proposal.draft import Confidence, Draft, FeedDraft
from casearc.files.proposal.items import Match
from casearc.files.proposal.marks import Mark
from casearc.files.proposal.parts import Part
from casearc.files.proposal.words import plain_words
from casearc.language import say

_WORDS = {"en": ("en", "eng", "english", "ingles"), "es": ("es", "spa", "spanish", "espanol", "esp")}


def propose_language(draft: Draft, given: FeedDraft, part: Part, marks: Mapping[str, Mark], match: Match) -> None:
    """The language of each row where a column says it; otherwise it is asked, once a file."""
    mark, languages = marks.get("language"), match.instrument.languages
    if mark is not None and not _is_peoples(draft, part, mark):
        given.take("language", mark.source, mark.reason.said, mark.reason.confidence)
        column = part.profiles[mark.source]
        apart = tell_apart(column, closed=False, declared=column.field.choices)
        given.codes["language"] = {cell: _code(cell, column.field.choices.get(cell, "")) for cell in apart.codes}
        if apart.rows:
            given.otherwise["language"] = ask_for_texts(draft, given, "language", column, apart, languages)
    elif len(languages) > 1:
        asked = draft.ask(
            f"{part.file}-language",
            say("In which language were the instruments of {file} given?", file=part.sheet.in_words),
            why=say("Nothing in the file says so, and forms in two languages are compared only where it is known."),
            answers=(*languages, EMPTY),
        )
        given.make("language", {"value": asked}, say("to be answered"), Confidence.GUESS)


def _is_peoples(draft: Draft, part: Part, mark: Mark) -> bool:
    """Whether the column says which language a person speaks, not in which a form was given."""
    people = draft.feed("participants")
    return people is not None and people.file == part.file and mark.source in people.columns.values()


def _code(cell: str, label: str) -> str:
    """The language that a cell or its label names; otherwise what the cell says, in small letters."""
    for text in (cell, label):
        words = plain_words(text)
        for language, known in _WORDS.items():
            if words and words[0] in known:
                return language
    return "-".join(plain_words(cell)) or cell
