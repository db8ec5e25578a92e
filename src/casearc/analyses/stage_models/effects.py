"""A model of levels in percentage points: how the probability of each level goes with one unit more."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from casearc.analyses.attempt import attempt
from casearc.analyses.dataset import StudyData
from casearc.analyses.model_frame import ModelFrame, Term, one_more
from casearc.analyses.stage_models.words import level_phrase, outcome_phrase
from casearc.analyses.wording import capital, interval_heading
from casearc.findings import Blank, Cell, Column, Interval, Number, Quantity, Row, Sentence, Table, Text
from casearc.statistics.categorical import (
    MarginalEffects,
    MultinomialFit,
    OrdinalFit,
    average_marginal_effects,
    ordinal_marginal_effects,
)

POINTS = 100.0
"""Percentage points in a probability of one."""

NOT_COMPUTED = "How the probability of each level goes with the terms of the model could not be computed."
AVERAGED = (
    "Averaged over the people as they are; what one level has more the others have less. A group is told against its "
    "reference. Intervals by the delta method."
)


def marginal_effects(frame: ModelFrame, fit: MultinomialFit | OrdinalFit) -> MarginalEffects | None:
    """Average marginal effects of the doses, or of all terms where there is no dose; None where refused."""
    told = [term.name for term in _told(frame)]
    groups: dict[str, list[str]] = {}
    for term in frame.terms[1:]:
        groups.setdefault(term.predictor, []).append(term.name)
    factors = [names for names in groups.values() if len(names) > 1]
    if isinstance(fit, OrdinalFit):
        return attempt(lambda: ordinal_marginal_effects(fit, frame.design[:, 1:], terms=told, factors=factors))
    return attempt(lambda: average_marginal_effects(fit, frame.design, terms=told, factors=factors))


def effects_table(data: StudyData, frame: ModelFrame, found: MarginalEffects | None) -> tuple[Table, ...]:
    """Percentage points by level, a heading for each term; no table where nothing could be computed."""
    if found is None:
        return ()
    rows = [row for term in _told(frame) for row in _rows(data, frame, found, term)]
    return (
        Table(
            id=f"effects_{frame.model.id}",
            title=f"{capital(outcome_phrase(data, frame))}: probability of each level for one unit more",
            columns=(
                Column("level", "Level"),
                Column("estimate", "Percentage points"),
                Column("conf", interval_heading(found.level)),
            ),
            rows=tuple(rows),
            notes=(Sentence(AVERAGED),),
        ),
    )


def effect_sentences(data: StudyData, frame: ModelFrame, found: MarginalEffects | None) -> Iterator[Sentence]:
    """One a dose, on the level whose probability goes with it most."""
    if found is None:
        yield Sentence(NOT_COMPUTED)
        return
    for term in (term for term in frame.terms if term.is_dose):
        column = found.terms.index(term.name)
        level = _most(found, column)
        points, interval = _points(frame, found, level, column)
        yield Sentence(
            f"{one_more(term)} was associated with a probability of {level_phrase(data, frame, level)} in "
            f"{outcome_phrase(data, frame)} that differs by {{points}} percentage points ({{interval}})"
            f"{'' if len(found.levels) == 2 else ', the most of all levels'}.",
            {"points": points, "interval": interval},
        )


def _most(found: MarginalEffects, column: int) -> int:
    """The level whose probability goes with a term most; of two the one that is not the reference."""
    return 1 if len(found.levels) == 2 else int(np.abs(found.estimate[:, column]).argmax())


def _told(frame: ModelFrame) -> tuple[Term, ...]:
    return tuple(term for term in frame.terms if term.is_dose) or frame.terms[1:]


def _rows(data: StudyData, frame: ModelFrame, found: MarginalEffects, term: Term) -> Iterator[Row]:
    column = found.terms.index(term.name)
    yield Row((Text(term.label), Blank(), Blank()), heading=True)
    for level in range(len(frame.outcome_levels)):
        name = Text(capital(level_phrase(data, frame, level)))
        yield Row((name, *_points(frame, found, level, column)), indent=1)


def _points(frame: ModelFrame, found: MarginalEffects, level: int, column: int) -> tuple[Cell, Cell]:
    value, low, high = (POINTS * float(of[level, column]) for of in (found.estimate, found.low, found.high))
    return (
        Number(value, Quantity.DIFFERENCE, frame.key),
        Interval(low, high, found.level, Quantity.DIFFERENCE, frame.key),
    )
