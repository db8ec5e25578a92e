"""What is true in a made-up program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from casearc.synthetic.draws import Floats
from casearc.synthetic.measures import MEASURES
from casearc.synthetic.settings import TRAITS, Effects


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueEffect:
    """The effect of one month served between intake and six months on the level at twelve months.

    per_month
        In SD units of the trait at intake: what the program was made with.
    per_month_points
        In points of `score`: `per_month` times the average slope of the expected score. Exact for small effects;
        floors and ceilings bend it for large ones.
    per_sd
        In SD units of the trait for one SD of months served, as those months fell out here.
    """

    trait: str
    score: str
    per_month: float
    per_month_points: float
    per_sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a perfect analysis would find.

    effects
        By score: ``mspss_total``, ``cop_se_total``, ``urica_readiness``.
    levels
        One row an enrollment: enrollment_id, participant_id, number (1: the first), engagement, months_served
        (intake to six months) and months_served_later (six to twelve), left_before (the first wave the participant
        had left by; null for those who stayed), and the true level of each trait at each wave
        (``support_twelve_months``) in SD units. Levels after leaving are what they would have been; those of
        second enrollments are null but at intake.
    engagement, selection
        As asked for: the strength of the confounder, and the cut on support in SD units.
    """

    effects: Mapping[str, TrueEffect]
    levels: pl.DataFrame
    engagement: float
    selection: float | None


def true_effects(effects: Effects, *, levels: Floats, months: Floats) -> dict[str, TrueEffect]:
    """The effects by score; `levels` (n, 3 traits) at twelve months, `months` (n,)."""
    spread = float(np.std(months, ddof=1)) if len(months) > 1 else 0.0
    found = {}
    for model in MEASURES.values():
        per_month = effects.of(model.trait).per_month
        slope = model.points_per_sd(levels[:, TRAITS.index(model.trait)])
        found[model.score] = TrueEffect(
            trait=model.trait,
            score=model.score,
            per_month=per_month,
            per_month_points=per_month * slope,
            per_sd=per_month * spread,
        )
    return found
