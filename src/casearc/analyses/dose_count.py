"""A count model told in sentences and a table: how many contacts, services or goals, per month at risk."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.analyses.attempt import attempt
from casearc.analyses.dataset import StudyData
from casearc.analyses.few_people import LEFT_OUT, support_groups, without_few
from casearc.analyses.ledger import ENROLLED, Ledger
from casearc.analyses.model_frame import Coding, Term, design_of, one_more
from casearc.analyses.predictors import predictors
from casearc.analyses.wording import capital, interval_heading
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
from casearc.statistics.count_models import (
    BootstrapCounts,
    CountFit,
    bootstrap_counts,
    negative_binomial,
    overdispersion,
    poisson,
    zero_inflation,
)
from casearc.study import Model
from casearc.study.wording import model_label

Floats = npt.NDArray[np.float64]

FARTHEST = 12.0
"""Log rates beyond which a limit is told as open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The fit, its terms and n, the people at each level of each factor, and the checks of spread that could be had."""

    model: Model
    fit: CountFit
    terms: tuple[Term, ...]
    n: int
    counts: dict[str, dict[str, int]]
    drawn: BootstrapCounts | None
    spread_p: float | None
    zeros_p: float | None


def count_bodies(data: StudyData, model: Model) -> Iterator[Body]:
    """As planned, and without characteristics that have groups of too few people; none where it cannot be fitted."""
    try:
        fitted = _fit(data, model, Coding())
        yield _body(data, fitted, told="")
        coding = without_few(fitted.counts, data.threshold)
        if coding is not None:
            yield _body(data, _fit(data, model, coding), told=LEFT_OUT)
    except StatisticsRefusedError:  # its message may count people, which no text of a report may
        return


def _rows(data: StudyData, model: Model) -> pl.DataFrame:
    columns = {"outcome": model.outcome, **{each.id: each.column for each in predictors(data, model)}}
    if model.exposure is not None:
        columns["exposure"] = model.exposure
    found = data.people.select(pl.col(column).alias(name) for name, column in columns.items()).drop_nulls()
    return found.filter(pl.col("exposure") > 0) if model.exposure is not None else found


def _fit(data: StudyData, model: Model, coding: Coding) -> Fitted:
    rows = _rows(data, model)
    if rows.height < 3:
        raise StatisticsRefusedError("Too few people have all that this model needs.", alternative="Describe them.")
    terms, design, counts = design_of(data, model, coding, rows)
    y = rows["outcome"].cast(pl.Float64).to_numpy()
    exposure = rows["exposure"].cast(pl.Float64).to_numpy() if model.exposure is not None else None
    names = [term.name for term in terms]
    spread_p, zeros_p = _spread(design, y, names, exposure)
    level = 1 - data.plan.inference.alpha
    fit: CountFit | None = None
    if spread_p is not None and spread_p < data.plan.inference.alpha:
        try:
            fit = negative_binomial(design, y, terms=names, exposure=exposure, level=level)
        except StatisticsRefusedError:
            fit = None
    if fit is None:
        fit = poisson(design, y, terms=names, exposure=exposure, level=level)
    return Fitted(
        model=model,
        fit=fit,
        terms=terms,
        n=rows.height,
        counts={name: dict(levels) for name, levels in counts.items()},
        drawn=attempt(lambda: _drawn(data, fit, design, y, exposure)) if data.plan.inference.bootstrap else None,
        spread_p=spread_p,
        zeros_p=zeros_p,
    )


def _drawn(data: StudyData, fit: CountFit, design: Floats, y: Floats, exposure: Floats | None) -> BootstrapCounts:
    return bootstrap_counts(
        design,
        y,
        terms=fit.terms,
        rng_or_seed=data.plan.seed,
        exposure=exposure,
        family=fit.family,
        draws=data.plan.inference.bootstrap,
        level=fit.level,
    )


def _spread(design: Floats, y: Floats, names: list[str], exposure: Floats | None) -> tuple[float | None, float | None]:
    """P of more spread, and of more zeros, than Poisson's; None where a test cannot be had."""
    try:
        found = overdispersion(design, y, terms=names, exposure=exposure)
        spread = found.lr_p if found.lr_p is not None else found.pearson_p
    except StatisticsRefusedError:
        spread = None
    try:
        zeros = zero_inflation(design, y, terms=names, exposure=exposure).p
    except StatisticsRefusedError:
        zeros = None
    return spread, zeros


def _key(fitted: Fitted) -> str:
    return f"analyzed[{fitted.model.id}]"


def _body(data: StudyData, fitted: Fitted, *, told: str) -> Body:
    ledger, key = Ledger(data), _key(fitted)
    ledger.base(ledger.subset(ENROLLED, key, fitted.n, rest=f"{key}:incomplete"))
    support_groups(ledger, key, fitted.counts)
    places = [i for i, term in enumerate(fitted.terms) if term.is_dose] or list(range(1, len(fitted.terms)))
    sentences = tuple(_sentence(data, fitted, place) for place in places)
    return ledger.close(
        Body(
            headline=sentences[0] if sentences else None,
            sentences=(*sentences, *_spread_sentence(fitted)),
            tables=(_table(data, fitted),),
            told=told,
            tests=tuple(_test(fitted, place) for place in places),
        )
    )


def _counted(data: StudyData, fitted: Fitted) -> str:
    dose = data.plan.dose(fitted.model.outcome)
    return dose.label or dose.id.replace("_", " ")


def _interval(fitted: Fitted, place: int) -> Interval:
    return _ratios(fitted, float(fitted.fit.low[place]), float(fitted.fit.high[place]))


def _ratios(fitted: Fitted, low: float, high: float) -> Interval:
    return Interval(
        math.exp(low) if low > -FARTHEST else None,
        math.exp(high) if high < FARTHEST else None,
        fitted.fit.level,
        Quantity.RATIO,
        _key(fitted),
    )


def _sentence(data: StudyData, fitted: Fitted, place: int) -> Sentence:
    key = _key(fitted)
    term = fitted.terms[place]
    start = one_more(term) if term.is_dose else f"One more in “{term.phrase}”"
    return Sentence(
        f"{start} was associated with {{ratio}} times the rate of {_counted(data, fitted)} "
        "({interval}; {p}; n = {n}).",
        {
            "ratio": Number(math.exp(float(fitted.fit.coefficients[place])), Quantity.RATIO, key),
            "interval": _interval(fitted, place),
            "p": Number(float(fitted.fit.p[place]), Quantity.P_VALUE, key),
            "n": CountRef(key),
        },
    )


def _spread_sentence(fitted: Fitted) -> tuple[Sentence, ...]:
    if fitted.spread_p is None:
        return ()
    key = _key(fitted)
    slots: dict[str, Cell] = {"p": Number(fitted.spread_p, Quantity.P_VALUE, key)}
    text = f"More spread than Poisson's: {{p}}; fitted as {fitted.fit.family}"
    if fitted.zeros_p is not None:
        slots["zeros"] = Number(fitted.zeros_p, Quantity.P_VALUE, key)
        text += ". Zeros against those expected: {zeros}"
    return (Sentence(f"{text}.", slots),)


def _table(data: StudyData, fitted: Fitted) -> Table:
    fit, key, drawn = fitted.fit, _key(fitted), fitted.drawn

    def row(i: int) -> Row:
        return Row(
            (
                Text(capital(fitted.terms[i].label)),
                Number(math.exp(float(fit.coefficients[i])), Quantity.RATIO, key),
                _interval(fitted, i),
                Number(float(fit.standard_errors[i]), Quantity.STANDARD_ERROR, key),
                Number(float(fit.p[i]), Quantity.P_VALUE, key),
                *(() if drawn is None else (_ratios(fitted, float(drawn.bca_low[i]), float(drawn.bca_high[i])),)),
            )
        )

    per_month = " per month at risk" if fitted.model.exposure else ""
    how = "" if drawn is None else " Bootstrap: BCa, on people drawn anew, each whole."
    return Table(
        id=f"model_{fitted.model.id}",
        title=f"Count model of {_counted(data, fitted)}",
        columns=(
            Column("term", "Term"),
            Column("rate_ratio", "Rate ratio"),
            Column("conf", interval_heading(fit.level)),
            Column("std_error", "SE of its logarithm"),
            Column("p_value", "p"),
            *(() if drawn is None else (Column("conf_bootstrap", "Interval by bootstrap"),)),
        ),
        rows=tuple(row(i) for i in range(1, len(fitted.terms))),
        notes=(Sentence(f"{capital(fit.family)} regression{per_month}.{how}"),),
    )


def _test(fitted: Fitted, place: int) -> TestRun:
    title = model_label(fitted.model)
    return TestRun(
        id=f"dose_response.{fitted.model.id}.{fitted.terms[place].name}",
        label=f"{capital(title)}, “{fitted.terms[place].phrase}”: {fitted.fit.family} regression",
        p=float(fitted.fit.p[place]),
        n_key=_key(fitted),
        role=Role.EXPLORATORY,
    )
