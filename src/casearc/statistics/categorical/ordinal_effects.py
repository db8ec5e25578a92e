"""What an ordinal model says in probabilities: predictions, averages and average marginal effects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, finite, frequency_weights, frozen, listed, matrix
from casearc.statistics.categorical import _marginal as marginal
from casearc.statistics.categorical import _ordinal_marginal as ordered
from casearc.statistics.categorical.marginal_effects import MarginalEffects
from casearc.statistics.categorical.ordinal import OrdinalFit
from casearc.statistics.categorical.prediction import PredictedProbability


def ordinal_probabilities(fit: OrdinalFit, rows: ArrayLike) -> PredictedProbability:
    """Probability of each level at each of `rows` (m, k), with delta-method standard errors and intervals.

    Raises
    ------
    StatisticsRefusedError
        The rows do not have the columns of the fit.

    Notes
    -----
    Limits come from the logit scale. Checked against ``MASS::polr``'s ``predict(type = "probs")`` and, for the errors,
    central differences in R.

    Examples
    --------
    >>> from casearc.statistics.categorical.ordinal import ordinal
    >>> months = [[0], [1], [2], [3], [4], [5], [6], [7]]
    >>> fit = ordinal(months, [0, 1, 0, 1, 2, 1, 2, 2], terms=["months"], levels=["low", "middle", "high"])
    >>> round(float(ordinal_probabilities(fit, [[6]]).estimate[0, 2]), 3)
    0.851
    """
    X = _rows(fit, rows)
    each = [(X[i : i + 1], np.ones((1, 1))) for i in range(X.shape[0])]
    return _with_interval(fit, *_averages(fit, each))


def ordinal_average_probability(
    fit: OrdinalFit, designs: ArrayLike, *, weights: ArrayLike | None = None
) -> PredictedProbability:
    """Probability of each level averaged over participants, once for each of `designs` (m, n, k).

    Each design is everybody's row with, say, the dose set to one value. `weights` (n,) say how often each row counts.

    Raises
    ------
    StatisticsRefusedError
        The designs do not have the columns of the fit, or the weights do not fit the rows.

    Examples
    --------
    >>> from casearc.statistics.categorical.ordinal import ordinal
    >>> months = [[0], [1], [2], [3], [4], [5], [6], [7]]
    >>> fit = ordinal(months, [0, 1, 0, 1, 2, 1, 2, 2], terms=["months"], levels=["low", "middle", "high"])
    >>> round(float(ordinal_average_probability(fit, [months]).estimate[0, 2]), 2)
    0.37
    """
    stack = finite(designs, name="The designs")
    if stack.ndim != 3:
        raise StatisticsRefusedError("The designs are a stack of tables: one table of everybody's rows a point.")
    shares = _shares(weights, stack.shape[1])
    return _with_interval(fit, *_averages(fit, [(_rows(fit, design), shares) for design in stack]))


def ordinal_marginal_effects(
    fit: OrdinalFit,
    design: ArrayLike,
    *,
    terms: Sequence[str] | None = None,
    indicators: Sequence[str] | None = None,
    factors: Sequence[Sequence[str]] = (),
    weights: ArrayLike | None = None,
) -> MarginalEffects:
    """How the probability of each level changes with each term, averaged over the participants as they are.

    Parameters
    ----------
    fit
        An ordinal fit.
    design
        The rows to average over, shape (n, k), usually those of the fit.
    terms
        Which terms; all by default.
    indicators
        Terms told as the change from 0 to 1; by default those whose column holds only 0 and 1. The others are told as
        the derivative, per unit.
    factors
        Groups of indicators of one factor: while one is on, the others are off.
    weights
        How often each row counts, whole numbers.

    Raises
    ------
    StatisticsRefusedError
        A term the model lacks, columns that do not fit it.

    Notes
    -----
    Delta method on the covariance of thresholds and slopes; effects of a term on all levels sum to zero. Checked
    against central differences of the probabilities in R.

    Examples
    --------
    >>> from casearc.statistics.categorical.ordinal import ordinal
    >>> months = [[0], [1], [2], [3], [4], [5], [6], [7]]
    >>> fit = ordinal(months, [0, 1, 0, 1, 2, 1, 2, 2], terms=["months"], levels=["low", "middle", "high"])
    >>> round(float(ordinal_marginal_effects(fit, months).estimate[2, 0]), 3)
    0.121
    """
    X = _rows(fit, design)
    shares = _shares(weights, X.shape[0])
    names = fit.terms if terms is None else tuple(dict.fromkeys(terms))
    columns = {name: _column(fit, name) for name in names}
    groups = [tuple(_column(fit, name) for name in factor) for factor in factors]
    switched = _switched(fit, X, names, indicators)
    b = _parameters(fit)
    found: list[tuple[Vector, Matrix]] = []
    for name, column in columns.items():
        if name in switched:
            others = tuple(i for group in groups if column in group for i in group if i != column)
            off, on = marginal.switched(X, column, others)
            (low, high), (low_slope, high_slope) = _averages(fit, [(off, shares), (on, shares)])
            found.append((high - low, high_slope - low_slope))
        else:
            by_parameters = ordered.slope_derivative(b, X, shares, column)[0]
            found.append((ordered.slope(b, X, shares, column)[0], by_parameters))
    return _effects(fit, names, tuple("change" if name in switched else "slope" for name in names), found)


def _effects(
    fit: OrdinalFit, names: tuple[str, ...], kinds: tuple[str, ...], found: list[tuple[Vector, Matrix]]
) -> MarginalEffects:
    estimate = np.stack([value for value, _ in found], axis=1)
    se = np.stack([_errors(fit, derivative) for _, derivative in found], axis=1)
    certain = se <= 0.0
    z = np.where(certain, 0.0, estimate / np.where(certain, 1.0, se))
    q, df = _quantile(fit), fit.df_inference
    return MarginalEffects(
        levels=fit.levels,
        terms=names,
        kinds=kinds,
        estimate=frozen(estimate),
        se=frozen(se),
        z=frozen(z),
        p=frozen(dist.normal_two_sided(z) if df is None else dist.t_two_sided(z, df)),
        low=frozen(estimate - q * se),
        high=frozen(estimate + q * se),
        level=fit.level,
        n=fit.n,
        df_inference=df,
    )


def _parameters(fit: OrdinalFit) -> Matrix:
    return np.concatenate([fit.thresholds, fit.coefficients])[None, :]


def _averages(fit: OrdinalFit, designs: Sequence[tuple[Matrix, Matrix]]) -> tuple[Matrix, Matrix]:
    """Average probabilities at each design with its shares, (m, J), and their derivatives, (m, J, p)."""
    b = _parameters(fit)
    values = [ordered.average(b, X, shares)[0] for X, shares in designs]
    derivatives = [ordered.average_derivative(b, X, shares)[0] for X, shares in designs]
    return np.stack(values), np.stack(derivatives)


def _errors(fit: OrdinalFit, derivative: Matrix) -> Matrix:
    variance = ((derivative @ fit.covariance) * derivative).sum(axis=-1)
    return np.asarray(np.sqrt(np.maximum(variance, 0.0)), dtype=np.float64)


def _with_interval(fit: OrdinalFit, P: Matrix, derivative: Matrix) -> PredictedProbability:
    se = _errors(fit, derivative)
    spread = P * (1.0 - P)
    inside = spread > 0.0
    safe = np.where(inside, P, 0.5)
    half_width = _quantile(fit) * se / np.where(inside, spread, 1.0)
    return PredictedProbability(
        levels=fit.levels,
        estimate=frozen(P),
        se=frozen(se),
        low=frozen(np.where(inside, special.expit(special.logit(safe) - half_width), P)),
        high=frozen(np.where(inside, special.expit(special.logit(safe) + half_width), P)),
        level=fit.level,
    )


def _quantile(fit: OrdinalFit) -> float:
    upper = 0.5 + fit.level / 2.0
    return dist.normal_quantile(upper) if fit.df_inference is None else dist.t_quantile(upper, fit.df_inference)


def _shares(weights: ArrayLike | None, n: int) -> Matrix:
    w = frequency_weights(weights, n)
    if w.sum() <= 0:
        raise StatisticsRefusedError("Nobody is left to average over.", alternative="Give a weight above 0 to some.")
    return np.asarray(w / w.sum(), dtype=np.float64)[None]


def _rows(fit: OrdinalFit, rows: ArrayLike) -> Matrix:
    X = matrix(rows, name="The rows to predict")
    if X.shape[1] != len(fit.terms):
        raise StatisticsRefusedError(f"The model has {len(fit.terms)} terms and the rows have {X.shape[1]} columns.")
    return X


def _column(fit: OrdinalFit, term: str) -> int:
    if term not in fit.terms:
        raise StatisticsRefusedError(
            f'The model has no term "{term}".', alternative=f"Its terms are {listed(fit.terms)}."
        )
    return fit.terms.index(term)


def _switched(fit: OrdinalFit, X: Matrix, names: tuple[str, ...], indicators: Sequence[str] | None) -> frozenset[str]:
    if indicators is not None:
        return frozenset(fit.terms[_column(fit, name)] for name in indicators)
    return frozenset(name for name in names if np.isin(X[:, _column(fit, name)], (0.0, 1.0)).all())
