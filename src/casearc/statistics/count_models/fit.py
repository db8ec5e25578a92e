"""The result of a count model, and what Poisson and negative binomial fits have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, frozen, listed
from casearc.statistics._clusters import Clusters, cr1_factor
from casearc.statistics.count_models._kernel import row_variances
from casearc.statistics.count_models._problem import CountProblem
from casearc.statistics.results import Result, Row, per_term

CountCovariance = Literal["model", "quasi", "HC0", "HC1", "HC2", "HC3", "CR1"]
CountInterval = Literal["profile", "wald"]
Family = Literal["Poisson", "negative binomial"]
COVARIANCES: tuple[str, ...] = ("model", "quasi", "HC0", "HC1", "HC2", "HC3", "CR1")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountFit(Result):
    """A fitted model of event counts with a log link.

    log(expected count) = log(exposure) + x b. Arrays are in the order of `terms`, shape (k,); `covariance` is (k, k).

    Attributes
    ----------
    family
        ``"Poisson"`` or ``"negative binomial"`` (NB2: variance mu + mu^2 / theta).
    theta, theta_se
        Of the negative binomial; None for Poisson, and where theta ran to infinity, which `notes` tell.
    covariance_kind
        ``"model"``: inverse expected information; ``"quasi"``: times the Pearson dispersion; ``"HC0"`` to ``"HC3"``
        and ``"CR1"``: sandwiches.
    statistic, p
        Wald: normal with ``"model"``, else t with `df_inference` (n - k, or clusters - 1).
    low, high
        By `interval`: profile likelihood or Wald; an open limit is infinite.
    term_lr, term_lr_p
        Likelihood-ratio test of each coefficient, 1 df (penalized where the fit is); with ``"model"`` only.
    lr_statistic, lr_df, lr_p
        The same of all slopes at once; None where the model has no constant, or no slope.
    pearson, dispersion
        Sum of squared Pearson residuals, and that over n - k. Above 1: more spread than the model allows.
    deviance
        Against the saturated model of the family (theta as fitted).
    log_likelihood, log_likelihood_null
        Without the penalty; the latter of the constant alone, with exposure (None where the model has no constant).
    events, exposure
        Totals.
    """

    terms: tuple[str, ...]
    family: Family
    coefficients: Vector
    standard_errors: Vector
    statistic: Vector
    p: Vector
    low: Vector
    high: Vector
    interval: CountInterval
    level: float
    theta: float | None
    theta_se: float | None
    term_lr: Vector | None
    term_lr_p: Vector | None
    lr_statistic: float | None
    lr_df: int | None
    lr_p: float | None
    n: int
    events: int
    exposure: float
    df_residual: int
    df_inference: int | None
    covariance: Matrix
    covariance_kind: CountCovariance
    clusters: int | None
    penalty: Literal["none", "firth"]
    converged: bool
    iterations: int
    log_likelihood: float
    log_likelihood_null: float | None
    deviance: float
    pearson: float
    dispersion: float
    aic: float
    condition: float
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a term."""
        return per_term(
            self.terms,
            {
                "estimate": self.coefficients,
                "std_error": self.standard_errors,
                "statistic": self.statistic,
                "p_value": self.p,
                "conf_low": self.low,
                "conf_high": self.high,
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Where a fit arrived, in scaled columns; `alpha` is 0 for Poisson."""

    parameters: Vector
    alpha: float
    log_likelihood: float
    iterations: int
    penalty: Literal["none", "firth"] = "none"
    theta_se: float | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def family(self) -> Family:
        return "negative binomial" if self.alpha > 0.0 else "Poisson"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """Limits, likelihood-ratio tests and the null log-likelihood of a fit; limits in the units of X."""

    interval: CountInterval
    low: Vector | None = None
    high: Vector | None = None
    term_lr: Vector | None = None
    lr: float | None = None
    log_likelihood_null: float | None = None
    notes: tuple[str, ...] = ()


def covariance_of(problem: CountProblem, fitted: Fitted, kind: CountCovariance, grouped: Clusters | None) -> Matrix:
    """Covariance of the coefficients of X."""
    mu = means(problem, fitted)
    working = problem.weights * mu / (1.0 + fitted.alpha * mu)
    bread: Matrix = np.asarray(np.linalg.inv(problem.Z.T @ (problem.Z * working[:, None])), dtype=np.float64)
    if kind in ("model", "quasi"):
        inner = bread * (_pearson(problem, fitted, mu) / (problem.n - len(problem.terms)) if kind == "quasi" else 1.0)
    else:
        inner = _sandwich(problem, fitted, kind, grouped, bread=bread, mu=mu)
        _refuse_zero_errors(problem, inner, bread)
    return np.asarray(problem.back @ inner @ problem.back.T, dtype=np.float64)


def _sandwich(
    problem: CountProblem, fitted: Fitted, kind: str, grouped: Clusters | None, *, bread: Matrix, mu: Vector
) -> Matrix:
    shrink = 1.0 + fitted.alpha * mu
    residual = (problem.counts - mu) / shrink
    n, k = problem.n, len(problem.terms)
    if grouped is not None:
        totals = grouped.sums(problem.Z * (problem.weights * residual)[:, None])
        middle = totals.T @ totals * cr1_factor(grouped.count, n, k)
    else:
        factor: Vector | float = n / (n - k) if kind == "HC1" else 1.0
        if kind in ("HC2", "HC3"):
            model = problem.poisson()
            leverage = row_variances(bread[None], model.products, model.upper)[0] * mu / shrink
            factor = _left(problem, leverage, kind) ** (-1.0 if kind == "HC2" else -2.0)
        middle = problem.Z.T @ (problem.Z * (problem.weights * residual**2 * factor)[:, None])
    return np.asarray(bread @ middle @ bread, dtype=np.float64)


def _left(problem: CountProblem, leverage: Vector, kind: str) -> Vector:
    left = np.where(problem.weights > 0, 1.0 - leverage, 1.0)
    alone = int((left < 1e-10).sum())
    if alone:
        raise StatisticsRefusedError(
            f"{'One participant alone decides its' if alone == 1 else f'{alone} participants each alone decide their'} "
            f"fitted rate (leverage 1), so {kind} is undefined.",
            alternative="Merge the level that only one participant has, or leave the term out.",
        )
    return left


def _refuse_zero_errors(problem: CountProblem, robust: Matrix, usual: Matrix) -> None:
    robust = problem.back @ robust @ problem.back.T
    usual = problem.back @ usual @ problem.back.T
    ratio = np.sqrt(np.maximum(np.diag(robust), 0.0) / np.diag(usual))
    bad = [term for term, small in zip(problem.terms, ratio.tolist(), strict=True) if small <= 1e-7]
    if bad:
        raise StatisticsRefusedError(
            f"The residuals leave the coefficient of {listed(bad)} without any error, so it has no standard error.",
            alternative='Use covariance="model", or leave the term out.',
        )


def means(problem: CountProblem, fitted: Fitted) -> Vector:
    """Expected counts."""
    return np.asarray(np.exp(problem.Z @ fitted.parameters + problem.offset), dtype=np.float64)


def _pearson(problem: CountProblem, fitted: Fitted, mu: Vector) -> float:
    return float((problem.weights * (problem.counts - mu) ** 2 / (mu * (1.0 + fitted.alpha * mu))).sum())


def _deviance(problem: CountProblem, fitted: Fitted, mu: Vector) -> float:
    y, a = problem.counts, fitted.alpha
    unit = special.xlogy(y, y / mu)
    unit = unit - (y - mu if a == 0.0 else (y + 1.0 / a) * np.log1p(a * (y - mu) / (1.0 + a * mu)))
    return float(2.0 * (problem.weights * unit).sum())


def assemble(
    problem: CountProblem,
    fitted: Fitted,
    inference: Inference,
    *,
    kind: CountCovariance,
    grouped: Clusters | None,
    level: float,
) -> CountFit:
    """Fill the result."""
    mu, k = means(problem, fitted), len(problem.terms)
    b = problem.back @ fitted.parameters
    covariance = covariance_of(problem, fitted, kind, grouped)
    se = np.sqrt(np.diag(covariance))
    df = _df(problem, kind, grouped)
    upper = 0.5 + level / 2.0
    half_width = se * (dist.normal_quantile(upper) if df is None else dist.t_quantile(upper, df))
    pearson = _pearson(problem, fitted, mu)
    df_slopes = k - 1 if inference.lr is not None else None
    term_lr = inference.term_lr
    count = k + (fitted.alpha > 0.0)
    return CountFit(
        terms=problem.terms,
        family=fitted.family,
        coefficients=frozen(b),
        standard_errors=frozen(se),
        statistic=frozen(b / se),
        p=frozen(dist.normal_two_sided(b / se) if df is None else dist.t_two_sided(b / se, df)),
        low=frozen(b - half_width if inference.low is None else inference.low),
        high=frozen(b + half_width if inference.high is None else inference.high),
        interval=inference.interval,
        level=level,
        theta=1.0 / fitted.alpha if fitted.alpha > 0.0 else None,
        theta_se=fitted.theta_se,
        term_lr=None if term_lr is None else frozen(term_lr),
        term_lr_p=None if term_lr is None else frozen(np.array([dist.chi_square_upper(s, 1) for s in term_lr])),
        lr_statistic=inference.lr,
        lr_df=df_slopes,
        lr_p=None if inference.lr is None or df_slopes is None else dist.chi_square_upper(inference.lr, df_slopes),
        n=problem.n,
        events=int((problem.weights * problem.counts).sum()),
        exposure=float((problem.weights * np.exp(problem.offset)).sum()),
        df_residual=problem.n - k,
        df_inference=df,
        covariance=frozen(covariance),
        covariance_kind=kind,
        clusters=None if grouped is None else grouped.count,
        penalty=fitted.penalty,
        converged=True,
        iterations=fitted.iterations,
        log_likelihood=fitted.log_likelihood,
        log_likelihood_null=inference.log_likelihood_null,
        deviance=_deviance(problem, fitted, mu),
        pearson=pearson,
        dispersion=pearson / (problem.n - k),
        aic=2.0 * (count - fitted.log_likelihood),
        condition=problem.condition,
        notes=(*fitted.notes, *inference.notes, *(() if grouped is None else grouped.notes())),
    )


def _df(problem: CountProblem, kind: str, grouped: Clusters | None) -> int | None:
    if kind == "model":
        return None
    return problem.n - len(problem.terms) if grouped is None else grouped.count - 1


def chosen_covariance(covariance: str, clustered: bool, penalty: str) -> CountCovariance:
    """Check that the covariance asked for goes with clusters and penalty; clusters alone choose CR1."""
    if covariance not in COVARIANCES:
        raise StatisticsRefusedError(f"covariance is one of {listed(COVARIANCES)}.")
    if covariance == "CR1" and not clustered:
        raise StatisticsRefusedError('The covariance "CR1" needs clusters.', alternative='Give clusters, or use "HC3".')
    if penalty == "firth" and (clustered or covariance != "model"):
        raise StatisticsRefusedError(
            "Robust errors are not defined here for the Firth penalty.",
            alternative='Use covariance="model" without clusters, and say so.',
        )
    return "CR1" if clustered else covariance  # type: ignore[return-value]  # membership checked above
