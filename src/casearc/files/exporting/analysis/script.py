"""A script in sections, whatever its language, and how texts stand in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from casearc.files.exporting.analysis.reproduced import Reproduced

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
