"""Promise: on all eleven NIST StRD regressions at least as many digits as R's lm gives.

What is certified is what exact arithmetic on the published data gives; it is done here with fractions, so that every
coefficient and standard error is compared. Digits of R are those of `tests/against_r/linear_nist.R`; where the data,
once rounded to doubles, hold fewer than R happens to hit (Wampler2, errors of Norris), those that they hold are asked.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from casearc.errors import StatisticsRefusedError
from casearc.statistics._least_squares import solve
from casearc.statistics.linear import linear

HERE = Path(__file__).parent
R_REFERENCE = HERE.parent.parent / "against_r" / "linear_nist_reference.csv"
NOISE = [759, *[-2048, 2048, -2048, 2523], *[-2048, 2048, -2048, 1838], *[-2048, 2048, -2048, 1838]]
NOISE += [*[-2048, 2048, -2048, 2523], *[-2048, 2048, -2048, 759]]
ALL = 15.0
SLACK = 0.01
"""Digits: one ulp on the way from the last bit to the fraction it is compared with."""

EXACT = ("Wampler1", "Wampler2")
"""Sets without error, on which a model is refused; the kernel is compared."""

Rows = list[list[Fraction]]


def published(name: str) -> list[dict[str, Fraction]]:
    with (HERE / "data" / f"{name}.csv").open(newline="") as handle:
        return [{key: Fraction(value) for key, value in row.items()} for row in csv.DictReader(handle)]


def polynomial(x: list[Fraction], powers: range) -> Rows:
    return [[value**power for power in powers] for value in x]


def wampler(size: int) -> tuple[Rows, list[Fraction]]:
    x = [Fraction(i) for i in range(21)]
    return polynomial(x, range(6)), [sum(v**k for k in range(6)) + size * NOISE[i] for i, v in enumerate(x)]


def problem(name: str) -> tuple[Rows, list[Fraction]]:
    """Design and outcome as published, without rounding."""
    match name:
        case "Norris" | "Pontius" | "Filip":
            data = published(name.lower())
            degree = {"Norris": 1, "Pontius": 2, "Filip": 10}[name]
            return polynomial([row["x"] for row in data], range(degree + 1)), [row["y"] for row in data]
        case "Longley":
            data = published("longley")
            return [[Fraction(1), *(row[f"x{j}"] for j in range(1, 7))] for row in data], [row["y"] for row in data]
        case "NoInt1":
            return [[Fraction(x)] for x in range(60, 71)], [Fraction(y) for y in range(130, 141)]
        case "NoInt2":
            return [[Fraction(x)] for x in (4, 5, 6)], [Fraction(y) for y in (3, 4, 4)]
        case "Wampler2":
            x = [Fraction(i) for i in range(21)]
            return polynomial(x, range(6)), [sum(v**k * Fraction(1, 10**k) for k in range(6)) for v in x]
    return wampler({"1": 0, "3": 1, "4": 100, "5": 10_000}[name[-1]])


def exactly(X: Rows, y: list[Fraction]) -> tuple[list[Fraction], list[Fraction]]:
    """Coefficients and squared standard errors by elimination of the normal equations in fractions."""
    n, k = len(X), len(X[0])
    A = [
        [
            *(sum(row[i] * row[j] for row in X) for j in range(k)),
            sum(row[i] * value for row, value in zip(X, y, strict=True)),
            *(Fraction(int(i == j)) for j in range(k)),
        ]
        for i in range(k)
    ]
    for j in range(k):
        A[j] = [value / A[j][j] for value in A[j]]
        for i in range(k):
            if i != j:
                A[i] = [a - A[i][j] * b for a, b in zip(A[i], A[j], strict=True)]
    b = [row[k] for row in A]
    residual = sum(
        (value - sum(c * x for c, x in zip(b, row, strict=True))) ** 2 for row, value in zip(X, y, strict=True)
    )
    return b, [residual / (n - k) * A[j][k + 1 + j] for j in range(k)]


def digits(ours: float, certified: Fraction) -> float:
    """Log relative error as NIST counts it (absolute where the certified value is zero)."""
    error = abs(Fraction(ours) - certified)
    relative = error / abs(certified) if certified else error
    return ALL if relative == 0 else min(ALL, -math.log10(relative))


def root(squared: Fraction) -> Fraction:
    with localcontext() as context:
        context.prec = 40
        return Fraction((Decimal(squared.numerator) / Decimal(squared.denominator)).sqrt())


def of_r() -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with R_REFERENCE.open(newline="") as handle:
        for row in csv.DictReader(handle):
            found[row["set"]].append((float(row["estimate"]), float(row["se"])))
    return found


R = of_r()


def floats(X: Rows, y: list[Fraction]) -> tuple[np.ndarray, np.ndarray]:
    """As a caller has them: the numbers as doubles, powers of them computed in doubles."""
    return np.array([[float(value) for value in row] for row in X]), np.array([float(value) for value in y])


def test_all_eleven_are_here() -> None:
    assert len(R) == 11


def least(ours: list[float], certified: list[Fraction]) -> float:
    return min(map(digits, ours, certified))


def asked(name: str, which: int, certified: list[Fraction], rounded: list[Fraction]) -> float:
    """Digits of R, or those that exact arithmetic on the rounded data has, whichever are fewer."""
    theirs = least([pair[which] for pair in R[name]], certified)
    return min(theirs, least([float(value) for value in rounded], certified)) - SLACK


def as_fractions(design: np.ndarray, outcome: np.ndarray) -> tuple[Rows, list[Fraction]]:
    return [[Fraction(float(v)) for v in row] for row in design], [Fraction(float(v)) for v in outcome]


@pytest.mark.parametrize("name", [name for name in R if name not in EXACT])
def test_at_least_the_digits_of_r(name: str) -> None:
    X, y = problem(name)
    b, squared = exactly(X, y)
    design, outcome = floats(X, y)
    rounded_b, rounded_squared = exactly(*as_fractions(design, outcome))
    fit = linear(design, outcome, terms=[str(j) for j in range(len(b))], covariance="classical")
    assert least(fit.coefficients.tolist(), b) >= asked(name, 0, b, rounded_b)
    errors, rounded = [root(value) for value in squared], [root(value) for value in rounded_squared]
    assert least(fit.standard_errors.tolist(), errors) >= asked(name, 1, errors, rounded)


@pytest.mark.parametrize("name", EXACT)
def test_polynomials_without_error(name: str) -> None:
    X, y = problem(name)
    design, outcome = floats(X, y)
    b, (rounded, _) = exactly(X, y)[0], exactly(*as_fractions(design, outcome))
    ours = solve(design, outcome, np.ones(21), refine=3).coefficients
    assert least(ours.tolist(), b) >= asked(name, 0, b, rounded)
    with pytest.raises(StatisticsRefusedError, match="reproduce the outcome exactly"):
        linear(design, outcome, terms=[str(j) for j in range(6)])
