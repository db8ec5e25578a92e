"""Which reliability and which spread a reliable change rests on, and the choice in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from casearc.errors import StatisticsRefusedError
from casearc.statistics.results import Result

Origin = Literal["own", "published"]
_OWNER = {"own": "this program's own", "published": "the published"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorSource(Result):
    """What a measurement error rests on.

    Attributes
    ----------
    reliability, reliability_kind, reliability_origin
        The coefficient used, which it is, and whether it is the program's own.
    sd, sd_origin
        The standard deviation used, and whose.
    words
        The choice as the report prints it.
    notes
        What was there and passed over, and why.
    """

    reliability: float
    reliability_kind: Literal["retest correlation", "alpha"]
    reliability_origin: Origin
    sd: float
    sd_origin: Origin
    words: str
    notes: tuple[str, ...] = ()


def choose_error_source(
    *,
    own_retest: float | None = None,
    published_retest: float | None = None,
    own_alpha: float | None = None,
    published_alpha: float | None = None,
    own_sd: float | None = None,
    published_sd: float | None = None,
) -> ErrorSource:
    """Choose reliability and spread: retest before alpha, and within each the program's own before published.

    Change between waves is judged by error between waves, which alpha, from one wave, does not see; and a standard
    error holds for people as varied as those measured.

    Parameters
    ----------
    own_retest, published_retest
        Retest correlations. Give the program's own only from a double pretest short enough that nobody really changes.
    own_alpha, published_alpha
        Cronbach's alpha.
    own_sd, published_sd
        Standard deviations of the score before.

    Raises
    ------
    StatisticsRefusedError
        There is no usable reliability (above 0, below 1) or no usable spread (above 0).

    Notes
    -----
    Retest for change: Jacobson & Truax (1991); spread of the sample at hand: Lord & Novick (1968).

    Examples
    --------
    >>> choose_error_source(published_retest=0.85, published_alpha=0.88, own_sd=1.2).words
    "the published retest correlation and this program's own SD"
    """
    candidates: tuple[tuple[float | None, Literal["retest correlation", "alpha"], Origin], ...] = (
        (own_retest, "retest correlation", "own"),
        (published_retest, "retest correlation", "published"),
        (own_alpha, "alpha", "own"),
        (published_alpha, "alpha", "published"),
    )
    usable = [each for each in candidates if _between(each[0], 1.0)]
    if not usable:
        raise StatisticsRefusedError(
            "No reliability of this score is known that lies between 0 and 1, so error cannot be told from change.",
            alternative="Give a published retest correlation, or leave out reliable change for this score.",
        )
    spreads: tuple[tuple[float | None, Origin], ...] = ((own_sd, "own"), (published_sd, "published"))
    spread = [each for each in spreads if _between(each[0], math.inf)]
    if not spread:
        raise StatisticsRefusedError(
            "No spread of this score above zero is known, so it has no standard error of measurement.",
            alternative="Leave out reliable change for this score.",
        )
    (reliability, kind, origin), (sd, owner) = usable[0], spread[0]
    unusable = [
        f"{_OWNER[whose]} {what}" for value, what, whose in candidates if value is not None and not _between(value, 1.0)
    ]
    return ErrorSource(
        reliability=float(reliability or 0.0),
        reliability_kind=kind,
        reliability_origin=origin,
        sd=float(sd or 0.0),
        sd_origin=owner,
        words=f"{_OWNER[origin]} {kind} and {_OWNER[owner]} SD",
        notes=tuple(f"{name[0].upper()}{name[1:]} lies outside 0 to 1 and was passed over." for name in unusable),
    )


def _between(value: float | None, high: float) -> bool:
    return value is not None and math.isfinite(value) and 0.0 < value < high
