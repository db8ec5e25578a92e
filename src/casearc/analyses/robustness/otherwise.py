"""The same question asked otherwise: a linear dose model beside its change-score form, a bootstrap, a curve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from casearc.analyses.attempt import attempt
from casearc.analyses.dataset import StudyData
from casearc.analyses.dose_curve import average_rows, dose_grid
from casearc.analyses.dose_linear import planned_fit
from casearc.analyses.dose_linear_clusters import PlannedFit
from casearc.analyses.ledger import Ledger
from casearc.analyses.limits import open_limit
from casearc.analyses.model_frame import ModelFrame, coarsened, finest, register
from casearc.analyses.robustness.dose_rate import HOW, NO_RATE, DoseRate, dose_rate
from casearc.analyses.wording import capital, interval_heading, wave_label
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
    Blank,
    Body,
    Cell,
    Column,
    Curve,
    Curves,
    Evidence,
    Figure,
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
from casearc.statistics.linear import (
    AssumptionChecks,
    LinearFit,
    SplineFit,
    assumption_checks,
    bootstrap_linear,
    linear,
    linear_spline,
    predicted_mean,
    spline_curve,
)
from casearc.study import ClusterMethod, Model, ModelKind
from casearc.study.wording import model_label


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One way to ask, and what it gives: an estimate and its interval; p where it has one."""

    how: str
    estimate: float
    low: float | None
    high: float | None
    p: float | None = None


def otherwise_findings(data: StudyData) -> Iterator[Finding]:
    """One finding a linear model with a dose."""
    for model in data.plan.models:
        if model.kind is ModelKind.LINEAR and model.doses:
            yield _finding(data, model)


def _finding(data: StudyData, model: Model) -> Finding:
    bodies = tuple(_bodies(data, model))
    return Finding(
        id=f"robustness.otherwise.{model.id}",
        section=Section.ROBUSTNESS,
        title=f"Asked otherwise: {model_label(model)}",
        plan_item=f"model.{model.id}",
        role=Role.EXPLORATORY,
        bodies=bodies,
        refusal="" if bodies else "The model was not fitted, so there is nothing to set beside it.",
    )


def _bodies(data: StudyData, model: Model) -> Iterator[Body]:
    coarse = coarsened(data, model)
    for frame in (finest(data, model), coarse if coarse is not None and coarse.told else None):
        if frame is None or frame.n == 0 or not frame.dose_positions():
            continue
        try:
            yield _body(data, frame)
        except StatisticsRefusedError:
            continue


def _body(data: StudyData, frame: ModelFrame) -> Body:
    position = frame.dose_positions()[0]
    planned = planned_fit(data, frame)
    curve = attempt(lambda: _curve(data, frame, position)) if frame.model.curve else None
    checks = attempt(lambda: _checks(data, frame))
    rate = dose_rate(data, frame, position)
    answers = [
        _from("as planned", planned, position),
        *_rated(data, rate, position),
        *_others(data, frame, position),
    ]
    ledger = Ledger(data)
    register(frame, ledger)
    return ledger.close(
        Body(
            sentences=(_sentence(frame, answers), *_bend(frame, curve)),
            tables=(_table(data, frame, answers, rate), *_checks_table(frame, checks)),
            figures=() if curve is None else (_figure(data, frame, planned, curve, position),),
            told=frame.told,
            tests=tuple(_tests(frame, answers, curve)),
            evidence=(_evidence(frame, curve, checks),),
        )
    )


def _linear(data: StudyData, frame: ModelFrame, *, without: str = "", change: bool = False) -> LinearFit:
    """The model without terms of one kind, or of change since the landmark in place of the level."""
    keep = [i for i, term in enumerate(frame.terms) if not (without and term.predictor.startswith(without))]
    outcome = frame.outcome
    if change:
        level = next(i for i, term in enumerate(frame.terms) if term.predictor.startswith("level@"))
        outcome = outcome - frame.design[:, level]
    return linear(
        frame.design[:, keep],
        outcome,
        terms=[frame.terms[i].name for i in keep],
        level=1 - data.plan.inference.alpha,
    )


def _others(data: StudyData, frame: ModelFrame, position: int) -> Iterator[Answer]:
    name = frame.terms[position].name
    if any(term.predictor.startswith("level@") for term in frame.terms):
        fit = attempt(lambda: _linear(data, frame, without="level@", change=True))
        if fit is not None:
            yield _from("change since the landmark, its level not adjusted for", fit, fit.terms.index(name))
    unadjusted = attempt(lambda: _unadjusted(data, frame, position))
    if unadjusted is not None:
        yield _from("adjusted for nothing but the earlier level", unadjusted, unadjusted.terms.index(name))
    yield from _clustered(data, frame, position)
    if data.plan.inference.bootstrap:
        yield from _bootstrapped(data, frame, position)


def _clustered(data: StudyData, frame: ModelFrame, position: int) -> Iterator[Answer]:
    """Where the plan has an intercept for each cluster: least squares with clustered errors in its place."""
    if frame.clusters is None or frame.model.cluster_method is not ClusterMethod.RANDOM_INTERCEPT:
        return
    clustered = replace(frame, model=replace(frame.model, cluster_method=ClusterMethod.CR2))
    fit = attempt(lambda: planned_fit(data, clustered))
    if fit is not None:
        yield _from("least squares with clustered errors (CR2)", fit, position)


def _rated(data: StudyData, rate: DoseRate | None, position: int) -> Iterator[Answer]:
    """The dose as a rate, where it is a total."""
    frame = None if rate is None else rate.frame
    fit = None if frame is None else attempt(lambda: planned_fit(data, frame))
    if fit is not None:
        yield _from(HOW, fit, position)


def _unadjusted(data: StudyData, frame: ModelFrame, position: int) -> LinearFit:
    kept = [i for i, t in enumerate(frame.terms) if not i or i == position or t.predictor.startswith("level@")]
    return linear(
        frame.design[:, kept],
        frame.outcome,
        terms=[frame.terms[i].name for i in kept],
        level=1 - data.plan.inference.alpha,
    )


def _bootstrapped(data: StudyData, frame: ModelFrame, position: int) -> Iterator[Answer]:
    found = attempt(
        lambda: bootstrap_linear(
            frame.design,
            frame.outcome,
            terms=[term.name for term in frame.terms],
            draws=data.plan.inference.bootstrap,
            rng_or_seed=data.plan.seed,
            strata=frame.clusters if frame.model.cluster == "site" else None,
            level=1 - data.plan.inference.alpha,
        )
    )
    if found is None or found.estimate is None:
        return
    if np.isfinite([found.low[position], found.high[position]]).all():
        yield Answer(
            how=f"{_least_squares(frame)}, {found.method} bootstrap of whole participants",
            estimate=float(found.estimate[position]),
            low=float(found.low[position]),
            high=float(found.high[position]),
        )


def _least_squares(frame: ModelFrame) -> str:
    """How a least-squares fit stands to the plan."""
    own = frame.clusters is not None and frame.model.cluster_method is ClusterMethod.RANDOM_INTERCEPT
    return "by least squares" if own else "as planned"


def _from(how: str, fit: PlannedFit, position: int) -> Answer:
    """Open limits, which few clusters leave, stay open in the table."""
    p = fit.p[position]
    return Answer(
        how=how,
        estimate=float(fit.coefficients[position]),
        low=open_limit(fit.low[position]),
        high=open_limit(fit.high[position]),
        p=None if p is None else float(p),
    )


def _curve(data: StudyData, frame: ModelFrame, position: int) -> SplineFit:
    return linear_spline(
        frame.design,
        frame.outcome,
        terms=[term.name for term in frame.terms],
        column=position,
        knots=frame.model.knots,
        level=1 - data.plan.inference.alpha,
    )


def _checks(data: StudyData, frame: ModelFrame) -> AssumptionChecks:
    return assumption_checks(
        frame.design,
        frame.outcome,
        terms=[term.name for term in frame.terms],
        alpha=data.plan.inference.alpha,
    )


def _sentence(frame: ModelFrame, answers: list[Answer]) -> Sentence:
    """Whether the ways of asking agree on the sign, and where their estimates lie."""
    values = [answer.estimate for answer in answers]
    one_way = min(values) > 0 or max(values) < 0
    slots: dict[str, Cell] = {
        "least": Number(min(values), Quantity.COEFFICIENT, frame.key),
        "most": Number(max(values), Quantity.COEFFICIENT, frame.key),
    }
    told = "All ways of asking point the same way" if one_way else "Not all ways of asking point the same way"
    return Sentence(f"{told}: estimates lie between {{least}} and {{most}}.", slots)


def _bend(frame: ModelFrame, curve: SplineFit | None) -> tuple[Sentence, ...]:
    if curve is None or curve.nonlinearity_p is None:
        return ()
    return (
        Sentence(
            "A curve in place of the line: test that a line does, {p}.",
            {"p": Number(curve.nonlinearity_p, Quantity.P_VALUE, frame.key)},
        ),
    )


def _table(data: StudyData, frame: ModelFrame, answers: list[Answer], rate: DoseRate | None) -> Table:
    level = 1 - data.plan.inference.alpha
    rows = []
    for answer in answers:
        p: Cell = Blank() if answer.p is None else Number(answer.p, Quantity.P_VALUE, frame.key)
        interval = Interval(answer.low, answer.high, level, Quantity.COEFFICIENT, frame.key)
        rows.append(
            Row((Text(capital(answer.how)), Number(answer.estimate, Quantity.COEFFICIENT, frame.key), interval, p))
        )
    term = frame.terms[frame.dose_positions()[0]]
    return Table(
        id=f"otherwise_{frame.model.id}",
        title=f"{term.label}: the same question asked otherwise",
        columns=(
            Column("model", "Asked"),
            Column("estimate", "B"),
            Column("conf", interval_heading(level)),
            Column("p_value", "p"),
        ),
        rows=tuple(rows),
        notes=(
            Sentence("Standard errors HC3 where not said otherwise; the same people throughout."),
            *_rate_note(answers, rate),
        ),
    )


def _rate_note(answers: list[Answer], rate: DoseRate | None) -> tuple[Sentence, ...]:
    if rate is None:
        return ()
    return (rate.note if any(answer.how == HOW for answer in answers) else NO_RATE,)


def _checks_table(frame: ModelFrame, checks: AssumptionChecks | None) -> tuple[Table, ...]:
    """Name and p of each check; their own sentences may count people, so the words stand here."""
    if checks is None or not checks.checks:
        return ()
    rows = tuple(
        Row(
            (
                Text(capital(check.assumption)),
                Text(check.name),
                Blank() if check.p is None else Number(check.p, Quantity.P_VALUE, frame.key),
                Text("speaks against it" if check.concern else "no sign against it"),
            )
        )
        for check in checks.checks
    )
    return (
        Table(
            id=f"assumptions_{frame.model.id}",
            behind=True,
            title="What the model supposes, checked",
            columns=(
                Column("assumption", "Supposed"),
                Column("check", "Check"),
                Column("p_value", "p"),
                Column("finding", "Finding"),
            ),
            rows=rows,
        ),
    )


def _figure(data: StudyData, frame: ModelFrame, planned: PlannedFit, curve: SplineFit, position: int) -> Figure:
    """The line and the curve over the middle of the doses, everything else at its average."""
    grid = dose_grid(frame, position)
    line = predicted_mean(_linear(data, frame), average_rows(frame, position, grid))
    bent = spline_curve(curve, grid, rows=frame.design)
    term = frame.terms[position]
    label = f"{data.label(frame.outcome_of)} at {wave_label(frame.model.at)}"
    drawn = tuple(
        Curve(
            x=tuple(grid.tolist()),
            y=tuple(found.mean.tolist()),
            low=tuple(found.low.tolist()),
            high=tuple(found.high.tolist()),
            x_label=term.label,
            y_label=capital(label),
            level=planned.level,
            rests_on=frame.key,
            series=name,
        )
        for name, found in (("line", line), ("curve", bent))
    )
    return Figure(
        id=f"curve_{frame.model.id}",
        title=f"{term.label} and {label}: a line, and a restricted cubic spline",
        drawing=Curves(curves=drawn),
        alt=Sentence(f"A straight line and a curve of predicted {label} over {term.label}, each with its interval."),
    )


def _tests(frame: ModelFrame, answers: list[Answer], curve: SplineFit | None) -> Iterator[TestRun]:
    """All but the planned one, which stands with its model."""
    found = [(answer.how, answer.p) for answer in answers[1:]]
    found += [] if curve is None else [("is a line enough", curve.nonlinearity_p)]
    title = model_label(frame.model)
    for how, p in found:
        if p is not None:
            yield TestRun(
                id=f"robustness.otherwise.{frame.model.id}.{how}",
                label=f"{capital(title)}: {how}",
                p=p,
                n_key=frame.key,
                role=Role.EXPLORATORY,
            )


def _evidence(frame: ModelFrame, curve: SplineFit | None, checks: AssumptionChecks | None) -> Evidence:
    title = model_label(frame.model)
    against = [] if checks is None else [check.assumption for check in checks.checks if check.concern]
    bent = curve is not None and curve.nonlinearity_p is not None and curve.nonlinearity_p < 0.05
    if bent:
        against.append("a straight line")
    if against:
        named = ", ".join(dict.fromkeys(against))
        said = Sentence(f"In “{title}” something speaks against: {named}. Standard errors are ones that bear it.")
        return Evidence(threat=Threat.FORM, verdict=Verdict.OPEN if bent else Verdict.WEAKENED, said=said)
    said = Sentence(f"In “{title}” nothing speaks against a straight line, equal spread or normal errors.")
    return Evidence(threat=Threat.FORM, verdict=Verdict.CLEAR, said=said)
