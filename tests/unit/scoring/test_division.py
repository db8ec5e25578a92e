"""The one division that makes a score gives the nearest double, however the backend divides.

Promise guarded: a score does not depend on whether all rows happen to share a divisor.
"""

from __future__ import annotations

from fractions import Fraction

import narwhals as nw
import pandas as pd
import polars as pl
import pytest

from casearc.scoring._ratio import Ratio, combine, divide

NUMERATORS = list(range(-500, 501))
DIVISORS = [3, 7, 42, 49, 91, 2401, 123_457]


def test_polars_divides_by_a_shared_divisor_through_its_reciprocal() -> None:
    """Why `divide` exists. Should this ever fail, Polars has changed and `divide` does no harm."""
    frame = pl.DataFrame({"over": NUMERATORS}).select(pl.col("over").cast(pl.Float64) / 49.0)
    assert frame["over"].to_list() != [over / 49 for over in NUMERATORS]


@pytest.mark.parametrize("divisor", DIVISORS)
@pytest.mark.parametrize("make", [pl.DataFrame, pl.LazyFrame, pd.DataFrame])
def test_quotients_are_the_nearest_doubles(make: type, divisor: int) -> None:
    frame = nw.from_native(make({"over": NUMERATORS}))
    shared = divide(frame, {"quotient": Ratio(nw.col("over"), nw.lit(divisor))}, prefix="step_").lazy().collect()
    expected = [float(Fraction(over, divisor)) for over in NUMERATORS]
    assert shared["quotient"].to_list() == expected


def test_a_constant_divisor_beside_the_column_counts() -> None:
    frame = nw.from_native(pl.DataFrame({"over": NUMERATORS, "under": [7] * len(NUMERATORS)}))
    made = divide(frame, {"quotient": Ratio(nw.col("over"), nw.col("under"), 9)}, prefix="step_").lazy().collect()
    assert made["quotient"].to_list() == [float(Fraction(over, 63)) for over in NUMERATORS]


def test_signed_sums_of_ratios_are_exact() -> None:
    frame = nw.from_native(pl.DataFrame({"a": [20, 17], "b": [22, 19], "n": [7, 6]}))
    ratio = combine([(1, Ratio(nw.col("a"), nw.col("n"))), (-1, Ratio(nw.col("b"), nw.lit(7)))])
    made = divide(frame, {"difference": ratio}, prefix="step_").lazy().collect()
    assert made["difference"].to_list() == [float(Fraction(-2, 7)), float(Fraction(17, 6) - Fraction(19, 7))]
