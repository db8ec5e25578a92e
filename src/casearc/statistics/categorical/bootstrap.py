"""Bootstrap intervals of a multinomial model: coefficients, marginal effects, average probabilities, risk ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Vector, Whole, confidence, finite, frozen, listed
from casearc.statistics.categorical import _marginal as marginal
from casearc.statistics.categorical._batched_model import Array
from casearc.statistics.categorical._estimation import Estimate, Penalty, estimate
from casearc.statistics.categorical._problem import Problem, problem_of
from casearc.statistics.categorical.draws import refit_all
from casearc.statistics.resampling import bootstrap, percentile_interval
from casearc.statistics.results import Result, Row


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BootstrapMultinomial(Result):
    """Bootstrap intervals of a multinomial model.

    Arrays have shape (q,), one entry a quantity: `quantities` says what it is, `y_levels` of which level and `terms` of
    which term or design.

    Attributes
    ----------
    quantities
        ``"coefficient"`` (against the first level), ``"marginal effect"``, ``"average probability"`` (at a design),
        ``"risk ratio"`` (of a design to the first one).
    se
        Standard deviation of the draws.
    percentile_low, percentile_high, bca_low, bca_high
        Limits; infinite (open) where none could be had, which `notes` tell.
    draws, failed, separated
        Draws made; those without a fit, which were left out; those on which maximum likelihood had no answer and
        Firth's fit was taken.
    """

    quantities: tuple[str, ...]
    y_levels: tuple[str, ...]
    terms: tuple[str, ...]
    estimate: Vector
    se: Vector
    percentile_low: Vector
    percentile_high: Vector
    bca_low: Vector
    bca_high: Vector
    level: float
    penalty: Penalty
    draws: int
    failed: int
    separated: int
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a quantity; the interval under `conf_low` and `conf_high` is BCa's."""
        figures = (self.estimate, self.se, self.bca_low, self.bca_high, self.percentile_low, self.percentile_high)
        names = ("estimate", "std_error", "conf_low", "conf_high", "percentile_low", "percentile_high")
        return [
            {
                "quantity": quantity,
                "y_level": y_level,
                "term": term,
                **{name: float(of[i]) if np.isfinite(of[i]) else None for name, of in zip(names, figures, strict=True)},
            }
            for i, (quantity, y_level, term) in enumerate(zip(self.quantities, self.y_levels, self.terms, strict=True))
        ]


@dataclass(frozen=True, slots=True)
class _Quantities:
    """What is computed from the coefficients of each draw, and its names."""

    problem: Problem
    indicators: Mapping[int, tuple[int, ...]]
    slopes: tuple[int, ...]
    designs: Array
    labels: tuple[str, ...]

    def names(self) -> list[tuple[str, str, str]]:
        levels, terms = self.problem.levels, self.problem.terms
        found = [("coefficient", level, term) for level in levels[1:] for term in terms]
        moved = [terms[i] for i in (*self.slopes, *self.indicators)]
        found += [("marginal effect", level, term) for term in moved for level in levels]
        found += [("average probability", level, label) for label in self.labels for level in levels]
        return found + [("risk ratio", level, label) for label in self.labels[1:] for level in levels]

    def values(self, b: Array, weights: Matrix) -> Matrix:
        """Shape (draws, q), from coefficients (draws, J - 1, k); averages are over each draw's participants."""
        X = self.problem.X
        shares = weights / weights.sum(axis=1, keepdims=True)
        P = marginal.level_probabilities(b, X)
        parts = [b.reshape(b.shape[0], -1), *(marginal.slope(b, P, shares, i) for i in self.slopes)]
        for column, others in self.indicators.items():
            off, on = (self._average(b, rows, shares) for rows in marginal.switched(X, column, others))
            parts.append(on - off)
        at = [self._average(b, rows, shares) for rows in self.designs]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = [np.where(at[0] > 0, each / at[0], np.nan) for each in at[1:]]
        return np.concatenate([*parts, *at, *ratios], axis=1)

    @staticmethod
    def _average(b: Array, rows: Matrix, shares: Matrix) -> Matrix:
        return marginal.average(marginal.level_probabilities(b, rows), shares)


class _Refits:
    """The statistic that is bootstrapped; it keeps what it gave, in the order it was asked."""

    def __init__(self, sample: Estimate, quantities: _Quantities) -> None:
        self.sample, self.quantities = sample, quantities
        self.values: list[Matrix] = []
        self.separated: list[np.ndarray] = []

    def __call__(self, weights: Whole) -> Matrix:
        w = weights.astype(np.float64)
        fits = refit_all(self.sample, w)
        values = np.full((w.shape[0], len(self.quantities.names())), np.nan)
        sound = np.isfinite(fits.log_likelihood)
        if sound.any():
            values[sound] = self.quantities.values(fits.coefficients[sound], w[sound])
        self.values.append(values)
        self.separated.append(fits.separated)
        return values


def bootstrap_multinomial(
    design: ArrayLike,
    outcome: ArrayLike,
    *,
    terms: Sequence[str],
    levels: Sequence[str],
    rng_or_seed: np.random.Generator | int,
    penalty: Penalty = "none",
    draws: int = 2000,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    designs: Mapping[str, ArrayLike] | None = None,
    factors: Sequence[Sequence[str]] = (),
    level: float = 0.95,
) -> BootstrapMultinomial:
    """Bootstrap the coefficients, the average marginal effects and average probabilities, participants drawn whole.

    Use it beside the profile or delta-method intervals, as a check that needs no formula; in small or sparse samples
    the profile of the Firth fit is the better interval of a coefficient.

    Parameters
    ----------
    design, outcome, terms, levels, penalty, level
        As in `multinomial`.
    rng_or_seed, strata, clusters
        As in `casearc.statistics.resampling.case_weights`; clusters are rows drawn together.
    draws
        Bootstrap samples.
    designs
        Everybody's rows (n, k) with, say, the dose set to a value, by a label: average probabilities at each, and
        their ratio to those at the first.
    factors
        As in `average_marginal_effects`.

    Raises
    ------
    StatisticsRefusedError
        What `multinomial` and `casearc.statistics.resampling.bootstrap` refuse; designs that do not fit the model.

    Notes
    -----
    Under maximum likelihood a separated draw takes Firth's estimate (leaving such draws out would keep only the mild
    ones); `separated` counts them and a note prints their share. Where they are many, use ``penalty="firth"``.

    Examples
    --------
    >>> X = [[1, dose] for dose in range(12)]
    >>> y = [0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 0, 1]
    >>> result = bootstrap_multinomial(X, y, terms=["constant", "dose"], levels=["same", "advanced"], rng_or_seed=1)
    >>> result.terms[1], bool(result.percentile_low[1] < result.estimate[1] < result.percentile_high[1])
    ('dose', True)
    """
    confidence(level)
    problem = problem_of(design, outcome, terms, levels, None)
    quantities = _quantities(problem, designs or {}, factors)
    refits = _Refits(estimate(problem, penalty), quantities)
    names = quantities.names()
    labels = [f"{quantity} of {term}, {y_level}" for quantity, y_level, term in names]
    bca = bootstrap(
        refits,
        problem.y.size,
        draws=draws,
        rng_or_seed=rng_or_seed,
        strata=strata,
        clusters=clusters,
        method="BCa",
        level=level,
        terms=labels,
    )
    replicates = np.concatenate(refits.values)[1 : draws + 1]  # after the sample itself, before the jackknife
    separated = int(np.concatenate(refits.separated)[1 : draws + 1].sum())
    percentile = percentile_interval(replicates, level, terms=labels)
    share = (
        (f"{separated:,} of {draws:,} draws ({separated / draws:.1%}) were separated and fitted with Firth's penalty.",)
        if separated
        else ()
    )
    return BootstrapMultinomial(
        quantities=tuple(quantity for quantity, _, _ in names),
        y_levels=tuple(y_level for _, y_level, _ in names),
        terms=tuple(term for _, _, term in names),
        estimate=frozen(refits.values[0][0]),
        se=bca.se,
        percentile_low=percentile.low,
        percentile_high=percentile.high,
        bca_low=bca.low,
        bca_high=bca.high,
        level=level,
        penalty=penalty,
        draws=draws,
        failed=int(bca.failed.max()),
        separated=separated,
        notes=(*share, *bca.notes),
    )


def _quantities(problem: Problem, designs: Mapping[str, ArrayLike], factors: Sequence[Sequence[str]]) -> _Quantities:
    unknown = [term for factor in factors for term in factor if term not in problem.terms]
    if unknown:
        raise StatisticsRefusedError(
            f"The model has no term {listed(unknown)}.", alternative=f"Its terms are {listed(problem.terms)}."
        )
    groups = [tuple(problem.terms.index(term) for term in factor) for factor in factors]
    varying = [int(i) for i in np.flatnonzero(np.ptp(problem.X, axis=0) > 0.0)]
    switches = [i for i in varying if np.isin(problem.X[:, i], (0.0, 1.0)).all()]
    stack = [finite(rows, name="The designs") for rows in designs.values()]
    if any(rows.shape != problem.X.shape for rows in stack):
        raise StatisticsRefusedError(
            "A design to average over must hold everybody's rows with the columns of the model.",
            alternative="Change one column of the model's own design.",
        )
    return _Quantities(
        problem=problem,
        indicators={i: tuple(j for group in groups if i in group for j in group if j != i) for i in switches},
        slopes=tuple(i for i in varying if i not in switches),
        designs=np.stack(stack) if stack else np.zeros((0, *problem.X.shape)),
        labels=tuple(designs),
    )
