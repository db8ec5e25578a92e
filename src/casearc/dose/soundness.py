"""Which doses make sense: what can be counted in which table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from casearc.dose.definitions import ATTEMPTED, DoseDefinition, DoseMeasure, DoseTable, GoalEvent
from casearc.language import say
from casearc.tables import TABLES, suggestion

MEASURES: Mapping[DoseTable, tuple[DoseMeasure, ...]] = MappingProxyType(
    {
        DoseTable.CONTACTS: (
            DoseMeasure.MONTHS_SERVED,
            DoseMeasure.FREQUENCY,
            DoseMeasure.AMOUNT,
            DoseMeasure.BREADTH,
            DoseMeasure.COUNT,
            DoseMeasure.DAYS,
        ),
        DoseTable.SERVICES: (
            DoseMeasure.FREQUENCY,
            DoseMeasure.AMOUNT,
            DoseMeasure.BREADTH,
            DoseMeasure.COUNT,
            DoseMeasure.DAYS,
        ),
        DoseTable.GOALS: (DoseMeasure.COUNT, DoseMeasure.BREADTH),
        DoseTable.ENROLLMENTS: (DoseMeasure.MONTHS_ENROLLED,),
    }
)
"""The measures that each table gives."""

OF_ATTEMPTS = (DoseMeasure.FREQUENCY, DoseMeasure.COUNT, DoseMeasure.DAYS)
"""The measures that attempts give: an attempt has no length, and serves nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseProblem:
    """What is wrong with a definition. `key` is the key of the plan: measure, types, unit, from or to."""

    key: str
    problem: str
    remedy: str


def dose_problems(definition: DoseDefinition) -> tuple[DoseProblem, ...]:
    """Everything wrong with a dose as defined, before any data; empty where it is sound."""
    found = _measure_problem(definition)
    if definition.table is DoseTable.CONTACTS:
        found = [*found, *_contact_problems(definition)]
    elif definition.table is DoseTable.SERVICES:
        found = [*found, *_service_problems(definition)]
    elif definition.table is DoseTable.GOALS:
        found = [*found, *_goal_problems(definition)]
    elif definition.types:
        found = [
            *found,
            DoseProblem(key="types", problem=say("Time enrolled has no types."), remedy=say("Remove the key.")),
        ]
    if definition.unit and (definition.table, definition.measure) != (DoseTable.SERVICES, DoseMeasure.AMOUNT):
        remedy = say("Remove the key.")
        found = [*found, DoseProblem(key="unit", problem=say("Only an amount of a service has a unit."), remedy=remedy)]
    return (*found, *_window_problem(definition))


def _measure_problem(definition: DoseDefinition) -> list[DoseProblem]:
    fitting = MEASURES[definition.table]
    if definition.measure in fitting:
        return []
    return [
        DoseProblem(
            key="measure",
            problem=say(
                "The table {table} does not give {measure}.", table=definition.table, measure=definition.measure
            ),
            remedy=say("It gives: {measures}.", measures=", ".join(fitting)),
        )
    ]


def _contact_problems(definition: DoseDefinition) -> list[DoseProblem]:
    known = TABLES["contacts"].column("contact_type").codes
    found = [
        DoseProblem(
            key="types",
            problem=say('There is no contact type "{kind}".', kind=kind),
            remedy=suggestion(kind, (*known, ATTEMPTED))
            or say("Contact types: {known}; or {attempted}.", known=", ".join(known), attempted=ATTEMPTED),
        )
        for kind in definition.kinds
        if kind not in known
    ]
    if definition.attempts and definition.measure not in OF_ATTEMPTS:
        remedy = say("Attempts give: {measures}.", measures=", ".join(OF_ATTEMPTS))
        found.append(
            DoseProblem(
                key="measure", problem=say("Attempts do not give {measure}.", measure=definition.measure), remedy=remedy
            )
        )
    return found


def _service_problems(definition: DoseDefinition) -> list[DoseProblem]:
    if definition.measure is not DoseMeasure.AMOUNT or len(definition.types) == 1:
        return []
    return [
        DoseProblem(
            key="types",
            problem=say("An amount adds up quantities of one service only; those of different services do not add up."),
            remedy=say('Name exactly one service code: types = ["…"]; make one dose a service.'),
        )
    ]


def _goal_problems(definition: DoseDefinition) -> list[DoseProblem]:
    events = tuple(GoalEvent)
    if len(definition.types) == 1 and definition.types[0] in events:
        return []
    return [
        DoseProblem(
            key="types",
            problem=say("A dose of goals must say which goals it counts."),
            remedy=say('Write types = ["set"] (set in the window) or types = ["met"] (met in the window).'),
        )
    ]


def _window_problem(definition: DoseDefinition) -> list[DoseProblem]:
    start, end = definition.start, definition.end
    if isinstance(start, int) and isinstance(end, int) and end <= start:
        problem, remedy = say("The window ends before it starts."), say("Choose a later day.")
    elif start == end:
        problem, remedy = say("The window starts and ends at the same wave."), say("Choose a later wave.")
    else:
        return []
    return [DoseProblem(key="to", problem=problem, remedy=remedy)]
