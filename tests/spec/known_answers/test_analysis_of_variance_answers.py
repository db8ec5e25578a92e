"""Promise: on all eleven NIST sets for analysis of variance, every digit that the data hold once they are doubles.

What the best arithmetic could give is computed here: exactly, by fractions, on the doubles themselves.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from casearc.statistics.groups import one_way

DATA = Path(__file__).parent / "data"


def observed(name: str) -> list[list[float]]:
    with (DATA / f"{name.lower()}.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    return [
        [float(row["y"]) for row in rows if row["group"] == group] for group in dict.fromkeys(r["group"] for r in rows)
    ]


def simulated(number: int) -> list[list[float]]:
    """SmLs01-09 by their rule: nine treatments around .4 .3 .5 ... on 1, 10^6 or 10^12; .1 below and above in turn."""
    leading = (1, 10**6, 10**12)[(number - 1) // 3]
    pairs = ((21, 201, 2001)[(number - 1) % 3] - 1) // 2
    return [
        [float(f"{leading}.{tenth}") for tenth in [center, *[center - 1, center + 1] * pairs]]
        for center in (4, 3, 5, 3, 5, 3, 5, 3, 5)
    ]


def data(name: str) -> list[list[float]]:
    return simulated(int(name[-1])) if name.startswith("SmLs") else observed(name)


def exact(groups: Sequence[Sequence[float]]) -> tuple[Fraction, Fraction, Fraction]:
    """F, R squared and residual variance of the doubles as they are, without any rounding."""
    values = [[Fraction(value) for value in group] for group in groups]
    n, k = sum(map(len, values)), len(values)
    grand = sum(map(sum, values)) / n
    means = [sum(group) / len(group) for group in values]
    between = sum(len(group) * (mean - grand) ** 2 for group, mean in zip(values, means, strict=True))
    within = sum((value - mean) ** 2 for group, mean in zip(values, means, strict=True) for value in group)
    return (between / (k - 1)) / (within / (n - k)), between / (between + within), within / (n - k)


def digits(ours: float, certified: float) -> float:
    error = abs(ours - certified) / abs(certified)
    return 15.0 if error == 0 else min(15.0, -math.log10(error))


# certified F, R squared and residual standard deviation
CERTIFIED = {
    "SiRstv": (1.18046237440255e00, 1.90999039051129e-01, 1.04076068334656e-01),
    "AtmWtAg": (1.59467335677930e01, 2.57426544538321e-01, 1.51048314446410e-05),
    **{f"SmLs0{i}": (21.0, 4.82758620689655e-01, 0.1) for i in (1, 4, 7)},
    **{f"SmLs0{i}": (201.0, 4.71830985915493e-01, 0.1) for i in (2, 5, 8)},
    **{f"SmLs0{i}": (2001.0, 4.70712773465067e-01, 0.1) for i in (3, 6, 9)},
}


@pytest.mark.parametrize("name", sorted(CERTIFIED))
def test_within_half_a_digit_of_exact_arithmetic(name: str) -> None:
    groups = data(name)
    f, r_squared, variance = exact(groups)
    best = (float(f), float(r_squared), math.sqrt(variance))
    result = one_way(groups)
    ours = (result.f, result.r_squared, result.residual_sd)
    for found, possible, certified in zip(ours, best, CERTIFIED[name], strict=True):
        assert digits(found, certified) >= digits(possible, certified) - 0.5


@pytest.mark.parametrize(
    ("name", "least", "most"), [("SmLs04", 10.3, 10.5), ("SmLs07", 4.3, 4.5), ("AtmWtAg", 10.0, 10.3)]
)
def test_what_the_doubles_hold(name: str, least: float, most: float) -> None:
    """The bar itself: were exact arithmetic on doubles perfect, the test above would promise something else."""
    assert least <= digits(float(exact(data(name))[0]), CERTIFIED[name][0]) <= most
