"""What is kept of a proposal and a preview, made ready for pages. What is missing in it is simply not told."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casearc_web.access.asker import Asker
from casearc_web.imports.fitting.plan import TABLES
from casearc_web.imports.notes import Note
from casearc_web.imports.queries import codes_of

NAMES: Mapping[str, str | Promise] = {
    "participants": _("Clients"),
    "enrollments": _("Enrollments"),
    "contacts": _("Contacts"),
    "services": _("Services"),
    "goals": _("Goals"),
    "needs": _("Needs assessments"),
    "administrations": _("Instruments filled in"),
    "responses": _("Answers to instruments"),
}
FATES: Mapping[str, str | Promise] = {
    "added": _("New"),
    "there": _("Here already"),
    "changed": _("Changed in the files, left alone"),
    "erased": _("Erased here, left out"),
    "left_out": _("Left out"),
}
SURE: Mapping[str, str | Promise] = {"sure": _("sure"), "likely": _("likely"), "a guess": _("a guess")}
BLOCKING = ("several_programs", "other_program", "no_start", "two_open", "open_there")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One table in the preview: its rows by what becomes of them."""

    name: str | Promise
    cells: tuple[tuple[str | Promise, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One column that was taken, and why."""

    table: str | Promise
    column: str
    source: str
    said: str
    sure: str | Promise
    is_guess: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Columns of one file that stay behind for one reason."""

    file: str
    why: str
    columns: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A note with its table by name."""

    table: str | Promise
    note: Note


def lines(counts: Mapping[str, Any]) -> list[Line]:
    """The tables that hold anything, without what becomes of no row at all."""
    found = {table: one for table in TABLES if any((one := counts.get(table) or {}).values())}
    shown = [name for name in FATES if name == "added" or _total(counts, name)]
    return [
        Line(name=NAMES[table], cells=tuple((FATES[name], int(one.get(name, 0))) for name in shown))
        for table, one in found.items()
    ]


def _total(counts: Mapping[str, Any], name: str) -> int:
    return sum(int((one or {}).get(name, 0)) for one in counts.values())


def feeds_told(told: Mapping[str, Any]) -> list[tuple[str, list[Taken]]]:
    """What goes where: by file, each column with its reason."""
    found: dict[str, list[Taken]] = {}
    for feed in told.get("feeds", []):
        for one in feed["columns"]:
            taken = Taken(
                table=NAMES.get(feed["table"], feed["table"]),
                column=one["column"],
                source=one["source"],
                said=one["said"],
                sure=SURE.get(one["sure"], one["sure"]),
                is_guess=one["sure"] == "a guess",
            )
            found.setdefault(feed["file"], []).append(taken)
    return list(found.items())


def left_told(told: Mapping[str, Any]) -> list[Together]:
    """Columns that no table takes, those of one file and reason together."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in told.get("left", []):
        found.setdefault((one["file"], one["why"]), []).append(one["column"])
    return [Together(file=file, why=why, columns=", ".join(columns)) for (file, why), columns in found.items()]


def preview_told(preview: Mapping[str, Any], *, by: Asker) -> dict[str, Any]:
    """Everything a preview says."""
    preview = preview or {}
    notes = [Said(table=NAMES.get(one["table"], one["table"]), note=Note(**one)) for one in preview.get("notes", [])]
    counts = preview.get("counts") or {}
    alike = _ids(preview.get("alike", []))
    seen = codes_of(by, alike)
    faults, blocking = preview.get("faults", []), [one for one in notes if one.note.why in BLOCKING]
    return {
        "lines": lines(counts),
        "faults": faults,
        "blocking": blocking,
        "left_rows": [one for one in notes if one.note.left_out and one.note.why not in BLOCKING],
        "left_cells": [one for one in notes if not one.note.left_out],
        "aside": [{**one, "table": NAMES.get(one["table"], one["table"])} for one in preview.get("aside", [])],
        "remarks": preview.get("remarks", []),
        "named": preview.get("named", 0),
        "alike": len(alike),
        "alike_seen": seen,
        "scored": sorted((preview.get("scored") or {}).items()),
        "compared": preview.get("compared", []),
        "changed": _total(counts, "changed"),
        "can_import": bool(not faults and not blocking and _total(counts, "added")),
    }


def _ids(told: Sequence[Any]) -> list[uuid.UUID]:
    return [uuid.UUID(str(one)) for one in told]
