"""What comes before what: doses, the waves they end at, and the outcome they are to explain."""

from __future__ import annotations

from collections.abc import Sequence

from casearc.change.definitions import Wave
from casearc.study.plan import LevelAt, Model, StudyPlan
from casearc.study.vocabulary import ModelKind


def in_time(waves: Sequence[Wave]) -> tuple[Wave, ...]:
    """Waves in the order of their target days."""
    return tuple(sorted(waves, key=lambda wave: wave.target_day))


def is_cross_sectional(plan: StudyPlan, model: Model) -> bool:
    """Whether a model without dose relates what was measured at one wave, on baseline data alone for instance."""
    if model.doses or model.kind in (ModelKind.COUNT, ModelKind.MIXED):
        return False
    beside = any(isinstance(item, LevelAt) and item.wave == model.at for item in model.adjust_for)
    return beside or model.at == in_time(plan.waves)[0].name


def is_concurrent(plan: StudyPlan, model: Model) -> bool:
    """Whether a model's dose runs up to the outcome itself and not to an earlier landmark.

    A landmark is a wave between dose and outcome, so that the later level can be adjusted for the level after
    the dose. Without one, with only two waves for instance, nothing says which came first: reports label the
    model "concurrent, descriptive". A mixed model with a dose is concurrent always, since measurements made while
    the dose was being delivered enter it; a model without dose never; a count begins when the doses are over.
    """
    if not model.doses or model.kind is ModelKind.COUNT:
        return False
    if model.kind is ModelKind.MIXED:
        return True
    outcome_wave = plan.wave(model.at)
    before = [wave for wave in in_time(plan.waves) if wave.target_day < outcome_wave.target_day]
    if len(before) < 2:
        return True
    landmark = before[-1]
    return any(not _over_by(plan.dose(dose).end, landmark, plan) for dose in model.doses)


def _over_by(end: str | int, landmark: Wave, plan: StudyPlan) -> bool:
    """Whether a dose is over when the landmark is measured."""
    if isinstance(end, int):
        return end <= landmark.first_day
    return plan.wave(end).target_day <= landmark.target_day
