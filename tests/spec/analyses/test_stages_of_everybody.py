"""Promise: a model of stages on everybody enrolled is the estimator's on each filled table, pooled by Rubin's rules,
with one test of the dose over all stages; those who left are shifted only where stages have an order."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, Literal

import numpy as np
import pytest

from casearc.analyses import StudyData, prepare
from casearc.analyses.all_enrolled import imputed_findings, imputed_stages, pooled_levels
from casearc.analyses.all_enrolled.filled import filled, left
from casearc.analyses.all_enrolled.imputing import imputed_people
from casearc.analyses.all_enrolled.pooled_levels import pool_levels
from casearc.analyses.dose_response import dose_response_findings
from casearc.analyses.model_frame import coarsened, finest, separated
from casearc.errors import StatisticsRefusedError
from casearc.findings import Body, Threat
from casearc.statistics.categorical import multinomial, ordinal
from casearc.statistics.imputation import (
    d1_test,
    imputations_needed,
    likelihood_ratio_over_imputations,
    pool_fits,
)
from casearc.study import Penalty
from casearc.synthetic import make_program
from casearc.tables import Tables
from people import PLAN, by_id, cast, parsed, rows, said, study

Kind = Literal["multinomial", "ordinal"]
ALL = '\n[missing]\nwaves = "all-enrolled"\nimputations = 5\n'


def _plan(kind: Kind) -> str:
    plan = PLAN.replace('kind = "linear"\noutcome = "support"', f'kind = "{kind}"\noutcome = "stage"')
    return plan.replace('"confirmatory"', '"exploratory"') + ALL


@cache
def _data(kind: Kind) -> StudyData:
    tables = Tables.of(**make_program(participants=150, seed=3).tables)
    return prepare(replace(parsed(_plan(kind)), coding={}), tables, threshold=11)


def _body(data: StudyData) -> Body:
    return by_id(imputed_findings(data))["all_enrolled.by_months"].bodies[0]


def _tables(data: StudyData) -> tuple[np.ndarray, np.ndarray, dict[str, Any]]:
    """Each filled table put into the model's matrix by the filled columns themselves."""
    people, frame = imputed_people(data), finest(data, data.plan.models[0])
    columns = people.imputations
    months, before, after = (columns.column(name) for name in ("months", *_STAGES))
    names = people.labels[_STAGES[0]]
    order = [names.index(level) for level in frame.outcome_levels]
    ones = np.ones_like(months)
    X = np.stack([ones, months, *((before == code).astype(float) for code in order[1:])], axis=2)
    y = np.select([after == code for code in order], range(len(order)))
    return X, y, {"terms": [term.name for term in frame.terms], "levels": frame.outcome_levels}


_STAGES = ("urica_stage_habits@six_months", "urica_stage_habits@twelve_months")


def test_odds_ratios_are_pooled_from_each_filled_table() -> None:
    data = _data("multinomial")
    X, y, named = _tables(data)
    pooled = pool_fits([multinomial(a, b, **named) for a, b in zip(X, y, strict=True)])
    cells = [[*row.cells] for row in _body(data).tables[0].rows if not row.heading][1::2]
    for place, level in enumerate(named["levels"][1:]):
        at = pooled.find("months", y_level=level)
        odds, interval, missing = cells[place][3:]
        assert odds.value == pytest.approx(np.exp(pooled.coefficients[at]))  # type: ignore[union-attr]
        assert [interval.low, interval.high] == pytest.approx(np.exp([pooled.low[at], pooled.high[at]]))  # type: ignore[union-attr]
        assert missing.value == pytest.approx(pooled.fmi[at])  # type: ignore[union-attr]
    needed = imputations_needed(pooled).needed
    (sentence,) = (each for each in _body(data).sentences if "needed" in each.slots)
    assert sentence.slots["needed"].value == needed  # type: ignore[union-attr]
    assert ("raise imputations" in sentence.template) is (needed > 5)


def test_the_dose_is_tested_by_pooled_likelihoods() -> None:
    data = _data("multinomial")
    X, y, named = _tables(data)

    def fit(a: np.ndarray, b: np.ndarray) -> object:
        return multinomial(a, b.astype(int), terms=[f"x{i}" for i in range(a.shape[1])], levels=named["levels"])

    expected = likelihood_ratio_over_imputations(X, y, fit=fit, tested=[1])
    (test,) = _body(data).tests
    assert test.p == pytest.approx(expected.p)
    assert "D4" in test.label
    assert expected.df == 2


def test_a_penalty_leaves_a_wald_test() -> None:
    data = _data("multinomial")
    frame = finest(data, data.plan.models[0])
    firth = replace(frame, model=replace(frame.model, penalty=Penalty.FIRTH))
    X, y, named = _tables(data)
    found = pool_levels(firth, X, y.astype(float), level=0.95, tested=True)
    fits = [multinomial(a, b, penalty="firth", interval="wald", **named) for a, b in zip(X, y, strict=True)]
    assert found.penalized
    assert found.how == pooled_levels.WALD
    assert found.p[0] == pytest.approx(d1_test(pool_fits(fits), ["months"]).p)


def test_those_who_left_are_shifted_by_whole_levels_where_levels_have_an_order() -> None:
    data = _data("ordinal")
    frame, people = finest(data, data.plan.models[0]), imputed_people(data)
    X, y, named = _tables(data)
    gone = left(frame, people)
    table = rows(_body(data), "tipping_by_months")
    for name, by in (("One level earlier", -1), ("As filled in", 0), ("One level later", 1)):
        moved = np.where(gone, np.clip(y + by, 0, 2), y)
        fits = [
            ordinal(a[:, 1:], b, terms=named["terms"][1:], levels=named["levels"], interval="wald")
            for a, b in zip(X, moved, strict=True)
        ]
        pooled = pool_fits(fits)
        assert table[name][0] == pytest.approx(np.exp(pooled.coefficients[pooled.find("months")]))
    assert 0 < gone.sum() < data.enrolled


def test_levels_held_against_a_reference_are_not_shifted_and_that_is_said() -> None:
    body = _body(_data("multinomial"))
    assert imputed_stages.NO_SHIFT in said(body)
    assert not any("tipping" in table.id for table in body.tables)


def test_filled_tables_have_the_model_s_own_matrix() -> None:
    data = _data("multinomial")
    X, y, _ = _tables(data)
    designs, outcomes = filled(data, finest(data, data.plan.models[0]), imputed_people(data))
    np.testing.assert_array_equal(designs, X)
    np.testing.assert_array_equal(outcomes, y)


def test_those_who_stayed_are_the_model_itself() -> None:
    data = _data("multinomial")
    own = by_id(dose_response_findings(data))["dose_response.by_months"].bodies[0]
    table = next(table for table in own.tables if table.id == "model_by_months")
    months = [row.cells[1].value for row in table.rows if row.cells[0].text == "Months of service"]  # type: ignore[union-attr]
    stayed = [row.cells[3].value for row in _body(data).tables[0].rows if not row.heading][::2]  # type: ignore[union-attr]
    assert stayed == pytest.approx(months)
    assert _body(data).evidence[0].threat is Threat.ATTRITION


def test_separated_stages_are_pooled_in_the_coarser_form_and_the_reason_stays_in() -> None:
    tables = Tables.of(**make_program(participants=95, seed=2024).tables)
    data = prepare(replace(parsed(_plan("multinomial")), coding={}), tables, threshold=11)
    assert separated(finest(data, data.plan.models[0])) is not None
    in_house, outside = by_id(imputed_findings(data))["all_enrolled.by_months"].bodies
    assert imputed_stages.COARSER in said(in_house)
    assert min(in_house.counts[key] for key in in_house.supports) == 0
    assert imputed_stages.COARSER not in said(outside)
    assert outside.told.startswith("The model was refitted")


def test_separated_stages_without_a_coarser_form_keep_the_penalty() -> None:
    """The cast of twelve: told apart without exception, and too few at a level whatever is merged."""
    data = study(_plan("multinomial"), cast())
    assert coarsened(data, data.plan.models[0]) is None
    (body,) = by_id(imputed_findings(data))["all_enrolled.by_months"].bodies
    assert pooled_levels.WALD in body.tests[0].label
    assert "Every filled table was fitted with the penalty." in [note.template for note in body.tables[0].notes]


def test_a_model_that_declines_on_a_filled_table_is_refused_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StatisticsRefusedError("Seven people are not told apart.")

    monkeypatch.setattr(pooled_levels, "multinomial", refuse)
    finding = by_id(imputed_findings(_data("multinomial")))["all_enrolled.by_months"]
    assert not finding.bodies
    assert finding.refusal
    assert "Seven" not in finding.refusal
