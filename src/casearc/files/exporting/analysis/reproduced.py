"""Which of the report's tables the scripts make again, and from which columns of ``analysis.csv``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from casearc.analyses import StudyData
from casearc.analyses.change import wave_pairs
from casearc.analyses.change.measure import measure
from casearc.analyses.dataset import day_column, outcome_column
from casearc.analyses.dose_linear import planned_fit
from casearc.analyses.ledger import present_pairs
from casearc.analyses.model_frame import ModelFrame, finest
from casearc.analyses.predictors import levels_of, merge_for, outcome_merge, predictors
from casearc.analyses.wording import capital, wave_label
from casearc.change import new_levels
from casearc.errors import StatisticsRefusedError
from casearc.files.described import Described
from casearc.files.exporting.analysis.rows import exported_name, linear_models, membership, outcomes_of
from casearc.files.formulas import harmless
from casearc.study import Model, Outcome
from casearc.study.wording import model_label


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An outcome at two waves, by columns. `between` heads the row in the report."""

    between: str
    before: str
    after: str
    day_before: str
    day_after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTable:
    """Change of one outcome: the report's tables `id` and ``<id>-tests``."""

    id: str
    title: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovesTable:
    """People by level before and after. `merged` takes a level into another, where the plan merges any."""

    id: str
    title: str
    pair: Pair
    levels: tuple[str, ...]
    merged: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTerm:
    """A column of a model's matrix: a number, or with `levels` whether a factor is at one of them."""

    label: str
    column: str
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTable:
    """A linear model without clusters: the report's table `id`."""

    id: str
    title: str
    member: str
    outcome: str
    terms: tuple[ModelTerm, ...]
    covariance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduced:
    """Everything the scripts make again. `left_out` says what they do not, and why."""

    title: str
    level: float
    text_columns: tuple[str, ...]
    changes: tuple[ChangeTable, ...]
    models: tuple[ModelTable, ...]
    moves: tuple[MovesTable, ...]
    left_out: tuple[str, ...]


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
        Paired change of each outcome, linear models without clusters and movement between levels, as far as the data
        carry them.

    Examples
    --------
    >>> reproduced(data, rows).changes[0].id  # doctest: +SKIP
    'change_support'
    """
    left_out: list[str] = []
    outcomes = outcomes_of(data)
    changes = [_change(data, each, left_out) for each in outcomes if not data.is_levels(each)]
    models = [_model(data, each, left_out) for each in linear_models(data)]
    others = [model for model in data.plan.models if model not in linear_models(data)]
    left_out += [f"The model “{model_label(each)}” ({each.kind}): see results.json." for each in others]
    schema = rows.frame.schema
    return Reproduced(
        title=data.plan.title,
        level=1 - data.plan.inference.alpha,
        text_columns=tuple(name for name, kind in schema.items() if kind == pl.String),
        changes=tuple(each for each in changes if each.pairs),
        models=tuple(each for each in models if each is not None),
        moves=tuple(each for outcome in outcomes if data.is_levels(outcome) for each in _moves(data, outcome)),
        left_out=tuple(left_out),
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


def _model(data: StudyData, model: Model, left_out: list[str]) -> ModelTable | None:
    if model.cluster:
        left_out.append(f"The model “{model_label(model)}”: its errors are clustered; see results.json.")
        return None
    frame = finest(data, model)
    try:
        planned_fit(data, frame)
    except StatisticsRefusedError:
        left_out.append(f"The model “{model_label(model)}”: the data do not carry it as planned.")
        return None
    return ModelTable(
        id=f"model_{model.id}",
        title=f"{capital(data.label(frame.outcome_of))} at {wave_label(model.at)}",
        member=membership(model),
        outcome=exported_name(outcome_column(frame.outcome_of, model.at)),
        terms=tuple(_terms(data, frame)),
        covariance=model.covariance.value,
    )


def _terms(data: StudyData, frame: ModelFrame) -> Iterator[ModelTerm]:
    """The terms of the matrix but the intercept, each with the column and the levels it is made of."""
    of = {predictor.id: predictor for predictor in predictors(data, frame.model)}
    for term in frame.terms[1:]:
        predictor = of[term.predictor]
        if not predictor.levels:
            yield ModelTerm(label=term.label, column=exported_name(predictor.column))
            continue
        into = new_levels(predictor.levels, merge_for(data, frame.model, predictor, frame.coding.steps))
        level = term.name.removeprefix(f"{predictor.id}=")
        levels = tuple(_as_in_file(old) for old, new in into.items() if new == level)
        yield ModelTerm(label=term.label, column=exported_name(predictor.column), levels=levels)


def _as_in_file(level: str) -> str:
    """A level as a cell of the file has it."""
    return str(pl.select(harmless(pl.lit(level))).item())
