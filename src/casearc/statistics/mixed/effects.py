"""How each participant departs from the average course."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, frozen
from casearc.statistics.mixed._problem import problem_of
from casearc.statistics.mixed.fit import MixedFit
from casearc.statistics.results import Result, Row


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


def random_effects(
    fit: MixedFit,
    design: ArrayLike,
    response: ArrayLike,
    *,
    groups: ArrayLike,
    random: ArrayLike | None = None,
) -> RandomEffects:
    """How each participant departs from the average course, drawn toward it by how little is known of them.

    Arguments are those of `mixed`, on the rows the fit was made from. For the case manager's eye, never for a table: it
    is one number a participant. The fit itself keeps no participant's measurements.

    Raises
    ------
    StatisticsRefusedError
        What `mixed` refuses; a fit with clusters; other rows than those of the fit.

    Notes
    -----
    Robinson (1991), Statistical Science 6:15-32. Checked against R's ``lme4::ranef``.

    Examples
    --------
    >>> from casearc.statistics.mixed import mixed
    >>> X, y, person = np.ones((6, 1)), np.array([1.0, 2.0, 4.0, 5.0, 8.0, 7.0]), [1, 1, 2, 2, 3, 3]
    >>> fit = mixed(X, y, groups=person, terms=["mean"])
    >>> (random_effects(fit, X, y, groups=person).values.round(2) + 0.0).ravel().tolist()
    [-2.92, 0.0, 2.92]
    """
    if fit.clusters is not None:
        raise StatisticsRefusedError(
            "Random effects of participants within clusters are not offered.",
            alternative="Fit the model without clusters to look at participants.",
        )
    correlated = fit.fitted.structure.correlated
    problem = problem_of(
        design, response, groups, random, terms=fit.terms, random_terms=fit.random_terms, correlated=correlated
    )
    if problem.data.c.shape != fit.fitted.data.c.shape or not np.allclose(problem.data.s, fit.fitted.data.s):
        raise StatisticsRefusedError(
            "These are not the rows the model was fitted to.", alternative="Pass the same design, outcome and groups."
        )
    pulled = problem.parts.b @ fit.fitted.at.v
    own = (fit.fitted.at.factor @ np.swapaxes(fit.fitted.at.factor, -1, -2)) @ problem.units.own.T
    ell = fit.fitted.at.ell[problem.parts.pattern]
    values = ((ell @ pulled[..., None])[..., 0] @ own) * problem.units.scale
    return RandomEffects(labels=tuple(map(str, problem.labels)), terms=fit.random_terms, values=frozen(values))
