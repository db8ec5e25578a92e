"""Writing a made-up program as the contract's CSV files."""

from __future__ import annotations

from pathlib import Path

from casearc.errors import UsageError
from casearc.synthetic.make import Program


def write_program(program: Program, folder: str | Path, *, replace: bool = False) -> tuple[Path, ...]:
    """Write each table as ``<table>.csv`` (UTF-8, header row, empty cell = missing). The truth is not written.

    Parameters
    ----------
    program
        What `make_program` returned.
    folder
        Made if it does not exist.
    replace
        Write over files of these names. Off by default: they could be an agency's own.

    Returns
    -------
    tuple of Path
        The files, in the order of the tables.

    Raises
    ------
    UsageError
        A file of that name is there already, or the folder is a file.
    """
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file. Name a folder for the made-up program.")
    paths = {name: target / f"{name}.csv" for name in program.tables}
    there = [path.name for path in paths.values() if path.exists()]
    if there and not replace:
        raise UsageError(
            f"{target} already holds {', '.join(there)}. Made-up data are not written over files that could be "
            "an agency's own. Name another folder, or allow replacing them."
        )
    target.mkdir(parents=True, exist_ok=True)
    for name, table in program.tables.items():
        table.write_csv(paths[name])
    return tuple(paths.values())
