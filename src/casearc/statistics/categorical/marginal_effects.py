"""Average marginal effects on the probability of each level, and contrasts of two average probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import SAME, Matrix, Vector, frequency_weights, frozen, listed
from casearc.statistics.categorical import _marginal as marginal
from casearc.statistics.categorical.multinomial import MultinomialFit
from casearc.statistics.categorical.prediction import rows_of
from casearc.statistics.results import Result, Row, per_term


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarginalEffects(Result):
    """Average marginal effects on the probability of each level.

    Arrays have shape (J, T): rows in the order of `levels`, columns in that of `terms`; columns sum to zero.

    Attributes
    ----------
    estimate
        In probability: per unit of the term (``"slope"``) or with the indicator on against off (``"change"``).
    kinds
        ``"slope"`` or ``"change"``, a term each.
    df_inference
        As in `MultinomialFit`.
    """

    levels: tuple[str, ...]
    terms: tuple[str, ...]
    kinds: tuple[str, ...]
    estimate: Matrix
    se: Matrix
    z: Matrix
    p: Matrix
    low: Matrix
    high: Matrix
    level: float
    n: int
    df_inference: int | None

    def rows(self) -> list[Row]:
        """One row a level and term."""
        columns = {
            "estimate": self.estimate,
            "std_error": self.se,
            "statistic": self.z,
            "p_value": self.p,
            "conf_low": self.low,
            "conf_high": self.high,
        }
        return [
            {"y_level": name, **row}
            for j, name in enumerate(self.levels)
            for row in per_term(self.terms, {"kind": self.kinds, **{key: of[j] for key, of in columns.items()}})
        ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AverageContrast(Result):
    """Average probabilities at two designs, their difference and ratio.

    Arrays have shape (J,), in the order of `levels`.

    Attributes
    ----------
    first, second
        Probability of each level averaged over participants, at either design.
    difference, difference_se, difference_low, difference_high, difference_p
        Second minus first; the differences sum to zero.
    ratio, ratio_low, ratio_high, ratio_p
        Second over first, the risk ratio of marginal predictions, with limits from the log scale.
    log_ratio_se
        Standard error of the ratio's logarithm.
    """

    levels: tuple[str, ...]
    first: Vector
    second: Vector
    difference: Vector
    difference_se: Vector
    difference_low: Vector
    difference_high: Vector
    difference_p: Vector
    ratio: Vector
    log_ratio_se: Vector
    ratio_low: Vector
    ratio_high: Vector
    ratio_p: Vector
    level: float
    n: int

    def rows(self) -> list[Row]:
        """One row a level."""
        names = [name for name in self.__slots__ if name not in ("levels", "level", "n")]
        rows = per_term(self.levels, {name: getattr(self, name) for name in names})
        return [{"y_level": row.pop("term"), **row} for row in rows]


def average_marginal_effects(
    fit: MultinomialFit,
    design: ArrayLike,
    *,
    terms: Sequence[str] | None = None,
    indicators: Sequence[str] | None = None,
    factors: Sequence[Sequence[str]] = (),
    weights: ArrayLike | None = None,
) -> MarginalEffects:
    """How the probability of each level changes with each term, averaged over the participants as they are.

    Use it to tell a multinomial model in percentage points: a coefficient against the first level may be positive while
    the probability of its level falls. Effects of a term on all levels sum to zero.

    Parameters
    ----------
    fit
        A fit; of a `LogisticFit` its `multinomial`.
    design
        The rows to average over, shape (n, k), usually those of the fit. Columns are moved one at a time: for a term
        that also stands in a product or a spline use `average_contrast` with both designs written out.
    terms
        Which terms; all but the constant by default.
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
    Delta method on the covariance of the coefficients, cluster-robust where the fit's is; normal intervals, or t with
    clusters. The participants are taken as given (Bartus 2005, Stata Journal 5:309-329). Checked against central
    differences of the probabilities in R.

    Examples
    --------
    >>> from casearc.statistics.categorical.multinomial import multinomial
    >>> X = [[1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]
    >>> fit = multinomial(X, [0, 0, 1, 0, 1, 1], terms=["constant", "served"], levels=["same", "advanced"])
    >>> effects = average_marginal_effects(fit, X)
    >>> round(float(effects.estimate[1, 0]), 4), round(float(effects.se[1, 0]), 4)
    (0.3333, 0.3849)
    """
    X = rows_of(fit, design)
    shares = _shares(weights, X.shape[0])
    names = _chosen(fit, X, terms)
    on_and_off = _indicators(fit, X, names, indicators)
    groups = [tuple(_column(fit, name) for name in factor) for factor in factors]
    b = fit.coefficients[None]
    P = marginal.level_probabilities(b, X)
    found: list[tuple[Matrix, Matrix]] = []
    for name in names:
        column = _column(fit, name)
        if name in on_and_off:
            others = tuple(i for group in groups if column in group for i in group if i != column)
            off, on = (_averaged(b, rows, shares) for rows in marginal.switched(X, column, others))
            found.append((on[0] - off[0], on[1] - off[1]))
        else:
            value = marginal.slope(b, P, shares, column)[0]
            found.append((value, marginal.slope_derivative(b, P, X, shares, column)[0]))
    estimate = np.stack([value for value, _ in found], axis=1)
    se = np.stack([_standard_error(derivative, fit.covariance) for _, derivative in found], axis=1)
    return _effects(fit, names, tuple("change" if name in on_and_off else "slope" for name in names), estimate, se)


def average_contrast(
    fit: MultinomialFit, first: ArrayLike, second: ArrayLike, *, weights: ArrayLike | None = None
) -> AverageContrast:
    """Average probabilities at two designs, say everybody at a low and at a high dose: difference and risk ratio.

    The ratio is what an E-value asks for; an odds ratio of a level against another is not.

    Parameters
    ----------
    fit
        A fit; of a `LogisticFit` its `multinomial`.
    first, second
        Everybody's row at either value, shape (n, k).
    weights
        How often each row counts, whole numbers.

    Raises
    ------
    StatisticsRefusedError
        Designs that do not fit the model or each other; a level whose probability is zero to working precision.

    Notes
    -----
    Delta method; the ratio's limits are the exponentials of those of its logarithm. Localio, Margolis & Berlin (2007),
    Journal of Clinical Epidemiology 60:874-882. Checked against central differences of the probabilities in R.

    Examples
    --------
    >>> from casearc.statistics.categorical.multinomial import multinomial
    >>> X = [[1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]
    >>> fit = multinomial(X, [0, 0, 1, 0, 1, 1], terms=["constant", "served"], levels=["same", "advanced"])
    >>> contrast = average_contrast(fit, [[1, 0]], [[1, 1]])
    >>> round(float(contrast.ratio[1]), 4), round(float(contrast.log_ratio_se[1]), 4)
    (2.0, 0.9129)
    """
    designs = [rows_of(fit, rows) for rows in (first, second)]
    if designs[0].shape != designs[1].shape:
        raise StatisticsRefusedError("The two designs must hold the same participants in the same order.")
    shares = _shares(weights, designs[0].shape[0])
    (low, low_slope), (high, high_slope) = (_averaged(fit.coefficients[None], X, shares) for X in designs)
    gone = [name for name, value in zip(fit.levels, np.minimum(low, high), strict=True) if value < SAME]
    if gone:
        raise StatisticsRefusedError(
            f"The probability of {listed(gone)} is zero at one of the designs, so there is no ratio.",
            alternative="Compare designs that lie among those of the participants.",
        )
    difference_se = _standard_error(high_slope - low_slope, fit.covariance)
    log_se = _standard_error(high_slope / high[:, None] - low_slope / low[:, None], fit.covariance)
    q = _quantile(fit)
    difference, log_ratio = high - low, np.log(high) - np.log(low)
    return AverageContrast(
        levels=fit.levels,
        first=frozen(low),
        second=frozen(high),
        difference=frozen(difference),
        difference_se=frozen(difference_se),
        difference_low=frozen(difference - q * difference_se),
        difference_high=frozen(difference + q * difference_se),
        difference_p=frozen(_p(fit, _z(difference, difference_se))),
        ratio=frozen(np.exp(log_ratio)),
        log_ratio_se=frozen(log_se),
        ratio_low=frozen(np.exp(log_ratio - q * log_se)),
        ratio_high=frozen(np.exp(log_ratio + q * log_se)),
        ratio_p=frozen(_p(fit, _z(log_ratio, log_se))),
        level=fit.level,
        n=fit.n,
    )


def _effects(
    fit: MultinomialFit, names: tuple[str, ...], kinds: tuple[str, ...], estimate: Matrix, se: Matrix
) -> MarginalEffects:
    z, q = _z(estimate, se), _quantile(fit)
    return MarginalEffects(
        levels=fit.levels,
        terms=names,
        kinds=kinds,
        estimate=frozen(estimate),
        se=frozen(se),
        z=frozen(z),
        p=frozen(_p(fit, z)),
        low=frozen(estimate - q * se),
        high=frozen(estimate + q * se),
        level=fit.level,
        n=fit.n,
        df_inference=fit.df_inference,
    )


def _averaged(b: Matrix, X: Matrix, shares: Matrix) -> tuple[Matrix, Matrix]:
    """Average probabilities (J,) and their derivatives (J, p)."""
    P = marginal.level_probabilities(b, X)
    return marginal.average(P, shares)[0], marginal.average_derivative(P, X, shares)[0]


def _standard_error(derivative: Matrix, covariance: Matrix) -> Vector:
    return np.asarray(np.sqrt(np.maximum(((derivative @ covariance) * derivative).sum(axis=1), 0.0)), dtype=np.float64)


def _z(estimate: Matrix, se: Matrix) -> Matrix:
    """Zero where an effect is zero for certain (a coefficient no bigger than rounding, nothing to average)."""
    certain = se <= 0.0
    return np.where(certain, 0.0, estimate / np.where(certain, 1.0, se))


def _p(fit: MultinomialFit, z: Matrix) -> Matrix:
    return dist.normal_two_sided(z) if fit.df_inference is None else dist.t_two_sided(z, fit.df_inference)


def _quantile(fit: MultinomialFit) -> float:
    upper = 0.5 + fit.level / 2.0
    return dist.normal_quantile(upper) if fit.df_inference is None else dist.t_quantile(upper, fit.df_inference)


def _shares(weights: ArrayLike | None, n: int) -> Matrix:
    w = frequency_weights(weights, n)
    if w.sum() <= 0:
        raise StatisticsRefusedError("Nobody is left to average over.", alternative="Give a weight above 0 to some.")
    return np.asarray(w / w.sum(), dtype=np.float64)[None]


def _column(fit: MultinomialFit, term: str) -> int:
    if term not in fit.terms:
        raise StatisticsRefusedError(
            f'The model has no term "{term}".', alternative=f"Its terms are {listed(fit.terms)}."
        )
    return fit.terms.index(term)


def _chosen(fit: MultinomialFit, X: Matrix, terms: Sequence[str] | None) -> tuple[str, ...]:
    if terms is not None:
        chosen = tuple(dict.fromkeys(terms))
    else:
        chosen = tuple(name for name, values in zip(fit.terms, X.T, strict=True) if np.ptp(values) > 0.0)
    if not chosen:
        raise StatisticsRefusedError("No term varies between participants, so there is no effect to average.")
    return chosen


def _indicators(
    fit: MultinomialFit, X: Matrix, names: tuple[str, ...], indicators: Sequence[str] | None
) -> frozenset[str]:
    if indicators is not None:
        return frozenset(fit.terms[_column(fit, name)] for name in indicators)
    return frozenset(name for name in names if np.isin(X[:, _column(fit, name)], (0.0, 1.0)).all())
