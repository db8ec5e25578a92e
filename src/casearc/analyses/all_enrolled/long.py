"""One row a measurement: what mixed models read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.analyses.dataset import StudyData, day_column, outcome_column
from casearc.dose import DAYS_IN_MONTH
from casearc.errors import StatisticsRefusedError
from casearc.statistics.mixed import MixedFit, mixed
from casearc.study import DenominatorDf, Outcome, RandomPart, in_time

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurements:
    """Every measurement of one outcome, (N,) each: whose, at which wave (its place in time), on which day, the value.

    `waves` are those at which anybody was measured, in time.
    """

    waves: tuple[str, ...]
    person: npt.NDArray[np.int64]
    wave: npt.NDArray[np.int64]
    day: Floats
    value: Floats

    def of(self, kept: npt.NDArray[np.bool_]) -> Measurements:
        """Some of the rows."""
        return replace(
            self, person=self.person[kept], wave=self.wave[kept], day=self.day[kept], value=self.value[kept]
        )

    @property
    def people(self) -> int:
        """People measured at least once."""
        return int(np.unique(self.person).size)


def measurements(data: StudyData, outcome: Outcome) -> Measurements:
    """All of them, a later wave of one person only where it was measured on a later day."""
    waves = tuple(wave.name for wave in in_time(data.plan.waves))
    parts = []
    for place, wave in enumerate(waves):
        part = data.people.with_row_index("person").select(
            pl.col("person").cast(pl.Int64),
            pl.lit(place, dtype=pl.Int64).alias("wave"),
            pl.col(day_column(data, outcome, wave)).cast(pl.Float64).alias("day"),
            pl.col(outcome_column(outcome, wave)).cast(pl.Float64).alias("value"),
        )
        parts.append(part.drop_nulls())
    rows = pl.concat(parts).sort("person", "wave").unique(["person", "day"], keep="first", maintain_order=True)
    present = sorted(set(rows["wave"].to_list()))
    return Measurements(
        waves=tuple(waves[place] for place in present),
        person=rows["person"].to_numpy(),
        wave=rows["wave"].replace_strict(present, range(len(present)), return_dtype=pl.Int64).to_numpy(),
        day=rows["day"].to_numpy(),
        value=rows["value"].to_numpy(),
    )


def level_and_course(rows: Measurements) -> Floats:
    """What differs from person to person: a level and a slope over months, (N, 2)."""
    return np.column_stack([np.ones(rows.day.size), rows.day / DAYS_IN_MONTH])


def fit_courses(
    design: Floats,
    rows: Measurements,
    *,
    terms: Sequence[str],
    level: float,
    random: RandomPart = RandomPart.AUTO,
    df: DenominatorDf = DenominatorDf.KENWARD_ROGER,
) -> MixedFit:
    """A mixed model of measurements in which each person has a level and, from three waves on, a course of their own.

    With a level alone, two measurements would be as alike a year apart as a month apart; people whose courses differ
    then make intervals of change over the whole time too narrow. Raises StatisticsRefusedError.
    """
    def fitted(own: Floats | None, names: tuple[str, ...]) -> MixedFit:
        return mixed(
            design,
            rows.value,
            groups=rows.person,
            terms=terms,
            random=own,
            random_terms=names,
            df=df.value,
            level=level,
        )

    if random.has_slope(len(rows.waves)):
        try:
            return fitted(level_and_course(rows), ("level", "months"))
        except StatisticsRefusedError:
            if random is RandomPart.SLOPE:
                raise
    return fitted(None, ("level",))
