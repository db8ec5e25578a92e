"""Whether a cell is a code, or a text that could tell of somebody: texts enter no table and stand in no message.

How often it occurs decides, for a name looks like a code; what is written in nothing but the plain words of case work
(plain_words.toml) tells of nobody however rare it is.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from functools import cache, lru_cache
from importlib.resources import files

import polars as pl

from casearc.language import say
from casearc.tables import words_of

_LONG, _WORDY = 30, 4
"""Signs and words of a label; what is longer is a sentence."""
_LONGEST_PLAIN, _WORDIEST_PLAIN = 90, 10
_OFTEN, _LONG_OFTEN = 3, 5
"""So many cells alike are a code, and so many long ones."""
_INITIALS = 3
_ARTICLES = ("a", "an", "the", "un", "una", "el", "la", "los", "las")
_TELLING = re.compile(
    r"\S+@\S+\.\S{2,}"  # mail
    r"|(?:^|\s)@\w{3,}"  # handles
    r"|https?://|www\."
    r"|\d{3}-\d{2}-\d{4}"  # social security numbers
    r"|\d{3}[ .-]\d{4}\b|\d{7,}"  # phones, and numbers of cases
    r"|\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})\b"  # dates
    r"|\b\d+\s+(?:[A-ZÁÉÍÓÚÑ][\w.'-]*\s+)+(?i:street|st|avenue|ave|road|rd|lane|ln|blvd|boulevard)\b"
    r"|\b(?i:calle|avenida|av)\.?\s+(?:[A-ZÁÉÍÓÚÑ]\S*\s+)+\d+"
)
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=100_000)
def plain_words(text: str) -> tuple[str, ...]:
    """The words of a name or label, without accents."""
    return words_of("".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)))


@cache
def _known() -> frozenset[str]:
    content = tomllib.loads(files("casearc.files").joinpath("plain_words.toml").read_text(encoding="utf-8"))
    return frozenset(word for words in content.values() for word in words.split())


def tells(text: str) -> bool:
    """Whether a text holds what leads to a person: a mail address, a phone number, a street, a date.

    Examples
    --------
    >>> tells("ask at 555-0142"), tells("at 4 Madeup Ave"), tells("left message")
    (True, True, False)
    """
    return _TELLING.search(text) is not None


@lru_cache(maxsize=100_000)
def is_plain(text: str) -> bool:
    """Whether nothing but the plain words of case work, initials and small numbers stand in it.

    Examples
    --------
    >>> is_plain("Not completed"), is_plain("Court accompaniment"), is_plain("Aunt Inventa")
    (True, True, False)
    """
    words = plain_words(text)
    short = len(words) <= _WORDIEST_PLAIN and len(text) <= _LONGEST_PLAIN
    return short and all(_is_known(word) for word in words) and text.isprintable()


def _is_known(word: str) -> bool:
    if word.isdigit():
        return len(word) < _INITIALS
    return len(word) == 1 or word in _known() or (word.endswith("s") and word[:-1] in _known())


def _is_initials(text: str) -> bool:
    return len(text) <= _INITIALS and text.isalnum() and not text.islower()


def _may_name(text: str) -> bool:
    """Whether a word that is no plain one is written as names are, behind another word."""
    found = [word for word in _WORD.findall(text) if len(word) > 1]
    return any(word[0].isupper() and not all(_is_known(each) for each in plain_words(word)) for word in found[1:])


def is_code(text: str, count: int, *, closed: bool = False) -> bool:
    """Whether a cell is a code.

    Parameters
    ----------
    text
        What stands in the cell.
    count
        In how many cells of the column.
    closed
        The column holds codes of a closed list, so that what is on none of its words must recur to be one.

    Examples
    --------
    >>> is_code("Harbor Light", 12), is_code("Drove Inventa and sister to court", 1), is_code("Not completed", 1)
    (True, False, True)
    >>> is_code("inventing", 1), is_code("inventing", 1, closed=True)
    (True, False)
    """
    if tells(text) or not text.isprintable():
        return False
    if is_plain(text) or _is_initials(text):
        return True
    short = not _is_long(text)
    if closed:
        return short and count >= _OFTEN and not _may_name(text)
    if not short:
        return count >= _LONG_OFTEN
    return count >= _OFTEN or len([word for word in text.lower().split() if word not in _ARTICLES]) == 1


def is_story(text: str) -> bool:
    """Whether a text leads to somebody, or is longer than a label and made of more than plain words.

    Examples
    --------
    >>> is_story("Harbor Light"), is_story("Drove Inventa and sister to court")
    (False, True)
    """
    return tells(text) or (_is_long(text) and not is_plain(text))


def _is_long(text: str) -> bool:
    return len(text) > _LONG or len(text.split()) > _WORDY


def is_no_code(cells: pl.Series, *, closed: bool = False, several: bool = False) -> pl.Series:
    """For each cell, whether it is a text and no code.

    Parameters
    ----------
    cells
        Text; empty ones are none.
    closed
        As `is_code` takes it.
    several
        Cells may hold several codes with ``;`` between; one text among them is enough.

    Returns
    -------
    Series
        Boolean, without nulls.

    Examples
    --------
    >>> cells = pl.Series(["girl", "girl", "girl, goes by Inventa Madeup", None])
    >>> is_no_code(cells).to_list()
    [False, False, True, False]
    """
    times = times_of(cells, several=several)
    codes = {part for part, count in times.items() if is_code(part, count, closed=closed)}
    different = cells.drop_nulls().unique().to_list()
    texts = [cell for cell in different if not codes.issuperset(parts_of(cell, several=several))]
    return cells.is_in(texts).fill_null(value=False)


def times_of(cells: pl.Series, *, several: bool = False) -> Counter[str]:
    """How often each code or text occurs; what fills a column alone counts as often as a code does."""
    times = Counter[str]()
    for cell, count in cells.drop_nulls().value_counts(sort=True).iter_rows():
        times.update(dict.fromkeys(parts_of(cell, several=several), count))
    alone = len(times) == 1 and times.total() > 1
    return Counter({cell: max(count, _OFTEN) for cell, count in times.items()}) if alone else times


def parts_of(cell: str, *, several: bool) -> list[str]:
    """The codes in a cell, which ``;`` divides where it may hold several."""
    return [part for each in cell.split(";") if (part := each.strip())] if several else [cell]


def called(name: str, position: int) -> str:
    """How to name a column where everybody may read it: by its number where its name reads like a text.

    Examples
    --------
    >>> called("Housing", 4), called("Spoke with Inventa's mother about the court date", 1)
    ('Housing', 'number 1')
    """
    return say("number {position}", position=position) if is_story(name) else name
