"""When things happened in the made-up program, and what has not happened yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """The day on which the demo is made, and the start of each enrollment."""

    today: date
    starts: Mapping[str, date]
    ends: int | None = None
    """Enrollments that the made-up program left open end after so many days; None leaves them open."""

    def on(self, enrollment: str, day: float | None) -> date | None:
        """A day of an enrollment as a date; None where it lies in the future or is not known."""
        if day is None:
            return None
        found = self.starts[enrollment] + timedelta(days=int(day))
        return found if found <= self.today else None

    def exit(self, enrollment: str, day: float | None) -> date | None:
        """When an enrollment ended, None while it is open."""
        return self.on(enrollment, self.ends if day is None else day)

    @staticmethod
    def evening(on: date) -> datetime:
        """When something that happened on a day was written down."""
        return datetime.combine(on, time(18), tzinfo=UTC)
