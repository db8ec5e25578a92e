"""Small typesetting that every format shares: subscripts, squares and spaces that must not break."""

from __future__ import annotations

import re
from typing import Final

NO_BREAK: Final = "\N{NO-BREAK SPACE}"
LONGEST_UNBROKEN: Final = 12

_SUBSCRIPT = re.compile(r"(?<!\w)([A-Za-z])_([A-Za-z0-9]{1,3})(?!\w)")
_EQUALS_AT_END = re.compile(r" = \Z")
_SQUARE = re.compile(r"(?<!\w)R2(?!\w)")
_PERCENT = re.compile(r"(?<=\d) %")


def pieces(text: str) -> tuple[tuple[str, bool], ...]:
    """Text cut into pieces, each with whether it is a subscript: ``d_z`` is d with a small z below.

    Examples
    --------
    >>> pieces("d_z = 0.31")
    (('d', False), ('z', True), (' = 0.31', False))
    """
    text = _SQUARE.sub("R²", _PERCENT.sub(NO_BREAK + "%", text))
    text = _EQUALS_AT_END.sub(f"{NO_BREAK}={NO_BREAK}", text)  # a value follows: "n = 67" stays together
    found: list[tuple[str, bool]] = []
    end = 0
    for match in _SUBSCRIPT.finditer(text):
        found += [(text[end : match.end(1)], False), (match[2], True)]
        end = match.end()
    return (*found, *([(text[end:], False)] if end < len(text) else []))


def unbroken(text: str) -> str:
    """A value: a short one stays on one line, in a long one numbers keep their percent sign."""
    return text.replace(" ", NO_BREAK) if len(text) <= LONGEST_UNBROKEN else _PERCENT.sub(NO_BREAK + "%", text)
