"""Each instrument as an XLSForm, to be given again."""

from __future__ import annotations

from pathlib import Path

from casearc.files.exporting.instruments import table_name
from casearc.files.exporting.parcel import Parcel
from casearc.files.questionnaires import form_of
from casearc.files.xlsform.write import write_form


def write_xlsforms(parcel: Parcel, folder: Path) -> tuple[str, ...]:
    """Write ``<instrument>.xlsx`` for each instrument and variant.

    Parameters
    ----------
    parcel
        The instruments.
    folder
        Where to; it is there.

    Returns
    -------
    tuple of str
        What the format could not carry, and that gists are no wording.

    Raises
    ------
    DataRefusedError
        A form cannot be an XLSForm.

    Examples
    --------
    >>> write_xlsforms(parcel, Path("xlsform"))  # doctest: +SKIP
    """
    notes: list[str] = []
    for instrument in parcel.instruments:
        form = form_of(instrument)
        told = write_form(form, folder / f"{table_name(instrument)}.xlsx")
        notes += [f"{instrument.reference}: {note}" for note in (*form.notes, *told)]
    return tuple(notes)
