"""Tests of movement between levels: chi-square, exact where few moved, and of a shift where levels have an order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casearc.analyses.wording import capital
from casearc.errors import StatisticsRefusedError
from casearc.statistics.contingency import (
    SymmetryTest,
    bowker,
    bowker_exact,
    moved_up_or_down,
    ordered_homogeneity,
    stuart_maxwell,
)

SPARSE = 10
"""A pair of opposite cells with fewer people than this between them makes the chi-square form doubtful."""

SYMMETRY = "Do as many people move one way as the other"
MARGINS = "Do the levels hold as many people after as before"
SHIFT = "Are the levels, in their order, as high after as before"
SIGN = "Exact test of moves up against moves down"
NOT_ENOUGH = "no such test is possible, for it needs people who moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class TestOfChange:
    """One test; `p` is None where the table allows none, and `reason` says why."""

    __test__ = False  # its name starts like a test's

    name: str
    question: str
    statistic: float | None = None
    df: int | None = None
    p: float | None = None
    reason: str = ""


def tests_of_change(counts: npt.NDArray[np.int64], *, seed: int, in_order: bool) -> tuple[TestOfChange, ...]:
    """Bowker's symmetry (exact as well when sparse), Stuart-Maxwell's margins and, of levels in order, of a shift.

    `counts` is (levels, levels), before in rows and after in columns.
    """
    tests = [
        _attempt("Bowker's test of symmetry", SYMMETRY, lambda: bowker(counts)),
        _attempt("Stuart-Maxwell test of equal margins", MARGINS, lambda: stuart_maxwell(counts)),
    ]
    if _is_sparse(counts):
        tests.insert(1, _attempt("Exact test of symmetry", SYMMETRY, lambda: bowker_exact(counts, seed=seed)))
    return (*tests, *(_in_order(counts) if in_order and len(counts) > 2 else ()))


def _in_order(counts: npt.NDArray[np.int64]) -> Iterator[TestOfChange]:
    """With two levels these would repeat the exact test of symmetry."""
    name = "Exact test of a shift, a move over two levels counting double"
    try:
        yield TestOfChange(name=name, question=SHIFT, p=ordered_homogeneity(counts).p)
    except StatisticsRefusedError:
        yield TestOfChange(name=name, question=SHIFT, reason=NOT_ENOUGH)
    yield sign_test(up=int(np.triu(counts, 1).sum()), down=int(np.tril(counts, -1).sum()))


def sign_test(*, up: int, down: int) -> TestOfChange:
    """Exact test of as many moves up as down, however far: the sign test of the movers."""
    try:
        p = moved_up_or_down([[0, up], [down, 0]]).p
    except StatisticsRefusedError:
        return TestOfChange(name=SIGN, question=SYMMETRY, reason=NOT_ENOUGH)
    return TestOfChange(name=SIGN, question=SYMMETRY, p=p)


def _is_sparse(counts: npt.NDArray[np.int64]) -> bool:
    both_ways = (counts + counts.T)[np.triu_indices(len(counts), 1)]
    return bool(((both_ways > 0) & (both_ways < SPARSE)).any())


def _attempt(name: str, question: str, run: Callable[[], SymmetryTest]) -> TestOfChange:
    try:
        result = run()
    except StatisticsRefusedError:
        return TestOfChange(name=name, question=question, reason=NOT_ENOUGH)
    return TestOfChange(
        name=capital(result.method),
        question=question,
        statistic=result.statistic,
        df=result.df,
        p=result.p,
    )
