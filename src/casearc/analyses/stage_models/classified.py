"""How many people a multinomial model puts at the level where they are, each judged by the fit to the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from casearc.analyses.attempt import attempt
from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import Ledger
from casearc.analyses.model_frame import ModelFrame, level_key
from casearc.analyses.stage_models.words import level_phrase, outcome_phrase
from casearc.analyses.wording import capital
from casearc.findings import Cell, Column, CountRef, Number, Quantity, Row, Sentence, ShareRef, Table, Text
from casearc.statistics.categorical import ClassificationTable, MultinomialFit, classification_table
from casearc.statistics.contingency import kappa

NOT_CLASSIFIED = "How many people the model puts at the level where they are could not be worked out."
HOW = (
    "Each person is put at the most probable level by the model fitted to the others, so that nobody is judged by a "
    "fit that has seen them. It describes the model; a good one may never name a rare level."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """What the finest body takes in."""

    sentences: tuple[Sentence, ...]
    tables: tuple[Table, ...] = ()


def classified(data: StudyData, frame: ModelFrame, ledger: Ledger, fit: MultinomialFit) -> Classified:
    """A table of people by level and most probable level, and how often the two are the same."""
    found = attempt(
        lambda: classification_table(
            frame.design,
            frame.outcome.astype(np.intp),
            terms=[term.name for term in frame.terms],
            levels=frame.outcome_levels,
            penalty=fit.penalty,
        )
    )
    if found is None:
        return Classified(sentences=(Sentence(NOT_CLASSIFIED),))
    cells, right = _keys(frame, ledger, found)
    return Classified(
        sentences=(_sentence(data, frame, ledger, found, right),),
        tables=(_table(data, frame, cells),),
    )


def _keys(frame: ModelFrame, ledger: Ledger, found: ClassificationTable) -> tuple[list[list[str]], str]:
    """Keys of cells and of those put right; people whom no fit to the others could place are apart.

    Columns are not added up: counts tied both ways would leave the coarser tellings less room outside the house.
    """
    levels, size = frame.outcome_levels, range(len(frame.outcome_levels))
    cells = [[f"{frame.key}:put {a}>{b}" for b in levels] for a in levels]
    counts = {cells[i][j]: int(found.table[i, j]) for i in size for j in size}
    for i in size:
        row = level_key(frame, "outcome", levels[i])
        placed = {key: counts[key] for key in cells[i]}
        lost = ledger.counts[row] - sum(placed.values())
        ledger.split(row, placed | ({f"{frame.key}:not put {levels[i]}": lost} if lost else {}))
    right = f"{frame.key}:put right"
    ledger.split(right, {cells[i][i]: counts[cells[i][i]] for i in size})
    return cells, right


def _sentence(data: StudyData, frame: ModelFrame, ledger: Ledger, found: ClassificationTable, right: str) -> Sentence:
    """Accuracy and kappa beside what naming the largest level for everybody would get."""
    largest = int(np.bincount(frame.outcome.astype(np.intp)).argmax())
    seen = f"{frame.key}:put right by the fit that has seen them"
    apparent = round(found.apparent_accuracy * frame.n)
    ledger.subset(frame.key, seen, apparent, rest=f"{seen}, not")
    agreement = attempt(lambda: kappa(found.table, level=1 - data.plan.inference.alpha))
    beyond = "agreement beyond chance κ = {kappa}" if agreement else "agreement beyond chance cannot be told"
    slots: dict[str, Cell] = {
        "right": ShareRef(right, frame.key),
        "seen": ShareRef(seen, frame.key),
        "largest": ShareRef(level_key(frame, "outcome", frame.outcome_levels[largest]), frame.key),
    }
    if agreement:
        slots["kappa"] = Number(agreement.estimate, Quantity.RELIABILITY, frame.key)
    return Sentence(
        f"The model puts {{right}} of people at the level where they are ({beyond}); naming "
        f"{level_phrase(data, frame, largest)} for everybody would get {{largest}} right. Judged on the very people it "
        "was fitted to, it would look like {seen}.",
        slots,
    )


def _table(data: StudyData, frame: ModelFrame, cells: list[list[str]]) -> Table:
    names = [capital(level_phrase(data, frame, level)) for level in range(len(cells))]
    rows = [
        Row((Text(name), *(CountRef(key) for key in cells[i]), CountRef(_row_key(frame, i))))
        for i, name in enumerate(names)
    ]
    return Table(
        id=f"classified_{frame.model.id}",
        behind=True,
        title=f"{capital(outcome_phrase(data, frame))}: people by level (rows) and most probable level (columns)",
        columns=(
            Column("observed", "Level"),
            *(Column(f"put_{level}", name) for level, name in zip(frame.outcome_levels, names, strict=True)),
            Column("total", "All"),
        ),
        rows=tuple(rows),
        notes=(Sentence(HOW),),
    )


def _row_key(frame: ModelFrame, level: int) -> str:
    return level_key(frame, "outcome", frame.outcome_levels[level])
