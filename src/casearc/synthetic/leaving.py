"""Who leaves a made-up program, when, and who comes back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casearc.synthetic.draws import Flags, Floats, Ints, Strings, choose
from casearc.synthetic.settings import WAVES, Attrition

_REASONS_TO_LEAVE = {"lost_contact": 0.40, "moved": 0.25, "declined_services": 0.20, "other_program": 0.15}
_STILL_OPEN = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """By participant: number of the first wave missed by leaving (3: stayed), exit day (NaN: open), reason."""

    before: Ints
    exit_day: Floats
    reason: Strings


def leave(rng: np.random.Generator, levels: Floats, day: Ints, *, attrition: Attrition) -> Leaving:
    """Decide who leaves. `levels` (n, 3 waves, 3 traits), `day` (n, 3) of the waves."""
    n = len(levels)
    worsening = -np.diff(levels.mean(axis=2), axis=1)
    before = np.full(n, len(WAVES), dtype=np.int64)
    gone = 0
    for wave, share in ((1, attrition.by_six), (2, attrition.by_twelve)):
        leavers = _pick(
            rng,
            worsening[:, wave - 1],
            among=before == len(WAVES),
            count=round(share * n) - gone,
            strength=attrition.on_worsening,
        )
        before[leavers] = wave
        gone += len(leavers)
    return Leaving(
        before=before,
        exit_day=_exit_days(rng, before, day),
        reason=np.where(before < len(WAVES), choose(rng, n, _REASONS_TO_LEAVE), "completed"),
    )


def _pick(rng: np.random.Generator, worsening: Floats, *, among: Flags, count: int, strength: float) -> Ints:
    """`count` positions, drawn with odds that multiply by exp(`strength`) for one SD of worsening (Gumbel's trick)."""
    scale = worsening.std()
    urge = strength * worsening / (scale if scale > 0 else 1.0) + rng.gumbel(size=len(worsening))
    urge[~among] = -np.inf
    return np.argsort(-urge, kind="stable")[:count]


def _exit_days(rng: np.random.Generator, before: Ints, day: Ints) -> Floats:
    n = len(before)
    share = rng.random(n)
    early = 25 + share * (day[:, 1] - 30 - 25)
    late = day[:, 1] + 3 + share * (day[:, 2] - day[:, 1] - 10)
    after = day[:, 2] + 5 + rng.exponential(40.0, n)
    after[rng.random(n) < _STILL_OPEN] = np.nan
    return np.floor(np.select([before == 1, before == 2], [early, late], after))


def come_back(rng: np.random.Generator, leaving: Leaving, *, share: float) -> Ints:
    """Positions of those who come back: leavers first, then others whose enrollment has ended."""
    n = len(leaving.before)
    ended = np.flatnonzero(~np.isnan(leaving.exit_day))
    order = np.lexsort((rng.random(len(ended)), leaving.before[ended] == len(WAVES)))
    return np.sort(ended[order][: round(share * n)])
