"""Made-up administrations and responses, with the untidiness that was asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from casearc.synthetic.draws import Flags, Floats, Ints, choose, exactly, ids
from casearc.synthetic.measures import MEASURES, MeasureModel
from casearc.synthetic.settings import RHO, TARGET_DAYS, TRAITS, WAVES, WINDOW, Dirt

_MODES = {"staff_read": 0.55, "self": 0.30, "phone": 0.10, "paper": 0.05}
_REASONS = ("declined", "unknown", "staff_omission", "not_asked")
_NOT_REACHED = len(_REASONS) + 1
_WORDING_VERSION = "made-up"
_LATE_BY = (WINDOW[1] + 5, WINDOW[1] + 35)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveDays:
    """When each participant's waves take place, (n, 3), and which of them are missed though still enrolled."""

    day: Ints
    missed: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Rounds of instruments as arrays of one length: enrollment position, wave number, day."""

    enrollment: Ints
    wave: Ints
    day: Ints

    def __len__(self) -> int:
        return len(self.enrollment)


def wave_days(rng: np.random.Generator, n: int, *, dirt: Dirt) -> WaveDays:
    """Days of the waves: near their targets, some of the later ones too late, some not at all."""
    day = np.empty((n, len(WAVES)), dtype=np.int64)
    day[:, 0] = rng.integers(0, 11, n)
    missed = np.zeros((n, len(WAVES)), dtype=np.bool_)
    for wave in range(1, len(WAVES)):
        jitter = np.clip(np.rint(rng.normal(6.0, 12.0, n)), WINDOW[0] + 5, WINDOW[1] - 5).astype(np.int64)
        order = rng.permutation(n)
        n_late, n_missed = round(dirt.late * n), round(dirt.missed * n)
        jitter[order[:n_late]] = rng.integers(*_LATE_BY, n_late)
        missed[order[n_late : n_late + n_missed], wave] = True
        day[:, wave] = TARGET_DAYS[wave] + jitter
    return WaveDays(day=day, missed=missed)


def plan_rounds(rng: np.random.Generator, waves: WaveDays, *, left_before: Ints, doubled: float) -> Schedule:
    """Rounds that take place: waves before leaving, not missed; some twice, the second farther from the target.

    `left_before` is the number of the first wave a participant is no longer there for.
    """
    there = ~waves.missed & (np.arange(len(WAVES)) < left_before[:, None])
    enrollment, wave = np.nonzero(there)
    day = waves.day[enrollment, wave]
    offset = day - np.asarray(TARGET_DAYS)[wave]
    in_window = np.flatnonzero(offset <= WINDOW[1])
    again = in_window[exactly(rng, len(in_window), doubled)]
    step = np.where(offset[again] < 0, -1, 1) * rng.integers(5, 16, len(again))
    second = np.clip(offset[again] + step, WINDOW[0], WINDOW[1]) + np.asarray(TARGET_DAYS)[wave[again]]
    return _sorted(
        enrollment=np.concatenate([enrollment, enrollment[again]]),
        wave=np.concatenate([wave, wave[again]]),
        day=np.concatenate([day, second]),
    )


def _sorted(*, enrollment: Ints, wave: Ints, day: Ints) -> Schedule:
    order = np.lexsort((day, enrollment))
    return Schedule(enrollment=enrollment[order], wave=wave[order], day=day[order])


def administrations_table(
    rng: np.random.Generator, schedule: Schedule, *, enrollment_ids: pl.Series, languages: pl.Series
) -> pl.DataFrame:
    """Every instrument in every round; `languages` a row an enrollment."""
    n = len(schedule)
    each = len(MEASURES)
    owner = np.repeat(schedule.enrollment, each)
    mode = np.repeat(choose(rng, n, _MODES), each)
    return pl.DataFrame(
        {
            "administration_id": ids("A", n * each, width=5),
            "enrollment_id": enrollment_ids.gather(owner),
            "instrument": list(MEASURES) * n,
            "variant": pl.Series([None] * (n * each), dtype=pl.String),
            "version": [_WORDING_VERSION] * (n * each),
            "coding": pl.Series([None] * (n * each), dtype=pl.String),
            "language": languages.gather(owner),
            "mode": mode.tolist(),
            "day": np.repeat(schedule.day, each),
        }
    )


def responses_table(
    rng: np.random.Generator,
    schedule: Schedule,
    *,
    administration_ids: pl.Series,
    levels: Floats,
    dirt: Dirt,
) -> pl.DataFrame:
    """Long responses. `levels` (enrollments, 3 waves, 3 traits); ids in the order of `administrations_table`."""
    parts = []
    for position, model in enumerate(MEASURES.values()):
        trait = levels[schedule.enrollment, schedule.wave, TRAITS.index(model.trait)]
        facet = _facets(rng, schedule, model=model, enrollments=len(levels))
        answers = _straight_lined(rng, model.respond(rng, trait, facet), share=dirt.straight_lined)
        reasons = _reasons(rng, answers.shape, dirt=dirt)
        own_ids = administration_ids.gather_every(len(MEASURES), position)
        parts.append(_long(own_ids, model, answers=answers, reasons=reasons))
    return pl.concat(parts)


def _facets(rng: np.random.Generator, schedule: Schedule, *, model: MeasureModel, enrollments: int) -> Floats:
    """Facet levels (rounds, facets), as stable from wave to wave as the traits; twice in a wave is the same."""
    shape = (enrollments, len(WAVES), len(model.facets))
    stable = rng.standard_normal((enrollments, 1, len(model.facets)))
    level = np.sqrt(RHO) * stable + np.sqrt(1 - RHO) * rng.standard_normal(shape)
    drawn: Floats = level[schedule.enrollment, schedule.wave]
    return drawn


def _straight_lined(rng: np.random.Generator, answers: Floats, *, share: float) -> Floats:
    flags = exactly(rng, len(answers), share)
    usual = np.rint(np.median(answers, axis=1, keepdims=True))
    return np.where(flags[:, None], usual, answers)


def _reasons(rng: np.random.Generator, shape: tuple[int, ...], *, dirt: Dirt) -> Ints:
    """0 answered, else the number of the reason, (administrations, items)."""
    rows, items = shape
    skipped = rng.random(shape) < dirt.declined
    which = np.minimum(1 + (rng.random(shape) ** 2 * len(_REASONS)).astype(np.int64), len(_REASONS))
    reasons = np.where(skipped, which, 0)
    stop = np.where(exactly(rng, rows, dirt.broken_off), rng.integers(items // 3, items, rows), items)
    reasons[np.arange(items) >= stop[:, None]] = _NOT_REACHED
    return reasons


def _long(own_ids: pl.Series, model: MeasureModel, *, answers: Floats, reasons: Ints) -> pl.DataFrame:
    rows, items = answers.shape
    words = pl.Series([None, *_REASONS, "not_reached"], dtype=pl.String)
    names = pl.Series(model.item_names, dtype=pl.String)
    return pl.DataFrame(
        {
            "administration_id": own_ids.gather(np.repeat(np.arange(rows), items)),
            "item": names.gather(np.tile(np.arange(items), rows)),
            "response": pl.Series(np.where(reasons > 0, np.nan, answers).ravel()).fill_nan(None),
            "missing_reason": words.gather(reasons.ravel()),
        }
    )
