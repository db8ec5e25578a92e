"""How near a name is to the words of the vocabulary."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from casearc.files.proposal.draft import Confidence, Reason
from casearc.files.proposal.profile import Profile
from casearc.files.proposal.vocabulary import ALONE
from casearc.tables import words_of


@lru_cache(maxsize=100_000)
def plain_words(text: str) -> tuple[str, ...]:
    """The words of a name or label, without accents."""
    return words_of("".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)))


def nearness(name: str, phrases: Sequence[str]) -> float:
    """1 where the name is one of the phrases; else the share of its words that the best phrase inside it covers."""
    words = plain_words(name)
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
    where = "its name" if by_name >= by_label else "its label"
    score = max(by_name, by_label)
    confidence = Confidence.SURE if score == 1.0 else Confidence.LIKELY if score >= 0.5 else Confidence.GUESS
    return score, Reason(f"{where} says so", confidence)


def code_for(cell: str, label: str, known: Mapping[str, Sequence[str]]) -> str:
    """The contract's code that a file's code or its label means; empty where no word fits."""
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
