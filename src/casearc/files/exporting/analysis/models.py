"""Which of the plan's models the scripts fit again, and what each is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.analyses import StudyData
from casearc.analyses.all_enrolled.long import fit_courses, measurements
from casearc.analyses.attempt import attempt
from casearc.analyses.dataset import day_column, outcome_column
from casearc.analyses.dose_count import count_bodies
from casearc.analyses.dose_linear import planned_fit
from casearc.analyses.dose_linear_clusters import cluster_name
from casearc.analyses.dose_multinomial import dose_p_values, fitted_multinomial
from casearc.analyses.dose_ordinal import fitted_ordinal
from casearc.analyses.dose_response import COARSER_ONLY
from casearc.analyses.dose_tests import dose_test
from casearc.analyses.model_frame import Coding, ModelFrame, Term, coarsened, design_of, finest
from casearc.analyses.predictors import levels_of, merge_for, outcome_merge, predictors
from casearc.analyses.stage_models import level_phrase
from casearc.change import new_levels
from casearc.dose import DAYS_IN_MONTH
from casearc.files.exporting.analysis.rows import exported_name, member, membership
from casearc.files.exporting.analysis.tables import CountTable, LevelsTable, LinearTable, MixedTable, ModelTerm
from casearc.files.formulas import harmless
from casearc.statistics.mixed import MixedFit
from casearc.study import ClusterMethod, DenominatorDf, Design, Model, ModelKind, in_time
from casearc.study.wording import model_label

F = TypeVar("F")
Floats = npt.NDArray[np.float64]
EMPTY = "the data do not carry it, so the report has no numbers of it"
ON_THE_EDGE = (
    "a variance between people came out as zero, where Satterthwaite's degrees of freedom leave that variance out and "
    "the scripts' do not"
)


@dataclass(slots=True)
class ModelTables:
    """Tables of models by how they are fitted, and what is left out."""

    linear: list[LinearTable] = field(default_factory=list)
    clustered: list[LinearTable] = field(default_factory=list)
    intercepts: list[LinearTable] = field(default_factory=list)
    multinomial: list[LevelsTable] = field(default_factory=list)
    ordinal: list[LevelsTable] = field(default_factory=list)
    counts: list[CountTable] = field(default_factory=list)
    mixed: list[MixedTable] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def model_tables(data: StudyData) -> ModelTables:
    """Every model that the report has numbers of."""
    found = ModelTables()
    add = {
        ModelKind.LINEAR: _add_linear,
        ModelKind.MULTINOMIAL: _add_multinomial,
        ModelKind.ORDINAL: _add_ordinal,
        ModelKind.COUNT: _add_count,
        ModelKind.MIXED: _add_mixed,
    }
    for model in data.plan.models:
        reason = add[model.kind](data, model, found)
        if reason:
            found.left_out.append(f"The model “{model_label(model)}”: {reason}.")
    found.left_out += _quantities(data, found)
    return found


def _quantities(data: StudyData, found: ModelTables) -> Iterator[str]:
    """What is left out of tables that are made again, and why."""
    drawn = bool(data.plan.inference.bootstrap)
    if drawn and (found.multinomial or found.ordinal):
        yield "Intervals from people drawn anew (tables redrawn_…): they rest on Casearc's own random numbers."
    if drawn and (found.counts or found.mixed):
        yield "Intervals by bootstrap (columns conf_bootstrap): they rest on Casearc's own random numbers."
    if found.multinomial:
        yield (
            "Whether a multinomial model's probabilities are right (tables calibration_…), and people by level and "
            "most probable level (tables classified_…): both rest on many refits."
        )


def _shown(data: StudyData, model: Model, fit: Callable[[ModelFrame], F]) -> tuple[ModelFrame, F] | None:
    """The model as planned, or in the coarser form that the report takes where that cannot be fitted; and its fit."""
    whole = finest(data, model)
    if whole.n == 0:
        return None
    fitted = attempt(partial(fit, whole))
    if fitted is not None:
        return whole, fitted
    coarse = coarsened(data, model)
    fitted = attempt(partial(fit, coarse)) if coarse is not None and coarse.told else None
    return None if coarse is None or fitted is None else (coarse, fitted)


def _title(frame: ModelFrame) -> str:
    """What the model is called, and how it differs from the plan's where that could not be fitted."""
    label = model_label(frame.model)
    return f"{label}. {COARSER_ONLY} {frame.told}" if frame.told else label


def _add_linear(data: StudyData, model: Model, found: ModelTables) -> str:
    shown = _shown(data, model, lambda frame: planned_fit(data, frame))
    if shown is None:
        return EMPTY
    frame, _ = shown
    own = model.cluster_method is ClusterMethod.RANDOM_INTERCEPT
    table = LinearTable(
        model=model.id,
        title=_title(frame),
        member=membership(model),
        outcome=exported_name(outcome_column(frame.outcome_of, model.at)),
        terms=tuple(_columns(data, model, frame.terms, frame.coding)),
        covariance="" if model.cluster else model.covariance.value,
        cluster=model.cluster or "",
        clusters=cluster_name(frame) if model.cluster and own else "",
    )
    (found.intercepts if table.clusters else found.clustered if table.cluster else found.linear).append(table)
    return ""


def _add_multinomial(data: StudyData, model: Model, found: ModelTables) -> str:
    shown = _shown(data, model, lambda frame: fitted_multinomial(data, frame).fit)
    if shown is None:
        return EMPTY
    frame, fit = shown
    table = _levels_table(data, frame, penalized=fit.penalty == "firth", clustered=fit.clusters is not None)
    found.multinomial.append(replace(table, tests=tuple(_tests(data, frame))))
    return ""


def _tests(data: StudyData, frame: ModelFrame) -> Iterator[tuple[str, str]]:
    """Each dose, and what the table of all tests calls the test of it over all levels."""
    called, tested = _labels(frame.terms), dose_p_values(fitted_multinomial(data, frame))
    for position, (how, p) in zip(frame.dose_positions(), tested, strict=True):
        term, label = frame.terms[position], dose_test(data, frame, position, how=how, p=p).label
        yield called[term.name], label if called[term.name] == term.label else f"{label} ({term.name})"


def _add_ordinal(data: StudyData, model: Model, found: ModelTables) -> str:
    shown = _shown(data, model, lambda frame: fitted_ordinal(data, frame).fit)
    if shown is None:
        return EMPTY
    frame, fit = shown
    clustered = fit.clusters is not None
    found.ordinal.append(_levels_table(data, frame, penalized=fit.penalty == "jeffreys", clustered=clustered))
    return ""


def _levels_table(data: StudyData, frame: ModelFrame, *, penalized: bool, clustered: bool) -> LevelsTable:
    model = frame.model
    merge = outcome_merge(frame.outcome_of, frame.coding.steps.get("outcome", 0))
    into = new_levels(levels_of(data, frame.outcome_of), merge)
    told = [term for term in frame.terms if term.is_dose] or frame.terms[1:]
    called = _labels(frame.terms)
    return LevelsTable(
        model=model.id,
        title=_title(frame),
        member=membership(model),
        outcome=exported_name(outcome_column(frame.outcome_of, model.at)),
        terms=tuple(_columns(data, model, frame.terms, frame.coding)),
        levels=tuple(
            (level_phrase(data, frame, place), _codes(into, level)) for place, level in enumerate(frame.outcome_levels)
        ),
        effects=tuple((called[term.name], _others(frame.terms, term)) for term in told),
        tests=(),
        penalized=penalized,
        cluster=model.cluster or "" if clustered else "",
    )


def _others(terms: Sequence[Term], of: Term) -> tuple[str, ...]:
    """Labels of the other indicators of the same factor."""
    called = _labels(terms)
    return tuple(called[term.name] for term in terms if term.predictor == of.predictor and term is not of)


def _labels(terms: Sequence[Term]) -> dict[str, str]:
    """What a script calls each term: its label, with its name where two have the same label."""
    often = Counter(term.label for term in terms)
    return {term.name: term.label if often[term.label] == 1 else f"{term.label} ({term.name})" for term in terms}


def _add_count(data: StudyData, model: Model, found: ModelTables) -> str:
    if next(count_bodies(_undrawn(data), model), None) is None:
        return EMPTY
    terms, _, _ = design_of(data, model, Coding(), _predictors_of(data, model))
    found.counts.append(
        CountTable(
            model=model.id,
            title=model_label(model),
            member=membership(model),
            outcome=exported_name(model.outcome),
            terms=tuple(_columns(data, model, terms, Coding())),
            exposure=exported_name(model.exposure) if model.exposure else "",
        )
    )
    return ""


def _undrawn(data: StudyData) -> StudyData:
    """The study without draws of people, which take long and change no estimate."""
    return replace(data, plan=replace(data.plan, inference=replace(data.plan.inference, bootstrap=0)))


def _add_mixed(data: StudyData, model: Model, found: ModelTables) -> str:
    people = _predictors_of(data, model)
    if people.is_empty():
        return EMPTY
    terms, design, _ = design_of(data, model, Coding(), people)
    fit = attempt(lambda: _mixed_fit(data, model, design, [place for place, term in enumerate(terms) if term.is_dose]))
    if fit is None:
        return EMPTY
    satterthwaite = model.df is DenominatorDf.SATTERTHWAITE
    if satterthwaite and fit.singular:
        return ON_THE_EDGE
    outcome = data.plan.outcome(model.outcome)
    waves = in_time(data.plan.waves)
    days = {wave.name: exported_name(day_column(data, outcome, wave.name)) for wave in waves}
    found.mixed.append(
        MixedTable(
            model=model.id,
            title=model_label(model),
            member=membership(model),
            waves=tuple((days[wave.name], exported_name(outcome_column(outcome, wave.name))) for wave in waves),
            terms=tuple(_columns(data, model, terms, Coding())),
            doses=tuple(_labels(terms)[term.name] for term in terms if term.is_dose),
            turn=(days[waves[1].name], waves[1].target_day) if data.plan.design is Design.DOUBLE_PRETEST else None,
            slope=len(fit.random_terms) > 1,
            satterthwaite=satterthwaite,
        )
    )
    return ""


def _mixed_fit(data: StudyData, model: Model, design: Floats, doses: Sequence[int]) -> MixedFit:
    """As the report fits it. Raises StatisticsRefusedError where it cannot be fitted."""
    outcome = data.plan.outcome(model.outcome)
    every = measurements(data, outcome)
    inside = member(data, model).to_numpy()
    rows = every.of(inside[every.person])
    own = design[(np.cumsum(inside) - 1)[rows.person]]
    time = rows.day[:, None]
    if data.plan.design is Design.DOUBLE_PRETEST:
        second = in_time(data.plan.waves)[1]
        day = data.people[day_column(data, outcome, second.name)].cast(pl.Float64).fill_null(float(second.target_day))
        turn = day.to_numpy()[rows.person][:, None]
        time = np.hstack([np.minimum(time, turn), np.maximum(time - turn, 0.0)])
    X = np.hstack([own, time / DAYS_IN_MONTH, own[:, doses] * time[:, -1:] / DAYS_IN_MONTH])
    names = [str(place) for place in range(X.shape[1])]
    level = 1 - data.plan.inference.alpha
    return fit_courses(X, rows, terms=names, random=model.random, df=model.df, level=level)


def _predictors_of(data: StudyData, model: Model) -> pl.DataFrame:
    """What enters a model with rows of its own, one column a predictor, of those who are in it."""
    columns = {each.id: each.column for each in predictors(data, model)}
    inside = data.people.filter(member(data, model))
    return inside.select(pl.col(column).alias(name) for name, column in columns.items())


def _columns(data: StudyData, model: Model, terms: Sequence[Term], coding: Coding) -> Iterator[ModelTerm]:
    """The terms of a matrix but the intercept, each with the column and the levels it is made of."""
    of = {predictor.id: predictor for predictor in predictors(data, model)}
    called = _labels(terms)
    for term in terms[1:]:
        predictor = of[term.predictor]
        if not predictor.levels:
            yield ModelTerm(label=called[term.name], column=exported_name(predictor.column))
            continue
        into = new_levels(predictor.levels, merge_for(data, model, predictor, coding.steps))
        level = term.name.removeprefix(f"{predictor.id}=")
        yield ModelTerm(label=called[term.name], column=exported_name(predictor.column), levels=_codes(into, level))


def _codes(into: Mapping[str, str], level: str) -> tuple[str, ...]:
    """The codes of a level, as cells of the file have them."""
    return tuple(_as_in_file(old) for old, new in into.items() if new == level)


def _as_in_file(level: str) -> str:
    return str(pl.select(harmless(pl.lit(level))).item())
