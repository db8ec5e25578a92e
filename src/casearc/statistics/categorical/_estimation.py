"""One fit of a multinomial model, by either way of estimation, ready for intervals and tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import linalg

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix
from casearc.statistics.categorical import _batched_fit as batched
from casearc.statistics.categorical import _kernel as kernel
from casearc.statistics.categorical._batched_model import batch_of
from casearc.statistics.categorical._batched_profile import Profiled
from casearc.statistics.categorical._problem import Problem, refuse_if_separated

Penalty = Literal["none", "firth"]

FIRTH_TOLERANCE = 1e-9
"""Decrement at which a single Firth fit has settled, in standard errors."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Where a fit ended. `g` and its inverse information are in the orthonormal basis, `coefficients` in the terms.

    `objective` is the log-likelihood, under Firth's penalty with half the log determinant of the information in the
    orthonormal basis; only differences of it mean anything.
    """

    problem: Problem
    penalty: Penalty
    g: Matrix
    inverse_information: Matrix
    coefficients: Matrix
    log_likelihood: float
    objective: float
    iterations: int

    def profiled(self) -> Profiled:
        """The sample and its optimum, for constrained fits."""
        problem = self.problem
        used = problem.weights > 0
        return Profiled(
            X=problem.X[used],
            codes=problem.y[used],
            weights=problem.weights[used],
            levels=len(problem.levels),
            coefficients=self.coefficients,
            objective=self.objective,
            penalized=self.penalty == "firth",
        )


def estimate(problem: Problem, penalty: Penalty) -> Estimate:
    """Fit, or refuse: separated data under maximum likelihood, a fit that does not settle."""
    if penalty not in ("none", "firth"):
        raise StatisticsRefusedError('penalty is "none" or "firth".')
    return _firth(problem) if penalty == "firth" else _maximum_likelihood(problem)


def _maximum_likelihood(problem: Problem) -> Estimate:
    optimum = kernel.maximum_likelihood(problem.Q, problem.Y, problem.weights)
    if not optimum.exists:
        refuse_if_separated(problem)
    if not optimum.converged:
        raise _unsettled(', or use penalty="firth".')
    return Estimate(
        problem=problem,
        penalty="none",
        g=optimum.g,
        inverse_information=optimum.covariance,
        coefficients=_in_terms(problem, optimum.g),
        log_likelihood=optimum.log_likelihood,
        objective=optimum.log_likelihood,
        iterations=optimum.iterations,
    )


def _firth(problem: Problem) -> Estimate:
    """Maximize the log-likelihood plus half the log determinant of the information (Jeffreys' prior).

    Firth's (1993) adjusted score: of row i and level a half the trace of V_i times the third cumulants of the level's
    indicator, V_i being the covariance of the row's linear predictors. See Kosmidis & Firth (2011), Biometrika
    98:755-759.
    """
    batch = batch_of(problem.Q, problem.y, problem.weights[None], levels=len(problem.levels))
    start = np.zeros((len(problem.levels) - 1, len(problem.terms)))
    found = batched.fit(batch, start, penalized=True, tolerance=FIRTH_TOLERANCE)
    if not found.settled[0]:
        raise _unsettled(".")
    return Estimate(
        problem=problem,
        penalty="firth",
        g=found.g[0],
        inverse_information=batched.covariances(batch, found.g)[0],
        coefficients=_in_terms(problem, found.g[0]),
        log_likelihood=float(found.log_likelihood[0]),
        objective=float(found.objective[0]),
        iterations=int(found.steps[0]),
    )


def _unsettled(way_out: str) -> StatisticsRefusedError:
    return StatisticsRefusedError(
        "The fit did not settle: the data hardly bear on some coefficient.",
        alternative=f"Drop terms or merge levels{way_out}",
    )


def _in_terms(problem: Problem, g: Matrix) -> Matrix:
    return np.ascontiguousarray(linalg.solve_triangular(problem.R, g.T).T)


def in_terms(problem: Problem, covariance: Matrix) -> Matrix:
    """A covariance from the orthonormal basis in the terms: b = R^-1 g for each level."""
    free, k = len(problem.levels) - 1, len(problem.terms)
    inverse = linalg.solve_triangular(problem.R, np.eye(k))
    blocks = covariance.reshape(free, k, free, k)
    turned = np.einsum("ij,ajbl,ml->aibm", inverse, blocks, inverse, optimize=True)
    return np.asarray(turned.reshape(free * k, free * k), dtype=np.float64)
