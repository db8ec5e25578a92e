"""A linear dose-response model told in sentences, tables and figures."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from casearc.analyses.dataset import StudyData
from casearc.analyses.dose_curve import average_rows, dose_grid
from casearc.analyses.dose_linear_clusters import (
    PlannedFit,
    cluster_entries,
    cluster_fit,
    cluster_note,
    cluster_sentence,
    prediction,
)
from casearc.analyses.dose_tests import dose_test
from casearc.analyses.ledger import Ledger
from casearc.analyses.limits import open_limit
from casearc.analyses.model_frame import ModelFrame, Term, one_more, register, replaced_references
from casearc.analyses.wording import capital, direction_word, wave_label
from casearc.findings import (
    Blank,
    Body,
    Cell,
    Column,
    CountRef,
    Curve,
    Curves,
    Figure,
    Forest,
    ForestRow,
    Interval,
    Number,
    Quantity,
    Row,
    Sentence,
    Table,
    Text,
)
from casearc.statistics.linear import linear
from casearc.statistics.mixed import MixedFit
from casearc.study import ClusterMethod

Floats = npt.NDArray[np.float64]

TOO_FEW_CLUSTERS = "too few clusters for an interval or a test"

COLUMNS = (
    Column("term", "Term"),
    Column("estimate", "B"),
    Column("conf", "95 % interval"),
    Column("std_error", "SE"),
    Column("statistic", "t"),
    Column("p_value", "p"),
    Column("std_estimate", "β"),
)


def linear_body(data: StudyData, frame: ModelFrame) -> Body:
    """Fit the model of `frame` and tell it. Raises StatisticsRefusedError where it cannot be fitted."""
    fit = planned_fit(data, frame)
    ledger = Ledger(data)
    register(frame, ledger)
    sentences = tuple(_sentence(data, frame, fit, position) for position in frame.dose_positions())
    return ledger.close(
        Body(
            headline=sentences[0] if sentences else None,
            sentences=(*sentences, _fit_sentence(frame, fit)),
            tables=(_coefficients(data, frame, fit), _fit_table(data, frame, fit)),
            figures=_figures(data, frame, fit),
            told=frame.told,
            tests=tuple(
                dose_test(data, frame, position, how="t of the coefficient", p=float(fit.p[position]))
                for position in frame.dose_positions()
                if fit.p[position] is not None
            ),
        )
    )


def _figures(data: StudyData, frame: ModelFrame, fit: PlannedFit) -> tuple[Figure, ...]:
    """Those that have an interval to draw: few clusters leave some terms, or the curve, without one."""
    forest = (_forest(data, frame, fit),) if np.isfinite(fit.high[1:]).any() else ()
    curves = (_curve(data, frame, fit, position) for position in frame.dose_positions())
    return (*forest, *(curve for curve in curves if curve is not None))


def planned_fit(data: StudyData, frame: ModelFrame) -> PlannedFit:
    """The fit that the plan asks for: with clusters, errors of Bell and McCaffrey (CR2) or an intercept for each."""
    if frame.clusters is not None and frame.model.cluster_method is ClusterMethod.RANDOM_INTERCEPT:
        return cluster_fit(frame, frame.clusters, level=1 - data.plan.inference.alpha)
    return linear(
        frame.design,
        frame.outcome,
        terms=[term.name for term in frame.terms],
        covariance="CR2" if frame.clusters is not None else frame.model.covariance.value,
        clusters=frame.clusters,
        level=1 - data.plan.inference.alpha,
    )


def _label(data: StudyData, frame: ModelFrame) -> str:
    return f"{data.label(frame.outcome_of)} at {wave_label(frame.model.at)}"


def _sentence(data: StudyData, frame: ModelFrame, fit: PlannedFit, position: int) -> Sentence:
    estimate = float(fit.coefficients[position])
    key = frame.key
    start = (
        f"{one_more(frame.terms[position])} was associated with {{estimate}} points {direction_word(estimate)} "
        f"{_label(data, frame)}"
    )
    slots: dict[str, Cell] = {
        "b": Number(estimate, Quantity.COEFFICIENT, key),
        "estimate": Number(abs(estimate), Quantity.COEFFICIENT, key),
        "n": CountRef(key),
    }
    if fit.p[position] is None:
        return Sentence(f"{start} (B = {{b}}; n = {{n}}; {TOO_FEW_CLUSTERS}).", slots)
    slots |= {
        "interval": _interval(fit, position, key),
        "p": Number(float(fit.p[position]), Quantity.P_VALUE, key),
    }
    return Sentence(f"{start} (B = {{b}}, {{interval}}; {{p}}; n = {{n}}).", slots)


def _fit_sentence(frame: ModelFrame, fit: PlannedFit) -> Sentence:
    if isinstance(fit, MixedFit):
        return cluster_sentence(frame, fit)
    r_squared = Number(fit.r_squared, Quantity.FIT, frame.key)
    if fit.f is None or fit.f_p is None:
        return Sentence("The model as a whole: R² = {r2}.", {"r2": r_squared})
    return Sentence(
        "The model as a whole: R² = {r2}, F = {f}, {p}.",
        {
            "r2": r_squared,
            "f": Number(fit.f, Quantity.STATISTIC, frame.key),
            "p": Number(fit.f_p, Quantity.P_VALUE, frame.key),
        },
    )


def _interval(fit: PlannedFit, position: int, key: str) -> Interval:
    return Interval(
        open_limit(fit.low[position]),
        open_limit(fit.high[position]),
        fit.level,
        Quantity.COEFFICIENT,
        key,
    )


def _coefficients(data: StudyData, frame: ModelFrame, fit: PlannedFit) -> Table:
    return Table(
        id=f"model_{frame.model.id}",
        title=f"Linear model of {_label(data, frame)}",
        columns=COLUMNS,
        rows=tuple(_row(frame, fit, position, term) for position, term in enumerate(frame.terms)),
        notes=(Sentence(_note(data, frame)), *(Sentence(note) for note in replaced_references(data, frame))),
    )


def _note(data: StudyData, frame: ModelFrame) -> str:
    unit = data.score_definition(frame.outcome_of).unit
    return (
        f"B is in the outcome's unit ({unit}) for one unit of the term. Standard errors: {_errors(frame)}; p and "
        "intervals from t. β: B in standard deviations of outcome and term."
    )


def _errors(frame: ModelFrame) -> str:
    if frame.clusters is None:
        return str(frame.model.covariance)
    if frame.model.cluster_method is ClusterMethod.RANDOM_INTERCEPT:
        return cluster_note(frame)
    return f"clustered by {frame.model.cluster} (CR2, Satterthwaite's degrees of freedom)"


def _row(frame: ModelFrame, fit: PlannedFit, position: int, term: Term) -> Row:
    def number(value: float, quantity: Quantity) -> Cell:
        return Number(float(value), quantity, frame.key)

    spread = float(np.std(frame.design[:, position], ddof=1))
    beta = fit.coefficients[position] * spread / np.std(frame.outcome, ddof=1)
    return Row(
        (
            Text(term.label),
            number(fit.coefficients[position], Quantity.COEFFICIENT),
            _interval(fit, position, frame.key),
            number(fit.standard_errors[position], Quantity.STANDARD_ERROR),
            number(fit.t[position], Quantity.STATISTIC),
            Blank() if fit.p[position] is None else number(fit.p[position], Quantity.P_VALUE),
            Blank() if position == 0 else number(beta, Quantity.EFFECT_SIZE),
        )
    )


def _fit_table(data: StudyData, frame: ModelFrame, fit: PlannedFit) -> Table:
    entries = (("n", CountRef(frame.key)), *_measures(frame, fit))
    return Table(
        id=f"model_{frame.model.id}-fit",
        behind=True,
        title=f"Fit of the linear model of {_label(data, frame)}",
        columns=(Column("measure", "Measure"), Column("value", "Value")),
        rows=tuple(Row((Text(name), cell)) for name, cell in entries),
    )


def _measures(frame: ModelFrame, fit: PlannedFit) -> tuple[tuple[str, Cell], ...]:
    """What the table of fit says after n."""
    if isinstance(fit, MixedFit):
        return cluster_entries(frame, fit)
    key = frame.key
    return (
        ("R²", Number(fit.r_squared, Quantity.FIT, key)),
        ("Adjusted R²", Number(fit.adjusted_r_squared, Quantity.FIT, key)),
        ("F", _known(fit.f, Quantity.STATISTIC, key)),
        ("df, model", Number(float(fit.df_model), Quantity.DF, key)),
        ("df, residual", Number(float(fit.df_residual), Quantity.DF, key)),
        ("p (F)", _known(fit.f_p, Quantity.P_VALUE, key)),
        ("Residual SD", Number(fit.residual_sd, Quantity.SD, key)),
    )


def _known(value: float | None, quantity: Quantity, key: str) -> Cell:
    return Blank() if value is None else Number(value, quantity, key)


def _forest(data: StudyData, frame: ModelFrame, fit: PlannedFit) -> Figure:
    return Figure(
        id=f"forest_{frame.model.id}",
        title=f"What goes with {_label(data, frame)}",
        drawing=Forest(
            rows=tuple(
                ForestRow(
                    label=term.label,
                    estimate=float(beta * fit.coefficients[position]),
                    low=float(beta * fit.low[position]),
                    high=float(beta * fit.high[position]),
                    rests_on=frame.key,
                )
                for position, term in enumerate(frame.terms)
                if position and np.isfinite(fit.high[position])
                for beta in (_standardizer(frame, position),)
            ),
            x_label="Standardized coefficient β, with its interval",
            reference=0.0,
        ),
        alt=Sentence("Standardized coefficients with their intervals; the numbers stand in the table."),
    )


def _standardizer(frame: ModelFrame, position: int) -> float:
    return float(np.std(frame.design[:, position], ddof=1) / np.std(frame.outcome, ddof=1))


def _curve(data: StudyData, frame: ModelFrame, fit: PlannedFit, position: int) -> Figure | None:
    grid = dose_grid(frame, position)
    mean, low, high = prediction(fit, average_rows(frame, position, grid))
    if not np.isfinite(high).all():
        return None
    term = frame.terms[position]
    return Figure(
        id=f"dose_{frame.model.id}-{term.name}",
        title=f"{term.label} and {_label(data, frame)}",
        drawing=Curves(
            curves=(
                Curve(
                    x=tuple(grid.tolist()),
                    y=tuple(mean.tolist()),
                    low=tuple(low.tolist()),
                    high=tuple(high.tolist()),
                    x_label=term.label,
                    y_label=capital(_label(data, frame)),
                    level=fit.level,
                    rests_on=frame.key,
                ),
            )
        ),
        alt=Sentence(
            f"Line: predicted {_label(data, frame)} over {term.label}, everything else at its average, with its "
            "interval."
        ),
    )
