"""Choices as one cell of a dictionary holds them, ``0, No | 1, Yes``, and texts that carry marks of a web page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser

from casearc.language import say, to_say

CODE = re.compile(r"^[A-Za-z0-9_.\-]+$")
_BLOCKS = frozenset({"br", "div", "p", "li", "td", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_SILENT = frozenset({"script", "style"})

Problem = tuple[str, str]
"""What is wrong, and what to do."""


class _Words(HTMLParser):
    """Collects what a reader of the page would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins: a blank between it and what stands before."""
        self._silent += tag in _SILENT
        if tag in _BLOCKS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """A block ends."""
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag in _BLOCKS:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        """Text."""
        if not self._silent:
            self.parts.append(data)


def plain(text: str | None) -> str:
    """A label as a person reads it: without the marks of a web page, blanks and line ends as one blank."""
    if not text:
        return ""
    if re.search(r"<[a-zA-Z/!]|&[a-zA-Z#]", text):
        words = _Words()
        words.feed(text)
        words.close()
        text = "".join(words.parts)
    return " ".join(text.split())


def parse_choices(cell: str) -> tuple[dict[str, str], list[Problem]]:
    """Code -> label of one cell, and what is wrong with it.

    Parameters
    ----------
    cell
        ``0, No | 1, Yes``: between bars a code, the first comma, a label that may have commas of its own.

    Returns
    -------
    tuple
        The choices in order, and (problem, remedy) for each thing that is wrong.

    Examples
    --------
    >>> parse_choices("0, No, never | 1, Yes")
    ({'0': 'No, never', '1': 'Yes'}, [])
    """
    found: dict[str, str] = {}
    problems: list[Problem] = []
    parts = [part.strip() for part in re.split(r"[|\n]", cell)]
    for number, part in enumerate((part for part in parts if part), start=1):
        code, comma, label = (piece.strip() for piece in part.partition(","))
        if not comma:
            problems.append((say("Choice number {number} has no comma between code and label.", number=number), _SHAPE))
        elif not code:
            problems.append((say("Choice number {number} has no code before its comma.", number=number), _SHAPE))
        elif not CODE.match(code):
            problems.append(
                (
                    say("The code of choice number {number} has signs that REDCap does not take.", number=number),
                    say("Letters, digits, _ . -"),
                )
            )
        elif code in found:
            problems.append(
                (say("The code {code} stands for two choices.", code=code), say("Give each choice a code of its own."))
            )
        else:
            found[code] = plain(label)
    return found, problems


_SHAPE = to_say("Write each choice as code, label and put a bar between two: 0, No | 1, Yes.")


def choices_cell(choices: Mapping[str, str]) -> str:
    """Choices as one cell; a bar or a line end in a label, which would end it, becomes a slash or a blank."""
    labels = {code: " ".join(label.replace("|", "/").split()) for code, label in choices.items()}
    return " | ".join(f"{code}, {label}" for code, label in labels.items())


def tick_column(question: str, code: str) -> str:
    """The column of one choice of a field with several: ``gym___0``, ``race____99`` for -99; all in small letters.

    Examples
    --------
    >>> tick_column("race", "-99")
    'race____99'
    """
    return f"{question}___{re.sub('[^a-z0-9]', '_', code.lower())}"


def unclear_columns(question: str, codes: Iterable[str]) -> list[str]:
    """Codes whose columns have the name of another code's column (``A`` and ``a``)."""
    seen: dict[str, str] = {}
    return [code for code in codes if seen.setdefault(tick_column(question, code), code) != code]
