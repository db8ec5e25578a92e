"""Alpha with 2,000 bootstraps, omega with as many, beside psych: 95 people, 12 items."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from side_by_side import Line, median_seconds, r_peer

from casearc.psychometrics import alpha_replicates, cronbach_alpha, omega_total
from casearc.statistics.resampling import case_weights

PEOPLE, ITEMS, DRAWS = 95, 12, 2000


def answers() -> np.ndarray:
    """Seven-point answers of one factor."""
    rng = np.random.default_rng(20267)
    factor = rng.normal(size=(PEOPLE, 1)) * rng.uniform(0.8, 1.3, ITEMS)
    return np.clip(np.round(4.0 + factor + rng.normal(size=(PEOPLE, ITEMS))), 1, 7)


def lines() -> Iterator[Line]:
    """Same estimate to rounding; the limits, from other resamples, to the error that 2,000 of them leave."""
    items = answers()
    peer = r_peer("alpha.R", {f"i{j}": column for j, column in enumerate(items.T)}, str(DRAWS))
    ours = cronbach_alpha(items, interval="percentile", draws=DRAWS, rng_or_seed=1)
    theirs = peer.answers
    _agree("alpha", ours.alpha, theirs["alpha"], 1e-8)
    error = float(np.std(alpha_replicates(items, case_weights(PEOPLE, draws=DRAWS, rng_or_seed=2))))
    _agree("the lower limit", ours.low, theirs["low"], 0.5 * error)
    _agree("the upper limit", ours.high, theirs["high"], 0.5 * error)
    _agree("omega", omega_total(items).omega, theirs["omega"], 1e-5)
    for interval in ("percentile", "BCa"):
        seconds = median_seconds(lambda i=interval: cronbach_alpha(items, interval=i, draws=DRAWS, rng_or_seed=1))
        yield Line(
            what=f"alpha, {DRAWS:,} bootstraps, {interval}",
            against="psych::alpha",
            ratio=f"{peer.seconds / seconds:,.0f}x faster",
            remark=f"bar 50; {PEOPLE} people, {ITEMS} items; psych makes other statistics of each resample too",
        )
    alone = theirs["alone"]
    seconds = median_seconds(lambda: cronbach_alpha(items, interval="percentile", draws=DRAWS, rng_or_seed=1))
    yield Line(
        what=f"alpha, {DRAWS:,} bootstraps, percentile",
        against="a loop in R over cov() alone",
        ratio=f"{alone / seconds:,.0f}x faster",
        remark="only alpha of each resample",
    )


def _agree(what: str, ours: float, theirs: float, within: float) -> None:
    if not abs(ours - theirs) <= within:
        raise RuntimeError(f"{what} differs: {ours} and {theirs}")
