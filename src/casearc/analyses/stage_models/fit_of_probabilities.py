"""Whether a multinomial model's probabilities are right on average, and how much of that is optimism."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casearc.analyses.attempt import attempt
from casearc.analyses.dataset import StudyData
from casearc.analyses.model_frame import ModelFrame
from casearc.analyses.stage_models.words import against
from casearc.analyses.wording import capital
from casearc.findings import Blank, Cell, Column, Number, Quantity, Role, Row, Sentence, Table, TestRun, Text
from casearc.statistics.categorical import Calibration, MultinomialFit, calibration
from casearc.study.wording import model_label

DRAWS = 200
"""Draws for the optimism: an average, which needs fewer than a limit."""

NO_SLOPE = (
    "Whether the model's probabilities are right could not be judged: they tell levels apart without exception, or "
    "too few people are at some level."
)
OPTIMISM = (
    "On the very people it was fitted to, a model looks better than it will on others: by maximum likelihood its "
    "slopes are one whatever it is worth. The second column takes off the optimism that refits to people drawn anew "
    "show. Below one, predicted probabilities are too extreme for other people; above one, too timid."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationTold:
    """What a body takes in."""

    sentences: tuple[Sentence, ...] = ()
    tables: tuple[Table, ...] = ()
    tests: tuple[TestRun, ...] = ()


def calibration_told(data: StudyData, frame: ModelFrame, fit: MultinomialFit) -> CalibrationTold:
    """Slopes with and without optimism, and the test over groups; a plain note where there is no slope."""
    found = attempt(lambda: _calibration(data, frame, fit))
    if found is None or found.slopes is None:
        return CalibrationTold(sentences=(Sentence(NO_SLOPE),))
    tests = () if found.p is None else (_test(frame, found.p),)
    return CalibrationTold(sentences=_sentence(frame, found.p), tables=(_table(data, frame, found),), tests=tests)


def _calibration(data: StudyData, frame: ModelFrame, fit: MultinomialFit) -> Calibration:
    return calibration(
        frame.design,
        frame.outcome.astype(np.intp),
        terms=[term.name for term in frame.terms],
        levels=frame.outcome_levels,
        penalty=fit.penalty,
        draws=DRAWS if data.plan.inference.bootstrap else 0,
        rng_or_seed=data.plan.seed,
    )


def _sentence(frame: ModelFrame, p: float | None) -> tuple[Sentence, ...]:
    """The test's χ² and df stay away: together with p they would tell how many groups of ten people there were."""
    if p is None:
        return ()
    return (
        Sentence(
            "Do predicted shares agree with those observed, in groups of people alike in what is predicted? "
            "Generalized Hosmer-Lemeshow test: {p}; in groups as small as here it is rough and seldom finds anything.",
            {"p": Number(p, Quantity.P_VALUE, frame.key)},
        ),
    )


def _table(data: StudyData, frame: ModelFrame, found: Calibration) -> Table:
    slopes, corrected = found.slopes, found.corrected_slopes

    def row(equation: int) -> Row:
        own: Cell = Blank() if slopes is None else Number(float(slopes[equation]), Quantity.RATIO, frame.key)
        less: Cell = Blank()
        if corrected is not None:
            less = Number(float(corrected[equation]), Quantity.RATIO, frame.key)
        return Row((Text(capital(against(data, frame, equation))), own, less))

    notes = [Sentence(OPTIMISM)]
    if corrected is None:
        notes.append(Sentence("The optimism could not be, or by the plan is not, estimated from people drawn anew."))
    return Table(
        id=f"calibration_{frame.model.id}",
        behind=True,
        title="Are the model's probabilities right?",
        columns=(
            Column("equation", "Odds of …"),
            Column("slope", "Calibration slope, same people"),
            Column("corrected", "Less optimism"),
        ),
        rows=tuple(row(equation) for equation in range(len(frame.outcome_levels) - 1)),
        notes=tuple(notes),
    )


def _test(frame: ModelFrame, p: float) -> TestRun:
    title = model_label(frame.model)
    return TestRun(
        id=f"dose_response.{frame.model.id}.calibration",
        label=f"{capital(title)}: do predicted shares agree with those observed (Hosmer-Lemeshow)",
        p=p,
        n_key=frame.key,
        role=Role.DESCRIPTIVE,
    )
