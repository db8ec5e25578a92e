"""A total of service beside the time it took: the same dose as a rate, for a total also grows with time in service."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.analyses.dataset import StudyData
from casearc.analyses.model_frame import ModelFrame, people_in
from casearc.dose import DoseDefinition, DoseMeasure, DoseTable, deliver
from casearc.findings import Number, Quantity, Sentence

Floats = npt.NDArray[np.float64]

TOTALS = (DoseMeasure.AMOUNT, DoseMeasure.COUNT, DoseMeasure.DAYS)
"""Doses that add up over the window, so that who stays longer has more of them."""

MONTHS = "months_in_service"
WAVE_DAY = "wave_day:"


HOW = "as planned, the dose as a rate a month of time in service"
NO_RATE = Sentence(
    "The dose is a total. As a rate a month of time in service it is not shown: that time is not known of everybody, "
    "or is none, or the model could not be fitted so."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRate:
    """A total dose as a rate: the frame with it, None where it cannot be had, and what to know about it."""

    frame: ModelFrame | None
    note: Sentence


def dose_rate(data: StudyData, frame: ModelFrame, position: int) -> DoseRate | None:
    """The dose in this column of the matrix as a rate; None where it is no total.

    The rate is taken times the average months, so that its coefficient is in the unit of the total's.
    """
    wanted = frame.terms[position].predictor
    dose = next((dose for dose in data.plan.doses if dose.id == wanted and dose.measure in TOTALS), None)
    if dose is None:
        return None
    months = _months(data, frame, dose)
    if not (months > 0).all():
        return DoseRate(frame=None, note=NO_RATE)
    average = float(months.mean())
    design = frame.design.copy()
    design[:, position] *= average / months
    note = Sentence(
        "The dose is a total, which also grows with time in service. As a rate: the dose a month, times the {months} "
        "months that people were in service on average, so that both B are for one unit.",
        {"months": Number(average, Quantity.MEAN, frame.key)},
    )
    return DoseRate(frame=replace(frame, design=design), note=note)


def _months(data: StudyData, frame: ModelFrame, dose: DoseDefinition) -> Floats:
    """Months from the start of the dose's window to the exit or the window's end, (n,); NaN where not known."""
    window = DoseDefinition(
        id=MONTHS,
        table=DoseTable.ENROLLMENTS,
        measure=DoseMeasure.MONTHS_ENROLLED,
        start=dose.start,
        end=dose.end,
    )
    people = people_in(data, frame.model)
    waves = [column for column in people.columns if column.startswith(WAVE_DAY)]
    days = people.select("enrollment_id", *(pl.col(wave).alias(wave.removeprefix(WAVE_DAY)) for wave in waves))
    return deliver(data.tables, [window], days).frame[MONTHS].cast(pl.Float64).fill_null(np.nan).to_numpy()
