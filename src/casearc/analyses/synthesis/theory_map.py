"""What was measured in theory's terms, what was found there, and what the plan leaves unmeasured.

Two maps: the dimensions of the model of intentions to exit, and the ecological levels from the person outward. Where a
measure belongs is the plan's word; nothing is inferred.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from casearc.analyses.dataset import StudyData
from casearc.analyses.synthesis.gather import Gathered, distinct, levels_of_detail
from casearc.analyses.wording import capital
from casearc.findings import Blank, Body, Cell, Column, Finding, Role, Row, Section, Sentence, Table, Text
from casearc.study import EcologicalLevel, IepDimension

COLUMNS = (
    Column("place", ""),
    Column("measured", "Measured by"),
    Column("kind", "As"),
    Column("found", "Found"),
)
UNMEASURED = "nothing in this plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something the plan measures and where it says it belongs. `finding` is the id of what was found on it."""

    label: str
    kind: str
    iep: IepDimension | None
    ecological: EcologicalLevel | None
    finding: str = ""


def map_findings(data: StudyData, findings: Sequence[Finding]) -> Iterator[Finding]:
    """One finding; none where the plan places nothing."""
    measures = tuple(_measures(data))
    if not any(measure.iep or measure.ecological for measure in measures):
        return
    yield Finding(
        id="theory_map",
        section=Section.MAP,
        title="Coverage and findings on both maps",
        plan_item="study",
        role=Role.DESCRIPTIVE,
        bodies=distinct(
            _body(measures, gathered, _headlines(findings, last=bool(place)))
            for place, gathered in enumerate(levels_of_detail(findings))
        ),
    )


def _headlines(findings: Sequence[Finding], *, last: bool) -> Mapping[str, Sentence]:
    """The headline of each finding, from its finest or its coarsest body."""
    chosen = {finding.id: finding.bodies[-1 if last else 0] for finding in findings if finding.bodies}
    return {name: body.headline for name, body in chosen.items() if body.headline is not None}


def _measures(data: StudyData) -> Iterator[Measure]:
    plan = data.plan
    for outcome in plan.outcomes:
        yield Measure(
            label=capital(data.label(outcome)),
            kind="outcome",
            iep=outcome.iep,
            ecological=outcome.ecological,
            finding=f"change.{outcome.id}",
        )
    for dose in plan.doses:
        place = plan.dose_placements.get(dose.id)
        if place is not None:
            label = capital(dose.label or dose.id.replace("_", " "))
            yield Measure(label=label, kind="dose", iep=place.iep, ecological=place.ecological)
    for covariate in plan.covariates:
        label = capital(covariate.label or covariate.id.replace("_", " "))
        yield Measure(label=label, kind="characteristic", iep=covariate.iep, ecological=covariate.ecological)


def _body(measures: Sequence[Measure], gathered: Gathered, headlines: Mapping[str, Sentence]) -> Body:
    iep = {place: [m for m in measures if m.iep is place] for place in IepDimension}
    ecological = {place: [m for m in measures if m.ecological is place] for place in EcologicalLevel}
    used = (any(iep.values()), any(ecological.values()))
    missing = (
        [str(place) for place, own in iep.items() if used[0] and not own],
        [str(place) for place, own in ecological.items() if used[1] and not own],
    )
    told = _sentence(*missing)
    return gathered.close(
        Body(
            sentences=(told,),
            tables=(
                *([_table("iep", "The model of intentions to exit", iep, headlines)] if used[0] else []),
                *([_table("ecological", "The ecological model", ecological, {})] if used[1] else []),
            ),
            actions=(told,) if any(missing) else (),
        )
    )


def _sentence(iep: Sequence[str], ecological: Sequence[str]) -> Sentence:
    """What the plan leaves unmeasured."""
    parts = []
    if iep:
        parts.append(f"{_and(iep)} in the model of intentions to exit")
    if ecological:
        parts.append(f"the level of {_and(ecological)} in the ecological model")
    if not parts:
        return Sentence("The plan measures something in every dimension of the maps it uses.")
    return Sentence(f"The plan leaves unmeasured: {'; '.join(parts)}. A next study could add a measure there.")


def _table(
    name: str,
    title: str,
    places: Mapping[IepDimension, list[Measure]] | Mapping[EcologicalLevel, list[Measure]],
    headlines: Mapping[str, Sentence],
) -> Table:
    rows = [row for place, own in places.items() for row in _rows(place, own, headlines)]
    columns = COLUMNS if headlines else COLUMNS[:3]
    return Table(
        id=f"map_{name}",
        title=title,
        columns=columns,
        rows=tuple(Row(row.cells[: len(columns)]) for row in rows),
    )


def _rows(place: StrEnum, own: Sequence[Measure], headlines: Mapping[str, Sentence]) -> Iterator[Row]:
    if not own:
        yield Row((Text(capital(str(place))), Text(UNMEASURED), Blank(), Blank()))
    for measure in own:
        found: Cell = headlines.get(measure.finding, Blank())
        yield Row((Text(capital(str(place))), Text(measure.label), Text(measure.kind), found))


def _and(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
