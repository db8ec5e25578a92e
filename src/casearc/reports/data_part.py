"""The data report as a part of the document.

In most files a row is a record (a contact, a service) and its number is nobody's secret. Where a row stands for a
person or for one measurement of a person, numbers of rows are counts of people under another name: rows read less
rows kept would tell how many were set aside, however few. Outside the house they are not printed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from casearc.reports import numbers, words
from casearc.reports.cells import HIDDEN, PrintedCell, tally_cell, words_cell
from casearc.reports.parts import DataPart, FileRow, PrintedColumn, PrintedRow, PrintedTable
from casearc.reports.sentences import plain

TABLE_ID = "data_report"
LOOKUP = "lookup"
RECORDS = frozenset({"contacts", "services"})


def data_part(report: Mapping[str, object], *, number: Callable[[], int], full: bool) -> DataPart:
    """The data report; `full` prints every number, in the house. `number` gives the table its number."""
    files = tuple(
        _file(entry, full=full)
        for entry in _entries(report.get("files"))
        if full or entry.get("purpose") != LOOKUP  # which other files lent columns tells a reader outside nothing
    )
    return DataPart(
        files=files,
        table=_table(files, number()) if files else None,
        reasons=tuple(dict.fromkeys(reason for row in files for reason in row.reasons)),
        notes=(*_texts(report.get("notes") if full else None), *_hidden_note(files)),
    )


def _file(entry: Mapping[str, object], *, full: bool) -> FileRow:
    purpose = str(entry.get("purpose", ""))
    told = full or purpose in RECORDS

    def rows(name: str) -> int | None:
        value = entry.get(name, 0)
        return value if told and isinstance(value, int) else None

    file = str(entry.get("file", ""))
    return FileRow(
        file=file,
        purpose=purpose,
        read=rows("rows_read"),
        kept=rows("rows_kept"),
        set_aside=rows("rows_set_aside"),
        refused=rows("rows_refused"),
        reasons=tuple(_reason(file, aside, told=told) for aside in _entries(entry.get("set_aside"))),
    )


def _reason(file: str, aside: Mapping[str, object], *, told: bool) -> str:
    reason, rows = str(aside.get("reason", "")), aside.get("rows")
    return f"{file}: {reason} ({numbers.whole_text(rows)})" if told and isinstance(rows, int) else f"{file}: {reason}"


def _table(files: Sequence[FileRow], number: int) -> PrintedTable:
    fixed = words.DATA
    headings = (fixed.file, fixed.purpose, fixed.read, fixed.kept, fixed.set_aside, fixed.refused)
    ids = ("file", "purpose", "rows_read", "rows_kept", "rows_set_aside", "rows_refused")
    return PrintedTable(
        id=TABLE_ID,
        number=number,
        title=fixed.caption,
        columns=tuple(
            PrintedColumn(name, heading, numeric=i > 1)
            for i, (name, heading) in enumerate(zip(ids, headings, strict=True))
        ),
        rows=tuple(PrintedRow(_cells(row), indent=0, heading=False) for row in files),
        notes=(plain(words.HIDDEN_NOTE),) if any(row.read is None for row in files) else (),
    )


def _cells(row: FileRow) -> tuple[PrintedCell, ...]:
    return (
        words_cell(row.file),
        words_cell(row.purpose.replace("_", " ")),
        *(HIDDEN if n is None else tally_cell(n) for n in (row.read, row.kept, row.set_aside, row.refused)),
    )


def _hidden_note(files: Sequence[FileRow]) -> tuple[str, ...]:
    return (words.DATA.people,) if any(row.read is None for row in files) else ()


def _entries(value: object) -> list[Mapping[str, object]]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list | tuple) else []


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list | tuple) else []
