"""All tables in one workbook."""

from __future__ import annotations

from pathlib import Path

from casearc.files.exporting.parcel import Parcel
from casearc.files.spreadsheet.write import write_workbook


def write_book(parcel: Parcel, folder: Path) -> tuple[str, ...]:
    """Write every table of a parcel as a worksheet of ``casearc.xlsx``.

    Parameters
    ----------
    parcel
        The tables.
    folder
        Where to; it is there.

    Returns
    -------
    tuple of str
        Worksheets under other names, and cells that a workbook holds as text.

    Raises
    ------
    DataRefusedError
        A table is too large for a worksheet.

    Examples
    --------
    >>> write_book(parcel, Path("xlsx"))  # doctest: +SKIP
    ()
    """
    return write_workbook(parcel.described, folder / "casearc.xlsx")
