"""Made-up services, goals and needs assessments."""

from __future__ import annotations

import numpy as np
import polars as pl

from casearc.synthetic.contacts import Contacts
from casearc.synthetic.draws import Floats, choose, ids

_SERVICES = {
    "counseling": 0.28,
    "safety_planning": 0.18,
    "transport": 0.17,
    "school_support": 0.15,
    "court_accompaniment": 0.08,
    "housing_support": 0.08,
    "health_referral": 0.06,
}
_UNITS = {"transport": "rides", "health_referral": "referrals"}
_OTHER_UNIT = "hours"
_DOMAINS = ("safety", "housing", "education", "health", "family", "income")
_GOALS_A_YEAR = 4.0
_NEED_CUTS = np.array([-0.8, 0.1, 1.0])  # thresholds between the levels 0, 1, 2 and 3
_ASSESSMENT_DAYS = 30


def services_table(rng: np.random.Generator, contacts: Contacts, enrollment_ids: pl.Series) -> pl.DataFrame:
    """Services delivered: a part of the completed contacts with the participant come with one."""
    with_participant = contacts.completed & np.isin(contacts.type, ["client", "joint", "crisis_response"])
    delivered = np.flatnonzero(with_participant & (rng.random(len(contacts.day)) < 0.55))
    codes = choose(rng, len(delivered), _SERVICES)
    units = np.select([codes == code for code in _UNITS], list(_UNITS.values()), _OTHER_UNIT)
    hours = np.clip(np.rint(rng.lognormal(0.0, 0.5, len(delivered)) * 4) / 4, 0.25, 8.0)
    return pl.DataFrame(
        {
            "enrollment_id": enrollment_ids.gather(contacts.enrollment[delivered]),
            "day": contacts.day[delivered],
            "service_code": codes.tolist(),
            "quantity": np.where(units == _OTHER_UNIT, hours, 1.0),
            "unit": units.tolist(),
        }
    )


def goals_table(
    rng: np.random.Generator, enrollment_ids: pl.Series, *, last_day: Floats, ability: Floats
) -> pl.DataFrame:
    """Goals opened up to each enrollment's last known day. `ability` (SD units) helps to meet them."""
    counts = 1 + rng.poisson(_GOALS_A_YEAR * last_day / 365.0)
    owner = np.repeat(np.arange(len(counts)), counts)
    n = len(owner)
    opened = np.floor(rng.random(n) ** 1.5 * np.maximum(last_day[owner] - 10, 1)).astype(np.int64)
    closed = opened + 20 + np.floor(rng.exponential(90.0, n)).astype(np.int64)
    is_open = closed > last_day[owner]
    dropped = ~is_open & (rng.random(n) < 0.10)
    rated = np.clip(np.rint(0.3 + 0.4 * ability[owner] + rng.standard_normal(n)), -2, 2)
    rating = np.where(is_open | dropped, np.nan, rated)
    status = np.select([is_open, dropped, rated >= 0], ["open", "dropped", "met"], "not_met")
    return pl.DataFrame(
        {
            "goal_id": ids("G", n, width=4),
            "enrollment_id": enrollment_ids.gather(owner),
            "domain": rng.choice(np.asarray(_DOMAINS), n).tolist(),
            "opened_day": opened,
            "closed_day": pl.Series(np.where(is_open, np.nan, closed)).fill_nan(None).cast(pl.Int64),
            "status": status.tolist(),
            "rating": pl.Series(rating).fill_nan(None).cast(pl.Int64),
        }
    )


def needs_table(rng: np.random.Generator, enrollment_ids: pl.Series, *, last_day: Floats) -> pl.DataFrame:
    """A needs assessment at intake and every 30 days: levels 0 (none) to 3 (urgent) that ease with time."""
    rounds = 1 + (np.minimum(last_day, 365.0) // _ASSESSMENT_DAYS).astype(np.int64)
    owner = np.repeat(np.arange(len(rounds)), rounds)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(rounds) - rounds, rounds)
    jitter = np.where(number == 0, 0, rng.integers(-4, 5, len(owner)))
    day = np.minimum(number * _ASSESSMENT_DAYS + jitter, last_day[owner].astype(np.int64))
    usual = rng.normal(0.4, 0.8, (len(rounds), len(_DOMAINS)))
    urge = usual[owner] - 0.07 * number[:, None] + rng.normal(0.0, 0.5, (len(owner), len(_DOMAINS)))
    level = np.searchsorted(_NEED_CUTS, urge.ravel())
    domains = len(_DOMAINS)
    table = pl.DataFrame(
        {
            "enrollment_id": enrollment_ids.gather(np.repeat(owner, domains)),
            "day": np.repeat(day, domains),
            "domain": np.tile(np.asarray(_DOMAINS), len(owner)).tolist(),
            "level": level,
        },
    )
    return table.with_columns(pl.col("level").cast(pl.String)).unique(
        ["enrollment_id", "day", "domain"], keep="first", maintain_order=True
    )
