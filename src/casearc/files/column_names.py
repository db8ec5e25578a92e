"""Names that columns of a sheet may have: each its own, none empty, none that Casearc takes for itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from casearc.tables import FILE, ROW, FaultLog


def names_differ(names: Sequence[str], *, name: str, log: FaultLog) -> bool:
    """Whether a file's columns can be told apart; logs each name that cannot stand.

    Parameters
    ----------
    names
        The columns' names without blanks at both ends, in the file's order.
    name
        The file, as messages call it.
    log
        Where faults go.

    Returns
    -------
    bool
        False where anything was logged.

    Examples
    --------
    >>> log = FaultLog()
    >>> names_differ(["client", "client"], name="visits.parquet", log=log), log.total
    (False, 1)
    """
    before = log.total
    for found, count in Counter(names).items():
        if not found:
            log.add("A column has no name.", "Name it, or remove it.", file=name)
        elif count > 1:
            log.add(
                f"{count} columns have the same name.",
                "Give each column a name of its own, or remove the copy.",
                file=name,
                column=found,
            )
        if found in {FILE, ROW}:
            log.add("The column's name is taken by Casearc.", "Rename the column.", file=name, column=found)
    return log.total == before
