"""Linear regression by least squares, with heteroskedasticity- and cluster-robust covariance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _design
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, confidence, frozen, listed
from casearc.statistics._clusters import Clusters, clusters_of
from casearc.statistics._least_squares import Solution
from casearc.statistics.linear._bell_mccaffrey import SmallSample
from casearc.statistics.linear._covariance import CovarianceKind, chosen_kind, covariance_of
from casearc.statistics.linear._problem import Problem, checked_problem
from casearc.statistics.results import Result, Row, per_term

LEAST_DF = 4.0
"""Below so many Satterthwaite df the t approximation is not to be trusted (Tipton 2015): no p and no limits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearFit(Result):
    """A fitted linear model. Arrays are in the order of `terms`, shape (k,); `covariance` is (k, k).

    Attributes
    ----------
    covariance_kind
        Which covariance `covariance`, `standard_errors`, `t`, `p`, the intervals and `f` rest on.
    p, low, high
        Under ``"CR2"`` a coefficient with fewer than four df has p None and open (infinite) limits; `notes` names it,
        and the array of p is then one of objects.
    df
        Df of t of each coefficient: n - k, clusters - 1 with ``"CR1"``, Satterthwaite's with ``"CR2"``.
    df_residual
        n - k. `df_inference` is the smallest of `df`.
    df_model
        Slopes tested by `f`: k - 1 with a constant in the model, else k.
    f, f_p, f_df
        Wald F of all slopes with the chosen covariance (with ``"CR2"`` scaled as Hotelling's T2) and the df of its
        denominator; None where there is no slope, or where too few clusters or too much collinearity keep the slopes
        from being tested at once (`notes` says so).
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
    df: Vector
    p: NDArray[Any]
    low: Vector
    high: Vector
    level: float
    n: int
    df_residual: int
    df_inference: float
    df_model: int
    r_squared: float
    adjusted_r_squared: float
    f: float | None
    f_p: float | None
    f_df: float | None
    classical_f: float | None
    classical_f_p: float | None
    residual_sd: float
    covariance: Matrix
    covariance_kind: CovarianceKind
    clusters: int | None
    condition: float
    largest_leverage: float
    notes: tuple[str, ...] = ()
    small_sample: SmallSample | None = field(default=None, repr=False)

    def to_dict(self) -> dict[str, object]:
        """As `Result.to_dict`, without the matrices that give other contrasts their df."""
        return {name: value for name, value in Result.to_dict(self).items() if name != "small_sample"}

    def df_of(self, contrasts: Matrix) -> Vector:
        """Df of t of every row of `contrasts` (m, k)."""
        if self.small_sample is not None:
            return self.small_sample.df(contrasts)
        return np.full(contrasts.shape[0], float(self.df_inference))

    def f_test(self, contrasts: Matrix) -> tuple[float, float] | None:
        """F that all rows of `contrasts` are zero and its denominator's df; None where V cannot bear the test."""
        return _f_test(self.coefficients, self.covariance, contrasts, df=self.df_inference, small=self.small_sample)

    def rows(self) -> list[Row]:
        """One row a term."""
        return per_term(
            self.terms,
            {
                "estimate": self.coefficients,
                "std_error": self.standard_errors,
                "statistic": self.t,
                "df": self.df,
                "p_value": self.p,
                "conf_low": self.low,
                "conf_high": self.high,
            },
        )


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
        ``"classical"``, ``"HC0"`` to ``"HC3"``, or ``"CR1"`` and ``"CR2"``, which need `clusters`. Giving `clusters`
        selects ``"CR1"`` in place of the default; with fewer than 40 clusters ``"CR2"`` is the better one.
    clusters
        One label a row. t then has (clusters - 1) degrees of freedom, or with ``"CR2"`` Satterthwaite's.
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
    & Miller (2015), Journal of Human Resources 50:317-372; CR2: Bell & McCaffrey (2002), Survey Methodology 28:169-181,
    its joint test by Pustejovsky & Tipton (2018), Journal of Business & Economic Statistics 36:672-683, both under a
    working model of independent errors; no p below 4 df: Tipton (2015), Psychological Methods 20:375-393. Checked
    against NIST StRD, and against R's ``lm`` with ``sandwich::vcovHC``, ``vcovCL(type = "HC1")`` and
    ``clubSandwich::coef_test`` and ``Wald_test(test = "HTZ")``. P values use t, not the normal.

    Examples
    --------
    >>> fit = linear([[1, 0], [1, 1], [1, 2], [1, 3]], [1.0, 2.0, 2.0, 4.0], terms=["constant", "months"])
    >>> round(float(fit.coefficients[1]), 4)
    0.9
    """
    confidence(level)
    kind = chosen_kind(covariance, clustered=clusters is not None)
    problem = checked_problem(design, response, terms=terms, weights=weights)
    condition = _design.refuse_redundant(problem.X, problem.terms, problem.weights)
    solution = problem.solve()
    grouped = None if clusters is None else clusters_of(clusters, problem.weights)
    variance, small = covariance_of(problem, solution, kind, grouped)
    _refuse_zero_errors(problem, solution, np.sqrt(np.diag(variance)))
    return _assemble(
        problem, solution, variance, kind=kind, grouped=grouped, small=small, condition=condition, level=level
    )


def _assemble(
    problem: Problem,
    solution: Solution,
    variance: Matrix,
    *,
    kind: CovarianceKind,
    grouped: Clusters | None,
    small: SmallSample | None,
    condition: float,
    level: float,
) -> LinearFit:
    n, k = problem.n, problem.k
    b, se = solution.coefficients, np.sqrt(np.diag(variance))
    common = float(n - k if grouped is None else grouped.count - 1)
    df = np.full(k, common) if small is None else small.df(np.eye(k))
    trusted = df >= LEAST_DF if small is not None else np.ones(k, dtype=bool)
    half_width = np.where(trusted, dist.t_quantiles(0.5 + level / 2.0, df) * se, np.inf)
    residual, total = problem.residual_sum(solution), problem.total_sum()
    contrasts = _design.slopes(problem.constant, k)
    q = contrasts.shape[0]
    classical = ((total - residual) / q) / (residual / (n - k)) if q else None
    tested = _f_test(b, variance, contrasts, df=common, small=small) if q else None
    f, f_df = (None, None) if tested is None else tested
    f = classical if kind == "classical" else f
    return LinearFit(
        terms=problem.terms,
        coefficients=frozen(b),
        standard_errors=frozen(se),
        t=frozen(b / se),
        df=frozen(df),
        p=_trusted_p(dist.t_two_sided(b / se, df), trusted),
        low=frozen(b - half_width),
        high=frozen(b + half_width),
        level=level,
        n=n,
        df_residual=n - k,
        df_inference=float(df.min()),
        df_model=q,
        r_squared=1.0 - residual / total,
        adjusted_r_squared=1.0 - (residual / (n - k)) / (total / (n - (problem.constant is not None))),
        f=f,
        f_p=None if f is None or f_df is None else dist.f_upper(f, q, f_df),
        f_df=f_df,
        classical_f=classical,
        classical_f_p=None if classical is None else dist.f_upper(classical, q, n - k),
        residual_sd=math.sqrt(residual / (n - k)),
        covariance=frozen(variance),
        covariance_kind=kind,
        clusters=None if grouped is None else grouped.count,
        condition=condition,
        largest_leverage=float(solution.leverage[problem.weights > 0].max()),
        notes=_notes(problem, grouped, untrusted=~trusted, no_f=f is None and q > 0, kind=kind),
        small_sample=small,
    )


def _f_test(
    b: Vector, variance: Matrix, contrasts: Matrix, *, df: float, small: SmallSample | None
) -> tuple[float, float] | None:
    q = contrasts.shape[0]
    if small is not None:
        found = small.hotelling(b, variance, contrasts)
        return found if found is not None and found[1] >= LEAST_DF else None
    if q == 0 or q > df:
        return None
    wald = _design.wald_statistic(b, variance, contrasts)
    return None if wald is None else (wald / q, df)


def _trusted_p(p: Vector, trusted: np.ndarray) -> NDArray[Any]:
    """P values, None where the df are too few."""
    if trusted.all():
        return frozen(p)
    held: NDArray[Any] = np.where(trusted, p, None)  # type: ignore[call-overload]  # an array of objects
    held.setflags(write=False)
    return held


def _notes(
    problem: Problem, grouped: Clusters | None, *, untrusted: np.ndarray, no_f: bool, kind: CovarianceKind
) -> tuple[str, ...]:
    notes = grouped.notes() if grouped is not None and kind == "CR1" else ()
    named = [term for term, few in zip(problem.terms, untrusted, strict=True) if few]
    if named:
        its = "its" if len(named) == 1 else "their"
        notes = (
            *notes,
            f"So few clusters inform {listed(named)} (fewer than four degrees of freedom) that {its} p and limits "
            "are withheld.",
        )
    if no_f:
        reason = "The terms are too nearly collinear" if grouped is None else "There are too few clusters"
        notes = (*notes, f"{reason} to test all slopes at once.")
    return notes


def _refuse_zero_errors(problem: Problem, solution: Solution, se: Vector) -> None:
    classical = np.sqrt((solution.inverse_r**2).sum(axis=1)) * float(np.abs(solution.residuals).max())
    bad = [term for term, small in zip(problem.terms, se <= 1e-12 * classical, strict=True) if small]
    if bad:
        raise StatisticsRefusedError(
            f"The residuals leave the coefficient of {listed(bad)} without any error, so it has no standard error.",
            alternative="Use the classical covariance, or leave the term out.",
        )
