"""How true levels move from wave to wave.

Each trait is a stable part and a part of the day, ``level = sqrt(RHO) * stable + sqrt(1 - RHO) * state``, so that a
program selected on a low level regresses to the mean by the next wave and no further. What service adds comes on
top. Among true levels, the level at twelve months has, given the level at six and the months served before it, the
slope `RHO` on the former and `TraitEffect.per_month` on the latter: exactly, without engagement.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from casearc.synthetic.draws import Floats
from casearc.synthetic.settings import MIDDLE_MONTHS, RHO, TRAITS, Effects

TRAIT_CORRELATION = np.array([[1.0, 0.40, 0.20], [0.40, 1.0, 0.25], [0.20, 0.25, 1.0]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a participant brings. All (n, 3) but `engagement` (n,): level at intake, its stable part, what of the
    person (age, trafficking status) shifts the stable part."""

    intake: Floats
    stable: Floats
    person: Floats
    engagement: Floats


def begin(rng: np.random.Generator, person: Floats, *, selection: float | None) -> Beginning:
    """Levels at intake and their stable parts; with `selection`, only those whose support is below the cut (SD)."""
    n = person.shape[0]
    reach = 1.0 if selection is None else float(ndtr(selection))
    first = np.asarray(ndtri(rng.random(n) * reach), dtype=np.float64)
    slope = TRAIT_CORRELATION[1:, 0]
    rest = np.linalg.cholesky(TRAIT_CORRELATION[1:, 1:] - np.outer(slope, slope))
    others = first[:, None] * slope + rng.standard_normal((n, 2)) @ rest.T
    intake = np.column_stack([first, others])
    stable = np.sqrt(RHO) * intake + np.sqrt(1 - RHO) * _correlated(rng, n)
    return Beginning(
        intake=intake + person,
        stable=stable,
        person=person,
        engagement=np.asarray(rng.standard_normal(n), dtype=np.float64),
    )


def follow(
    rng: np.random.Generator, start: Beginning, months: Floats, *, effects: Effects, engagement: float
) -> Floats:
    """Levels (n, 3 waves, 3 traits) of those who are served for `months` between intake and six months."""
    traits = [effects.of(trait) for trait in TRAITS]
    dose = (months - MIDDLE_MONTHS)[:, None]
    at_six = dose * [trait.same_interval for trait in traits]
    at_twelve = dose * [trait.per_month for trait in traits] + RHO * at_six
    six = _another_day(rng, start, pull=0.0) + [trait.by_six for trait in traits] + at_six
    twelve = _another_day(rng, start, pull=engagement) + [trait.by_twelve for trait in traits] + at_twelve
    return np.stack([start.intake, six, twelve], axis=1)


def return_later(rng: np.random.Generator, start: Beginning) -> Floats:
    """Level (n, 3 traits) at a second enrollment: the same person on another day."""
    return _another_day(rng, start, pull=0.0)


def _another_day(rng: np.random.Generator, start: Beginning, *, pull: float) -> Floats:
    """A level with a fresh part of the day; `pull` is that part's correlation with engagement."""
    state = _correlated(rng, len(start.engagement))
    state = pull * start.engagement[:, None] + np.sqrt(1 - pull**2) * state
    level: Floats = np.sqrt(RHO) * start.stable + np.sqrt(1 - RHO) * state + start.person
    return level


def _correlated(rng: np.random.Generator, n: int) -> Floats:
    noise: Floats = rng.standard_normal((n, len(TRAITS))) @ np.linalg.cholesky(TRAIT_CORRELATION).T
    return noise
