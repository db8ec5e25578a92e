"""How sure the standard deviations of a mixed model are, and whether a random term is needed at all."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics import _distributions as dist
from casearc.statistics._arrays import Vector, confidence, frozen, listed
from casearc.statistics.mixed._inference import satterthwaite_inference
from casearc.statistics.mixed._likelihood import look
from casearc.statistics.mixed._maximize import maximize
from casearc.statistics.mixed._pivot import pivot_of
from casearc.statistics.mixed._profile import sd_limits
from casearc.statistics.mixed._structure import Structure
from casearc.statistics.mixed.fit import Fitted, MixedFit
from casearc.statistics.results import Result, Row, per_term


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VarianceComponents(Result):
    """Standard deviations and correlations of random terms. Arrays are in the order of `terms`.

    `methods` names how each interval was made. Limits that cannot be had are open (0, or infinite); `notes` says why.
    """

    terms: tuple[str, ...]
    estimate: Vector
    low: Vector
    high: Vector
    methods: tuple[str, ...]
    level: float
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a component."""
        return per_term(
            self.terms,
            {"estimate": self.estimate, "conf_low": self.low, "conf_high": self.high, "method": self.methods},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceTest(Result):
    """Test that participants do not differ in a random term.

    Attributes
    ----------
    statistic
        Likelihood ratio (restricted, with REML) of the models with and without the term.
    mixture
        The chi-square distributions whose even mixture gives `p`, the variance being at its boundary.
    exact_f, exact_df, exact_df_denominator, exact_p
        For a random intercept alone, everybody measured equally often, the exact F test, to be preferred with few
        participants; None otherwise (with missing waves it would need them missing completely at random).
    """

    term: str
    statistic: float
    mixture: str
    p: float
    exact_f: float | None
    exact_df: int | None
    exact_df_denominator: int | None
    exact_p: float | None


def variance_components(fit: MixedFit, *, level: float | None = None) -> VarianceComponents:
    """Intervals of a fit's standard deviations and correlations.

    With a random intercept alone: the likelihood's profile, and where everybody was measured equally often the exact
    chi-square interval for the residual standard deviation. With more random terms: Wald's on the logarithm of standard
    deviations and Fisher's z of correlations.

    Parameters
    ----------
    fit
        A fit of `mixed`.
    level
        Confidence level; that of the fit where None.

    Raises
    ------
    StatisticsRefusedError
        A level that is none; no differences within participants.

    Notes
    -----
    Pinheiro & Bates (2000), Mixed-Effects Models in S and S-PLUS, section 2.4. Checked against roots of the profile and
    a numerical Hessian in R (``confint.merMod`` profiles the ordinary likelihood, whatever the fit).

    Examples
    --------
    >>> from casearc.statistics.mixed import mixed
    >>> y = [1.0, 2.0, 4.0, 5.0, 8.0, 7.0, 3.0, 4.5]
    >>> fit = mixed(np.ones((8, 1)), y, groups=[1, 1, 2, 2, 3, 3, 4, 4], terms=["mean"])
    >>> found = variance_components(fit)
    >>> found.terms, found.low.round(2).tolist(), found.high.round(2).tolist()
    (('SD participant', 'SD residual'), [1.13, 0.49], [7.3, 2.33])
    """
    level = confidence(fit.level if level is None else level)
    if fit.fitted.intercept and fit.clusters is None:
        return _of_intercept(fit, level)
    return _by_wald(fit, level)


def variance_test(fit: MixedFit, term: str | None = None) -> VarianceTest:
    """Test whether a random term of `fit` is needed.

    Parameters
    ----------
    fit
        A fit of `mixed` without clusters of participants.
    term
        A random term of the fit; the last one where None.

    Raises
    ------
    StatisticsRefusedError
        A term the fit lacks; a fit with clusters; a smaller model that does not settle.

    Notes
    -----
    Self & Liang (1987), Journal of the American Statistical Association 82:605-610; Stram & Lee (1994), Biometrics
    50:1171-1177: too cautious in small samples. The exact F: Seely & El-Bassiouni (1983), Annals of Statistics
    11:197-210. Checked against R's ``lmerTest::ranova``, whose p is not the mixture's, and ``anova``.

    Examples
    --------
    >>> from casearc.statistics.mixed import mixed
    >>> fit = mixed(np.ones((6, 1)), [1.0, 2.0, 4.0, 5.0, 8.0, 7.0], groups=[1, 1, 2, 2, 3, 3], terms=["mean"])
    >>> found = variance_test(fit)
    >>> round(found.statistic, 2), round(found.p, 3), round(found.exact_p, 3)
    (6.37, 0.006, 0.008)
    """
    term = fit.random_terms[-1] if term is None else term
    if term not in fit.random_terms:
        raise StatisticsRefusedError(
            f'The model has no random term "{term}".', alternative=f"It has {listed(fit.random_terms)}."
        )
    if fit.clusters is not None:
        raise StatisticsRefusedError(
            "The test is not offered beside clusters of participants.", alternative="Fit the model without clusters."
        )
    reml, q = fit.method == "REML", len(fit.random_terms)
    smaller = _deviance_without(fit.fitted, fit.random_terms.index(term), reml=reml)
    statistic = max(smaller - float(fit.fitted.at.deviance), 0.0)
    more = q if fit.fitted.structure.correlated else 1
    upper = dist.chi_square_upper(statistic, more) if statistic > 0.0 else 1.0
    lower = 1.0 if statistic <= 0.0 else (dist.chi_square_upper(statistic, more - 1) if more > 1 else 0.0)
    exact: tuple[float, int, int, float] | tuple[None, None, None, None] = (None, None, None, None)
    if fit.fitted.intercept and fit.fitted.balanced:
        pivot = pivot_of(fit.fitted.data)
        f, f_p = pivot.p_zero()
        exact = (float(f), int(pivot.df_between), int(pivot.df_within), float(f_p))
    return VarianceTest(
        term=term,
        statistic=statistic,
        mixture=f"chi-square with {more - 1} and {more} df",
        p=0.5 * (upper + lower),
        exact_f=exact[0],
        exact_df=exact[1],
        exact_df_denominator=exact[2],
        exact_p=exact[3],
    )


def _deviance_without(fitted: Fitted, term: int, *, reml: bool) -> float:
    """Deviance of the model that lacks a random term, at its optimum."""
    data, structure = fitted.data, fitted.structure
    if structure.own == 1:
        return float(look(data, np.zeros((1, 1)), reml=reml).deviance)
    if structure.correlated:  # random terms stand at right angles: go back to the caller's, then leave one out
        data = data.turned(np.asarray(np.linalg.inv(fitted.units.own), dtype=np.float64))
    smaller = Structure(structure.own - 1, structure.correlated)
    data = data.without(term).scaled()
    found = maximize(data.lifted(), smaller, reml=reml)
    if not found.settled[0]:
        raise StatisticsRefusedError(
            f"The model without the random term {term + 1} did not settle.", alternative="Judge the term by its SD."
        )
    parameters = smaller.snapped(found.parameters[0])[0]
    return float(look(data, smaller.factor(parameters), reml=reml).deviance)


def _of_intercept(fit: MixedFit, level: float) -> VarianceComponents:
    data, reml, scale = fit.fitted.data, fit.method == "REML", fit.fitted.units.scale
    own, residual = sd_limits(data, fit.fitted.at, level, reml=reml)
    profile = f"profile of the {'restricted ' if reml else ''}likelihood"
    methods = (profile, profile)
    if fit.fitted.balanced:
        pivot = pivot_of(data)
        tail = (1.0 - level) / 2.0
        chi = [float(special.chdtri(float(pivot.df_within), each)) for each in (tail, 1.0 - tail)]
        residual = (math.sqrt(float(pivot.within) / chi[0]), math.sqrt(float(pivot.within) / chi[1]))
        methods = (profile, "exact, within participants")
    limits = np.array([own, residual]) * scale
    return VarianceComponents(
        terms=(f"SD {fit.random_terms[0]}", "SD residual"),
        estimate=frozen(np.array([float(fit.random_sds[0]), fit.residual_sd])),
        low=frozen(limits[:, 0]),
        high=frozen(limits[:, 1]),
        methods=methods,
        level=level,
        notes=fit.notes,
    )


def _by_wald(fit: MixedFit, level: float) -> VarianceComponents:
    fitted = fit.fitted
    sigma2 = float(fitted.at.residual_variance)
    at = np.append(fitted.parameters * math.sqrt(sigma2), sigma2)
    terms, names = _names(fit), ("Wald, logarithm", "Wald, Fisher's z")
    correlation = np.array([term.startswith("correlation") for term in terms])
    methods = tuple(names[int(each)] for each in correlation)
    if fit.singular:
        return _open(fit, terms, correlation, methods, level)
    inference = satterthwaite_inference(fitted.data, fitted.at, fitted.structure, reml=fit.method == "REML")
    middle = _described(fitted, at)
    steps = 1e-6 * np.maximum(np.abs(at), 1e-3)
    sides = [_described(fitted, at + step) - _described(fitted, at - step) for step in np.diag(steps)]
    slopes = np.array(sides).T / (2.0 * steps)
    variance = np.einsum("ik,kl,il->i", slopes, inference.spread, slopes)
    if not (np.isfinite(variance) & (variance > 0.0)).all():
        return _open(fit, terms, correlation, methods, level)
    half = dist.normal_quantile(0.5 + level / 2.0) * np.sqrt(variance)

    def back(values: Vector) -> Vector:
        return frozen(np.where(correlation, np.tanh(values), np.exp(np.where(correlation, 0.0, values))))

    return VarianceComponents(
        terms=terms,
        estimate=back(middle),
        low=back(middle - half),
        high=back(middle + half),
        methods=methods,
        level=level,
    )


def _names(fit: MixedFit) -> tuple[str, ...]:
    names = fit.random_terms
    pairs = [(i, j) for i in range(len(names)) for j in range(i)] if fit.fitted.structure.correlated else []
    return (
        *(f"SD {name}" for name in names),
        *(f"correlation {names[j]}, {names[i]}" for i, j in pairs),
        *(() if fit.cluster_sd is None else ("SD cluster",)),
        "SD residual",
    )


def _described(fitted: Fitted, at: Vector) -> Vector:
    """Logarithms of SDs and z of correlations in the order of `_names`, from the factor and the residual variance."""
    outer, covariance = fitted.structure.split(at[:-1])
    d = fitted.units.covariance(covariance) * fitted.units.scale**2
    sds = np.sqrt(np.diag(d))
    values = list(np.log(sds))
    if fitted.structure.correlated:
        values += [np.arctanh(d[i, j] / (sds[i] * sds[j])) for i in range(sds.size) for j in range(i)]
    if outer is not None:
        values.append(np.log(float(outer) * fitted.units.scale))
    return np.array([*values, 0.5 * math.log(at[-1]) + math.log(fitted.units.scale)])


def _open(
    fit: MixedFit, terms: tuple[str, ...], correlation: np.ndarray, methods: tuple[str, ...], level: float
) -> VarianceComponents:
    """Estimates without limits: at a boundary the curvature says nothing about them."""
    corr, q = fit.random_correlation, len(fit.random_terms)
    pairs = [] if not correlation.any() else [(i, j) for i in range(q) for j in range(i)]
    rho = [0.0 if corr is None else float(corr[i, j]) for i, j in pairs]
    cluster = [] if fit.cluster_sd is None else [fit.cluster_sd]
    return VarianceComponents(
        terms=terms,
        estimate=frozen(np.array([*fit.random_sds, *rho, *cluster, fit.residual_sd])),
        low=frozen(np.where(correlation, -1.0, 0.0)),
        high=frozen(np.where(correlation, 1.0, np.inf)),
        methods=methods,
        level=level,
        notes=(*fit.notes, "At a boundary Wald's limits cannot be had: they are left open."),
    )
