"""Promise: what cannot be imputed or pooled is refused, in a sentence that says why and what to do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from casearc.errors import StatisticsRefusedError
from casearc.statistics.categorical import multinomial
from casearc.statistics.imputation import (
    choose_predictors,
    d1_test,
    fit_each,
    impute,
    likelihood_ratio_over_imputations,
    pool,
    pool_fits,
    tipping_point,
)
from casearc.statistics.linear import linear
from casearc.statistics.paired import wilcoxon_signed_rank

RNG = np.random.default_rng(1)
X = np.column_stack([np.ones(30), RNG.normal(size=30)])
Y = X[:, 1] + RNG.normal(size=30)
HOLES = np.column_stack([X[:, 1], np.where(np.arange(30) < 8, np.nan, Y)])
STAGE = np.where(np.arange(30) < 5, np.nan, np.arange(30) % 3)
POOLED = pool(np.ones((3, 2)), np.ones((3, 2)), df_complete=20, terms=["a", "b"])


def stages(*levels: str) -> object:
    codes = np.arange(30) % len(levels)
    return multinomial(X, codes, terms=["constant", "months"], levels=levels)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "one imputation": (lambda: impute(HOLES, kinds=["pmm"] * 2, seed=1, imputations=1), "One imputation hides"),
    "nobody has it": (
        lambda: impute(np.column_stack([Y, np.full(30, np.nan)]), kinds=["pmm"] * 2, seed=1),
        'Nobody has a value of "column 2"',
    ),
    "all alike": (
        lambda: impute(np.column_stack([Y, np.where(np.arange(30) < 5, np.nan, 3.0)]), kinds=["pmm"] * 2, seed=1),
        "are the same",
    ),
    "a level nobody has": (
        lambda: impute(
            np.column_stack([Y, STAGE]), kinds=["pmm", "multinomial"], names=["y", "stage"], seed=1,
            levels={"stage": [0, 1, 2, 3]},
        ),
        '1 of the 4 declared levels of "stage" was never observed',
    ),
    "three values for a yes-no": (
        lambda: impute(np.column_stack([Y, STAGE]), kinds=["pmm", "logistic"], seed=1),
        "a logistic column has two",
    ),
    "ordinal": (lambda: impute(HOLES, kinds=["pmm", "ordinal"], seed=1), "imputed as"),
    "more predictors than people": (
        lambda: impute(np.column_stack([HOLES, RNG.normal(size=(30, 25))]), kinds=["pmm"] * 27, seed=1),
        "a model needs more people than terms",
    ),
    "a rank test": (lambda: pool_fits([wilcoxon_signed_rank(Y)] * 3), "Not pooled"),
    "one fit": (lambda: pool_fits([linear(X, Y, terms=["a", "b"])]), "A single fit cannot be pooled"),
    "other levels": (lambda: pool_fits([stages("a", "b", "c"), stages("a", "b", "d")]), "not of the same terms"),
    "a model refused in some imputations": (
        lambda: fit_each([Y, np.ones(30)], lambda y: linear(X, y, terms=["a", "b"])),
        "refused in 1 of 2 imputations",
    ),
    "no covariances": (lambda: d1_test(POOLED, ["a", "b"]), "needs their covariances"),
    "an unknown term": (lambda: POOLED.find("c"), "No pooled coefficient"),
    "no likelihood": (
        lambda: likelihood_ratio_over_imputations(
            np.stack([X, X]), (np.arange(30) % 2),
            fit=lambda a, b: multinomial(a, b.astype(int), terms="ab"[: a.shape[1]], levels="01", penalty="firth"),
            tested=[1],
        ),
        "no likelihood to compare",
    ),
    "nobody left": (
        lambda: tipping_point(np.ones((2, 30)), np.zeros(30), analysis=lambda _: POOLED, term="a", deltas=[-1]),
        "Nobody left",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    call, words = REFUSED[name]
    with pytest.raises(StatisticsRefusedError, match=words):
        call()


def test_columns_that_repeat_others_are_named_and_left_out() -> None:
    twice = np.column_stack([HOLES[:, 0], 2.0 * HOLES[:, 0] + 1.0, HOLES[:, 1], np.ones(30)])
    done = impute(twice, kinds=["pmm"] * 4, names=["a", "b", "c", "d"], seed=1, imputations=3)
    assert done.notes[:2] == (
        '"b" repeats "a" (correlation at least 0.999) and predicts no other column.',
        '"d" is the same for all who have it and predicts nothing.',
    )


def test_sums_of_others_are_named() -> None:
    parts = RNG.normal(size=(40, 2))
    columns = np.column_stack([parts, parts.sum(axis=1), np.where(np.arange(40) < 9, np.nan, RNG.normal(size=40))])
    notes = impute(columns, kinds=["pmm"] * 4, names=["a", "b", "total", "c"], seed=1, imputations=3).notes
    assert any("nearly repeat one another" in note and '"c"' in note for note in notes)


def test_few_predictors_are_proposed_where_there_are_many_columns() -> None:
    columns = np.column_stack([HOLES, RNG.normal(size=(30, 20))])
    chosen = choose_predictors(columns, kinds=["pmm"] * 22, at_least=0.4)
    assert chosen[1, 0]
    assert chosen[1].sum() < 8
    assert not chosen[0].any()
