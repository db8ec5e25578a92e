"""How a file codes its responses, against the instrument's official range."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from casearc.errors import ScoringError, UsageError
from casearc.instruments import Instrument, Kind
from casearc.language import either, say

DOUBTFUL_FROM = 30
"""From this many answered administrations on, a file that never uses an end of the range is questioned."""
_CODING = re.compile(r"^\s*(-?\d{1,4})\s*(?:-|–|to)\s*(-?\d{1,4})\s*$")
_MOST_POINTS = 101


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A coding `low` to `high` and its way to the official range: official = (factor * coded + offset) / divisor,
    in whole numbers. `note` goes into the key's version; empty where the file uses the official range."""

    low: int
    high: int
    factor: int = 1
    offset: int = 0
    divisor: int = 1
    declared: bool = False
    note: str = ""

    def line(self, *, reverse: bool, instrument: Instrument) -> tuple[int, int]:
        """Slope and intercept of an item's scaled value, (slope * coded + intercept), still to be divided."""
        if not reverse:
            return self.factor, self.offset
        return -self.factor, (instrument.low + instrument.high) * self.divisor - self.offset


def read_coding(coding: str | None, instrument: Instrument) -> Coding:
    """The coding a caller declared, or the official one.

    The same number of points is a shift (``"0-6"`` for 1 to 7). Another number is a linear rescale to the official
    range: the lowest code becomes its lowest point, the highest its highest.

    Raises
    ------
    UsageError
        The coding is not written as lowest-highest.
    """
    if coding is None:
        return Coding(low=instrument.low, high=instrument.high)
    match = _CODING.match(coding)
    if match is None or int(match[1]) >= int(match[2]) or int(match[2]) - int(match[1]) >= _MOST_POINTS:
        raise UsageError(
            say('A coding is written as lowest-highest, such as "1-10"; `{coding}` is not one.', coding=coding)
        )
    low, high = int(match[1]), int(match[2])
    if (low, high) == (instrument.low, instrument.high):
        return Coding(low=low, high=high, declared=True)
    ratio = Fraction(instrument.high - instrument.low, high - low)
    _refuse_rescaled_levels(instrument, ratio)
    official = f"{instrument.low}-{instrument.high}"
    return Coding(
        low=low,
        high=high,
        factor=ratio.numerator,
        offset=instrument.low * ratio.denominator - low * ratio.numerator,
        divisor=ratio.denominator,
        declared=True,
        note=f"coding {low}-{high} {'shifted' if ratio == 1 else 'rescaled'} to {official}",
    )


def _refuse_rescaled_levels(instrument: Instrument, ratio: Fraction) -> None:
    """A level straight from an item has no in-between: it can be shifted, not stretched."""
    direct = [s.id for s in instrument.scores if s.kind is Kind.STAGE and s.stage_cuts is None]
    if direct and ratio != 1:
        raise ScoringError(
            say(
                "The levels of `{score}` are the responses themselves; a coding with another number of points "
                "cannot be turned into them. Map the codes to the official ones first.",
                score=direct[0],
            )
        )


def question_coding(
    coding: Coding, instrument: Instrument, *, administrations: int, lowest: float | None, highest: float | None
) -> None:
    """Ask about the coding where it was not declared and the file never uses an end of the range.

    Raises
    ------
    ScoringError
        With at least 30 answered administrations, none of which uses the lowest, or the highest, response.
    """
    if coding.declared or administrations < DOUBTFUL_FROM or lowest is None or highest is None:
        return
    unused = [
        str(end)
        for end, used in ((coding.low, lowest <= coding.low), (coding.high, highest >= coding.high))
        if not used
    ]
    if unused:
        raise ScoringError(_doubt(coding, instrument, unused, administrations, lowest=lowest, highest=highest))


def _doubt(
    coding: Coding, instrument: Instrument, unused: list[str], administrations: int, *, lowest: float, highest: float
) -> str:
    official = f"{instrument.low}-{instrument.high}"
    told = {"instrument": instrument.id, "administrations": administrations, "official": official}
    if lowest == highest:
        doubt = say(
            "Are these the responses of `{instrument}`? One and the same response stands everywhere, in all "
            "{administrations} administrations, as when a form's default is exported. Nothing was scored. If "
            "this is what people answered, declare the coding",
            **told,
        )
        own = say("the file's own lowest and highest code")
    else:
        doubt = say(
            "How are the responses of `{instrument}` coded? None of {administrations} administrations uses "
            "{unused}, an end of the official range {official}. A file coded otherwise would be "
            "scored wrongly without a sign. Nothing was scored. Declare the coding",
            **told,
            unused=either(unused),
        )
        example = f"{coding.low + (lowest > coding.low)}-{coding.high - (highest < coding.high)}"
        own = say("the file's own lowest and highest code, such as --coding {example}", example=example)
    return say(
        "{doubt}. `casearc score` takes it: --coding {official} if the file uses the official range, else {own}. The "
        'mapping of an import and a study plan declare it under [coding]: {instrument} = "{official}", or the other; '
        'Python: coding="{official}".',
        **told,
        doubt=doubt,
        own=own,
    )
