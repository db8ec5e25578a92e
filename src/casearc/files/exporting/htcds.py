"""Participants and enrollments in the spelling of HTCDS."""

from __future__ import annotations

from pathlib import Path

from casearc.files.exporting.parcel import Parcel
from casearc.files.htcds.write import write_htcds
from casearc.language import say, to_say

_IDS = to_say(
    "participant_id and enrollment_id are Casearc's own columns, there to read the file back. Take them out before the "
    "file leaves the house."
)


def write_profile(parcel: Parcel, folder: Path) -> tuple[str, ...]:
    """Write ``htcds.csv``: what HTCDS 2.0 has codes for, beside the ids of participants and enrollments.

    Parameters
    ----------
    parcel
        The tables.
    folder
        Where to; it is there.

    Returns
    -------
    tuple of str
        What the standard has no code or no field for, by column; and that the ids are for the house.

    Raises
    ------
    OSError
        The folder cannot be written to.

    Examples
    --------
    >>> write_profile(parcel, Path("htcds"))  # doctest: +SKIP
    """
    notes = write_htcds(parcel.tables.participants, parcel.tables.enrollments, folder / "htcds.csv")
    return (*notes, say(_IDS))
