"""Multinomial logistic regression (two levels: logistic regression), by maximum likelihood or Firth's penalty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import (
    Matrix,
    Vector,
    Whole,
    confidence,
    frequency_weights,
    frozen,
    listed,
    same_length,
)
from casearc.statistics._clusters import Clusters, clusters_of, cr1_factor, refuse_lone_clusters
from casearc.statistics.categorical import _kernel as kernel
from casearc.statistics.categorical.separation import level_codes, separation
from casearc.statistics.results import Result, Row, per_term

Penalty = Literal["none", "firth"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MultinomialFit(Result):
    """A fitted multinomial logit: log odds of each further level against the first.

    Arrays named in the plural, `z`, `p`, `low` and `high` have shape (J - 1, k): rows in the order of ``levels[1:]``,
    columns in the order of `terms`. `covariance` is ((J - 1) k, (J - 1) k), level by level.

    Attributes
    ----------
    log_likelihood
        At the estimates, without the penalty. `log_likelihood_null` is that of the constant alone (equal shares where
        the model has no constant), and `deviance` is -2 `log_likelihood`.
    df_inference
        clusters - 1 where clusters are given, and p values and intervals then use t; None: they use the normal.
    lr_statistic, lr_df, lr_p
        Likelihood-ratio test of all slopes. None under the Firth penalty, with clusters (the likelihood then is not
        that of the data), and without slopes: use `wald_test`.
    mcfadden, cox_snell, nagelkerke
        Pseudo R2, from the unpenalized log-likelihoods.
    """

    terms: tuple[str, ...]
    levels: tuple[str, ...]
    coefficients: Matrix
    standard_errors: Matrix
    z: Matrix
    p: Matrix
    low: Matrix
    high: Matrix
    level: float
    n: int
    counts: tuple[int, ...]
    covariance: Matrix
    clusters: int | None
    df_inference: int | None
    penalty: Penalty
    converged: bool
    iterations: int
    log_likelihood: float
    log_likelihood_null: float
    deviance: float
    mcfadden: float
    cox_snell: float
    nagelkerke: float
    lr_statistic: float | None
    lr_df: int | None
    lr_p: float | None
    condition: float
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a level and term; `y_level` is the level held against the first."""
        named = {
            "estimate": self.coefficients,
            "std_error": self.standard_errors,
            "statistic": self.z,
            "p_value": self.p,
            "conf_low": self.low,
            "conf_high": self.high,
        }
        return [
            {"y_level": name, **row}
            for j, name in enumerate(self.levels[1:])
            for row in per_term(self.terms, {column: values[j] for column, values in named.items()})
        ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OddsRatios(Result):
    """Odds ratios with limits, shape (J - 1, k), as in `MultinomialFit`."""

    ratio: Matrix
    low: Matrix
    high: Matrix


@dataclass(frozen=True, slots=True)
class _Problem:
    X: Matrix
    Q: Matrix
    R: Matrix
    Y: Matrix
    y: Whole
    weights: Vector
    terms: tuple[str, ...]
    levels: tuple[str, ...]
    counts: Vector
    n: int
    condition: float

    @property
    def parameters(self) -> int:
        return (len(self.levels) - 1) * len(self.terms)


def multinomial(
    design: ArrayLike,
    outcome: ArrayLike,
    *,
    terms: Sequence[str],
    levels: Sequence[str],
    weights: ArrayLike | None = None,
    penalty: Penalty = "none",
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> MultinomialFit:
    """Fit log odds of each level against the first as linear in the design.

    Parameters
    ----------
    design
        Shape (n, k), the constant included as a column of ones.
    outcome
        Whole numbers 0 to J - 1, shape (n,); 0 is the level the others are compared with.
    terms, levels
        Names of the k columns and the J levels.
    weights
        How often each row counts, whole numbers.
    penalty
        ``"none"``: maximum likelihood. ``"firth"``: Jeffreys' prior, which is finite on separated data and less biased
        in small samples.
    clusters
        One label a row: covariance CR1, t with (clusters - 1) degrees of freedom. Not with the Firth penalty.
    level
        Confidence level of the intervals.

    Raises
    ------
    StatisticsRefusedError
        Missing values; a level nobody is at; redundant terms; as many parameters as participants; separation under
        maximum likelihood (it names the terms and the levels, and Firth as the way out).

    Notes
    -----
    Maximum likelihood by Newton-Raphson; that a maximum exists is proven for every fit returned. Firth (1993),
    Biometrika 80:27-38; Bull, Mak & Greenwood (2002). Checked against R's ``nnet::multinom``, ``glm`` and
    ``brglm2::brmultinom(type = "AS_mean")``; CR1 against ``sandwich::vcovCL``.

    Examples
    --------
    >>> X = [[1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]
    >>> fit = multinomial(X, [0, 0, 1, 0, 1, 1], terms=["constant", "served"], levels=["same", "advanced"])
    >>> round(float(fit.coefficients[0, 1]), 4)
    1.3863
    """
    confidence(level)
    if penalty not in ("none", "firth"):
        raise StatisticsRefusedError('penalty is "none" or "firth".')
    problem = _problem(design, outcome, terms, levels, weights)
    grouped = None if clusters is None else clusters_of(clusters, problem.weights)
    _refuse_clusters(problem, grouped, penalty)
    fitted = kernel.maximum_likelihood if penalty == "none" else kernel.firth
    optimum = fitted(problem.Q, problem.Y, problem.weights)
    if not optimum.exists:
        _refuse_if_separated(problem, penalty)
    if not optimum.converged:
        raise StatisticsRefusedError(
            "The fit did not settle: the data hardly bear on some coefficient.",
            alternative="Drop terms or merge levels"
            + (', or use penalty="firth".' if penalty == "none" else "."),
        )
    return _assemble(problem, optimum, grouped=grouped, penalty=penalty, level=level)


def odds_ratios(fit: MultinomialFit) -> OddsRatios:
    """The exponentials of coefficients and limits; refuses those too large to be a number.

    Raises
    ------
    StatisticsRefusedError
        A ratio or a limit is too large to be a number.

    Examples
    --------
    >>> X = [[1, 0], [1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]
    >>> fit = multinomial(X, [0, 0, 1, 0, 1, 1], terms=["constant", "served"], levels=["same", "advanced"])
    >>> round(float(odds_ratios(fit).ratio[0, 1]), 4)
    4.0
    """
    names = [term for term, top in zip(fit.terms, fit.high.max(axis=0), strict=True) if top > 700.0]
    if names:
        raise StatisticsRefusedError(
            f"The odds ratio of {listed(names)} is too large to write down.",
            alternative="Measure the term in a larger unit, so that one unit more is a step that occurs.",
        )
    return OddsRatios(
        ratio=frozen(np.exp(fit.coefficients)), low=frozen(np.exp(fit.low)), high=frozen(np.exp(fit.high))
    )


def _problem(
    design: ArrayLike,
    outcome: ArrayLike,
    terms: Sequence[str],
    levels: Sequence[str],
    weights: ArrayLike | None,
) -> _Problem:
    X, names = _design.checked_design(design, terms)
    y = level_codes(outcome, levels)
    same_length(X, y.astype(np.float64), names=("The design matrix", "the outcome"))
    w = frequency_weights(weights, y.size)
    labels = tuple(str(name) for name in levels)
    counts = np.bincount(y, weights=w, minlength=len(labels)).astype(np.float64)
    if (counts == 0).any():
        empty = [label for label, count in zip(labels, counts, strict=True) if count == 0]
        raise StatisticsRefusedError(
            f"No participant is at the level {listed(empty)}, so nothing can be said about it.",
            alternative="Leave the level out or merge it with its neighbor.",
        )
    n = int(w.sum())
    parameters = (len(labels) - 1) * X.shape[1]
    if n <= parameters:
        raise StatisticsRefusedError(
            f"The model has {parameters} coefficients and only {n} participants.",
            alternative="Drop terms or merge levels until there are at least ten participants for each coefficient.",
        )
    used = w > 0
    condition = _design.refuse_redundant(X[used], names)
    _, R = np.linalg.qr(X[used])
    Q = linalg.solve_triangular(R, X.T, trans="T").T
    return _Problem(
        X=X,
        Q=np.ascontiguousarray(Q),
        R=R,
        Y=np.eye(len(labels))[y],
        y=y,
        weights=w,
        terms=names,
        levels=labels,
        counts=counts,
        n=n,
        condition=condition,
    )


def _refuse_clusters(problem: _Problem, grouped: Clusters | None, penalty: Penalty) -> None:
    if grouped is None:
        return
    if penalty == "firth":
        raise StatisticsRefusedError(
            "Cluster-robust errors are not defined here for the Firth penalty.",
            alternative="Leave out the clusters and say so, or merge levels until maximum likelihood exists.",
        )
    refuse_lone_clusters(problem.X, problem.terms, problem.weights, grouped)


def _refuse_if_separated(problem: _Problem, penalty: Penalty) -> None:
    """Ask the linear programs, where the iteration could not prove by itself that an estimate exists."""
    if penalty == "firth":
        return
    used = problem.weights > 0
    report = separation(problem.X[used], problem.y[used], terms=problem.terms, levels=problem.levels)
    if not report.found:
        return
    pairs = "; ".join(f'"{a}" from "{b}"' for a, b in report.pairs)
    every = "every participant" if report.kind == "complete" else "some participants"
    raise StatisticsRefusedError(
        f"Maximum likelihood has no answer: {listed(report.terms)} "
        f"{'separates' if len(report.terms) == 1 else 'together separate'} {pairs} perfectly for {every}, "
        "so a coefficient would be infinite (separation).",
        alternative='Use penalty="firth", which stays finite, or merge levels.',
    )


def _assemble(
    problem: _Problem, optimum: kernel.Optimum, *, grouped: Clusters | None, penalty: Penalty, level: float
) -> MultinomialFit:
    free, k = optimum.g.shape
    coefficients = linalg.solve_triangular(problem.R, optimum.g.T).T
    covariance = _back(_covariance(problem, optimum, grouped), problem.R, free)
    se = np.sqrt(np.diag(covariance)).reshape(free, k)
    _refuse_zero_errors(
        problem, se, np.sqrt(np.diag(_back(optimum.covariance, problem.R, free))).reshape(free, k)
    )
    df = None if grouped is None else grouped.count - 1
    z = coefficients / se
    p = dist.normal_two_sided(z) if df is None else dist.t_two_sided(z, df)
    upper = 0.5 + level / 2.0
    half_width = se * (dist.normal_quantile(upper) if df is None else dist.t_quantile(upper, df))
    constant = _design.constant_direction(problem.X[problem.weights > 0])
    null = _null_log_likelihood(problem, constant is not None)
    cox_snell = -math.expm1(2.0 * (null - optimum.log_likelihood) / problem.n)
    slope_count = free * (k - (constant is not None))
    tested = penalty == "none" and grouped is None and slope_count > 0
    statistic = max(2.0 * (optimum.log_likelihood - null), 0.0)
    return MultinomialFit(
        terms=problem.terms,
        levels=problem.levels,
        coefficients=frozen(np.ascontiguousarray(coefficients)),
        standard_errors=frozen(se),
        z=frozen(z),
        p=frozen(p),
        low=frozen(coefficients - half_width),
        high=frozen(coefficients + half_width),
        level=level,
        n=problem.n,
        counts=tuple(int(count) for count in problem.counts),
        covariance=frozen(covariance),
        clusters=None if grouped is None else grouped.count,
        df_inference=df,
        penalty=penalty,
        converged=optimum.converged,
        iterations=optimum.iterations,
        log_likelihood=optimum.log_likelihood,
        log_likelihood_null=null,
        deviance=-2.0 * optimum.log_likelihood,
        mcfadden=1.0 - optimum.log_likelihood / null,
        cox_snell=cox_snell,
        nagelkerke=cox_snell / -math.expm1(2.0 * null / problem.n),
        lr_statistic=statistic if tested else None,
        lr_df=slope_count if tested else None,
        lr_p=dist.chi_square_upper(statistic, slope_count) if tested else None,
        condition=problem.condition,
        notes=() if grouped is None else grouped.notes(),
    )


def _covariance(problem: _Problem, optimum: kernel.Optimum, grouped: Clusters | None) -> Matrix:
    """Inverse information, or the CR1 sandwich around it; both in the orthonormal basis."""
    if grouped is None:
        return optimum.covariance
    P = kernel.probabilities(problem.Q @ optimum.g.T)
    residuals = problem.weights[:, None] * (problem.Y - P)[:, 1:]
    scores = (residuals[:, :, None] * problem.Q[:, None, :]).reshape(problem.Q.shape[0], -1)
    totals = grouped.sums(scores)
    middle = totals.T @ totals * cr1_factor(grouped.count, problem.n, problem.parameters)
    return optimum.covariance @ middle @ optimum.covariance


def _refuse_zero_errors(problem: _Problem, se: Matrix, usual: Matrix) -> None:
    """Terms that only say which cluster a participant is in have no error between clusters."""
    smallest = np.asarray((se / usual).min(axis=0))
    bad = [term for term, ratio in zip(problem.terms, smallest.tolist(), strict=True) if ratio <= 1e-10]
    if bad:
        raise StatisticsRefusedError(
            f"Between these clusters {listed(bad)} leave no error, so there is no cluster-robust standard error.",
            alternative="Leave out the clusters, or terms that only say which cluster a participant is in.",
        )


def _back(covariance: Matrix, R: Matrix, free: int) -> Matrix:
    """From the orthonormal basis to the terms: b = R^-1 g for each level."""
    k = R.shape[0]
    inverse = linalg.solve_triangular(R, np.eye(k))
    blocks = covariance.reshape(free, k, free, k)
    turned = np.einsum("ij,ajbl,ml->aibm", inverse, blocks, inverse, optimize=True)
    return np.asarray(turned.reshape(free * k, free * k), dtype=np.float64)


def _null_log_likelihood(problem: _Problem, has_constant: bool) -> float:
    if not has_constant:
        return -problem.n * math.log(len(problem.levels))
    return float((problem.counts * np.log(problem.counts / problem.n)).sum())
