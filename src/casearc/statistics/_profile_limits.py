"""Profile-likelihood limits of several parameters at once: every limit is one problem of a batch.

The objective, maximized over the other parameters, falls to both sides of the estimate; a limit is where it has fallen
by half the square of a normal quantile. The search is Newton's on the signed root of twice the fall, which is nearly a
straight line and whose slope is the gradient of the held parameter; a bracket keeps it safe.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casearc.statistics._arrays import Whole
from casearc.statistics._ascent import Array, Flags, Model, Summit, ascend

MOST_ROUNDS = 80
FAR = 200.0
"""A limit farther from the estimate than so many standard errors is reported open."""

CLOSE = 1e-10
"""Stop when the signed root is this near to its target."""


@dataclass(slots=True)
class _Search:
    """The state of every limit: `inner` and `outer` bracket it, as distances from the estimate in standard errors."""

    which: Whole
    side: Array
    inner: Array
    outer: Array
    at: Array
    start: Array
    limit: Array
    open: Flags
    done: Flags


def profile_limits(
    model: Model, top: Summit, which: Whole, *, quantile: float, most_steps: int = 60
) -> tuple[Array, Array]:
    """Lower and upper limits of the parameters `which` (k,), infinite where open.

    `model` holds 2 k like problems; `top` is the optimum of one of them, whose inverse information gives a first guess.
    """
    estimate, inverse, height = top.parameters[0], top.inverse[0], float(top.value[0])
    k = which.size
    indices = np.concatenate([which, which])
    se = np.sqrt(np.diag(inverse))[indices]
    direction = inverse[indices] / inverse[indices, indices][:, None]  # how the others follow the held one
    search = _begin(indices, k, estimate, quantile)
    held = np.arange(estimate.size) == indices[:, None]
    for _ in range(MOST_ROUNDS):
        active = np.flatnonzero(~search.done)
        if not active.size:
            break
        value = estimate[indices[active]] + search.side[active] * search.at[active] * se[active]
        start = _starts(model, search.start[active], value, held[active], direction[active], active)
        found = ascend(_Some(model, active), start, held=held[active], most_steps=most_steps)
        root = np.sqrt(2.0 * np.maximum(height - found.value, 0.0))
        slope = np.abs(found.gradient[np.arange(active.size), indices[active]]) * se[active]
        search.start[active[found.arrived]] = found.parameters[found.arrived]
        _advance(search, active, np.where(found.arrived, root, np.nan), slope, quantile)
    search.open |= ~search.done
    distance = np.where(search.open, np.inf, search.at * se)
    limits = np.asarray(estimate[indices] + search.side * distance, dtype=np.float64)
    return limits[:k], limits[k:]


def _begin(indices: Whole, k: int, estimate: Array, quantile: float) -> _Search:
    m = indices.size
    return _Search(
        which=indices,
        side=np.repeat([-1.0, 1.0], k),
        inner=np.zeros(m),
        outer=np.full(m, np.inf),
        at=np.full(m, quantile),
        start=np.tile(estimate, (m, 1)),
        limit=np.zeros(m),
        open=np.zeros(m, dtype=bool),
        done=np.zeros(m, dtype=bool),
    )


def _starts(model: Model, last: Array, value: Array, held: Flags, direction: Array, problems: Whole) -> Array:
    """The last fit, moved along the ridge; along the held parameter alone where the ridge leaves the domain."""
    shift = (value - last[held])[:, None]
    along, alone = last + shift * direction, np.where(held, value[:, None], last)
    along[held] = value
    inside = np.isfinite(model.value(along, problems))
    return np.where(inside[:, None], along, alone)


def _advance(search: _Search, active: Whole, root: Array, slope: Array, quantile: float) -> None:
    """One Newton step each, kept inside the bracket; a fit that failed counts as outside."""
    at = search.at[active]
    failed = np.isnan(root)
    low = ~failed & (root < quantile)
    search.inner[active[low]] = np.maximum(search.inner[active[low]], at[low])
    search.outer[active[~low]] = np.minimum(search.outer[active[~low]], at[~low])
    hit = ~failed & (np.abs(root - quantile) <= CLOSE * quantile)
    inner, outer = search.inner[active], search.outer[active]
    with np.errstate(divide="ignore", invalid="ignore"):
        newton = at + (quantile - root) * root / slope
    farthest = np.where(np.isinf(outer), 2.0 * at + 1.0, outer)
    usable = np.isfinite(newton) & (newton > inner) & (newton < farthest)
    halved = np.where(np.isinf(outer), farthest, 0.5 * (inner + np.where(np.isinf(outer), 0.0, outer)))
    following = np.where(usable, newton, halved)
    narrow = np.isfinite(outer) & (outer - inner <= 1e-13 * (1.0 + inner))
    away = following > FAR
    search.open[active] = (away & ~hit) | (narrow & failed)
    search.done[active] = hit | away | narrow
    search.at[active] = np.where(hit | narrow, at, following)


@dataclass(frozen=True, slots=True)
class _Some:
    """Some problems of a model."""

    model: Model
    chosen: Whole

    def value(self, parameters: Array, problems: Whole) -> Array:
        """As the model."""
        return self.model.value(parameters, self.chosen[problems])

    def derivatives(self, parameters: Array, problems: Whole) -> tuple[Array, Array]:
        """As the model."""
        return self.model.derivatives(parameters, self.chosen[problems])
