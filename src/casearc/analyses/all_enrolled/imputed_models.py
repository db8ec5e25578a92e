"""Each model of the plan with one row a person on everybody enrolled, beside those who stayed.

Here linear ones, with their tipping point; those of levels in `imputed_stages`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.analyses.all_enrolled.filled import enough_times, filled, how_filled, left
from casearc.analyses.all_enrolled.imputed_stages import stage_bodies
from casearc.analyses.all_enrolled.imputing import ImputedPeople, imputed_people
from casearc.analyses.dataset import StudyData
from casearc.analyses.ledger import ENROLLED, Ledger
from casearc.analyses.model_frame import ModelFrame, coarsened, finest, framed_models, one_more, register
from casearc.analyses.wording import interval_heading, wave_label
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
    Blank,
    Body,
    Cell,
    Column,
    CountRef,
    Evidence,
    Finding,
    Interval,
    Number,
    Quantity,
    Role,
    Row,
    Section,
    Sentence,
    Table,
    TestRun,
    Text,
    Threat,
    Verdict,
)
from casearc.statistics.imputation import Pooled, TippingPoint, linear_over_imputations, pool_fits, tipping_point
from casearc.statistics.linear import LinearFit, linear
from casearc.study import Model, ModelKind
from casearc.study.wording import model_label

Floats = npt.NDArray[np.float64]

DELTAS = tuple(float(step) for step in np.linspace(-2.0, 2.0, 17))
NOT_DONE = (
    "The gaps could not be filled for this model: too few people have what it needs, or some of its terms cannot be "
    "told apart among all enrolled."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One model fitted to those who stayed and to everybody, at one coding of its factors."""

    frame: ModelFrame
    completers: LinearFit
    everybody: Pooled
    tipping: TippingPoint | None


def imputed_findings(data: StudyData) -> Iterator[Finding]:
    """One finding a linear model, and a model of levels with a dose, where the plan asks for imputations."""
    models = [model for model in framed_models(data) if model.kind is ModelKind.LINEAR or model.doses]
    if not data.plan.missing.imputations or not models:
        return
    try:
        people = imputed_people(data)
    except StatisticsRefusedError:  # its message may count people, which no text of a report may
        people = None
    for model in models:
        yield _finding(data, model, people)


def _finding(data: StudyData, model: Model, people: ImputedPeople | None) -> Finding:
    tell = _bodies if model.kind is ModelKind.LINEAR else stage_bodies
    bodies = () if people is None else tuple(tell(data, model, people))
    return Finding(
        id=f"all_enrolled.{model.id}",
        section=Section.ALL_ENROLLED,
        title=f"Everybody enrolled: {model_label(model)}",
        plan_item="missing.imputations",
        role=Role.SECONDARY if bodies and data.plan.outcome(model.outcome).role is Role.PRIMARY else Role.EXPLORATORY,
        bodies=bodies,
        refusal="" if bodies else NOT_DONE,
    )


def _bodies(data: StudyData, model: Model, people: ImputedPeople) -> Iterator[Body]:
    """As planned, and in the coarser form that may leave the house."""
    coarse = coarsened(data, model)
    for frame in (finest(data, model), coarse if coarse is not None and coarse.told else None):
        if frame is None or frame.n == 0:
            continue
        try:
            beside = _fit(data, frame, people)
        except (StatisticsRefusedError, KeyError, ValueError):
            continue
        yield _body(data, beside, people)


def _fit(data: StudyData, frame: ModelFrame, people: ImputedPeople) -> Beside:
    terms = [term.name for term in frame.terms]
    designs, outcomes = filled(data, frame, people)
    level = 1 - data.plan.inference.alpha
    analysis = _analysis(data, frame, designs)
    completers = linear(
        frame.design,
        frame.outcome,
        terms=terms,
        covariance="HC3" if frame.clusters is None else "CR2",
        clusters=frame.clusters,
        level=level,
    )
    if any(completers.p[position] is None for position in frame.dose_positions()):
        raise StatisticsRefusedError("Too few clusters for an interval or a test.", alternative="See the model itself.")
    return Beside(
        frame=frame,
        completers=completers,
        everybody=analysis(outcomes),
        tipping=_tipping(data, frame, outcomes, left(frame, people), analysis),
    )


def _analysis(data: StudyData, frame: ModelFrame, designs: Floats) -> Callable[[Floats], Pooled]:
    """The model pooled over all filled tables, for outcomes (M, n); where the plan has clusters, with CR2 errors.

    Those of whom no cluster is known stand alone.
    """
    terms = [term.name for term in frame.terms]
    level = 1 - data.plan.inference.alpha
    if frame.model.cluster is None:
        return lambda outcomes: linear_over_imputations(designs, outcomes, terms=terms, level=level)
    known = data.people[frame.model.cluster].cast(pl.String).to_list()
    labels = [f"alone {i}" if name is None else f"of {name}" for i, name in enumerate(known)]

    def pooled(outcomes: Floats) -> Pooled:
        fits = [
            linear(X, y, terms=terms, covariance="CR2", clusters=labels, level=level)
            for X, y in zip(designs, outcomes, strict=True)
        ]
        return pool_fits(fits)

    return pooled


def _tipping(
    data: StudyData,
    frame: ModelFrame,
    outcomes: Floats,
    gone: npt.NDArray[np.bool_],
    analysis: Callable[[Floats], Pooled],
) -> TippingPoint | None:
    """How far the scores of those who left would have to be from what their data predict; None if nobody left."""
    if not gone.any() or gone.all() or not frame.dose_positions():
        return None
    return tipping_point(
        outcomes,
        gone,
        analysis=analysis,
        term=frame.terms[frame.dose_positions()[0]].name,
        deltas=data.plan.missing.tipping or DELTAS,
        unit="sd",
    )


def _body(data: StudyData, beside: Beside, people: ImputedPeople) -> Body:
    ledger = Ledger(data)
    frame = beside.frame
    register(frame, ledger)
    positions = frame.dose_positions()
    sentences = [_sentence(data, beside, position) for position in positions]
    tipped = _tipped(beside)
    tables = [_table(data, beside)]
    if beside.tipping is not None:
        tables.append(_tipping_table(data, beside, beside.tipping))
    return ledger.close(
        Body(
            headline=sentences[0] if sentences else None,
            sentences=(*sentences, *tipped, how_filled(people), enough_times(beside.everybody)),
            tables=tuple(tables),
            told=frame.told,
            tests=tuple(_test(data, beside, position) for position in positions),
            evidence=tuple(_evidence(data, beside, position) for position in positions[:1]),
        )
    )


def _sentence(data: StudyData, beside: Beside, position: int) -> Sentence:
    frame, fit, pooled = beside.frame, beside.completers, beside.everybody
    label = f"{data.label(frame.outcome_of)} at {wave_label(frame.model.at)}"
    return Sentence(
        f"{one_more(frame.terms[position])} went with {{all}} points of {label} among everybody enrolled "
        "({all_interval}; {p}; n = {n_all}), and with {stayed} among those who stayed ({interval}; n = {n}).",
        {
            "all": Number(float(pooled.coefficients[position]), Quantity.COEFFICIENT, ENROLLED),
            "all_interval": _interval(pooled, position, ENROLLED),
            "p": Number(float(pooled.p[position]), Quantity.P_VALUE, ENROLLED),
            "n_all": CountRef(ENROLLED),
            "stayed": Number(float(fit.coefficients[position]), Quantity.COEFFICIENT, frame.key),
            "interval": _interval(fit, position, frame.key),
            "n": CountRef(frame.key),
        },
    )


def _interval(fit: LinearFit | Pooled, position: int, key: str) -> Interval:
    return Interval(float(fit.low[position]), float(fit.high[position]), fit.level, Quantity.COEFFICIENT, key)


def _tipped(beside: Beside) -> tuple[Sentence, ...]:
    """At which shift the conclusion on the first dose changes."""
    found = beside.tipping
    if found is None:
        return ()
    nearest = min((limit for limit in (found.below, found.above) if limit is not None), key=abs, default=None)
    farthest = max(abs(row.delta) for row in found.grid)
    whether = "no association is shown" if not found.conclusive else "an association is shown"
    if nearest is None:
        return (
            Sentence(
                f"That {whether} holds even if those who left scored up to {{far}} SD better or worse than their data "
                "predict.",
                {"far": Number(farthest, Quantity.LEVEL)},
            ),
        )
    way = "worse" if nearest < 0 else "better"
    return (
        Sentence(
            f"That {whether} would no longer hold if those who left scored {{shift}} SD {way} than their data predict.",
            {"shift": Number(abs(nearest), Quantity.EFFECT_SIZE, beside.frame.key)},
        ),
    )


def _table(data: StudyData, beside: Beside) -> Table:
    level = 1 - data.plan.inference.alpha
    columns = (
        Column("term", "Dose"),
        Column("who", "Who"),
        Column("n", "n"),
        Column("estimate", "B"),
        Column("conf", interval_heading(level)),
        Column("std_error", "SE"),
        Column("p_value", "p"),
        Column("fmi", "Missing information"),
    )
    rows = [row for position in beside.frame.dose_positions() for row in _rows(beside, position)]
    return Table(
        id=f"all_enrolled_{beside.frame.model.id}",
        title="Those who stayed and everybody enrolled",
        columns=columns,
        rows=tuple(rows),
        notes=(
            Sentence(
                "Missing information: the share of what the answer could rest on that is missing. Standard errors: "
                f"{'HC3' if beside.frame.clusters is None else 'CR2, clusters as the plan has them'}."
            ),
        ),
    )


def _rows(beside: Beside, position: int) -> Iterator[Row]:
    fits: tuple[tuple[str, LinearFit | Pooled, str], ...] = (
        ("those who stayed", beside.completers, beside.frame.key),
        ("everybody enrolled, imputed", beside.everybody, ENROLLED),
    )
    for who, fit, key in fits:
        missing: Cell = Blank()
        if isinstance(fit, Pooled):
            missing = Number(float(fit.fmi[position]), Quantity.PROPORTION, key)
        yield Row(
            (
                Text(beside.frame.terms[position].label),
                Text(who),
                CountRef(key),
                Number(float(fit.coefficients[position]), Quantity.COEFFICIENT, key),
                _interval(fit, position, key),
                Number(float(fit.standard_errors[position]), Quantity.STANDARD_ERROR, key),
                Number(float(fit.p[position]), Quantity.P_VALUE, key),
                missing,
            )
        )


def _tipping_table(data: StudyData, beside: Beside, found: TippingPoint) -> Table:
    level = 1 - data.plan.inference.alpha
    shown = [row for i, row in enumerate(found.grid) if i % 2 == 0 or row.delta == 0.0]
    return Table(
        id=f"tipping_{beside.frame.model.id}",
        behind=True,
        title="If those who left fared otherwise than their data predict",
        columns=(
            Column("delta", "Shift of their scores, in SD"),
            Column("estimate", "B"),
            Column("conf", interval_heading(level)),
            Column("p_value", "p"),
        ),
        rows=tuple(
            Row(
                (
                    Number(row.delta, Quantity.LEVEL),
                    Number(row.estimate, Quantity.COEFFICIENT, ENROLLED),
                    Interval(row.low, row.high, level, Quantity.COEFFICIENT, ENROLLED),
                    Number(row.p, Quantity.P_VALUE, ENROLLED),
                )
            )
            for row in shown
        ),
        notes=(Sentence("Whether a shift is believable is for the reader to judge, not for a test."),),
    )


def _test(data: StudyData, beside: Beside, position: int) -> TestRun:
    model = beside.frame.model
    title = model_label(model)
    return TestRun(
        id=f"all_enrolled.{model.id}.{beside.frame.terms[position].name}",
        label=f"{title[:1].upper()}{title[1:]}, “{beside.frame.terms[position].phrase}”: everybody enrolled, imputed",
        p=float(beside.everybody.p[position]),
        n_key=ENROLLED,
        role=Role.EXPLORATORY,
    )


def _evidence(data: StudyData, beside: Beside, position: int) -> Evidence:
    """Whether everybody enrolled tells what those who stayed tell."""
    alpha = data.plan.inference.alpha
    fit, pooled = beside.completers, beside.everybody
    agree = (fit.p[position] < alpha) == (pooled.p[position] < alpha) and (
        fit.coefficients[position] * pooled.coefficients[position] > 0
    )
    title = model_label(beside.frame.model)
    told = "comes to the same conclusion with" if agree else "comes to another conclusion with"
    return Evidence(
        threat=Threat.ATTRITION,
        verdict=Verdict.WEAKENED if agree else Verdict.FOUND,
        said=Sentence(
            f"“{title}” {told} everybody enrolled as with those who stayed (B = {{all}} and {{stayed}})."
            if agree
            else f"“{title}” {told} everybody enrolled than with those who stayed (B = {{all}} and {{stayed}}).",
            {
                "all": Number(float(pooled.coefficients[position]), Quantity.COEFFICIENT, ENROLLED),
                "stayed": Number(float(fit.coefficients[position]), Quantity.COEFFICIENT, beside.frame.key),
            },
        ),
    )
