"""In which language the library speaks. The English text of a sentence is its name in the catalog (`locale`).

Sentences are written where they are needed, as literals, so that `tools/messages.py` finds them.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files

SOURCE = "en"
"""The language of the texts in the code; every other needs a catalog."""

_spoken: ContextVar[str] = ContextVar("spoken", default="")
_asked: list[Callable[[], str | None]] = []


def say(template: str, /, **values: object) -> str:
    """A sentence in the language in force.

    Parameters
    ----------
    template
        The English, a literal. Where `values` are given its places are filled as `str.format` does; where none are,
        it is said as it stands.
    values
        By the names of the places.

    Returns
    -------
    str
        The English where the catalog lacks the sentence, or there is no catalog.

    Examples
    --------
    >>> say("{file}, sheet {part}", file="cases.xlsx", part="Contacts")
    'cases.xlsx, sheet Contacts'
    >>> with speaking("es"):
    ...     say("{file}, sheet {part}", file="cases.xlsx", part="Contacts")
    'cases.xlsx, hoja Contacts'
    """
    text = _catalog(language()).gettext(template)
    return text.format(**values) if values else text


def say_many(singular: str, plural: str, count: int, /, **values: object) -> str:
    """A sentence about a number of things, in the language in force; ``{count}`` is the number.

    Parameters
    ----------
    singular, plural
        The English for one, and for any other number.
    count
        How many there are.
    values
        Other places, by name.

    Returns
    -------
    str

    Examples
    --------
    >>> say_many("{count:,} fault", "{count:,} faults", 3)
    '3 faults'
    """
    return _catalog(language()).ngettext(singular, plural, count).format(**{"count": count, **values})


def both(parts: Iterable[str]) -> str:
    """Parts with the word for *and* between each two.

    Examples
    --------
    >>> both(["day", "month"])
    'day and month'
    """
    return say(" and ").join(parts)


def either(parts: Iterable[str]) -> str:
    """Parts with the word for *or* between each two.

    Examples
    --------
    >>> either(["day", "month"])
    'day or month'
    """
    return say(" or ").join(parts)


def to_say(template: str) -> str:
    """Mark a text that is kept and said later, with `say`.

    Examples
    --------
    >>> EMPTY = to_say("The file is empty.")
    """
    return template


def language() -> str:
    """The language in force: that of `speaking`, else the application's (`follow`), else English.

    Examples
    --------
    >>> language()
    'en'
    """
    asked = _spoken.get() or next((found for ask in _asked if (found := ask())), "") or SOURCE
    return asked.partition("-")[0].lower()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language within the block; other threads and tasks go on in theirs.

    Parameters
    ----------
    language
        Its code, such as ``es``. One without a catalog is answered in English.

    Yields
    ------
    None

    Examples
    --------
    >>> with speaking("es"):
    ...     say("The file is empty.")
    'El archivo está vacío.'
    """
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def follow(ask: Callable[[], str | None]) -> None:
    """Let an application that has a language of its own say it once, for wherever nobody is `speaking`.

    Parameters
    ----------
    ask
        Called for every sentence; gives a code, or None for no opinion.

    Examples
    --------
    >>> from django.utils.translation import get_language  # doctest: +SKIP
    >>> follow(get_language)                               # doctest: +SKIP
    """
    if ask not in _asked:
        _asked.append(ask)


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    compiled = files("casearc") / "locale" / language / "LC_MESSAGES" / "casearc.mo"
    if not language.isalpha() or not compiled.is_file():
        return gettext.NullTranslations()
    with compiled.open("rb") as file:
        return gettext.GNUTranslations(file)
