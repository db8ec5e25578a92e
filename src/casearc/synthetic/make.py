"""Putting a made-up program together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from casearc.errors import UsageError
from casearc.synthetic.casework import goals_table, needs_table, services_table
from casearc.synthetic.contacts import Contacts, contacts_table, make_contacts, spells
from casearc.synthetic.course import Beginning, begin, follow, return_later
from casearc.synthetic.draws import Floats, Ints, ids
from casearc.synthetic.leaving import Leaving, come_back, leave
from casearc.synthetic.people import People, make_people
from casearc.synthetic.settings import (
    DEMO,
    NOTHING,
    PROGRAM_NAME,
    REALISTIC,
    TRAITS,
    WAVES,
    Attrition,
    Dirt,
    Effects,
)
from casearc.synthetic.surveys import (
    Schedule,
    WaveDays,
    administrations_table,
    plan_rounds,
    responses_table,
    wave_days,
)
from casearc.synthetic.truth import Truth, true_effects

_OPENED = date(2021, 1, 4)
_YEARS_OF_INTAKE = 3
_SITES = ("north_pier", "south_pier")
_PARTICIPANTS_A_STAFF_MEMBER = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A made-up program: the contract's tables by name, and what is true in it."""

    tables: Mapping[str, pl.DataFrame]
    truth: Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class _Streams:
    """A random stream a part, so that another share of dirt leaves the people as they are."""

    people: np.random.Generator
    course: np.random.Generator
    service: np.random.Generator
    leaving: np.random.Generator
    casework: np.random.Generator
    waves: np.random.Generator
    surveys: np.random.Generator
    returning: np.random.Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What happens to the first enrollments before anything is written down: by position, n long."""

    people: People
    start: Beginning
    waves: WaveDays
    contacts: Contacts
    months: Floats
    levels: Floats
    leaving: Leaving


def make_program(
    *,
    participants: int = 95,
    seed: int = 2024,
    effects: Effects = DEMO,
    dirt: Dirt = REALISTIC,
    attrition: Attrition | None = None,
    engagement: float = 0.0,
    selection: float | None = None,
) -> Program:
    """Make up a program whose truth is known.

    Everyone in it is made up. Three waves (intake, about day 180, about day 360) of MSPSS, Cop-SE and URICA;
    contacts, services, goals and needs assessments between them.

    Parameters
    ----------
    participants
        How many. At least 1.
    seed
        The same arguments and seed give the same program.
    effects
        What is true: see `Effects`. Months served between intake and six months act on the level at twelve.
    dirt
        How untidy the files are: see `Dirt`. `CLEAN` for none.
    attrition
        Who leaves; `Attrition(on_worsening=2)` lets those leave who get worse. By default 14 in 100 by twelve
        months, whatever their outcome.
    engagement
        0 to 1: how strongly one hidden trait drives both months served and the level at twelve months. With it,
        an adjusted regression finds an effect that is not there.
    selection
        Enroll only those whose support at intake is below this many SD: the mean rises by itself until the next
        wave (regression to the mean).

    Returns
    -------
    Program
        `tables` in the contract's columns and types (see `casearc.tables.TABLES`), `truth` beside them.

    Raises
    ------
    UsageError
        An argument is out of range.

    Examples
    --------
    >>> program = make_program(participants=20, seed=1)
    >>> program.tables["participants"]["participant_id"][0]
    'P001'
    >>> round(program.truth.effects["mspss_total"].per_month, 2)
    0.27
    """
    _check(participants=participants, engagement=engagement)
    streams = _streams(seed)
    course = _take_course(
        streams,
        participants,
        effects=effects,
        dirt=dirt,
        attrition=attrition or Attrition(),
        engagement=engagement,
        selection=selection,
    )
    tables, levels = _write_down(streams, course, dirt=dirt)
    truth = Truth(
        effects=true_effects(effects, levels=course.levels[:, 2], months=course.months),
        levels=levels,
        engagement=engagement,
        selection=selection,
    )
    return Program(tables=tables, truth=truth)


def null_program(
    *,
    participants: int = 95,
    seed: int = 2024,
    dirt: Dirt = REALISTIC,
    attrition: Attrition | None = None,
    engagement: float = 0.0,
    selection: float | None = None,
) -> Program:
    """A program in which nothing works: no effect of service, no change, no covariate that matters.

    Arguments as in `make_program`. With `engagement`, `selection` or attrition on worsening it shows what a careless
    analysis would find there.

    Examples
    --------
    >>> null_program(participants=20, seed=1).truth.effects["mspss_total"].per_month
    0.0
    """
    return make_program(
        participants=participants,
        seed=seed,
        effects=NOTHING,
        dirt=dirt,
        attrition=attrition,
        engagement=engagement,
        selection=selection,
    )


def _check(*, participants: int, engagement: float) -> None:
    if participants < 1:
        raise UsageError("A made-up program needs at least 1 participant.")
    if not 0 <= engagement <= 1:
        raise UsageError("engagement is a correlation from 0 to 1.")


def _streams(seed: int) -> _Streams:
    children = np.random.default_rng(seed).spawn(8)
    return _Streams(
        people=children[0],
        course=children[1],
        service=children[2],
        leaving=children[3],
        casework=children[4],
        waves=children[5],
        surveys=children[6],
        returning=children[7],
    )


def _take_course(
    streams: _Streams,
    n: int,
    *,
    effects: Effects,
    dirt: Dirt,
    attrition: Attrition,
    engagement: float,
    selection: float | None,
) -> Course:
    """People, waves, contacts, true levels, leaving: in the order in which one rests on the other."""
    people = make_people(streams.people, n, missing_share=dirt.missing_covariate)
    start = begin(streams.course, people.shift(effects), selection=selection)
    waves = wave_days(streams.waves, n, dirt=dirt)
    bounds = np.column_stack([np.zeros(n, dtype=np.int64), waves.day[:, 1:]])
    first, last = spells(streams.service, bounds, engagement=start.engagement, pull=engagement)
    contacts = make_contacts(streams.service, first, last, attempted_share=dirt.attempted)
    months = contacts.months_served(waves.day[:, 0], waves.day[:, 1])
    levels = follow(streams.course, start, months, effects=effects, engagement=engagement)
    leaving = leave(streams.leaving, levels, waves.day, attrition=attrition)
    return Course(
        people=people,
        start=start,
        waves=waves,
        contacts=contacts.until(leaving.exit_day),
        months=months,
        levels=levels,
        leaving=leaving,
    )


def _write_down(streams: _Streams, course: Course, *, dirt: Dirt) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The tables, and the true levels beside them."""
    back = come_back(streams.returning, course.leaving, share=dirt.reenrolled)
    again, exit_again = _second_spells(streams.returning, len(back), dirt=dirt)
    n = len(course.months)
    contacts = _joined(course.contacts, again, offset=n)
    enrollments = _enrollments_table(streams.returning, course, back=back, exit_again=exit_again, contacts=contacts)
    levels = np.full((n + len(back), len(WAVES), len(TRAITS)), np.nan)
    levels[:n] = course.levels
    levels[n:, 0] = return_later(streams.returning, course.start)[back]
    schedule = _rounds(streams, course, returned=len(back), doubled=dirt.doubled)
    owner = np.concatenate([np.arange(n), back])
    last_day = _last_days(course, exit_again)
    own = enrollments["enrollment_id"]
    administrations = administrations_table(
        streams.surveys,
        schedule,
        enrollment_ids=own,
        languages=course.people.table["language"].gather(owner),
    )
    tables = {
        "participants": course.people.table,
        "enrollments": enrollments,
        "contacts": contacts_table(streams.casework, contacts, enrollments, missing_minutes=dirt.missing_minutes),
        "services": services_table(streams.casework, contacts, own),
        "goals": goals_table(streams.casework, own, last_day=last_day, ability=np.nanmean(levels, axis=(1, 2))),
        "needs": needs_table(streams.casework, own, last_day=last_day),
        "administrations": administrations,
        "responses": responses_table(
            streams.surveys,
            schedule,
            administration_ids=administrations["administration_id"],
            levels=levels,
            dirt=dirt,
        ),
    }
    return tables, _levels_table(course, enrollments, owner=owner, levels=levels, contacts=contacts)


def _second_spells(rng: np.random.Generator, count: int, *, dirt: Dirt) -> tuple[Contacts, Floats]:
    """Contacts and exit days of second enrollments: two to six months long."""
    exit_day = rng.integers(60, 180, count).astype(np.float64)
    bounds = np.column_stack([np.zeros(count, dtype=np.int64), exit_day.astype(np.int64)])
    first, last = spells(rng, bounds, engagement=np.zeros(count), pull=0.0)
    return make_contacts(rng, first, last, attempted_share=dirt.attempted), exit_day


def _joined(one: Contacts, other: Contacts, *, offset: int) -> Contacts:
    return Contacts(
        enrollment=np.concatenate([one.enrollment, other.enrollment + offset]),
        day=np.concatenate([one.day, other.day]),
        completed=np.concatenate([one.completed, other.completed]),
        type=np.concatenate([one.type, other.type]),
    )


def _enrollments_table(
    rng: np.random.Generator, course: Course, *, back: Ints, exit_again: Floats, contacts: Contacts
) -> pl.DataFrame:
    n, total = len(course.months), len(course.months) + len(back)
    opened = np.sort(rng.integers(0, 365 * _YEARS_OF_INTAKE, n))
    gap = rng.integers(30, 150, len(back))
    start = np.concatenate([opened, opened[back] + course.leaving.exit_day[back].astype(np.int64) + gap])
    team = max(2, n // _PARTICIPANTS_A_STAFF_MEMBER)
    staff = rng.integers(0, team, total)
    people = course.people.table["participant_id"]
    reasons = np.concatenate([course.leaving.reason, np.full(len(back), "completed")])
    exit_day = pl.Series(np.concatenate([course.leaving.exit_day, exit_again])).fill_nan(None).cast(pl.Int64)
    table = pl.DataFrame(
        {
            "enrollment_id": ids("E", total, width=3),
            "participant_id": people.gather(np.concatenate([np.arange(n), back])),
            "program": [PROGRAM_NAME] * total,
            "site": np.asarray(_SITES)[staff % len(_SITES)].tolist(),
            "staff_id": pl.Series(ids("S", team, width=2)).gather(staff),
            "start_date": [_OPENED + timedelta(days=int(days)) for days in start],
            "first_service_day": pl.Series(contacts.first_day(total)).fill_nan(None).cast(pl.Int64),
            "exit_day": exit_day,
            "exit_reason": reasons.tolist(),
        }
    )
    still_open = pl.col("exit_day").is_null()
    return table.with_columns(pl.when(still_open).then(None).otherwise("exit_reason").alias("exit_reason"))


def _rounds(streams: _Streams, course: Course, *, returned: int, doubled: float) -> Schedule:
    """Rounds of the first enrollments, then one intake round for each second."""
    n = len(course.months)
    first = plan_rounds(streams.waves, course.waves, left_before=course.leaving.before, doubled=doubled)
    none = np.zeros(returned, dtype=np.int64)
    return Schedule(
        enrollment=np.concatenate([first.enrollment, n + np.arange(returned)]),
        wave=np.concatenate([first.wave, none]),
        day=np.concatenate([first.day, streams.returning.integers(0, 11, returned)]),
    )


def _last_days(course: Course, exit_again: Floats) -> Floats:
    """Last day anything is recorded: the exit, or ten days after the last wave where the enrollment is open."""
    known = np.where(np.isnan(course.leaving.exit_day), course.waves.day[:, 2] + 10.0, course.leaving.exit_day)
    return np.concatenate([known, exit_again])


def _levels_table(
    course: Course, enrollments: pl.DataFrame, *, owner: Ints, levels: Floats, contacts: Contacts
) -> pl.DataFrame:
    n, total = len(course.months), len(owner)
    day = np.zeros((total, len(WAVES)), dtype=np.int64)
    day[:n] = course.waves.day
    served = contacts.months_served(day[:, 0], day[:, 1])
    later = contacts.months_served(day[:, 1], day[:, 2])
    before = np.concatenate([course.leaving.before, np.full(total - n, len(WAVES))])
    number = np.concatenate([np.ones(n, dtype=np.int64), np.full(total - n, 2)])
    table = pl.DataFrame(
        {
            "enrollment_id": enrollments["enrollment_id"],
            "participant_id": enrollments["participant_id"],
            "number": number,
            "engagement": course.start.engagement[owner],
            "months_served": served,
            "months_served_later": later,
            "left_before": pl.Series([*WAVES, None], dtype=pl.String).gather(before),
        }
    )
    return table.with_columns(
        pl.Series(f"{trait}_{wave}", levels[:, w, t]).fill_nan(None)
        for t, trait in enumerate(TRAITS)
        for w, wave in enumerate(WAVES)
    )
