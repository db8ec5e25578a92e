"""Read Parquet and Arrow files: plain columns as text, with what Casearc itself wrote of them."""

from __future__ import annotations

from pathlib import Path

from casearc.files.apart import read_apart
from casearc.files.columnar import here
from casearc.files.reading import Reading
from casearc.files.sheet import Sheet
from casearc.tables import FaultLog


def read(path: Path, *, name: str, log: FaultLog, reading: Reading) -> tuple[Sheet, ...]:
    """The sheet of a Parquet or Arrow (.arrow, .feather, .ipc) file.

    Parameters
    ----------
    path, name
        Where the file is, and what messages call it.
    log
        Where faults go.
    reading
        Its `format`, where it names one of the two, must agree with the file.

    Returns
    -------
    tuple of Sheet
        One sheet, or () after logging why there is none. Row 2 is the first record.

    Examples
    --------
    >>> read(Path("visits.parquet"), name="visits.parquet", log=FaultLog(), reading=Reading())  # doctest: +SKIP
    """
    return read_apart(here.__name__, path, name=name, log=log, reading=reading)
