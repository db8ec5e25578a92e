"""Linear mixed models: repeated measures of participants, each with an intercept, or a course, of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, confidence, frozen
from casearc.statistics.mixed._inference import (
    Inference,
    kenward_roger_inference,
    satterthwaite,
    satterthwaite_inference,
)
from casearc.statistics.mixed._likelihood import Look, look
from casearc.statistics.mixed._maximize import maximize
from casearc.statistics.mixed._problem import Problem, Units, criterion_shift, problem_of
from casearc.statistics.mixed._structure import Structure
from casearc.statistics.mixed._sufficient import Sufficient
from casearc.statistics.results import Result, Row, per_term

Method = Literal["REML", "ML"]
DfMethod = Literal["satterthwaite", "kenward-roger"]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What later questions to a fit need: sums, not measurements."""

    data: Sufficient
    structure: Structure
    units: Units
    at: Look
    parameters: Vector
    inference: Inference
    intercept: bool

    @property
    def balanced(self) -> bool:
        """Everybody has as many measurements, with equal random terms."""
        return int(self.data.a.shape[0]) == 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MixedFit(Result):
    """A fitted linear mixed model. Arrays of fixed effects are in the order of `terms`, shape (k,).

    Attributes
    ----------
    standard_errors, df, t, p, low, high
        With Kenward-Roger, standard errors hold its adjustment for small samples. `df` are those of t.
    covariance
        Covariance of the fixed effects that they rest on, (k, k).
    random_sds, random_correlation
        Standard deviations of the random terms, shape (q,), and their correlations (q, q), None with one term or where
        one of them has no spread.
    cluster_sd
        Standard deviation between clusters of participants; None without clusters.
    icc
        Share of variance between participants, clusters included, with a random intercept alone: the correlation of two
        measurements of one participant at equal terms. `icc_interval` gives its interval. None with other random terms.
    cluster_icc
        Share of variance between clusters, likewise.
    criterion
        -2 log likelihood: the restricted one with REML.
    n, participants, clusters
        Measurements, participants, clusters of participants (None without).
    singular
        A variance, or a combination of them, is zero at the optimum; `notes` names it.
    """

    terms: tuple[str, ...]
    coefficients: Vector
    standard_errors: Vector
    t: Vector
    df: Vector
    p: Vector
    low: Vector
    high: Vector
    level: float
    df_method: DfMethod
    covariance: Matrix
    random_terms: tuple[str, ...]
    random_sds: Vector
    random_correlation: Matrix | None
    cluster_sd: float | None
    residual_sd: float
    icc: float | None
    cluster_icc: float | None
    method: Method
    criterion: float
    aic: float
    bic: float
    n: int
    participants: int
    clusters: int | None
    singular: bool
    iterations: int
    notes: tuple[str, ...] = ()
    fitted: Fitted = field(repr=False)

    @property
    def inference(self) -> Inference:
        """Derivatives and information, in the caller's units."""
        return self.fitted.inference

    def rows(self) -> list[Row]:
        """One row a fixed term."""
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

    def to_dict(self) -> dict[str, object]:
        """As `Result.to_dict`, without the sums that only further questions to the fit need."""
        whole = Result.to_dict(replace(self, fitted=None))  # type: ignore[arg-type]  # only to leave it out
        del whole["fitted"]
        return whole


def mixed(
    design: ArrayLike,
    response: ArrayLike,
    *,
    groups: ArrayLike,
    terms: Sequence[str],
    random: ArrayLike | None = None,
    random_terms: Sequence[str] | None = None,
    clusters: ArrayLike | None = None,
    correlated: bool = True,
    method: Method = "REML",
    df: DfMethod | None = None,
    level: float = 0.95,
) -> MixedFit:
    """Fit ``response = design @ b + random effects of each participant + error``.

    For repeated measures where some waves are missing: a participant counts with the measurements there are. Missing
    waves may depend on what was measured before (missing at random), not on what was not.

    Parameters
    ----------
    design
        Shape (N, k), one row a measurement, the constant included.
    response
        Shape (N,).
    groups
        Whose measurement it is, N labels; rows in any order.
    terms, random_terms
        Names of the columns of `design` and `random`.
    random
        Shape (N, q): the columns whose coefficients differ from participant to participant; None: an intercept. For a
        course of their own: a column of ones and one of time.
    clusters
        N labels, one cluster a participant (the case manager, the site): each gets a random intercept too. For some
        hundreds of participants; thousands in one cluster are refused.
    correlated
        Whether random effects of one participant may be correlated.
    method
        ``"REML"``, or ``"ML"`` to compare models with other fixed terms.
    df
        ``"kenward-roger"`` (with REML, and its default): standard errors and degrees of freedom adjusted for small
        samples; ``"satterthwaite"`` (the default with ML).
    level
        Confidence level.

    Raises
    ------
    StatisticsRefusedError
        Missing values; a constant outcome or one that the terms reproduce; redundant terms; too few participants or
        clusters, or hardly any participant measured more than once; measurements of one participant that do not differ;
        Kenward-Roger with ML.

    Notes
    -----
    Bates et al. (2015), Journal of Statistical Software 67(1), for the profiled likelihood; Kenward & Roger (1997),
    Biometrics 53:983-997; Satterthwaite's method as Kuznetsova et al. (2017), Journal of Statistical Software 82(13).
    Where a variance is zero, Kenward and Roger's formulas are used as they stand (as pbkrtest does) and Satterthwaite's
    over the parameters that can still move. Checked against R's ``lme4::lmer``, ``lmerTest`` and ``pbkrtest``.

    Examples
    --------
    >>> time = np.tile([0.0, 6.0, 12.0], 8)
    >>> person = np.repeat(np.arange(8), 3)
    >>> noise = np.random.default_rng(1).normal(0.0, 1.0, 24)
    >>> score = 4.0 + 0.1 * time + np.repeat(np.random.default_rng(2).normal(0.0, 1.0, 8), 3) + noise
    >>> X = np.column_stack([np.ones(24), time])
    >>> fit = mixed(X, score, groups=person, terms=["constant", "months"])
    >>> round(float(fit.coefficients[1]), 2), round(float(fit.df[1]), 1)
    (0.15, 15.0)
    """
    confidence(level)
    df = df or ("kenward-roger" if method == "REML" else "satterthwaite")
    if method not in ("REML", "ML") or df not in ("satterthwaite", "kenward-roger"):
        raise StatisticsRefusedError('method is "REML" or "ML"; df is "satterthwaite" or "kenward-roger".')
    if method == "ML" and df == "kenward-roger":
        raise StatisticsRefusedError(
            "Kenward and Roger's method is made for REML.", alternative='Use method="REML", or df="satterthwaite".'
        )
    problem = problem_of(
        design,
        response,
        groups,
        random,
        terms=terms,
        random_terms=random_terms,
        clusters=clusters,
        correlated=correlated,
    )
    fitted, singular, steps = _fit(problem, method, df)
    return _assemble(problem, fitted, singular=singular, method=method, df_method=df, level=level, steps=steps)


def _fit(problem: Problem, method: Method, df: DfMethod) -> tuple[Fitted, bool, int]:
    """The optimum and what tests need of it; whether it lies on the boundary; steps taken."""
    data, structure, reml = problem.data, problem.structure, method == "REML"
    found = maximize(data.lifted(), structure, reml=reml)
    if not found.settled[0]:
        raise StatisticsRefusedError(
            "The fit did not settle: measurements of one participant hardly differ beyond the terms, or too few tell "
            "how participants differ.",
            alternative="Look at the measurements, or use fewer random or fixed terms.",
        )
    parameters, flat = structure.snapped(found.parameters[0])
    at = look(data, structure.factor(parameters), reml=reml)
    if df == "kenward-roger":
        inference = kenward_roger_inference(data, at, structure)
    else:
        inference = satterthwaite_inference(data, at, structure, reml=reml)
    fitted = Fitted(
        data=data,
        structure=structure,
        units=problem.units,
        at=at,
        parameters=frozen(parameters),
        inference=inference.turned(problem.units.basis, problem.units.scale),
        intercept=problem.intercept,
    )
    return fitted, bool(flat), found.steps


def _assemble(
    problem: Problem,
    fitted: Fitted,
    *,
    singular: bool,
    method: Method,
    df_method: DfMethod,
    level: float,
    steps: int,
) -> MixedFit:
    at, units, inference = fitted.at, fitted.units, fitted.inference
    b = units.fixed(at.b)
    se = np.sqrt(np.diag(inference.adjusted))
    df = checked_df(satterthwaite(inference, np.eye(b.size)))
    half = dist.t_quantiles(0.5 + level / 2.0, df) * se
    sigma = math.sqrt(float(at.residual_variance)) * units.scale
    outer, covariance = fitted.structure.split(fitted.parameters)
    d, n = units.covariance(covariance), problem.table.shape[0]
    criterion = float(at.deviance) + criterion_shift(units, n, b.size, reml=method == "REML")
    parameters = b.size + fitted.structure.count + 1
    icc, cluster_icc = _shares(d, outer) if problem.intercept else (None, None)
    return MixedFit(
        terms=problem.terms,
        coefficients=frozen(b),
        standard_errors=frozen(se),
        t=frozen(b / se),
        df=frozen(df),
        p=frozen(dist.t_two_sided(b / se, df)),
        low=frozen(b - half),
        high=frozen(b + half),
        level=level,
        df_method=df_method,
        covariance=frozen(inference.adjusted),
        random_terms=problem.random_terms,
        random_sds=frozen(np.sqrt(np.maximum(np.diag(d), 0.0)) * sigma),
        random_correlation=_correlation(d),
        cluster_sd=None if outer is None else float(outer) * sigma,
        residual_sd=sigma,
        icc=icc,
        cluster_icc=cluster_icc,
        method=method,
        criterion=criterion,
        aic=criterion + 2.0 * parameters,
        bic=criterion + parameters * math.log(n),
        n=n,
        participants=problem.participants,
        clusters=problem.clusters,
        singular=singular,
        iterations=steps,
        notes=_notes(problem, d, outer, df_method) if singular else (),
        fitted=fitted,
    )


def _shares(d: Matrix, outer: Vector | None) -> tuple[float, float | None]:
    """Shares of variance between participants, and between clusters, with random intercepts alone."""
    between = 0.0 if outer is None else float(outer) ** 2
    total = 1.0 + between + float(d[0, 0])
    return (between + float(d[0, 0])) / total, None if outer is None else between / total


def checked_df(df: Vector) -> Vector:
    """Refuse degrees of freedom that are no numbers above zero."""
    if not (np.isfinite(df) & (df > 0.0)).all():
        raise StatisticsRefusedError(
            "The data do not tell how sure the variances are, so tests have no degrees of freedom.",
            alternative="Use fewer random terms.",
        )
    return df


def _correlation(d: Matrix) -> Matrix | None:
    size = np.sqrt(np.maximum(np.diag(d), 0.0))
    if size.size == 1 or (size <= 0.0).any():
        return None
    return frozen(np.clip(d / np.outer(size, size), -1.0, 1.0))


def _notes(problem: Problem, d: Matrix, outer: Vector | None, df_method: DfMethod) -> tuple[str, ...]:
    """Which variance is zero, and what that does to the tests."""
    alone = [f'"{term}"' for term, size in zip(problem.random_terms, np.diag(d), strict=True) if size <= 0.0]
    named = [f"of the random term {term} is zero" for term in alone]
    if outer is not None and not outer:
        named.append("between clusters is zero")
    if not named:
        named = ["of some combination of the random terms is zero (they are perfectly correlated)"]
    if df_method == "kenward-roger":
        tests = "Kenward and Roger's formulas are used as they stand, which errs on the safe side"
    else:
        tests = "degrees of freedom are those of the model without it"
    return (f"The estimated variance {' and that '.join(named)}: the fit lies on the boundary; {tests}.",)
