"""Answers exported as words in place of numbers: the file's own choices give the codes, or they are asked for."""

from __future__ import annotations

from casearc.files.proposal.draft import Draft
from casearc.files.proposal.items import Match
from casearc.files.proposal.parts import Part
from casearc.files.proposal.words import plain_words


def codes_of_texts(draft: Draft, part: Part, match: Match) -> dict[str, dict[str, str]]:
    """Codes for the items whose cells are words, under ``<instrument>_*``; {} where they are numbers.

    Where the file's own definition knows the words, they are turned into its codes. Otherwise each word becomes a
    question: the order of words on a scale is not guessed.
    """
    columns = [part.profiles[name] for name in match.items.values()]
    words: dict[str, str] = {}
    for column in columns:
        if column.filled == 0 or column.numbers == 1.0 or not column.codes:
            continue
        known = {label: code for code, label in column.field.choices.items()}
        for cell in column.codes:
            if not cell.lstrip("-").isdigit():
                words[cell] = known.get(cell) or words.get(cell) or _asked(draft, part, match, cell)
    if not words:
        return {}
    numbers = [str(number) for number in range(match.instrument.low, match.instrument.high + 1)]
    return {f"{match.instrument.id}_*": words | {number: number for number in numbers}}


def _asked(draft: Draft, part: Part, match: Match, cell: str) -> str:
    instrument = match.instrument
    slug = "-".join(plain_words(cell))[:40]
    return draft.ask(
        f"{instrument.id}-answer-{slug}",
        f'Which number of {instrument.id} does the answer "{cell}" stand for in {part.sheet.in_words}?',
        why="The file holds words, and their order on the scale is not guessed. Best export again with numbers.",
        answers=[str(number) for number in range(instrument.low, instrument.high + 1)],
    )
