"""A mixed dose-response model: does change go faster among those with more service, from every measurement there is.

Dose is counted while the outcome moves, so the model describes and cannot say which came first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.analyses.all_enrolled.long import Measurements, fit_courses, level_and_course, measurements
from casearc.analyses.attempt import attempt
from casearc.analyses.dataset import StudyData, day_column
from casearc.analyses.few_people import support_groups, without_few
from casearc.analyses.ledger import ENROLLED, Ledger
from casearc.analyses.limits import open_limit
from casearc.analyses.model_frame import Coding, ModelFrame, Term, frame_of, model_columns
from casearc.analyses.wording import capital, direction_word, interval_heading
from casearc.dose import DAYS_IN_MONTH
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
    Body,
    Cell,
    Column,
    CountRef,
    Interval,
    Number,
    Quantity,
    Role,
    Row,
    Sentence,
    Table,
    TestRun,
    Text,
)
from casearc.statistics.mixed import MixedFit, mixed_replicates
from casearc.statistics.resampling import BootstrapIntervals, case_weights, percentile_interval
from casearc.study import Design, Model, in_time
from casearc.study.wording import model_label

Floats = npt.NDArray[np.float64]


BOOTSTRAPPED = " Bootstrap: percentiles, on people drawn anew, each with all measurements."


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The fit, who is in it, its terms in words, and intervals by bootstrap; `rates` are the places of dose by time."""

    frame: ModelFrame
    fit: MixedFit
    labels: tuple[str, ...]
    rates: tuple[int, ...]
    drawn: BootstrapIntervals | None


def mixed_body(data: StudyData, model: Model, coding: Coding, told: str) -> Body:
    """Fit and tell. Raises StatisticsRefusedError where it cannot be fitted."""
    rows = measurements(data, data.plan.outcome(model.outcome))
    fitted = _fit(data, model, coding, rows)
    frame, key = fitted.frame, fitted.frame.key
    ledger = Ledger(data)
    ledger.base(ledger.subset(ENROLLED, key, frame.n, rest=f"{key}:incomplete"))
    support_groups(ledger, key, _groups(frame))
    sentences = tuple(_sentence(data, fitted, place) for place in fitted.rates)
    return ledger.close(
        Body(
            headline=sentences[0] if sentences else None,
            sentences=(*sentences, _likeness(fitted)),
            tables=(_table(data, fitted),),
            told=told,
            tests=tuple(_test(data, fitted, place) for place in fitted.rates),
        )
    )


def _fit(data: StudyData, model: Model, coding: Coding, rows: Measurements) -> Fitted:
    people = _people(data, model, rows)
    frame = frame_of(data, model, coding, people)
    place = np.full(data.people.height, -1, dtype=np.int64)
    place[people["person"].to_numpy()] = np.arange(people.height)
    kept = place[rows.person] >= 0
    person = place[rows.person][kept]
    own = frame.design[person, 1:]
    doses = [position - 1 for position in frame.dose_positions()]
    time, pieces = _time(data, model, rows.of(kept))
    X = np.column_stack([np.ones(person.size), time, own, own[:, doses] * time[:, -1:]])
    names = ["(Intercept)", *pieces, *(term.name for term in frame.terms[1:])]
    last = list(pieces)[-1]
    names += [f"{frame.terms[position].name}:{last}" for position in frame.dose_positions()]
    chosen = replace(rows.of(kept), person=person)
    fit = fit_courses(
        X,
        chosen,
        terms=names,
        random=model.random,
        df=model.df,
        level=1 - data.plan.inference.alpha,
    )
    labels = ("Intercept", *pieces.values(), *(term.label for term in frame.terms[1:]))
    labels += tuple(f"{frame.terms[position].label}, a month" for position in frame.dose_positions())
    first = 1 + time.shape[1] + own.shape[1]
    return Fitted(
        frame=frame,
        fit=fit,
        labels=labels,
        rates=tuple(range(first, first + len(doses))),
        drawn=attempt(lambda: _drawn(data, X, chosen, fit)) if data.plan.inference.bootstrap else None,
    )


def _drawn(data: StudyData, design: Floats, rows: Measurements, fit: MixedFit) -> BootstrapIntervals:
    """Percentile intervals from people drawn anew, each with all measurements."""
    weights = case_weights(rows.people, draws=data.plan.inference.bootstrap, rng_or_seed=data.plan.seed)
    refits = mixed_replicates(
        design,
        rows.value,
        weights,
        groups=rows.person,
        terms=fit.terms,
        random=level_and_course(rows) if len(fit.random_terms) > 1 else None,
    )
    return percentile_interval(refits.coefficients, fit.level, participants=rows.people)


def _time(data: StudyData, model: Model, rows: Measurements) -> tuple[Floats, dict[str, str]]:
    """Months since the start, (N, 1); with a double pretest those before service and those since, (N, 2)."""
    if data.plan.design is not Design.DOUBLE_PRETEST:
        return rows.day[:, None] / DAYS_IN_MONTH, {"(months)": "Months since the start"}
    second = in_time(data.plan.waves)[1]
    column = data.people[day_column(data, data.plan.outcome(model.outcome), second.name)].cast(pl.Float64)
    turn = column.fill_null(float(second.target_day)).to_numpy()[rows.person]
    pieces = np.column_stack([np.minimum(rows.day, turn), np.maximum(rows.day - turn, 0.0)]) / DAYS_IN_MONTH
    return pieces, {"(before)": "Months before the second pretest", "(during)": "Months since the second pretest"}


def _people(data: StudyData, model: Model, rows: Measurements) -> pl.DataFrame:
    """Those measured at all, with every dose and covariate known; `outcome` is there for the frame alone."""
    unused = ("outcome", "cluster")
    columns = {name: column for name, column in model_columns(data, model).items() if name not in unused}
    measured = pl.Series(np.unique(rows.person))
    table = data.people.with_row_index("person").with_columns(pl.col("person").cast(pl.Int64))
    chosen = table.filter(pl.col("person").is_in(measured.implode())).select(
        "person", *(pl.col(column).alias(name) for name, column in columns.items())
    )
    found = chosen.drop_nulls()
    if found.is_empty():
        raise StatisticsRefusedError("Nobody has every dose and covariate of this model.")
    return found.with_columns(outcome=pl.lit(0.0))


def _number(value: float, quantity: Quantity, key: str) -> Cell:
    return Number(float(value), quantity, key)


def _interval(fitted: Fitted, place: int) -> Interval:
    return _limits(fitted, float(fitted.fit.low[place]), float(fitted.fit.high[place]))


def _limits(fitted: Fitted, low: float, high: float) -> Interval:
    return Interval(
        open_limit(low),
        open_limit(high),
        fitted.fit.level,
        Quantity.COEFFICIENT,
        fitted.frame.key,
    )


def _dose(fitted: Fitted, place: int) -> Term:
    return fitted.frame.terms[fitted.frame.dose_positions()[fitted.rates.index(place)]]


def _sentence(data: StudyData, fitted: Fitted, place: int) -> Sentence:
    estimate, key = float(fitted.fit.coefficients[place]), fitted.frame.key
    term = _dose(fitted, place)
    start = f"Each further {term.one}" if term.one else "One more"
    return Sentence(
        f"{start} in “{term.phrase}” went with a change in {data.label(fitted.frame.outcome_of)} that was {{estimate}} "
        f"points a month {direction_word(estimate)} (B = {{b}}, {{interval}}; {{p}}; n = {{n}}). Dose was counted "
        "while the outcome moved: this describes.",
        {
            "estimate": _number(abs(estimate), Quantity.COEFFICIENT, key),
            "b": _number(estimate, Quantity.COEFFICIENT, key),
            "interval": _interval(fitted, place),
            "p": _number(fitted.fit.p[place], Quantity.P_VALUE, key),
            "n": CountRef(key),
        },
    )


def _likeness(fitted: Fitted) -> Sentence:
    if fitted.fit.icc is None:
        return Sentence("A mixed model with a level and a course of their own for each person, restricted likelihood.")
    return Sentence(
        "A mixed model with a level of their own for each person, restricted likelihood; two measurements of one "
        "person correlate {icc} at equal terms.",
        {"icc": Number(fitted.fit.icc, Quantity.RELIABILITY, fitted.frame.key)},
    )


def _table(data: StudyData, fitted: Fitted) -> Table:
    fit, key, drawn = fitted.fit, fitted.frame.key, fitted.drawn
    method = "Kenward and Roger's" if fit.df_method == "kenward-roger" else "Satterthwaite's"
    return Table(
        id=f"model_{fitted.frame.model.id}",
        title=f"Mixed model of {data.label(fitted.frame.outcome_of)} at all waves",
        columns=(
            Column("term", "Term"),
            Column("estimate", "B"),
            Column("conf", interval_heading(fit.level)),
            Column("std_error", "SE"),
            Column("statistic", "t"),
            Column("p_value", "p"),
            *(() if drawn is None else (Column("conf_bootstrap", "Interval by bootstrap"),)),
        ),
        rows=tuple(
            Row(
                (
                    Text(capital(label)),
                    _number(fit.coefficients[i], Quantity.COEFFICIENT, key),
                    _interval(fitted, i),
                    _number(fit.standard_errors[i], Quantity.STANDARD_ERROR, key),
                    _number(fit.t[i], Quantity.STATISTIC, key),
                    _number(fit.p[i], Quantity.P_VALUE, key),
                    *(() if drawn is None else (_limits(fitted, float(drawn.low[i]), float(drawn.high[i])),)),
                )
            )
            for i, label in enumerate(fitted.labels)
        ),
        notes=(
            Sentence(
                f"{method} degrees of freedom. “A month”: how the dose goes with monthly change."
                f"{'' if drawn is None else BOOTSTRAPPED}"
            ),
        ),
    )


def _test(data: StudyData, fitted: Fitted, place: int) -> TestRun:
    model, term = fitted.frame.model, _dose(fitted, place)
    title = model_label(model)
    return TestRun(
        id=f"dose_response.{model.id}.{term.name}",
        label=f"{capital(title)}, “{term.phrase}”: change a month, mixed model",
        p=float(fitted.fit.p[place]),
        n_key=fitted.frame.key,
        role=Role.EXPLORATORY,
    )


def coarser_coding(data: StudyData, model: Model, threshold: int) -> Coding | None:
    """Without factors that have a level of too few people, which may leave the house; None if there are none."""
    rows = measurements(data, data.plan.outcome(model.outcome))
    return without_few(_groups(frame_of(data, model, Coding(), _people(data, model, rows))), threshold)


def _groups(frame: ModelFrame) -> dict[str, Mapping[str, int]]:
    """People at each level of each factor; the outcome is there for the frame alone."""
    return {name: levels for name, levels in frame.counts.items() if name != "outcome"}
