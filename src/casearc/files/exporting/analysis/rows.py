"""``analysis.csv``: one row a participant with what the plan's analyses look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import polars as pl

from casearc.analyses import StudyData
from casearc.analyses.change import set_beside
from casearc.analyses.dataset import day_column, outcome_column
from casearc.analyses.model_frame import ONE_ROW_A_PERSON, people_in
from casearc.analyses.predictors import level_names, levels_of, predictors
from casearc.analyses.wording import capital, wave_label
from casearc.files.described import Described
from casearc.files.exporting.contract import column_field
from casearc.files.sheet import Field, Holds
from casearc.study import Model, ModelKind, Outcome
from casearc.study.wording import model_label
from casearc.tables import TABLES

_ABOUT = {
    "participant_id": "participants",
    "enrollment_id": "enrollments",
    "site": "enrollments",
    "staff_id": "enrollments",
    "program": "enrollments",
    "first_service_day": "enrollments",
    "exit_day": "enrollments",
    "exit_reason": "enrollments",
}
_NAMES = (
    (re.compile(r"^wave_day:(.+)$"), r"wave_day_of_\1"),
    (re.compile(r"^day:(.+)@(.+)$"), r"day_of_\1_at_\2"),
    (re.compile(r"^covariate:(.+)$"), r"covariate_\1"),
    (re.compile(r"^(.+)@(.+)$"), r"\1_at_\2"),
)
_NEEDED = {
    ModelKind.COUNT: "there while it was counted, with nothing missing",
    ModelKind.MIXED: "measured at least once, with every dose and characteristic known",
}


def exported_name(column: str) -> str:
    """What a column of `StudyData.people` is called outside, where names hold letters, digits and underscores.

    Examples
    --------
    >>> [exported_name(name) for name in ("mspss_total@intake", "covariate:gender", "day:mspss@intake", "minutes")]
    ['mspss_total_at_intake', 'covariate_gender', 'day_of_mspss_at_intake', 'minutes']
    """
    for pattern, name in _NAMES:
        if pattern.match(column):
            return pattern.sub(name, column)
    return column


def membership(model: Model) -> str:
    """The column that says who is in a model."""
    return f"in_model_{model.id}"


def outcomes_of(data: StudyData) -> tuple[Outcome, ...]:
    """The plan's outcomes, and the scores that must be set beside them."""
    return (*data.plan.outcomes, *set_beside(data))


def member(data: StudyData, model: Model) -> pl.Series:
    """Whether each person is in a model: has all that it needs, and of a mixed model was measured at all."""
    if model.kind in ONE_ROW_A_PERSON:
        return data.people["enrollment_id"].is_in(people_in(data, model)["enrollment_id"].to_list())
    known = [pl.col(predictor.column).is_not_null() for predictor in predictors(data, model)]
    if model.kind is ModelKind.MIXED:
        outcome = data.plan.outcome(model.outcome)
        measured = [
            pl.col(outcome_column(outcome, wave.name)).is_not_null()
            & pl.col(day_column(data, outcome, wave.name)).is_not_null()
            for wave in data.plan.waves
        ]
        known.append(pl.any_horizontal(measured))
    else:
        known.append(pl.col(model.outcome).is_not_null())
        known += [pl.col(model.exposure).fill_null(0) > 0] if model.exposure is not None else []
    return data.people.select(inside=pl.all_horizontal(known)).to_series()


def analysis_table(data: StudyData) -> Described:
    """The rows of a study's analyses: scores at each wave, days, doses, covariates and who is in which model.

    Parameters
    ----------
    data
        What `casearc.analyses.prepare` joined.

    Returns
    -------
    Described
        Called ``analysis``; one row a participant with an eligible enrollment.

    Examples
    --------
    >>> analysis_table(data).frame.columns[:2]  # doctest: +SKIP
    ['participant_id', 'enrollment_id']
    """
    named = dict(_fields(data))
    frame = data.people.select(pl.col(column).alias(exported_name(column)) for column in named)
    members = {membership(model): member(data, model).cast(pl.Int64) for model in data.plan.models}
    fields = {exported_name(column): field for column, field in named.items()}
    fields |= {membership(model): _membership_field(model) for model in data.plan.models}
    return Described(
        name="analysis",
        title="One participant: the first eligible enrollment, its scores at each wave, doses and characteristics.",
        frame=frame.with_columns(**members),
        fields=fields,
    )


def _membership_field(model: Model) -> Field:
    needed = _NEEDED.get(model.kind, "measured, in the right order of time, with nothing missing")
    return Field(
        name=membership(model),
        label=f"In the model “{model_label(model)}”: {needed}.",
        holds=Holds.CHOICE,
        choices={"0": "no", "1": "yes"},
    )


def _fields(data: StudyData) -> Iterator[tuple[str, Field]]:
    """Columns of `data.people` and what is said of each, under its exported name."""
    for column, table in _ABOUT.items():
        yield column, column_field(TABLES[table].column(column))
    for covariate in data.plan.covariates:
        column = f"covariate:{covariate.id}"
        number = data.people.schema[column].is_numeric()
        label = capital(covariate.label or covariate.id.replace("_", " "))
        yield column, _field(column, label, Holds.NUMBER if number else Holds.TEXT)
    yield from _measured(data, [wave.name for wave in data.plan.waves])
    for dose in data.plan.doses:
        yield dose.id, _field(dose.id, capital(dose.label or dose.id.replace("_", " ")), Holds.NUMBER)


def _measured(data: StudyData, waves: Sequence[str]) -> Iterator[tuple[str, Field]]:
    for wave in waves:
        yield f"wave_day:{wave}", _field(f"wave_day:{wave}", f"Day that stands for {wave_label(wave)}", Holds.INTEGER)
    done: set[str] = set()
    for outcome in outcomes_of(data):
        for wave in waves:
            day = day_column(data, outcome, wave)
            title = data.instrument_of(outcome).title
            yield day, _field(day, f"Day of {title} at {wave_label(wave)}", Holds.INTEGER)
            score = outcome_column(outcome, wave)
            if score not in done:
                done.add(score)
                yield score, _score_field(data, outcome, wave)


def _score_field(data: StudyData, outcome: Outcome, wave: str) -> Field:
    column = outcome_column(outcome, wave)
    label = f"{capital(data.label(outcome))} at {wave_label(wave)}"
    if not data.is_levels(outcome):
        return _field(column, f"{label} ({data.score_definition(outcome).unit})", Holds.NUMBER)
    names = level_names(data, outcome)
    choices = {level: names.get(level, level) for level in levels_of(data, outcome)}
    return Field(name=exported_name(column), label=label, holds=Holds.CHOICE, choices=choices)


def _field(column: str, label: str, holds: Holds) -> Field:
    return Field(name=exported_name(column), label=label, holds=holds)
