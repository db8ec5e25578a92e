"""Promise: psychometrics gives the numbers of R's psych and lavaan, and reliable change those of its papers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.change import ReliableChangeMethod, reliable_changes
from casearc.psychometrics import (
    alpha_replicates,
    cronbach_alpha,
    intraclass_correlations,
    item_statistics,
    omega_replicates,
    omega_total,
    one_factor,
    retest_reliability,
)

SETS = load("psychometrics")
CLOSED = 1e-8
ITERATIVE = 1e-5


def items(data: DataSet) -> np.ndarray:
    """Each row of the file holds the answers of one participant as the digits of a number."""
    return np.array([[float(digit) for digit in f"{number:.0f}"] for number in data.columns["answers"]])


def worst(difference: Callable[[DataSet, np.ndarray], float]) -> float:
    return max(difference(data, items(data)) for data in SETS)


def numbers(result: object, data: DataSet, *names: str) -> float:
    return gap([getattr(result, name) for name in names], [data.reference[name] for name in names])


def test_two_hundred_data_sets_are_there() -> None:
    assert len(SETS) == 200


def test_alpha_with_feldts_interval() -> None:
    assert worst(lambda data, X: numbers(cronbach_alpha(X), data, "alpha", "low", "high")) < CLOSED


def test_item_statistics() -> None:
    def difference(data: DataSet, X: np.ndarray) -> float:
        found = item_statistics(X)
        pairs = [
            ([item.item_rest for item in found], "rest"),
            ([item.sd for item in found], "sd"),
            ([item.alpha_if_dropped for item in found], "drop"),
        ]
        return max(gap(ours, data.numbered(name)) for ours, name in pairs)

    assert worst(difference) < CLOSED


def test_omega() -> None:
    assert worst(lambda data, X: gap(omega_total(X).omega, data.reference["omega"])) < ITERATIVE


def test_alpha_and_omega_of_resamples() -> None:
    """The weights of one call do what R does on the rows taken one by one."""
    compared = {"alpha": 0, "omega": 0}
    for data in SETS:
        X = items(data)
        n = X.shape[0]
        i = np.arange(n)
        weights = np.array([np.bincount((i * (i + d)) % n, minlength=n) for d in (1, 2, 3)])
        for kind, ours, limit in (
            ("alpha", alpha_replicates(X, weights), CLOSED),
            ("omega", omega_replicates(X, weights), ITERATIVE),
        ):
            there = [d for d in (1, 2, 3) if f"{kind}_of_{d}" in data.reference]
            for d in there:
                assert gap(ours[d - 1], data.reference[f"{kind}_of_{d}"]) < limit, (str(data), kind, d)
            compared[kind] += len(there)
    assert min(compared.values()) > 300


def test_intraclass_correlations() -> None:
    names = {"icc": "icc", "f": "icc_f", "p": "icc_p", "low": "icc_low", "high": "icc_high"}

    def difference(data: DataSet, X: np.ndarray) -> float:
        forms = intraclass_correlations(X).forms
        return max(
            gap([getattr(form, ours) for form in forms], data.numbered(theirs)) for ours, theirs in names.items()
        )

    assert worst(difference) < CLOSED


def test_retest_reliability() -> None:
    def difference(data: DataSet, X: np.ndarray) -> float:
        pearson = retest_reliability(X[:, 0], X[:, 1], kind="pearson")
        theirs = [data.reference[f"pearson{end}"] for end in ("", "_low", "_high")]
        correlation = gap([pearson.reliability, pearson.low, pearson.high], theirs)
        return max(correlation, numbers(pearson, data, "sem", "sem_low", "sem_high"))

    assert worst(difference) < CLOSED


def test_one_factor_as_lavaan() -> None:
    single = ("chi2", "df", "p", "cfi", "tli", "srmr", "log_likelihood", "rmsea_high", "rmsea_low")

    def difference(data: DataSet, X: np.ndarray) -> float:
        fit = one_factor(X, correction="none")
        # at a chi-square of its df the RMSEA is a root of zero: its square is what has digits
        squared = gap(fit.rmsea**2, data.reference["rmsea"] ** 2)
        arrays = gap(
            [*fit.loadings, *fit.standard_errors], np.concatenate([data.numbered("loading"), data.numbered("se")])
        )
        return max(numbers(fit, data, *single), squared, arrays, gap(fit.omega, data.reference["congeneric"]))

    assert worst(difference) < ITERATIVE


def test_one_factor_by_bartlett_as_psych() -> None:
    def difference(data: DataSet, X: np.ndarray) -> float:
        fit = one_factor(X)
        return gap([fit.chi2, fit.p], [data.reference["bartlett"], data.reference["bartlett_p"]])

    assert worst(difference) < ITERATIVE


SHORT = {
    ReliableChangeMethod.JACOBSON_TRUAX: "jt",
    ReliableChangeMethod.EDWARDS_NUNNALLY: "en",
    ReliableChangeMethod.HAGEMAN_ARRINDELL: "ha",
    ReliableChangeMethod.GULLIKSEN_LORD_NOVICK: "gln",
}


@pytest.mark.parametrize("method", ReliableChangeMethod)
def test_reliable_change_by_the_formulas_of_the_papers(method: ReliableChangeMethod) -> None:
    short, compared = SHORT[method], 0
    for data in SETS:
        if f"{short}_first" not in data.reference:
            continue
        X = items(data)
        half = X.shape[1] // 2
        found = reliable_changes(X[:, :half].mean(axis=1), X[:, half:].mean(axis=1), reliability=0.8, method=method)
        assert gap(found.index[0], data.reference[f"{short}_first"]) < CLOSED
        assert [found.worse, found.better] == [data.reference[f"{short}1"], data.reference[f"{short}2"]], str(data)
        compared += 1
    assert compared > 100  # by Hageman and Arrindell not every set has differences beyond error
