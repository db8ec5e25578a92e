"""When a way to reach somebody may be used: days of the week and hours, by the clock on the agency's wall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Days from Monday, 0; no days means every day. Hours may reach over midnight: from 22:00 until 02:00."""

    days: tuple[int, ...] = ()
    start: time | None = None
    end: time | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Hours:
        """As a contact way keeps it."""
        return cls(days=tuple(stored.get("days", ())), start=_time(stored, "from"), end=_time(stored, "until"))

    def stored(self) -> dict[str, Any]:
        """As a contact way keeps it; empty for any time."""
        written = {"days": list(self.days), "from": _text(self.start), "until": _text(self.end)}
        return {name: value for name, value in written.items() if value}

    def allow(self, at: datetime) -> bool:
        """Whether this moment, in local time, lies within. After midnight the day that began it counts."""
        now, day = at.time().replace(tzinfo=None), at.weekday()
        start, end = self.start or time.min, self.end or time.max
        if start <= end:
            return self._has(day) and start <= now <= end
        return (self._has(day) and now >= start) or (self._has((day - 1) % 7) and now <= end)

    def in_words(self) -> str:
        """Such as ``Monday, Friday; from 3 p.m. until 6 p.m.``; empty for any time."""
        days = ", ".join(str(WEEKDAYS[day]) for day in self.days)
        parts = (days, _between(self.start, self.end))
        return "; ".join(part for part in parts if part)

    def _has(self, day: int) -> bool:
        return not self.days or day in self.days


def _between(start: time | None, end: time | None) -> str:
    if start and end:
        return _("from %(start)s until %(end)s") % {"start": time_format(start), "end": time_format(end)}
    if start:
        return _("from %(start)s") % {"start": time_format(start)}
    return _("until %(end)s") % {"end": time_format(end)} if end else ""


def _time(stored: Mapping[str, Any], name: str) -> time | None:
    return time.fromisoformat(stored[name]) if stored.get(name) else None


def _text(value: time | None) -> str:
    return value.strftime("%H:%M") if value else ""
