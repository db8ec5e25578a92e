"""Both codebooks of a parcel."""

from __future__ import annotations

from pathlib import Path

from casearc.files.exporting.codebook import Study, codebook_page, codebook_tables, codebook_xml
from casearc.files.exporting.parcel import Parcel


def write_codebook(parcel: Parcel, folder: Path) -> tuple[str, ...]:
    """Write ``codebook.html`` and ``codebook.xml`` (DDI-Codebook 2.5).

    Parameters
    ----------
    parcel
        The tables; with its `counts` codebooks count.
    folder
        Where to; it is there.

    Returns
    -------
    tuple of str
        Nothing.

    Raises
    ------
    OSError
        The folder cannot be written to.

    Examples
    --------
    >>> write_codebook(parcel, Path("codebook"))  # doctest: +SKIP
    ()
    """
    plan = parcel.plan
    study = Study() if plan is None else Study(title=plan.title, program=plan.program)
    tables = codebook_tables(parcel.described, instruments=parcel.instruments, counts=parcel.counts)
    (folder / "codebook.html").write_text(codebook_page(tables, study), encoding="utf-8")
    (folder / "codebook.xml").write_text(codebook_xml(tables, study), encoding="utf-8")
    return ()
