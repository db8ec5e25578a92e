"""Records: the rows of a table that a dose counts, brought to one form."""

from __future__ import annotations

import polars as pl

from casearc.dose.definitions import ATTEMPTED, DoseDefinition, DoseMeasure, DoseTable, GoalEvent
from casearc.errors import PlanRefusedError
from casearc.tables import Tables


def records(tables: Tables, dose: DoseDefinition) -> pl.DataFrame:
    """Rows that count for a dose, wherever in time: enrollment_id, day, kind, quantity (Float64, null if unknown).

    Raises
    ------
    PlanRefusedError
        An amount of a service that the data hold in more than one unit.
    """
    if dose.table is DoseTable.CONTACTS:
        return _contacts(tables.contacts, dose)
    if dose.table is DoseTable.SERVICES:
        return _services(tables.services, dose)
    return _goals(tables.goals, dose)


def _contacts(contacts: pl.DataFrame, dose: DoseDefinition) -> pl.DataFrame:
    counted = ATTEMPTED if dose.attempts else "completed"
    rows = contacts.filter(pl.col("outcome") == counted)
    return _of_kinds(rows, dose, column="contact_type").select(
        "enrollment_id",
        "day",
        pl.col("contact_type").alias("kind"),
        pl.col("minutes").cast(pl.Float64).alias("quantity"),
    )


def _services(services: pl.DataFrame, dose: DoseDefinition) -> pl.DataFrame:
    rows = _of_kinds(services, dose, column="service_code")
    if dose.measure is DoseMeasure.AMOUNT:
        rows = _of_one_unit(rows, dose)
    return rows.select(
        "enrollment_id", "day", pl.col("service_code").alias("kind"), pl.col("quantity").cast(pl.Float64)
    )


def _of_one_unit(rows: pl.DataFrame, dose: DoseDefinition) -> pl.DataFrame:
    if dose.unit:
        return rows.filter(pl.col("unit") == dose.unit)
    if rows.filter(pl.col("quantity").is_not_null())["unit"].n_unique() > 1:
        raise PlanRefusedError(
            f'Dose "{dose.id}": the data hold this service in more than one unit (an empty unit counts as one), and '
            "quantities in different units do not add up. Name the unit to count in the plan, for example "
            'unit = "minutes", or bring the file to one unit.'
        )
    return rows


def _goals(goals: pl.DataFrame, dose: DoseDefinition) -> pl.DataFrame:
    if GoalEvent.MET in dose.types:
        rows, day = goals.filter(pl.col("status") == "met"), "closed_day"
    else:
        rows, day = goals, "opened_day"
    return rows.select(
        "enrollment_id",
        pl.col(day).alias("day"),
        pl.col("domain").alias("kind"),
        pl.lit(None, dtype=pl.Float64).alias("quantity"),
    )


def _of_kinds(rows: pl.DataFrame, dose: DoseDefinition, *, column: str) -> pl.DataFrame:
    return rows.filter(pl.col(column).is_in(list(dose.kinds))) if dose.kinds else rows
