"""Item statistics: what each item of a scale does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.psychometrics._items import checked_items, constant_items


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemStatistics:
    """One item. Shares are 0 to 1.

    Attributes
    ----------
    floor, ceiling
        Share of participants at the lowest and highest permitted response; None where the range was not given.
    item_rest
        Correlation with the sum of the other items; None where the item or the rest has no spread, or there is no rest.
    """

    mean: float
    sd: float
    floor: float | None
    ceiling: float | None
    item_rest: float | None


def item_statistics(
    items: ArrayLike, *, low: float | None = None, high: float | None = None
) -> tuple[ItemStatistics, ...]:
    """Mean, spread, floor, ceiling and item-rest correlation of each item.

    Parameters
    ----------
    items
        Item scores, shape (n, k), n >= 2, no missing value.
    low, high
        Ends of the response range. Without them floor and ceiling are None: the lowest answer seen is not the floor.

    Returns
    -------
    tuple of ItemStatistics
        In the order of the columns.

    Raises
    ------
    StatisticsRefusedError
        Some item scores lie outside the range, or the items say nothing (fewer than two people or items).

    Notes
    -----
    Checked against R's ``psych::alpha`` (``r.drop``).

    Examples
    --------
    >>> [round(item.mean, 2) for item in item_statistics([[1, 2], [2, 2], [3, 5]], low=1, high=5)]
    [2.0, 3.0]
    """
    X = checked_items(items, at_least=1)
    if (low is not None and float(X.min()) < low) or (high is not None and float(X.max()) > high):
        raise StatisticsRefusedError(
            "Some item scores lie outside the response range given.",
            alternative="Check the coding of the items.",
        )
    constant = constant_items(X)
    total = X.sum(axis=1)
    return tuple(
        ItemStatistics(
            mean=float(column.mean()),
            sd=float(column.std(ddof=1)),
            floor=None if low is None else float((column == low).mean()),
            ceiling=None if high is None else float((column == high).mean()),
            item_rest=None if constant[i] or X.shape[1] == 1 else _correlation(column, total - column),
        )
        for i, column in enumerate(X.T)
    )


def _correlation(item: np.ndarray, rest: np.ndarray) -> float | None:
    if np.ptp(rest) <= 1e-12 * max(1.0, float(np.abs(rest).max())):
        return None
    return float(np.clip(np.corrcoef(item, rest)[0, 1], -1.0, 1.0))
