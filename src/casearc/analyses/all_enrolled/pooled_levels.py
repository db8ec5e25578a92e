"""A model of levels fitted to each filled table and pooled: odds ratios, and a test of each dose over all levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casearc.analyses.attempt import attempt
from casearc.analyses.model_frame import ModelFrame
from casearc.errors import StatisticsRefusedError
from casearc.statistics.categorical import MultinomialFit, OrdinalFit, multinomial, ordinal
from casearc.statistics.imputation import Pooled, d1_test, d4_test, pool_fits
from casearc.study import ModelKind, Penalty

Floats = npt.NDArray[np.float64]
LevelFit = MultinomialFit | OrdinalFit

LIKELIHOOD_RATIO = "likelihood ratio pooled by Chan and Meng (D4)"
WALD = "Wald test pooled by Li, Raghunathan and Rubin (D1)"
SLOPE = "t of the pooled slope"


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledLevels:
    """Log odds ratios and fractions of missing information, (equations, terms without the constant).

    `p` are those of the doses, by the test named in `how`; empty where none was asked for.
    """

    pooled: Pooled
    coefficients: Floats
    low: Floats
    high: Floats
    fmi: Floats
    p: tuple[float, ...]
    how: str
    penalized: bool


def pool_levels(frame: ModelFrame, designs: Floats, outcomes: Floats, *, level: float, tested: bool) -> PooledLevels:
    """Fit by maximum likelihood, or by the penalty wherever one table has no such fit or the plan has it so.

    Raises StatisticsRefusedError where it cannot be fitted to every table.
    """
    fits: Sequence[LevelFit] | None = None
    if frame.model.penalty is not Penalty.FIRTH:
        fits = attempt(lambda: _fits(frame, designs, outcomes, penalized=False, level=level))
    penalized = fits is None
    if fits is None:
        if frame.model.penalty is Penalty.NONE:
            raise StatisticsRefusedError("Some filled table has no finite estimate, and the plan wants no penalty.")
        fits = _fits(frame, designs, outcomes, penalized=True, level=level)
    pooled = pool_fits(fits, level=level)
    how, p = _tests(frame, designs, outcomes, fits, pooled) if tested else ("", ())
    slopes = len(frame.terms) - 1
    coefficients, low, high, fmi = (
        _equations(frame, of, slopes) for of in (pooled.coefficients, pooled.low, pooled.high, pooled.fmi)
    )
    return PooledLevels(
        pooled=pooled, coefficients=coefficients, low=low, high=high, fmi=fmi, p=p, how=how, penalized=penalized
    )


def _equations(frame: ModelFrame, values: Floats, slopes: int) -> Floats:
    """Pooled values without constants, and without the thresholds that an ordinal model's begin with."""
    if frame.model.kind is ModelKind.ORDINAL:
        return values[None, -slopes:]
    return values.reshape(len(frame.outcome_levels) - 1, slopes + 1)[:, 1:]


def _fits(
    frame: ModelFrame, designs: Floats, outcomes: Floats, *, penalized: bool, level: float
) -> tuple[LevelFit, ...]:
    pairs = zip(designs, outcomes.astype(np.intp), strict=True)
    return tuple(_fit(frame, X, y, penalized=penalized, level=level) for X, y in pairs)


def _fit(frame: ModelFrame, X: Floats, y: npt.NDArray[np.intp], *, penalized: bool, level: float) -> LevelFit:
    """Wald errors: only they are pooled."""
    names, levels = [term.name for term in frame.terms], frame.outcome_levels
    if frame.model.kind is ModelKind.ORDINAL:
        penalty = "jeffreys" if penalized else "none"
        return ordinal(X[:, 1:], y, terms=names[1:], levels=levels, penalty=penalty, interval="wald", level=level)  # type: ignore[arg-type]
    return multinomial(
        X, y, terms=names, levels=levels, penalty="firth" if penalized else "none", interval="wald", level=level
    )


def _tests(
    frame: ModelFrame, designs: Floats, outcomes: Floats, fits: Sequence[LevelFit], pooled: Pooled
) -> tuple[str, tuple[float, ...]]:
    """One coefficient a dose needs no joint test; of several, by the likelihood where there is one, else by Wald."""
    names = [frame.terms[position].name for position in frame.dose_positions()]
    if frame.model.kind is ModelKind.ORDINAL:
        return SLOPE, tuple(float(pooled.p[pooled.find(name)]) for name in names)
    ratios = None
    if all(fit.penalty == "none" for fit in fits):
        ratios = attempt(lambda: _likelihood_ratios(frame, designs, outcomes, fits))
    if ratios is not None:
        return LIKELIHOOD_RATIO, ratios
    return WALD, tuple(d1_test(pooled, [name]).p for name in names)


def _likelihood_ratios(
    frame: ModelFrame, designs: Floats, outcomes: Floats, fits: Sequence[LevelFit]
) -> tuple[float, ...]:
    full = [fit.log_likelihood for fit in fits]
    full_stacked = _log_likelihood(frame, _below(designs), outcomes.ravel())
    found = []
    for position in frame.dose_positions():
        without = np.delete(designs, position, axis=2)
        reduced = [_log_likelihood(frame, X, y) for X, y in zip(without, outcomes, strict=True)]
        stacked = _log_likelihood(frame, _below(without), outcomes.ravel())
        df = len(frame.outcome_levels) - 1
        found.append(d4_test(full, reduced, full_stacked=full_stacked, reduced_stacked=stacked, df=df).p)
    return tuple(found)


def _below(designs: Floats) -> Floats:
    """All filled tables one below the other."""
    return designs.reshape(-1, designs.shape[2])


def _log_likelihood(frame: ModelFrame, X: Floats, y: Floats) -> float:
    names = [f"term {i}" for i in range(X.shape[1])]
    return multinomial(X, y.astype(np.intp), terms=names, levels=frame.outcome_levels).log_likelihood
