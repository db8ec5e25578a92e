"""A model's matrix for everybody enrolled, once for each time the gaps were filled, and what is said of the filling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from casearc.analyses.all_enrolled.imputing import ImputedPeople
from casearc.analyses.dataset import StudyData, outcome_column
from casearc.analyses.model_frame import ModelFrame, frame_of, model_columns
from casearc.errors import StatisticsRefusedError
from casearc.findings import Number, Quantity, Sentence
from casearc.statistics.imputation import Pooled, imputations_needed

Floats = npt.NDArray[np.float64]


def filled(data: StudyData, frame: ModelFrame, people: ImputedPeople) -> tuple[Floats, Floats]:
    """Designs (M, n, k) and outcomes (M, n) in the coding of `frame`; clusters are left aside.

    Raises StatisticsRefusedError where the terms or levels are not those of the people who stayed.
    """
    columns = {name: column for name, column in model_columns(data, frame.model).items() if name != "cluster"}
    found = frame_of(data, replace(frame.model, cluster=None), frame.coding, people.rows(columns))
    if found.terms != frame.terms or found.outcome_levels != frame.outcome_levels:
        raise StatisticsRefusedError("Terms or levels differ between those who stayed and everybody enrolled.")
    return found.design.reshape(people.count, -1, len(frame.terms)), found.outcome.reshape(people.count, -1)


def left(frame: ModelFrame, people: ImputedPeople) -> npt.NDArray[np.bool_]:
    """Whose outcome is filled in, (n,)."""
    return people.missing[outcome_column(frame.outcome_of, frame.model.at)]


def how_filled(people: ImputedPeople) -> Sentence:
    """How the gaps were filled and the answers put together."""
    return Sentence(
        "Gaps were filled {times} times by chained equations (predictive mean matching for numbers, logistic models "
        "for levels), each time differently, so that intervals hold what nobody knows; pooled by Rubin's rules with "
        "Barnard and Rubin's degrees of freedom. That takes those who left to have fared as others like them did.",
        {"times": Number(float(people.count), Quantity.LEVEL)},
    )


def enough_times(pooled: Pooled) -> Sentence:
    """How often the gaps must be filled for standard errors that another seed would give as well."""
    found = imputations_needed(pooled)
    advice = "that was done" if found.enough else "the plan has fewer: raise imputations in its [missing]"
    return Sentence(
        "For standard errors that another seed would repeat to about {error}, gaps are to be filled {needed} times; "
        f"{advice}.",
        {
            "error": Number(found.relative_error, Quantity.PROPORTION),
            "needed": Number(float(found.needed), Quantity.LEVEL),
        },
    )
