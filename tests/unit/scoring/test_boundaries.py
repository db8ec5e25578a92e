"""Nobody lands in the wrong stage because of floating point.

Promise guarded: for every combination of subscale sums that can occur, the stage is the one exact fractions give, and
the readiness given out is the number nearest to the exact one.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import polars as pl
import pytest

from casearc.instruments import Instrument, level_of, load
from casearc.scoring import score

SUBSCALES = ("contemplation", "action", "maintenance", "precontemplation")
STAGES = ("urica_stage_habits", "urica_stage_nearest_mean")


def answers_with_sums(instrument: Instrument, sums: dict[str, np.ndarray], skipped: dict[str, bool]) -> pl.DataFrame:
    """Administrations whose answered items of each subscale add up to the sums; the first item may be skipped."""
    columns: dict[str, object] = {}
    for name, wanted in sums.items():
        items = instrument.score(f"urica_{name}").items[1 if skipped[name] else 0 :]
        base, rest = np.divmod(wanted, len(items))
        for place, item in enumerate(items):
            columns[instrument.column(item)] = base + (place < rest)
        if skipped[name]:
            first = instrument.column(instrument.score(f"urica_{name}").items[0])
            columns[first] = pl.Series([None] * len(wanted), dtype=pl.Int64)
    count = len(next(iter(sums.values())))
    return pl.DataFrame({"administration_id": np.arange(count), **columns})


def sums_of_seven() -> dict[str, np.ndarray]:
    """All 707,281 combinations of four sums of seven items from 1 to 5."""
    grids = np.meshgrid(*[np.arange(7, 36)] * 4, indexing="ij")
    return {name: grid.ravel() for name, grid in zip(SUBSCALES, grids, strict=True)}


@pytest.fixture(scope="module")
def urica() -> Instrument:
    return load("urica")


@pytest.fixture(scope="module")
def complete(urica: Instrument) -> tuple[np.ndarray, pl.DataFrame]:
    """Sevenths of readiness, and the scores, of every combination with all items answered."""
    sums = sums_of_seven()
    sevenths = sums["contemplation"] + sums["action"] + sums["maintenance"] - sums["precontemplation"]
    return sevenths, score(answers_with_sums(urica, sums, dict.fromkeys(SUBSCALES, False)), urica)


@pytest.mark.parametrize("stage", STAGES)
def test_every_complete_combination_has_the_exact_stage(
    urica: Instrument, complete: tuple[np.ndarray, pl.DataFrame], stage: str
) -> None:
    sevenths, scored = complete
    cuts = urica.score(stage).stage_cuts
    assert cuts is not None
    exact = {int(value): level_of(cuts, Fraction(int(value), 7)) for value in np.unique(sevenths)}
    assert scored[stage].to_list() == [exact[value] for value in sevenths.tolist()]


def test_every_complete_combination_has_the_nearest_readiness(complete: tuple[np.ndarray, pl.DataFrame]) -> None:
    sevenths, scored = complete
    assert np.array_equal(scored["urica_readiness"].to_numpy(), sevenths / 7)


@pytest.mark.parametrize("boundary", [8, 11])
def test_floating_point_would_have_failed_here(complete: tuple[np.ndarray, pl.DataFrame], boundary: int) -> None:
    """The trap is real: adding four means leaves hundreds of combinations beyond a boundary they stand on."""
    sums = sums_of_seven()
    added = sums["contemplation"] / 7 + sums["action"] / 7 + sums["maintenance"] / 7 - sums["precontemplation"] / 7
    on_it = complete[0] == boundary * 7
    assert np.count_nonzero(added[on_it] > boundary) > 100
    stages = complete[1].filter(pl.Series(on_it))
    lower = {8: "precontemplation", 11: "contemplation"}[boundary]
    assert stages["urica_stage_habits"].unique().to_list() == [lower]


SKIPPED = [dict(zip(SUBSCALES, which, strict=True)) for which in product([False, True], repeat=4) if any(which)]


@pytest.mark.parametrize("skipped", SKIPPED, ids=lambda which: "+".join(n[0] for n in SUBSCALES if which[n]))
def test_combinations_with_skipped_items_have_the_exact_stage(urica: Instrument, skipped: dict[str, bool]) -> None:
    """Sixths and sevenths together: compared over 42 in whole numbers here, by cross-multiplying in the code."""
    rng = np.random.default_rng(20261123)
    counts = {name: 6 if skipped[name] else 7 for name in SUBSCALES}
    sums = {name: rng.integers(n, 5 * n + 1, size=20_000) for name, n in counts.items()}
    scored = score(answers_with_sums(urica, sums, skipped), urica)
    parts = {name: sums[name] * (42 // counts[name]) for name in SUBSCALES}
    over_42 = parts["contemplation"] + parts["action"] + parts["maintenance"] - parts["precontemplation"]
    for stage in STAGES:
        cuts = urica.score(stage).stage_cuts
        assert cuts is not None
        exact = {int(value): level_of(cuts, Fraction(int(value), 42)) for value in np.unique(over_42)}
        assert scored[stage].to_list() == [exact[value] for value in over_42.tolist()]
    assert np.array_equal(scored["urica_readiness"].to_numpy(), over_42 / 42)
    assert {8 * 42, 11 * 42} <= set(over_42.tolist()), "the sample must stand on the boundaries"


def test_no_readiness_falls_on_the_nearest_mean_cuts() -> None:
    """What the cut set's note says: with 6 or 7 answers a subscale, 10.15 and 11.80 are never met exactly."""
    for cut in (Fraction("10.15"), Fraction("11.80")):
        assert (cut * 42).denominator > 1


def test_every_mspss_sum_has_the_exact_band() -> None:
    instrument = load("mspss")
    sums = np.arange(12, 85)
    base, rest = np.divmod(sums, 12)
    frame = pl.DataFrame(
        {"administration_id": sums, **{f"mspss_{item}": base + (item <= rest) for item in range(1, 13)}}
    )
    for name in ("means-3-5", "sums-49-69"):
        scored = score(frame, instrument, bands=name)
        bands = instrument.score("mspss_total").band_set(name)
        assert bands is not None
        factor = 1 if bands.on_sum else 12
        expected = [level_of(bands, Fraction(int(total), factor)) for total in sums]
        assert scored["mspss_total_band"].to_list() == expected
