"""Qualtrics exports: the further header rows become labels, the paradata columns are told apart by their import ids."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from casearc.files.dialects import Dialect
from casearc.files.qualtrics.columns import OLDER, PARADATA, SEEN_NOT_ANSWERED, TIMINGS
from casearc.files.sheet import Field, Holds, MissingCode, Sheet
from casearc.language import say
from casearc.tables import FaultLog

_IMPORT_ID = re.compile(r'"ImportId"\s*:\s*"([^"]*)"')


def is_data(sheet: Sheet) -> bool:
    """Whether the second header row of Qualtrics, or its third, stands in the first rows."""
    return _header_rows(sheet) > 0


def _header_rows(sheet: Sheet) -> int:
    """Rows of the sheet that are headers, below the one with the names: 0, 1 (older exports) or 2."""
    for row in range(min(2, sheet.frame.height)):
        cells = [cell for cell in sheet.frame.row(row) if cell is not None]
        if cells and all(_IMPORT_ID.search(cell) for cell in cells):
            return row + 1
    if sheet.frame.height and {"V1", "V2"} <= set(sheet.frame.columns):
        first = sheet.frame.row(0, named=True)
        return int(sum(first[name] in OLDER for name in sheet.frame.columns if name.startswith("V")) >= len(OLDER) // 2)
    return 0


def adopt(sheet: Sheet, _companions: Mapping[str, Sheet], log: FaultLog) -> Sheet | None:
    """The responses with labels, and what is known of every column."""
    rows = _header_rows(sheet)
    if rows == 0:
        log.add(
            say("The rows below the names are not those of a Qualtrics export."),
            say('Export again as CSV with "Use numeric values", and do not edit the first three rows.'),
            file=sheet.in_words,
        )
        return None
    texts = sheet.frame.row(0, named=True)
    ids = _import_ids(sheet, rows)
    body = sheet.without_rows(rows)
    fields = {name: _field(name, ids[name], texts[name] or "", body) for name in body.frame.columns}
    untimed = [name for name in body.frame.columns if name.endswith(TIMINGS)]
    notes = [say("{count} columns hold timings of pages.", count=len(untimed))] if untimed else []
    return replace(body, format="qualtrics", fields=fields, notes=(*sheet.notes, *notes))


def _import_ids(sheet: Sheet, rows: int) -> dict[str, str]:
    """What Qualtrics imports each column under; of older exports, what their second row says."""
    last = sheet.frame.row(rows - 1, named=True)
    found = {name: _IMPORT_ID.search(cell or "") for name, cell in last.items()}
    if any(found.values()):
        return {name: match[1] if match else "" for name, match in found.items()}
    return {
        name: OLDER.get(cell or "", "") if name.startswith("V") else OLDER.get(name, "") for name, cell in last.items()
    }


def _field(name: str, import_id: str, text: str, body: Sheet) -> Field:
    known = PARADATA.get(import_id)
    if known is not None:
        return replace(known, name=name)
    if name.endswith(TIMINGS):
        return Field(name=name, label="Seconds or clicks on a page", holds=Holds.NUMBER, section="timings")
    unanswered = (body.frame[name] == SEEN_NOT_ANSWERED).any()
    missing = (MissingCode(code=SEEN_NOT_ANSWERED, name="seen and not answered"),) if unanswered else ()
    question = import_id.partition("_")[0] if import_id.startswith("QID") else ""
    return Field(name=name, label=text, missing=missing, section=question)


DIALECT = Dialect(id="qualtrics", title="Qualtrics", is_data=is_data, adopt=adopt)
