"""Column names in two rows: a question above, and below it the rows of a grid, or choices, each over its own column.

Survey services write so (SurveyMonkey): the question stands over the first of its columns alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from casearc.files.codes_and_texts import plain_words

PAIR = 2
_LEAST = 2
_VALUE = re.compile(r"^[+-]?\d+([.,]\d+)?$|^\d{4}-\d{2}-\d{2}|^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}")
_OPEN = {"response", "openendedresponse", "respuesta", "respuestaabierta"}
"""What stands below a question that has one column."""


def is_pair(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether two rows are column names together.

    Parameters
    ----------
    first, second
        Their cells, ``""`` where one is empty.

    Returns
    -------
    bool
        Every column is named in one of them, at least two in the second alone, some in the first alone, and the second
        holds no numbers and no dates.

    Examples
    --------
    >>> is_pair(["Respondent ID", "How are you?", "", ""], ["", "At home", "At school", "At work"])
    True
    >>> is_pair(["id", "mood", "", ""], ["1", "good", "x", "y"])
    False
    """
    if len(first) != len(second) or not first or not first[0]:
        return False
    below = [lower for upper, lower in zip(first, second, strict=True) if not upper]
    alone = any(upper and not lower for upper, lower in zip(first, second, strict=True))
    named = len(below) >= _LEAST and all(below) and len(set(below)) == len(below)
    return named and alone and not any(_VALUE.match(cell) for cell in second)


def paired(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """The names of two rows as one: ``question [row]``.

    Examples
    --------
    >>> paired(["ID", "How are you?", "", "Anything else?"], ["", "At home", "At school", "Open-Ended Response"])
    ['ID', 'How are you? [At home]', 'How are you? [At school]', 'Anything else?']
    """
    names, heading = [], ""
    for upper, lower in zip(first, second, strict=True):
        heading = upper or heading
        plain = not lower or (upper and "".join(plain_words(lower)) in _OPEN)
        names.append(upper if plain else f"{heading} [{lower}]" if heading else lower)
    return names
