"""Birth dates as the vault keeps them: a day, or a year where only the age was known.

>>> age_on("2010-03-14", date(2026, 1, 15))
Decimal('15.84')
>>> year_from_age(15, date(2026, 1, 15))
'2010'
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

_YEAR = 365.25


def born_on(stored: str) -> date | None:
    """The day, where it is known."""
    return date.fromisoformat(stored) if len(stored) == len("2010-03-14") else None


def birth_year(stored: str) -> int | None:
    """The year, where only that is known."""
    return int(stored) if len(stored) == len("2010") else None


def year_from_age(age: int, day: date) -> str:
    """The year in which somebody of this age was most likely born, as the vault keeps it."""
    return str(day.year - age) if day.month > 6 else str(day.year - age - 1)


def age_on(stored: str, day: date) -> Decimal | None:
    """Age in years with two decimals; None where no day is known or the day lies before it."""
    born = born_on(stored)
    if born is None or born > day:
        return None
    return Decimal(str((day - born).days / _YEAR)).quantize(Decimal("0.01"))


def whole_years(stored: str, day: date) -> int | None:
    """Age as people say it; None where no day is known."""
    born = born_on(stored)
    if born is None or born > day:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def birth_in_words(stored: str, day: date) -> str:
    """Birth date and age on a day, in words; empty where nothing is known."""
    born, year, age = born_on(stored), birth_year(stored), whole_years(stored, day)
    if born is not None and age is not None:
        return _("%(day)s (%(age)s years old)") % {"day": date_format(born), "age": age}
    if year is not None:
        return _("around %(year)s (only the age was known)") % {"year": year}
    return ""
