"""Negative binomial regression (NB2) of event counts that vary more than the Poisson law allows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import confidence
from casearc.statistics._ascent import Model, Summit, ascend
from casearc.statistics._clusters import clusters_of, refuse_lone_clusters
from casearc.statistics.count_models import _kernel as kernel
from casearc.statistics.count_models._likelihood import likelihood_inference
from casearc.statistics.count_models._problem import CountProblem, count_problem
from casearc.statistics.count_models.fit import (
    CountFit,
    CountInterval,
    Fitted,
    Inference,
    assemble,
    chosen_covariance,
)
from casearc.statistics.count_models.poisson import fitted_poisson, null_log_likelihood, poisson_inference

NO_OVERDISPERSION = "The counts vary no more than the Poisson law has it, so theta ran to infinity: a Poisson fit."
MOST_THETA_STEPS = 500


def negative_binomial(
    design: ArrayLike,
    counts: ArrayLike,
    *,
    terms: Sequence[str],
    exposure: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    covariance: Literal["model", "HC0", "HC1", "HC2", "HC3", "CR1"] = "model",
    clusters: ArrayLike | None = None,
    interval: CountInterval = "profile",
    level: float = 0.95,
) -> CountFit:
    """Fit log expected counts with variance mu + mu^2 / theta, coefficients and theta by maximum likelihood.

    Use it where `overdispersion` finds more spread than Poisson's: it weighs participants better than `poisson`, whose
    sandwich stays valid too.

    Parameters
    ----------
    design, counts, terms, exposure, weights, clusters, level
        As in `poisson`.
    covariance
        ``"model"`` (the default): inverse expected information of the coefficients, to which theta is orthogonal. The
        sandwiches and ``"CR1"`` as in `poisson`, theta taken as known.
    interval
        ``"profile"``: theta is fitted anew at every value of the coefficient. ``"wald"``: theta taken as known.

    Raises
    ------
    StatisticsRefusedError
        As `poisson`; a theta that does not settle.

    Notes
    -----
    Where the likelihood rises as theta grows without end, the fit returned is Poisson's (`family` says so, theta is
    None, a note says why). Lawless (1987), Canadian Journal of Statistics 15:209-225. Joint Newton steps in the
    coefficients and log(1 / theta). Checked against R's ``MASS::glm.nb`` run to the end, its ``SE.theta``,
    ``sandwich::vcovHC``; profile limits against constrained fits by ``optim`` (``confint`` of glm.nb holds theta).

    Examples
    --------
    >>> X = [[1, 0]] * 5 + [[1, 1]] * 5
    >>> fit = negative_binomial(X, [0, 1, 5, 2, 9, 0, 3, 14, 22, 1], terms=["constant", "served"])
    >>> fit.family, round(float(fit.coefficients[1]), 4)
    ('negative binomial', 0.8557)
    """
    confidence(level)
    if interval not in ("profile", "wald"):
        raise StatisticsRefusedError('interval is "profile" or "wald".')
    kind = chosen_covariance(covariance, clusters is not None, "none")
    if kind == "quasi":
        raise StatisticsRefusedError(
            "The negative binomial has its own dispersion.", alternative='Use poisson with covariance="quasi".'
        )
    problem = count_problem(design, counts, terms, exposure, weights)
    grouped = None if clusters is None else clusters_of(clusters, problem.weights)
    if grouped is not None:
        refuse_lone_clusters(problem.X, problem.terms, problem.weights, grouped)
    summit = fitted_negative_binomial(problem)
    boundary = summit is None
    summit = fitted_poisson(problem) if summit is None else summit
    fitted = _fitted(problem, summit, boundary=boundary)
    inference = Inference(interval="wald")
    if kind == "model" and boundary:
        inference = poisson_inference(problem, summit, penalty="none", interval=interval, level=level)
    elif kind == "model":
        inference = _inference(problem, summit, interval, level)
    return assemble(problem, fitted, inference, kind=kind, grouped=grouped, level=level)


def fitted_negative_binomial(problem: CountProblem) -> Summit | None:
    """The joint optimum in scaled columns; None where theta runs to infinity."""
    plain = fitted_poisson(problem)
    poisson = problem.poisson()
    model = kernel.negative_binomial_model(poisson)
    start = np.log(kernel.moment_alpha(poisson, plain.parameters))
    summit = ascend(model, np.column_stack([plain.parameters, start]), most_steps=MOST_THETA_STEPS)
    if not summit.arrived[0]:
        raise StatisticsRefusedError(
            "The dispersion of the counts did not settle.",
            alternative='Use poisson with covariance="HC3", whose errors allow any spread.',
        )
    if model.at_floor(summit.parameters)[0] or summit.value[0] <= plain.value[0] + 1e-9:
        return None
    return summit


def _fitted(problem: CountProblem, summit: Summit, *, boundary: bool) -> Fitted:
    k = len(problem.terms)
    if boundary:
        return Fitted(
            parameters=summit.parameters[0],
            alpha=0.0,
            log_likelihood=float(summit.value[0]),
            iterations=summit.steps,
            notes=(NO_OVERDISPERSION,),
        )
    alpha = math.exp(float(summit.parameters[0, k]))
    fitted = Fitted(
        parameters=summit.parameters[0, :k],
        alpha=alpha,
        log_likelihood=float(summit.value[0]),
        iterations=summit.steps,
        theta_se=_theta_error(problem, summit, alpha),
    )
    return fitted


def _theta_error(problem: CountProblem, summit: Summit, alpha: float) -> float | None:
    """From the observed information of theta at the fitted means, as glm.nb; None where that is not positive."""
    k = len(problem.terms)
    theta, y, w = 1.0 / alpha, problem.counts, problem.weights
    mu = np.exp(problem.Z @ summit.parameters[0, :k] + problem.offset)
    if theta > 1e5:  # differences of trigamma functions lose their digits: by the curvature in log(1 / theta) instead
        info = 1.0 / float(summit.inverse[0, k, k]) / theta**2
    else:
        curve = special.polygamma(1, y + theta) - special.polygamma(1, theta)
        curve += 1.0 / theta - 2.0 / (mu + theta) + (y + theta) / (mu + theta) ** 2
        info = -float((w * curve).sum())
    return 1.0 / math.sqrt(info) if info > 0 else None


def _inference(problem: CountProblem, summit: Summit, interval: CountInterval, level: float) -> Inference:
    def build(of: CountProblem, problems: int) -> Model:
        return kernel.negative_binomial_model(of.poisson(problems))

    null = lr = None
    if problem.constant is not None:
        alone = fitted_negative_binomial(problem.null())
        null = null_log_likelihood(problem) if alone is None else float(alone.value[0])
    if null is not None and len(problem.terms) > 1:
        lr = max(2.0 * (float(summit.value[0]) - null), 0.0)
    return likelihood_inference(problem, summit, build, interval=interval, level=level, null=null, lr=lr)
