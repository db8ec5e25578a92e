"""Writing a made-up program as the contract's CSV files."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from casearc.errors import UsageError
from casearc.synthetic.make import Program
from casearc.synthetic.settings import PROGRAM_NAME
from casearc.tables import TABLES

_TELLS = "enrollments"


def write_program(program: Program, folder: str | Path) -> tuple[Path, ...]:
    """Write each table as ``<table>.csv`` (UTF-8, header row, empty cell = missing). The truth is not written.

    An earlier made-up program in the folder is replaced. Other files of these names are not: they could be an
    agency's own.

    Parameters
    ----------
    program
        What `make_program` returned.
    folder
        Made if it does not exist.

    Returns
    -------
    tuple of Path
        The files, in the order of the tables.

    Raises
    ------
    UsageError
        Files of these names are there that are not a made-up program's, or the folder is a file.

    Examples
    --------
    >>> write_program(make_program(seed=1), "files")[0].name  # doctest: +SKIP
    'participants.csv'
    """
    target = Path(folder)
    paths = {name: target / f"{name}.csv" for name in program.tables}
    check_replaceable(target)
    target.mkdir(parents=True, exist_ok=True)
    for name, table in program.tables.items():
        table.write_csv(paths[name])
    return tuple(paths.values())


def check_replaceable(folder: str | Path) -> None:
    """Refuse a folder that a made-up program may not be written into.

    Raises
    ------
    UsageError
        Files of the tables' names are there that are not a made-up program's, or the folder is a file.
    """
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file. Name a folder for the made-up program.")
    there = [path for name in TABLES if (path := target / f"{name}.csv").exists()]
    if there and not _made_up(target / f"{_TELLS}.csv"):
        raise UsageError(
            f"{target} already holds {', '.join(path.name for path in there)}, and these are not a made-up "
            "program's. Made-up data are never written over files that could be an agency's own: name another folder."
        )


def _made_up(enrollments: Path) -> bool:
    """Whether every enrollment in the file is in the made-up program."""
    if not enrollments.is_file():
        return False
    try:
        programs = pl.read_csv(enrollments, infer_schema=False)["program"]
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        return False
    return programs.len() > 0 and programs.eq(PROGRAM_NAME).all(ignore_nulls=False) is True
