"""Change of one outcome between two waves: every test and size of it, computed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from casearc.analyses.attempt import attempt
from casearc.analyses.change.resampled import ResampledChange, resampled_change
from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import later, paired_key, present_pairs
from casearc.analyses.wording import wave_label
from casearc.statistics.estimates import EstimateInterval
from casearc.statistics.paired import (
    PairedT,
    SignedRank,
    SignTest,
    cohen_d_av,
    cohen_dz,
    hodges_lehmann,
    paired_t,
    rank_biserial,
    sign_test,
    wilcoxon_signed_rank,
)
from casearc.study import Outcome, in_time

Floats = npt.NDArray[np.float64]

TESTS: Mapping[str, str] = {"t": "the t test", "rank": "the signed-rank test"}
SIZES: Mapping[str, str] = {
    "standardized": "d_z",
    "average": "d_av",
    "biserial": "the rank-biserial correlation",
    "typical": "the typical change",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedChange:
    """Change of one outcome between two waves. What could not be computed is None.

    `standardized` is d_z, `average` d_av, `typical` the Hodges-Lehmann estimate.
    """

    first: str
    second: str
    key: str
    before: Floats
    after: Floats
    t: PairedT | None = None
    rank: SignedRank | None = None
    pratt: SignedRank | None = None
    signs: SignTest | None = None
    standardized: EstimateInterval | None = None
    average: EstimateInterval | None = None
    biserial: EstimateInterval | None = None
    typical: EstimateInterval | None = None
    resampled: ResampledChange | None = None

    @property
    def between(self) -> str:
        """The interval in words."""
        return f"{wave_label(self.first)} to {wave_label(self.second)}"

    @property
    def difference(self) -> Floats:
        """Each participant's change."""
        return self.after - self.before

    def missing(self, names: Mapping[str, str]) -> list[str]:
        """What of `names` could not be computed, in words."""
        return [words for name, words in names.items() if getattr(self, name) is None]


def wave_pairs(data: StudyData) -> tuple[tuple[str, str], ...]:
    """Consecutive waves, then first to last where there are more than two."""
    names = [wave.name for wave in in_time(data.plan.waves)]
    pairs = list(pairwise(names))
    return tuple(pairs if len(names) < 3 else [*pairs, (names[0], names[-1])])


def measure(data: StudyData, outcome: Outcome, pair: tuple[str, str]) -> PairedChange:
    """The change of those measured at both waves, tested where there are two or more."""
    frame = present_pairs(data, outcome, *pair)
    plain = PairedChange(
        first=pair[0],
        second=pair[1],
        key=paired_key(outcome, *pair),
        before=frame["before"].to_numpy(),
        after=frame["after"].to_numpy(),
    )
    if len(plain.before) < 2:
        return plain
    sites = data.people.filter(later(data, outcome, *pair))["site"].fill_null("").to_numpy()
    return replace(
        _estimated(plain, level=1 - data.plan.inference.alpha),
        resampled=resampled_change(data.plan, plain.difference, sites),
    )


def _estimated(plain: PairedChange, *, level: float) -> PairedChange:
    before, after, change = plain.before, plain.after, plain.difference
    return replace(
        plain,
        t=attempt(lambda: paired_t(before, after, level=level)),
        rank=attempt(lambda: wilcoxon_signed_rank(change)),
        pratt=attempt(lambda: wilcoxon_signed_rank(change, zeros="pratt")),
        signs=attempt(lambda: sign_test(change, level=level)),
        standardized=attempt(lambda: cohen_dz(change, level=level)),
        average=attempt(lambda: cohen_d_av(before, after, level=level)),
        biserial=attempt(lambda: rank_biserial(change, level=level)),
        typical=attempt(lambda: hodges_lehmann(change, level=level)),
    )
