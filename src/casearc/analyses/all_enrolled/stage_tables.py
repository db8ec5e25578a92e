"""Tables of models of levels on everybody enrolled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from casearc.analyses.all_enrolled.pooled_levels import LevelFit, PooledLevels
from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import ENROLLED
from casearc.analyses.model_frame import ModelFrame
from casearc.analyses.stage_models import against, odds_interval
from casearc.analyses.wording import capital, interval_heading
from casearc.findings import Blank, Cell, Column, CountRef, Number, Quantity, Row, Sentence, Table, Text

MISSING = (
    "Missing information: the share of what the answer could rest on that is missing. Intervals by Rubin's rules for "
    "everybody, and as in the model itself for those who stayed; clusters are left aside for everybody."
)
SHIFTED = (
    "Whoever left is put one level earlier, or later, than was filled in, as far as there are levels. Whether that is "
    "believable is for the reader to judge, not for a test."
)


def beside_table(data: StudyData, frame: ModelFrame, fit: LevelFit, pooled: PooledLevels) -> Table:
    """Odds ratios of the doses: a heading for each, two rows an equation."""
    rows = [row for position in frame.dose_positions() for row in _rows(data, frame, fit, pooled, position)]
    notes = [Sentence(MISSING)]
    if pooled.penalized:
        notes.append(Sentence("Every filled table was fitted with the penalty."))
    return Table(
        id=f"all_enrolled_{frame.model.id}",
        title="Those who stayed and everybody enrolled",
        columns=(
            Column("level", "Odds of …"),
            Column("who", "Who"),
            Column("n", "n"),
            Column("odds_ratio", "Odds ratio"),
            Column("conf", interval_heading(fit.level)),
            Column("fmi", "Missing information"),
        ),
        rows=tuple(rows),
        notes=tuple(notes),
    )


def _rows(data: StudyData, frame: ModelFrame, fit: LevelFit, pooled: PooledLevels, position: int) -> Iterator[Row]:
    yield Row((Text(frame.terms[position].label), *(Blank() for _ in range(5))), heading=True)
    own = [
        np.atleast_2d(of)[:, position - (fit.coefficients.ndim == 1)] for of in (fit.coefficients, fit.low, fit.high)
    ]
    for equation in range(len(pooled.coefficients)):
        level = Text(capital(against(data, frame, equation)))
        stayed = _odds(*(float(of[equation]) for of in own), level=fit.level, key=frame.key)
        at = (equation, position - 1)
        everybody = _odds(
            *(float(of[at]) for of in (pooled.coefficients, pooled.low, pooled.high)), level=fit.level, key=ENROLLED
        )
        missing = Number(float(pooled.fmi[at]), Quantity.PROPORTION, ENROLLED)
        yield Row((level, Text("those who stayed"), CountRef(frame.key), *stayed, Blank()), indent=1)
        yield Row((Blank(), Text("everybody enrolled, imputed"), CountRef(ENROLLED), *everybody, missing), indent=1)


def _odds(value: float, low: float, high: float, *, level: float, key: str) -> tuple[Cell, Cell]:
    return Number(float(np.exp(value)), Quantity.RATIO, key), odds_interval(low, high, level=level, key=key)


def shift_table(
    data: StudyData, frame: ModelFrame, pooled: PooledLevels, shifted: Sequence[tuple[int, PooledLevels]]
) -> tuple[Table, ...]:
    """The first dose where those who left fared one level otherwise; no table where nobody is shifted."""
    if not shifted:
        return ()
    told = {-1: "one level earlier", 0: "as filled in", 1: "one level later"}
    level, at = 1 - data.plan.inference.alpha, frame.dose_positions()[0] - 1
    rows = tuple(
        Row(
            (
                Text(capital(told[by])),
                *_odds(
                    *(float(of[0, at]) for of in (each.coefficients, each.low, each.high)), level=level, key=ENROLLED
                ),
            )
        )
        for by, each in sorted((*shifted, (0, pooled)), key=lambda pair: pair[0])
    )
    return (
        Table(
            id=f"tipping_{frame.model.id}",
            behind=True,
            title="If those who left fared otherwise than their data predict",
            columns=(
                Column("shift", "Those who left"),
                Column("odds_ratio", "Odds ratio of a later level"),
                Column("conf", interval_heading(level)),
            ),
            rows=rows,
            notes=(Sentence(SHIFTED),),
        ),
    )
