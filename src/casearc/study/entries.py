"""Sections of a plan into their types, one function a section. None where a section is not sound."""

from __future__ import annotations

from collections.abc import Sequence

from casearc.change.definitions import Pick, Wave
from casearc.dose.definitions import DoseDefinition, DoseMeasure, DoseTable
from casearc.findings import Role
from casearc.study.plan import (
    Covariate,
    Direction,
    Disclosure,
    Family,
    Inference,
    LevelAt,
    Missing,
    Model,
    ModelKind,
    Outcome,
    Selection,
)
from casearc.study.reader import Section

LEVEL, BASELINE = "level@", "baseline"
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
    )


def dose(section: Section) -> DoseDefinition | None:
    """``[[dose]]``"""
    dose_id = section.identifier("id")
    table = section.choice("table", DoseTable, required=True)
    measure = section.choice("measure", DoseMeasure, required=True)
    types = section.texts("types")
    start, end = section.wave_or_day("from"), section.wave_or_day("to")
    label, unit = section.text("label"), section.text("unit")
    if not section.close() or dose_id is None or table is None or measure is None or start is None or end is None:
        return None
    return DoseDefinition(
        id=dose_id,
        table=table,
        measure=measure,
        types=types or (),
        start=start,
        end=end,
        label=label or "",
        unit=unit or "",
    )


def covariate(section: Section) -> Covariate | None:
    """``[[covariate]]``"""
    covariate_id = section.identifier("id")
    table = section.word("table", _COVARIATE_TABLES, required=True)
    column = section.text("column", required=True)
    label, reference, ladder = section.text("label"), section.text("reference"), section.ladder("ladder")
    iep, ecological = section.text("iep"), section.text("ecological")
    if not section.close() or covariate_id is None or table is None or column is None:
        return None
    return Covariate(
        id=covariate_id,
        table=table,
        column=column,
        label=label or "",
        reference=reference,
        ladder=ladder or (),
        iep=iep or "",
        ecological=ecological or "",
    )


def model(section: Section, waves: Sequence[str]) -> Model | None:
    """``[[model]]``; `waves` in the order of time, for "baseline"."""
    model_id, kind = section.identifier("id"), section.choice("kind", ModelKind, required=True)
    outcome_id, at = section.text("outcome", required=True), section.text("at", required=True)
    doses, adjust_for = section.texts("dose", required=True), section.texts("adjust_for")
    cluster, reference = section.word("cluster", _CLUSTERS), section.text("reference")
    family, label = section.choice("family", Family), section.text("label")
    adjusted = tuple(_adjustment(text, waves) for text in adjust_for or ())
    if len(set(adjusted)) < len(adjusted):
        section.fault('It names one level twice ("baseline" is the first wave).', "Remove one.", key="adjust_for")
    if not section.close() or model_id is None or kind is None or outcome_id is None or at is None or doses is None:
        return None
    return Model(
        id=model_id,
        kind=kind,
        outcome=outcome_id,
        at=at,
        doses=doses,
        adjust_for=adjusted,
        cluster=cluster,
        reference=reference,
        family=family or Family.EXPLORATORY,
        label=label or "",
    )


def missing(section: Section) -> Missing:
    """``[missing]``"""
    items = section.word("items", ("house", "strict"))
    waves = section.word("waves", ("completers", "all-enrolled"))
    imputations = section.whole("imputations", low=0)
    section.close()
    usual = Missing()
    return Missing(items=items or usual.items, waves=waves or usual.waves, imputations=imputations or 0)


def inference(section: Section) -> Inference:
    """``[inference]``"""
    alpha, bootstrap = section.number("alpha"), section.whole("bootstrap", low=0)
    multiplicity = section.word("multiplicity", ("none", "holm", "benjamini-hochberg"))
    section.close()
    usual = Inference()
    return Inference(
        alpha=usual.alpha if alpha is None else alpha,
        multiplicity=multiplicity or usual.multiplicity,
        bootstrap=bootstrap or 0,
    )


def disclosure(section: Section) -> Disclosure:
    """``[disclosure]``"""
    threshold, edition = section.whole("threshold"), section.word("edition", ("outside", "in-house"))
    section.close()
    return Disclosure(threshold=threshold, edition=edition or Disclosure().edition)


def selection(section: Section) -> Selection | None:
    """``[selection]``: all three or nothing."""
    sd, retest, cut = (section.number(key, required=True) for key in ("population_sd", "retest", "cut"))
    if not section.close() or sd is None or retest is None or cut is None:
        return None
    return Selection(population_sd=sd, retest=retest, cut=cut)


def _adjustment(text: str, waves: Sequence[str]) -> str | LevelAt:
    if text == BASELINE and waves:
        return LevelAt(waves[0])
    return LevelAt(text.removeprefix(LEVEL)) if text.startswith(LEVEL) else text
