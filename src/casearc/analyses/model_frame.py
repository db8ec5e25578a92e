"""From one row a participant to the matrix a dose-response model is fitted on.

A `Coding` says how coarse: how far up its merge ladder each factor stands, and which indicators were left out because
too few people stand behind them. `finest` starts with everything the plan asks; `coarsened` climbs until every
indicator rests on enough people to leave the house, and says what it did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.analyses.dataset import StudyData, day_column, outcome_column
from casearc.analyses.ledger import Ledger, measured_key
from casearc.analyses.predictors import Predictor, levels_of, merge_for, outcome_merge, predictors
from casearc.change import new_levels
from casearc.statistics.categorical import SeparationReport, separation
from casearc.study import LevelAt, Merge, Model, ModelKind, Outcome

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """How coarse each factor is. Keys are predictor ids; the outcome's own key is ``outcome``."""

    steps: Mapping[str, int] = field(default_factory=dict)
    left_out: frozenset[tuple[str, str]] = frozenset()
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One column of the matrix."""

    name: str
    label: str
    phrase: str
    predictor: str
    is_dose: bool
    one: str = "point"


def one_more(term: Term) -> str:
    """How a sentence on a dose starts."""
    start = f"Each further {term.one}" if term.one else "One more"
    return f"{start} in “{term.phrase}”"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFrame:
    """What an estimator gets, and the counts of people behind each indicator.

    `design` is (n, k) with the intercept first, as `terms`. `outcome` is float for numbers, codes 0..J-1 for levels.
    """

    model: Model
    outcome_of: Outcome
    key: str
    terms: tuple[Term, ...]
    design: Floats
    outcome: Floats
    outcome_levels: tuple[str, ...]
    clusters: npt.NDArray[np.intp] | None
    counts: Mapping[str, Mapping[str, int]]
    coding: Coding
    told: str = ""

    @property
    def n(self) -> int:
        """People in the model."""
        return int(self.design.shape[0])

    def dose_positions(self) -> tuple[int, ...]:
        """Columns of `design` that hold doses."""
        return tuple(i for i, term in enumerate(self.terms) if term.is_dose)


ONE_ROW_A_PERSON = (ModelKind.LINEAR, ModelKind.MULTINOMIAL, ModelKind.ORDINAL)
"""Kinds of model that a `ModelFrame` serves."""


def framed_models(data: StudyData) -> tuple[Model, ...]:
    """Models of one outcome at one wave with one row a person, in the order of the plan."""
    return tuple(model for model in data.plan.models if model.kind in ONE_ROW_A_PERSON)


def finest(data: StudyData, model: Model) -> ModelFrame:
    """The model as the plan asks it."""
    return data.once(("finest", model), lambda: _frame(data, model, Coding()))


def coarsened(data: StudyData, model: Model) -> ModelFrame | None:
    """The model with every indicator resting on at least `data.threshold` people, and words for what changed.

    Separation counts as sparse: it says that some group is at one level without exception. None where a level of the
    outcome itself rests on too few and the plan has no coarser grouping left.
    """
    return data.once(("coarsened", model), lambda: _coarsened(data, model))


def _coarsened(data: StudyData, model: Model) -> ModelFrame | None:
    frame = finest(data, model)
    while (sparse := _sparse(frame, data.threshold) or _all_alike(frame)) is not None:
        coding = _coarser(data, frame, sparse)
        if coding is None:
            return None
        frame = _frame(data, model, coding)
    return replace(frame, told=_told(data, model, frame))


def separated(frame: ModelFrame) -> SeparationReport | None:
    """What tells some levels of the outcome apart without exception, if anything; None for numeric outcomes."""
    if len(frame.outcome_levels) < 2:
        return None
    names = [term.name for term in frame.terms]
    codes = frame.outcome.astype(np.intp)
    found = separation(frame.design, codes, levels=frame.outcome_levels, terms=names)
    return found if found.found else None


def _all_alike(frame: ModelFrame) -> tuple[str, str] | None:
    """The outcome, or the factor to leave out, where people are separated."""
    found = separated(frame)
    if found is None:
        return None
    owners = {term.name: term.predictor for term in frame.terms}
    named = [(owners[name], name.partition("=")[2]) for name in found.terms if "=" in name]
    return named[0] if named else ("outcome", frame.outcome_levels[-1])


def register(frame: ModelFrame, ledger: Ledger, *, supports: bool = True) -> None:
    """Tell the ledger who is in the model and, with `supports`, who stands behind each indicator."""
    ledger.measured(frame.outcome_of, frame.model.at)
    measured = measured_key(frame.outcome_of, frame.model.at)
    ledger.subset(measured, frame.key, frame.n, rest=f"{frame.key}:incomplete")
    if not supports:
        return
    ledger.base(frame.key)
    for predictor, levels in frame.counts.items():
        keys = {level_key(frame, predictor, level): count for level, count in levels.items()}
        ledger.split(frame.key, keys)
        for key, count in keys.items():
            ledger.support(key, count)


def level_key(frame: ModelFrame, owner: str, level: str) -> str:
    """Key of those in the model at one level of a factor, or of the ``outcome``."""
    return f"{frame.key}:{owner}={level}{_grain(frame.coding, owner)}"


def _grain(coding: Coding, owner: str) -> str:
    """Part of a key: a merged group, or a reference that took others in, is not the group of the same name before."""
    step = coding.steps.get("outcome" if _is_outcome(owner) else owner, 0)
    left_out = sorted(level for of, level in coding.left_out if of == owner)
    return f"[{step}, {len(left_out)} left out]" if step or left_out else ""


def _is_outcome(owner: str) -> bool:
    """Whether a factor stands on the outcome's ladder: the outcome itself, or its level at an earlier wave."""
    return owner == "outcome" or owner.startswith("level@")


def replaced_references(data: StudyData, frame: ModelFrame) -> tuple[str, ...]:
    """A sentence for each factor whose reference level nobody in the model is at."""
    found = []
    for predictor in predictors(data, frame.model):
        present = list(frame.counts.get(predictor.id, ()))
        into = new_levels(predictor.levels, merge_for(data, frame.model, predictor, frame.coding.steps))
        reference = next(iter(into.values()), "")
        if present and reference not in present:
            found.append(
                f"{predictor.label}: {predictor.name(present[0])} takes the place of the plan's reference "
                f"{predictor.name(reference)}, at which too few people in this model are."
            )
    return tuple(found)


def exclusions(data: StudyData, model: Model) -> tuple[tuple[str, int], ...]:
    """Why people are not in the model and how many, each counted once, at the first reason that applies."""
    left = pl.lit(value=True)
    found = []
    for reason, keeps in _conditions(data, model):
        count = data.people.select((left & ~keeps.fill_null(value=False)).sum()).item()
        found.append((reason, int(count)))
        left = left & keeps.fill_null(value=False)
    return tuple(found)


def _conditions(data: StudyData, model: Model) -> list[tuple[str, pl.Expr]]:
    """What it takes to be in the model, in the order in which people are said to fall out."""
    outcome = data.plan.outcome(model.outcome)
    known: dict[str, list[str]] = {"level": [], "dose": [], "covariate": []}
    for predictor in predictors(data, model):
        kind = "dose" if predictor.is_dose else "level" if predictor.id.startswith("level@") else "covariate"
        known[kind].append(predictor.column)
    known["covariate"] += [model.cluster] if model.cluster else []

    def all_known(columns: list[str]) -> pl.Expr:
        return pl.all_horizontal(pl.lit(value=True), *(pl.col(column).is_not_null() for column in columns))

    return [
        ("no outcome at that wave", pl.col(outcome_column(outcome, model.at)).is_not_null()),
        ("no level at the wave adjusted for", all_known(known["level"])),
        ("outcome not measured after the dose ended", _in_order(data, model)),
        ("the dose is not known", all_known(known["dose"])),
        ("a covariate is missing", all_known(known["covariate"])),
    ]


def people_in(data: StudyData, model: Model) -> pl.DataFrame:
    """Rows of `data.people` of those in the model, in the order of its matrix."""
    return data.people.filter(pl.all_horizontal(condition for _, condition in _conditions(data, model)))


def _complete(data: StudyData, model: Model) -> pl.DataFrame:
    columns = model_columns(data, model)
    return people_in(data, model).select(pl.col(column).alias(name) for name, column in columns.items())


def _in_order(data: StudyData, model: Model) -> pl.Expr:
    """Whose outcome was measured no earlier than the dose window ended and after the levels adjusted for."""
    outcome = data.plan.outcome(model.outcome)
    measured = pl.col(day_column(data, outcome, model.at))
    ends = {dose.end for dose in data.plan.doses if dose.id in model.doses}
    before = [measured >= (pl.lit(end) if isinstance(end, int) else pl.col(f"wave_day:{end}")) for end in ends]
    levels = [item for item in model.adjust_for if isinstance(item, LevelAt) and item.wave != model.at]
    owners = [data.plan.outcome(item.outcome) if item.outcome else outcome for item in levels]
    after = [measured > pl.col(day_column(data, of, item.wave)) for of, item in zip(owners, levels, strict=True)]
    return pl.all_horizontal(pl.lit(value=True), *before, *after)


def _frame(data: StudyData, model: Model, coding: Coding) -> ModelFrame:
    return frame_of(data, model, coding, _complete(data, model))


def model_columns(data: StudyData, model: Model) -> dict[str, str]:
    """What `frame_of` reads: ``outcome``, each predictor's id and ``cluster``, by their columns of `data.people`."""
    columns = {"outcome": outcome_column(data.plan.outcome(model.outcome), model.at)}
    columns |= {predictor.id: predictor.column for predictor in predictors(data, model)}
    return columns | ({"cluster": model.cluster} if model.cluster else {})


def frame_of(data: StudyData, model: Model, coding: Coding, rows: pl.DataFrame) -> ModelFrame:
    """The matrix of a model from rows without gaps: those of complete cases, or imputed ones."""
    outcome = data.plan.outcome(model.outcome)
    terms, design, counts = design_of(data, model, coding, rows)
    values, levels = _outcome(data, model, rows["outcome"], coding)
    if levels:
        counts["outcome"] = {level: int((values == i).sum()) for i, level in enumerate(levels)}
    clusters = rows["cluster"].cast(pl.Categorical).to_physical().to_numpy() if model.cluster else None
    return ModelFrame(
        model=model,
        outcome_of=outcome,
        key=f"analyzed[{model.id}]",
        terms=terms,
        design=design,
        outcome=values,
        outcome_levels=levels,
        clusters=clusters,
        counts=counts,
        coding=coding,
    )


def design_of(
    data: StudyData, model: Model, coding: Coding, rows: pl.DataFrame
) -> tuple[tuple[Term, ...], Floats, dict[str, Mapping[str, int]]]:
    """The terms of a model, their columns (n, k), and the people at each level of each factor."""
    terms = [Term(name="(Intercept)", label="Intercept", phrase="intercept", predictor="", is_dose=False)]
    columns: list[Floats] = [np.ones(rows.height)]
    counts: dict[str, Mapping[str, int]] = {}
    for predictor in predictors(data, model):
        if predictor.id in coding.without:
            continue
        if not predictor.levels:
            terms.append(_numeric_term(predictor))
            columns.append(rows[predictor.id].cast(pl.Float64).to_numpy())
            continue
        new_terms, new_columns, counts[predictor.id] = _indicators(
            predictor, rows[predictor.id], coding, merge_for(data, model, predictor, coding.steps)
        )
        terms += new_terms
        columns += new_columns
    return tuple(terms), np.column_stack(columns), counts


def _numeric_term(predictor: Predictor) -> Term:
    return Term(
        name=predictor.id,
        label=predictor.label,
        phrase=predictor.phrase,
        predictor=predictor.id,
        is_dose=predictor.is_dose,
        one=predictor.one,
    )


def _indicators(
    predictor: Predictor, values: pl.Series, coding: Coding, merge: Merge | None
) -> tuple[list[Term], list[Floats], Mapping[str, int]]:
    new_level = new_levels(predictor.levels, merge)
    left_out = {level for owner, level in coding.left_out if owner == predictor.id}
    ordered = list(dict.fromkeys(new_level.values()))
    replaced = values.replace(new_level)
    own = [level for level in ordered if level not in left_out and (replaced == level).any()]
    base = own[0] if own else ordered[0]  # the plan's reference stands first
    few = replaced.is_in(sorted(left_out))
    text = pl.select(pl.when(few).then(pl.lit(base)).otherwise(replaced)).to_series()
    present = {level: int((text == level).sum()) for level in own}
    against = f"{predictor.name(base)} and those left out" if few.any() else predictor.name(base)
    terms = [
        Term(
            name=f"{predictor.id}={level}",
            label=f"{predictor.label}: {predictor.name(level)} (against {against})",
            phrase=f"{predictor.phrase}: {predictor.name(level)}",
            predictor=predictor.id,
            is_dose=False,
        )
        for level in present
        if level != base
    ]
    columns = [(text == level).cast(pl.Float64).to_numpy() for level in present if level != base]
    return terms, columns, present


def _outcome(data: StudyData, model: Model, values: pl.Series, coding: Coding) -> tuple[Floats, tuple[str, ...]]:
    outcome = data.plan.outcome(model.outcome)
    if not data.is_levels(outcome):
        return values.cast(pl.Float64).to_numpy(), ()
    new_level = new_levels(levels_of(data, outcome), outcome_merge(outcome, coding.steps.get("outcome", 0)))
    replaced = values.replace(new_level)
    present = [level for level in dict.fromkeys(new_level.values()) if (replaced == level).any()]
    if model.reference in present:
        present = [model.reference, *(level for level in present if level != model.reference)]
    codes = np.zeros(len(values))
    for position, level in enumerate(present):
        codes[(replaced == level).to_numpy()] = position
    return codes, tuple(present)


def _sparse(frame: ModelFrame, threshold: int) -> tuple[str, str] | None:
    """The factor and level with the fewest people, where that is too few."""
    found = [
        (count, predictor, level)
        for predictor, levels in frame.counts.items()
        for level, count in levels.items()
        if count < threshold
    ]
    return min(found)[1:] if found else None


def _coarser(data: StudyData, frame: ModelFrame, sparse: tuple[str, str]) -> Coding | None:
    """One step coarser: up the ladder where it has a rung left, else without the indicator. None: no way left."""
    owner, model, coding = sparse[0], frame.model, frame.coding
    is_outcome = _is_outcome(owner)
    ladder_of = "outcome" if is_outcome else owner
    ladder = (
        data.plan.outcome(model.outcome).ladder
        if is_outcome
        else next(item.ladder for item in predictors(data, model) if item.id == owner)
    )
    step = coding.steps.get(ladder_of, 0)
    if step < len(ladder):
        return replace(coding, steps={**coding.steps, ladder_of: step + 1})
    return None if owner == "outcome" else _leave_out(frame, sparse)


def _leave_out(frame: ModelFrame, sparse: tuple[str, str]) -> Coding:
    """Without one indicator; without the factor where it is the reference or the last indicator left."""
    owner, level = sparse
    coding = frame.coding
    reference, *others = frame.counts[owner]  # levels that somebody in the model is at
    kept = [name for name in others if name != level]
    if level == reference or not kept:
        return replace(coding, without=coding.without | {owner})
    return replace(coding, left_out=coding.left_out | {sparse})


def _told(data: StudyData, model: Model, frame: ModelFrame) -> str:
    of = {predictor.id: predictor for predictor in predictors(data, model)}
    gone = frame.coding.without
    merged_names = [
        data.label(frame.outcome_of) if owner == "outcome" else of[owner].label
        for owner in frame.coding.steps
        if owner not in gone
    ]
    left_names = [of[owner].label for owner in sorted(gone)]
    left_names += [f"{of[o].label}: {of[o].name(level)}" for o, level in sorted(frame.coding.left_out) if o not in gone]
    parts = [f"merged into coarser groups: {', '.join(merged_names)}"] if merged_names else []
    parts += [f"left out: {', '.join(left_names)}"] if left_names else []
    if not parts:
        return ""
    return f"The model was refitted, because too few people stand behind some groups ({'; '.join(parts)})."
