"""The only place that rounds: what a number looks like, and how much of it may be told.

Every quantity has a number of decimals. The same rule gives the printed text and, through `rounded`, the number
that stands in results.json and the CSV files of an edition that leaves the house: more digits there than on
paper would let a reader work exact fractions back to the counts they came from.

Decimals follow the APA style of reporting (means, differences and test statistics with two, p values with three
and without a leading zero), with two additions: a limit of an interval is never rounded onto the value of no
association, and a p value is never rounded onto the conventional .05, because either would blur what it decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from casearc.findings import Quantity

MINUS: Final = "\N{MINUS SIGN}"
MOST_DECIMALS: Final = 4
SMALLEST_P: Final = 0.001
LARGEST_P: Final = 0.999
CONVENTIONAL_P: Final = 0.05


@dataclass(frozen=True, slots=True)
class Precision:
    """How a quantity is printed.

    decimals
        Decimals as a rule.
    trim
        Take trailing zeros away (settings, degrees of freedom).
    significant
        Small values get more decimals until two digits say something.
    neutral
        The value of no association; limits of intervals are not rounded onto it.
    """

    decimals: int = 2
    trim: bool = False
    significant: bool = False
    neutral: float | None = None


PRECISION: Final[dict[Quantity, Precision]] = {
    Quantity.MEAN: Precision(),
    Quantity.SD: Precision(),
    Quantity.DIFFERENCE: Precision(neutral=0.0),
    Quantity.COEFFICIENT: Precision(significant=True, neutral=0.0),
    Quantity.STANDARD_ERROR: Precision(significant=True),
    Quantity.RATIO: Precision(neutral=1.0),
    Quantity.EFFECT_SIZE: Precision(neutral=0.0),
    Quantity.RELIABILITY: Precision(),
    Quantity.PROPORTION: Precision(decimals=2),  # of 1, hence whole percentages
    Quantity.STATISTIC: Precision(),
    Quantity.DF: Precision(decimals=1, trim=True),
    Quantity.P_VALUE: Precision(decimals=3),
    Quantity.FIT: Precision(),
    Quantity.LEVEL: Precision(decimals=2, trim=True),
    Quantity.EXTREME: Precision(decimals=2, trim=True),
    Quantity.ORDER: Precision(decimals=2, trim=True),
}


def number_text(value: float, quantity: Quantity, *, decimals: int | None = None) -> str:
    """The printed form of a number: ``"−0.34"``, ``"< .001"``, ``"34 %"``.

    A p value comes without its letter, as in a table; `p_statement` is its form in a sentence.

    Examples
    --------
    >>> number_text(0.0134, Quantity.P_VALUE)
    '.013'
    """
    if quantity is Quantity.P_VALUE:
        return _p_text(value)
    if quantity is Quantity.PROPORTION:
        return share_text(value)
    return _fixed(value, _decimals(value, quantity, decimals), trim=PRECISION[quantity].trim)


def p_statement(value: float) -> str:
    """A p value in a sentence: ``p = .013`` or ``p < .001``."""
    text = _p_text(value)
    return f"p {text}" if text.startswith(("<", ">")) else f"p = {text}"


def interval_text(low: float | None, high: float | None, quantity: Quantity, *, decimals: int | None = None) -> str:
    """The printed form of an interval: ``"0.12 to 0.48"``; limits have the same decimals, but for large ratios.

    An open limit is told in words: ``"0.12 or more"``, ``"0.48 or less"``.
    """
    if quantity is Quantity.PROPORTION:
        texts = [None if limit is None else share_text(limit) for limit in (low, high)]
    else:
        places = interval_decimals(low, high, quantity, decimals=decimals)
        texts = [None if limit is None else _fixed(limit, _fewer(limit, places, quantity)) for limit in (low, high)]
    match texts:
        case [None, None]:
            return "no limits"
        case [None, str(upper)]:
            return f"{upper} or less"
        case [str(lower), None]:
            return f"{lower} or more"
    return f"{texts[0]} to {texts[1]}"


def interval_decimals(low: float | None, high: float | None, quantity: Quantity, *, decimals: int | None = None) -> int:
    """Decimals that both limits are printed with; `decimals` are the least, if given."""
    limits = [limit for limit in (low, high) if limit is not None]
    precision = PRECISION[quantity]
    places = precision.decimals if decimals is None else decimals
    if precision.significant and decimals is None and low is not None and high is not None:
        places = decimals_for((high - low) / 2)
    if precision.neutral is None:
        return places
    while places < MOST_DECIMALS and any(_blurred(limit, places, precision.neutral) for limit in limits):
        places += 1
    return places


def decimals_for(size: float) -> int:
    """Decimals at which a standard error or half an interval of this size still says something.

    Examples
    --------
    >>> decimals_for(0.24), decimals_for(0.031), decimals_for(0.0042)
    (2, 3, 4)
    """
    places = 2
    while places < MOST_DECIMALS and size != 0 and abs(round(size, places)) < 10 ** (1 - places):
        places += 1
    return places


def share_text(share: float) -> str:
    """A share in whole percent; a share that is not quite none or all is never printed as 0 or 100."""
    if 0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1:
        return "> 99 %"
    return f"{_fixed(100 * share, 0)} %"


def whole_text(value: int) -> str:
    """A whole number with thousands separated: ``12,480``."""
    return f"{value:,}".replace("-", MINUS)


def level_text(level: float) -> str:
    """A confidence level: ``0.95`` is ``95 %``."""
    return f"{_fixed(100 * level, 1, trim=True)} %"


def rounded(value: float, quantity: Quantity, *, decimals: int | None = None) -> float:
    """The number that the printed text stands for, to be carried in data that leave the house."""
    if quantity is Quantity.P_VALUE:
        return round(min(max(value, SMALLEST_P), LARGEST_P), _p_decimals(value))
    return round(value, _decimals(value, quantity, decimals)) + 0.0


def rounded_limits(
    low: float | None, high: float | None, quantity: Quantity, *, decimals: int | None = None
) -> tuple[float | None, float | None]:
    """Both limits of an interval as printed."""
    share = quantity is Quantity.PROPORTION
    places = 2 if share else interval_decimals(low, high, quantity, decimals=decimals)
    return (
        None if low is None else round(low, _fewer(low, places, quantity)) + 0.0,
        None if high is None else round(high, _fewer(high, places, quantity)) + 0.0,
    )


def _decimals(value: float, quantity: Quantity, asked: int | None = None) -> int:
    precision = PRECISION[quantity]
    if not precision.significant:
        return _fewer(value, precision.decimals, quantity)
    return decimals_for(value) if asked is None else asked


def _fewer(value: float, decimals: int, quantity: Quantity) -> int:
    """A ratio of 10 or more loses decimals: nobody knows the second one of 812.69."""
    if quantity is not Quantity.RATIO or abs(value) < 10:
        return decimals
    return 1 if abs(value) < 100 else 0


def _blurred(limit: float, decimals: int, neutral: float) -> bool:
    return limit != neutral and round(limit, decimals) == neutral


def _p_decimals(value: float) -> int:
    return 4 if value != CONVENTIONAL_P and round(value, 3) == CONVENTIONAL_P else 3


def _p_text(value: float) -> str:
    if value < SMALLEST_P:
        return "< .001"
    if value > LARGEST_P:
        return "> .999"
    return f"{value:.{_p_decimals(value)}f}".removeprefix("0")


def _fixed(value: float, decimals: int, *, trim: bool = False) -> str:
    text = f"{round(value, decimals) + 0.0:,.{decimals}f}"
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)
