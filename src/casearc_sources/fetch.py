"""A source fetched into a folder: CSV files, all or none, that only their owner may read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from casearc.errors import UsageError, optional_part
from casearc.files.formulas import harmless_frame
from casearc.files.place import lay
from casearc_sources.configuration import RedcapSource, Source, SqlSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The files that were written, and what deserves to be said, in sentences without values."""

    files: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def fetch(
    source: Source, folder: Path, *, progress: Callable[[str], object] = lambda _step: None, replace: bool = False
) -> Written:
    """Fetch a source into a folder.

    Parameters
    ----------
    source
        As `casearc_sources.configuration.read_source` gives it. Nothing but its address is contacted.
    folder
        Made where it is not there. A REDCap source named agency becomes ``agency.csv`` and, beside it, what describes
        it: ``agency_dictionary.csv``, ``agency_project.csv``, ``agency_instruments.csv``, and with events
        ``agency_events.csv``, ``agency_arms.csv``, ``agency_form_events.csv``. A database's tables and queries become
        a file each, called after them.
    progress
        Told what is being done, in a few words.
    replace
        Whether files of these names that are there already are replaced.

    Returns
    -------
    Written

    Raises
    ------
    FetchError
        The source cannot be fetched whole; the folder is as it was.
    UsageError
        A file of that name is there already.
    MissingExtraError
        PyCap or SQLAlchemy is not installed.

    Examples
    --------
    >>> fetch(read_source(Path("sources.toml"), "agency"), Path("fetched")).files  # doctest: +SKIP
    """
    files, notes = _contents(source, progress)
    there = [name for name in files if (folder / name).exists()]
    if there and not replace:
        raise UsageError(f"The folder has {', '.join(there)} already. Name another, or say that they are replaced.")
    progress("Writing the files")
    with _owner_only():
        lay(folder, files)
    return Written(files=tuple(folder / name for name in files), notes=notes)


def _contents(source: Source, progress: Callable[[str], object]) -> tuple[dict[str, bytes], tuple[str, ...]]:
    if isinstance(source, SqlSource):
        return _sql(source, progress)
    return _redcap(source, progress)


def _redcap(source: RedcapSource, progress: Callable[[str], object]) -> tuple[dict[str, bytes], tuple[str, ...]]:
    with optional_part(purpose="Fetching from REDCap", extra="redcap"):
        from casearc_sources.client import Client  # noqa: PLC0415 - an optional part
        from casearc_sources.redcap import fetch_redcap  # noqa: PLC0415 - the same
    with Client(source) as client:
        fetched = fetch_redcap(source, client, progress)
    files = {name: harmless_frame(frame).write_csv().encode() for name, frame in fetched.frames.items()}
    return files, fetched.notes


def _sql(source: SqlSource, progress: Callable[[str], object]) -> tuple[dict[str, bytes], tuple[str, ...]]:
    with optional_part(purpose="Fetching from a database", extra="sql"):
        from casearc_sources.sql import fetch_sql  # noqa: PLC0415 - an optional part
    return fetch_sql(source, progress)


@contextmanager
def _owner_only() -> Iterator[None]:
    """Files and folders made within are their owner's alone (0600, 0700)."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
