"""Likelihood-ratio tests and profile limits of a count model, whichever its family."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, Whole, listed
from casearc.statistics._ascent import Model, Summit, ascend
from casearc.statistics._profile_limits import profile_limits
from casearc.statistics.count_models._problem import CountProblem
from casearc.statistics.count_models.fit import CountInterval, Inference

Build = Callable[[CountProblem, int], Model]
"""Makes the family's model of so many like problems."""

MOST_STEPS = 200


def likelihood_inference(
    problem: CountProblem,
    summit: Summit,
    build: Build,
    *,
    interval: CountInterval,
    level: float,
    null: float | None,
    lr: float | None,
) -> Inference:
    """Tests of every coefficient, and limits where `interval` is the profile."""
    k = len(problem.terms)
    term_lr, low, high = np.zeros(k), np.zeros(k), np.zeros(k)
    for which, view, top in _views(problem, summit, build):
        term_lr[which] = held_at_zero(view, top, build, list(which[:, None]))
        if interval == "profile":
            low[which], high[which] = _limits(view, top, build, which, level)
    profile = interval == "profile"
    open_ones = [term for term, a, b in zip(problem.terms, low, high, strict=True) if not np.isfinite([a, b]).all()]
    return Inference(
        interval=interval,
        low=low if profile else None,
        high=high if profile else None,
        term_lr=term_lr if np.isfinite(term_lr).all() else None,
        lr=lr,
        log_likelihood_null=null,
        notes=(f"A limit of {listed(open_ones)} could not be bracketed and is open.",) if open_ones else (),
    )


def held_at_zero(problem: CountProblem, summit: Summit, build: Build, sets: list[Whole]) -> Vector:
    """Twice the fall of the objective when each set of parameters is held at zero; nan where that did not settle."""
    held = np.zeros((len(sets), summit.parameters.shape[1]), dtype=bool)
    for row, chosen in zip(held, sets, strict=True):
        row[chosen] = True
    start = np.where(held, 0.0, summit.parameters)
    reduced = ascend(build(problem, len(sets)), start, held=held, most_steps=MOST_STEPS)
    fall = np.maximum(2.0 * (summit.value[0] - reduced.value), 0.0)
    return np.where(reduced.arrived, fall, np.nan)


def _views(problem: CountProblem, summit: Summit, build: Build) -> list[tuple[Whole, CountProblem, Summit]]:
    """Terms with the problem in which each is a parameter by itself: the constant is one only without centering."""
    k = len(problem.terms)
    moved = np.abs(problem.back - np.diag(np.diag(problem.back))).any(axis=1)
    straight, bent = np.flatnonzero(~moved), np.flatnonzero(moved)
    views = [(straight, problem, summit)] if straight.size else []
    if bent.size:
        view = problem.uncentered()
        turn = np.eye(summit.parameters.shape[1])
        turn[:k, :k] = np.linalg.solve(view.back, problem.back)
        parameters = summit.parameters @ turn.T
        value = build(view, 1).value(parameters, np.array([0]))  # a penalty depends on the scale by a constant
        top = replace(summit, parameters=parameters, value=value, inverse=turn @ summit.inverse @ turn.T)
        views.append((bent, view, top))
    return views


def _limits(problem: CountProblem, summit: Summit, build: Build, which: Whole, level: float) -> tuple[Vector, Vector]:
    quantile = dist.normal_quantile(0.5 + level / 2.0)
    model = build(problem, 2 * which.size)
    low, high = profile_limits(model, summit, which, quantile=quantile, most_steps=MOST_STEPS)
    scale: Matrix = np.diag(problem.back)[which]
    return low * scale, high * scale
