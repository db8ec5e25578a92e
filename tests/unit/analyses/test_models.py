"""Promise: a model is fitted on the matrix the plan describes, by the estimator tested by itself, or says why not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from casearc.analyses import StudyData, prepare, unfitted
from casearc.analyses.dose_response import COARSER_ONLY, NOT_FITTED, dose_response_findings
from casearc.analyses.ledger import Ledger
from casearc.analyses.model_frame import Coding, coarsened, finest, register
from casearc.disclosure.structure import true_counts
from casearc.findings import Finding
from casearc.statistics.categorical import multinomial
from casearc.statistics.linear import linear
from casearc.study import parse_plan
from casearc.synthetic import null_program
from casearc.tables import Tables
from people import CAST, PLAN, by_id, cast, rows, said, study

ADJUSTED = PLAN.replace('adjust_for = ["level@six_months"]', 'adjust_for = ["level@six_months", "gender"]')
SITE = PLAN.replace('adjust_for = ["level@six_months"]', 'adjust_for = ["level@six_months"]\ncluster = "site"')
STAGE = PLAN.replace('kind = "linear"\noutcome = "support"', 'kind = "multinomial"\noutcome = "stage"').replace(
    'family = "confirmatory"', 'family = "exploratory"'
)

# Who has support at six and twelve months, and a window: months from first to last contact, support then and later.
_DAYS = np.array([30, 60, 90, 120, 30, 0, 150, 120, 60.0])
_SIX = np.array([4.5, 4, 5, 2.5, 5.5, 3, 4, 6, 4])
_TWELVE = np.array([5, 4, 5.5, 4, 6, 3, 5.5, 6.5, 4.5])


def _finding(data: StudyData) -> Finding:
    return by_id(dose_response_findings(data))["dose_response.by_months"]


def test_the_matrix_by_hand() -> None:
    data = study()
    frame = finest(data, data.plan.models[0])
    assert [term.name for term in frame.terms] == ["(Intercept)", "months", "level@six_months"]
    np.testing.assert_allclose(frame.design, np.column_stack([np.ones(9), _DAYS / 30.4375, _SIX]))
    np.testing.assert_allclose(frame.outcome, _TWELVE)


def test_indicators_stand_against_the_plan_s_reference() -> None:
    data = study(ADJUSTED)
    frame = finest(data, data.plan.models[0])  # P12 gave no gender; P09, the one nonbinary participant, was lost
    assert [term.label for term in frame.terms[3:]] == ["Gender: boy (against girl)"]
    np.testing.assert_array_equal(frame.design[:, 3], [0, 0, 0, 0, 0, 1, 1, 1])
    assert frame.counts == {"gender": {"girl": 5, "boy": 3}}


@pytest.mark.parametrize(
    ("threshold", "terms", "told"),
    [
        (3, ["gender=boy"], ""),
        (4, [], "The model was refitted, because too few people stand behind some groups (left out: Gender)."),
    ],
)
def test_indicators_of_too_few_people_are_merged_and_then_left_out(threshold: int, terms: list[str], told: str) -> None:
    data = study(ADJUSTED, threshold=threshold)
    frame = coarsened(data, data.plan.models[0])
    assert frame is not None
    assert [term.name for term in frame.terms[3:]] == terms
    assert frame.told.startswith(told)
    assert bool(frame.told) is bool(told)


def test_those_left_out_join_the_reference_and_its_key_changes() -> None:
    """Sites of 5, 3 and 1: the smallest has no ladder, so its indicator goes, and "north" then means more people."""
    sites = {"P06": "east"}
    tables = cast()
    enrollments = tables.enrollments.with_columns(
        housing=pl.col("enrollment_id").replace_strict(sites, default=pl.col("site"))
    )
    people = tables.participants.with_columns(housing=enrollments["housing"])
    plan = ADJUSTED.replace(
        'column = "gender"\nreference = "girl"\nladder = [{ all_others = ["boy", "nonbinary"] }]',
        'column = "housing"\nreference = "north"',
    )
    data = study(plan, replace(tables, participants=people), threshold=2)
    model = data.plan.models[0]
    whole, coarse = finest(data, model), coarsened(data, model)
    assert coarse is not None
    assert whole.counts["gender"] == {"north": 4, "east": 1, "south": 4}
    assert coarse.counts["gender"] == {"north": 5, "south": 4}
    assert coarse.terms[-1].label == "Gender: south (against north and those left out)"
    assert "left out: Gender: east" in coarse.told
    ledger = Ledger(data)
    for frame in (whole, coarse):  # a count that meant two things would stop the gate
        register(frame, ledger)
    assert ledger.counts["analyzed[by_months]:gender=north"] == 4
    assert true_counts([_finding(data)])


def test_a_frame_of_nobody_has_no_indicator_and_no_fit() -> None:
    lost = CAST.replace(" 5.0 |", " - |").replace(" 4.0 | p p c", " - | p p c")
    nobody = "\n".join(line for line in lost.splitlines() if "4.0 4.5 -" in line or "id " in line or "---" in line)
    data = study(ADJUSTED, cast(nobody))
    assert finest(data, data.plan.models[0]).n == 0
    assert _finding(data).refusal == NOT_FITTED


def test_clusters_are_those_of_the_column() -> None:
    data = study(SITE)
    frame = finest(data, data.plan.models[0])
    assert frame.clusters is not None
    north = np.array([1, 1, 0, 0, 1, 0, 1, 0, 0], dtype=bool)
    assert len(set(frame.clusters[north])) == len(set(frame.clusters[~north])) == 1
    assert set(frame.clusters[north]).isdisjoint(frame.clusters[~north])


def test_a_linear_model_is_the_estimator_s_on_a_matrix_made_by_hand() -> None:
    fit = linear(
        np.column_stack([np.ones(9), _DAYS / 30.4375, _SIX]),
        _TWELVE,
        terms=["(Intercept)", "months", "level@six_months"],
        covariance="HC3",
    )
    table = rows(_finding(study()).bodies[0], "model_by_months")
    for position, name in enumerate(["Intercept", "Months of service", "Support at six months"]):
        b, interval, se, t, p, _ = table[name]
        assert [b, se, t, p] == pytest.approx(
            [fit.coefficients[position], fit.standard_errors[position], fit.t[position], fit.p[position]]
        )
        assert interval == pytest.approx((fit.low[position], fit.high[position]))
    beta = table["Months of service"][-1]
    assert beta == pytest.approx(fit.coefficients[1] * np.std(_DAYS / 30.4375) / np.std(_TWELVE))


def test_a_planned_model_that_hangs_on_one_person_is_fitted_without_that_group() -> None:
    """One nonbinary participant among those analyzed: HC3 does not exist, and no text may say that it is one."""
    stayed = CAST.replace("4.5 4.5 -   | c c -", "4.5 4.5 5.0 | c c c")
    data = study(ADJUSTED, cast(stayed))
    finding = _finding(data)
    (body,) = finding.bodies
    assert body.told.startswith(COARSER_ONLY)
    assert [term for term in rows(body, "model_by_months") if "Gender" in term] == ["Gender: all others (against girl)"]
    (deviation,) = unfitted([finding])
    assert "in a coarser form" in deviation
    assert "one participant" not in deviation + finding.refusal + body.told


@pytest.mark.parametrize(
    "text",
    [
        CAST.replace("- 4.0 5.0", "- - -").split("P03")[0],  # two people
        "\n".join(
            [
                *CAST.strip().splitlines()[:2],
                *(f"P{i:02} | 14 | girl | a | 4.0 {i}.0 5.0 | p p p | {i * 9} |" for i in range(1, 7)),
            ]
        ),  # everybody the same outcome
    ],
)
def test_what_cannot_be_fitted_is_refused_without_counting_people(text: str) -> None:
    finding = _finding(study(tables=cast(text)))
    assert finding.refusal == NOT_FITTED
    assert unfitted([finding])[0].startswith("Planned, not fitted: ")


def test_separation_is_met_by_firth_and_said_in_the_house_only() -> None:
    """Ten people, three stages: something tells them apart without exception."""
    body = _finding(study(STAGE)).bodies[0]
    assert any("Firth's" in sentence and "separation" in sentence for sentence in said(body))
    assert min(body.counts[key] for key in body.supports) == 0  # so the gate keeps it in
    (table,) = (table for table in body.tables if table.id == "model_by_months")
    (note,) = table.notes
    assert note.template == "Firth's penalized likelihood; intervals and p from its profile."
    numbers = [cell for cells in rows(body, "model_by_months").values() for cell in cells if isinstance(cell, float)]
    assert np.isfinite(numbers).all()


def test_one_stage_only_is_refused() -> None:
    text = "\n".join(
        [
            *CAST.strip().splitlines()[:2],
            *(f"P{i:02} | 14 | girl | a | 4.0 4.0 5.0 | p c c | {i * 9} |" for i in range(1, 9)),
        ]
    )
    assert _finding(study(STAGE, cast(text))).refusal == NOT_FITTED


def test_a_multinomial_model_is_the_estimator_s_on_a_matrix_made_by_hand() -> None:
    plan = parse_plan(
        STAGE.replace('adjust_for = ["level@six_months"]', 'adjust_for = ["age"]\nreference = "contemplation"')
    )
    plan = replace(plan, coding={})
    data = prepare(plan, Tables.of(**null_program(participants=250, seed=3).tables), threshold=11)
    columns = {
        "stage": "urica_stage_habits@twelve_months",
        "months": "months",
        "age": "covariate:age",
        "day": "day:urica@twelve_months",
        "end": "wave_day:six_months",
    }
    people = data.people.select(pl.col(old).alias(new) for new, old in columns.items()).drop_nulls()
    levels = ("contemplation", "precontemplation", "preparation_action")
    codes = people["stage"].replace_strict(levels, range(3), return_dtype=pl.Int64).to_numpy()
    design = np.column_stack([np.ones(people.height), people["months"], people["age"]])
    fit = multinomial(design, codes, terms=["(Intercept)", "months", "age"], levels=levels)
    body = _finding(data).bodies[0]
    (table,) = (table for table in body.tables if table.id == "model_by_months")
    shown = [row.cells for row in table.rows if not row.heading]
    values = np.array([[cells[3].value, cells[4].value, cells[6].value] for cells in shown])  # type: ignore[union-attr]
    np.testing.assert_allclose(values[:, 0], fit.coefficients.ravel())
    np.testing.assert_allclose(values[:, 1], fit.standard_errors.ravel())
    np.testing.assert_allclose(values[:, 2], fit.p.ravel())
    assert shown[1][1].value == pytest.approx(np.exp(fit.coefficients[0, 1]))  # type: ignore[union-attr]


def test_the_coding_of_the_plan_itself_merges_nothing() -> None:
    assert finest(study(), study().plan.models[0]).coding == Coding()


def test_a_landmark_model_and_a_concurrent_one_say_which_they_are() -> None:
    assert "Landmark model" in _finding(study()).warnings[0]
    concurrent = PLAN.replace('to = "six_months"', 'to = "twelve_months"')
    assert "Concurrent and descriptive" in _finding(study(concurrent)).warnings[0]
