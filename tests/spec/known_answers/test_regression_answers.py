"""Promise: regressions reproduce certified and published answers to the digits given."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from casearc.errors import StatisticsRefusedError
from casearc.statistics.categorical import multinomial, odds_ratios
from casearc.statistics.groups import one_way
from casearc.statistics.linear import LinearFit, linear

DATA = Path(__file__).parent / "data"


def table(name: str) -> dict[str, list[str]]:
    with (DATA / f"{name}.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    return {key: [row[key] for row in rows] for key in rows[0]}


def numbers(name: str) -> dict[str, np.ndarray]:
    return {key: np.array([float(value) for value in values]) for key, values in table(name).items()}


def digits(ours: float, certified: float) -> float:
    """Correct significant digits (log relative error), as NIST counts them; 15 is all there are."""
    error = abs(ours - certified) / abs(certified)
    return 15.0 if error == 0 else min(15.0, -math.log10(error))


def polynomial(x: np.ndarray, y: np.ndarray, degree: int) -> LinearFit:
    design = np.column_stack([x**power for power in range(degree + 1)])
    return linear(design, y, terms=[f"x^{power}" for power in range(degree + 1)], covariance="classical")


WAMPLER_NOISE = [
    759,
    -2048,
    2048,
    -2048,
    2523,
    -2048,
    2048,
    -2048,
    1838,
    -2048,
    2048,
    -2048,
    1838,
    -2048,
    2048,
    -2048,
]
WAMPLER_NOISE += [2523, -2048, 2048, -2048, 759]


def wampler(noise: int) -> LinearFit:
    x = np.arange(21)
    y = sum(x**power for power in range(6)) + noise * np.array(WAMPLER_NOISE)
    return polynomial(x.astype(float), y.astype(float), 5)


def longley() -> LinearFit:
    data = numbers("longley")
    design = np.column_stack([np.ones(16), *(data[f"x{j}"] for j in range(1, 7))])
    return linear(design, data["y"], terms=["B0", "B1", "B2", "B3", "B4", "B5", "B6"], covariance="classical")


def from_file(name: str, degree: int) -> LinearFit:
    data = numbers(name)
    return polynomial(data["x"], data["y"], degree)


# data set, place of the coefficient, certified estimate, certified standard error, digits that must hold
NIST = [
    ("Longley", 0, -3482258.63459582, 890420.383607373, 13),
    ("Longley", 1, 15.0618722713733, 84.9149257747669, 12),
    ("Longley", 6, 1829.15146461355, 455.478499142212, 13),
    ("Norris", 0, -0.262323073774029, 0.232818234301152, 12),
    ("Norris", 1, 1.00211681802045, 0.429796848199937e-3, 13),
    ("Pontius", 0, 0.673565789473684e-3, 0.107938612033077e-3, 11),
    ("Pontius", 2, -0.316081871345029e-14, 0.486652849992036e-16, 11),
    ("Wampler3", 0, 1.0, 2152.32624678170, 8),
    ("Wampler4", 1, 1.0, 236355.173469681, 8),
    ("Wampler5", 5, 1.0, 1123.24854679312, 8),
    ("Filip", 0, -1467.48961422980, 298.084530995537, 6),
    ("Filip", 10, -0.402962525080404e-4, 0.896632837373868e-5, 6),
]
FITS = {
    "Longley": longley,
    "Norris": lambda: from_file("norris", 1),
    "Pontius": lambda: from_file("pontius", 2),
    "Filip": lambda: from_file("filip", 10),
    "Wampler3": lambda: wampler(1),
    "Wampler4": lambda: wampler(100),
    "Wampler5": lambda: wampler(10_000),
}


@pytest.mark.parametrize(("name", "place", "estimate", "error", "least"), NIST)
def test_nist_linear_regression(name: str, place: int, estimate: float, error: float, least: int) -> None:
    fit = FITS[name]()
    assert digits(float(fit.coefficients[place]), estimate) >= least
    assert digits(float(fit.standard_errors[place]), error) >= min(least, 9)


@pytest.mark.parametrize(
    ("name", "residual_sd", "r_squared"),
    [
        ("Longley", 304.854073561965, 0.995479004577296),
        ("Norris", 0.884796396144373, 0.999993745883712),
        ("Pontius", 0.205177424076185e-3, 0.999999900178537),
        ("Filip", 0.334801051324544e-2, 0.996727416185620),
    ],
)
def test_nist_fit(name: str, residual_sd: float, r_squared: float) -> None:
    fit = FITS[name]()
    assert digits(fit.residual_sd, residual_sd) >= 9
    assert digits(fit.r_squared, r_squared) >= (11 if name == "Filip" else 13)


def test_nist_longley_analysis_of_variance() -> None:
    fit = longley()
    assert digits(fit.f or 0.0, 330.285339234588) >= 11
    assert digits(fit.classical_f or 0.0, 330.285339234588) >= 11


@pytest.mark.parametrize("noise", [0])
def test_nist_wampler_without_error_has_no_standard_errors(noise: int) -> None:
    with pytest.raises(StatisticsRefusedError, match="reproduce the outcome exactly"):
        wampler(noise)


def small_lesage(number: int) -> list[list[float]]:
    """SmLs01-09: nine treatments, centers .4 .3 .5 … on 1, 10^6 or 10^12, each value .1 below and above in turn."""
    leading = (1, 10**6, 10**12)[(number - 1) // 3]
    pairs = ((21, 201, 2001)[(number - 1) % 3] - 1) // 2
    return [
        [float(f"{leading}.{tenth}") for tenth in [center, *[center - 1, center + 1] * pairs]]
        for center in (4, 3, 5, 3, 5, 3, 5, 3, 5)
    ]


# certified F; digits that the data, rounded to doubles, still hold
SMALL_LESAGE = [
    (1, 21.0, 14),
    (2, 201.0, 14),
    (3, 2001.0, 14),
    (4, 21.0, 10.1),
    (5, 201.0, 10.1),
    (6, 2001.0, 10.1),
    (7, 21.0, 4.1),
    (8, 201.0, 4.1),
    (9, 2001.0, 4.1),
]


@pytest.mark.parametrize(("number", "f", "least"), SMALL_LESAGE)
def test_nist_small_lesage(number: int, f: float, least: float) -> None:
    assert digits(one_way(small_lesage(number)).f, f) >= least


def test_nist_silicon_resistivity() -> None:
    data = numbers("sirstv")
    result = one_way([data["y"][data["group"] == code] for code in range(1, 6)])
    assert digits(result.f, 1.18046237440255) >= 12
    assert digits(result.r_squared, 0.190999039051129) >= 12
    assert digits(result.residual_sd, 0.104076068334656) >= 12


def test_hc3_on_motor_trend_cars() -> None:
    cars = numbers("mtcars")
    design = np.column_stack([np.ones(32), cars["wt"], cars["hp"]])
    fit = linear(design, cars["mpg"], terms=["constant", "wt", "hp"], covariance="HC3")
    assert fit.standard_errors == pytest.approx([2.2298054, 0.76851905, 0.0093851379], rel=1e-7)
    assert fit.p[2] == pytest.approx(0.002057, abs=5e-7)


def test_maximum_likelihood_on_high_school_and_beyond() -> None:
    students = table("hsb")
    levels = ["academic", "general", "vocational"]
    design = np.array(
        [
            [1.0, ses == "middle", ses == "high", float(write)]
            for ses, write in zip(students["ses"], students["write"], strict=True)
        ]
    )
    outcome = [levels.index(program) for program in students["prog"]]
    fit = multinomial(design, outcome, terms=["constant", "middle", "high", "write"], levels=levels)
    assert fit.coefficients[0] == pytest.approx([2.852198, -0.5332810, -1.1628226, -0.0579287], abs=2e-5)
    assert fit.deviance == pytest.approx(359.9635, abs=5e-5)


def alligators(penalty: str) -> object:
    data = table("alligators")
    levels = ["Fish", "Invertebrate", "Reptile", "Bird", "Other"]
    lakes = ["Oklawaha", "Trafford", "George"]
    design = np.array(
        [
            [1.0, size == ">2.3", *(lake == name for name in lakes)]
            for size, lake in zip(data["size"], data["lake"], strict=True)
        ],
        dtype=float,
    )
    return multinomial(
        design,
        [levels.index(food) for food in data["foodchoice"]],
        terms=["constant", "size>2.3", *lakes],
        levels=levels,
        weights=[int(freq) for freq in data["freq"]],
        penalty=penalty,
    )


def test_firth_on_alligators() -> None:
    fit = alligators("firth")
    assert fit.n == 219
    assert fit.coefficients[0, 1] == pytest.approx(-1.401962371, abs=5e-10)
    assert fit.standard_errors[0, 1] == pytest.approx(0.396226704, abs=5e-10)
    assert fit.coefficients[1, 1] == pytest.approx(0.320948718, abs=5e-10)


def test_maximum_likelihood_on_alligators() -> None:
    fit = alligators("none")
    assert fit.coefficients[0, 1] == pytest.approx(-1.458204621, abs=2e-9)
    assert odds_ratios(fit).ratio[0, 1] == pytest.approx(math.exp(-1.458204621), rel=1e-8)
