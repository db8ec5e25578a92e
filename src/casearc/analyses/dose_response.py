"""Does dose go with outcome? One finding for each model of the plan, told finest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from casearc.analyses.dataset import StudyData
from casearc.analyses.dose_count import count_bodies
from casearc.analyses.dose_linear import linear_body
from casearc.analyses.dose_mixed import coarser_coding, mixed_body
from casearc.analyses.dose_multinomial import multinomial_body, multinomial_in_house
from casearc.analyses.dose_ordinal import ordinal_body, ordinal_in_house
from casearc.analyses.few_people import LEFT_OUT
from casearc.analyses.model_frame import ONE_ROW_A_PERSON, Coding, ModelFrame, coarsened, finest
from casearc.analyses.wording import wave_label
from casearc.errors import StatisticsRefusedError
from casearc.findings import Body, Evidence, Finding, Role, Section, Sentence, Threat, Verdict
from casearc.study import Family, Model, ModelKind, is_concurrent
from casearc.study.wording import model_label

CONCURRENT = (
    "Concurrent and descriptive: dose was counted up to the very wave at which the outcome was measured, so "
    "nothing says which came first."
)
LANDMARK = (
    "Landmark model: dose before {landmark} against the level at {at}, among people alike at {landmark}. It is an "
    "association: people who took more services may differ in ways nobody measured."
)
CROSS_SECTIONAL = (
    "Cross-sectional: no dose is in this model. It says who differs from whom, not what service has to do with it."
)
NOT_FITTED = (
    "The data cannot carry this model, nor a coarser one that the plan allows: too few people have all that it needs, "
    "all have the same outcome, or some of its terms cannot be told apart."
)
COARSER_ONLY = "As the plan has it, the model could not be fitted."
IN_THE_HOUSE_ONLY = (
    "How many people are at each level, whether they are enough for so many terms, and how many of them the model puts "
    "at their own level, is told in the house only."
)

FITS: Mapping[ModelKind, Callable[[StudyData, ModelFrame], Body]] = {
    ModelKind.LINEAR: linear_body,
    ModelKind.MULTINOMIAL: multinomial_body,
    ModelKind.ORDINAL: ordinal_body,
}
IN_HOUSE: Mapping[ModelKind, Callable[[StudyData, ModelFrame, Body], Body | None]] = {
    ModelKind.MULTINOMIAL: multinomial_in_house,
    ModelKind.ORDINAL: ordinal_in_house,
}
"""What counts people in a model of levels: the finest telling of it, which stays in the house."""


def dose_response_findings(data: StudyData) -> Iterator[Finding]:
    """One finding for each model, in the order of the plan."""
    for model in data.plan.models:
        yield _finding(data, model)


def unfitted(findings: Iterable[Finding]) -> tuple[str, ...]:
    """A sentence for each planned model that was not fitted, or only in a coarser form: deviations from the plan."""
    models = [finding for finding in findings if finding.section is Section.DOSE_RESPONSE]
    refused = (f"Planned, not fitted: {each.title}. {each.refusal}" for each in models if each.refusal)
    coarser = (
        f"Planned, fitted in a coarser form: {each.title}. {each.bodies[0].told}"
        for each in models
        if each.bodies and each.bodies[0].told
    )
    return (*refused, *coarser)


def _finding(data: StudyData, model: Model) -> Finding:
    counts = model.kind is ModelKind.COUNT
    confirmatory = model.family is Family.CONFIRMATORY and model.kind in ONE_ROW_A_PERSON
    bodies = _bodies(data, model)
    return Finding(
        id=f"dose_response.{model.id}",
        section=Section.DOSE_RESPONSE,
        title=model.label or _title(data, model),
        plan_item=f"model.{model.id}",
        role=data.plan.outcome(model.outcome).role if confirmatory and not counts else Role.EXPLORATORY,
        warnings=_warnings(data, model),
        bodies=tuple(replace(body, evidence=(*body.evidence, *_order(data, model))) for body in bodies),
        refusal="" if bodies else NOT_FITTED,
    )


def _title(data: StudyData, model: Model) -> str:
    if model.kind is ModelKind.COUNT:
        return f"How many: {_labels(data, (model.outcome,))}"
    outcome = data.label(data.plan.outcome(model.outcome))
    doses = f"{_labels(data, model.doses)} and " if model.doses else ""
    return f"{doses}{outcome}{f' at {wave_label(model.at)}' if model.at else ''}"


def _order(data: StudyData, model: Model) -> tuple[Evidence, ...]:
    """What the order of dose and outcome is worth against a dose that follows from doing better."""
    if not model.doses or model.kind is ModelKind.COUNT:
        return ()
    return (_order_of(data, model),)


def _order_of(data: StudyData, model: Model) -> Evidence:
    title = model_label(model)
    if model.kind is ModelKind.MIXED or is_concurrent(data.plan, model):
        said = Sentence(
            f"In “{title}” dose and outcome were counted in the same time, so doing better may have brought more "
            "service and not the reverse."
        )
        return Evidence(threat=Threat.ENDOGENOUS_DOSE, verdict=Verdict.OPEN, said=said)
    said = Sentence(
        "Dose before a landmark is related to the level after it, among people alike at the landmark; who engages more "
        "may still differ in ways nobody measured."
    )
    return Evidence(threat=Threat.ENDOGENOUS_DOSE, verdict=Verdict.WEAKENED, said=said)


def _labels(data: StudyData, doses: Iterable[str]) -> str:
    labels = {dose.id: dose.label or dose.id.replace("_", " ") for dose in data.plan.doses}
    return ", ".join(labels[dose] for dose in doses)


def _warnings(data: StudyData, model: Model) -> tuple[str, ...]:
    if model.kind is ModelKind.COUNT:
        return () if model.doses else (CROSS_SECTIONAL,)
    permitted = data.cautions(data.plan.outcome(model.outcome))
    if not model.doses:
        return (CROSS_SECTIONAL, *permitted)
    if model.kind is ModelKind.MIXED or is_concurrent(data.plan, model):
        return (CONCURRENT, *permitted)
    ends = {dose.end for dose in data.plan.doses if dose.id in model.doses}
    landmark = " and ".join(f"day {end}" if isinstance(end, int) else wave_label(end) for end in sorted(ends, key=str))
    return (LANDMARK.format(landmark=landmark, at=wave_label(model.at)), *permitted)


def _mixed_bodies(data: StudyData, model: Model) -> Iterator[Body]:
    """The same of a mixed model, which has rows of its own."""
    try:
        without = coarser_coding(data, model, data.threshold)
        yield mixed_body(data, model, Coding(), "")
        if without is not None:
            yield mixed_body(data, model, without, LEFT_OUT)
    except StatisticsRefusedError:  # its message may count people, which no text of a report may
        return


def _bodies(data: StudyData, model: Model) -> tuple[Body, ...]:
    """The model as planned and in the coarser form that may leave the house, as far as they can be fitted."""
    if model.kind is ModelKind.COUNT:
        return tuple(count_bodies(data, model))
    if model.kind is ModelKind.MIXED:
        return tuple(_mixed_bodies(data, model))
    whole = finest(data, model)
    if whole.n == 0:
        return ()
    planned = _body(data, whole)
    coarse = coarsened(data, model)
    coarser = _body(data, coarse) if coarse is not None and coarse.told else None
    if planned is None and coarser is not None:
        coarser = replace(coarser, told=f"{COARSER_ONLY} {coarser.told}")
    add = IN_HOUSE.get(model.kind)
    counted = None if add is None or planned is None else add(data, whole, planned)
    if counted is not None and planned is not None and coarse is not None and not coarse.told:
        coarser = replace(planned, told=IN_THE_HOUSE_ONLY)
    return tuple(body for body in (counted or planned, coarser) if body is not None)


def _body(data: StudyData, frame: ModelFrame) -> Body | None:
    """The fitted model; None where it cannot be fitted. The estimator's message may count people, so it is not told."""
    fit = FITS[frame.model.kind]
    try:
        return fit(data, frame)
    except StatisticsRefusedError:
        return None
