"""What enters a dose-response model, and how its levels merge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casearc.analyses.dataset import StudyData, outcome_column
from casearc.analyses.wording import capital, level_label, wave_label
from casearc.dose import DoseDefinition, DoseMeasure, DoseTable
from casearc.study import Covariate, LevelAt, Merge, Model, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictor:
    """A column that enters the model. `levels` is empty for numbers; else in order, the reference first.

    `label` heads a row, `phrase` stands in a sentence, `one` names one more of a dose.
    """

    id: str
    label: str
    phrase: str
    column: str
    levels: tuple[str, ...] = ()
    is_dose: bool = False
    one: str = "point"
    merge: Merge | None = None
    ladder: tuple[Merge, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, level: str) -> str:
        """How texts call a level."""
        return self.names.get(level) or level_label(level)


def predictors(data: StudyData, model: Model) -> tuple[Predictor, ...]:
    """Doses first, then what the model adjusts for, in the order of the plan."""
    doses = {dose.id: dose for dose in data.plan.doses}
    covariates = {covariate.id: covariate for covariate in data.plan.covariates}
    found = [
        Predictor(
            id=dose,
            label=capital(doses[dose].label or dose.replace("_", " ")),
            phrase=doses[dose].label or dose.replace("_", " "),
            column=dose,
            is_dose=True,
            one=_one(doses[dose]),
        )
        for dose in model.doses
    ]
    for item in model.adjust_for:
        if isinstance(item, LevelAt):
            found.append(_level(data, data.plan.outcome(item.outcome or model.outcome), item))
        else:
            found.append(_covariate(data, covariates[item]))
    return tuple(found)


def _one(dose: DoseDefinition) -> str:
    """What one more of a dose is called."""
    minutes = dose.table is DoseTable.CONTACTS
    record = "attempt" if dose.attempts else "contact" if minutes else "service"
    return {
        DoseMeasure.MONTHS_ENROLLED: "month",
        DoseMeasure.MONTHS_SERVED: "month",
        DoseMeasure.FREQUENCY: f"{record} a month",
        DoseMeasure.AMOUNT: "minute" if minutes else dose.unit or "unit",
        DoseMeasure.BREADTH: "kind",
        DoseMeasure.COUNT: "",
        DoseMeasure.DAYS: "day",
    }[dose.measure]


def _level(data: StudyData, outcome: Outcome, item: LevelAt) -> Predictor:
    """The level of the model's own outcome, or another's, at a wave."""
    wave = item.wave
    return Predictor(
        id=f"{item.outcome or 'level'}@{wave}",
        label=f"{capital(data.label(outcome))} at {wave_label(wave)}",
        phrase=f"{data.label(outcome)} at {wave_label(wave)}",
        column=outcome_column(outcome, wave),
        levels=levels_of(data, outcome) if data.is_levels(outcome) else (),
        merge=outcome.merge if item.outcome else None,
        ladder=outcome.ladder if item.outcome else (),
        names=level_names(data, outcome),
    )


def levels_of(data: StudyData, outcome: Outcome) -> tuple[str, ...]:
    """An outcome's levels in order: the plan's, else the instrument's."""
    return outcome.levels or data.score_definition(outcome).levels


def level_names(data: StudyData, outcome: Outcome) -> dict[str, str]:
    """How the instrument calls an outcome's levels, as it stands within a sentence."""
    definition = data.score_definition(outcome)
    labels = definition.level_labels or definition.levels
    return {
        level: level_label(label[:1].lower() + label[1:])
        for level, label in zip(definition.levels, labels, strict=True)
    }


def _covariate(data: StudyData, covariate: Covariate) -> Predictor:
    return data.once(("covariate", covariate.id), lambda: _covariate_of(data, covariate))


def _covariate_of(data: StudyData, covariate: Covariate) -> Predictor:
    column = f"covariate:{covariate.id}"
    values = data.people[column]
    levels: tuple[str, ...] = ()
    if not values.dtype.is_numeric():
        counted = values.drop_nulls().value_counts(sort=True)
        present = counted.sort("count", column, descending=[True, False])[column].to_list()
        reference = covariate.reference or (present[0] if present else "")
        levels = (reference, *sorted(level for level in present if level != reference))
    return Predictor(
        id=covariate.id,
        label=capital(covariate.label or covariate.id.replace("_", " ")),
        phrase=covariate.label or covariate.id.replace("_", " "),
        column=column,
        levels=levels,
        ladder=covariate.ladder,
    )


def outcome_merge(outcome: Outcome, step: int) -> Merge | None:
    """The plan's merging of an outcome's levels, `step` rungs up its ladder."""
    return outcome.ladder[step - 1] if step else outcome.merge


def merge_for(data: StudyData, model: Model, predictor: Predictor, steps: Mapping[str, int]) -> Merge | None:
    """A factor's own rung; the outcome's earlier level always stands on the outcome's rung."""
    if predictor.id.startswith("level@"):
        return outcome_merge(data.plan.outcome(model.outcome), steps.get("outcome", 0))
    step = steps.get(predictor.id, 0)
    return predictor.ladder[step - 1] if step else predictor.merge
