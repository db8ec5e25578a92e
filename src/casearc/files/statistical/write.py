"""Write described tables as SPSS or Stata files."""

from __future__ import annotations

from pathlib import Path

from casearc.files.described import Described
from casearc.files.statistical import spss, stata
from casearc.files.whole import written_whole


def write_spss(table: Described, path: Path) -> tuple[str, ...]:
    """Write a table as an SPSS file (.sav).

    Parameters
    ----------
    table
        The table. Choices become value labels; codes for missing become user-missing values under their names.
    path
        Where to write; what stands there is replaced once the new file is whole.

    Returns
    -------
    tuple of str
        What the format could not carry, in sentences that name columns and codes.

    Raises
    ------
    OSError
        The file cannot be written.

    Examples
    --------
    >>> write_spss(table, Path("responses.sav"))  # doctest: +SKIP
    ('Column score intake is called score_intake in the file.',)
    """
    with written_whole(path) as beside:
        return spss.write(table, beside)


def write_stata(table: Described, path: Path) -> tuple[str, ...]:
    """Write a table as a Stata file (.dta, for Stata 14 and later).

    Parameters
    ----------
    table
        The table. Choices become value labels; codes for missing become .a, .b … under their names.
    path
        Where to write; what stands there is replaced once the new file is whole.

    Returns
    -------
    tuple of str
        What the format could not carry, in sentences that name columns and codes.

    Raises
    ------
    OSError
        The file cannot be written.

    Examples
    --------
    >>> write_stata(table, Path("responses.dta"))  # doctest: +SKIP
    ('Variable mspss_1: codes for missing are letters in Stata: -91 is .a.',)
    """
    with written_whole(path) as beside:
        return stata.write(table, beside)
