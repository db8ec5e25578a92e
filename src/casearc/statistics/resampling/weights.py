"""How often each row counts in each draw: participants are resampled whole, within site where asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Whole
from casearc.statistics._clusters import labels_of


@dataclass(frozen=True, slots=True)
class Units:
    """What is resampled whole: participants.

    `unit` is the unit of each row, 0 to count - 1, shape (n,); `stratum` the stratum of each unit, shape (count,).
    """

    unit: Whole
    stratum: Whole

    @property
    def count(self) -> int:
        return self.stratum.size


def units_of(n: int, *, clusters: ArrayLike | None = None, strata: ArrayLike | None = None) -> Units:
    """Code participants and strata; refuses fewer than two participants and a participant in two strata."""
    unit = np.arange(n) if clusters is None else _codes(clusters, n, what="participant")
    count = int(unit.max()) + 1 if n else 0
    if count < 2:
        raise StatisticsRefusedError(
            f"Resampling needs at least two participants, and there {'is' if count == 1 else 'are'} {count}.",
            alternative="Describe the participants in words instead.",
        )
    if strata is None:
        return Units(unit=unit, stratum=np.zeros(count, dtype=np.int64))
    rows = _codes(strata, n, what="stratum")
    stratum = np.zeros(count, dtype=np.int64)
    stratum[unit] = rows
    if (stratum[unit] != rows).any():
        raise StatisticsRefusedError(
            "A participant has rows in two strata, so participants cannot be drawn within strata.",
            alternative="Give each participant one stratum, for example the site of the first enrollment.",
        )
    if np.unique(stratum).size == count:
        raise StatisticsRefusedError(
            "Every stratum has one participant, so drawing within strata changes nothing.",
            alternative="Merge strata, or resample without them.",
        )
    return Units(unit=unit, stratum=stratum)


def case_weights(
    n: int,
    *,
    draws: int,
    rng_or_seed: np.random.Generator | int,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
) -> Whole:
    """Bootstrap draws as whole-number weights: how often each row counts in each draw, shape (draws, n).

    Use it with any estimator that takes case weights; one call then fits all draws.

    Parameters
    ----------
    n
        Number of rows.
    draws
        Number of bootstrap samples.
    rng_or_seed
        A seed, or a generator to go on with.
    strata
        One label a row, for example the site: as many participants are drawn in each stratum as it has.
    clusters
        One label a row; rows of one label (one participant's waves) are drawn together. Without it each row is a
        participant.

    Raises
    ------
    StatisticsRefusedError
        Fewer than two participants, a participant in two strata, every stratum of one participant, a missing label.

    Notes
    -----
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 6. Weights of one draw sum to n where each row
    is a participant; with clusters of unequal size the number of rows differs between draws, as it must.

    Examples
    --------
    >>> weights = case_weights(4, draws=1000, rng_or_seed=1)
    >>> weights.shape, int(weights.sum(axis=1).max())
    ((1000, 4), 4)
    """
    units = units_of(n, clusters=clusters, strata=strata)
    if draws < 1:
        raise StatisticsRefusedError("At least one draw is needed.", alternative="2,000 are usual.")
    rng = np.random.default_rng(rng_or_seed)
    drawn = np.empty((draws, units.count), dtype=np.int64)
    for stratum in range(int(units.stratum.max()) + 1):
        members = np.flatnonzero(units.stratum == stratum)
        drawn[:, members] = _counts(rng, draws, members.size)
    return drawn if clusters is None else drawn[:, units.unit]


def jackknife_weights(n: int, clusters: ArrayLike | None = None) -> Whole:
    """Each participant left out once, as weights of shape (participants, n): 0 for the one left out, else 1.

    Raises
    ------
    StatisticsRefusedError
        Fewer than two participants, or a missing label.

    Examples
    --------
    >>> jackknife_weights(3).tolist()
    [[0, 1, 1], [1, 0, 1], [1, 1, 0]]
    """
    units = units_of(n, clusters=clusters)
    return np.asarray(units.unit[None, :] != np.arange(units.count)[:, None], dtype=np.int64)


def _counts(rng: np.random.Generator, draws: int, members: int) -> Whole:
    """Counts of `members` draws with replacement out of as many, (draws, members)."""
    chosen = rng.integers(0, members, size=(draws, members))
    chosen += members * np.arange(draws)[:, None]
    counted = np.bincount(chosen.ravel(), minlength=draws * members)
    return np.asarray(counted.reshape(draws, members), dtype=np.int64)


def _codes(labels: ArrayLike, n: int, *, what: str) -> Whole:
    codes = np.unique(labels_of(labels, n, what=what), return_inverse=True)[1]
    return np.asarray(codes, dtype=np.int64)
