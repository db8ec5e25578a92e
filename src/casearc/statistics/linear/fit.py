"""Linear regression by least squares, with heteroskedasticity- and cluster-robust covariance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import (
    SAME,
    Matrix,
    Vector,
    confidence,
    frequency_weights,
    frozen,
    listed,
    matrix,
    same_length,
    vector,
)
from casearc.statistics._clusters import Clusters, clusters_of, cr1_factor, refuse_lone_clusters
from casearc.statistics._least_squares import Solution, solve
from casearc.statistics.results import Result, Row, per_term

CovarianceKind = Literal["classical", "HC0", "HC1", "HC2", "HC3", "CR1"]
KINDS: tuple[str, ...] = ("classical", "HC0", "HC1", "HC2", "HC3", "CR1")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearFit(Result):
    """A fitted linear model. Arrays are in the order of `terms`, shape (k,); `covariance` is (k, k).

    Attributes
    ----------
    covariance_kind
        Which covariance `covariance`, `standard_errors`, `t`, `p`, the intervals and `f` rest on.
    df_residual
        n - k. `df_inference` is the df of t: n - k, or clusters - 1 with ``"CR1"``.
    df_model
        Slopes tested by `f`: k - 1 with a constant in the model, else k.
    f, f_p
        Wald F of all slopes with the chosen covariance; None where there is no slope, or where too few clusters or too
        much collinearity keep the slopes from being tested at once (`notes` says so).
    classical_f, classical_f_p
        The F of the analysis of variance, which assumes equal spread; None without slopes.
    r_squared
        About the mean where the model has a constant, else about zero.
    condition
        Condition number of the design, columns scaled to length one; above 1e7 coefficients lose half their digits.
    largest_leverage
        1 means one row alone decides its fitted value.
    """

    terms: tuple[str, ...]
    coefficients: Vector
    standard_errors: Vector
    t: Vector
    p: Vector
    low: Vector
    high: Vector
    level: float
    n: int
    df_residual: int
    df_inference: int
    df_model: int
    r_squared: float
    adjusted_r_squared: float
    f: float | None
    f_p: float | None
    classical_f: float | None
    classical_f_p: float | None
    residual_sd: float
    covariance: Matrix
    covariance_kind: CovarianceKind
    clusters: int | None
    condition: float
    largest_leverage: float
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a term."""
        return per_term(
            self.terms,
            {
                "estimate": self.coefficients,
                "std_error": self.standard_errors,
                "statistic": self.t,
                "p_value": self.p,
                "conf_low": self.low,
                "conf_high": self.high,
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedMean(Result):
    """Predicted means with standard errors and intervals, one a row asked for, shape (m,)."""

    mean: Vector
    se: Vector
    low: Vector
    high: Vector
    level: float


@dataclass(frozen=True, slots=True)
class _Problem:
    X: Matrix
    y: Vector
    weights: Vector
    terms: tuple[str, ...]
    n: int
    constant: Vector | None

    @property
    def k(self) -> int:
        return len(self.terms)


def linear(
    design: ArrayLike,
    response: ArrayLike,
    *,
    terms: Sequence[str],
    weights: ArrayLike | None = None,
    covariance: CovarianceKind = "HC3",
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> LinearFit:
    """Fit ``response = design @ b`` by least squares.

    Parameters
    ----------
    design
        Shape (n, k), the constant included as a column of ones where the model has one.
    response
        Shape (n,).
    terms
        Names of the columns, k of them.
    weights
        How often each row counts, whole numbers; a row of weight 2 is two participants.
    covariance
        ``"classical"``, ``"HC0"`` to ``"HC3"``, or ``"CR1"``, which needs `clusters`. Giving `clusters` selects
        ``"CR1"`` in place of the default.
    clusters
        One label a row. t then has (clusters - 1) degrees of freedom.
    level
        Confidence level of the intervals.

    Raises
    ------
    StatisticsRefusedError
        Missing values; a term that repeats others (named); an outcome that is the same for everybody or is reproduced
        exactly; no more participants than terms; a row of leverage 1 under HC2 or HC3; fewer than two clusters.

    Notes
    -----
    QR with iterative refinement. HC0-HC3: MacKinnon & White (1985), Journal of Econometrics 29:305-325; CR1: Cameron
    & Miller (2015), Journal of Human Resources 50:317-372. Checked against NIST StRD, and against R's ``lm`` with
    ``sandwich::vcovHC`` and ``vcovCL(type = "HC1")``. P values use t, not the normal.

    Examples
    --------
    >>> fit = linear([[1, 0], [1, 1], [1, 2], [1, 3]], [1.0, 2.0, 2.0, 4.0], terms=["constant", "months"])
    >>> round(float(fit.coefficients[1]), 4)
    0.9
    """
    confidence(level)
    kind = _kind(covariance, clusters is not None)
    problem = _problem(design, response, terms, weights)
    condition = _design.refuse_redundant(problem.X, problem.terms, problem.weights)
    solution = solve(problem.X, problem.y, problem.weights, refine=3)
    _refuse_perfect(problem, solution)
    grouped = None if clusters is None else clusters_of(clusters, problem.weights)
    variance = _covariance(problem, solution, kind, grouped)
    return _assemble(
        problem, solution, variance, kind=kind, grouped=grouped, condition=condition, level=level
    )


def predicted_mean(fit: LinearFit, rows: ArrayLike) -> PredictedMean:
    """Mean outcome the model predicts at each of `rows` (m, k), with its interval at the fit's level.

    Raises
    ------
    StatisticsRefusedError
        The rows do not have the columns of the fit.

    Examples
    --------
    >>> fit = linear([[1, 0], [1, 1], [1, 2], [1, 3]], [1.0, 2.0, 2.0, 4.0], terms=["constant", "months"])
    >>> round(float(predicted_mean(fit, [[1.0, 2.0]]).mean[0]), 4)
    2.7
    """
    X = matrix(rows, name="The rows to predict")
    if X.shape[1] != len(fit.terms):
        raise StatisticsRefusedError(
            f"The model has {len(fit.terms)} terms and the rows have {X.shape[1]} columns."
        )
    mean = X @ fit.coefficients
    se = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", X, fit.covariance, X), 0.0))
    half_width = dist.t_quantile(0.5 + fit.level / 2.0, fit.df_inference) * se
    return PredictedMean(
        mean=frozen(mean),
        se=frozen(se),
        low=frozen(mean - half_width),
        high=frozen(mean + half_width),
        level=fit.level,
    )


def _kind(covariance: str, clustered: bool) -> CovarianceKind:
    if covariance not in KINDS:
        raise StatisticsRefusedError(f"covariance is one of {listed(KINDS)}.")
    if covariance == "CR1" and not clustered:
        raise StatisticsRefusedError(
            'The covariance "CR1" needs clusters.', alternative='Give clusters, or use "HC3".'
        )
    if clustered and covariance not in ("CR1", "HC3"):
        raise StatisticsRefusedError(
            f'The covariance "{covariance}" knows no clusters.',
            alternative='Use covariance="CR1" with clusters.',
        )
    return "CR1" if clustered else covariance  # type: ignore[return-value]  # membership checked above


def _problem(
    design: ArrayLike, response: ArrayLike, terms: Sequence[str], weights: ArrayLike | None
) -> _Problem:
    X, names = _design.checked_design(design, terms)
    y = vector(response, name="The outcome")
    same_length(X, y, names=("The design matrix", "the outcome"))
    w = frequency_weights(weights, y.size)
    n = int(w.sum())
    if n <= X.shape[1]:
        raise StatisticsRefusedError(
            f"The model has {X.shape[1]} terms and only {n} participants, so nothing is left to judge its errors by.",
            alternative="Drop terms until there are at least ten participants for each.",
        )
    used = y[w > 0]
    if np.ptp(used) <= SAME * float(np.abs(used).max()):
        raise StatisticsRefusedError(
            "The outcome is the same for every participant, so there is nothing to explain.",
            alternative="Report that constant value's count instead of a model.",
        )
    return _Problem(X=X, y=y, weights=w, terms=names, n=n, constant=_design.constant_direction(X[w > 0]))


def _refuse_perfect(problem: _Problem, solution: Solution) -> None:
    used = problem.weights > 0
    if float(np.abs(solution.residuals[used]).max()) <= SAME * float(np.abs(problem.y[used]).max()):
        raise StatisticsRefusedError(
            "The terms reproduce the outcome exactly, so there is no error to judge them by.",
            alternative="Check whether the outcome, or a part of it, is among the terms.",
        )


def _covariance(
    problem: _Problem, solution: Solution, kind: CovarianceKind, grouped: Clusters | None
) -> Matrix:
    """The covariance of the coefficients; the formulas are those of the papers in `linear`."""
    bread = solution.inverse_r
    if kind == "classical":
        return (bread @ bread.T) * (_sum_of_squares(problem, solution) / (problem.n - problem.k))
    half = problem.X @ bread
    if grouped is not None:
        totals = grouped.sums(half * (problem.weights * solution.residuals)[:, None])
        refuse_lone_clusters(problem.X, problem.terms, problem.weights, grouped)
        middle = totals.T @ totals * cr1_factor(grouped.count, problem.n, problem.k)
    else:
        factor = _hc_factor(problem, solution, kind)
        middle = (half * (problem.weights * solution.residuals**2 * factor)[:, None]).T @ half
    return bread @ middle @ bread.T


def _hc_factor(problem: _Problem, solution: Solution, kind: CovarianceKind) -> Vector | float:
    if kind == "HC0":
        return 1.0
    if kind == "HC1":
        return problem.n / (problem.n - problem.k)
    used = problem.weights > 0
    left = np.where(used, 1.0 - solution.leverage, 1.0)
    alone = left < 1e-10
    if alone.any():
        raise _leverage_refusal(problem, alone, kind)
    return left ** (-1.0 if kind == "HC2" else -2.0)


def _leverage_refusal(problem: _Problem, alone: np.ndarray, kind: str) -> StatisticsRefusedError:
    """Name the terms without which such a row would be like others: those it alone carries."""
    rest = problem.X[~alone & (problem.weights > 0)]
    carried = [
        term
        for term, column in zip(problem.terms, rest.T, strict=True)
        if column.size == 0 or not column.any()
    ]
    which = f" The term {listed(carried)} rests on one participant." if carried else ""
    count = int(alone.sum())
    who = (
        "One participant alone decides its" if count == 1 else f"{count} participants each alone decide their"
    )
    return StatisticsRefusedError(
        f"{who} fitted value (leverage 1), so {kind} is undefined.{which}",
        alternative="Merge the level that only one participant has, or leave the term out.",
    )


def _sum_of_squares(problem: _Problem, solution: Solution) -> float:
    return float((problem.weights * solution.residuals**2).sum())


def _total_sum_of_squares(problem: _Problem) -> float:
    """About the weighted mean (in two passes) with a constant in the model, else about zero."""
    if problem.constant is None:
        return float((problem.weights * problem.y**2).sum())
    shifted = problem.y - problem.y[0]
    deviations = shifted - np.average(shifted, weights=problem.weights)
    rest = float((problem.weights * deviations).sum())
    return float((problem.weights * deviations**2).sum()) - rest**2 / problem.n


def _assemble(
    problem: _Problem,
    solution: Solution,
    variance: Matrix,
    *,
    kind: CovarianceKind,
    grouped: Clusters | None,
    condition: float,
    level: float,
) -> LinearFit:
    n, k = problem.n, problem.k
    se = np.sqrt(np.diag(variance))
    _refuse_zero_errors(problem, solution, se)
    df = n - k if grouped is None else grouped.count - 1
    b = solution.coefficients
    half_width = dist.t_quantile(0.5 + level / 2.0, df) * se
    residual, total = _sum_of_squares(problem, solution), _total_sum_of_squares(problem)
    contrasts = _design.slopes(problem.constant, k)
    q = contrasts.shape[0]
    classical = ((total - residual) / q) / (residual / (n - k)) if q else None
    f = classical if kind == "classical" else _wald_f(b, variance, contrasts, df)
    notes = () if grouped is None else grouped.notes()
    if f is None and q:
        reason = "The terms are too nearly collinear" if grouped is None else "There are too few clusters"
        notes = (*notes, f"{reason} to test all slopes at once.")
    return LinearFit(
        terms=problem.terms,
        coefficients=frozen(b),
        standard_errors=frozen(se),
        t=frozen(b / se),
        p=frozen(dist.t_two_sided(b / se, df)),
        low=frozen(b - half_width),
        high=frozen(b + half_width),
        level=level,
        n=n,
        df_residual=n - k,
        df_inference=df,
        df_model=q,
        r_squared=1.0 - residual / total,
        adjusted_r_squared=1.0 - (residual / (n - k)) / (total / (n - (problem.constant is not None))),
        f=f,
        f_p=None if f is None else dist.f_upper(f, q, df),
        classical_f=classical,
        classical_f_p=None if classical is None else dist.f_upper(classical, q, n - k),
        residual_sd=math.sqrt(residual / (n - k)),
        covariance=frozen(variance),
        covariance_kind=kind,
        clusters=None if grouped is None else grouped.count,
        condition=condition,
        largest_leverage=float(solution.leverage[problem.weights > 0].max()),
        notes=notes,
    )


def _wald_f(b: Vector, variance: Matrix, contrasts: Matrix, df: int) -> float | None:
    q = contrasts.shape[0]
    if q == 0 or q > df:
        return None
    wald = _design.wald_statistic(b, variance, contrasts)
    return None if wald is None else wald / q


def _refuse_zero_errors(problem: _Problem, solution: Solution, se: Vector) -> None:
    classical = np.sqrt((solution.inverse_r**2).sum(axis=1)) * float(np.abs(solution.residuals).max())
    bad = [term for term, small in zip(problem.terms, se <= 1e-12 * classical, strict=True) if small]
    if bad:
        raise StatisticsRefusedError(
            f"The residuals leave the coefficient of {listed(bad)} without any error, so it has no standard error.",
            alternative="Use the classical covariance, or leave the term out.",
        )
