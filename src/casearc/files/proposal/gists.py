"""Which text of a form is which item, by the short descriptions that an instrument's folder has of its items."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from casearc.files.codes_and_texts import plain_words
from casearc.files.proposal.parts import Part
from casearc.instruments import Instrument

_EMPTY = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "i", "in", "is", "it", "me", "my"}
    | {"no", "not", "of", "on", "one", "or", "our", "own", "s", "so", "that", "the", "them", "they", "this", "to", "up"}
    | {"when", "who", "whom", "with", "you", "your"}
)
_SHORTEST, _ALIKE = 4, 5
_HEARD = 1 / 3
"""Share of the texts that must say something of an item, for their order to say anything."""
_OTHERWISE = 0.7
"""Where the published order explains less of the texts than this share of what the best order does, they disagree."""
NUMBER_BEFORE = r"^\s*(?:q|item|no\.?)?\s*(\d{1,3})\s*[.):\-–]\s*"
"""How a text begins that has its number before it."""
_LEADING = re.compile(NUMBER_BEFORE, re.IGNORECASE)
_ROW = re.compile(r"^(?P<above>.*\S)\s*\[(?P<row>.+)\]$", re.DOTALL)
_FEW_WORDS = 2


@dataclass(frozen=True, slots=True)
class Heard:
    """What texts say of the order of items. `order` has the item of each, () where they say too little; `otherwise`
    whether that is another order than the published one."""

    order: tuple[str, ...] = ()
    otherwise: bool = False
    likeness: float = 0.0


def split_heading(text: str) -> tuple[str, str]:
    """The heading of a grid of questions and the row, as survey services write them; ("", text) where there is none.

    Examples
    --------
    >>> split_heading("How do you feel? [1. Friends listen]"), split_heading("Friends listen")
    (('How do you feel?', '1. Friends listen'), ('', 'Friends listen'))
    """
    found = _ROW.match(text)
    return (found["above"], found["row"].strip()) if found else ("", text)


def texts_of(part: Part, names: Sequence[str]) -> list[str]:
    """What was asked in each column, by its label or name; [] where these are no more than names.

    What all have in common at their beginning, and numbers before them, are left out.
    """
    asked = [part.profiles[name].field.label or name for name in names]
    asked = [split_heading(text)[1] for text in asked]
    above = _above(asked)
    rows = [_LEADING.sub("", text.removeprefix(above)).strip() for text in asked]
    wordy = sum(len(plain_words(row)) >= _FEW_WORDS for row in rows)
    return rows if wordy * 2 > len(rows) and len(set(rows)) == len(rows) else []


def _above(texts: Sequence[str]) -> str:
    """What stands before a dash in all texts: the question above the rows of a grid."""
    ends = [found.end() for found in re.finditer(" - ", texts[0])]
    shared = [texts[0][:end] for end in ends if all(text.startswith(texts[0][:end]) for text in texts)]
    return shared[-1] if shared else ""


def heard(texts: Sequence[str], instrument: Instrument) -> Heard:
    """What the texts say of the items, one text an item.

    Examples
    --------
    >>> from casearc.instruments import load
    >>> mspss = load("mspss")
    >>> heard([item.gist for item in mspss.items], mspss).otherwise
    False
    >>> turned = heard([item.gist for item in reversed(mspss.items)], mspss)
    >>> turned.otherwise, turned.order[:3]
    (True, ('12', '11', '10'))
    """
    if not texts or len(texts) != len(instrument.items):
        return Heard()
    likeness = _likeness(texts, [item.gist for item in instrument.items])
    if int((likeness.max(axis=1) > 0).sum()) < _HEARD * len(texts):
        return Heard()
    near = -1e-6 * np.abs(np.subtract.outer(np.arange(len(texts)), np.arange(len(texts))))
    rows, columns = linear_sum_assignment(likeness + near, maximize=True)
    best, official = float(likeness[rows, columns].sum()), float(np.trace(likeness))
    order = tuple(instrument.items[column].id for column in columns)
    return Heard(order=order, otherwise=official < _OTHERWISE * best, likeness=best / len(texts))


def _likeness(texts: Sequence[str], gists: Sequence[str]) -> NDArray[np.float64]:
    """For each text and gist the weight of the gist's words that stand in the text: the rarer, the more they weigh."""
    spoken = [_telling(text) for text in texts]
    described = [_telling(gist) for gist in gists]
    times = Counter(word for words in described for word in words)
    weight = {word: math.log(1 + len(gists) / count) for word, count in times.items()}
    return np.array(
        [
            [sum(weight[word] for word in gist if any(_same(word, other) for other in text)) for gist in described]
            for text in spoken
        ]
    )


def _telling(text: str) -> set[str]:
    return {word for word in plain_words(text) if word not in _EMPTY and not word.isdigit()}


def _same(one: str, other: str) -> bool:
    """Whether two words are forms of one: one begins with the other, or both begin alike."""
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST:
        return short == long
    return long.startswith(short) or (len(short) >= _ALIKE and short[:_ALIKE] == long[:_ALIKE])
