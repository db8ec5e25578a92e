"""Poisson and negative binomial (NB2) log-likelihoods with a log link, for many problems at once.

B problems share a design (n, k) and an offset (n,); counts are (n,), or (B, n) for simulated ones; weights (B, n) say
how often a row counts. The negative binomial has variance mu + a mu^2; its parameters are the coefficients and log a,
so that the Poisson model lies at minus infinity, where `FLOOR` stands for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from casearc.statistics._arrays import Matrix, Vector, Whole
from casearc.statistics._ascent import Array, Flags, Summit

FLOOR = 1e-8
"""Where a mu falls below this for the mean count, the negative binomial is the Poisson model in all but name."""

MOST = 700.0
"""Largest linear predictor whose exponential is a number."""

SMALL = 0.02
_POWERS = np.arange(12)
_FIRST = (-1.0) ** (_POWERS + 1) * (_POWERS + 1) / (_POWERS + 2)
_SECOND = (-1.0) ** _POWERS * (_POWERS + 1) * (_POWERS + 2) / (_POWERS + 3)


@dataclass(frozen=True, slots=True)
class Poisson:
    """Poisson log-likelihoods; `penalized` adds half the log determinant of the information (Firth, Jeffreys)."""

    X: Matrix
    products: Matrix
    upper: tuple[Whole, Whole]
    offset: Vector
    counts: Array
    weights: Array
    penalized: bool = False

    def value(self, parameters: Array, problems: Whole) -> Array:
        """Log-likelihoods, minus infinity where a mean is too large to be a number."""
        eta = parameters @ self.X.T + self.offset
        inside = (eta < MOST).all(axis=1)
        y, w = some(self.counts, problems), self.weights[problems]
        mu = np.exp(np.minimum(eta, MOST))
        total = (w * (y * eta - mu - special.gammaln(y + 1.0))).sum(axis=1)
        if self.penalized:
            sign, log_determinant = np.linalg.slogdet(self._information(w * mu))
            inside &= sign > 0
            total = total + 0.5 * np.where(sign > 0, log_determinant, 0.0)
        return np.where(inside, total, -np.inf)

    def derivatives(self, parameters: Array, problems: Whole) -> tuple[Array, Array]:
        """Gradient and information (expected and, without the penalty, observed)."""
        mu = np.exp(np.minimum(parameters @ self.X.T + self.offset, MOST))
        y, w = some(self.counts, problems), self.weights[problems]
        info = self._information(w * mu)
        residual = y - mu
        if self.penalized:
            sign, _ = np.linalg.slogdet(info)
            V = np.linalg.inv(np.where((sign > 0)[:, None, None], info, np.eye(info.shape[-1])))
            residual = residual + 0.5 * mu * row_variances(V, self.products, self.upper)
        return (w * residual) @ self.X, info

    def _information(self, weights: Array) -> Array:
        return unpacked(weights @ self.products, self.upper, self.X.shape[1])

    def exists(self, summit: Summit) -> Flags:
        """Where a finite maximum is proven to exist near the summit."""
        return proven(self, summit.inverse, summit.decrement, summit.arrived)


@dataclass(frozen=True, slots=True)
class NegativeBinomial:
    """Negative binomial log-likelihoods in coefficients and log a; `above` are the problems' numbers of counts > j."""

    poisson: Poisson
    above: Array
    lowest: Array

    def value(self, parameters: Array, problems: Whole) -> Array:
        """Log-likelihoods; at and below the floor that of the floor."""
        eta, alpha = self._split(parameters, problems)
        inside = (eta < MOST).all(axis=1) & (parameters[:, -1] < 50.0)
        y, w = some(self.poisson.counts, problems), self.poisson.weights[problems]
        above = some(self.above, problems)
        a = alpha[:, None]
        mass = (above * np.log1p(a * np.arange(above.shape[-1]))).sum(axis=-1)
        mu = np.exp(np.minimum(eta, MOST))
        rows = y * eta - y * np.log1p(a * mu) - np.log1p(a * mu) / a - special.gammaln(y + 1.0)
        return np.where(inside, mass + (w * rows).sum(axis=1), -np.inf)

    def derivatives(self, parameters: Array, problems: Whole) -> tuple[Array, Array]:
        """Gradient and observed information, made positive in log a where it is not; at the floor log a stands."""
        eta, alpha = self._split(parameters, problems)
        y, w = some(self.poisson.counts, problems), self.poisson.weights[problems]
        a, mu = alpha[:, None], np.exp(np.minimum(eta, MOST))
        m = 1.0 + a * mu
        by_alpha, curved = self._by_alpha(alpha, mu, y, w, problems)
        slope = np.concatenate([(w * (y - mu) / m) @ self.poisson.X, (alpha * by_alpha)[:, None]], axis=1)
        k = self.poisson.X.shape[1]
        info = np.zeros((eta.shape[0], k + 1, k + 1))
        bend = w * mu * (1.0 + a * y) / m**2
        info[:, :k, :k] = unpacked(bend @ self.poisson.products, self.poisson.upper, k)
        cross = alpha[:, None] * ((w * (y - mu) * mu / m**2) @ self.poisson.X)
        own = -(alpha * by_alpha + alpha**2 * curved)
        self._guard(info, cross, own, slope, parameters[:, -1] <= self.lowest[problems])
        return slope, info

    def _guard(self, info: Array, cross: Array, own: Array, slope: Array, low: Flags) -> None:
        """Fill the last row and column so that the information stays positive; hold log a at the floor."""
        k = cross.shape[1]
        block, sound = info[:, :k, :k], np.linalg.slogdet(info[:, :k, :k])[0] > 0
        solved = np.linalg.solve(np.where(sound[:, None, None], block, np.eye(k)), cross[..., None])[..., 0]
        left = own - (cross * solved).sum(axis=1)
        concave = sound & (left > 1e-3 * np.abs(own))
        resting = low & (slope[:, -1] <= 0.0)
        slope[resting, -1] = 0.0
        joined = np.where((concave & ~resting)[:, None], cross, 0.0)
        info[:, :k, k], info[:, k, :k] = joined, joined
        info[:, k, k] = np.where(concave, own, np.maximum(np.abs(own), 1e-30))
        info[resting, k, k] = 1.0

    def _by_alpha(self, alpha: Array, mu: Array, y: Array, w: Array, problems: Whole) -> tuple[Array, Array]:
        """First and second derivatives by a, by series where a mu is small and differences would cancel."""
        above = some(self.above, problems)
        steps = np.arange(above.shape[-1])
        share = steps / (1.0 + alpha[:, None] * steps)
        t = alpha[:, None] * mu
        by_mean = mu / (1.0 + t)
        first = (above * share).sum(axis=-1) - (w * (y * by_mean + mu**2 * _first(t))).sum(axis=1)
        second = -(above * share**2).sum(axis=-1) + (w * (y * by_mean**2 - mu**3 * _second(t))).sum(axis=1)
        return np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)

    def _split(self, parameters: Array, problems: Whole) -> tuple[Array, Array]:
        eta = parameters[:, :-1] @ self.poisson.X.T + self.poisson.offset
        floored = np.maximum(parameters[:, -1], self.lowest[problems])
        return eta, np.exp(np.minimum(floored, 50.0))

    def at_floor(self, parameters: Array) -> Flags:
        """Problems that ended where the negative binomial is the Poisson model."""
        return np.asarray(parameters[:, -1] <= self.lowest)

    def exists(self, summit: Summit) -> Flags:
        """Where finite coefficients are proven to exist near the summit, at its a."""
        k = self.poisson.X.shape[1]
        return proven(self.poisson, summit.inverse[:, :k, :k], summit.decrement, summit.arrived)


def _first(t: Array) -> Array:
    """(t / (1 + t) - log(1 + t)) / t^2; -1/2 at zero."""
    big = np.where(t > SMALL, t, 1.0)
    direct = (big / (1.0 + big) - np.log1p(big)) / big**2
    return np.where(t > SMALL, direct, np.polynomial.polynomial.polyval(np.minimum(t, SMALL), _FIRST))


def _second(t: Array) -> Array:
    """(2 log(1 + t) - 2 t / (1 + t) - t^2 / (1 + t)^2) / t^3; 2/3 at zero."""
    big = np.where(t > SMALL, t, 1.0)
    direct = (2.0 * np.log1p(big) - 2.0 * big / (1.0 + big) - (big / (1.0 + big)) ** 2) / big**3
    return np.where(t > SMALL, direct, np.polynomial.polynomial.polyval(np.minimum(t, SMALL), _SECOND))


def poisson_model(X: Matrix, offset: Vector, counts: Array, weights: Array, *, penalized: bool = False) -> Poisson:
    """The model with its products of terms."""
    index = np.triu_indices(X.shape[1])
    upper = (np.asarray(index[0]), np.asarray(index[1]))
    return Poisson(X, X[:, upper[0]] * X[:, upper[1]], upper, offset, counts, weights, penalized)


def negative_binomial_model(poisson: Poisson) -> NegativeBinomial:
    """The model with its numbers of counts above each value, and the floor of log a for the mean count."""
    y, w = poisson.counts, poisson.weights
    values = np.arange(int(y.max()))
    if y.ndim == 1:
        above = w @ (y[:, None] > values)
    else:
        above = np.stack([(w * (y > value)).sum(axis=1) for value in values], axis=1) if values.size else w[:, :0]
    mean = (w * y).sum(axis=1) / np.maximum(w.sum(axis=1), 1.0)
    return NegativeBinomial(poisson, above, np.log(FLOOR / np.where(mean > 0, mean, 1.0)))


def start_of(poisson: Poisson) -> Array:
    """One step of least squares from the counts themselves, as R's glm sets out, (B, k)."""
    y = np.broadcast_to(poisson.counts, poisson.weights.shape) + 0.1
    w = poisson.weights * y
    target = np.log(y) - poisson.offset
    info = unpacked(w @ poisson.products, poisson.upper, poisson.X.shape[1])
    sound = np.linalg.slogdet(info)[0] > 0
    safe = np.where(sound[:, None, None], info, np.eye(info.shape[-1]))
    return np.asarray(np.linalg.solve(safe, ((w * target) @ poisson.X)[..., None])[..., 0], dtype=np.float64)


def moment_alpha(poisson: Poisson, parameters: Array) -> Array:
    """Excess of squared residuals over the means, as a share of squared means; a small number where there is none."""
    mu = np.exp(np.minimum(parameters @ poisson.X.T + poisson.offset, MOST))
    y, w = poisson.counts, poisson.weights
    excess = (w * ((y - mu) ** 2 - y)).sum(axis=1) / np.maximum((w * mu**2).sum(axis=1), 1e-300)
    least = 0.05 * w.sum(axis=1) / np.maximum((w * mu).sum(axis=1), 1e-300)
    return np.asarray(np.clip(np.where(excess > 0, excess, least), 1e-4, 100.0), dtype=np.float64)


def row_variances(V: Array, products: Matrix, upper: tuple[Whole, Whole]) -> Array:
    """Variance of each row's linear predictor, (m, n)."""
    compact = V[:, upper[0], upper[1]] * np.where(upper[0] == upper[1], 1.0, 2.0)
    return np.asarray(compact @ products.T, dtype=np.float64)


def proven(poisson: Poisson, inverse: Array, decrement: Array, arrived: Flags) -> Flags:
    """Bach (2010, EJS 4:384-414, proposition 2): the third derivative is at most R times the second; see `_certified`.

    R is the largest change of a row's predictor in a step of one standard error; a decrement below 1 / (2 R) proves it.
    """
    spread = row_variances(inverse, poisson.products, poisson.upper)
    R = np.sqrt(np.maximum(np.where(poisson.weights > 0, spread, 0.0), 0.0).max(axis=1))
    return np.asarray(arrived & (np.where(arrived, decrement, 0.0) * R <= 0.5))


def unpacked(compact: Array, upper: tuple[Whole, Whole], p: int) -> Array:
    """Symmetric matrices (m, p, p) from their upper halves."""
    full = np.empty((compact.shape[0], p, p))
    full[:, upper[0], upper[1]] = compact
    full[:, upper[1], upper[0]] = compact
    return full


def some(array: Array, problems: Whole) -> Array:
    """The rows of some problems, or the row all share."""
    return array if array.ndim == 1 else array[problems]
