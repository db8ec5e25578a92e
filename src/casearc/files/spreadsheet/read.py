"""Read workbooks: XLSX, XLS and ODS.

A first pass decides whether the file may be opened and finds what is more than a plain cell; then the cells are read by
calamine, which is fast and knows all three formats.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException
from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from casearc.files.header_pair import PAIR
from casearc.files.reading import Reading
from casearc.files.sheet import Sheet
from casearc.files.spreadsheet.archive import DAMAGED, PASSWORD, Archive, open_archive, said
from casearc.files.spreadsheet.book import Book, read_book
from casearc.files.spreadsheet.cells import Cell, text_frame
from casearc.files.spreadsheet.checks import merged_in_data, report, small_enough
from casearc.files.spreadsheet.found import MOST_TEXT, Found
from casearc.files.spreadsheet.ods import WorkbookScan
from casearc.files.spreadsheet.scan import WorksheetScan
from casearc.files.spreadsheet.table import Worksheet, has_pair, likely_header, sheet_of_worksheet, with_pair
from casearc.files.spreadsheet.xls import scan_xls
from casearc.language import say, to_say
from casearc.tables import FaultLog

_UNCHECKED = to_say(
    "In this old format formulas cannot be told from typed cells; their last results were "
    "taken. Saved as XLSX, formulas are checked."
)


@dataclass(slots=True, kw_only=True)
class _Scan:
    """What the first pass over all worksheets found, by name."""

    found: dict[str, Found] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    book: Book | None = None


@dataclass(slots=True, kw_only=True)
class _Headers:
    """What headers look like: worksheets with the row of names below a title, and those with names in two rows."""

    titled: dict[str, int] = field(default_factory=dict)
    paired: list[str] = field(default_factory=list)


def read(path: Path, *, name: str, log: FaultLog, reading: Reading) -> tuple[Sheet, ...]:
    """The sheets of a workbook, one a worksheet that has cells.

    Parameters
    ----------
    path, name
        Where it is, and what a mapping calls it.
    log
        Takes every fault.
    reading
        `header_row` says in which row the column names stand.

    Returns
    -------
    tuple of Sheet
        Named ``cases.xlsx#Contacts``, or ``cases.xlsx`` where only one worksheet has cells. () after logging why.

    Examples
    --------
    >>> from pathlib import Path
    >>> from casearc.files.reading import Reading
    >>> from casearc.tables import FaultLog
    >>> [each.name for each in read(Path("cases.xlsx"), name="cases.xlsx", log=FaultLog(), reading=Reading())]
    ... # doctest: +SKIP
    ['cases.xlsx#Clients', 'cases.xlsx#Contacts']
    """
    return _read(path, name=name, log=log, reading=reading, seen=_Headers())


def header_rows_below_titles(path: Path, *, name: str) -> Mapping[str, int]:
    """Where the column names seem to stand on worksheets that have a title above them.

    Parameters
    ----------
    path, name
        Where the workbook is, and what a mapping calls it.

    Returns
    -------
    Mapping
        The worksheet's own name -> the row; worksheets without a title, and files that cannot be read, are left out.

    Examples
    --------
    >>> header_rows_below_titles(Path("cases.xlsx"), name="cases.xlsx")  # doctest: +SKIP
    {'Contacts': 3}
    """
    seen = _Headers()
    _read(path, name=name, log=FaultLog(), reading=Reading(), seen=seen)
    return seen.titled


def header_heights(path: Path, *, name: str, header_rows: Mapping[str, int]) -> Mapping[str, int]:
    """In how many rows the column names stand on worksheets where it is more than one.

    Parameters
    ----------
    path, name
        Where the workbook is, and what a mapping calls it.
    header_rows
        The worksheet's own name -> the first row of its names, where that is not the first of all.

    Returns
    -------
    Mapping

    Examples
    --------
    >>> header_heights(Path("survey.xlsx"), name="survey.xlsx", header_rows={})  # doctest: +SKIP
    {'Sheet': 2}
    """
    seen = _Headers()
    _read(path, name=name, log=FaultLog(), reading=Reading(header_rows=header_rows), seen=seen)
    return dict.fromkeys(seen.paired, PAIR)


def _read(path: Path, *, name: str, log: FaultLog, reading: Reading, seen: _Headers) -> tuple[Sheet, ...]:
    """The sheets. `seen` takes what their headers look like."""
    archive = open_archive(path, name=name, log=log)
    if archive is None:
        return ()
    scan = _first_pass(archive, name=name, log=log)
    if scan is None or not small_enough(scan.found, name=name, log=log):
        return ()
    try:
        with path.open("rb") as file, CalamineWorkbook.from_object(file) as workbook:
            return _sheets(workbook, archive, scan, name=name, log=log, reading=reading, seen=seen)
    except PasswordError:
        log.add(*said(PASSWORD), file=name)
    except BaseException as error:  # a panic of the library below is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        log.add(*said(DAMAGED), file=name)
    return ()


def _first_pass(archive: Archive, *, name: str, log: FaultLog) -> _Scan | None:
    if archive.kind == "xls":
        return _scan_old(archive, name=name, log=log)
    try:
        with zipfile.ZipFile(archive.path) as zipped:
            return _scan_xlsx(zipped, archive) if archive.kind == "xlsx" else _scan_ods(zipped, archive)
    except (DefusedXmlException, ExpatError, zipfile.BadZipFile, ValueError, LookupError, OSError):
        log.add(*said(DAMAGED), file=name)
        return None


def _scan_old(archive: Archive, *, name: str, log: FaultLog) -> _Scan | None:
    try:
        return _Scan(found=scan_xls(archive.path))
    except Exception as error:  # the library raises whatever its parts raise
        log.add(*said(PASSWORD if "encrypted" in str(error) else DAMAGED), file=name)
        return None


def _scan_xlsx(zipped: zipfile.ZipFile, archive: Archive) -> _Scan:
    book = read_book(zipped, archive)
    scan = _Scan(book=book)
    for sheet, part in book.sheets.items():
        size = zipped.getinfo(part).file_size
        large = size > MOST_TEXT
        found = _scan_worksheet(zipped, part, book, weigh=large)
        if not large and found.shared * book.longest + size > MOST_TEXT:
            found = _scan_worksheet(zipped, part, book, weigh=True)
        scan.found[sheet] = found
    return scan


def _scan_worksheet(zipped: zipfile.ZipFile, part: str, book: Book, *, weigh: bool) -> Found:
    with zipped.open(part) as source:
        return WorksheetScan(book, weigh=weigh).run(source)


def _scan_ods(zipped: zipfile.ZipFile, archive: Archive) -> _Scan:
    content = WorkbookScan()
    with zipped.open(archive.parts["content.xml"]) as source:
        content.run(source)
    return _Scan(found=content.found, hidden=frozenset(content.hidden))


def _sheets(
    workbook: CalamineWorkbook,
    archive: Archive,
    scan: _Scan,
    *,
    name: str,
    log: FaultLog,
    reading: Reading,
    seen: _Headers,
) -> tuple[Sheet, ...]:
    pages = [each for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
    filled = [each for each in pages if each.name in scan.found and scan.found[each.name].bottom]
    opened = {each.name: workbook.get_sheet_by_name(each.name) for each in filled}
    opened = {each: page for each, page in opened.items() if page.start is not None}
    before = log.total
    if not opened:
        log.add(say("No worksheet of the workbook has cells."), say("Charts and pictures are not read."), file=name)
    if scan.book is not None and scan.book.reaches_out:
        log.add(
            say("The workbook has links that start other programs (DDE or OLE)."),
            say("Copy the cells into a new workbook and paste them as values."),
            file=name,
        )
    shared = _notes(workbook, pages, archive, opened=len(opened))
    sheets = []
    for each in filled:
        if each.name in opened:
            full = name if len(opened) == 1 else f"{name}#{each.name}"
            hidden = each.visible != SheetVisibleEnum.Visible or each.name in scan.hidden
            notes = (
                *shared,
                *((say("The worksheet {name} is hidden; it was read.", name=each.name),) if hidden else ()),
            )
            found = scan.found.get(each.name, Found())
            page = _Page(own=each.name, full=full, page=opened[each.name], found=found, notes=notes)
            row = reading.header_rows.get(each.name, reading.header_row)
            height = reading.header_heights.get(each.name, reading.header_height)
            sheets.append(_sheet(page, archive.kind, scan.book, log=log, header=(row, height), seen=seen))
    return tuple(each for each in sheets if each is not None) if log.total == before else ()


def _notes(workbook: CalamineWorkbook, pages: list[SheetMetadata], archive: Archive, *, opened: int) -> tuple[str, ...]:
    notes = list(archive.notes)
    others = len(workbook.sheets_metadata) - len(pages)
    if others:
        notes.append(
            say(
                "{others} sheets of the workbook hold no cells (charts, dialogs, macros) and were left out.",
                others=others,
            )
        )
    if len(pages) > opened:
        notes.append(say("{count} worksheets are empty and were left out.", count=len(pages) - opened))
    if archive.kind == "xls":
        notes.append(say(_UNCHECKED))
    return tuple(notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """One worksheet on its way: its own name and that for a mapping, its cells, what is known of it."""

    own: str
    full: str
    page: CalamineSheet
    found: Found
    notes: tuple[str, ...]


def _sheet(
    page: _Page, kind: str, book: Book | None, *, log: FaultLog, header: tuple[int, int], seen: _Headers
) -> Sheet | None:
    header_row, height = header
    worksheet = _worksheet(page, header_row)
    if height == PAIR:
        worksheet = with_pair(worksheet)
    likely = likely_header(worksheet)
    if likely is not None:
        seen.titled[page.own] = likely
    elif height != PAIR and has_pair(worksheet):
        seen.paired.append(page.own)
    noted = report(page.found, page.full, named=worksheet.name_of, book=book, log=log)
    before = log.total
    made = sheet_of_worksheet(worksheet, form=kind, notes=(*page.notes, *noted), log=log)
    if log.total == before:
        merged = page.found.merged or _merged(page.page)
        last = worksheet.first_row + worksheet.frame.height - 1
        below = header_row + height - 1  # a question may be merged over the rows of its grid
        merged_in_data(merged, page.full, header_row=below, last_row=last, log=log)
    return made


def _merged(page: CalamineSheet) -> list[tuple[int, int, int, int]]:
    """Merged ranges as the library finds them, counted from 1."""
    return [(top + 1, down + 1, left + 1, right + 1) for (top, left), (down, right) in page.merged_cell_ranges or ()]


def _worksheet(page: _Page, header_row: int) -> Worksheet:
    top, left, rows = _rows(page.page)
    above = list(islice(rows, max(header_row + 1 - top, 0)))
    header = above[-1] if above and top + len(above) - 1 == header_row else []
    names, _ = text_frame([header] if header else [], width=page.page.width)
    frame, kinds = text_frame(rows, width=page.page.width)
    filled = [cell or "" for cell in names.row(0)] if names.height else [""] * page.page.width
    return Worksheet(
        name=page.full,
        header_row=header_row,
        header=[*([""] * (left - 1)), *filled],
        left=left,
        first_row=top + len(above),
        frame=frame,
        kinds=kinds,
    )


def _rows(page: CalamineSheet) -> tuple[int, int, Iterator[list[Cell]]]:
    """Row and column of the first cell, and the rows. The library may or may not give the blank rows above it."""
    start = page.start or (0, 0)
    rows: Iterator[list[Cell]] = page.iter_rows()
    first = next(rows, [])
    given = start[0] > 0 and all(cell == "" for cell in first)
    return (1 if given else start[0] + 1), start[1] + 1, chain([first], rows)
