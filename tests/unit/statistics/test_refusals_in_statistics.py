"""Promise: degenerate input ends in a plain sentence and a way out, never in nan, inf or a bare number."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from casearc.errors import StatisticsRefusedError
from casearc.statistics.categorical import multinomial
from casearc.statistics.contingency import bowker, chi_square, kappa, stuart_maxwell
from casearc.statistics.groups import one_way, standardized_difference_proportions, two_sample_t
from casearc.statistics.linear import linear
from casearc.statistics.paired import cohen_dz, hodges_lehmann, paired_t, wilcoxon_signed_rank

NAN = float("nan")
ONES = np.ones(8)
DOSE = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
SCORE = np.array([1.0, 3.0, 2.0, 4.0, 6.0, 5.0, 7.0, 9.0])
HALVES = [0, 0, 1, 0, 1, 0, 1, 1]


def fit(columns: list[np.ndarray], outcome: object = SCORE, **options: object) -> object:
    terms = ["constant", "months", "hours", "site"][: len(columns)]
    return linear(np.column_stack(columns), outcome, terms=terms, **options)


def logit(columns: list[np.ndarray], outcome: object, levels: str = "ab", **options: object) -> object:
    terms = ["constant", "months", "hours", "site"][: len(columns)]
    return multinomial(np.column_stack(columns), outcome, terms=terms, levels=list(levels), **options)


REFUSED: list[tuple[str, Callable[[], object], str]] = [
    ("constant shift", lambda: paired_t(SCORE, SCORE + 0.1), "exactly the same amount"),
    ("identical waves", lambda: paired_t(SCORE, SCORE), "identical for every participant"),
    ("missing score", lambda: paired_t([1.0, NAN], [1.0, 2.0]), "1 missing or infinite value"),
    ("unequal waves", lambda: paired_t([1.0, 2.0, 3.0], [1.0, 2.0]), "3 rows and the later wave has 2"),
    ("one pair", lambda: paired_t([1.0], [2.0]), "1 value; at least 2"),
    ("nobody changed", lambda: wilcoxon_signed_rank([0.0, 0.0]), "No participant's score changed"),
    ("too few for an interval", lambda: hodges_lehmann([1.0, 2.0, 3.0, 4.0, 5.0]), "no interval of 95%"),
    (
        "exact beyond reach",
        lambda: wilcoxon_signed_rank(np.arange(1.0, 10_003), method="exact"),
        "up to 10000",
    ),
    ("no spread of differences", lambda: cohen_dz([0.5, 0.5, 0.5]), "no spread"),
    ("confidence in percent", lambda: paired_t(SCORE, DOSE, level=95), "between 0 and 1"),
    ("constant outcome", lambda: fit([ONES, DOSE], ONES), "same for every participant"),
    ("outcome among the terms", lambda: fit([ONES, DOSE], 3 + 2 * DOSE), "reproduce the outcome exactly"),
    ("repeated term", lambda: fit([ONES, DOSE, 60 * DOSE]), '"(hours|months)" repeats what "(months|hours)"'),
    ("empty term", lambda: fit([ONES, DOSE, 0 * ONES]), '"hours" is zero for every participant'),
    (
        "more terms than people",
        lambda: fit([ONES[:2], DOSE[:2]], SCORE[:2]),
        "2 terms and only 2 participants",
    ),
    ("lone indicator, HC3", lambda: fit([ONES, DOSE, np.eye(8)[3]]), '"hours" rests on one participant'),
    ("one cluster", lambda: fit([ONES, DOSE], clusters=["a"] * 8), "in one cluster"),
    ("missing cluster", lambda: fit([ONES, DOSE], clusters=[None, *"abababa"]), "1 row has no cluster"),
    ("CR1 without clusters", lambda: fit([ONES, DOSE], covariance="CR1"), "needs clusters"),
    (
        "indicator of a cluster",
        lambda: fit([ONES, DOSE, np.repeat([1.0, 0.0], 4)], clusters=[0, 0, 0, 0, 1, 1, 2, 2]),
        '"hours" marks one single cluster',
    ),
    ("fractional weights", lambda: fit([ONES, DOSE], weights=0.5 * ONES), "whole numbers"),
    ("separated", lambda: logit([ONES, DOSE], [0, 0, 0, 0, 1, 1, 1, 1]), '"months" separates "a" from "b"'),
    ("separated by a rare service", lambda: logit([ONES, (DOSE == 6)], HALVES), "quasi|some participants"),
    ("empty level", lambda: logit([ONES, DOSE], HALVES, "abc"), 'level "c"'),
    ("one level", lambda: logit([ONES, DOSE], [0] * 8, "a"), "at least two levels"),
    ("repeated term, logit", lambda: logit([ONES, DOSE, 2 * DOSE + 1], HALVES), "repeats what"),
    ("Firth with clusters", lambda: logit([ONES, DOSE], HALVES, penalty="firth", clusters=HALVES), "Firth"),
    (
        "more coefficients than people",
        lambda: logit([ONES[:2], DOSE[:2]], [0, 1]),
        "2 coefficients and only 2",
    ),
    (
        "terms that only name the cluster",
        lambda: fit([ONES, np.repeat([1.0, 2.0], 4)], clusters=np.repeat([1, 2], 4)),
        '"constant" and "months" without any error',
    ),
    (
        "terms that only name the cluster, logit",
        lambda: logit(
            [ONES, np.repeat([1.0, 2.0], 4)], [0, 1, 0, 1, 0, 1, 1, 1], clusters=np.repeat([1, 2], 4)
        ),
        '"constant" and "months" leave no error',
    ),
    ("nobody moved", lambda: bowker([[5, 0], [0, 6]]), "Nobody moved"),
    ("nobody moved, margins", lambda: stuart_maxwell([[5, 0], [0, 6]]), "Nobody moved"),
    ("empty column", lambda: chi_square([[5, 0], [4, 0]]), "counts nobody"),
    ("shares for counts", lambda: chi_square([[0.5, 0.2], [0.1, 0.2]]), "whole numbers"),
    ("one rating", lambda: kappa([[9, 0], [0, 0]]), "All ratings are at one level"),
    ("groups without spread", lambda: one_way([[1.0, 1.0], [2.0, 2.0]]), "all values are the same"),
    ("two constants", lambda: two_sample_t([1.0, 1.0], [2.0, 2.0]), "Neither group has any spread"),
    ("all or nothing", lambda: standardized_difference_proportions((0, 5), (7, 7)), "all or nothing"),
]


@pytest.mark.parametrize(("case", "call", "words"), REFUSED, ids=[case for case, _, _ in REFUSED])
def test_degenerate_input_is_refused(case: str, call: Callable[[], object], words: str) -> None:
    with pytest.raises(StatisticsRefusedError, match=words) as refused:
        call()
    assert "nan" not in str(refused.value).lower().split()


# What must come with a way out: everything that data, as opposed to a mistyped call, can bring about.
MISTYPED = {"unequal waves", "confidence in percent", "shares for counts"}


@pytest.mark.parametrize(("case", "call", "words"), REFUSED, ids=[case for case, _, _ in REFUSED])
def test_each_refusal_names_a_way_out(case: str, call: Callable[[], object], words: str) -> None:
    with pytest.raises(StatisticsRefusedError) as refused:
        call()
    assert bool(refused.value.alternative) or case in MISTYPED


def test_a_refusal_never_prints_a_score() -> None:
    with pytest.raises(StatisticsRefusedError) as refused:
        paired_t([41.625, 41.625], [48.5, 48.5])
    assert "41" not in str(refused.value)
    assert "48" not in str(refused.value)
