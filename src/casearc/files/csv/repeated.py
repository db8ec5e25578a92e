"""Names that stand several times in a header row because a program writes them so: REDCap's exports of labels.

There every form ends with a column ``Complete?``, and fields of several forms may have one label. Each such column gets
its number behind its name, so that the sheet can hold it; which field it is, the dialect tells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

COMPLETE = "Complete?"
_OWN = {"Event Name", "Repeat Instrument", "Repeat Instance", "Survey Identifier", "Survey Timestamp", COMPLETE}
_CHOICE = re.compile(r"\(choice=.*\)$", re.DOTALL)
_NUMBERED = re.compile(r"^(?P<name>.*) \(column [0-9]+\)$", re.DOTALL)


def told_apart(names: Sequence[str]) -> list[str]:
    """The names, repeated ones with their numbers where the row is that of an export of labels.

    Parameters
    ----------
    names
        The cells of the header row.

    Returns
    -------
    list of str

    Examples
    --------
    >>> told_apart(["Record", "Complete?", "Mood", "Complete?"])
    ['Record', 'Complete? (column 2)', 'Mood', 'Complete? (column 4)']
    >>> told_apart(["day", "staff", "day"])
    ['day', 'staff', 'day']
    """
    if COMPLETE not in names or not (_OWN & set(names) - {COMPLETE} or _is_of_labels(names)):
        return list(names)
    count = Counter(names)
    return [
        f"{name} (column {index})" if name and count[name] > 1 else name for index, name in enumerate(names, start=1)
    ]


def _is_of_labels(names: Sequence[str]) -> bool:
    return names.count(COMPLETE) > 1 or names[-1] == COMPLETE or any(_CHOICE.search(name) for name in names)


def as_written(column: str) -> str:
    """The name as it stands in the file.

    Parameters
    ----------
    column
        A column of a sheet.

    Returns
    -------
    str

    Examples
    --------
    >>> as_written("Complete? (column 4)")
    'Complete?'
    """
    found = _NUMBERED.match(column)
    return found["name"] if found else column
