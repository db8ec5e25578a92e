"""Imputation, pooling, joint tests and the tipping point on degenerate programs.

Every second person's after score and some other columns are blanked, so that there is something to impute.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from cases import Case

from casearc.statistics.categorical import multinomial
from casearc.statistics.imputation import (
    Imputations,
    choose_predictors,
    d1_test,
    d3_test,
    d4_test,
    fit_each,
    imputations_needed,
    impute,
    likelihood_ratio_over_imputations,
    linear_over_imputations,
    pool,
    pool_fits,
    pool_r_squared,
    tipping_point,
)
from casearc.statistics.linear import linear

NAMES = ("after", "before", "dose", "other", "flag", "yes", "stage")


def columns(case: Case) -> np.ndarray:
    table = np.column_stack([case.after, case.before, case.dose, case.other, case.flag, case.yes, case.stage]).astype(
        float
    )
    for j, step in ((0, 4), (2, 5), (5, 7), (6, 6)):
        table[j::step, j] = np.nan
    return table


def filled(case: Case, number: str = "pmm", *, few: bool = False) -> Imputations:
    kinds = [number] * 5 + ["logistic", "multinomial"]
    predictors = None if not few else np.eye(len(kinds), k=1, dtype=bool) | np.eye(len(kinds), k=-1, dtype=bool)
    return impute(columns(case), kinds=kinds, names=NAMES, imputations=5, iterations=4, seed=3, predictors=predictors)


def designs(case: Case, *names: str) -> tuple[np.ndarray, np.ndarray]:
    """Designs (M, n, k) and after scores (M, n) with a few predictors a column."""
    done = filled(case, few=True)
    terms = [done.column(name) for name in names]
    return np.stack([np.ones_like(done.column("after")), *terms], axis=-1), done.column("after")


def over(case: Case, covariance: str) -> object:
    X, y = designs(case, "before", "dose", "other", "flag")
    return linear_over_imputations(X, y, terms=["constant", "before", "dose", "other", "flag"], covariance=covariance)


def fitted(case: Case, column: str, levels: int, penalty: str) -> object:
    done = filled(case, few=True)
    i = NAMES.index(column)
    fits = fit_each(
        done.completed,
        lambda rows: multinomial(
            np.column_stack([np.ones(rows.shape[0]), rows[:, 1]]),
            rows[:, i].astype(int),
            terms=["constant", "before"],
            levels=[str(j) for j in range(levels)],
            penalty=penalty,
        ),
    )
    return pool_fits(fits)


def wald(case: Case) -> object:
    X, y = designs(case, "before", "dose")
    return d1_test(linear_over_imputations(X, y, terms=["constant", "before", "dose"]), ["before", "dose"])


def ratio(case: Case, robust: bool) -> object:
    X, y = designs(case, "before", "dose")
    fit = partial(_fit_plain, case)
    return likelihood_ratio_over_imputations(X, y, fit=fit, tested=[1, 2], robust=robust)


def _fit_plain(_: Case, X: np.ndarray, y: np.ndarray) -> object:
    return linear(X, y, terms=[f"x{i}" for i in range(X.shape[1])], covariance="classical")


def logs(case: Case) -> list[np.ndarray]:
    """Three columns stand in for log-likelihoods."""
    return [-np.abs(case.before), -np.abs(case.before) - np.abs(case.after)]


def tipping(case: Case, unit: str) -> object:
    done = filled(case, few=True)
    mean = lambda y: linear_over_imputations(  # noqa: E731
        np.ones((y.shape[1], 1)), y - done.column("before"), terms=["mean change"]
    )
    return tipping_point(
        done.column("after"), done.missing[:, 0], analysis=mean, term="mean change", deltas=[-3, -1, 0, 2], unit=unit
    )


def means(case: Case) -> object:
    return pool(np.column_stack([case.before, case.after]), np.ones((case.before.size, 2)), df_complete=20)


def items(case: Case) -> object:
    holes = case.items.copy()
    holes[::5, 1], holes[::6, 3] = np.nan, np.nan
    return impute(holes, kinds=["pmm"] * 6, imputations=4, iterations=4, seed=2)


METHODS: dict[str, Callable[[Case], object]] = {
    "pmm, logistic and multinomial": filled,
    "normal": lambda case: filled(case, "normal"),
    "few predictors": lambda case: filled(case, few=True),
    "items": items,
    "one column": lambda case: impute(columns(case)[:, :1], kinds=["pmm"], seed=1, imputations=3, iterations=2),
    "choose_predictors": lambda case: choose_predictors(columns(case), kinds=["pmm"] * 6 + ["multinomial"]),
    "linear over imputations, HC3": lambda case: over(case, "HC3"),
    "linear over imputations, HC2": lambda case: over(case, "HC2"),
    "linear over imputations, classical": lambda case: over(case, "classical"),
    "logits pooled": lambda case: fitted(case, "yes", 2, "none"),
    "Firth logits pooled": lambda case: fitted(case, "yes", 2, "firth"),
    "multinomial pooled": lambda case: fitted(case, "stage", 4, "firth"),
    "D1": wald,
    "D3": lambda case: d3_test(*logs(case), full_at_pooled=logs(case)[0], reduced_at_pooled=logs(case)[1], df=2),
    "D4": lambda case: d4_test(*logs(case), full_stacked=-3.0, reduced_stacked=-5.0, df=2),
    "D4 of linear models": lambda case: ratio(case, robust=False),
    "D4 of linear models, robust": lambda case: ratio(case, robust=True),
    "pool": means,
    "imputations_needed": lambda case: imputations_needed(means(case)),  # type: ignore[arg-type]
    "pool_r_squared": lambda case: pool_r_squared(np.abs(case.after) / 10.0, n=case.after.size),
    "tipping point": lambda case: tipping(case, "outcome"),
    "tipping point in SDs": lambda case: tipping(case, "sd"),
}
