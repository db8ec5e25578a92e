"""Every two waves compared within participants, p values adjusted by Holm."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Vector, confidence, frozen, has_no_spread, listed, matrix
from casearc.statistics.multiplicity import adjusted_p
from casearc.statistics.paired.signed_rank import wilcoxon_signed_rank
from casearc.statistics.results import Result, Row, per_term


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairedContrasts(Result):
    """Every two waves compared. Arrays are in the order of `pairs`: the later minus the earlier of each.

    Attributes
    ----------
    difference, low, high
        Mean difference with its t interval at `level`, each for itself: intervals are not adjusted.
    t, dz
        Paired t and mean over standard deviation of the difference.
    p, p_holm
        Of the paired t or of the exact signed-rank test, as `test` says; and adjusted over all pairs.
    """

    pairs: tuple[tuple[str, str], ...]
    n: int
    difference: Vector
    low: Vector
    high: Vector
    t: Vector
    dz: Vector
    p: Vector
    p_holm: Vector
    test: Literal["t", "signed rank"]
    level: float

    def rows(self) -> list[Row]:
        """One row a pair."""
        return per_term(
            [f"{later} - {earlier}" for earlier, later in self.pairs],
            {
                "estimate": self.difference,
                "conf_low": self.low,
                "conf_high": self.high,
                "statistic": self.t,
                "d_z": self.dz,
                "p_value": self.p,
                "p_holm": self.p_holm,
            },
        )


def paired_contrasts(
    scores: ArrayLike,
    *,
    waves: Sequence[str],
    test: Literal["t", "signed rank"] = "t",
    level: float = 0.95,
) -> PairedContrasts:
    """Compare every two waves, after `repeated_measures_anova` or (``test="signed rank"``) `friedman`.

    Parameters
    ----------
    scores
        Shape (n, k): participants by waves, k >= 2, none missing.
    waves
        Their names, in order of time.
    test
        ``"t"``: each pair with the variance of its own differences, so that sphericity is not needed. ``"signed
        rank"``: p from the exact signed-rank test.
    level
        Confidence level of each interval.

    Raises
    ------
    StatisticsRefusedError
        Missing values, names that do not fit, two waves that differ by the same amount for everybody (named).

    Notes
    -----
    Checked against R's ``pairwise.t.test(paired = TRUE, p.adjust.method = "holm")``.

    Examples
    --------
    >>> found = paired_contrasts([[1, 2, 4], [2, 3, 3], [1, 3, 4], [2, 2, 5]], waves=["pre", "mid", "post"])
    >>> found.difference.tolist()
    [1.0, 2.5, 1.5]
    """
    confidence(level)
    values = matrix(scores, name="The scores")
    n, k = values.shape
    if len(waves) != k:
        raise StatisticsRefusedError(f"There are {len(waves)} names for {k} waves.")
    if n < 2 or k < 2:
        raise StatisticsRefusedError(
            f"Waves are compared within at least 2 participants and 2 waves; here are {n} and {k}.",
            alternative="Describe the participants in words instead of testing.",
        )
    if test not in ("t", "signed rank"):
        raise StatisticsRefusedError('test is "t" or "signed rank".')
    places = list(combinations(range(k), 2))
    differences = np.array([values[:, j] - values[:, i] for i, j in places])
    scale = float(np.abs(values).max())
    flat = [pair for pair, each in zip(places, differences, strict=True) if has_no_spread(each, scale=scale)]
    if flat:
        raise StatisticsRefusedError(
            f"Between {listed([waves[i] for i in flat[0]])} every participant changed by exactly the same amount.",
            alternative="Check how these waves were recorded; otherwise leave one of them out.",
        )
    mean, sd = differences.mean(axis=1), differences.std(axis=1, ddof=1)
    t = mean / (sd / math.sqrt(n))
    half_width = dist.t_quantile(0.5 + level / 2.0, n - 1) * sd / math.sqrt(n)
    p = dist.t_two_sided(t, n - 1)
    if test == "signed rank":
        p = np.array([wilcoxon_signed_rank(each).p for each in differences])
    return PairedContrasts(
        pairs=tuple((waves[i], waves[j]) for i, j in places),
        n=n,
        difference=frozen(mean),
        low=frozen(mean - half_width),
        high=frozen(mean + half_width),
        t=frozen(t),
        dz=frozen(mean / sd),
        p=frozen(p),
        p_holm=frozen(adjusted_p(p, "holm")),
        test=test,
        level=level,
    )
