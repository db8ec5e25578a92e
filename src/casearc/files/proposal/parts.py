"""A sheet cut into parts that each hold rows of one kind: a REDCap export has a form's rows between those of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any as Anything

import polars as pl

from casearc.files.proposal.profile import Profile, profile
from casearc.files.sheet import Sheet

EVENT, REPEAT, INSTANCE = "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"
_KEYS = (EVENT, REPEAT, INSTANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows and columns of a sheet that belong together.

    name
        What it is called: the form's name, else the sheet's.
    where
        Conditions of a mapping that single its rows out.
    keys
        Columns that are there in every part of the sheet: record, event, instance.
    """

    name: str
    sheet: Sheet
    rows: pl.DataFrame
    profiles: Mapping[str, Profile]
    where: tuple[dict[str, Anything], ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """What a mapping calls the sheet."""
        return self.sheet.name


def parts_of(sheet: Sheet) -> tuple[Part, ...]:
    """The parts of a sheet; a sheet of one kind of rows is one part."""
    sections = dict.fromkeys(each.section for each in sheet.fields.values() if each.section)
    if sheet.format != "redcap" or not sections:
        stem = sheet.name.partition("#")[2] or sheet.name.partition("#")[0].rsplit(".", 1)[0]
        return (_part(sheet, stem, list(sheet.frame.columns), sheet.frame, where=(), keys=()),)
    keys = [name for name in sheet.frame.columns if name in _KEYS or name == sheet.frame.columns[0]]
    found = [_form(sheet, section, keys) for section in sections]
    return tuple(part for part in found if part is not None)


def _form(sheet: Sheet, section: str, keys: list[str]) -> Part | None:
    own = [name for name in sheet.frame.columns if sheet.field(name).section == section and name not in keys]
    telling = [name for name in own if not name.endswith("_complete")]
    if not telling:
        return None
    filled = sheet.frame.filter(pl.any_horizontal(pl.col(telling).is_not_null()))
    where: list[dict[str, Anything]] = []
    if REPEAT in keys:
        repeating = (filled[REPEAT] == section).any()
        filled = filled.filter((pl.col(REPEAT) == section) if repeating else pl.col(REPEAT).is_null())
        where.append({"column": REPEAT, "equals": section} if repeating else {"column": REPEAT, "is": "empty"})
    if EVENT in keys and (events := filled[EVENT].drop_nulls().unique(maintain_order=True).to_list()):
        where.append({"column": EVENT, "one_of": events})
    return _part(sheet, section, [*keys, *own], filled, where=tuple(where), keys=tuple(keys))


def _part(
    sheet: Sheet,
    name: str,
    columns: list[str],
    rows: pl.DataFrame,
    *,
    where: tuple[dict[str, Anything], ...],
    keys: tuple[str, ...],
) -> Part:
    own = Sheet(
        name=sheet.name, format=sheet.format, frame=rows.select(columns), places=sheet.places, fields=sheet.fields
    )
    profiles = {column: profile(own, column) for column in columns}
    return Part(name=name, sheet=sheet, rows=own.frame, profiles=profiles, where=where, keys=keys)
