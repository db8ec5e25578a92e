"""The chained equations: all imputations of all data sets advance together, one column at a time.

Arrays: S data sets of one form, M imputations each, B = S M; n rows, and one scratch row behind them to which data sets
with fewer observed or missing rows than others point; p columns; K columns of the design matrix.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casearc.statistics.imputation._layout import CATEGORICAL, Layout, Target
from casearc.statistics.imputation._linear_draws import RIDGE, linear_draw, nearest_donors
from casearc.statistics.imputation._logit_draws import logit_draw, probabilities

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Chains:
    """What a run leaves.

    Attributes
    ----------
    completed
        Shape (S, M, n, p); categories as 0, 1, 2 … in the order of their levels.
    means, sds
        Of the imputed values of each column after each iteration, shape (iterations, B, p); nan where nothing is
        imputed, and for the SD where one value is.
    least_pivot
        Per column the smallest share of a predictor that others left unexplained in the last iteration, shape (p,).
    unconverged
        Per column how many logit draws rest on a mode not found to the last step, shape (p,).
    """

    completed: Array
    means: Array
    sds: Array
    least_pivot: Array
    unconverged: Index


@dataclass(frozen=True, slots=True)
class _Rows:
    """Observed and missing rows of one target as places in the flattened batch; weights are None where all count."""

    observed: Index
    weights: Array | None
    count: Array
    missing: Index
    valid: NDArray[np.bool_] | None
    donors: int


@dataclass(slots=True)
class _State:
    layout: Layout
    values: Array
    design: Array
    center: Array
    scale: Array
    rows: dict[int, _Rows]
    pseudo: dict[int, Array]


def run(
    values: Array, layout: Layout, *, imputations: int, iterations: int, donors: int, rng: np.random.Generator
) -> Chains:
    """Impute `values` (S, n, p), nan where missing and categories as 0, 1, 2 …, M times each."""
    sets, n, p = values.shape
    state = _start(values, layout, imputations, donors, rng)
    batch = sets * imputations
    means, sds = np.full((2, iterations, batch, p), np.nan)
    pivots, unconverged = np.ones(p), np.zeros(p, dtype=np.intp)
    for iteration in range(iterations):
        for target in layout.targets:
            rows = state.rows[target.column]
            if target.kind in CATEGORICAL:
                drawn, unfinished = _draw_category(state, target, rng)
                unconverged[target.column] += unfinished
            else:
                drawn, pivots[target.column] = _draw_number(state, target, rng)
            _put(state, target, rows, drawn)
            means[iteration, :, target.column], sds[iteration, :, target.column] = _moments(drawn, rows.valid)
    completed = state.values.reshape(sets, imputations, n + 1, p)[:, :, :n]
    return Chains(completed, means, sds, pivots, unconverged)


def _start(values: Array, layout: Layout, imputations: int, donors: int, rng: np.random.Generator) -> _State:
    """Standardize by what is observed, and fill each gap with an observed value of its column at random."""
    sets, n, p = values.shape
    missing = np.isnan(values)
    filled = np.zeros((sets, imputations, n + 1, p))
    filled[:, :, :n] = np.where(missing, 0.0, values)[:, None]
    state = _State(
        layout=layout,
        values=filled.reshape(sets * imputations, n + 1, p),
        design=np.zeros((sets * imputations, n + 1, layout.width)),
        center=np.zeros((sets, layout.width)),
        scale=np.ones((sets, layout.width)),
        rows={},
        pseudo={},
    )
    state.design[..., 0] = 1.0
    lows, highs = np.zeros((2, sets, layout.width))
    for column, own in enumerate(layout.own):
        coded = _coded(values[..., column], layout.kinds[column] == "multinomial", own.size)
        seen = ~missing[..., column]
        state.center[:, own], state.scale[:, own] = _spread(coded, seen)
        scaled = (coded - state.center[:, None, own]) / state.scale[:, None, own]
        lows[:, own] = np.where(seen[..., None], scaled, np.inf).min(axis=1)
        highs[:, own] = np.where(seen[..., None], scaled, -np.inf).max(axis=1)
        state.design[:, :n, own] = np.repeat(np.where(seen[..., None], scaled, 0.0), imputations, axis=0)
    for target in layout.targets:
        rows = _rows(missing[..., target.column], imputations, donors)
        state.rows[target.column] = rows
        picked = (rng.random(rows.missing.shape) * rows.count[:, None]).astype(np.intp)
        source = np.take_along_axis(rows.observed, picked, axis=-1)
        _put(state, target, rows, state.values.reshape(-1, p)[source, target.column])
        state.pseudo[target.column] = _pseudo_rows(target, lows, highs)
    return state


def _coded(column: Array, category: bool, width: int) -> Array:
    """A column's columns of the design matrix, (..., width): its values, or indicators of levels 1, 2 …"""
    if not category:
        return column[..., None]
    return np.asarray(column[..., None] == np.arange(1, width + 1), dtype=np.float64)


def _spread(coded: Array, seen: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Mean and SD of the observed rows, (S, width); an SD of zero counts as one."""
    count = seen.sum(axis=1)[:, None]
    kept = np.where(seen[..., None], coded, 0.0)
    center = kept.sum(axis=1) / count
    deviations = np.where(seen[..., None], coded - center[:, None], 0.0)
    sd = np.sqrt((deviations**2).sum(axis=1) / count)
    return center, np.where(sd > 0, sd, 1.0)


def _rows(missing: NDArray[np.bool_], imputations: int, donors: int) -> _Rows:
    """Places of observed and missing rows, (B, ·), shorter lists filled up with the scratch row."""
    sets, n = missing.shape
    lost = missing.sum(axis=1)
    order = np.argsort(missing, axis=1, kind="stable")
    most_seen, most_lost = int((n - lost).max()), int(lost.max())
    seen_valid = np.arange(most_seen) < (n - lost)[:, None]
    lost_valid = np.arange(most_lost) < lost[:, None]
    observed = np.where(seen_valid, order[:, :most_seen], n)
    gaps = np.where(lost_valid, order[:, ::-1][:, :most_lost], n)
    base = (np.arange(sets * imputations) * (n + 1))[:, None]
    return _Rows(
        observed=np.repeat(observed, imputations, axis=0) + base,
        weights=None if seen_valid.all() else np.repeat(seen_valid.astype(np.float64), imputations, axis=0),
        count=np.repeat((n - lost).astype(np.float64), imputations),
        missing=np.repeat(gaps, imputations, axis=0) + base,
        valid=None if lost_valid.all() else np.repeat(lost_valid, imputations, axis=0),
        donors=min(donors, int((n - lost).min())),
    )


def _pseudo_rows(target: Target, lows: Array, highs: Array) -> Array:
    """Rows that keep a logit finite, (S, 2 p, 1 + p).

    Each predictor in turn is half an SD to either side, within the range observed, and the others at their mean.
    """
    chosen = target.predictors[1:]
    sets, p = lows.shape[0], chosen.size
    out = np.zeros((sets, 2, p, 1 + p))
    out[..., 0] = 1.0
    at = np.arange(p)
    out[:, 0, at, at + 1] = np.maximum(-0.5, lows[:, chosen])
    out[:, 1, at, at + 1] = np.minimum(0.5, highs[:, chosen])
    return out.reshape(sets, 2 * p, 1 + p)


def _put(state: _State, target: Target, rows: _Rows, drawn: Array) -> None:
    """Write drawn values into the data and, standardized, into the design matrix."""
    flat = state.values.reshape(-1, state.values.shape[-1])
    flat[rows.missing, target.column] = drawn
    coded = _coded(drawn, target.kind == "multinomial", target.own.size)
    repeats = drawn.shape[0] // state.center.shape[0]
    center, scale = (np.repeat(each[:, None, target.own], repeats, axis=0) for each in (state.center, state.scale))
    design = state.design.reshape(-1, state.layout.width)
    design[rows.missing[..., None], target.own] = (coded - center) / scale


def _gather(state: _State, target: Target, rows: _Rows) -> Array:
    """Observed rows of the whole design, (B, n observed, K); those that do not exist are zero."""
    found = state.design.reshape(-1, state.layout.width)[rows.observed]
    return found if rows.weights is None else found * rows.weights[..., None]


def _draw_number(state: _State, target: Target, rng: np.random.Generator) -> tuple[Array, float]:
    rows, width = state.rows[target.column], state.layout.width
    seen = _gather(state, target, rows)
    used = np.concatenate([target.predictors, target.own])
    cross = (np.swapaxes(seen, -1, -2) @ seen)[:, used[:, None], used]
    model = linear_draw(cross, rows.count, rng)
    wide = np.zeros((2, seen.shape[0], width, 1))
    wide[0, :, target.predictors, 0] = model.estimate.T
    wide[1, :, target.predictors, 0] = model.draw.T
    wanted = (state.design.reshape(-1, width)[rows.missing] @ wide[1])[..., 0]
    flat = state.values.reshape(-1, state.values.shape[-1])
    if target.kind == "pmm":
        donors = (seen @ wide[0])[..., 0]
        if rows.weights is not None:
            donors = np.where(rows.weights > 0, donors, np.inf)
        chosen = nearest_donors(donors, wanted, count=rows.donors, rng=rng)
        drawn = flat[np.take_along_axis(rows.observed, chosen, axis=-1), target.column]
    else:
        repeats = wanted.shape[0] // state.center.shape[0]
        center, scale = (np.repeat(each[:, target.own], repeats, axis=0) for each in (state.center, state.scale))
        drawn = center + scale * (wanted + model.sigma[:, None] * rng.standard_normal(wanted.shape))
    return drawn, float(model.least_pivot.min())


def _draw_category(state: _State, target: Target, rng: np.random.Generator) -> tuple[Array, int]:
    rows, width = state.rows[target.column], state.layout.width
    levels = state.layout.levels[target.column]
    size = 2 if levels is None else levels.size
    seen = _gather(state, target, rows)[..., target.predictors]
    batch, count, k = seen.shape
    repeats = batch // state.center.shape[0]
    pseudo = np.repeat(state.pseudo[target.column], repeats, axis=0)
    X = np.concatenate([seen, pseudo], axis=1)
    shares = np.full((batch, X.shape[1], size - 1), 1.0 / size)
    codes = state.values.reshape(-1, state.values.shape[-1])[rows.observed, target.column]
    shares[:, :count] = codes[..., None] == np.arange(1, size)
    weights = np.full(X.shape[:2], k / (2.0 * max(k - 1, 1)))
    weights[:, :count] = 1.0 if rows.weights is None else rows.weights
    model = logit_draw(X, shares, weights, precision=RIDGE * rows.count, rng=rng)
    wanted = state.design.reshape(-1, width)[rows.missing][..., target.predictors]
    P = probabilities(wanted @ np.swapaxes(model.draw, -1, -2))
    reached = np.cumsum(P[..., ::-1], axis=-1)  # P(at least the highest level), at least the next, ...
    return (rng.random(reached.shape[:2])[..., None] < reached).sum(axis=-1).astype(np.float64), model.unconverged


def _moments(drawn: Array, valid: NDArray[np.bool_] | None) -> tuple[Array, Array]:
    """Mean and SD of the imputed values, (B,) each."""
    if valid is not None:
        return np.full((2, drawn.shape[0]), np.nan)  # type: ignore[return-value]
    mean = drawn.mean(axis=-1)
    if drawn.shape[-1] == 1:
        return mean, np.full(mean.shape, np.nan)
    return mean, np.sqrt(((drawn - mean[:, None]) ** 2).sum(axis=-1) / (drawn.shape[-1] - 1))
