"""One row a participant: everything the analyses of one study look at, joined once.

Columns of `StudyData.people`: participant_id, enrollment_id, site, staff_id, program, start and exit facts, one column
a covariate (by the plan's id), one a score and wave (``mspss_total@intake``), one a dose, the day of each wave
(``wave_day:intake``) and of each instrument at each wave (``day:mspss@intake``).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import polars as pl

from casearc.analyses.scores import score_all, study_instruments
from casearc.analyses.wording import wave_label
from casearc.change import Ambiguity, WaveAssignment, assign_waves, first_enrollments, wave_days, wave_scores
from casearc.dose import DoseDelivered, deliver
from casearc.errors import PlanRefusedError
from casearc.findings import Role
from casearc.instruments import Instrument, ScoreDefinition, find_score
from casearc.language import say
from casearc.study import MORE_THAN_ONE, Covariate, Outcome, StudyPlan
from casearc.tables import Tables

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyData:
    """What every analysis of a study starts from. `threshold` is the smallest count of people that may leave."""

    plan: StudyPlan
    threshold: int
    instruments: tuple[Instrument, ...]
    tables: Tables
    people: pl.DataFrame
    assignment: WaveAssignment
    doses: DoseDelivered
    ambiguities: tuple[Ambiguity, ...]
    without_enrollment: int
    _known: dict[Hashable, Any] = field(init=False, repr=False, compare=False, default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once a study: several questions look at the same model."""
        if key not in self._known:
            self._known[key] = make()
        found: T = self._known[key]
        return found

    @property
    def enrolled(self) -> int:
        """Number of participants with an eligible enrollment."""
        return self.people.height

    def score_definition(self, outcome: Outcome) -> ScoreDefinition:
        """The instrument's definition of the score an outcome follows."""
        return find_score(self.instruments, outcome.score)[1]

    def instrument_of(self, outcome: Outcome) -> Instrument:
        """The instrument whose score an outcome follows."""
        return find_score(self.instruments, outcome.score)[0]

    def is_levels(self, outcome: Outcome) -> bool:
        """Whether the outcome is a stage or rated level and not a number."""
        return self.score_definition(outcome).kind == "stage"

    def cautions(self, outcome: Outcome) -> tuple[str, ...]:
        """The warning that the permitted use of an outcome's score asks every report to print, if it has one."""
        use = self.score_definition(outcome).permitted_use
        return (use.warning,) if use is not None and use.warning else ()

    def label(self, outcome: Outcome) -> str:
        """How sentences call an outcome."""
        if outcome.label:
            return outcome.label
        label = self.score_definition(outcome).label
        return label[:1].lower() + label[1:]


def leading_outcome(data: StudyData) -> Outcome:
    """The primary outcome, or the first of the plan where none is primary."""
    primary = [outcome for outcome in data.plan.outcomes if outcome.role is Role.PRIMARY]
    return (primary or list(data.plan.outcomes))[0]


def outcome_column(outcome: Outcome, wave: str) -> str:
    """Name of the column of `StudyData.people` with this outcome at this wave."""
    return f"{outcome.score}@{wave}"


def prepare(
    plan: StudyPlan, tables: Tables, *, threshold: int, instruments: Sequence[Instrument] | None = None
) -> StudyData:
    """Join tables, scores, waves and doses into one row a participant.

    Parameters
    ----------
    plan, tables
        A checked plan and validated tables.
    threshold
        Smallest count of people that may leave the house; analyses prepare coarser bodies against it.
    instruments
        The instruments in use; looked up from the administrations when not given.

    Raises
    ------
    ScoringError
        Responses that cannot be scored.
    PlanRefusedError
        No participant has an eligible enrollment.
    """
    known = tuple(instruments) if instruments is not None else study_instruments(plan, tables)
    analyzed = first_enrollments(tables.enrollments)
    enrollments = analyzed.frame
    if enrollments.is_empty():
        raise PlanRefusedError(say("No participant has an enrollment, so there is nobody to evaluate."))
    administrations = tables.administrations.join(enrollments.select("enrollment_id"), on="enrollment_id", how="semi")
    assignment = assign_waves(administrations, plan.waves)
    days = enrollments.select("enrollment_id").join(wave_days(assignment), on="enrollment_id", how="left")
    doses = deliver(tables, plan.doses, days)
    people = _people(plan, tables, enrollments)
    people = people.join(_wave_days(days), on="enrollment_id", how="left")
    people = people.join(_instrument_days(assignment, known), on="enrollment_id", how="left")
    for scores in score_all(known, tables, coding=plan.coding, missing=plan.missing.items):
        people = people.join(wave_scores(assignment, scores), on="enrollment_id", how="left")
    people = people.join(doses.frame, on="enrollment_id", how="left")
    return StudyData(
        plan=plan,
        threshold=threshold,
        instruments=known,
        tables=tables,
        people=people.sort("participant_id"),
        assignment=assignment,
        doses=doses,
        ambiguities=(*analyzed.ambiguities, *assignment.ambiguities),
        without_enrollment=tables.participants.height - enrollments.height,
    )


def day_column(data: StudyData, outcome: Outcome, wave: str) -> str:
    """Name of the column with the day on which this outcome was measured at this wave."""
    return f"day:{data.instrument_of(outcome).id}@{wave}"


def unmeasured(data: StudyData) -> tuple[str, ...]:
    """A sentence for each planned wave that has no administration at all: a deviation from the plan."""
    seen = set(data.assignment.frame["wave"])
    return tuple(
        f"Nobody was measured at {wave_label(wave.name)} (day {wave.first_day} to {wave.last_day}): whatever the plan "
        "asks of that wave is left out."
        for wave in data.plan.waves
        if wave.name not in seen
    )


def _wave_days(days: pl.DataFrame) -> pl.DataFrame:
    return days.rename({name: f"wave_day:{name}" for name in days.columns if name != "enrollment_id"})


def _instrument_days(assignment: WaveAssignment, known: Sequence[Instrument]) -> pl.DataFrame:
    """Day of each instrument at each wave; a column for each even where nobody was measured."""
    instruments = dict.fromkeys(instrument.id for instrument in known)
    cells = [
        pl.col("day")
        .filter(pl.col("wave") == wave.name, pl.col("instrument") == name)
        .first()
        .alias(f"day:{name}@{wave.name}")
        for name in instruments
        for wave in assignment.waves
    ]
    return assignment.frame.group_by("enrollment_id").agg(cells)


def _people(plan: StudyPlan, tables: Tables, enrollments: pl.DataFrame) -> pl.DataFrame:
    participants = tables.participants
    joined = enrollments.join(participants, on="participant_id", how="left", suffix="_participant")
    return joined.select(
        "participant_id",
        "enrollment_id",
        "site",
        "staff_id",
        "program",
        "first_service_day",
        "exit_day",
        "exit_reason",
        *(_covariate(covariate, joined) for covariate in plan.covariates),
    )


def _covariate(covariate: Covariate, joined: pl.DataFrame) -> pl.Expr:
    column = covariate.column
    if column not in joined.columns:
        raise PlanRefusedError(
            say(
                "Covariate {name}: the table {table} has no column {column}. Name a column the data have, or take the "
                "covariate out of the plan.",
                name=covariate.id,
                table=covariate.table,
                column=column,
            )
        )
    name = f"covariate:{covariate.id}"
    if joined.schema[column].is_numeric() and covariate.reference is None:
        return pl.col(column).cast(pl.Float64).alias(name)
    text = pl.col(column).cast(pl.String)
    several = text.str.contains(";", literal=True)
    return pl.when(several).then(pl.lit(MORE_THAN_ONE)).otherwise(text).alias(name)
