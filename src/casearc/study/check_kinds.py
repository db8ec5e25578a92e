"""Checks of what a kind of model needs, and of keys that go with other kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from types import MappingProxyType

from casearc.change import Wave
from casearc.dose import DoseDefinition, DoseMeasure
from casearc.language import both, say, to_say
from casearc.study.draft import Draft, Placed
from casearc.study.faults import PlanFaults
from casearc.study.plan import LevelAt, Model
from casearc.study.vocabulary import ClusterMethod, Covariance, ModelKind, RandomPart

KNOTS = (3, 4, 5)
COUNTED = (DoseMeasure.COUNT, DoseMeasure.DAYS)

KINDS_OF: Mapping[str, tuple[ModelKind, ...]] = MappingProxyType(
    {
        "covariance": (ModelKind.LINEAR,),
        "cluster_method": (ModelKind.LINEAR,),
        "curve": (ModelKind.LINEAR,),
        "penalty": (ModelKind.MULTINOMIAL, ModelKind.ORDINAL),
        "reference": (ModelKind.MULTINOMIAL,),
        "random": (ModelKind.MIXED,),
        "df": (ModelKind.MIXED,),
        "exposure": (ModelKind.COUNT,),
        "cluster": (ModelKind.LINEAR, ModelKind.MULTINOMIAL, ModelKind.ORDINAL),
    }
)
"""Keys that go with some kinds of model only."""

_USUAL = {each.name: each.default for each in fields(Model)}
_REASON = {
    "reference": to_say(
        "This kind of model has no reference level of the outcome; references of covariates stand with them."
    ),
    "cluster": to_say(
        "A mixed model takes the measurements of one person together and nothing around them, and a count model takes "
        "people as independent."
    ),
}


def check_kind(draft: Draft, placed: Placed[Model], faults: PlanFaults) -> None:
    """Note keys that do not go with the kind or with each other, and what the kind lacks."""
    _check_keys(placed, faults)
    _check_curve(placed, faults)
    _check_errors(placed, faults)
    rules: Mapping[ModelKind, Callable[[Draft, Placed[Model], PlanFaults], None]] = {
        ModelKind.MIXED: _check_mixed,
        ModelKind.COUNT: _check_count,
    }
    rules.get(placed.item.kind, _check_something)(draft, placed, faults)


def _check_keys(placed: Placed[Model], faults: PlanFaults) -> None:
    model = placed.item
    for key, kinds in KINDS_OF.items():
        if model.kind not in kinds and getattr(model, key) != _USUAL[key]:
            listed = both(kinds) if len(kinds) < 3 else ", ".join(kinds)
            goes = say("The key goes with {listed} models, and this one is {kind}.", listed=listed, kind=model.kind)
            problem = say(_REASON[key]) if key in _REASON else goes
            faults.add(placed.entry, problem, say("Remove the key."), key=key)


def _check_curve(placed: Placed[Model], faults: PlanFaults) -> None:
    model = placed.item
    if model.knots not in KNOTS:
        faults.add(placed.entry, say("A curve has 3, 4 or 5 knots."), say("3 suit a hundred people."), key="knots")
    elif model.knots != _USUAL["knots"] and not model.curve:
        faults.add(
            placed.entry, say("Knots belong to a curve."), say("Write curve = true, or remove the key."), key="knots"
        )
    if model.curve and not model.doses:
        faults.add(placed.entry, say("The model has no dose to draw a curve of."), say("Remove the key."), key="curve")


def _check_errors(placed: Placed[Model], faults: PlanFaults) -> None:
    model = placed.item
    if model.kind is not ModelKind.LINEAR:
        return
    if model.cluster is None and model.cluster_method is not ClusterMethod.CR2:
        problem = say("The model has no cluster for this method.")
        faults.add(placed.entry, problem, say('Write cluster = "site" or "staff_id".'), key="cluster_method")
    if model.cluster is not None and model.covariance is not Covariance.HC3:
        problem = say("With a cluster, cluster_method says how standard errors are computed.")
        faults.add(placed.entry, problem, say("Remove this key."), key="covariance")


def _check_something(draft: Draft, placed: Placed[Model], faults: PlanFaults) -> None:
    del draft
    if not placed.item.doses and not placed.item.adjust_for:
        problem = say("The model relates the outcome to nothing.")
        faults.add(placed.entry, problem, say("Name a dose, or something under adjust_for."), key="dose")


def _check_mixed(draft: Draft, placed: Placed[Model], faults: PlanFaults) -> None:
    model = placed.item
    waves = sorted((each.item for each in draft.waves), key=lambda wave: wave.target_day)
    if model.random is RandomPart.SLOPE and len(draft.declared.get("wave", ())) < 3:
        problem = say("A slope that differs from person to person needs three waves, and the plan has fewer.")
        faults.add(placed.entry, problem, say('Write random = "intercept".'), key="random")
    if waves and model.at == waves[0].name:
        problem = say('Change is told from the first wave on, and "{at}" is the first.', at=model.at)
        faults.add(placed.entry, problem, say("Name a later wave, or remove the key for the last."), key="at")
    for item in (each for each in model.adjust_for if isinstance(each, LevelAt)):
        if not item.outcome:
            problem = say(
                "A mixed model has the outcome of every wave on its left side, and cannot adjust for one of them."
            )
            faults.add(placed.entry, problem, say("Remove the level."), key="adjust_for")
        elif waves and item.wave in draft.declared.get("wave", ()) and item.wave != waves[0].name:
            problem = say(
                'It adjusts every measurement for "{outcome}" at "{wave}", also those before it.',
                outcome=item.outcome,
                wave=item.wave,
            )
            faults.add(
                placed.entry,
                problem,
                say('Adjust for "{outcome}@{wave_first}".', outcome=item.outcome, wave_first=waves[0].name),
                key="adjust_for",
            )


def _check_count(draft: Draft, placed: Placed[Model], faults: PlanFaults) -> None:
    _check_something(draft, placed, faults)
    counted = draft.dose(placed.item.outcome)
    if counted is None:
        if placed.item.exposure is None:
            _no_exposure(placed, faults)
        return
    if counted.measure not in COUNTED:
        problem = say(
            'The dose "{name}" measures {measure}, which is no count.', name=counted.id, measure=counted.measure
        )
        faults.add(
            placed.entry, problem, say("Measures that count: {measures}.", measures=", ".join(COUNTED)), key="outcome"
        )
    _check_exposure(draft, placed, counted, faults)
    for name in placed.item.doses:
        dose = draft.dose(name)
        if name == counted.id:
            faults.add(placed.entry, say("A count cannot explain itself."), say("Name another dose."), key="dose")
        elif dose is not None and not _over(dose.end, counted.start, draft):
            problem = say('The window of dose "{name}" is not over when counting begins.', name=name)
            remedy = say("Let the count begin at the wave, or on the day, at which the dose ends.")
            faults.add(placed.entry, problem, remedy, key="dose")
    _check_levels_before(draft, placed, counted, faults)


def _no_exposure(placed: Placed[Model], faults: PlanFaults) -> None:
    problem = say("People were not all there for the same time, so a count needs the months in which it could happen.")
    remedy = say(
        "Add a [[dose]] with table enrollments, measure months_enrolled and the window of the count; name it here."
    )
    faults.add(placed.entry, problem, remedy, key="exposure")


def _check_exposure(draft: Draft, placed: Placed[Model], counted: DoseDefinition, faults: PlanFaults) -> None:
    model = placed.item
    exposure = draft.dose(model.exposure) if model.exposure is not None else None
    if model.exposure is None:
        _no_exposure(placed, faults)
    elif exposure is not None and exposure.measure is not DoseMeasure.MONTHS_ENROLLED:
        problem = say(
            'The dose "{name}" measures {measure}, which is no time at risk.',
            name=exposure.id,
            measure=exposure.measure,
        )
        faults.add(placed.entry, problem, say("Name a dose of months_enrolled."), key="exposure")
    elif exposure is not None and (exposure.start, exposure.end) != (counted.start, counted.end):
        problem = say(
            'The windows of "{exposure}" and of the count "{counted}" differ.', exposure=exposure.id, counted=counted.id
        )
        faults.add(placed.entry, problem, say("Give both the same from and to."), key="exposure")


def _check_levels_before(draft: Draft, placed: Placed[Model], counted: DoseDefinition, faults: PlanFaults) -> None:
    for item in (each for each in placed.item.adjust_for if isinstance(each, LevelAt)):
        if not item.outcome:
            problem = say("A count has no level at a wave.")
            remedy = say('Adjust for an outcome, "OUTCOME@{wave}"; an earlier count goes under dose.', wave=item.wave)
            faults.add(placed.entry, problem, remedy, key="adjust_for")
        elif not _over(item.wave, counted.start, draft):
            problem = say(
                '"{outcome}" at "{wave}" is not measured before counting begins.', outcome=item.outcome, wave=item.wave
            )
            faults.add(placed.entry, problem, say("Adjust for the level at an earlier wave."), key="adjust_for")


def _over(end: str | int, start: str | int, draft: Draft) -> bool:
    """Whether what ends at a wave or day is over at another, for everybody; true where a wave is not known."""
    last, first = draft.wave(end), draft.wave(start)
    if (isinstance(end, str) and last is None) or (isinstance(start, str) and first is None):
        return True
    if last is not None and first is not None:
        return last.target_day <= first.target_day
    return _day(end, last, late=True) <= _day(start, first, late=False)


def _day(edge: str | int, wave: Wave | None, *, late: bool) -> int:
    if wave is None:
        return int(edge)
    return wave.last_day if late else wave.first_day
