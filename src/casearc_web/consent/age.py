"""How old somebody is, from a birth date that may be no more than a year."""

from __future__ import annotations

from datetime import date, timedelta

from casearc_web.consent.signers import MAJORITY


def age_on(birth_date: str, day: date) -> int | None:
    """Age in whole years; where only the year is known, the younger of the two. None where nothing is.

    >>> age_on("2010-11-27", date(2026, 11, 26))
    15
    >>> age_on("2010", date(2026, 11, 26))
    15
    """
    parts = birth_date.split("-")
    if not parts[0].isdigit():
        return None
    if len(parts) != 3:
        return day.year - int(parts[0]) - 1
    month, of_month = int(parts[1]), int(parts[2])
    return day.year - int(parts[0]) - ((day.month, day.day) < (month, of_month))


def last_day_as_minor(birth_date: str) -> date | None:
    """The end of the month before the 18th birthday, so that the day itself is not told; None where it is not known.

    >>> last_day_as_minor("2010-03-14")
    datetime.date(2028, 2, 29)
    """
    parts = birth_date.split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    return date(int(parts[0]) + MAJORITY, int(parts[1]), 1) - timedelta(days=1)


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the month's last where it has no such day.

    >>> months_later(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first.replace(day=min(day.day, (following - timedelta(days=1)).day))
