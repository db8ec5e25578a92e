"""Delta-adjusted imputation: how much worse must those who left have fared to change the conclusion."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, finite
from casearc.statistics.imputation.pooling import Pooled
from casearc.statistics.results import Result, Row

Unit = Literal["outcome", "sd"]
Analysis = Callable[[NDArray[np.float64]], Pooled]
"""Pools the analysis of outcomes of shape (M, n)."""

HALVINGS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaRow(Result):
    """The pooled answer when imputed outcomes are shifted by `delta`.

    Attributes
    ----------
    delta
        In the unit asked for; `shift` is the same in units of the outcome.
    mean_left
        Mean outcome of those who left, after the shift.
    conclusive
        Whether the interval excludes the null.
    """

    delta: float
    shift: float
    mean_left: float
    estimate: float
    low: float
    high: float
    p: float
    conclusive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TippingPoint(Result):
    """Delta-adjusted tipping point.

    Attributes
    ----------
    grid
        One row a delta, ascending, 0 among them.
    below, above
        The delta nearest 0, on either side, at which the conclusion changes: an interval that excluded the null
        comes to include it, or the reverse. None: it does not change within the range of the grid.
    sd
        The outcome's SD among those who stayed; one `delta` is so much where the unit is ``"sd"``.
    """

    term: str
    unit: Unit
    sd: float
    null: float
    n_left: int
    conclusive: bool
    below: float | None
    above: float | None
    grid: tuple[DeltaRow, ...]
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a delta."""
        return [row for each in self.grid for row in each.rows()]


def tipping_point(
    outcomes: ArrayLike,
    left: ArrayLike,
    *,
    analysis: Analysis,
    term: str,
    deltas: Sequence[float],
    unit: Unit = "outcome",
    null: float = 0.0,
    y_level: str | None = None,
) -> TippingPoint:
    """Shift the imputed outcomes of those who left, analyze and pool again, and find where the conclusion changes.

    Multiple imputation takes those who left to fare as others like them do. Each delta says how much better or worse
    they fared than that; whether the tipping delta is believable is for the reader to judge, not for a test.

    Parameters
    ----------
    outcomes
        Imputed outcomes, shape (M, n).
    left
        Who left, and whose outcomes are shifted: booleans, shape (n,).
    analysis
        ``analysis(outcomes)`` gives the pooled analysis, for example
        ``lambda y: linear_over_imputations(designs, y, terms=terms)``.
    term
        The coefficient on which the conclusion rests; `y_level` its outcome level in a multinomial model.
    deltas
        The grid; 0 is added. The search stays within it.
    unit
        ``"outcome"``: deltas are in its unit; ``"sd"``: in SDs of the outcome among those who stayed.
    null
        The value the interval must exclude.

    Raises
    ------
    StatisticsRefusedError
        Nobody left or everybody did; deltas that are not numbers; shapes that do not fit; what the analysis refuses.

    Notes
    -----
    Pattern-mixture model with an offset: Rubin (1987), ch. 6; Cro, Morris, Kenward & Carpenter (2020), Statistics in
    Medicine 39:2815-2842. The shift is added after imputing, so that other imputed columns do not follow it. The
    tipping delta is found by bisection between the two grid points around it.

    Examples
    --------
    >>> from casearc.statistics.imputation import linear_over_imputations
    >>> rng, left = np.random.default_rng(2), np.arange(60) < 12
    >>> change = np.tile(rng.normal(0.5, 1.0, 60), (20, 1))
    >>> change[:, left] = rng.normal(0.5, 1.0, (20, 12))
    >>> mean = lambda y: linear_over_imputations(np.ones((60, 1)), y, terms=["mean change"])
    >>> found = tipping_point(change, left, analysis=mean, term="mean change", deltas=[-3, -2, -1, 0])
    >>> found.conclusive, round(found.below, 2), found.above
    (True, -1.22, None)
    """
    y, gone = _checked(outcomes, left)
    grid = np.unique(np.concatenate([finite(deltas, name="The deltas").ravel(), [0.0]]))
    sd = float(np.sqrt(y[:, ~gone].var(axis=1, ddof=1).mean())) if (~gone).sum() > 1 else 0.0
    if unit == "sd" and sd <= 0.0:
        raise StatisticsRefusedError(
            "The outcome of those who stayed does not vary, so a shift in SDs means nothing.",
            alternative='Give deltas in units of the outcome: unit="outcome".',
        )
    scale = sd if unit == "sd" else 1.0

    def at(delta: float) -> DeltaRow:
        shifted = y + scale * delta * gone
        pooled = analysis(shifted)
        i = pooled.find(term, y_level=y_level)
        low, high = float(pooled.low[i]), float(pooled.high[i])
        return DeltaRow(
            delta=delta,
            shift=scale * delta,
            mean_left=float(shifted[:, gone].mean()),
            estimate=float(pooled.coefficients[i]),
            low=low,
            high=high,
            p=float(pooled.p[i]),
            conclusive=not low <= null <= high,
        )

    rows = [at(float(delta)) for delta in grid]
    zero = int(np.flatnonzero(grid == 0.0)[0])
    return TippingPoint(
        term=term,
        unit=unit,
        sd=sd,
        null=null,
        n_left=int(gone.sum()),
        conclusive=rows[zero].conclusive,
        below=_change(at, rows[zero::-1], null),
        above=_change(at, rows[zero:], null),
        grid=tuple(rows),
    )


def _checked(outcomes: ArrayLike, left: ArrayLike) -> tuple[Matrix, NDArray[np.bool_]]:
    y = finite(outcomes, name="The outcomes")
    gone = np.asarray(left).astype(bool)
    if y.ndim != 2 or gone.shape != y.shape[1:]:
        raise StatisticsRefusedError(
            "The outcomes must have one row an imputation, and who left one entry a participant."
        )
    if not gone.any() or gone.all():
        raise StatisticsRefusedError(
            f"{'Everybody' if gone.any() else 'Nobody'} left, so there is no tipping point.",
            alternative="Describe who left." if gone.any() else "Report the analysis as it is.",
        )
    return y, gone


def _side(row: DeltaRow, null: float) -> int:
    """1 or -1 where the interval lies above or below the null, 0 where it includes it."""
    return int(row.conclusive) * (1 if row.estimate > null else -1)


def _change(at: Callable[[float], DeltaRow], rows: Sequence[DeltaRow], null: float) -> float | None:
    """The delta nearest the first row's at which the conclusion is another; rows lead away from it."""
    first = _side(rows[0], null)
    for inner, outer in pairwise(rows):
        if _side(outer, null) != first:
            same, other = inner.delta, outer.delta
            for _ in range(HALVINGS):
                middle = 0.5 * (same + other)
                if middle in (same, other) or math.isclose(same, other, rel_tol=1e-12):
                    break
                same, other = (middle, other) if _side(at(middle), null) == first else (same, middle)
            return other
    return None
