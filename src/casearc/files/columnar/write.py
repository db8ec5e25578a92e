"""Write a described table as Parquet or Arrow, with what is to be said of its columns in the file's own metadata."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from casearc.files.columnar.description import KEY, description_of
from casearc.files.columnar.footer import put_text
from casearc.files.described import Described
from casearc.files.whole import written_whole


def write_parquet(table: Described, path: Path) -> tuple[str, ...]:
    """Write a table as Parquet; its fields stand as JSON in the file's metadata under ``casearc``.

    Parameters
    ----------
    table
        The table.
    path
        Where to write; what stands there is replaced once the new file is whole.

    Returns
    -------
    tuple of str
        What the format could not carry: nothing.

    Raises
    ------
    OSError
        The file cannot be written.

    Examples
    --------
    >>> write_parquet(table, Path("visits.parquet"))  # doctest: +SKIP
    ()
    """
    with written_whole(path) as beside:
        table.frame.write_parquet(beside, metadata={KEY: description_of(table)})
    return ()


def write_arrow(table: Described, path: Path) -> tuple[str, ...]:
    """Write a table as an Arrow file, which Feather's readers read too; its fields stand as JSON in the file's footer
    under ``casearc``.

    Parameters
    ----------
    table
        The table.
    path
        Where to write; what stands there is replaced once the new file is whole.

    Returns
    -------
    tuple of str
        What the format could not carry: nothing.

    Raises
    ------
    OSError
        The file cannot be written.

    Examples
    --------
    >>> write_arrow(table, Path("visits.arrow"))  # doctest: +SKIP
    ()
    """
    with written_whole(path) as beside:
        table.frame.write_ipc(beside, compat_level=pl.CompatLevel.oldest())
        put_text(beside, KEY, description_of(table))
    return ()
