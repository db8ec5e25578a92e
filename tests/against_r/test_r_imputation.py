"""Promise: pooling and joint tests give the numbers of mice and mitml; imputations give mice's answers up to chance."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from stored import DataSet, gap, load

from casearc.statistics.categorical import multinomial
from casearc.statistics.imputation import (
    JointTest,
    Pooled,
    choose_predictors,
    d1_test,
    d3_test,
    impute,
    likelihood_ratio_over_imputations,
    linear_over_imputations,
    pool,
    pool_fits,
    pool_r_squared,
)
from casearc.statistics.linear import LinearFit, linear

CLOSED = 1e-8
ITERATIVE = 1e-5
NAMES = ("after", "before", "housed", "stage")


@cache
def sets() -> list[DataSet]:
    return load("imputation")


def completed(data: DataSet, *names: str) -> np.ndarray:
    """Imputed columns, (M, n, columns); imputation 0 is the incomplete data."""
    m = int(data.columns["imp"].max())
    kept = data.columns["imp"] > 0
    return np.stack([data.columns[name][kept].reshape(m, -1) for name in names], axis=-1)


def design(data: DataSet, *names: str) -> np.ndarray:
    columns = completed(data, *names)
    return np.concatenate([np.ones((*columns.shape[:2], 1)), columns], axis=2)


def fit_linear(X: np.ndarray, y: np.ndarray) -> LinearFit:
    return linear(X, y, terms=[f"x{i}" for i in range(X.shape[1])], covariance="classical")


def fit_logit(X: np.ndarray, y: np.ndarray) -> object:
    return multinomial(X, y, terms=[f"x{i}" for i in range(X.shape[1])], levels=["0", "1"])


def agrees(pooled: Pooled, data: DataSet, prefix: str) -> float:
    ours = {"b": pooled.coefficients, "se": pooled.standard_errors, "df": pooled.df, "fmi": pooled.fmi}
    return max(gap(values, data.numbered(f"{prefix}.{name}")) for name, values in ours.items())


def joint(test: JointTest, data: DataSet, prefix: str) -> float:
    """R lets a likelihood ratio be negative; here it then is 0."""
    ours = {"f": test.f, "df1": test.df, "df2": test.df_denominator, "p": test.p, "riv": test.riv}
    theirs = {name: data.reference[f"{prefix}.{name}"] for name in ours} | {
        "f": max(data.reference[f"{prefix}.f"], 0.0)
    }
    return max(gap(value, theirs[name]) for name, value in ours.items())


def test_linear_models_pooled() -> None:
    for data in sets():
        X, y = design(data, "before", "housed"), completed(data, "after")[..., 0]
        fits = [fit_linear(a, b) for a, b in zip(X, y, strict=True)]
        assert agrees(pool_fits(fits), data, "lm") < CLOSED
        batched = linear_over_imputations(X, y, terms=["a", "b", "c"], covariance="classical")
        assert agrees(batched, data, "lm") < CLOSED
        r2 = pool_r_squared([fit.r_squared for fit in fits], n=y.shape[1])
        assert gap([r2.estimate, r2.fmi], [data.reference["r2"], data.reference["r2_fmi"]]) < CLOSED


def test_single_estimates_pooled() -> None:
    for data in sets():
        y = completed(data, "after")[..., 0]
        n = y.shape[1]
        pooled = pool(y.mean(axis=1)[:, None], y.var(axis=1, ddof=1)[:, None] / n, df_complete=n - 1)
        ours = [pooled.standard_errors[0] ** 2, pooled.df[0], pooled.fmi[0]]
        assert gap(ours, [data.reference[f"scalar.{name}"] for name in ("t", "df", "fmi")]) < CLOSED


def test_logits_pooled() -> None:
    for data in sets():
        X, y = design(data, "after", "before"), completed(data, "housed")[..., 0]
        pooled = pool_fits([fit_logit(a, b) for a, b in zip(X, y.astype(int), strict=True)])
        assert pooled.df_complete == (None,) * 3
        assert agrees(pooled, data, "logit") < ITERATIVE


def test_multinomial_models_pooled_by_level_and_term() -> None:
    levels = ["1", "2", "3"]
    for data in sets():
        X, y = design(data, "before"), completed(data, "stage")[..., 0].astype(int) - 1
        fits = [multinomial(a, b, terms=["constant", "before"], levels=levels) for a, b in zip(X, y, strict=True)]
        pooled = pool_fits(fits, df_complete=X.shape[1] - 4)
        assert (pooled.terms, pooled.y_levels) == (("constant", "before") * 2, ("2", "2", "3", "3"))
        assert agrees(pooled, data, "multi") < ITERATIVE


def test_wald_tests() -> None:
    for data in sets():
        X, y = design(data, "before", "housed"), completed(data, "after")[..., 0]
        pooled = linear_over_imputations(X, y, terms=["a", "b", "c"], covariance="classical")
        if pooled.imputations > 3:  # with k (M - 1) = 4 mitml divides by zero
            assert joint(d1_test(pooled, ["b", "c"]), data, "d1") < CLOSED
        X, y = design(data, "after", "before"), completed(data, "housed")[..., 0].astype(int)
        logit = pool_fits([fit_logit(a, b) for a, b in zip(X, y, strict=True)])
        assert joint(d1_test(logit, ["x1", "x2"]), data, "d1_inf") < ITERATIVE


def test_stacked_likelihood_ratios() -> None:
    for data in sets():
        X, y = design(data, "before", "housed"), completed(data, "after")[..., 0]
        one = likelihood_ratio_over_imputations(X, y, fit=fit_linear, tested=[2])
        assert joint(one, data, "d4") < ITERATIVE
        two = likelihood_ratio_over_imputations(X, y, fit=fit_linear, tested=[1, 2], robust=True)
        assert joint(two, data, "d4_robust") < CLOSED
        X, y = design(data, "after", "before"), completed(data, "housed")[..., 0].astype(int)
        logit = likelihood_ratio_over_imputations(X, y, fit=fit_logit, tested=[1, 2], robust=True)
        assert joint(logit, data, "d4_logit") < ITERATIVE


def gaussian(X: np.ndarray, y: np.ndarray, b: np.ndarray, variance: float) -> float:
    return -0.5 * y.size * math.log(2.0 * math.pi * variance) - float(((y - X @ b) ** 2).sum()) / (2.0 * variance)


def bernoulli(X: np.ndarray, y: np.ndarray, b: np.ndarray) -> float:
    eta = X @ b
    return float((y * eta - np.logaddexp(0.0, eta)).sum())


def test_likelihood_ratios_at_pooled_estimates() -> None:
    for data in sets():
        X, y = design(data, "before", "housed"), completed(data, "after")[..., 0]
        logs = []
        for Z in (X, X[..., :1]):
            fits = [fit_linear(a, b) for a, b in zip(Z, y, strict=True)]
            variances = [fit.residual_sd**2 * fit.df_residual / fit.n for fit in fits]
            b, v = np.mean([fit.coefficients for fit in fits], axis=0), float(np.mean(variances))
            own = [gaussian(a, c, fit.coefficients, s) for a, c, fit, s in zip(Z, y, fits, variances, strict=True)]
            logs.append((own, [gaussian(a, c, b, v) for a, c in zip(Z, y, strict=True)]))
        test = d3_test(logs[0][0], logs[1][0], full_at_pooled=logs[0][1], reduced_at_pooled=logs[1][1], df=2)
        assert joint(test, data, "d3") < CLOSED


def test_likelihood_ratios_of_logits_at_pooled_estimates() -> None:
    for data in sets():
        X, y = design(data, "after", "before"), completed(data, "housed")[..., 0].astype(int)
        logs = []
        for Z in (X, X[..., :1]):
            found = [fit_logit(a, b).coefficients.ravel() for a, b in zip(Z, y, strict=True)]
            own = [bernoulli(a, c, b) for a, c, b in zip(Z, y, found, strict=True)]
            logs.append((own, [bernoulli(a, c, np.mean(found, axis=0)) for a, c in zip(Z, y, strict=True)]))
        test = d3_test(logs[0][0], logs[1][0], full_at_pooled=logs[0][1], reduced_at_pooled=logs[1][1], df=2)
        theirs = [max(data.reference["d3_logit.f"], 0.0), data.reference["d3_logit.riv"]]
        if theirs[1] > 0:  # a negative increase in variance counts as none here
            assert gap([test.f, test.riv], theirs) < ITERATIVE


def test_predictors_proposed() -> None:
    for data in sets():
        raw = data.columns["imp"] == 0
        columns = np.column_stack([data.columns[name][raw] for name in NAMES])
        ours = choose_predictors(columns, kinds=["pmm"] * 4, at_least=0.2)[:3, :3]
        missing = np.isnan(columns[:, :3]).any(axis=0)
        theirs = data.numbered("quick").reshape(3, 3).T[missing]
        assert (ours[missing] == (theirs > 0)).all()


KINDS = {
    1: ("pmm", "pmm", "pmm", "pmm"),
    2: ("normal", "normal", "normal", "normal"),
    3: ("pmm", "pmm", "logistic", "pmm"),
    4: ("pmm", "normal", "logistic", "multinomial"),
}


@pytest.mark.parametrize("data", load("imputation_chains"), ids=str)
def test_imputations_lead_to_the_same_answers(data: DataSet) -> None:
    """Estimates from 400 imputations each differ by chance only; variances within and between imputations alike."""
    columns = np.column_stack([data.columns[name] for name in NAMES])
    kinds = KINDS[int(data.reference["method"])]
    filled = impute(columns, kinds=kinds, names=NAMES, imputations=400, iterations=10, seed=5).completed
    X = np.concatenate([np.ones((*filled.shape[:2], 1)), filled[..., 1:]], axis=2)
    many = linear_over_imputations(X, filled[..., 0], terms=["constant", *NAMES[1:]], covariance="classical")
    mean = linear_over_imputations(X[..., :1], filled[..., 0], terms=["constant"], covariance="classical")
    b, within, between = (data.numbered(name) for name in ("b", "within", "between"))
    ours = np.concatenate([many.coefficients, mean.coefficients])
    error = np.sqrt((between + np.concatenate([many.between, mean.between])) / 400)
    assert np.abs((ours - b) / error).max() < 4.0
    assert np.abs(np.concatenate([many.within, mean.within]) / within - 1.0).max() < 0.05
    ratios = np.concatenate([many.between, mean.between]) / between
    assert 0.72 < ratios.min() <= ratios.max() < 1.4  # chance alone: 0.1 around 1
