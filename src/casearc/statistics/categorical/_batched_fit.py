"""Maximum likelihood and Firth fits of many multinomial logits at once, with coordinates held fixed where asked.

Maximum likelihood goes by Newton steps. Firth's goes by Fisher scoring on the adjusted score, hastened by Anderson's
extrapolation from the last steps (Walker & Ni 2011, SIAM Journal on Numerical Analysis 49:1715-1735), since scoring
ignores the penalty's curvature and would take dozens of steps; the few problems that do not settle go on by Newton
steps with a numerical Hessian. A point that lowers the objective is never accepted: the step is halved instead.

Settled problems leave the batch. Under a constraint the penalty is that of the full model: half the log determinant of
the information about all coefficients, the fixed ones included.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from casearc.statistics._arrays import Whole
from casearc.statistics.categorical._batched_model import (
    Array,
    Batch,
    Flags,
    information,
    probabilities,
    score,
)

TOLERANCE = 1e-7
"""Decrement, in standard errors, at which a problem is settled."""

NEWTON_STEPS = 30
SCORING_STEPS = 100
POLISHING_STEPS = 25
MEMORY = 5
"""Steps that Anderson's extrapolation looks back on; more help no further."""

DIFFERENCE = 1e-5
SMALL = 8
FLAT = 1e-13
"""Share of a coordinate's information that the others must leave, for the information to be inverted."""

VANISHED = 1e-60
LEAVING = 0.2
"""Settled problems are taken out of the arrays when they make this share of them."""

WATCHED_FROM = 7
"""Newton step from which unsettled problems are asked whether they run off: by then those that have an answer near by
are close to it."""

PARALLEL = 1e-3
"""A Newton step that lowers no observed level against another, up to this share of the most it raises one, points along
a direction of recession: no maximum-likelihood estimate exists."""


@dataclass(frozen=True, slots=True)
class Fits:
    """Where the iterations ended, one row a problem.

    Attributes
    ----------
    g
        Coefficients (B, J - 1, k).
    log_likelihood, objective
        Without and with the penalty, (B,); the same under maximum likelihood.
    score
        Derivative of the objective by every coordinate, (B, p): zero where the coordinate is free.
    settled
        Whether the optimum was found.
    separated
        Whether the likelihood was seen to rise without end (under maximum likelihood only).
    steps
        Steps made.
    """

    g: Array
    log_likelihood: Array
    objective: Array
    score: Array
    settled: Flags
    separated: Flags
    steps: Whole


@dataclass(slots=True)
class _State:
    """Problems still iterating: accepted points and steps from them, and the steps remembered."""

    index: Whole
    base: Array
    trial: Array
    step: Array
    scale: Array
    objective: Array
    log_likelihood: Array
    score: Array
    points: Array
    residuals: Array
    last_point: Array
    last_residual: Array

    def take(self, kept: Flags) -> _State:
        return _State(**{field.name: getattr(self, field.name)[kept] for field in fields(self)})


@dataclass(frozen=True, slots=True)
class _Look:
    """The objective at a point, its derivatives and the step they suggest."""

    objective: Array
    log_likelihood: Array
    score: Array
    step: Array
    decrement: Array


def fit(
    batch: Batch,
    start: Array,
    *,
    penalized: bool,
    fixed: Flags | None = None,
    tolerance: float = TOLERANCE,
) -> Fits:
    """Fit every problem from `start` (J - 1, k) or (B, J - 1, k).

    `fixed` (p,) or (B, p) marks coordinates that keep their value in `start`.
    """
    begin = np.broadcast_to(start, (batch.size, *start.shape[-2:])).reshape(batch.size, -1)
    held = None if fixed is None else np.broadcast_to(fixed, begin.shape)
    found = Fits(
        g=begin.reshape(batch.size, batch.free, -1).copy(),
        log_likelihood=np.full(batch.size, -np.inf),
        objective=np.full(batch.size, -np.inf),
        score=np.zeros(begin.shape),
        settled=np.zeros(batch.size, dtype=bool),
        separated=np.zeros(batch.size, dtype=bool),
        steps=np.zeros(batch.size, dtype=np.int64),
    )
    most = SCORING_STEPS if penalized else NEWTON_STEPS
    _iterate(batch, begin, found, held=held, penalized=penalized, tolerance=tolerance, most=most, polish=False)
    left = np.flatnonzero(~found.settled & np.isfinite(found.objective)) if penalized else np.arange(0)
    for chunk in np.array_split(left, -(-left.size // 8)) if left.size else []:
        part = Fits(**{field.name: getattr(found, field.name)[chunk] for field in fields(Fits)})
        _iterate(
            batch.take(chunk),
            part.g.reshape(chunk.size, -1),
            part,
            held=None if held is None else held[chunk],
            penalized=True,
            tolerance=tolerance,
            most=POLISHING_STEPS,
            polish=True,
        )
        for field in fields(Fits):
            getattr(found, field.name)[chunk] = getattr(part, field.name)
    return found


def covariances(batch: Batch, g: Array) -> Array:
    """Inverse of the information at `g`, (B, p, p)."""
    P = probabilities(batch, g)[0]
    info, sound = _positive(information(batch, P * batch.weights[:, None], P))[1:]
    inverted = inverse(info)
    inverted[~sound] = np.nan
    return inverted


def inverse(info: Array) -> Array:
    """Inverses of positive definite matrices by halves: matrix products of small blocks beat LAPACK's call a matrix."""
    p = info.shape[-1]
    if p <= SMALL:
        return np.asarray(np.linalg.inv(info), dtype=np.float64)
    half = p // 2
    first = inverse(info[:, :half, :half])
    carried = info[:, half:, :half] @ first
    second = inverse(info[:, half:, half:] - carried @ info[:, :half, half:])
    corner = second @ carried
    out = np.empty_like(info)
    out[:, half:, half:] = second
    out[:, half:, :half] = -corner
    out[:, :half, half:] = -np.swapaxes(corner, 1, 2)
    out[:, :half, :half] = first + np.swapaxes(carried, 1, 2) @ corner
    return out


def _iterate(
    batch: Batch,
    begin: Array,
    found: Fits,
    *,
    held: Flags | None,
    penalized: bool,
    tolerance: float,
    most: int,
    polish: bool,
) -> None:
    """Step until all problems are settled or `most` steps are made, writing what is found into `found`."""
    memory = MEMORY if penalized and not polish else 0
    state = _begun(begin, memory)
    for count in range(most):
        look = _look(batch, state.trial, held=held, penalized=penalized, polish=polish)
        better = _accepted(state, look)
        _move(state, look, better, first=count == 0)
        done = better & (look.decrement < tolerance)
        if not penalized:
            done |= _last_newton_step(state, look, better, tolerance)
        gone = _running_off(batch, look, better, count) if not penalized else np.zeros(done.size, dtype=bool)
        hopeless = ~np.isfinite(state.objective)
        found.steps[state.index] += 1
        leaving = done | gone | hopeless
        if leaving.any() or count == most - 1:
            _store(state, found, settled=done & ~gone, separated=gone)
        if leaving.all():
            return
        if leaving.mean() >= LEAVING or (leaving.any() and leaving.size < 64):
            batch, state = batch.take(~leaving), state.take(~leaving)
            held = None if held is None else held[~leaving]


def _begun(begin: Array, memory: int) -> _State:
    B, p = begin.shape
    return _State(
        index=np.arange(B),
        base=begin.copy(),
        trial=begin.copy(),
        step=np.zeros((B, p)),
        scale=np.ones(B),
        objective=np.full(B, -np.inf),
        log_likelihood=np.full(B, -np.inf),
        score=np.zeros((B, p)),
        points=np.zeros((B, memory, p)),
        residuals=np.zeros((B, memory, p)),
        last_point=begin.copy(),
        last_residual=np.zeros((B, p)),
    )


def _look(batch: Batch, at: Array, *, held: Flags | None, penalized: bool, polish: bool) -> _Look:
    P, log_likelihood = probabilities(batch, at.reshape(at.shape[0], batch.free, -1))
    counted = P * batch.weights[:, None]
    info = information(batch, counted, P)
    if not penalized:
        slope = score(batch, counted, P)
        step = _solved(info, slope, held)
        return _Look(log_likelihood, log_likelihood, slope, step, _decrement(step, slope, held))
    root, info, sound = _positive(info)
    half_log_determinant = np.log(np.einsum("bii->bi", root)).sum(axis=1)
    covariance = inverse(info)
    slope = score(batch, counted, P, covariance)
    step = (covariance @ slope[..., None])[..., 0] if held is None else _solved(info, slope, held)
    if polish:
        step = _newton(batch, at, step=step, slope=slope, held=held)
    objective = np.where(sound, log_likelihood + half_log_determinant, -np.inf)
    return _Look(objective, log_likelihood, slope, step, _decrement(step, slope, held))


def _decrement(step: Array, slope: Array, held: Flags | None) -> Array:
    inner = step * slope if held is None else np.where(held, 0.0, step * slope)
    return np.asarray(np.sqrt(np.maximum(inner.sum(axis=1), 0.0)), dtype=np.float64)


def _solved(info: Array, slope: Array, held: Flags | None) -> Array:
    """The step info^-1 slope in the free coordinates; a slight ridge where the information has lost rank."""
    if held is not None:
        slope = np.where(held, 0.0, slope)
        info = np.where(held[:, :, None] | held[:, None, :], np.eye(slope.shape[1]), info)
    try:
        solved = np.linalg.solve(info, slope[..., None])
    except np.linalg.LinAlgError:
        ridge = 1e-10 * np.einsum("bii->b", info)[:, None, None] + 1e-300
        solved = np.linalg.solve(info + ridge * np.eye(slope.shape[1]), slope[..., None])
    return np.asarray(solved[..., 0], dtype=np.float64)


def _positive(info: Array) -> tuple[Array, Array, Flags]:
    """Cholesky factors, and the matrices with those that are not positive definite replaced by the unit matrix."""
    size = np.einsum("bii->bi", info)
    sound = size.min(axis=1) > VANISHED
    try:
        root = np.linalg.cholesky(info)
    except np.linalg.LinAlgError:
        scale = np.sqrt(np.maximum(size, VANISHED))
        lowest = np.linalg.eigvalsh(info / scale[:, :, None] / scale[:, None, :])[:, 0]
        sound &= lowest > FLAT * info.shape[1]
        root = np.linalg.cholesky(np.where(sound[:, None, None], info, np.eye(info.shape[1])))
    sound &= (np.einsum("bii->bi", root) ** 2 > FLAT * size).all(axis=1)
    if not sound.all():
        replaced = np.eye(info.shape[1])
        info, root = (np.where(sound[:, None, None], each, replaced) for each in (info, root))
    return np.asarray(root, dtype=np.float64), info, np.asarray(sound)


def _newton(batch: Batch, at: Array, *, step: Array, slope: Array, held: Flags | None) -> Array:
    """Newton's step by a central-difference Hessian of the penalized score; the scoring step where that leads down."""
    B, p = at.shape
    shifts = DIFFERENCE * np.concatenate([np.eye(p), -np.eye(p)])
    many = batch.take(np.repeat(np.arange(B), 2 * p))
    points = (at[:, None, :] + shifts).reshape(-1, batch.free, batch.design.shape[-1])
    P = probabilities(many, points)[0]
    counted = P * many.weights[:, None]
    slopes = score(many, counted, P, inverse(_positive(information(many, counted, P))[1])).reshape(B, 2, p, p)
    hessian = (slopes[:, 1] - slopes[:, 0]) / (2.0 * DIFFERENCE)
    better = _solved((hessian + np.swapaxes(hessian, 1, 2)) / 2.0, slope, held)
    uphill = _decrement(better, slope, held) > 0.0
    return np.where(uphill[:, None], better, step)


def _accepted(state: _State, look: _Look) -> Flags:
    """Points that do not lower the objective, rounding aside."""
    known = np.isfinite(state.objective)
    before = np.where(known, state.objective, 0.0)
    risen = look.objective >= before - 1e-11 * (np.abs(before) + 1.0)
    return np.asarray(np.isfinite(look.objective) & (~known | risen))


def _move(state: _State, look: _Look, better: Flags, *, first: bool) -> None:
    """Accept the better points and set out from them; halve the other steps, without extrapolation."""
    if better.all():
        state.base, state.score, state.step = state.trial, look.score, look.step
        state.objective, state.log_likelihood = look.objective, look.log_likelihood
        state.scale, onward = np.ones(better.size), look.step
    else:
        column = better[:, None]
        state.base = np.where(column, state.trial, state.base)
        state.score = np.where(column, look.score, state.score)
        state.objective = np.where(better, look.objective, state.objective)
        state.log_likelihood = np.where(better, look.log_likelihood, state.log_likelihood)
        state.step = np.where(column, look.step, state.step)
        state.scale = np.where(better, 1.0, 0.5 * state.scale)
        onward = state.scale[:, None] * state.step
    if state.points.shape[1]:
        onward = onward - _extrapolation(state, look, better, first=first)
    state.trial = state.base + onward


def _extrapolation(state: _State, look: _Look, better: Flags, *, first: bool) -> Array:
    """What Anderson's method takes off the step; it forgets the past of problems whose last point was refused."""
    if not first:
        for memory, change in (
            (state.points, state.trial - state.last_point),
            (state.residuals, look.step - state.last_residual),
        ):
            memory[:, 1:] = memory[:, :-1]
            memory[:, 0] = change
    state.points[~better] = 0.0
    state.residuals[~better] = 0.0
    state.last_point = np.where(better[:, None], state.trial, state.last_point)
    state.last_residual = np.where(better[:, None], look.step, state.last_residual)
    gram = state.residuals @ np.swapaxes(state.residuals, 1, 2)
    diagonal = np.einsum("bii->bi", gram)
    empty = diagonal == 0.0
    ridge = 1e-10 * diagonal.sum(axis=1)[:, None] + empty
    gram = gram + ridge[:, :, None] * np.eye(gram.shape[1])
    mixture = np.linalg.solve(gram, state.residuals @ state.step[..., None])
    return np.asarray(((state.points + state.residuals) * mixture).sum(axis=1), dtype=np.float64)


def _last_newton_step(state: _State, look: _Look, better: Flags, tolerance: float) -> Flags:
    """Newton's next step squares the decrement, so a decrement of the root of the tolerance ends with a full step.

    The objective there is what the parabola promises, which is off by the third power of the decrement.
    """
    close = better & (look.decrement < np.sqrt(tolerance)) & (look.decrement >= tolerance)
    if not close.any():
        return np.asarray(close)
    state.base = np.where(close[:, None], state.trial, state.base)
    gain = np.where(close, 0.5 * look.decrement**2, 0.0)
    state.objective = state.objective + gain
    state.log_likelihood = state.log_likelihood + gain
    return np.asarray(close)


def _running_off(batch: Batch, look: _Look, better: Flags, count: int) -> Flags:
    """Problems whose step is a direction along which the likelihood rises without end."""
    gone = np.zeros(better.size, dtype=bool)
    asked = np.flatnonzero(better & (look.decrement > 1e-3)) if count >= WATCHED_FROM else np.arange(0)
    if asked.size == 0:
        return gone
    some = batch.take(asked)
    direction = look.step[asked].reshape(asked.size, batch.free, -1)
    eta = direction @ np.swapaxes(some.design, -1, -2)
    chosen = (eta * some.observed).sum(axis=1)
    level = np.concatenate([np.zeros_like(eta[:, :1]), eta], axis=1)
    used = some.weights > 0
    losses = np.where(used, chosen - level.max(axis=1), 0.0)
    gains = np.where(used, chosen - level.min(axis=1), 0.0)
    gone[asked] = losses.min(axis=1) >= -PARALLEL * gains.max(axis=1)
    return gone


def _store(state: _State, found: Fits, *, settled: Flags, separated: Flags) -> None:
    found.g[state.index] = state.base.reshape(state.index.size, *found.g.shape[1:])
    for name in ("objective", "log_likelihood", "score"):
        getattr(found, name)[state.index] = getattr(state, name)
    found.settled[state.index] |= settled
    found.separated[state.index] |= separated
