"""Who was lost, at equal values of the rest: a logistic model of being lost on what was known at the first wave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from casearc.analyses.dataset import StudyData, leading_outcome, outcome_column
from casearc.analyses.few_people import LEFT_OUT, support_groups, without_few
from casearc.analyses.ledger import Ledger, later
from casearc.analyses.limits import open_limit
from casearc.analyses.model_frame import Coding, Term, design_of, model_columns
from casearc.analyses.wording import capital, interval_heading, wave_label
from casearc.errors import StatisticsRefusedError
from casearc.findings import (
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
from casearc.statistics.categorical import LogisticFit, likelihood_ratio_tests, logistic
from casearc.study import LevelAt, Model, ModelKind, in_time

Floats = npt.NDArray[np.float64]

ENOUGH = 10
"""People lost, or measured, for each term: with fewer the penalty stands in and keeps odds ratios from running off."""

NOT_FITTED = (
    "Too few people were lost, or kept, for a model of who was, or what is known of them at the start cannot be told "
    "apart."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """The model of being lost: its fit, terms and rows, and the people at each level of each factor."""

    first: str
    last: str
    fit: LogisticFit
    terms: tuple[Term, ...]
    n: int
    counts: dict[str, dict[str, int]]
    p: float

    @property
    def between(self) -> str:
        """The time over which people were lost."""
        return f"between {wave_label(self.first)} and {wave_label(self.last)}"


def attrition_model_findings(data: StudyData) -> Iterator[Finding]:
    """One finding, where the plan has two waves or more."""
    waves = in_time(data.plan.waves)
    if len(waves) < 2:
        return
    bodies = tuple(_bodies(data, waves[0].name, waves[-1].name))
    yield Finding(
        id="attrition.model",
        section=Section.ATTRITION,
        title="Who was lost, all characteristics taken together",
        plan_item="wave",
        role=Role.DESCRIPTIVE,
        bodies=bodies,
        refusal="" if bodies else NOT_FITTED,
    )


def _bodies(data: StudyData, first: str, last: str) -> Iterator[Body]:
    """With all characteristics, and without those that have groups of too few people."""
    try:
        whole = _loss(data, first, last, Coding())
        yield _body(data, whole, told="")
        coding = without_few(whole.counts, data.threshold)
        if coding is not None:
            yield _body(data, _loss(data, first, last, coding), told=LEFT_OUT)
    except StatisticsRefusedError:  # its message may count people, which no text of a report may
        return


def _loss(data: StudyData, first: str, last: str, coding: Coding) -> Loss:
    outcome = leading_outcome(data)
    model = Model(
        id="attrition",
        kind=ModelKind.LINEAR,
        outcome=outcome.id,
        at=first,
        adjust_for=(LevelAt(first), *(covariate.id for covariate in data.plan.covariates)),
    )
    lost = (~later(data, outcome, first, last)).cast(pl.Float64)
    columns = {name: column for name, column in model_columns(data, model).items() if name != "outcome"}
    rows = data.people.with_columns(lost=lost).filter(pl.col(outcome_column(outcome, first)).is_not_null())
    rows = rows.select("lost", *(pl.col(column).alias(name) for name, column in columns.items())).drop_nulls()
    if rows.is_empty():
        raise StatisticsRefusedError("Nobody has all characteristics.", alternative="Compare them one by one.")
    terms, design, counts = design_of(data, model, coding, rows)
    fit = _fit(design, rows["lost"].to_numpy(), terms, level=1 - data.plan.inference.alpha)
    return Loss(
        first=first,
        last=last,
        fit=fit,
        p=_overall(design, rows["lost"].to_numpy(), fit),
        terms=terms,
        n=rows.height,
        counts={name: dict(levels) for name, levels in counts.items()},
    )


def _fit(design: Floats, lost: Floats, terms: tuple[Term, ...], *, level: float) -> LogisticFit:
    names = [term.name for term in terms]
    rarer = min(float(lost.sum()), float((1.0 - lost).sum()))
    if rarer >= ENOUGH * (len(names) - 1):
        try:
            return logistic(design, lost, terms=names, level=level)
        except StatisticsRefusedError:  # separated: the penalty has an answer
            pass
    return logistic(design, lost, terms=names, penalty="firth", level=level)


def _overall(design: Floats, lost: Floats, fit: LogisticFit) -> float:
    """P of all terms together, by the likelihood ratio, penalized as the fit is."""
    tested = likelihood_ratio_tests(
        design,
        lost.astype(np.intp),
        terms=fit.terms,
        levels=("no", "yes"),
        predictors={"all": fit.terms[1:]},
        penalty=fit.penalty,
    )
    return float(tested.p[0])


def _body(data: StudyData, loss: Loss, *, told: str) -> Body:
    ledger = Ledger(data)
    key = _registered(data, loss, ledger)
    said = _sentence(data, loss, key)
    return ledger.close(
        Body(
            sentences=(said,),
            tables=(_table(loss, key),),
            told=told,
            tests=(_test(loss, key),),
            evidence=tuple(_evidence(data, loss, said)),
        )
    )


def _registered(data: StudyData, loss: Loss, ledger: Ledger) -> str:
    """Tell the ledger who is in the model, how many of them were lost, and who stands behind each indicator."""
    measured = ledger.measured(leading_outcome(data), loss.first)
    key = ledger.base(ledger.subset(measured, "analyzed[attrition]", loss.n, rest="analyzed[attrition]:incomplete"))
    parts = {f"{key}:lost": loss.fit.events, f"{key}:measured": loss.n - loss.fit.events}
    ledger.split(key, parts)
    for name, count in parts.items():
        ledger.support(name, count)
    support_groups(ledger, key, loss.counts)
    return key


def _apart(data: StudyData, loss: Loss) -> list[int]:
    """Terms that tell those lost from those measured, the surest first."""
    p = loss.fit.p
    found = [i for i in range(1, len(loss.terms)) if p[i] < data.plan.inference.alpha]
    return sorted(found, key=lambda i: float(p[i]))


def _sentence(data: StudyData, loss: Loss, key: str) -> Sentence:
    slots: dict[str, Cell] = {"n": CountRef(key), "p": Number(loss.p, Quantity.P_VALUE, key)}
    apart = [f"“{loss.terms[i].phrase}”" for i in _apart(data, loss)[:3]] or ["nothing known at the start"]
    return Sentence(
        f"At equal values of the rest, {' and '.join(apart)} {'was' if len(apart) == 1 else 'were'} clearly associated "
        f"with being lost {loss.between} (all characteristics together: {{p}}; n = {{n}}).",
        slots,
    )


def _evidence(data: StudyData, loss: Loss, said: Sentence) -> Iterator[Evidence]:
    """That nothing is clear is no evidence that nothing is there; that something is, is."""
    if _apart(data, loss):
        yield Evidence(threat=Threat.ATTRITION, verdict=Verdict.FOUND, said=said)


def _test(loss: Loss, key: str) -> TestRun:
    return TestRun(
        id="attrition.model",
        label=f"Lost {loss.between}, all characteristics together: likelihood ratio of a logistic model",
        p=loss.p,
        n_key=key,
        role=Role.DESCRIPTIVE,
    )


def _table(loss: Loss, key: str) -> Table:
    fit = loss.fit

    def row(i: int) -> Row:
        low = open_limit(fit.odds_low[i]) or None  # odds of zero are a limit that ran off
        high = open_limit(fit.odds_high[i])
        return Row(
            (
                Text(capital(loss.terms[i].label)),
                Number(float(fit.odds_ratios[i]), Quantity.RATIO, key),
                Interval(low, high, fit.level, Quantity.RATIO, key),
            )
        )

    how = " with Firth's penalty, for few were lost for so many terms" if fit.penalty == "firth" else ""
    return Table(
        id="attrition_model",
        behind=True,
        title=f"Odds of being lost {loss.between}",
        columns=(
            Column("term", "Known at the start"),
            Column("odds_ratio", "Odds ratio"),
            Column("conf", interval_heading(fit.level)),
        ),
        rows=tuple(row(i) for i in range(1, len(loss.terms))),
        notes=(Sentence(f"Logistic regression{how}; profile intervals. 1 means no association with being lost."),),
    )
