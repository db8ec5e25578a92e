"""Sections that come several times, one function a section. None where a section is not sound."""

from __future__ import annotations

from collections.abc import Sequence

from casearc.change.definitions import Pick, Wave
from casearc.dose.definitions import DoseDefinition, DoseMeasure, DoseTable
from casearc.findings import Role
from casearc.language import say
from casearc.study.plan import Covariate, LevelAt, Model, Outcome, Placement, Profiles
from casearc.study.reader import Section
from casearc.study.vocabulary import (
    ClusterMethod,
    Covariance,
    DenominatorDf,
    Direction,
    EcologicalLevel,
    Family,
    IepDimension,
    ModelKind,
    Penalty,
    RandomPart,
)

LEVEL, BASELINE = "level", "baseline"
_ROLES = (Role.PRIMARY, Role.SECONDARY, Role.EXPLORATORY)
_COVARIATE_TABLES = ("participants", "enrollments")
_CLUSTERS = ("site", "staff_id")


def wave(section: Section) -> Wave | None:
    """``[[wave]]``"""
    name, target, window = (
        section.identifier("name"),
        section.whole("target_day", required=True),
        section.days("window"),
    )
    pick = section.choice("pick", Pick) or Pick.NEAREST
    if not section.close() or name is None or target is None or window is None:
        return None
    return Wave(name=name, target_day=target, window=window, pick=pick)


def outcome(section: Section) -> Outcome | None:
    """``[[outcome]]``"""
    outcome_id, score = section.identifier("id"), section.text("score", required=True)
    role = section.word("role", _ROLES, required=True)
    direction = section.choice("direction", Direction, required=True)
    label, levels = section.text("label"), section.texts("levels")
    merge, ladder = section.merge("merge"), section.ladder("ladder")
    place = placement(section)
    if not section.close() or outcome_id is None or score is None or role is None or direction is None:
        return None
    return Outcome(
        id=outcome_id,
        score=score,
        role=Role(role),
        direction=direction,
        label=label or "",
        levels=levels or (),
        merge=merge,
        ladder=ladder or (),
        iep=place.iep,
        ecological=place.ecological,
    )


def dose(section: Section) -> tuple[DoseDefinition, Placement] | None:
    """``[[dose]]``: the dose and its place in theory."""
    dose_id = section.identifier("id")
    table = section.choice("table", DoseTable, required=True)
    measure = section.choice("measure", DoseMeasure, required=True)
    types = section.texts("types")
    start, end = section.wave_or_day("from"), section.wave_or_day("to")
    label, unit = section.text("label"), section.text("unit")
    place = placement(section)
    if not section.close() or dose_id is None or table is None or measure is None or start is None or end is None:
        return None
    defined = DoseDefinition(
        id=dose_id,
        table=table,
        measure=measure,
        types=types or (),
        start=start,
        end=end,
        label=label or "",
        unit=unit or "",
    )
    return defined, place


def covariate(section: Section) -> Covariate | None:
    """``[[covariate]]``"""
    covariate_id = section.identifier("id")
    table = section.word("table", _COVARIATE_TABLES, required=True)
    column = section.text("column", required=True)
    label, reference, ladder = section.text("label"), section.text("reference"), section.ladder("ladder")
    place = placement(section)
    if not section.close() or covariate_id is None or table is None or column is None:
        return None
    return Covariate(
        id=covariate_id,
        table=table,
        column=column,
        label=label or "",
        reference=reference,
        ladder=ladder or (),
        iep=place.iep,
        ecological=place.ecological,
    )


def placement(section: Section) -> Placement:
    """The two keys that say where in theory something belongs."""
    return Placement(iep=section.choice("iep", IepDimension), ecological=section.choice("ecological", EcologicalLevel))


def model(section: Section, waves: Sequence[str]) -> Model | None:
    """``[[model]]``; `waves` in the order of time, for "baseline" and for the last one."""
    model_id, kind = section.identifier("id"), section.choice("kind", ModelKind, required=True)
    outcome_id, at = section.text("outcome", required=True), _at(section, kind, waves)
    doses, adjusted = _doses(section), _adjusted(section, outcome_id, waves)
    exposure = section.text("exposure")
    cluster, method = section.word("cluster", _CLUSTERS), section.choice("cluster_method", ClusterMethod)
    reference, penalty = section.text("reference"), section.choice("penalty", Penalty)
    covariance, curve, knots = section.choice("covariance", Covariance), section.flag("curve"), section.whole("knots")
    random, df = section.choice("random", RandomPart), section.choice("df", DenominatorDf)
    family, label = section.choice("family", Family), section.text("label")
    if not section.close() or model_id is None or kind is None or outcome_id is None or at is None:
        return None
    return Model(
        id=model_id,
        kind=kind,
        outcome=outcome_id,
        at=at,
        doses=doses,
        adjust_for=adjusted,
        cluster=cluster,
        cluster_method=method or ClusterMethod.CR2,
        covariance=covariance or Covariance.HC3,
        curve=curve or False,
        df=df or DenominatorDf.KENWARD_ROGER,
        exposure=exposure,
        family=family or Family.EXPLORATORY,
        knots=3 if knots is None else knots,
        label=label or "",
        penalty=penalty or Penalty.AUTO,
        random=random or RandomPart.AUTO,
        reference=reference,
    )


def profiles(section: Section) -> Profiles | None:
    """``[[profiles]]``"""
    profiles_id, at = section.identifier("id"), section.text("at", required=True)
    scores = section.texts("scores", required=True)
    number, most, label = section.whole("number"), section.whole("most"), section.text("label")
    if not section.close() or profiles_id is None or at is None or scores is None:
        return None
    most = 4 if most is None else most
    return Profiles(id=profiles_id, scores=scores, at=at, number=number, most=most, label=label or "")


def _at(section: Section, kind: ModelKind | None, waves: Sequence[str]) -> str | None:
    """The wave of the outcome: said, the last one of a mixed model, none of a count model."""
    at = section.text("at", required=kind not in (ModelKind.MIXED, ModelKind.COUNT, None))
    if kind is ModelKind.COUNT:
        if at is not None:
            problem = say("A count is not taken at a wave: the window of the dose that is counted says when.")
            section.fault(problem, say("Remove the key."), key="at")
        return ""
    return waves[-1] if at is None and kind is ModelKind.MIXED and waves else at


def _doses(section: Section) -> tuple[str, ...]:
    doses = section.texts("dose")
    if doses == ():
        section.fault(say("The list is empty."), say("Name at least one, or remove the key."), key="dose")
    return doses or ()


def _adjusted(section: Section, outcome_id: str | None, waves: Sequence[str]) -> tuple[str | LevelAt, ...]:
    adjusted = tuple(_adjustment(text, outcome_id, waves) for text in section.texts("adjust_for") or ())
    if len(set(adjusted)) < len(adjusted):
        section.fault(
            say('It names one level twice ("baseline" is the first wave).'), say("Remove one."), key="adjust_for"
        )
    return adjusted


def _adjustment(text: str, outcome_id: str | None, waves: Sequence[str]) -> str | LevelAt:
    if text == BASELINE and waves:
        return LevelAt(waves[0])
    whose, at, wave_name = text.partition("@")
    if not at:
        return text
    return LevelAt(wave_name, "" if whose in (LEVEL, outcome_id) else whose)
