"""Made-up contacts. Months served are then counted from them as the contract says, so the truth is exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import ndtr

from casearc.synthetic.draws import Flags, Floats, Ints, Strings, choose, exactly, ids
from casearc.synthetic.settings import DAYS_A_MONTH

_TYPES = {
    "client": 0.54,
    "caregiver": 0.14,
    "team_partner": 0.10,
    "outside_provider": 0.09,
    "joint": 0.06,
    "non_crisis_response": 0.04,
    "crisis_response": 0.03,
}
_MEDIA = {"in_person": 0.45, "phone": 0.28, "text": 0.19, "video": 0.08}
_TYPICAL_MINUTES = {
    "client": 45.0,
    "caregiver": 25.0,
    "team_partner": 20.0,
    "outside_provider": 20.0,
    "joint": 60.0,
    "non_crisis_response": 35.0,
    "crisis_response": 90.0,
}
_CONTACTS_A_MONTH = 3.4
_INTERVAL_CORRELATION = 0.5
_SHORTEST, _LONGEST = 0.15, 0.99  # share of an interval between two waves in which contacts may fall


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """Contacts as arrays of one length, sorted by enrollment and day. `enrollment` is a position."""

    enrollment: Ints
    day: Ints
    completed: Flags
    type: Strings

    def until(self, exit_day: Floats) -> Contacts:
        """Only the contacts no later than each enrollment's exit (NaN: still open)."""
        last = np.where(np.isnan(exit_day), np.inf, exit_day)
        keep = self.day <= last[self.enrollment]
        return Contacts(
            enrollment=self.enrollment[keep],
            day=self.day[keep],
            completed=self.completed[keep],
            type=self.type[keep],
        )

    def months_served(self, start: Ints, end: Ints) -> Floats:
        """Months from the first to the last completed contact in ``[start, end)``; 0 where there is none."""
        inside = self.completed & (self.day >= start[self.enrollment]) & (self.day < end[self.enrollment])
        first = np.full(len(start), np.inf)
        last = np.full(len(start), -np.inf)
        np.minimum.at(first, self.enrollment[inside], self.day[inside])
        np.maximum.at(last, self.enrollment[inside], self.day[inside])
        days = np.where(np.isfinite(first), last - first, 0.0)
        return days / DAYS_A_MONTH

    def first_day(self, n: int) -> Floats:
        """Day of each enrollment's first completed contact; NaN where there is none."""
        first = np.full(n, np.inf)
        np.minimum.at(first, self.enrollment[self.completed], self.day[self.completed])
        return np.where(np.isfinite(first), first, np.nan)


def spells(rng: np.random.Generator, boundaries: Ints, *, engagement: Floats, pull: float) -> tuple[Floats, Floats]:
    """First and last possible contact day (n, k) in each of the k intervals between `boundaries` (n, k + 1).

    How much of its interval a spell fills hangs on engagement with the correlation `pull`.
    """
    n, intervals = boundaries.shape[0], boundaries.shape[1] - 1
    common = np.sqrt(_INTERVAL_CORRELATION) * rng.standard_normal((n, 1))
    own = np.sqrt(1 - _INTERVAL_CORRELATION) * rng.standard_normal((n, intervals))
    urge = pull * engagement[:, None] + np.sqrt(1 - pull**2) * (common + own)
    length = np.diff(boundaries, axis=1) * (_SHORTEST + (_LONGEST - _SHORTEST) * ndtr(urge))
    slack = np.diff(boundaries, axis=1) - length
    start = boundaries[:, :-1] + slack * rng.beta(1.0, 4.0, (n, intervals))
    return start, start + length


def make_contacts(rng: np.random.Generator, first: Floats, last: Floats, *, attempted_share: float) -> Contacts:
    """Contacts in the spells from `first` to `last`, (n, k) days; each enrollment has a rate of its own.

    One attempt in five of the enrollments comes before day 0: outreach, as agencies record it.
    """
    n, intervals = first.shape
    rate = _CONTACTS_A_MONTH * rng.lognormal(0.0, 0.4, (n, 1)) / DAYS_A_MONTH
    counts = 2 + rng.poisson(rate * (last - first))
    spell = np.repeat(np.arange(n * intervals), counts.ravel())
    where = rng.random(len(spell))
    day = np.floor(first.ravel()[spell] + where * (last - first).ravel()[spell]).astype(np.int64)
    enrollment = spell // intervals
    completed = ~exactly(rng, len(spell), attempted_share)
    if attempted_share:
        outreach = np.flatnonzero(rng.random(n) < 0.2)
        enrollment = np.concatenate([enrollment, outreach])
        day = np.concatenate([day, -rng.integers(1, 9, len(outreach))])
        completed = np.concatenate([completed, np.zeros(len(outreach), dtype=np.bool_)])
    order = np.lexsort((day, enrollment))
    return Contacts(
        enrollment=enrollment[order],
        day=day[order],
        completed=completed[order],
        type=choose(rng, len(order), _TYPES),
    )


def contacts_table(
    rng: np.random.Generator, contacts: Contacts, enrollments: pl.DataFrame, *, missing_minutes: float
) -> pl.DataFrame:
    """The contract's table. Attempts have no minutes; completed contacts lack them in the share asked for."""
    n = len(contacts.day)
    typical = np.select([contacts.type == code for code in _TYPICAL_MINUTES], list(_TYPICAL_MINUTES.values()))
    minutes = np.clip(np.rint(typical * rng.lognormal(0.0, 0.5, n) / 5) * 5, 5, 480)
    completed = np.flatnonzero(contacts.completed)
    forgotten = completed[exactly(rng, len(completed), missing_minutes)]
    minutes[forgotten] = np.nan
    minutes[~contacts.completed] = np.nan
    staff = enrollments["staff_id"].gather(contacts.enrollment)
    return pl.DataFrame(
        {
            "contact_id": ids("C", n, width=5),
            "enrollment_id": enrollments["enrollment_id"].gather(contacts.enrollment),
            "day": contacts.day,
            "contact_type": contacts.type.tolist(),
            "outcome": np.where(contacts.completed, "completed", "attempted").tolist(),
            "minutes": pl.Series(minutes).fill_nan(None),
            "medium": choose(rng, n, _MEDIA).tolist(),
            "staff_id": staff,
        }
    )
