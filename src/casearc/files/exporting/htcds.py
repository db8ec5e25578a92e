"""Participants and enrollments in the spelling of HTCDS."""

from __future__ import annotations

from pathlib import Path

from casearc.files.exporting.parcel import Parcel
from casearc.files.htcds.write import write_htcds


def write_profile(parcel: Parcel, folder: Path) -> tuple[str, ...]:
    """Write ``htcds.csv``: what HTCDS 2.0 has codes for, without pseudonyms.

    Parameters
    ----------
    parcel
        The tables.
    folder
        Where to; it is there.

    Returns
    -------
    tuple of str
        What the standard has no code for, by column.

    Raises
    ------
    OSError
        The folder cannot be written to.

    Examples
    --------
    >>> write_profile(parcel, Path("htcds"))  # doctest: +SKIP
    """
    return write_htcds(parcel.tables.participants, parcel.tables.enrollments, folder / "htcds.csv")
