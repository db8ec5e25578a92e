"""Doses delivered: one number a dose and enrollment, and an account of what was not counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from casearc.dose.account import (
    COUNTED,
    KNOWN,
    DoseNote,
    OutsideWindow,
    record_notes,
    records_by_place,
    unit_notes,
    window_notes,
)
from casearc.dose.definitions import DAYS_IN_MONTH, DoseDefinition, DoseMeasure, DoseTable
from casearc.dose.records import records
from casearc.dose.soundness import dose_problems
from casearc.dose.windows import END, OPEN, START, inside, window_months, windows
from casearc.errors import Fault, PlanRefusedError, UsageError
from casearc.tables import Tables

_OF_RECORDS: Mapping[DoseMeasure, pl.Expr] = MappingProxyType(
    {
        DoseMeasure.MONTHS_SERVED: (pl.col("day").max() - pl.col("day").min()) / DAYS_IN_MONTH,
        DoseMeasure.FREQUENCY: pl.len(),  # divided by the months of the window later
        DoseMeasure.AMOUNT: pl.col("quantity").sum(),
        DoseMeasure.BREADTH: pl.col("kind").drop_nulls().n_unique(),
        DoseMeasure.COUNT: pl.len(),
        DoseMeasure.DAYS: pl.col("day").n_unique(),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseDelivered:
    """Doses of every enrollment asked for.

    frame
        enrollment_id and one Float64 column a dose, in the order of `wave_days`. Null: no window, or no quantity known.
    outside
        One entry a dose counted from records: how many lay outside the windows.
    notes
        What was unknown, left out, or without a window.
    """

    frame: pl.DataFrame
    outside: tuple[OutsideWindow, ...]
    notes: tuple[DoseNote, ...]


def deliver(tables: Tables, doses: Sequence[DoseDefinition], wave_days: pl.DataFrame) -> DoseDelivered:
    """Count what was delivered to each enrollment in each dose's window.

    A window runs from its start day, inclusive, to its end day, exclusive. An enrollment that has a window and
    no record in it has a dose of 0; one without a window (a wave is missing, or its days are reversed) has none.
    Months are 30.4375 days. Only completed contacts count, unless the dose counts attempts. An unknown quantity
    (minutes of a contact) is not 0: the amount is the sum of those known, and missing where none is known.

    Parameters
    ----------
    tables
        The contract's tables; days since the enrollment's start.
    doses
        What to count.
    wave_days
        enrollment_id and one Int64 column a wave, one row an enrollment to be analyzed: `change.wave_days`.

    Raises
    ------
    PlanRefusedError
        A dose that makes no sense, names a wave that is not there, or adds up different units.
    UsageError
        An enrollment is listed twice.

    Examples
    --------
    >>> contacts = pl.DataFrame({"enrollment_id": ["e", "e"], "day": [3, 180], "contact_type": ["client", "client"],
    ...                          "outcome": ["completed", "completed"], "minutes": [30.0, 45.0]})
    >>> days = pl.DataFrame({"enrollment_id": ["e"], "intake": [0], "six_months": [180]})
    >>> minutes = DoseDefinition(id="minutes", table=DoseTable.CONTACTS, measure=DoseMeasure.AMOUNT,
    ...                          start="intake", end="six_months")
    >>> deliver(Tables.of(contacts=contacts), [minutes], days).frame["minutes"].to_list()
    [30.0]
    """
    _refuse_unsound(doses, wave_days)
    columns: list[pl.Series] = []
    outside: list[OutsideWindow] = []
    notes: list[DoseNote] = []
    for dose in doses:
        spans = windows(wave_days, dose)
        notes += window_notes(spans, dose)
        if dose.table is DoseTable.ENROLLMENTS:
            columns.append(_months_enrolled(tables.enrollments, spans).alias(dose.id))
            continue
        placed = records(tables, dose).join(spans, on="enrollment_id", how="inner")
        values = _values(placed.filter(inside()), spans, dose)
        columns.append(values[dose.id])
        outside.append(records_by_place(placed, dose))
        notes += record_notes(placed, values, dose)
        notes += unit_notes(tables.services, spans, dose)
    return DoseDelivered(
        frame=wave_days.select(pl.col("enrollment_id"), *columns), outside=tuple(outside), notes=tuple(notes)
    )


def _refuse_unsound(doses: Sequence[DoseDefinition], wave_days: pl.DataFrame) -> None:
    if wave_days["enrollment_id"].is_duplicated().any():
        raise UsageError("The days of waves list an enrollment twice. Pass one row an enrollment.")
    faults = [
        Fault(problem=each.problem, remedy=each.remedy, file=f'dose "{dose.id}", key "{each.key}"')
        for dose in doses
        for each in dose_problems(dose)
    ]
    faults += [
        Fault(problem=f'There is no wave "{edge}".', file=f'dose "{dose.id}"')
        for dose in doses
        for edge in (dose.start, dose.end)
        if isinstance(edge, str) and edge not in wave_days.columns
    ]
    if len({dose.id for dose in doses}) < len(doses):
        faults.append(Fault(problem="Two doses have the same id.", remedy="Give each dose an id of its own."))
    if faults:
        raise PlanRefusedError("These doses cannot be counted.", faults=faults)


def _values(held: pl.DataFrame, spans: pl.DataFrame, dose: DoseDefinition) -> pl.DataFrame:
    """The dose of each enrollment, in the order of the windows, with how many records it rests on."""
    sums = held.group_by("enrollment_id").agg(
        _OF_RECORDS[dose.measure].cast(pl.Float64).alias(dose.id),
        pl.len().alias(COUNTED),
        pl.col("quantity").count().alias(KNOWN),
    )
    value = pl.col(dose.id)
    if dose.measure is DoseMeasure.FREQUENCY:
        value = value / window_months()
    elif dose.measure is DoseMeasure.AMOUNT:
        value = pl.when(pl.col(COUNTED).is_null() | (pl.col(KNOWN) > 0)).then(value)
        value = pl.when(pl.col(COUNTED).is_null()).then(0.0).otherwise(value)
    if dose.measure is not DoseMeasure.AMOUNT:
        value = value.fill_null(0.0)
    joined = spans.join(sums, on="enrollment_id", how="left", maintain_order="left")
    return joined.with_columns(pl.when(pl.col(OPEN)).then(value).alias(dose.id))


def _months_enrolled(enrollments: pl.DataFrame, spans: pl.DataFrame) -> pl.Series:
    """Months from the start of the enrollment or the window to the exit or the end of the window."""
    stays = enrollments.select("enrollment_id", pl.col("exit_day").cast(pl.Int64), pl.lit(True).alias("_known_stay"))
    joined = spans.join(stays, on="enrollment_id", how="left", maintain_order="left")
    first = pl.max_horizontal(pl.col(START), pl.lit(0))
    last = pl.min_horizontal(pl.col(END), pl.col("exit_day"))  # an exit that is missing lies in the future
    months = pl.max_horizontal(last - first, pl.lit(0)) / DAYS_IN_MONTH
    return joined.select(pl.when(pl.col(OPEN) & pl.col("_known_stay")).then(months).alias("value"))["value"]
