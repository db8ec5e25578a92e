"""Words of a scale in their order, in place of a code for each: ``scale = { "mspss_*" = { from = 1, … } }``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any as Anything

from casearc.files.mapping.reader import Reader
from casearc.language import say

BELOW = "<"
"""Stands between the words, the lowest first."""


def parse_scales(reader: Reader, codes: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """The codes of a feed with those that its scales give: the first word stands for the lowest number.

    Parameters
    ----------
    reader
        At the feed.
    codes
        Those written one by one.

    Returns
    -------
    dict
        By column, as `codes` are.

    Examples
    --------
    >>> from casearc.tables import FaultLog
    >>> content = {"scale": {"mood_*": {"from": 1, "words": "low < middle < high"}}}
    >>> parse_scales(Reader("mapping.toml", "table.responses", content, FaultLog()), {})
    {'mood_*': {'low': '1', 'middle': '2', 'high': '3'}}
    """
    found = dict(codes)
    given = reader.content.get("scale", {})
    if not isinstance(given, Mapping):
        reader.fault(say("scale must be a table."), say('Write scale = { "mspss_*" = { from = 1, words = "… < …" } }'))
        return found
    for column, inner in given.items():
        if not isinstance(inner, Mapping):
            reader.fault(say("scale.{column} must be a table.", column=column))
            continue
        below = reader.below(f"scale.{column}", inner)
        below.only(("from", "words"))
        found[column] = {**found.get(column, {}), **_numbered(below)}
    return found


def _numbered(reader: Reader) -> dict[str, str]:
    first = reader.content.get("from")
    words = _words(reader)
    if isinstance(first, bool) or not isinstance(first, int):
        reader.fault(say("from must be a whole number: what the lowest word stands for."))
        return {}
    spoken = [word for word in words if word]
    if len(set(spoken)) < len(spoken) or len(spoken) < 2:
        reader.fault(
            say("words must be the different words of the scale, the lowest first."),
            say("Write them with {sign} between: low {sign} middle {sign} high.", sign=BELOW),
        )
        return {}
    return {word: str(number) for number, word in enumerate(words, start=first) if word}


def _words(reader: Reader) -> list[str]:
    given: Anything = reader.content.get("words", "")
    if isinstance(given, str):
        return [word.strip() for word in given.split(BELOW)]
    return [word.strip() for word in reader.texts("words", needed=True)]
