"""Columns and code lists that several tables share."""

from __future__ import annotations

from dataclasses import replace

from casearc.tables.schema import Column, Kind

MISSING_REASONS = (
    "declined",
    "not_asked",
    "not_applicable",
    "unknown",
    "not_reached",
    "staff_omission",
)

FIRST_DAY, LAST_DAY = -3653, 36525
"""Ten years before an enrollment's start and a hundred after it: days beyond are typing errors or dates in disguise."""

ENROLLMENT = Column(
    name="enrollment_id",
    kind=Kind.ID,
    meaning="The enrollment this row belongs to.",
    required=True,
    refers_to="enrollments",
)

DAY = Column(
    name="day",
    kind=Kind.DAY,
    meaning="When, counted from the enrollment's start (day 0). Days before it are negative.",
    unit="days",
    required=True,
    low=FIRST_DAY,
    high=LAST_DAY,
    date_column="date",
)

STAFF = Column(
    name="staff_id",
    kind=Kind.ID,
    meaning="Pseudonym of the staff member; never a name.",
)


def day_named(name: str, meaning: str, *, required: bool = False) -> Column:
    """A day column under a name of its own; `<name without _day>_date` may carry dates instead."""
    date_column = name.removesuffix("_day") + "_date"
    return replace(DAY, name=name, meaning=meaning, required=required, date_column=date_column)
