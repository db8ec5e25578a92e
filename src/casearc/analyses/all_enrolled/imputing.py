"""The gaps of all enrolled filled several times, once for the whole study, from every number and level it knows.

One set of imputations serves all models, so that they disagree for no other reason than their terms. Columns: each
numeric outcome at each wave, each dose and covariate that some model uses, each level that is the outcome of a dose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.analyses.dataset import StudyData, outcome_column
from casearc.analyses.model_frame import framed_models
from casearc.analyses.predictors import predictors
from casearc.errors import StatisticsRefusedError
from casearc.statistics.imputation import Imputations, choose_predictors, impute

Floats = npt.NDArray[np.float64]

FEWEST_KNOWN = 10
"""A column known of fewer people than this is left out of the imputation, and so is a model that needs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImputedPeople:
    """`data.people` filled `count` times. `labels` are the levels behind the codes of each categorical column."""

    imputations: Imputations
    labels: dict[str, list[str]]
    missing: dict[str, npt.NDArray[np.bool_]]

    @property
    def count(self) -> int:
        """How many times."""
        return int(self.imputations.completed.shape[0])

    def rows(self, columns: dict[str, str]) -> pl.DataFrame:
        """All filled tables one below the other. `columns`: new name -> column of people. Levels are text again."""
        names = list(self.imputations.variables)
        filled = self.imputations.completed
        return pl.DataFrame(
            {new: self._column(filled[:, :, names.index(old)].ravel(), old) for new, old in columns.items()}
        )

    def _column(self, values: Floats, name: str) -> pl.Series:
        if name not in self.labels:
            return pl.Series(values)
        return pl.Series(np.array(self.labels[name], dtype=object)[values.astype(np.intp)], dtype=pl.String)


def imputed_people(data: StudyData) -> ImputedPeople:
    """Fill the gaps of all enrolled as the plan says. Raises StatisticsRefusedError where that cannot be done."""
    names = [name for name in dict.fromkeys(_wanted(data)) if data.people[name].count() >= FEWEST_KNOWN]
    if not names:
        raise StatisticsRefusedError("Too little is known of the people enrolled to impute the rest.")
    labels: dict[str, list[str]] = {}
    columns, kinds = [], []
    for name in names:
        series = data.people[name]
        if series.dtype.is_numeric():
            columns.append(series.cast(pl.Float64).to_numpy())
            kinds.append("pmm")
            continue
        labels[name] = sorted(series.drop_nulls().cast(pl.String).unique().to_list())
        codes = series.cast(pl.String).replace_strict(labels[name], range(len(labels[name])), return_dtype=pl.Float64)
        columns.append(codes.to_numpy())
        kinds.append("logistic" if len(labels[name]) == 2 else "multinomial")
    matrix = np.column_stack(columns)
    settings = data.plan.missing
    imputations = impute(
        matrix,
        kinds=kinds,
        names=names,
        seed=data.plan.seed,
        imputations=settings.imputations,
        iterations=settings.iterations,
        predictors=choose_predictors(matrix, kinds=kinds),
    )
    gaps = np.isnan(matrix)
    return ImputedPeople(
        imputations=imputations, labels=labels, missing={name: gaps[:, i] for i, name in enumerate(names)}
    )


def _wanted(data: StudyData) -> Iterator[str]:
    for outcome in data.plan.outcomes:
        if not data.is_levels(outcome):
            yield from (outcome_column(outcome, wave.name) for wave in data.plan.waves)
    for model in framed_models(data):
        outcome = data.plan.outcome(model.outcome)
        if model.doses and data.is_levels(outcome):
            yield outcome_column(outcome, model.at)
        yield from (predictor.column for predictor in predictors(data, model))
