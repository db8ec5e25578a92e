"""Linear mixed models: repeated measures of participants, each with an intercept, or a course, of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Matrix, Vector, confidence, frozen
from casearc.statistics.mixed._inference import Inference, basis, infer, satterthwaite, with_expected
from casearc.statistics.mixed._likelihood import Look, look
from casearc.statistics.mixed._maximize import maximize
from casearc.statistics.mixed._problem import Problem, problem_of
from casearc.statistics.mixed._sufficient import Sufficient
from casearc.statistics.results import Result, Row, per_term

Method = Literal["REML", "ML"]
DfMethod = Literal["satterthwaite", "kenward-roger"]

ZERO = 1e-4
"""A standard deviation over the residual one below this is zero: the fit lies on the boundary."""


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
        one of two has no spread.
    icc
        Share of variance between participants, random intercepts only: the correlation of two measurements of one
        participant at equal terms. None with further random terms.
    criterion
        -2 log likelihood: the restricted one with REML.
    singular
        A variance, or a combination of them, is zero at the optimum.
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
    residual_sd: float
    icc: float | None
    method: Method
    criterion: float
    aic: float
    bic: float
    n: int
    participants: int
    singular: bool
    converged: bool
    iterations: int
    notes: tuple[str, ...] = ()
    inference: Inference = field(repr=False)

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
        """Everything but the pieces that only `mixed_contrast` needs."""
        whole = Result.to_dict(self)
        del whole["inference"]
        return whole


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RandomEffects(Result):
    """Best linear unbiased predictions. `values` (participants, q), in the order of `labels`."""

    labels: tuple[str, ...]
    terms: tuple[str, ...]
    values: Matrix

    def rows(self) -> list[Row]:
        """One row a participant and term."""
        return [
            {"group": label, "term": term, "estimate": float(value)}
            for label, own in zip(self.labels, self.values, strict=True)
            for term, value in zip(self.terms, own, strict=True)
        ]


def mixed(
    design: ArrayLike,
    response: ArrayLike,
    *,
    groups: ArrayLike,
    terms: Sequence[str],
    random: ArrayLike | None = None,
    random_terms: Sequence[str] | None = None,
    correlated: bool = True,
    method: Method = "REML",
    df: DfMethod = "kenward-roger",
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
    correlated
        Whether random effects of one participant may be correlated.
    method
        ``"REML"``, or ``"ML"`` to compare models with other fixed terms.
    df
        ``"kenward-roger"``: standard errors and degrees of freedom adjusted for small samples; ``"satterthwaite"``.
        With ML both take the place of the normal all the same.
    level
        Confidence level.

    Raises
    ------
    StatisticsRefusedError
        Missing values; a constant outcome or one that the terms reproduce; redundant terms; too few participants, or
        hardly any measured more than once.

    Notes
    -----
    Bates et al. (2015), Journal of Statistical Software 67(1), for the profiled likelihood; Kenward & Roger (1997),
    Biometrics 53:983-997; Satterthwaite's method as Kuznetsova et al. (2017), Journal of Statistical Software 82(13).
    Checked against R's ``lme4::lmer``, ``lmerTest`` and ``pbkrtest``.

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
    if method not in ("REML", "ML") or df not in ("satterthwaite", "kenward-roger"):
        raise StatisticsRefusedError('method is "REML" or "ML"; df is "satterthwaite" or "kenward-roger".')
    problem = problem_of(design, response, groups, random, terms, random_terms)
    q = problem.random.shape[1]
    free = np.tril(np.ones((q, q), dtype=bool)) if correlated else np.eye(q, dtype=bool)
    data = lifted(problem.data)
    found = maximize(data, reml=method == "REML", free=free, start=_start(problem, q))
    if not found.settled[0]:
        raise StatisticsRefusedError(
            "The fit did not settle: the data hardly tell how participants differ.",
            alternative="Use fewer random terms or fixed terms.",
        )
    factor = snapped(found.factor)[0]
    at = look(problem.data, factor, reml=method == "REML")
    return _assemble(problem, at, free, method=method, df_method=df, level=level, steps=found.steps)


def random_effects(
    fit: MixedFit,
    design: ArrayLike,
    response: ArrayLike,
    *,
    groups: ArrayLike,
    random: ArrayLike | None = None,
) -> RandomEffects:
    """How each participant departs from the average course, drawn toward it by how little is known of them.

    Arguments are those of `mixed`. For the case manager's eye, never for a table: it is one number a participant.

    Raises
    ------
    StatisticsRefusedError
        What `mixed` refuses.

    Examples
    --------
    >>> X, y, person = np.ones((6, 1)), np.array([1.0, 2.0, 4.0, 5.0, 8.0, 7.0]), [1, 1, 2, 2, 3, 3]
    >>> fit = mixed(X, y, groups=person, terms=["mean"])
    >>> random_effects(fit, X, y, groups=person).values.round(2).ravel().tolist()
    [-2.92, -0.0, 2.92]
    """
    problem = problem_of(design, response, groups, random, fit.terms, fit.random_terms)
    sds = fit.random_sds / fit.residual_sd
    correlation = np.eye(sds.size) if fit.random_correlation is None else fit.random_correlation
    d = correlation * np.outer(sds, sds)
    k = d @ np.linalg.inv(np.eye(sds.size) + problem.data.a @ d)
    v = np.append(-fit.coefficients, problem.scale)
    pulled = problem.parts.b @ v
    values = (k[problem.parts.pattern] @ pulled[..., None])[..., 0]
    return RandomEffects(labels=tuple(map(str, problem.labels)), terms=fit.random_terms, values=frozen(values))


def lifted(data: Sufficient) -> Sufficient:
    """One data set as a batch of one."""
    return Sufficient(data.a, data.sizes[None], data.s[None], data.c[None], data.rows[None])


def snapped(factor: NDArray[np.float64]) -> NDArray[np.float64]:
    """The factor with standard deviations that are zero but for rounding set to zero."""
    out = factor.copy()
    small = np.abs(np.einsum("...ii->...i", out)) < ZERO
    for i in range(out.shape[-1]):
        lone = small[..., i] & (np.abs(out[..., i, :i]) < ZERO).all(axis=-1)
        out[..., i, : i + 1] = np.where(lone[..., None], 0.0, out[..., i, : i + 1])
        out[..., i, i] = np.where(small[..., i], 0.0, out[..., i, i])
    return out


def _start(problem: Problem, q: int) -> NDArray[np.float64]:
    """A factor of ones in the outcome's scale: random terms measured in large units get small ones."""
    size = np.sqrt((problem.random**2).mean(axis=0))
    return np.diag(1.0 / np.where(size > 0, size, 1.0)) if q > 1 else np.eye(1)


def elements_of(factor: NDArray[np.float64], free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Elements of G that can vary at a fit: none of a random term without spread."""
    alive = (factor != 0.0).any(axis=1)
    return np.asarray(free & alive[:, None] & alive[None, :])


def _assemble(
    problem: Problem,
    at: Look,
    free: NDArray[np.bool_],
    *,
    method: Method,
    df_method: DfMethod,
    level: float,
    steps: int,
) -> MixedFit:
    scale = problem.scale
    sigma = math.sqrt(float(at.rss / at.df))
    alive = elements_of(at.factor, free)
    inference = infer(problem.data, at, basis(free if df_method == "kenward-roger" else alive))
    identity = np.eye(len(problem.terms))
    df, singular, notes = _df(inference, identity, at, df_method)
    variance = inference.adjusted if df_method == "kenward-roger" else inference.phi
    b = at.b * scale
    se = np.sqrt(np.diag(variance)) * scale
    half = np.array([dist.t_quantile(0.5 + level / 2.0, each) for each in df]) * se
    d = at.factor @ at.factor.T
    sds = np.sqrt(np.diag(d)) * sigma * scale
    n, k, q = problem.table.shape[0], len(problem.terms), sds.size
    shift = 2.0 * (n - k if method == "REML" else n) * math.log(scale)
    criterion = float(at.deviance) + shift
    parameters = k + int(free.sum()) + 1
    return MixedFit(
        terms=problem.terms,
        coefficients=frozen(b),
        standard_errors=frozen(se),
        t=frozen(b / se),
        df=frozen(df),
        p=frozen(np.array([float(dist.t_two_sided(x, v)) for x, v in zip(b / se, df, strict=True)])),
        low=frozen(b - half),
        high=frozen(b + half),
        level=level,
        df_method=df_method,
        covariance=frozen(variance * scale**2),
        random_terms=problem.random_terms,
        random_sds=frozen(sds),
        random_correlation=_correlation(d),
        residual_sd=sigma * scale,
        icc=float(d[0, 0] / (1.0 + d[0, 0])) if q == 1 and bool((problem.random == 1.0).all()) else None,
        method=method,
        criterion=criterion,
        aic=criterion + 2.0 * parameters,
        bic=criterion + parameters * math.log(n),
        n=n,
        participants=problem.participants,
        singular=singular,
        converged=True,
        iterations=steps,
        notes=notes,
        inference=scaled(inference, scale),
    )


def scaled(found: Inference, scale: float) -> Inference:
    """The same for an outcome `scale` times as large; variance parameters grow by its square."""
    two, four = scale**2, scale**4
    return Inference(found.phi * two, found.adjusted * two, found.slopes, found.observed * four, found.expected * four)


def _df(
    found: Inference, contrast: NDArray[np.float64], at: Look, method: DfMethod
) -> tuple[NDArray[np.float64], bool, tuple[str, ...]]:
    """Degrees of freedom of single contrasts; where the curvature at a boundary gives none, the expected one's."""
    d = at.factor @ at.factor.T
    values = np.linalg.eigvalsh(d)
    singular = bool(values[0] <= ZERO**2 * max(float(values[-1]), 1.0))
    notes: tuple[str, ...] = ()
    if singular:
        notes = ("Participants do not differ in some random term (a variance of zero): the fit is on the boundary.",)
    use = with_expected(found) if method == "kenward-roger" or singular else found
    df = satterthwaite(use, contrast)
    if not (np.isfinite(df) & (df > 0)).all():
        df = satterthwaite(with_expected(found), contrast)
    return np.maximum(df, 1.0), singular, notes


def _correlation(d: NDArray[np.float64]) -> NDArray[np.float64] | None:
    sds = np.sqrt(np.diag(d))
    if sds.size < 2 or (sds == 0.0).any():
        return None
    return frozen(d / np.outer(sds, sds))
