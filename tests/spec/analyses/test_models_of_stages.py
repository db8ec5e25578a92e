"""Promise: what stands beside the odds ratios of a model of stages is the estimator's, on the matrix of the model; what
counts people stays in the house; and where an estimator declines, a plain sentence stands in its place.

A made-up program of 150, of whom 109 have a stage at six and at twelve months; three stages, months of service between.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, Literal

import numpy as np
import pytest

from casearc.analyses import StudyData, prepare
from casearc.analyses.dose_response import IN_THE_HOUSE_ONLY, dose_response_findings
from casearc.analyses.ledger import Ledger
from casearc.analyses.model_frame import ModelFrame, finest, register
from casearc.analyses.stage_models import effects, fit_of_probabilities, redrawn
from casearc.analyses.stage_models.classified import NOT_CLASSIFIED
from casearc.analyses.stage_models.demand import demand
from casearc.disclosure import Policy, gate
from casearc.errors import StatisticsRefusedError
from casearc.findings import Body, Threat, Verdict
from casearc.statistics.categorical import (
    average_marginal_effects,
    calibration,
    classification_table,
    multinomial,
    multinomial_draws,
    ordinal,
    ordinal_marginal_effects,
)
from casearc.statistics.contingency import kappa
from casearc.statistics.resampling import case_weights, percentile_interval
from casearc.synthetic import make_program
from casearc.tables import Tables
from people import PLAN, by_id, parsed, rows, said

Kind = Literal["multinomial", "ordinal"]
MODEL = 'kind = "linear"\noutcome = "support"'
DRAWN = "\n[inference]\nbootstrap = 500\n"


@cache
def _data(kind: Kind = "multinomial", more: str = DRAWN, cluster: str = "") -> StudyData:
    plan = PLAN.replace(MODEL, f'kind = "{kind}"\noutcome = "stage"').replace('"confirmatory"', '"exploratory"')
    plan = plan.replace('adjust_for = ["level@six_months"]', f'adjust_for = ["level@six_months"]{cluster}')
    tables = Tables.of(**make_program(participants=150, seed=3).tables)
    return prepare(replace(parsed(plan + more), coding={}), tables, threshold=11)


def _bodies(data: StudyData) -> tuple[Body, ...]:
    return by_id(dose_response_findings(data))["dose_response.by_months"].bodies


def _matrix(data: StudyData) -> tuple[ModelFrame, np.ndarray, np.ndarray, dict[str, Any]]:
    frame = finest(data, data.plan.models[0])
    named = {"terms": [term.name for term in frame.terms], "levels": frame.outcome_levels}
    return frame, frame.design, frame.outcome.astype(np.intp), named


def _refuse(*_: object, **__: object) -> None:
    raise StatisticsRefusedError("Seven people are not told apart.")


@pytest.fixture
def fresh() -> StudyData:
    """A study nothing of which is known yet, for estimators that are made to decline."""
    _data.cache_clear()
    return _data()


def test_percentage_points_are_average_marginal_effects() -> None:
    _, X, y, named = _matrix(_data())
    months = average_marginal_effects(multinomial(X, y, **named), X, terms=["months"])
    body = _bodies(_data())[0]
    assert next(iter(body.tables)).id == "effects_by_months"
    told = list(rows(body, "effects_by_months").values())[1:]
    assert [cells[0] for cells in told] == pytest.approx((100 * months.estimate[:, 0]).tolist())
    limits = 100 * np.column_stack([months.low[:, 0], months.high[:, 0]])
    np.testing.assert_allclose([cells[1] for cells in told], limits)
    assert sum(cells[0] for cells in told) == pytest.approx(0)
    most = told[int(np.abs(months.estimate[:, 0]).argmax())]
    assert body.sentences[0].slots["points"].value == most[0]  # type: ignore[union-attr]


def test_percentage_points_of_stages_in_order() -> None:
    _, X, y, named = _matrix(_data("ordinal"))
    fit = ordinal(X[:, 1:], y, terms=named["terms"][1:], levels=named["levels"])
    months = ordinal_marginal_effects(fit, X[:, 1:], terms=["months"])
    told = list(rows(_bodies(_data("ordinal"))[0], "effects_by_months").values())[1:]
    assert [cells[0] for cells in told] == pytest.approx((100 * months.estimate[:, 0]).tolist())


@pytest.mark.parametrize("penalty", ["none", "firth"])
def test_intervals_of_people_drawn_anew_are_percentiles_of_refits(penalty: Literal["none", "firth"]) -> None:
    """With the penalty of the model; within site where sites are the clusters."""
    by_site = penalty == "firth"
    data = _data(cluster='\ncluster = "site"\npenalty = "firth"' if by_site else "")
    frame, X, y, named = _matrix(data)
    weights = case_weights(frame.n, draws=500, rng_or_seed=1, strata=frame.clusters)
    refits = multinomial_draws(X, y, weights, penalty=penalty, **named)
    limits = percentile_interval(refits.coefficients[:, :, 1], participants=frame.n)
    body = _bodies(data)[0]
    told = [cells[2] for name, cells in rows(body, "redrawn_by_months").items() if "against" in name]
    np.testing.assert_allclose(told, np.exp(np.column_stack([limits.low, limits.high])))
    (note,) = next(table for table in body.tables if table.id == "redrawn_by_months").notes
    assert ("at each site" in note.template) is by_site
    if not by_site:
        assert note.slots["separated"].value == refits.separated.sum() / 500  # type: ignore[union-attr]


def test_no_people_are_drawn_anew_unless_the_plan_says_so() -> None:
    assert not any("redrawn" in table.id for table in _bodies(_data(more=""))[0].tables)


def test_people_put_at_the_level_where_they_are() -> None:
    """Each by the fit to the others, counted in cells that add up to the level's people; only in the house."""
    frame, X, y, named = _matrix(_data())
    by_hand = np.zeros((3, 3), dtype=int)
    for person in range(frame.n):
        others = np.arange(frame.n) != person
        b = multinomial(X[others], y[others], **named).coefficients
        by_hand[y[person], np.argmax([0, *(b @ X[person])])] += 1
    finest_body, planned = _bodies(_data())
    told = list(rows(finest_body, "classified_by_months").values())
    np.testing.assert_array_equal([cells[:3] for cells in told], by_hand)
    assert [cells[3] for cells in told] == np.bincount(y).tolist()
    found = classification_table(X, y, **named)
    (sentence,) = (each for each in finest_body.sentences if "right" in each.slots)
    assert sentence.slots["kappa"].value == pytest.approx(kappa(by_hand).estimate)  # type: ignore[union-attr]
    shares = {name: finest_body.counts[sentence.slots[name].part] for name in ("right", "seen", "largest")}  # type: ignore[union-attr]
    assert shares == {
        "right": by_hand.trace(),
        "seen": round(found.apparent_accuracy * frame.n),
        "largest": max(np.bincount(y)),
    }
    assert planned.told == IN_THE_HOUSE_ONLY
    assert not any("classified" in table.id for table in planned.tables)
    assert not any(":put" in key for key in planned.counts)


def test_people_for_each_term() -> None:
    _, _, y, _ = _matrix(_data())
    body = _bodies(_data())[0]
    (evidence,) = (each for each in body.evidence if each.threat is Threat.PRECISION)
    slots = evidence.said.slots
    rarest = np.bincount(y).min()
    assert body.counts[slots["people"].key] == rarest  # type: ignore[union-attr]
    assert slots["each"].value == pytest.approx(rarest / 3)  # type: ignore[union-attr]
    assert not any(each.threat is Threat.PRECISION for each in _bodies(_data())[1].evidence)


@pytest.mark.parametrize(
    ("people", "penalty", "verdict"),
    [
        (30, "none", Verdict.CLEAR),
        (29, "none", Verdict.OPEN),
        (29, "firth", Verdict.WEAKENED),
        (15, "none", Verdict.OPEN),
        (14, "none", Verdict.FOUND),
        (14, "firth", Verdict.OPEN),
    ],
)
def test_ten_people_for_each_of_three_terms_are_enough_and_five_are_few(
    people: int, penalty: Literal["none", "firth"], verdict: Verdict
) -> None:
    frame, X, _, named = _matrix(_data())
    y = np.repeat([0, 1, 2], [people, 40, frame.n - 40 - people])
    counts = dict(zip(frame.outcome_levels, np.bincount(y).tolist(), strict=True))
    frame = replace(frame, outcome=y.astype(float), counts={**frame.counts, "outcome": counts}, key="analyzed[other]")
    ledger = Ledger(_data())
    register(frame, ledger)
    fit = replace(multinomial(X, _matrix(_data())[2], **named), penalty=penalty)
    assert demand(_data(), frame, ledger, fit)[1].verdict is verdict


def test_calibration_is_less_optimism_and_tells_no_groups() -> None:
    _, X, y, named = _matrix(_data())
    found = calibration(X, y, draws=200, rng_or_seed=1, **named)
    assert found.corrected_slopes is not None
    for body in _bodies(_data()):
        told = np.array(list(rows(body, "calibration_by_months").values()))
        np.testing.assert_allclose(told[:, 0], 1.0, atol=1e-6)
        np.testing.assert_allclose(told[:, 1].astype(float), found.corrected_slopes)
        (test,) = (each for each in body.tests if each.id.endswith("calibration"))
        assert test.p == found.p
        assert not any("χ²" in sentence.template and "Hosmer" in sentence.template for sentence in body.sentences)


def test_where_estimators_decline_a_plain_sentence_says_so(monkeypatch: pytest.MonkeyPatch, fresh: StudyData) -> None:
    monkeypatch.setattr(effects, "average_marginal_effects", _refuse)
    monkeypatch.setattr(redrawn, "multinomial_draws", _refuse)
    monkeypatch.setattr(fit_of_probabilities, "calibration", _refuse)
    monkeypatch.setattr("casearc.analyses.stage_models.classified.classification_table", _refuse)
    finest_body, planned = _bodies(fresh)
    for sentence in (effects.NOT_COMPUTED, redrawn.NOT_DRAWN, fit_of_probabilities.NO_SLOPE):
        assert sentence in said(finest_body)
        assert sentence in said(planned)
    assert NOT_CLASSIFIED in said(finest_body)
    assert [table.id for table in planned.tables] == ["model_by_months", "model_by_months-fit"]
    assert not any("Seven" in sentence for sentence in said(finest_body))


def test_the_outside_edition_has_percentage_points_and_counts_nobody() -> None:
    release = gate(list(dose_response_findings(_data())), policy=Policy(), edition="outside")
    (found,) = (finding for finding in release.findings if finding.id == "dose_response.by_months")
    assert "effects_by_months" in [table.id for table in found.body.tables]
    assert not any("classified" in table.id for table in found.body.tables)
    assert IN_THE_HOUSE_ONLY in found.told


def test_one_odds_ratio_for_every_split_is_tested_handed_up_and_evidence() -> None:
    body = _bodies(_data("ordinal"))[0]
    (test,) = (each for each in body.tests if each.id.endswith("proportional_odds"))
    (evidence,) = (each for each in body.evidence if each.threat is Threat.FORM)
    assert evidence.said.slots["p"].value == test.p  # type: ignore[union-attr]
    assert evidence.verdict is (Verdict.OPEN if test.p < 0.05 else Verdict.CLEAR)
