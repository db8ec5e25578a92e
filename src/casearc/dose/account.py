"""The account of a dose: what was not counted, and what a reader of it must know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from casearc.dose.definitions import DoseDefinition, DoseMeasure
from casearc.dose.windows import END, OPEN, START, inside

COUNTED, KNOWN = "_counted", "_known"
"""Columns beside the values: records in the window, and those of them with a known quantity."""


class DoseNoteKind(StrEnum):
    """What a reader of a dose must know."""

    UNKNOWN_QUANTITY = "unknown_quantity"
    ALL_QUANTITIES_UNKNOWN = "all_quantities_unknown"
    UNKNOWN_KIND = "unknown_kind"
    NO_DAY = "no_day"
    OTHER_UNIT = "other_unit"
    NO_WINDOW = "no_window"
    REVERSED_WINDOW = "reversed_window"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseNote:
    """One thing to know about a dose.

    count
        How many of `counted`: ``records`` (rows, never hidden) or ``enrollments`` (people: the disclosure gate
        decides whether the number may be told).
    text
        What it means for the dose, without the number.
    """

    dose: str
    kind: DoseNoteKind
    count: int
    counted: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideWindow:
    """Where the records that a dose counts lie, for the enrollments analyzed.

    before, inside, after
        Relative to the enrollment's window; the last day of the window is the day before its end.
    no_window
        Records of enrollments that have no window.
    """

    dose: str
    table: str
    before: int
    inside: int
    after: int
    no_window: int

    @property
    def outside(self) -> int:
        """Records of the kind counted that the dose does not hold."""
        return self.before + self.after + self.no_window


def records_by_place(placed: pl.DataFrame, dose: DoseDefinition) -> OutsideWindow:
    """Count the records that a dose counts by where they lie against their enrollment's window."""
    dated = placed.filter(pl.col("day").is_not_null())
    counts = dated.select(
        before=(pl.col(OPEN) & (pl.col("day") < pl.col(START))).sum(),
        inside=(pl.col(OPEN) & inside()).sum(),
        after=(pl.col(OPEN) & (pl.col("day") >= pl.col(END))).sum(),
        no_window=pl.col(OPEN).not_().sum(),
    )
    return OutsideWindow(dose=dose.id, table=str(dose.table), **counts.row(0, named=True))


def window_notes(spans: pl.DataFrame, dose: DoseDefinition) -> list[DoseNote]:
    """Enrollments without a window, or with a reversed one."""
    undefined = pl.col(START).is_null() | pl.col(END).is_null()
    counts = {
        DoseNoteKind.NO_WINDOW: spans.filter(undefined).height,
        DoseNoteKind.REVERSED_WINDOW: spans.filter(undefined.not_() & pl.col(OPEN).not_()).height,
    }
    texts = {
        DoseNoteKind.NO_WINDOW: "A wave of the window is missing, so there is no dose.",
        DoseNoteKind.REVERSED_WINDOW: "The window ends on or before the day it starts, so there is no dose.",
    }
    return _notes(dose, counts, texts, counted="enrollments")


def record_notes(placed: pl.DataFrame, values: pl.DataFrame, dose: DoseDefinition) -> list[DoseNote]:
    """Records that cannot be placed, or whose quantity or kind is unknown."""
    held = placed.filter(inside())
    counts = {DoseNoteKind.NO_DAY: placed["day"].null_count()}
    texts = {DoseNoteKind.NO_DAY: "Without a day it cannot be placed in a window and is not counted."}
    found = []
    if dose.measure is DoseMeasure.AMOUNT:
        counts[DoseNoteKind.UNKNOWN_QUANTITY] = held["quantity"].null_count()
        texts[DoseNoteKind.UNKNOWN_QUANTITY] = (
            "How much was not recorded; the amount is the sum of what is known and may be too low."
        )
        none_known = values.filter((pl.col(COUNTED) > 0) & (pl.col(KNOWN) == 0)).height
        text = "Nothing delivered in the window has a known amount, so the dose is missing."
        kind = DoseNoteKind.ALL_QUANTITIES_UNKNOWN
        found = _notes(dose, {kind: none_known}, {kind: text}, counted="enrollments")
    if dose.measure is DoseMeasure.BREADTH:
        counts[DoseNoteKind.UNKNOWN_KIND] = held["kind"].null_count()
        texts[DoseNoteKind.UNKNOWN_KIND] = "Its kind is not recorded; it adds nothing to the breadth."
    return [*_notes(dose, counts, texts, counted="records"), *found]


def unit_notes(services: pl.DataFrame, spans: pl.DataFrame, dose: DoseDefinition) -> list[DoseNote]:
    """Deliveries of the service in another unit than the one named."""
    if not dose.unit:
        return []
    kind = DoseNoteKind.OTHER_UNIT
    of_service = services.filter(pl.col("service_code").is_in(list(dose.kinds)))
    other = of_service.join(spans, on="enrollment_id", how="semi").filter(pl.col("unit").ne_missing(dose.unit))
    text = "Delivered in another unit than the plan names, or in none, and not counted."
    return _notes(dose, {kind: other.height}, {kind: text}, counted="records")


def _notes(
    dose: DoseDefinition, counts: Mapping[DoseNoteKind, int], texts: Mapping[DoseNoteKind, str], *, counted: str
) -> list[DoseNote]:
    return [
        DoseNote(dose=dose.id, kind=kind, count=count, counted=counted, text=texts[kind])
        for kind, count in counts.items()
        if count
    ]
