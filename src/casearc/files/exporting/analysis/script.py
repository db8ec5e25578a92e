"""A script in sections, whatever its language, and how texts stand in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from casearc.files.exporting.analysis.reproduced import ChangeTable, ModelTable, MovesTable, Reproduced

DATA = "analysis.csv"
RESULTS_R = "results-of-r.csv"
RESULTS_PYTHON = "results-of-python.csv"
STAYS = "The rows are of single people. Neither they nor what this script prints may leave the house."
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|$~^@])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A piece of a script: heading, a sentence or two, and code."""

    heading: str
    said: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How a script is written in one language: what it defines, how each table is called for, what stands between.

    start, end
        With places for level, text columns and data; for the file of results.
    within, between
        What stands between calls of one section, and between the definitions and the first call.
    """

    start: str
    end: str
    results: str
    change: tuple[str, Callable[[ChangeTable], str]]
    model: tuple[str, Callable[[ModelTable], str]]
    moves: tuple[str, Callable[[MovesTable], str]]
    within: tuple[str, str, str]
    between: str


def sections_in(language: Language, what: Reproduced) -> Iterator[Section]:
    """The sections of a script: the same in every language, but for their code."""
    start = language.start.format(level=repr(what.level), text_columns=listed(what.text_columns), data=quoted(DATA))
    yield Section(heading="The rows", said="One row a participant; the dictionary says what columns mean.", code=start)

    def code(definition: str, calls: Iterable[str], within: str) -> str:
        return language.between.join([definition, within.join(calls)])

    after_change, after_model, after_moves = language.within
    if what.changes:
        definition, call = language.change
        yield Section(
            heading="Change between waves",
            said="Paired t test and the exact signed-rank test of those measured at both waves, the second time later.",
            code=code(definition, map(call, what.changes), after_change),
        )
    if what.models:
        definition, model = language.model
        yield Section(
            heading="Dose and outcome",
            said="Linear models as the plan has them.",
            code=code(definition, map(model, what.models), after_model),
        )
    if what.moves:
        definition, moved = language.moves
        yield Section(
            heading="Movement between levels",
            said="People by level before (rows) and after (columns).",
            code=code(definition, map(moved, what.moves), after_moves),
        )
    yield Section(
        heading="All numbers in one file",
        said=f"{language.results} has every number with all its digits, under the ids that results.json uses.",
        code=language.end.format(results=quoted(language.results)),
    )


def quoted(text: str) -> str:
    """A text in quotes, as R and Python both read it.

    Examples
    --------
    >>> print(quoted('a "b"'))
    "a \\"b\\""
    """
    return json.dumps(text, ensure_ascii=False)


def listed(texts: Iterable[str]) -> str:
    """Texts in quotes with commas between."""
    return ", ".join(quoted(text) for text in texts)


def one_line(text: str) -> str:
    """A text without line breaks, for a comment."""
    return " ".join(text.split())


def plain_markdown(text: str) -> str:
    """A text that Markdown leaves as it is.

    Examples
    --------
    >>> plain_markdown("a *b*")
    'a \\\\*b\\\\*'
    """
    return _MARKUP.sub(r"\\\1", one_line(text))


def told(what: Reproduced) -> tuple[str, ...]:
    """What a script says of itself: whence the rows come, where they stay, what it makes and what it leaves out."""
    return (
        f"Makes the main tables of the evaluation again from {DATA}, which Casearc exported with the same plan.",
        STAYS,
        "Numbers are those of the edition for the house: groups that the outside edition merges are not merged here.",
        *(f"Not made here: {each}" for each in what.left_out),
    )
