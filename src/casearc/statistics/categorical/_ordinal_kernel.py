"""The cumulative logit, for many problems at once.

P(Y = j) = F(u) - F(l), with the linear predictors u and l of the split above and below the level, is
F(u) (1 - F(l)) (1 - exp(l - u)). So the log-likelihood is a sum of log F(e) over *comparisons* (one a split above a
row's level, one below) and of log(1 - exp(-d)) over *gaps* between neighboring thresholds, each concave in the
parameters: thresholds a (J - 1) first, then slopes b (k), with logit P(Y <= j) = a_j - x b.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from casearc.statistics._arrays import Matrix, Whole
from casearc.statistics._ascent import Array, Flags, Summit


@dataclass(frozen=True, slots=True)
class Splits:
    """Comparisons (N, p) with the row each comes from, and gaps (M, p) with the rows (n, M) each belongs to."""

    comparisons: Matrix
    source: Whole
    gaps: Matrix
    members: Matrix
    pairs: Matrix
    upper: tuple[Whole, Whole]


def splits_of(codes: Whole, X: Matrix, levels: int, free: Whole | None = None) -> Splits:
    """Comparisons and gaps of levels `codes` (n,) on slopes `X` (n, k).

    `free` numbers slopes that differ between splits: each then has one coefficient a split, after the common ones.
    """
    n, J = codes.size, levels
    by_split = _split_rows(X, J, np.array([], dtype=np.int64) if free is None else free)
    above, below = codes < J - 1, codes > 0
    upper, lower = by_split[codes[above], np.flatnonzero(above)], by_split[codes[below] - 1, np.flatnonzero(below)]
    comparisons = np.concatenate([upper, -lower])
    middle = np.flatnonzero(above & below)
    gaps = by_split[codes[middle], middle] - by_split[codes[middle] - 1, middle]
    distinct, which = np.unique(gaps, axis=0, return_inverse=True)
    members = np.zeros((n, distinct.shape[0]))
    members[middle, which.reshape(-1)] = 1.0
    index = np.triu_indices(comparisons.shape[1])
    both = np.concatenate([comparisons, distinct])
    return Splits(
        comparisons=comparisons,
        source=np.concatenate([np.flatnonzero(above), np.flatnonzero(below)]),
        gaps=distinct,
        members=members,
        pairs=both[:, index[0]] * both[:, index[1]],
        upper=(np.asarray(index[0]), np.asarray(index[1])),
    )


def _split_rows(X: Matrix, J: int, free: Whole) -> Array:
    """The row of every participant at every split, (J - 1, n, p): its linear predictor is row @ parameters."""
    n, k = X.shape
    common = np.setdiff1d(np.arange(k), free)
    rows = np.zeros((J - 1, n, J - 1 + common.size + (J - 1) * free.size))
    for j in range(J - 1):
        rows[j, :, j] = 1.0
        rows[j, :, J - 1 : J - 1 + common.size] = -X[:, common]
        first = J - 1 + common.size + j * free.size
        rows[j, :, first : first + free.size] = -X[:, free]
    return rows


@dataclass(frozen=True, slots=True)
class CumulativeLogit:
    """Log-likelihoods of B problems that differ in their case weights, (B, n)."""

    splits: Splits
    weights: Array

    def value(self, parameters: Array, problems: Whole) -> Array:
        """Log-likelihoods; minus infinity where thresholds are out of order."""
        w = self.weights[problems]
        e, d = parameters @ self.splits.comparisons.T, parameters @ self.splits.gaps.T
        total = (w[:, self.splits.source] * special.log_expit(e)).sum(axis=1)
        if not d.shape[1]:
            return np.asarray(total, dtype=np.float64)
        counted = w @ self.splits.members
        ordered = ((d > 0) | (counted == 0)).all(axis=1)
        total = total + (counted * np.log(-np.expm1(-np.where(d > 0, d, 1.0)))).sum(axis=1)
        return np.where(ordered, total, -np.inf)

    def derivatives(self, parameters: Array, problems: Whole) -> tuple[Array, Array]:
        """Gradient and observed information."""
        w = self.weights[problems]
        e, d = parameters @ self.splits.comparisons.T, parameters @ self.splits.gaps.T
        missed = special.expit(-e)
        own, counted = w[:, self.splits.source], w @ self.splits.members
        safe = np.where(d > 0, d, 1.0)
        slope = np.concatenate([own * missed, counted * pull(safe)], axis=1)
        bend = np.concatenate([own * missed * (1.0 - missed), counted * curvature(safe)], axis=1)
        gradient = slope @ np.concatenate([self.splits.comparisons, self.splits.gaps])
        return gradient, unpacked(bend @ self.splits.pairs, self.splits.upper, parameters.shape[1])

    def row_gradients(self, parameters: Array) -> Matrix:
        """Gradient of each row's log-likelihood of the first problem, unweighted, (n, p)."""
        e, d = self.splits.comparisons @ parameters, self.splits.gaps @ parameters
        rows = self.splits.members @ (self.splits.gaps * pull(d)[:, None])
        np.add.at(rows, self.splits.source, self.splits.comparisons * special.expit(-e)[:, None])
        return np.asarray(rows, dtype=np.float64)

    def exists(self, summit: Summit) -> Flags:
        """Where a finite maximum is proven to exist near the summit, so that no linear program is needed.

        Along a direction of one standard error the third derivative is at most R + 2 root(second) times the second, R
        being the largest change of a comparison or gap. The slope in the direction is then at least
        (1 - exp(-(R + 2) t)) / (R + 2) less the decrement, and turns for good if the decrement is below 1 / (R + 2).
        """
        R = np.zeros(summit.value.size)
        for rows, counted in (
            (self.splits.comparisons, self.weights[:, self.splits.source]),
            (self.splits.gaps, self.weights @ self.splits.members),
        ):
            if rows.shape[0]:
                spread = ((rows @ summit.inverse) * rows).sum(axis=-1)
                R = np.maximum(R, np.sqrt(np.maximum(np.where(counted > 0, spread, 0.0), 0.0).max(axis=1)))
        decrement = np.where(summit.arrived, summit.decrement, np.inf)
        return np.asarray(decrement * (R + 2.0) <= 0.5)


@dataclass(frozen=True, slots=True)
class JeffreysCumulativeLogit:
    """The same plus half the log determinant of the expected information (Jeffreys' prior); steps are Fisher's.

    `X` and `weights` are the rows the information is summed over: those of the likelihood, unless many outcomes of one
    design are fitted at once.
    """

    plain: CumulativeLogit
    X: Matrix
    weights: Array
    products: Matrix
    upper: tuple[Whole, Whole]
    levels: int

    def value(self, parameters: Array, problems: Whole) -> Array:
        """Penalized log-likelihoods."""
        plain = self.plain.value(parameters, problems)
        inside = np.isfinite(plain)
        info = self._information(_Fitted.of(self, np.where(inside[:, None], parameters, self._inside()), problems))
        sign, log_determinant = np.linalg.slogdet(info)
        return np.where(inside & (sign > 0), plain + 0.5 * np.where(sign > 0, log_determinant, 0.0), -np.inf)

    def derivatives(self, parameters: Array, problems: Whole) -> tuple[Array, Array]:
        """Penalized gradient and expected information."""
        gradient, _ = self.plain.derivatives(parameters, problems)
        fitted = _Fitted.of(self, parameters, problems)
        info = self._information(fitted)
        sign, _ = np.linalg.slogdet(info)
        V = np.linalg.inv(np.where((sign > 0)[:, None, None], info, np.eye(info.shape[-1])))
        return gradient + self._penalty_gradient(fitted, V), info

    def _inside(self) -> Array:
        """Some parameters with thresholds in order."""
        return np.concatenate([np.arange(self.levels - 1, dtype=np.float64), np.zeros(self.X.shape[1])])

    def _information(self, fitted: _Fitted) -> Array:
        free, k = self.levels - 1, self.X.shape[1]
        info = np.zeros((fitted.w.shape[0], free + k, free + k))
        weighted = fitted.w[:, :, None] * fitted.spread
        info[:, free:, free:] = unpacked(weighted.sum(axis=2) @ self.products, self.upper, k)
        cross = -np.swapaxes(weighted, 1, 2) @ self.X
        info[:, :free, free:], info[:, free:, :free] = cross, np.swapaxes(cross, 1, 2)
        split = np.arange(free)
        info[:, split, split] += weighted.sum(axis=1)
        gap = fitted.expected * curvature(fitted.d)
        info[:, split[1:], split[1:]] += gap
        info[:, split[:-1], split[:-1]] += gap
        info[:, split[1:], split[:-1]] -= gap
        info[:, split[:-1], split[1:]] -= gap
        return info

    def _penalty_gradient(self, fitted: _Fitted, V: Array) -> Array:
        """Half the trace of V times the derivative of the information, first by the predictor of each row and split."""
        free = self.levels - 1
        F, f = fitted.F, fitted.f
        v = _row_variances(V, self.X, self.products, self.upper, free)
        by_predictor = v * f * (1.0 - 2.0 * F) * fitted.reach
        by_predictor[:, :, 1:] += v[:, :, :-1] * f[:, :, :-1] * f[:, :, 1:]
        by_predictor[:, :, :-1] -= v[:, :, 1:] * f[:, :, 1:] * f[:, :, :-1]
        split = np.arange(free)
        q = V[:, split[1:], split[1:]] + V[:, split[:-1], split[:-1]] - 2.0 * V[:, split[1:], split[:-1]]
        c = curvature(fitted.d)
        by_predictor[:, :, 1:] += (q * c)[:, None, :] * f[:, :, 1:]
        by_predictor[:, :, :-1] -= (q * c)[:, None, :] * f[:, :, :-1]
        weighted = 0.5 * fitted.w[:, :, None] * by_predictor
        gradient = np.concatenate([weighted.sum(axis=1), -weighted.sum(axis=2) @ self.X], axis=1)
        by_gap = -0.5 * q * fitted.expected * c / np.tanh(0.5 * fitted.d)
        gradient[:, 1:free] += by_gap
        gradient[:, : free - 1] -= by_gap
        return gradient


@dataclass(frozen=True, slots=True)
class _Fitted:
    """Of m problems: weights (m, n), F and f at every split (m, n, J - 1), gaps d (m, J - 2), people expected between.

    `reach` is P(level below) + P(level above) of a split and `spread` is f times it, the weight of the split's row.
    """

    w: Array
    F: Array
    f: Array
    d: Array
    reach: Array
    spread: Array
    expected: Array

    @classmethod
    def of(cls, model: JeffreysCumulativeLogit, parameters: Array, problems: Whole) -> _Fitted:
        free = model.levels - 1
        a, eta = parameters[:, :free], parameters[:, free:] @ model.X.T
        e = a[:, None, :] - eta[:, :, None]
        F = special.expit(e)
        f = F * special.expit(-e)
        d = np.diff(a, axis=1)
        between = F[:, :, 1:] * special.expit(-e[:, :, :-1]) * -np.expm1(-d)[:, None, :]
        shares = np.concatenate([F[:, :, :1], between, special.expit(-e[:, :, -1:])], axis=2)
        reach = shares[:, :, :-1] + shares[:, :, 1:]
        w = model.weights[problems]
        expected = (w[:, :, None] * between).sum(axis=1)
        return cls(w=w, F=F, f=f, d=d, reach=reach, spread=f * reach, expected=expected)


def jeffreys(plain: CumulativeLogit, X: Matrix, levels: int, weights: Array | None = None) -> JeffreysCumulativeLogit:
    """The penalized model, its information summed over rows `X` with `weights` (those of the likelihood where None)."""
    index = np.triu_indices(X.shape[1])
    upper = (np.asarray(index[0]), np.asarray(index[1]))
    w = plain.weights if weights is None else weights
    return JeffreysCumulativeLogit(plain, X, w, X[:, upper[0]] * X[:, upper[1]], upper, levels)


def null_start(codes: Whole, weights: Array, levels: int, p: int) -> tuple[Array, Flags]:
    """Thresholds that give each level its share, everything else zero, (B, p); and which problems have every level."""
    counts = weights @ np.eye(levels)[codes]
    full = np.asarray((counts > 0).all(axis=1))
    shares = np.cumsum(np.where(full[:, None], counts, 1.0), axis=1)
    start = np.zeros((weights.shape[0], p))
    start[:, : levels - 1] = special.logit(shares[:, :-1] / shares[:, -1:])
    return start, full


def pull(d: Array) -> Array:
    """Derivative of log(1 - exp(-d))."""
    return np.asarray(np.exp(-d) / -np.expm1(-d), dtype=np.float64)


def curvature(d: Array) -> Array:
    """Minus the second derivative of log(1 - exp(-d))."""
    return np.asarray(0.25 / np.sinh(np.minimum(0.5 * d, 300.0)) ** 2, dtype=np.float64)


def unpacked(compact: Array, upper: tuple[Whole, Whole], p: int) -> Array:
    """Symmetric matrices (m, p, p) from their upper halves (m, p (p + 1) / 2)."""
    full = np.empty((compact.shape[0], p, p))
    full[:, upper[0], upper[1]] = compact
    full[:, upper[1], upper[0]] = compact
    return full


def _row_variances(V: Array, X: Matrix, products: Matrix, upper: tuple[Whole, Whole], free: int) -> Array:
    """Variance of the predictor of each row and split, (m, n, J - 1)."""
    slopes = V[:, free:, free:][:, upper[0], upper[1]] * np.where(upper[0] == upper[1], 1.0, 2.0)
    own = slopes @ products.T
    cross = X @ V[:, free:, :free]
    thresholds = np.diagonal(V[:, :free, :free], axis1=1, axis2=2)
    return np.asarray(own[:, :, None] - 2.0 * cross + thresholds[:, None, :], dtype=np.float64)
