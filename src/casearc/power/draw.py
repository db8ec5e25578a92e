"""Made-up studies by the thousand: scores, stages, doses and characteristics of people who stay or leave.

Arrays have the simulations first: (B, n) or (B, n, waves). Nothing is rounded to a scale and nobody has a name: this is
the plan's skeleton, in standard deviations, and not the made-up program of the demo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from casearc.instruments import Instrument, ScoreDefinition, find_score
from casearc.study import LevelAt, Model, Outcome, StudyPlan, in_time

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

CHUNK = 250
"""Studies made up at once: so many fit the processor's memory at a few hundred people each."""

LARGEST = 3.0
"""No effect larger than this is looked for: none of that size is believable."""

SHARE_OF_INDICATOR = 0.3
"""Share of people with a characteristic that the plan names as levels; the plan does not know its levels' shares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """B studies of n people.

    scores
        Outcome id -> (B, n, waves), standard normal at each wave, correlated over time, before any effect.
    known
        Outcome id -> (B, n, waves), whether the score exists: the person is still there and enough items are answered.
    doses
        Dose id -> (B, n), mean 0 and SD 1, skewed as months of service are.
    covariates
        Covariate id -> (B, n), standard normal, or 0 and 1.
    clusters
        (n,), the same in each study.
    """

    waves: tuple[str, ...]
    scores: dict[str, Array]
    known: dict[str, Flags]
    doses: dict[str, Array]
    covariates: dict[str, Array]
    clusters: NDArray[np.int64]

    @property
    def shape(self) -> tuple[int, int]:
        """Studies and people."""
        first = next(iter((*self.scores.values(), *self.doses.values())))
        return first.shape[0], first.shape[1]


def draw(
    plan: StudyPlan,
    instruments: Sequence[Instrument],
    n: int,
    studies: int,
    rng: np.random.Generator,
    *,
    only: Model | None = None,
) -> Drawn:
    """Make up `studies` studies of `n` people by the plan's [power] section; with `only`, what that model looks at."""
    waves = tuple(wave.name for wave in in_time(plan.waves))
    there = _there(plan, n, studies, len(waves), rng)
    assumed = plan.power
    scores, known = {}, {}
    for outcome in (each for each in plan.outcomes if only is None or each.id in _outcomes_of(only)):
        scores[outcome.id] = _course(assumed.retest, n, studies, len(waves), rng)
        lost = share_of_scores_lost(find_score(instruments, outcome.score)[1], outcome, assumed.missing_items)
        known[outcome.id] = there & (rng.random((studies, n, len(waves))) >= lost)
    return Drawn(
        waves=waves,
        scores=scores,
        known=known,
        doses={
            dose.id: _dose(n, studies, rng)
            for dose in plan.doses
            if only is None or dose.id in (*only.doses, only.exposure)
        },
        covariates={
            each.id: rng.standard_normal((studies, n))
            if each.reference is None
            else (rng.random((studies, n)) < SHARE_OF_INDICATOR).astype(np.float64)
            for each in plan.covariates
            if only is None or each.id in only.adjust_for
        },
        clusters=np.arange(n) % max(assumed.clusters, 1),
    )


def _outcomes_of(model: Model) -> set[str]:
    levels = (item for item in model.adjust_for if isinstance(item, LevelAt))
    return {model.outcome, *(item.outcome for item in levels)}


def share_of_scores_lost(score: ScoreDefinition, outcome: Outcome, skipped: float) -> float:
    """Chance that a score cannot be had although the person answered: too many items skipped, by the key's own rule."""
    del outcome
    items = len(score.items)
    allowed = items - score.minimum_answered if score.minimum_answered else 0
    return 1.0 - float(special.bdtr(allowed, items, skipped)) if items else 1.0 - (1.0 - skipped)


def _there(plan: StudyPlan, n: int, studies: int, waves: int, rng: np.random.Generator) -> Flags:
    """Who is still there at each wave: people leave once and for all, at any wave after the first alike."""
    leaves = rng.random((studies, n)) < plan.power.attrition
    last = np.where(leaves, rng.integers(1, waves, (studies, n)) if waves > 1 else 1, waves)
    return np.asarray(np.arange(waves) < last[..., None])


def _course(retest: float, n: int, studies: int, waves: int, rng: np.random.Generator) -> Array:
    """Scores whose correlation falls off with the number of waves between them, as `retest` to that power."""
    noise = rng.standard_normal((studies, n, waves), dtype=np.float32).astype(np.float64)
    course = np.empty_like(noise)
    course[..., 0] = noise[..., 0]
    for wave in range(1, waves):
        course[..., wave] = retest * course[..., wave - 1] + np.sqrt(1.0 - retest**2) * noise[..., wave]
    return course


def _dose(n: int, studies: int, rng: np.random.Generator) -> Array:
    """Gamma with shape 2, as the sum of two exponentials, which is faster."""
    two = rng.standard_exponential((2, studies, n))
    return np.asarray((two[0] + two[1] - 2.0) / np.sqrt(2.0), dtype=np.float64)
