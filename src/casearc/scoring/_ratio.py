"""Exact arithmetic in dataframe expressions: a score as a whole numerator over a whole denominator.

A readiness of exactly 8 is often 8.000000000000002 when four means are added in floating point. Here the means stay
fractions: they are added by cross-multiplying, compared with a cut score p/q as ``numerator * q <= p * denominator``,
and divided once, at the end.

That division has to be looked after as well. Where all rows share a divisor, Polars multiplies by its reciprocal, and
49 * (1 / 49) is 0.9999999999999999; the same answers would give another score in another frame. `divide` therefore
adds the exact remainder's share to the quotient, which makes it the floating-point number nearest to the true value
on every backend (Dekker 1971, A floating-point technique for extending the available precision, Numer. Math. 18).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import narwhals as nw

from casearc.instruments import CutSet

_SPLITTER = 2**27 + 1
"""Cuts a double into two halves whose products with a divisor below 2**27 are exact."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """numerator / (denominator * divisor): two columns of whole numbers and a constant. `denominator` is >= 1."""

    numerator: nw.Expr
    denominator: nw.Expr
    divisor: int = 1

    def times(self, factor: int) -> Ratio:
        """The ratio times a whole number."""
        return Ratio(self.numerator * factor, self.denominator, self.divisor)

    def at_most(self, cut: Fraction, *, inclusive: bool) -> nw.Expr:
        """Whether the ratio is below the cut, or exactly there where `inclusive`."""
        left = self.numerator * cut.denominator
        right = self.denominator * (cut.numerator * self.divisor)
        return left <= right if inclusive else left < right


def combine(terms: Sequence[tuple[int, Ratio]]) -> Ratio:
    """Signed sum of ratios that share one divisor."""
    sign, total = terms[0]
    numerator, denominator = total.numerator * sign, total.denominator
    for sign, term in terms[1:]:
        numerator = numerator * term.denominator + term.numerator * denominator * sign
        denominator = denominator * term.denominator
    return Ratio(numerator, denominator, total.divisor)


def level(ratio: Ratio, cut_set: CutSet) -> nw.Expr:
    """The level a ratio falls into; each boundary belongs where the cut set says."""
    found: nw.Expr = nw.lit(cut_set.levels[-1])
    for index in reversed(range(len(cut_set.cuts))):
        below = ratio.at_most(cut_set.cuts[index].at, inclusive=cut_set.lower_holds(index))
        found = nw.when(below).then(nw.lit(cut_set.levels[index])).otherwise(found)
    return found


def divide(
    frame: nw.DataFrame[Any] | nw.LazyFrame[Any], ratios: Mapping[str, Ratio], *, prefix: str
) -> nw.DataFrame[Any] | nw.LazyFrame[Any]:
    """Add one column a ratio, each the double nearest to the exact quotient.

    Columns on the way start with `prefix` and stay in the frame. Numerators must be below 2**53 and divisors below
    2**27 in size, which the instrument's own checks see to.
    """

    def column(step: str, name: str) -> nw.Expr:
        return nw.col(f"{prefix}{step}_{name}")

    frame = frame.with_columns(
        **{f"{prefix}over_{name}": ratio.numerator.cast(nw.Float64) for name, ratio in ratios.items()},
        **{
            f"{prefix}under_{name}": (ratio.denominator * ratio.divisor).cast(nw.Float64)
            for name, ratio in ratios.items()
        },
    )
    frame = frame.with_columns(
        **{f"{prefix}near_{name}": column("over", name) / column("under", name) for name in ratios}
    )
    frame = frame.with_columns(
        **{
            f"{prefix}half_{name}": column("near", name) * _SPLITTER
            - (column("near", name) * _SPLITTER - column("near", name))
            for name in ratios
        }
    )
    return frame.with_columns(**{name: _corrected(column, name) for name in ratios})


def _corrected(column: Callable[[str, str], nw.Expr], name: str) -> nw.Expr:
    """The near quotient plus its share of the remainder, which is exact because both halves' products are."""
    over, under, near, half = (column(step, name) for step in ("over", "under", "near", "half"))
    remainder = (over - half * under) - (near - half) * under
    return near + remainder / under
