"""Answers exported as words in place of numbers: the file's own choices give the codes, or they are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any as Anything

import polars as pl

from casearc.files.codes_and_texts import is_code
from casearc.files.mapping.questions import EMPTY
from casearc.files.mapping.scales import BELOW
from casearc.files.proposal.answer_scales import (
    are_of_a_scale,
    could_be_fewer,
    is_number,
    number_beside,
    numbers_beside,
    orders_of,
    placed,
)
from casearc.files.proposal.apart import rows_told
from casearc.files.proposal.draft import Draft
from casearc.files.proposal.items import Match
from casearc.files.proposal.parts import Part
from casearc.files.proposal.profile import Profile, profile
from casearc.files.proposal.vocabulary import REASONS
from casearc.files.proposal.words import meaning_of, plain_words
from casearc.files.sheet import places_of
from casearc.instruments import Instrument
from casearc.language import say

_RECURS = 5


@dataclass(slots=True, kw_only=True)
class Words:
    """How the answers to one measurement are written where they are words.

    codes, scale, missing
        What the feed of responses says of them: a code or a question for each, or one for the order of all.
    numbers
        Cell -> the number it stands for, as far as that is known without an answer.
    told
        The words are those of the official range, by a scale or by answers.
    """

    codes: dict[str, str] = field(default_factory=dict)
    scale: dict[str, Anything] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    told: bool = False


def words_of_answers(draft: Draft, part: Part, matches: Sequence[Match]) -> Words:
    """How the cells of an instrument's items become numbers; nothing is said where they are numbers.

    What the file's own definition knows of a word, a number that stands beside it, or its place on a known scale of as
    many points as the instrument has tells it. Where several scales have the words in other places, and where a scale
    is not known, its order is asked once; where not even every point has a word, each word is a question.
    """
    columns = [part.profiles[name] for match in matches for name in match.items.values()]
    instrument, texts = matches[0].instrument, _no_answers(columns)
    cells = dict.fromkeys(cell for each in columns if each.numbers < 1.0 for cell in each.codes)
    labels = {label: code for each in columns for code, label in each.field.choices.items()}
    spoken = [cell for cell in cells if not is_number(cell) and (cell in labels or cell not in texts)]
    found = Words()
    if not spoken:
        return found
    found.missing = {cell: why for cell in spoken if cell not in labels and (why := _no_answer(cell))}
    found.numbers = {cell: labels[cell] for cell in spoken if cell in labels}
    left = [cell for cell in spoken if cell not in found.numbers and cell not in found.missing]
    beside = numbers_beside([cell for cell in left if number_beside(cell)])
    found.numbers |= beside
    _by_scale(draft, part, instrument, found, [cell for cell in left if cell not in beside], _numbers_in(columns))
    official = {str(number) for number in range(instrument.low, instrument.high + 1)}
    plain = official | _numbers_in(columns) | _declared(columns)
    found.codes |= found.numbers | {cell: cell for cell in (*found.missing, *sorted(plain, key=float))}
    return found


def in_numbers(part: Part, matches: Sequence[Match], words: Words) -> Part:
    """The part with the answers as numbers, as far as they are known: what is told of numbers is told of these."""
    if not words.codes and not words.scale:
        return part
    names = list(dict.fromkeys(name for match in matches for name in match.items.values()))
    rows = part.rows.with_columns(
        pl.coalesce(
            pl.col(name).replace_strict(
                list(words.numbers), list(words.numbers.values()), default=None, return_dtype=pl.String
            ),
            pl.when(pl.col(name).cast(pl.Float64, strict=False).is_not_null()).then(pl.col(name)),
        ).alias(name)
        for name in names
    )
    sheet = replace(part.sheet, frame=rows, places=places_of(part.file, range(2, rows.height + 2)))
    return replace(part, rows=rows, profiles={**part.profiles, **{name: profile(sheet, name) for name in names}})


def _by_scale(
    draft: Draft, part: Part, instrument: Instrument, found: Words, words: list[str], numbers: set[str]
) -> None:
    """Words by the known scales, else by a question for the order of all, else by one for each."""
    ways = placed(words, points=instrument.points) if words else []
    codes = [{word: str(instrument.low + step) for word, step in way.items()} for way in ways]
    officially = all(instrument.low <= float(each) <= instrument.high for each in numbers | {*found.numbers.values()})
    found.told = officially and bool(words)
    clear = [each for each in codes if officially and not numbers & {*each.values()}]
    if clear and could_be_fewer(words, points=instrument.points) and not _cover(instrument, clear[0], numbers):
        clear = []
    orders = list(dict.fromkeys(order for way in ways for order in orders_of(way, points=instrument.points)))
    whole = not ways and len({plain_words(word) for word in words}) == len(words) == instrument.points
    if len(clear) == 1 and len(codes) == 1:
        found.numbers |= clear[0]
    elif words and not numbers and not found.numbers and (orders or whole):
        asked = _asked_order(draft, part, instrument, words, orders)
        found.scale = {"from": instrument.low, "words": asked}
    else:
        found.codes |= {word: _asked(draft, part, instrument, word) for word in words}


def _cover(instrument: Instrument, words: Mapping[str, str], numbers: set[str]) -> bool:
    """Whether words and numbers together are all points of the range."""
    return {*words.values(), *numbers} >= {str(number) for number in range(instrument.low, instrument.high + 1)}


def _asked_order(draft: Draft, part: Part, instrument: Instrument, words: list[str], answers: list[str]) -> str:
    told = {"instrument": instrument.id, "file": part.sheet.in_words, "low": instrument.low, "high": instrument.high}
    asks = (
        say(
            "The answers to {instrument} in {file} are words, not all of which occur. Which words stood on the form, "
            "from {low} to {high}? Where they were others, or fewer, write codes and [coding] into the mapping.",
            **told,
        )
        if answers
        else say(
            "The answers to {instrument} in {file} are words: {words}. Which order do they have, from {low} to {high}? "
            "Write them with {sign} between.",
            **told,
            words=", ".join(words),
            sign=BELOW,
        )
    )
    why = say("The file holds words, and their order on the scale is not guessed. Best export again with numbers.")
    return draft.ask(f"{instrument.id}-scale", asks, why=why, answers=answers)


def _no_answer(cell: str) -> str:
    """Why there is no answer, where a cell is a word for that."""
    meant = meaning_of(cell, "", REASONS)
    return "" if meant.guess else meant.code


def _numbers_in(columns: Sequence[Profile]) -> set[str]:
    return {cell for each in columns for cell in each.cells.unique().to_list() if is_number(cell)}


def _declared(columns: Sequence[Profile]) -> set[str]:
    return {code.code for each in columns for code in each.field.missing if is_number(code.code)}


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
        if cell not in declared | recurring and not is_code(cell, count, closed=True) and not _is_answer(cell)
    }


def _is_answer(cell: str) -> bool:
    """Whether a cell is a number, has one beside it, or is a step of a known scale."""
    return is_number(cell) or bool(number_beside(cell)) or are_of_a_scale([cell])


def _asked(draft: Draft, part: Part, instrument: Instrument, cell: str) -> str:
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
