"""Read SPSS, Stata and SAS files: the codes as they stand, with labels and codes for missing beside them."""

from __future__ import annotations

from pathlib import Path

from casearc.files.apart import read_apart
from casearc.files.reading import Reading
from casearc.files.sheet import Sheet
from casearc.files.statistical import here
from casearc.tables import FaultLog


def read(path: Path, *, name: str, log: FaultLog, reading: Reading) -> tuple[Sheet, ...]:
    """The sheet of an SPSS (.sav, .zsav, .por), Stata (.dta) or SAS (.sas7bdat, .xpt) file.

    Parameters
    ----------
    path, name
        Where the file is, and what messages call it.
    log
        Where faults go.
    reading
        Its `encoding` is used where a file does not say truly in which one it is.

    Returns
    -------
    tuple of Sheet
        One sheet with the codes as text, or () after logging why there is none. Row 2 is the first record, as if the
        names stood in row 1.

    Examples
    --------
    >>> read(Path("waves.sav"), name="waves.sav", log=FaultLog(), reading=Reading())  # doctest: +SKIP
    """
    return read_apart(here.__name__, path, name=name, log=log, reading=reading)
