"""An estimate with its confidence interval."""

from __future__ import annotations

from dataclasses import dataclass

from casearc.statistics.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateInterval(Result):
    """An estimate with a confidence interval.

    Attributes
    ----------
    estimate, low, high
        In the unit of the data, or standardized where the function says so.
    level
        Nominal confidence level; an exact interval on discrete ranks covers at least this.
    n
        Observations it rests on.
    method
        How the interval was made, in words for a table's note.
    """

    estimate: float
    low: float
    high: float
    level: float
    n: int
    method: str
