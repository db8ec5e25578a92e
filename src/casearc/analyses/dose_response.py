"""Does dose go with outcome? One finding for each model of the plan, told finest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casearc.analyses.dataset import StudyData
from casearc.analyses.dose_linear import linear_body
from casearc.analyses.dose_multinomial import multinomial_body
from casearc.analyses.model_frame import ModelFrame, coarsened, finest
from casearc.analyses.wording import wave_label
from casearc.errors import StatisticsRefusedError
from casearc.findings import Body, Finding, Role, Section
from casearc.study import Family, Model, ModelKind, is_concurrent

CONCURRENT = (
    "Concurrent and descriptive: dose was counted up to the very wave at which the outcome was measured, so "
    "nothing says which came first."
)
LANDMARK = (
    "Landmark model: dose before {landmark} against the level at {at}, among people alike at {landmark}. It is an "
    "association: people who took more services may differ in ways nobody measured."
)


def dose_response_findings(data: StudyData) -> Iterator[Finding]:
    """One finding for each model, in the order of the plan."""
    for model in data.plan.models:
        yield _finding(data, model)


def unfitted(findings: Iterable[Finding]) -> tuple[str, ...]:
    """A sentence for each planned model that could not be fitted: a deviation from the plan."""
    return tuple(
        f"Planned, not fitted: {finding.title}. {finding.refusal}"
        for finding in findings
        if finding.refusal and finding.section is Section.DOSE_RESPONSE
    )


def _finding(data: StudyData, model: Model) -> Finding:
    outcome = data.plan.outcome(model.outcome)
    confirmatory = model.family is Family.CONFIRMATORY
    bodies: tuple[Body, ...] = ()
    refusal = ""
    try:
        bodies = _bodies(data, model)
    except StatisticsRefusedError as error:
        refusal = str(error)
    return Finding(
        id=f"dose_response.{model.id}",
        section=Section.DOSE_RESPONSE,
        title=model.label or f"{_doses(data, model)} and {data.label(outcome)} at {wave_label(model.at)}",
        plan_item=f"model.{model.id}",
        role=outcome.role if confirmatory else Role.EXPLORATORY,
        warnings=_warnings(data, model),
        bodies=bodies,
        refusal=refusal,
    )


def _doses(data: StudyData, model: Model) -> str:
    labels = {dose.id: dose.label or dose.id.replace("_", " ") for dose in data.plan.doses}
    return ", ".join(labels[dose] for dose in model.doses)


def _warnings(data: StudyData, model: Model) -> tuple[str, ...]:
    use = data.score_definition(data.plan.outcome(model.outcome)).permitted_use
    permitted = () if use is None or not use.warning else (use.warning,)
    if is_concurrent(data.plan, model):
        return (CONCURRENT, *permitted)
    ends = {dose.end for dose in data.plan.doses if dose.id in model.doses}
    landmark = " and ".join(f"day {end}" if isinstance(end, int) else wave_label(end) for end in sorted(ends, key=str))
    return (LANDMARK.format(landmark=landmark, at=wave_label(model.at)), *permitted)


def _bodies(data: StudyData, model: Model) -> tuple[Body, ...]:
    whole = finest(data, model)
    bodies = [_body(data, whole)]
    coarse = coarsened(data, model)
    if coarse is not None and coarse.told:
        try:
            bodies.append(_body(data, coarse))
        except StatisticsRefusedError:  # the finest was fitted; a coarser one that can't be is only not offered
            return tuple(bodies)
    return tuple(bodies)


def _body(data: StudyData, frame: ModelFrame) -> Body:
    if frame.n == 0:
        raise StatisticsRefusedError("No participant has the outcome, the dose and everything the model adjusts for.")
    fit = {ModelKind.LINEAR: linear_body, ModelKind.MULTINOMIAL: multinomial_body}[frame.model.kind]
    return fit(data, frame)
