"""Fitting the ordinal model, whole and with slopes held at zero, and refusing what has no fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Vector, Whole, listed
from casearc.statistics._ascent import Summit, ascend
from casearc.statistics.categorical._ordinal_kernel import null_start
from casearc.statistics.categorical._ordinal_problem import OrdinalProblem
from casearc.statistics.categorical.ordinal_separation import separated


def most_steps(penalty: str) -> int:
    """Newton needs few; Fisher scoring under the penalty converges linearly."""
    return 1000 if penalty == "jeffreys" else 100


def fitted(problem: OrdinalProblem, penalty: str) -> Summit:
    """The optimum in scaled columns; refuses separated data and fits that did not settle."""
    start, _ = null_start(problem.codes, problem.weights[None, :], len(problem.levels), problem.back.shape[0])
    summit = ascend(problem.model(penalty), start, most_steps=most_steps(penalty))
    if penalty == "none" and not problem.plain().exists(summit)[0]:
        _refuse_if_separated(problem)
    if not summit.arrived[0]:
        raise StatisticsRefusedError(
            "The fit did not settle: the data hardly bear on some coefficient.",
            alternative="Drop terms or merge levels" + (', or use penalty="jeffreys".' if penalty == "none" else "."),
        )
    return summit


def held_at_zero(problem: OrdinalProblem, summit: Summit, penalty: str, sets: Sequence[Whole]) -> Vector:
    """Twice the fall of the objective when each set of parameters is held at zero."""
    held = np.zeros((len(sets), problem.back.shape[0]), dtype=bool)
    for row, chosen in zip(held, sets, strict=True):
        row[chosen] = True
    start = np.where(held, 0.0, summit.parameters)
    reduced = ascend(problem.model(penalty, len(sets)), start, held=held, most_steps=most_steps(penalty))
    if not reduced.arrived.all():
        raise StatisticsRefusedError(
            "A model without one of the terms did not settle, so the term cannot be tested by its likelihood.",
            alternative="Drop terms or merge levels.",
        )
    return np.asarray(np.maximum(2.0 * (summit.value[0] - reduced.value), 0.0), dtype=np.float64)


def _refuse_if_separated(problem: OrdinalProblem) -> None:
    used = problem.weights > 0
    report = separated(problem.Z[used], problem.codes[used], problem.terms, problem.levels)
    if not report.found:
        return
    splits = "; ".join(f'"{a}" from "{b}"' for a, b in report.splits)
    every = "every participant" if report.kind == "complete" else "some participants"
    raise StatisticsRefusedError(
        f"Maximum likelihood has no answer: {listed(report.terms)} "
        f"{'separates' if len(report.terms) == 1 else 'together separate'} {splits} perfectly for {every}, "
        "so a coefficient would be infinite (separation).",
        alternative='Use penalty="jeffreys", which stays finite, or merge levels.',
    )
