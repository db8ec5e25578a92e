"""Change between waves beside coin and base R: an exact test, an analysis of variance, bootstrap draws."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from side_by_side import Line, median_seconds, r_peer, times

from casearc.statistics.paired import (
    change_replicates,
    cohen_d_av,
    cohen_dz,
    friedman,
    hodges_lehmann,
    rank_replicates,
    repeated_measures_anova,
    wilcoxon_signed_rank,
)
from casearc.statistics.resampling import case_weights

N = 95
DRAWS = 2000


def lines() -> Iterator[Line]:
    """Ratios, after the answers have been found the same."""
    rng = np.random.default_rng(20261)
    before = np.round(rng.normal(4.0, 1.0, N), 1)
    after = np.round(before + rng.normal(0.3, 0.9, N), 1)
    third = np.round(after + rng.normal(0.1, 0.8, N), 1)
    waves = np.column_stack([before, after, third])
    peer = r_peer("paired.R", {"before": before, "after": after, "third": third}, str(DRAWS))
    d = after - before
    answers = {
        "exact_p": wilcoxon_signed_rank(d).p,
        "hodges_lehmann": hodges_lehmann(d).estimate,
        "dz": cohen_dz(d).estimate,
        "dav": cohen_d_av(before, after).estimate,
        "gg": repeated_measures_anova(waves).epsilon_greenhouse_geisser,
        "friedman": friedman(waves, method="chi_square").p,
    }
    for name, ours in answers.items():
        if abs(ours - peer.answers[name]) > 1e-8:
            raise RuntimeError(f"{name} differs from R's")
    weights = case_weights(N, draws=DRAWS, rng_or_seed=1)
    own = "same estimate; each side draws its own"
    parts = (
        ("exact signed rank, ties and zeros, n = 95", "coin", "s_exact", "same p", lambda: wilcoxon_signed_rank(d)),
        ("repeated measures, 95 x 3", "anova.mlm", "s_anova", "same epsilon", lambda: repeated_measures_anova(waves)),
        ("2,000 draws of d_z and d_av", "a loop in R", "s_dz", own, lambda: change_replicates(before, after, weights)),
        ("2,000 draws of Hodges-Lehmann", "a loop in R", "s_hl", own, lambda: rank_replicates(d, weights)),
    )
    for what, against, seconds, remark, run in parts:
        ratio = peer.answers[seconds] / median_seconds(run)
        yield Line(what=what, against=against, ratio=f"{times(ratio)}x faster", remark=remark)
