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
from casearc.files.statistical.catalog import with_labels
from casearc.files.statistical.cells import column_of
from casearc.files.statistical.fields import field_of
from casearc.files.statistical.library import Outline, encoding_is_known, groups_of, outline_of
from casearc.files.statistical.misread import is_misread
from casearc.files.statistical.notes import fields_in
from casearc.files.statistical.programs import DTA, POR, SAS7BDAT, XPORT, program_of
from casearc.files.statistical.refusals import AGAIN
from casearc.files.statistical.source import Source
from casearc.files.statistical.transport import DataSet, data_sets_of
from casearc.language import say, to_say
from casearc.tables import FaultLog

_MULTIPLE_ANSWERS = to_say("The columns {columns} are one question with several answers, which the file calls {name}.")

_MISREAD = to_say(
    "Letters with accents look misread, as if the text were UTF-8 though the file says otherwise: write "
    'encoding = "utf-8" under [file."{name}"] in the mapping, and look at them again.'
)
_NO_LABELS = to_say(
    "A SAS file holds no labels of codes; they lie in a catalog apart. Give the .sas7bcat with the .sas7bdat if there "
    "is one."
)
_NOR_HERE = to_say(
    "A SAS file holds no labels of codes; they lie in a catalog apart, which is read beside a .sas7bdat alone."
)
_NOT_TOLD = (
    (
        XPORT,
        to_say("SAS's special codes for missing (.A to .Z) are read as empty cells: a newer pyreadstat gives them."),
    ),
    (POR, to_say("SPSS's codes for missing are read as empty cells: a .sav file keeps them, or a newer pyreadstat.")),
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
        One sheet; of a SAS transport file one a data set. () after logging why there is none.

    Examples
    --------
    >>> read(Path("waves.sav"), name="waves.sav", log=FaultLog(), reading=Reading())  # doctest: +SKIP
    """
    program = program_of(path, name=name, log=log, reading=reading)
    if program is None:
        return ()
    catalog = reading.companions.get("catalog", "") if program is SAS7BDAT else ""
    source = Source(path=path, name=name, program=program, log=log, encoding=reading.encoding, catalog=catalog)
    if not encoding_is_known(source):
        return ()
    parts = data_sets_of(path) if program is XPORT else ()
    if parts:
        return _several(source, parts)
    sheet = _read(source)
    return () if sheet is None else (sheet,)


def _several(source: Source, parts: Sequence[DataSet]) -> tuple[Sheet, ...]:
    """A sheet for each data set that has columns, or none where one of them cannot be read."""
    filled = [each for each in parts if each.columns]
    if not filled:
        source.log.add(say("The file has no columns."), say(AGAIN), file=source.name)
    sheets = [_read(replace(source, name=f"{source.name}#{each.name}", content=each.content)) for each in filled]
    whole = [sheet for sheet in sheets if sheet is not None]
    empty = [
        say("The data set {name} of the file has no columns.", name=each.name) for each in parts if not each.columns
    ]
    return tuple(replace(sheet, notes=(*sheet.notes, *empty)) for sheet in whole) if len(whole) == len(sheets) else ()


def _read(source: Source) -> Sheet | None:
    outline = outline_of(source)
    if outline is None or not names_are_sound(
        _as_in_file(outline.columns), file=source.in_words, log=source.log, row=None
    ):
        return None
    if source.catalog and not with_labels(source, outline.meta):
        return None
    return _sheet(source, outline)


def _as_in_file(columns: Sequence[str]) -> list[str]:
    """The library gives the second of two columns with one name another; here each has its own again."""
    originals = {each: each.partition("_duplicated")[0] for each in columns}
    return [original if original in columns else each for each, original in originals.items()]


def _sheet(source: Source, outline: Outline) -> Sheet | None:
    noted = _noted(source, outline)
    if noted is None:
        return None
    columns: list[pl.Series] = []
    fields: dict[str, Field] = {}
    notes: list[str] = []
    for group in groups_of(source, outline):
        if group is None:
            return None
        cells, meta = group
        for each in list(cells):
            column = column_of(each, cells[each], program=source.program.id, meta=meta)
            tags = meta.missing_user_values.get(each, ())
            fields[each] = field_of(column, tags=tags, meta=outline.meta, noted=noted.get(each))
            columns.append(column.text)
            notes += column.notes
    form = source.program.id
    sheet = sheet_of(source.name, form, pl.DataFrame(columns), fields=fields)
    if source.program.takes_encoding and is_misread(sheet.frame, sheet.fields.values()):
        notes.append(say(_MISREAD, name=source.name))
    return replace(_with_sets(sheet, outline.meta), notes=(*notes, *_notes(source, outline)))


def _noted(source: Source, outline: Outline) -> Mapping[str, Field] | None:
    """What Casearc noted of columns in a Stata file; None after logging that a note of its own is damaged."""
    try:
        return fields_in(outline.meta.notes or ()) if source.program is DTA else {}
    except ValueError:
        source.log.add(
            say("A note that Casearc wrote into the file is damaged, or of a later version."),
            say("Export the file again, or remove the note in Stata: notes drop _dta."),
            file=source.in_words,
        )
        return None


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
        say(_MULTIPLE_ANSWERS, columns=", ".join(members), name=name)
        for name, members in _sets(outline.meta).items()
        if members
    ]
    if source.program is SAS7BDAT and not source.catalog:
        notes.append(say(_NO_LABELS))
    if source.program is XPORT:
        notes.append(say(_NOR_HERE))
    return notes + [say(note) for each, note in _NOT_TOLD if source.program is each and not each.tells_missing]
