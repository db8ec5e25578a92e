"""A sheet cut into parts that each hold rows of one kind: a REDCap export has a form's rows between those of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any as Anything

import polars as pl

from casearc.files.proposal.draft import Draft
from casearc.files.proposal.profile import Profile, profile
from casearc.files.proposal.sums import without_sums
from casearc.files.sheet import Holds, Sheet
from casearc.language import say

EVENT, REPEAT, INSTANCE = "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"
_KEYS = (EVENT, REPEAT, INSTANCE)
_NO_ANSWERS = ("1", "2", "8", "12", "17")
_NO_ANSWERS_IN_WORDS = ("Survey Preview", "Survey Test", "Spam", "Offline Survey Preview")
_OFFSET, _UNIQUE = "day_offset", "unique_event_name"
_ROW = "_hash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows and columns of a sheet that belong together.

    name
        What it is called: the form's name, else the sheet's.
    where
        Conditions of a mapping that single its rows out.
    keys
        Columns that are there in every part of the sheet and filled in this one: record, event, instance.
    beside
        Dates that other forms have in the same rows.
    offsets
        Event -> day on which the project schedules it.
    """

    name: str
    sheet: Sheet
    rows: pl.DataFrame
    profiles: Mapping[str, Profile]
    where: tuple[dict[str, Anything], ...] = ()
    keys: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    offsets: Mapping[str, str] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """What a mapping calls the sheet."""
        return self.sheet.name


def parts_of(draft: Draft, sheet: Sheet, companions: Mapping[str, Sheet] | None = None) -> tuple[Part, ...]:
    """The parts of a sheet, given what describes it; a sheet of one kind of rows is one part. `draft` takes the
    question whether rows at the end are sums."""
    sections = dict.fromkeys(each.section for each in sheet.fields.values() if each.section)
    if sheet.format != "redcap" or not sections:
        stem = sheet.name.partition("#")[2] or sheet.name.partition("#")[0].rsplit(".", 1)[0]
        rows, where = _answered(sheet) if sheet.format == "qualtrics" else without_sums(draft, sheet)
        return (_part(sheet, stem, list(sheet.frame.columns), rows, where=where),)
    keys = [name for name in sheet.frame.columns if name in _KEYS or name == sheet.frame.columns[0]]
    offsets = _offsets((companions or {}).get("events"))
    found = [_form(sheet, section, keys, offsets) for section in sections]
    return tuple(part for part in found if part is not None)


def _answered(sheet: Sheet) -> tuple[pl.DataFrame, tuple[dict[str, Anything], ...]]:
    """Of a survey service's responses those that people gave, and the condition that says so."""
    status = next((name for name, each in sheet.fields.items() if "17" in each.choices), None)
    if status is None:
        return sheet.frame, ()
    numbers = sheet.frame[status].drop_nulls().str.contains(r"^\d+$").all()
    unwanted = list(_NO_ANSWERS if numbers else _NO_ANSWERS_IN_WORDS)
    rows = sheet.frame.filter(pl.col(status).is_in(unwanted).fill_null(value=False).not_())
    return rows, (
        {"column": status, "not_in": unwanted, "reason": say("a preview, a test or spam ({status})", status=status)},
    )


def _offsets(events: Sheet | None) -> dict[str, str]:
    if events is None or not {_OFFSET, _UNIQUE} <= set(events.frame.columns):
        return {}
    pairs = events.frame.select(_UNIQUE, _OFFSET).drop_nulls().iter_rows()
    return dict(pairs)


def _form(sheet: Sheet, section: str, keys: list[str], offsets: Mapping[str, str]) -> Part | None:
    own = [name for name in sheet.frame.columns if sheet.field(name).section == section and name not in keys]
    telling = [name for name in own if not name.endswith(("_complete", "_timestamp"))]
    if not telling:
        return None
    filled = sheet.frame.filter(_filled(sheet, telling))
    where: list[dict[str, Anything]] = []
    repeating = REPEAT in keys and bool((filled[REPEAT] == section).any())
    if REPEAT in keys:
        filled = filled.filter((pl.col(REPEAT) == section) if repeating else pl.col(REPEAT).is_null())
        where.append({"column": REPEAT, "equals": section} if repeating else {"column": REPEAT, "is": "empty"})
    if EVENT in keys and not repeating:
        events = filled[EVENT].drop_nulls().unique(maintain_order=True).to_list()
        if events and len(events) < sheet.frame[EVENT].drop_nulls().n_unique():
            where.append({"column": EVENT, "one_of": events})
    used = [name for name in keys if filled[name].null_count() < filled.height]
    beside = [] if repeating else _dates_beside(sheet, section, filled)
    return _part(
        sheet, section, [*used, *own, *beside], filled, where=tuple(where), keys=used, beside=beside, offsets=offsets
    )


def _filled(sheet: Sheet, columns: Sequence[str]) -> pl.Expr:
    """Whether a row holds anything of a form: boxes that are not ticked stand everywhere."""
    boxes = [name for name in columns if sheet.field(name).question and sheet.field(name).choice]
    others = [pl.col(name).is_not_null() for name in columns if name not in boxes]
    ticked = [(pl.col(name) != "0").fill_null(value=False) for name in boxes]
    return pl.any_horizontal([*others, *ticked])


def _dates_beside(sheet: Sheet, section: str, rows: pl.DataFrame) -> list[str]:
    """Dates of other forms that stand in the rows of this one."""
    dates = [
        name
        for name in rows.columns
        if sheet.field(name).holds in (Holds.DATE, Holds.MOMENT) and sheet.field(name).section not in ("", section)
    ]
    return [name for name in dates if rows[name].null_count() < rows.height]


def _part(
    sheet: Sheet,
    name: str,
    columns: list[str],
    rows: pl.DataFrame,
    *,
    where: tuple[dict[str, Anything], ...],
    keys: Sequence[str] = (),
    beside: Sequence[str] = (),
    offsets: Mapping[str, str] | None = None,
) -> Part:
    own = Sheet(
        name=sheet.name,
        format=sheet.format,
        frame=rows.select(columns),
        places=_places(sheet, rows),
        fields=sheet.fields,
    )
    return Part(
        name=name,
        sheet=sheet,
        rows=own.frame,
        profiles={column: profile(own, column) for column in columns},
        where=where,
        keys=tuple(keys),
        beside=tuple(beside),
        offsets=offsets or {},
    )


def _places(sheet: Sheet, rows: pl.DataFrame) -> pl.DataFrame:
    """Where some rows of a sheet stand; of rows that are the same in every cell the first place."""
    if rows.height == sheet.frame.height:
        return sheet.places
    told = sheet.places.with_columns(sheet.frame.hash_rows().alias(_ROW)).unique(_ROW, keep="first")
    mine = rows.select(sheet.frame.columns).hash_rows().alias(_ROW).to_frame()
    return mine.join(told, on=_ROW, how="left", maintain_order="left").drop(_ROW)
