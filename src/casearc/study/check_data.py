"""Checks of a plan against the instruments and the data it is to run on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from casearc.dose import DoseTable
from casearc.errors import Fault
from casearc.language import either, say
from casearc.study.check import FLOOR, check_draft
from casearc.study.check_scores import check_scores
from casearc.study.draft import Placed, draft_of
from casearc.study.faults import Entry, PlanFaults, refusal
from casearc.study.groupings import check_ladder
from casearc.study.plan import MORE_THAN_ONE, Covariate, StudyPlan
from casearc.study.pretest import pretest_fault
from casearc.study.vocabulary import Design
from casearc.tables import TABLES, Kind, Tables, suggestion

if TYPE_CHECKING:
    from casearc.instruments import Instrument


def check_plan(
    plan: StudyPlan,
    instruments: Sequence[Instrument],
    tables: Tables | None = None,
    *,
    floor: int = FLOOR,
) -> tuple[Fault, ...]:
    """Everything wrong with a plan, given the instruments and, if at hand, the data.

    Parameters
    ----------
    plan
        A plan read from a file, or put together in code.
    instruments
        The instruments, in their variants, that the study may use.
    tables
        The data; without them what depends on them is not checked.
    floor
        The agency's disclosure floor.

    Returns
    -------
    tuple of Fault
        Empty where the plan can be run. A double pretest that the data contradict is no fault: see
        `plan_in_effect` and `design_deviations`.

    Examples
    --------
    >>> from casearc.instruments import load
    >>> from casearc.study import parse_plan, template_plan
    >>> check_plan(parse_plan(template_plan()), [load(name) for name in ("mspss", "cop_se", "urica")])
    ()
    """
    faults = PlanFaults(file=plan.source)
    draft = draft_of(plan)
    check_draft(draft, faults, floor=floor)
    check_scores(draft, instruments, faults)
    if tables is not None:
        for placed in draft.covariates:
            _check_covariate(placed, tables, faults)
        _check_codes_of_doses(plan, tables, faults)
        _check_clusters(plan, tables, faults)
        _check_administrations(plan, instruments, tables, faults)
        if plan.design is Design.DOUBLE_PRETEST:
            pretest_fault(plan, tables, faults)
    return tuple(faults.found)


def ensure_plan(
    plan: StudyPlan, instruments: Sequence[Instrument], tables: Tables | None = None, *, floor: int = FLOOR
) -> None:
    """Do nothing if the plan can be run; the arguments are those of `check_plan`.

    Raises
    ------
    PlanRefusedError
        With every fault that `check_plan` finds.
    """
    found = check_plan(plan, instruments, tables, floor=floor)
    if found:
        raise refusal(plan.source, found)


def _check_covariate(placed: Placed[Covariate], tables: Tables, faults: PlanFaults) -> None:
    covariate = placed.item
    frame = tables.table(covariate.table)
    if covariate.column not in frame.columns:
        problem = say("The table {table} has no column {column}.", table=covariate.table, column=covariate.column)
        remedy = suggestion(covariate.column, frame.columns) or say("Name a column the data have.")
        faults.add(placed.entry, problem, remedy, key="column")
        return
    values = frame[covariate.column]
    if values.null_count() == values.len():
        problem = say("The column {column} is empty throughout.", column=covariate.column)
        faults.add(placed.entry, problem, say("Take the covariate out of the plan, or fill the column."), key="column")
    elif values.dtype.is_numeric():
        _check_numeric(placed, faults)
    else:
        _check_levels(placed, values, faults)


def _check_numeric(placed: Placed[Covariate], faults: PlanFaults) -> None:
    """Numbers have neither a reference nor a ladder."""
    for key, given in (("reference", placed.item.reference is not None), ("ladder", bool(placed.item.ladder))):
        if given:
            problem = say("The column holds numbers, and numbers have no {key}.", key=key)
            faults.add(placed.entry, problem, say("Remove the key."), key=key)


def _check_levels(placed: Placed[Covariate], values: pl.Series, faults: PlanFaults) -> None:
    """The reference is a level somebody has; the ladder names levels that can be."""
    covariate = placed.item
    levels = levels_of(values)
    if covariate.reference is not None and covariate.reference not in levels:
        listed = _listed_codes(covariate)
        remedy = suggestion(covariate.reference, listed) or say("Name the code as the data write it.")
        faults.add(placed.entry, say("No participant has the reference level."), remedy, key="reference")
    possible = tuple(dict.fromkeys((*_listed_codes(covariate), *levels)))
    members = {member for rung in covariate.ladder for group in rung.values() for member in group}
    unknown = [member for member in sorted(members - set(possible)) if _is_slip(member, members, possible)]
    for member in unknown:  # what the data hold instead is not said: it would be somebody's value
        problem = say('Neither the data nor the code list has a level "{member}".', member=member)
        faults.add(placed.entry, problem, say("Write the code as the data write it."), key="ladder")
    if not unknown:
        check_ladder(placed.entry, covariate.ladder, (*possible, *sorted(members - set(possible))), faults)


def _is_slip(member: str, members: Collection[str], possible: Collection[str]) -> bool:
    """Whether a level nobody has is a slip of the pen. A plan is older than its data, so some levels may stay empty;
    one spelt almost like a level nobody named, or a ladder of which no level is known, does not fit the data."""
    never = ";" in member  # a cell with several codes is at the level `MORE_THAN_ONE`
    return never or set(members).isdisjoint(possible) or bool(suggestion(member, set(possible) - set(members)))


def levels_of(values: pl.Series) -> tuple[str, ...]:
    """Levels of a text column; a cell with several codes is the level `MORE_THAN_ONE`."""
    text = values.cast(pl.String).drop_nulls()
    several = text.str.contains(";", literal=True)
    single = text.filter(several.not_()).unique().sort().to_list()
    return (*single, *((MORE_THAN_ONE,) if several.any() else ()))


def _listed_codes(covariate: Covariate) -> tuple[str, ...]:
    """The closed list of codes of a column of the contract; empty where the agency codes as it likes."""
    schema = TABLES[covariate.table]
    if covariate.column not in schema.names:
        return ()
    column = schema.column(covariate.column)
    return (*column.codes, *((MORE_THAN_ONE,) if column.kind is Kind.CODES else ()))


def _check_codes_of_doses(plan: StudyPlan, tables: Tables, faults: PlanFaults) -> None:
    codes = set(tables.services["service_code"].drop_nulls().unique())
    units = set(tables.services["unit"].drop_nulls().unique())
    rows: Mapping[DoseTable, int] = {
        DoseTable.CONTACTS: tables.contacts.height,
        DoseTable.SERVICES: tables.services.height,
        DoseTable.GOALS: tables.goals.height,
        DoseTable.ENROLLMENTS: tables.enrollments.height,
    }
    for number, dose in enumerate(plan.doses, start=1):
        entry = Entry("dose", number, dose.id)
        if not rows[dose.table]:
            problem = say("The data have no {table}, so the dose would be 0 for everybody.", table=dose.table)
            faults.add(entry, problem, say("Add the table, or take the dose out of the plan."), key="table")
        elif dose.table is DoseTable.SERVICES:
            for code in (kind for kind in dose.types if kind not in codes):
                problem = say('No service delivered has the code "{code}".', code=code)
                faults.add(entry, problem, say("Write the code as the data write it."), key="types")
            if dose.unit and dose.unit not in units:
                problem = say('No service delivered is counted in "{unit}".', unit=dose.unit)
                faults.add(entry, problem, say("Write the unit as the data write it."), key="unit")


def _check_clusters(plan: StudyPlan, tables: Tables, faults: PlanFaults) -> None:
    for number, model in enumerate(plan.models, start=1):
        if model.cluster and not tables.enrollments[model.cluster].drop_nulls().len():
            problem = say("The column {column} of the enrollments is empty throughout.", column=model.cluster)
            faults.add(
                Entry("model", number, model.id), problem, say("Remove the key, or fill the column."), key="cluster"
            )


def _check_administrations(
    plan: StudyPlan, instruments: Sequence[Instrument], tables: Tables, faults: PlanFaults
) -> None:
    given = set(tables.administrations["instrument"].drop_nulls().unique())
    for number, outcome in enumerate(plan.outcomes, start=1):
        homes = {each.id for each in instruments if outcome.score in {score.id for score in each.scores}}
        if homes and not homes & given:
            problem = say(
                "The data have no administration of {instruments}, which gives this score.",
                instruments=either(sorted(homes)),
            )
            remedy = say("Add them, or take the outcome out of the plan.")
            faults.add(Entry("outcome", number, outcome.id), problem, remedy, key="score")
    for name in plan.coding:
        if name not in given:
            problem = say("The data have no administration of {name}, whose coding is declared.", name=name)
            faults.add(Entry("coding"), problem, suggestion(name, given) or say("Remove the key."), key=name)
