"""Reading SPSS, Stata and SAS files in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from casearc.files.header import names_are_sound
from casearc.files.reading import Reading
from casearc.files.sheet import Field, Sheet, sheet_of
from casearc.files.statistical.cells import column_of
from casearc.files.statistical.fields import field_of
from casearc.files.statistical.library import Outline, Source, encoding_is_known, groups_of, outline_of
from casearc.files.statistical.programs import POR, SAS7BDAT, XPORT, program_of
from casearc.tables import FaultLog

_MULTIPLE_ANSWERS = "The columns {columns} are one question with several answers, which the file calls {name}."

_NOT_READ = (
    (SAS7BDAT, "A SAS data set holds no labels of codes; they lie in a catalog apart, which is not read."),
    (XPORT, "SAS's special codes for missing (.A to .Z) in a transport file are read as empty cells."),
    (POR, "SPSS's codes for missing in a portable file are read as empty cells; a .sav file keeps them."),
)


def read(path: Path, *, name: str, log: FaultLog, reading: Reading) -> tuple[Sheet, ...]:
    """The sheet of a file, read in this process.

    Parameters
    ----------
    path, name, log, reading
        As every reader takes them.

    Returns
    -------
    tuple of Sheet
        One sheet, or () after logging why there is none.

    Examples
    --------
    >>> read(Path("waves.sav"), name="waves.sav", log=FaultLog(), reading=Reading())  # doctest: +SKIP
    """
    program = program_of(path, name=name, log=log, reading=reading)
    if program is None:
        return ()
    source = Source(path=path, name=name, program=program, log=log, encoding=reading.encoding)
    if not encoding_is_known(source):
        return ()
    outline = outline_of(source)
    if outline is None or not names_are_sound(_as_in_file(outline.columns), file=name, log=log, row=None):
        return ()
    sheet = _sheet(source, outline)
    return () if sheet is None else (sheet,)


def _as_in_file(columns: Sequence[str]) -> list[str]:
    """The library gives the second of two columns with one name another; here each has its own again."""
    originals = {each: each.partition("_duplicated")[0] for each in columns}
    return [original if original in columns else each for each, original in originals.items()]


def _sheet(source: Source, outline: Outline) -> Sheet | None:
    columns: list[pl.Series] = []
    fields: dict[str, Field] = {}
    notes: list[str] = []
    for group in groups_of(source, outline):
        if group is None:
            return None
        cells, meta = group
        for each in list(cells):
            column = column_of(each, cells[each], program=source.program.id, meta=meta)
            fields[each] = field_of(column, tags=meta.missing_user_values.get(each, ()), meta=outline.meta)
            columns.append(column.text)
            notes += column.notes
    form = source.program.id
    sheet = sheet_of(source.name, form, pl.DataFrame(columns), fields=fields)
    return replace(_with_sets(sheet, outline.meta), notes=(*notes, *_notes(source, outline)))


def _with_sets(sheet: Sheet, meta: Any) -> Sheet:
    """The columns of a multiple-response set know which question they belong to."""
    fields = dict(sheet.fields)
    for name, members in _sets(meta).items():
        for each in members:
            label = fields[each].label or each
            fields[each] = replace(fields[each], question=meta.mr_sets[name]["label"] or name, choice=label)
    return replace(sheet, fields=fields)


def _sets(meta: Any) -> Mapping[str, list[str]]:
    """Multiple-response sets and their columns; the library writes these in small letters."""
    names = {each.casefold(): each for each in meta.column_names}
    return {
        name: [names[each.casefold()] for each in found["variable_list"] if each.casefold() in names]
        for name, found in (meta.mr_sets or {}).items()
    }


def _notes(source: Source, outline: Outline) -> list[str]:
    notes = [
        _MULTIPLE_ANSWERS.format(columns=", ".join(members), name=name)
        for name, members in _sets(outline.meta).items()
        if members
    ]
    return notes + [note for program, note in _NOT_READ if source.program is program]
