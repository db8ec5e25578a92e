"""The odds ratios of the doses beside intervals that need no formula: the model refitted to people drawn anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from casearc.analyses.attempt import attempt
from casearc.analyses.dataset import StudyData
from casearc.analyses.model_frame import ModelFrame
from casearc.analyses.stage_models.words import against, odds_interval
from casearc.analyses.wording import capital, interval_heading
from casearc.findings import Blank, Cell, Column, Number, Quantity, Row, Sentence, Table, Text
from casearc.statistics.categorical import MultinomialFit, OrdinalFit, multinomial_draws, ordinal_draws
from casearc.statistics.resampling import case_weights, percentile_interval

Floats = npt.NDArray[np.float64]

NOT_DRAWN = "Intervals from people drawn anew could not be computed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrawn:
    """Limits of log odds ratios, shape (equations, terms), the constant left out; shares of the draws, 0 to 1."""

    low: Floats
    high: Floats
    level: float
    draws: int
    separated: float
    failed: float


def redrawn_table(
    data: StudyData, frame: ModelFrame, fit: MultinomialFit | OrdinalFit
) -> tuple[tuple[Sentence, ...], tuple[Table, ...]]:
    """A table of the doses, where the plan asks for a bootstrap and the model has a dose; else a note, or nothing."""
    if not data.plan.inference.bootstrap or not frame.dose_positions():
        return (), ()
    found = attempt(lambda: _redrawn(data, frame, fit))
    if found is None:
        return (Sentence(NOT_DRAWN),), ()
    return (), (_table(data, frame, fit, found),)


def _redrawn(data: StudyData, frame: ModelFrame, fit: MultinomialFit | OrdinalFit) -> Redrawn:
    """Whole people are drawn, within site where the plan has sites as clusters; each draw with the fit's penalty."""
    codes = frame.outcome.astype(np.intp)
    weights = case_weights(
        frame.n,
        draws=data.plan.inference.bootstrap,
        rng_or_seed=data.plan.seed,
        strata=frame.clusters if frame.model.cluster == "site" else None,
    )
    names, levels = [term.name for term in frame.terms], frame.outcome_levels
    refits: npt.NDArray[np.float64]
    if isinstance(fit, OrdinalFit):
        X = frame.design[:, 1:]
        drawn = ordinal_draws(X, codes, weights, terms=names[1:], levels=levels, penalty=fit.penalty)
        refits = drawn.coefficients[:, None, :]
        separated = drawn.separated
    else:
        many = multinomial_draws(frame.design, codes, weights, terms=names, levels=levels, penalty=fit.penalty)
        refits = many.coefficients[:, :, 1:]
        separated = many.separated
    shape, draws = refits.shape[1:], len(weights)
    limits = percentile_interval(refits.reshape(len(refits), -1), fit.level, participants=frame.n)
    return Redrawn(
        low=limits.low.reshape(shape),
        high=limits.high.reshape(shape),
        level=fit.level,
        draws=draws,
        separated=float(separated.sum()) / draws,
        failed=1.0 - len(refits) / draws,
    )


def _table(data: StudyData, frame: ModelFrame, fit: MultinomialFit | OrdinalFit, found: Redrawn) -> Table:
    rows = [row for position in frame.dose_positions() for row in _rows(data, frame, fit, found, position)]
    heading = interval_heading(found.level)
    return Table(
        id=f"redrawn_{frame.model.id}",
        behind=True,
        title="The dose again, on people drawn anew",
        columns=(
            Column("level", "Odds of …"),
            Column("odds_ratio", "Odds ratio"),
            Column("conf", f"{heading}, as above"),
            Column("bootstrap_conf", f"{heading}, people drawn anew"),
        ),
        rows=tuple(rows),
        notes=(_how(frame, fit, found),),
    )


def _rows(
    data: StudyData, frame: ModelFrame, fit: MultinomialFit | OrdinalFit, found: Redrawn, position: int
) -> Iterator[Row]:
    yield Row((Text(frame.terms[position].label), Blank(), Blank(), Blank()), heading=True)
    ordered = isinstance(fit, OrdinalFit)
    values, low, high = (
        (np.atleast_2d(of) if ordered else of[:, 1:])[:, position - 1] for of in (fit.coefficients, fit.low, fit.high)
    )
    for equation in range(len(values)):
        at = (equation, position - 1)
        cells: tuple[Cell, ...] = (
            Number(float(np.exp(values[equation])), Quantity.RATIO, frame.key),
            odds_interval(float(low[equation]), float(high[equation]), level=found.level, key=frame.key),
            odds_interval(float(found.low[at]), float(found.high[at]), level=found.level, key=frame.key),
        )
        yield Row((Text(capital(against(data, frame, equation))), *cells), indent=1)


def _how(frame: ModelFrame, fit: MultinomialFit | OrdinalFit, found: Redrawn) -> Sentence:
    where = ", as many at each site as there are," if frame.model.cluster == "site" else ""
    if fit.penalty == "none":
        kept = "{separated} of the draws told levels apart without exception and were fitted with a penalty"
    else:
        kept = "every draw was fitted with the penalty of the model, whose profile interval is here the better one"
    return Sentence(
        f"People were drawn anew{where} {{draws}} times, each whole, and the model refitted; the limits are expanded "
        f"percentiles. Of all draws, {{failed}} had no fit; {kept}.",
        {
            "draws": Number(float(found.draws), Quantity.LEVEL),
            "failed": Number(found.failed, Quantity.PROPORTION, frame.key),
            **({"separated": Number(found.separated, Quantity.PROPORTION, frame.key)} if fit.penalty == "none" else {}),
        },
    )
