"""Answers exported as words in place of numbers: the file's own choices give the codes, or they are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from casearc.files.codes_and_texts import is_code
from casearc.files.mapping.questions import EMPTY
from casearc.files.proposal.apart import rows_told
from casearc.files.proposal.draft import Draft
from casearc.files.proposal.items import Match
from casearc.files.proposal.parts import Part
from casearc.files.proposal.profile import Profile
from casearc.files.proposal.words import plain_words
from casearc.language import say

_RECURS = 5


def codes_of_texts(draft: Draft, part: Part, match: Match) -> dict[str, dict[str, str]]:
    """Codes for the items whose cells are words, under ``<instrument>_*``; {} where they are numbers.

    Where the file's own definition knows the words, they are turned into its codes. Otherwise each word becomes a
    question: the order of words on a scale is not guessed.
    """
    columns = [part.profiles[name] for name in match.items.values()]
    words: dict[str, str] = {}
    texts = _no_answers(columns)
    for column in columns:
        if column.filled == 0 or column.numbers == 1.0 or not column.codes:
            continue
        known = {label: code for code, label in column.field.choices.items()}
        for cell in column.codes:
            if not cell.lstrip("-").isdigit() and (cell in known or cell not in texts):
                words[cell] = known.get(cell) or words.get(cell) or _asked(draft, part, match, cell)
    if not words:
        return {}
    numbers = [str(number) for number in range(match.instrument.low, match.instrument.high + 1)]
    return {f"{match.instrument.id}_*": words | {number: number for number in numbers}}


def otherwise_of_texts(draft: Draft, part: Part, match: Match) -> dict[str, str]:
    """What stands for cells of the items that are no answers of a scale, under ``<instrument>_*``; {} where there are
    none. They are named by their rows, since they may tell of somebody."""
    columns = [part.profiles[name] for name in match.items.values()]
    texts = _no_answers(columns)
    rows = sorted({row for each in columns for row in each.rows.filter(each.cells.is_in(list(texts))).to_list()})
    if not rows:
        return {}
    instrument = match.instrument
    asked = draft.ask(
        f"{instrument.id}-answer-otherwise",
        say(
            "In {rows} of {file} a cell of {instrument} holds what is no answer of a scale. What stands for it?",
            rows=rows_told(rows),
            file=part.sheet.in_words,
            instrument=instrument.id,
        ),
        why=say("Texts enter no table and stand in no mapping: look at these rows in the file."),
        answers=[EMPTY, *(str(number) for number in range(instrument.low, instrument.high + 1))],
    )
    return {f"{instrument.id}_*": asked}


def _no_answers(columns: Sequence[Profile]) -> set[str]:
    """Cells of items that are neither numbers nor words of a scale, which recur over all of them."""
    times = Counter[str]()
    for column in columns:
        if column.numbers < 1.0 and column.codes:
            times.update(dict(column.cells.value_counts().iter_rows()))
    declared = {text for column in columns for pair in column.field.choices.items() for text in pair}
    recurring = {cell for cell, count in times.items() if count >= _RECURS and is_code(cell, count)}
    return {
        cell
        for cell, count in times.items()
        if cell not in declared | recurring and not is_code(cell, count, closed=True) and not _is_number(cell)
    }


def _is_number(cell: str) -> bool:
    return cell.lstrip("-").replace(".", "", 1).isdigit()


def _asked(draft: Draft, part: Part, match: Match, cell: str) -> str:
    instrument = match.instrument
    slug = "-".join(plain_words(cell))[:40]
    return draft.ask(
        f"{instrument.id}-answer-{slug}",
        say(
            'Which number of {instrument} does the answer "{cell}" stand for in {file}?',
            instrument=instrument.id,
            cell=cell,
            file=part.sheet.in_words,
        ),
        why=say("The file holds words, and their order on the scale is not guessed. Best export again with numbers."),
        answers=[str(number) for number in range(instrument.low, instrument.high + 1)],
    )
