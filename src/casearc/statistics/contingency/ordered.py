"""Moves between ordered stages: did participants move up rather than down, and how far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Vector, Whole, confidence, counts, vector
from casearc.statistics._sign_flips import on_a_scale, two_sided
from casearc.statistics.contingency.mcnemar import moved_p
from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedTransition(Result):
    """Test of moves between ordered stages.

    Attributes
    ----------
    n, up, down, stayed
        Participants in all, moved to a higher stage, to a lower one, not at all.
    mean_change
        Mean change of the stages' scores, everybody counted.
    statistic
        Chi-square with one df; None for the exact form.
    p
        Two-sided.
    share_up, low, high
        Share of those who moved that moved up, with its Clopper-Pearson interval.
    """

    n: int
    up: int
    down: int
    stayed: int
    mean_change: float
    statistic: float | None
    p: float
    method: str
    share_up: float
    low: float
    high: float
    level: float


def ordered_homogeneity(
    table: ArrayLike,
    *,
    scores: Sequence[float] | None = None,
    method: Literal["exact", "chi_square"] = "exact",
    level: float = 0.95,
) -> OrderedTransition:
    """Test whether ordered stages are as high after as before, a move over two stages counting for two.

    Stuart and Maxwell's test asks whether any stage's share changed; this one asks for a shift up or down, on one df.

    Parameters
    ----------
    table
        Counts, (k, k): rows before, columns after, stages in order.
    scores
        The stages' scores, rising; by default 1, 2, ..., k.
    method
        ``"exact"``: given who moved between which two stages, each move was as likely its reverse; all ways are
        counted. ``"chi_square"``: squared sum of the moves' scores over the sum of their squares.
    level
        Confidence level of the interval for the share that moved up.

    Raises
    ------
    StatisticsRefusedError
        Nobody moved; scores that do not rise or lie on no common scale (exact form only).

    Notes
    -----
    Agresti (2013), Categorical Data Analysis, section 11.3. Checked against R's ``coin::mh_test(scores = )`` and,
    exact, against all sign patterns counted one by one in R.

    Examples
    --------
    >>> round(ordered_homogeneity([[12, 9, 2], [3, 20, 11], [1, 4, 18]]).p, 6)
    0.023018
    """
    confidence(level)
    square = counts(table, name="The table of moves", square=True)
    value = _scores(scores, square.shape[0])
    before, after = np.nonzero(square - np.diag(np.diag(square)))
    times = square[before, after]
    moves = np.repeat(value[after] - value[before], times)
    _refuse_stillness(moves.size)
    statistic = float(moves.sum() ** 2 / (moves**2).sum())
    if method == "exact":
        p = _exact_p(moves)
    elif method == "chi_square":
        p = dist.chi_square_upper(statistic, 1)
    else:
        raise StatisticsRefusedError('method is "exact" or "chi_square".')
    return _told(
        square,
        mean_change=float(moves.sum() / square.sum()),
        statistic=None if method == "exact" else statistic,
        p=p,
        method=f"test of ordered marginal homogeneity, {'exact' if method == 'exact' else 'chi-square'}",
        level=level,
    )


def moved_up_or_down(
    table: ArrayLike, *, method: Literal["exact", "mid-p", "chi_square", "corrected"] = "exact", level: float = 0.95
) -> OrderedTransition:
    """Test whether more participants moved up than down, however far: the sign test of the stages.

    Parameters
    ----------
    table
        Counts, (k, k): rows before, columns after, stages in order.
    method
        As in `mcnemar`.
    level
        Confidence level of the interval for the share that moved up.

    Raises
    ------
    StatisticsRefusedError
        Nobody moved.

    Notes
    -----
    `mean_change` is in stages. Checked against R's ``binom.test``.

    Examples
    --------
    >>> round(moved_up_or_down([[12, 9, 2], [3, 20, 11], [1, 4, 18]]).p, 6)
    0.016125
    """
    confidence(level)
    square = counts(table, name="The table of moves", square=True)
    up, down = int(np.triu(square, 1).sum()), int(np.tril(square, -1).sum())
    _refuse_stillness(up + down)
    statistic, p = moved_p(up, down, method)
    stage = np.arange(square.shape[0])
    return _told(
        square,
        mean_change=float((square * (stage[None, :] - stage[:, None])).sum() / square.sum()),
        statistic=statistic,
        p=p,
        method=f"moved up against moved down, {method.replace('_', '-')}",
        level=level,
    )


def _scores(scores: Sequence[float] | None, k: int) -> Vector:
    if scores is None:
        return np.arange(1.0, k + 1.0)
    value = vector(scores, name="The scores of the stages")
    if value.size != k or (np.diff(value) <= 0.0).any():
        raise StatisticsRefusedError(f"The {k} stages need {k} scores that rise from stage to stage.")
    return value


def _refuse_stillness(moved: int) -> None:
    if moved == 0:
        raise StatisticsRefusedError(
            "Nobody moved from one level to another, so there is no direction to test.",
            alternative="Report that everybody stayed.",
        )


def _exact_p(moves: Vector) -> float:
    scaled = on_a_scale(moves)
    if scaled is None:
        raise StatisticsRefusedError(
            "The scores of the stages lie on no common scale, so the ways to move cannot be counted.",
            alternative='Use whole numbers as scores, or method="chi_square".',
        )
    steps = scaled[0]
    return two_sided(np.abs(steps), int(steps[steps > 0].sum()))


def _told(
    square: Whole, *, mean_change: float, statistic: float | None, p: float, method: str, level: float
) -> OrderedTransition:
    up, down = int(np.triu(square, 1).sum()), int(np.tril(square, -1).sum())
    low, high = dist.clopper_pearson(up, up + down, level=level)
    return OrderedTransition(
        n=int(square.sum()),
        up=up,
        down=down,
        stayed=int(np.trace(square)),
        mean_change=mean_change,
        statistic=statistic,
        p=p,
        method=method,
        share_up=up / (up + down),
        low=low,
        high=high,
        level=level,
    )
