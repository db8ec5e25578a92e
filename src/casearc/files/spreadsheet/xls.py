"""A first pass over the worksheets of an XLS workbook: how far they reach, and which cells show an error.

The library that reads the cells makes room for every cell between the outermost two, of all worksheets at once, and
gives an error as an empty cell. This one is slower and holds one worksheet at a time.
"""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from xlrd import XL_CELL_BLANK, XL_CELL_EMPTY, XL_CELL_ERROR, XL_CELL_TEXT, open_workbook
from xlrd.sheet import Sheet

from casearc.files.spreadsheet.found import MOST_TEXT, Found, remember

_BLANK = (XL_CELL_EMPTY, XL_CELL_BLANK)


def scan_xls(path: Path) -> dict[str, Found]:
    """What is found in each worksheet, by name.

    Raises
    ------
    Exception
        Of any kind, where the workbook is damaged or has a password: the library knows no common one.
    """
    found = {}
    with open_workbook(path, logfile=StringIO(), on_demand=True, ragged_rows=True) as workbook:
        for name in workbook.sheet_names():
            found[name] = _scan(workbook.sheet_by_name(name))
            workbook.unload_sheet(name)
    return found


def _scan(page: Sheet) -> Found:
    found = Found()
    for row in range(page.nrows):
        kinds = page.row_types(row)
        filled = [column for column, kind in enumerate(kinds, start=1) if kind not in _BLANK]
        if filled:
            found.fill((row + 1, filled[0]), (row + 1, filled[-1]))
        if XL_CELL_TEXT in kinds:
            found.text += sum(len(text) for text in page.row_values(row) if isinstance(text, str))
        if found.text > MOST_TEXT:
            break
        if XL_CELL_ERROR in kinds:
            for column, kind in enumerate(kinds, start=1):
                if kind == XL_CELL_ERROR:
                    remember(found.errors, (row + 1, column))
    return found
