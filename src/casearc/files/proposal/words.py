"""How near a name is to the words of the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casearc.files.codes_and_texts import plain_words
from casearc.files.proposal.draft import Confidence, Reason
from casearc.files.proposal.profile import Profile
from casearc.files.proposal.vocabulary import ALONE, BESIDE, JOINING, QUALIFYING
from casearc.language import say

__all__ = ["Meaning", "code_for", "meaning_of", "nearness", "plain_words", "read_name"]

_SHORTEST = 3
_DATE = re.compile(r"^dt$|(?<=\w{4})dt$|^dt(?=\w{4})")
"""``dt``, alone or at an end of a word, as in ``enroll_dt``."""


def nearness(name: str, phrases: Sequence[str]) -> float:
    """1 where the name is one of the phrases; else the share of its words that the best phrase inside it covers."""
    words = tuple(_DATE.sub("date", word) for word in plain_words(name))
    if not words:
        return 0.0
    best = 0.0
    for phrase in phrases:
        parts = plain_words(phrase)
        if parts == words or "".join(parts) == "".join(words):
            return 1.0
        if set(parts) <= set(words) and not ALONE.issuperset(parts):
            best = max(best, len(parts) / len(words))
    return best if best < 1.0 else 0.99


def read_name(column: Profile, phrases: Sequence[str]) -> tuple[float, Reason | None]:
    """How near a column's name, or else its label, is to the phrases, and why."""
    by_name = nearness(column.called, phrases)
    by_label = 0.8 * nearness(column.field.label, phrases) if column.field.label else 0.0
    if max(by_name, by_label) < 0.3:
        return 0.0, None
    said = say("its name says so") if by_name >= by_label else say("its label says so")
    score = max(by_name, by_label)
    confidence = Confidence.SURE if score == 1.0 else Confidence.LIKELY if score >= 0.5 else Confidence.GUESS
    return score, Reason(said, confidence)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a cell or its label means of a closed list.

    code
        The one code whose words it is made of; empty where that cannot be told.
    guess
        Words that usually change nothing stand beside those of the code.
    near
        Codes whose words stand in it among others, the likely ones first.
    qualified
        It denies these, or qualifies them, so that none of them is likely.
    """

    code: str = ""
    guess: bool = False
    near: tuple[str, ...] = ()
    qualified: bool = False


def meaning_of(cell: str, label: str, known: Mapping[str, Sequence[str]]) -> Meaning:
    """What a file's code and its label mean: a whole phrase says it, a phrase among other words is only near.

    Examples
    --------
    >>> known = {"attempted": ("no show", "attempt"), "completed": ("completed", "held")}
    >>> meaning_of("Completed", "", known).code, meaning_of("No-shows", "", known).code
    ('completed', 'attempted')
    >>> meaning_of("held at school", "", known)
    Meaning(code='', guess=False, near=('completed',), qualified=False)
    >>> meaning_of("Not completed", "", known)
    Meaning(code='', guess=False, near=('completed',), qualified=True)
    """
    by_cell, by_label = _meaning(cell, known), _meaning(label, known)
    if not plain_words(label) or (by_cell.code and not by_cell.guess and by_label.code in ("", by_cell.code)):
        return by_cell
    return by_label


def _meaning(text: str, known: Mapping[str, Sequence[str]]) -> Meaning:
    words = [_singular(word) for word in plain_words(text)]
    spoken = {code: [tuple(map(_singular, plain_words(each))) for each in (code, *known[code])] for code in known}
    whole = [code for code, phrases in spoken.items() if "".join(words) in {"".join(each) for each in phrases}]
    if not words or whole:
        return Meaning(code=whole[0] if whole else "")
    found, beside = _phrases_in(words, spoken)
    if QUALIFYING & {*beside}:
        return Meaning(near=tuple(found), qualified=True)
    telling = [word for word in beside if word not in JOINING]
    if len(found) != 1 or any(word not in BESIDE for word in telling):
        return Meaning(near=tuple(found))
    return Meaning(code=found[0], guess=bool(telling))


def _phrases_in(words: Sequence[str], spoken: Mapping[str, Sequence[tuple[str, ...]]]) -> tuple[list[str], list[str]]:
    """The codes whose phrases stand in a text, and the words beside them. Longer phrases go first: there is no *met* in
    *not met*."""
    left = list(words)
    found: dict[str, None] = {}
    ranked = sorted(
        ((each, code) for code, phrases in spoken.items() for each in phrases), key=lambda one: -len(one[0])
    )
    for phrase, code in ranked:
        size = len(phrase)
        for at in range(len(left) - size + 1):
            if phrase and tuple(left[at : at + size]) == phrase:
                left[at : at + size] = [""] * size
                found[code] = None
    return list(found), [word for word in left if word]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > _SHORTEST and word.endswith("s") and not word.endswith("ss") else word


def code_for(cell: str, label: str, known: Mapping[str, Sequence[str]]) -> str:
    """The code of which a phrase stands in a file's code or its label, among whatever words; empty where none does."""
    for text in (cell, label):
        words = plain_words(text)
        joined = "".join(words)
        if joined and joined in {"".join(plain_words(code)) for code in known}:
            return next(code for code in known if "".join(plain_words(code)) == joined)
    for text in (label, cell):
        said = set(plain_words(text))
        for code, phrases in known.items():
            if any(said and set(plain_words(phrase)) <= said for phrase in phrases):
                return code
    return ""
