"""The first bytes of a file, by which formats are told."""

from __future__ import annotations

from pathlib import Path

from casearc.language import say
from casearc.tables import FaultLog


def head_of(path: Path, size: int, *, name: str, log: FaultLog) -> bytes | None:
    """The first bytes of a file; None after logging that it cannot be opened.

    Parameters
    ----------
    path, name
        Where the file is, and what messages call it.
    size
        How many bytes; a smaller file gives all it has.
    log
        Where faults go.

    Returns
    -------
    bytes or None

    Examples
    --------
    >>> head_of(Path("waves.sav"), 4, name="waves.sav", log=FaultLog())  # doctest: +SKIP
    b'$FL2'
    """
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError:
        log.add(say("The file cannot be opened."), say("Look whether it is a file, and may be read."), file=name)
        return None
