"""Columns that the program of a file fills in by itself: nobody was asked, and no table takes them by their names."""

from __future__ import annotations

from casearc.files.qualtrics.columns import PARADATA
from casearc.files.redcap.columns import OWN
from casearc.files.sheet import Sheet
from casearc.files.xlsform.system import SECTION

_OF_RESPONSES = ("response_id", "encounter", "authored", "status", "questionnaire", "version")
_OF_SURVEYS = {each.label for name, each in PARADATA.items() if name != "externalDataReference"}
"""Qualtrics' own, save the reference by which a program names the person."""


def filled_in_by_program(sheet: Sheet, name: str) -> bool:
    """Whether a column is the program's own.

    Parameters
    ----------
    sheet
        A sheet of data as its program meant it.
    name
        A column of it.

    Returns
    -------
    bool

    Examples
    --------
    >>> import polars as pl
    >>> from casearc.files.sheet import sheet_of
    >>> sheet = sheet_of("data.csv", "redcap", pl.DataFrame({"intake_complete": ["2"]}))
    >>> filled_in_by_program(sheet, "intake_complete")
    True
    """
    column = sheet.field(name)
    if sheet.format == "redcap":
        return name in OWN or name.endswith(("_complete", "_timestamp"))
    if sheet.format == "fhir":
        return name in _OF_RESPONSES
    if sheet.format == "qualtrics":
        return column.section == "timings" or column.label in _OF_SURVEYS
    return column.section == SECTION
