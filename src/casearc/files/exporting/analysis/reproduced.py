"""Which of the report's tables the scripts make again, and from which columns of ``analysis.csv``."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from casearc.analyses import StudyData
from casearc.analyses.change import wave_pairs
from casearc.analyses.change.measure import measure
from casearc.analyses.dataset import day_column, outcome_column
from casearc.analyses.ledger import present_pairs
from casearc.analyses.predictors import levels_of, outcome_merge
from casearc.analyses.wording import capital, wave_label
from casearc.change import new_levels
from casearc.files.described import Described
from casearc.files.exporting.analysis.models import model_tables
from casearc.files.exporting.analysis.rows import exported_name, outcomes_of
from casearc.files.exporting.analysis.tables import ChangeTable, MovesTable, Pair, Reproduced
from casearc.study import Outcome


def reproduced(data: StudyData, rows: Described) -> Reproduced:
    """What the scripts make again of a study.

    Parameters
    ----------
    data
        What `casearc.analyses.prepare` joined.
    rows
        What `analysis_table` made of it.

    Returns
    -------
    Reproduced
        Paired change of each outcome, the plan's models and movement between levels, as far as the data carry them.

    Examples
    --------
    >>> reproduced(data, rows).changes[0].id  # doctest: +SKIP
    'change_support'
    """
    left_out: list[str] = []
    outcomes = outcomes_of(data)
    changes = [_change(data, each, left_out) for each in outcomes if not data.is_levels(each)]
    models = model_tables(data)
    schema = rows.frame.schema
    return Reproduced(
        title=data.plan.title,
        level=1 - data.plan.inference.alpha,
        text_columns=tuple(name for name, kind in schema.items() if kind == pl.String),
        changes=tuple(each for each in changes if each.pairs),
        linear=tuple(models.linear),
        clustered=tuple(models.clustered),
        intercepts=tuple(models.intercepts),
        multinomial=tuple(models.multinomial),
        ordinal=tuple(models.ordinal),
        counts=tuple(models.counts),
        mixed=tuple(models.mixed),
        moves=tuple(each for outcome in outcomes if data.is_levels(outcome) for each in _moves(data, outcome)),
        left_out=(*left_out, *models.left_out),
    )


def _pair(data: StudyData, outcome: Outcome, waves: tuple[str, str]) -> Pair:
    first, second = waves
    return Pair(
        between=f"{wave_label(first)} to {wave_label(second)}",
        before=exported_name(outcome_column(outcome, first)),
        after=exported_name(outcome_column(outcome, second)),
        day_before=exported_name(day_column(data, outcome, first)),
        day_after=exported_name(day_column(data, outcome, second)),
    )


def _change(data: StudyData, outcome: Outcome, left_out: list[str]) -> ChangeTable:
    pairs = []
    for waves in wave_pairs(data):
        measured = measure(data, outcome, waves)
        pair = _pair(data, outcome, waves)
        if measured.t is not None and measured.rank is not None:
            pairs.append(pair)
        else:
            left_out.append(f"Change in {data.label(outcome)}, {pair.between}: the data carry no test.")
    return ChangeTable(id=f"change_{outcome.id}", title=capital(data.label(outcome)), pairs=tuple(pairs))


def _moves(data: StudyData, outcome: Outcome) -> Iterator[MovesTable]:
    into = new_levels(levels_of(data, outcome), outcome_merge(outcome, 0))
    for waves in wave_pairs(data):
        if present_pairs(data, outcome, *waves).height:
            yield MovesTable(
                id=f"stages_{outcome.id}_{waves[0]}_{waves[1]}",
                title=capital(data.label(outcome)),
                pair=_pair(data, outcome, waves),
                levels=tuple(dict.fromkeys(into.values())),
                merged=tuple((old, new) for old, new in into.items() if old != new),
            )
