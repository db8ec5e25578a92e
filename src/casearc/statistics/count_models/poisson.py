"""Poisson regression of event counts, with exposure, by maximum likelihood or with Firth's penalty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import confidence
from casearc.statistics._ascent import Model, Summit, ascend
from casearc.statistics._clusters import clusters_of, refuse_lone_clusters
from casearc.statistics.count_models import _kernel as kernel
from casearc.statistics.count_models._likelihood import MOST_STEPS, held_at_zero, likelihood_inference
from casearc.statistics.count_models._problem import CountProblem, count_problem
from casearc.statistics.count_models.fit import (
    CountCovariance,
    CountFit,
    CountInterval,
    Fitted,
    Inference,
    assemble,
    chosen_covariance,
)

CountPenalty = Literal["none", "firth"]


def poisson(
    design: ArrayLike,
    counts: ArrayLike,
    *,
    terms: Sequence[str],
    exposure: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    covariance: CountCovariance = "HC3",
    clusters: ArrayLike | None = None,
    penalty: CountPenalty = "none",
    interval: CountInterval = "profile",
    level: float = 0.95,
) -> CountFit:
    """Fit log expected counts, per unit of exposure, as linear in the design.

    Use it for counts of events (contacts, missing episodes) over a known time at risk. The rate ratios are right
    whatever the spread of the counts, if the mean is; the errors of ``covariance="model"`` only if the spread is
    Poisson's, which `overdispersion` looks into.

    Parameters
    ----------
    design
        Shape (n, k), the constant included as a column of ones.
    counts
        Events of each participant, whole numbers from 0, shape (n,).
    terms
        Names of the columns, k of them.
    exposure
        Time at risk of each participant, above 0, shape (n,); its logarithm enters with coefficient 1.
    weights
        How often each row counts, whole numbers.
    covariance
        ``"HC3"`` (the default) and the other sandwiches, which hold whatever the spread; ``"model"``; ``"quasi"``: the
        model's times the Pearson dispersion. Giving `clusters` selects ``"CR1"``. All but ``"model"`` use t with
        (n - k), or (clusters - 1), degrees of freedom and Wald intervals. With the Firth penalty it is ``"model"``.
    clusters
        One label a row.
    penalty
        ``"firth"``: half the log determinant of the information is added (Jeffreys' prior), which stays finite where
        a group has no events, and removes the first-order bias.
    interval
        ``"profile"`` or ``"wald"``; for ``covariance="model"`` only.
    level
        Confidence level.

    Raises
    ------
    StatisticsRefusedError
        Missing values; counts that are not whole numbers; no exposure; no event at all; redundant terms; terms that
        single out participants without any event (it names them, and the Firth penalty as a way out); a row of
        leverage 1 under HC2 or HC3; fewer than two clusters.

    Notes
    -----
    Newton-Raphson from R's own start; that a maximum exists is proven or settled by linear program for every fit
    returned. Firth (1993), Biometrika 80:27-38. Sandwiches as R's ``sandwich::vcovHC`` and ``vcovCL(type = "HC1")``
    of a ``glm``. Checked against ``glm(family = poisson)``, ``quasipoisson``, ``MASS::confint``'s profiles; the
    penalized fit against ``brglm2::brglmFit`` and its profile against ``optim``.

    Examples
    --------
    >>> X, events = [[1, 0], [1, 0], [1, 1], [1, 1]], [1, 3, 4, 4]
    >>> fit = poisson(X, events, terms=["constant", "served"], covariance="model")
    >>> round(float(fit.coefficients[1]), 4), round(float(fit.standard_errors[1]), 4)
    (0.6931, 0.6124)
    """
    confidence(level)
    if penalty not in ("none", "firth"):
        raise StatisticsRefusedError('penalty is "none" or "firth".')
    if interval not in ("profile", "wald"):
        raise StatisticsRefusedError('interval is "profile" or "wald".')
    asked: CountCovariance = "model" if penalty == "firth" and covariance == "HC3" else covariance
    kind = chosen_covariance(asked, clusters is not None, penalty)
    problem = count_problem(design, counts, terms, exposure, weights, may_be_separated=penalty == "firth")
    grouped = None if clusters is None else clusters_of(clusters, problem.weights)
    if grouped is not None:
        refuse_lone_clusters(problem.X, problem.terms, problem.weights, grouped)
    summit = fitted_poisson(problem, penalized=penalty == "firth")
    fitted = _fitted(problem, summit, penalty)
    inference = Inference(interval="wald", log_likelihood_null=null_log_likelihood(problem))
    if kind == "model":
        inference = poisson_inference(problem, summit, penalty=penalty, interval=interval, level=level)
    return assemble(problem, fitted, inference, kind=kind, grouped=grouped, level=level)


def fitted_poisson(problem: CountProblem, *, penalized: bool = False) -> Summit:
    """The optimum in scaled columns; refuses a fit that did not settle."""
    model = problem.poisson(penalized=penalized)
    summit = ascend(model, kernel.start_of(model), most_steps=MOST_STEPS)
    if not summit.arrived[0]:
        raise StatisticsRefusedError(
            "The fit did not settle: the data hardly bear on some coefficient.",
            alternative="Drop terms" + ("." if penalized else ', or use poisson with penalty="firth".'),
        )
    return summit


def null_log_likelihood(problem: CountProblem) -> float | None:
    """Poisson log-likelihood of one rate for everybody; None where the model has no constant."""
    if problem.constant is None:
        return None
    null = problem.null().poisson()
    time = np.exp(problem.offset)
    rate = (problem.weights * problem.counts).sum() / (problem.weights * time).sum()
    return float(null.value(np.array([[np.log(rate)]]), np.array([0]))[0])


def poisson_inference(
    problem: CountProblem, summit: Summit, *, penalty: CountPenalty, interval: CountInterval, level: float
) -> Inference:
    """Likelihood-ratio tests and limits of a Poisson fit."""

    def build(of: CountProblem, problems: int) -> Model:
        return of.poisson(problems, penalized=penalty == "firth")

    null, lr = null_log_likelihood(problem), None
    flat = np.ptp(problem.X[problem.weights > 0], axis=0) == 0.0
    if null is not None and len(problem.terms) > 1:
        if penalty == "none":
            lr = max(2.0 * (float(summit.value[0]) - null), 0.0)
        elif flat.any():
            lr = float(held_at_zero(problem, summit, build, [np.flatnonzero(~flat)])[0])
    return likelihood_inference(problem, summit, build, interval=interval, level=level, null=null, lr=lr)


def _fitted(problem: CountProblem, summit: Summit, penalty: CountPenalty) -> Fitted:
    value = float(problem.poisson().value(summit.parameters, np.array([0]))[0])
    return Fitted(
        parameters=summit.parameters[0], alpha=0.0, log_likelihood=value, iterations=summit.steps, penalty=penalty
    )
