"""Promise: an intercept for each cluster is the mixed model fitted by hand, and a total dose also stands as a rate.

Forty-eight people of eight sites, as in `people.py`: support at intake, six and twelve months, and a last contact.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from casearc.analyses import StudyData
from casearc.analyses.dose_response import dose_response_findings
from casearc.analyses.model_frame import finest
from casearc.analyses.robustness import otherwise_findings
from casearc.findings import Body, Finding, Interval
from casearc.statistics.linear import linear
from casearc.statistics.mixed import mixed, mixed_contrast
from casearc.study import explain
from casearc.tables import Tables
from people import CAST, PLAN, by_id, cast, parsed, rows, said, study

HEAD = CAST.strip().splitlines()[:2]
SITES = 8
INTERCEPTS = PLAN.replace(
    'adjust_for = ["level@six_months"]',
    'adjust_for = ["level@six_months"]\ncluster = "site"\ncluster_method = "random-intercept"',
)
MINUTES = PLAN.replace('measure = "months_served"', 'measure = "amount"')
AS_RATE = "As planned, the dose as a rate a month of time in service"


def people(*, alike: float, seed: int = 12) -> str:
    """The more `alike`, the more of later support is the site's own."""
    rng = np.random.default_rng(seed)
    own = rng.normal(0.0, alike, SITES)
    lines = []
    for i in range(48):
        six = float(np.clip(4 + rng.normal(0, 0.8), 1, 7))
        later = float(np.clip(six + own[i % SITES] + rng.normal(0.2, 0.6), 1, 7))
        scores = " ".join(f"{round(12 * value) / 12:.4f}" for value in (4.0, six, later))
        lines.append(f"P{i:02} | 15 | girl | site{i % SITES} | {scores} | c c c | {int(rng.integers(0, 170))} |")
    return "\n".join([*HEAD, *lines])


def model_of(data: StudyData) -> Finding:
    return by_id(dose_response_findings(data))["dose_response.by_months"]


def intercepts(body: Body) -> dict[str, list[object]]:
    return rows(body, "model_by_months-fit")


def test_coefficients_errors_and_limits_are_those_of_the_mixed_model() -> None:
    data = study(INTERCEPTS, cast(people(alike=0.8)))
    frame = finest(data, data.plan.models[0])
    by_hand = mixed(frame.design, frame.outcome, groups=frame.clusters, terms=["a", "b", "c"])
    body = model_of(data).bodies[0]
    b, (low, high), se, t, p, _ = rows(body, "model_by_months")["Months of service"]
    assert [b, low, high] == [by_hand.coefficients[1], by_hand.low[1], by_hand.high[1]]
    assert [se, t, p] == [by_hand.standard_errors[1], by_hand.t[1], by_hand.p[1]]
    assert by_hand.df_method == "kenward-roger"
    assert intercepts(body)["SD between sites"] == [by_hand.random_sds[0]]
    assert intercepts(body)["SD within a site"] == [by_hand.residual_sd]
    assert f"two people of one site correlate {by_hand.icc}" in said(body)[-1]
    assert [(test.p, test.confirmatory) for test in body.tests] == [(by_hand.p[1], True)]


def test_the_line_is_drawn_with_the_mixed_model_s_limits() -> None:
    data = study(INTERCEPTS, cast(people(alike=0.8)))
    frame = finest(data, data.plan.models[0])
    by_hand = mixed(frame.design, frame.outcome, groups=frame.clusters, terms=["a", "b", "c"])
    drawn = model_of(data).bodies[0].figures[-1].drawing.curves[0]
    at = [[1.0, drawn.x[0], frame.design[:, 2].mean()]]
    expected = mixed_contrast(by_hand, at)
    assert (drawn.y[0], drawn.low[0]) == (pytest.approx(expected.estimate[0]), pytest.approx(expected.low[0]))


def test_sites_that_do_not_differ_are_told_so() -> None:
    body = model_of(study(INTERCEPTS, cast(people(alike=0.0)))).bodies[0]
    assert intercepts(body)["SD between sites"] == [0.0]
    assert said(body)[-1].endswith("people of one site were no more alike than others.")


def test_one_site_alone_carries_no_intercepts() -> None:
    tables = cast(people(alike=0.8))
    one = replace(tables, enrollments=tables.enrollments.with_columns(site=pl.lit("only")))
    finding = model_of(study(INTERCEPTS, one))
    assert finding.bodies == ()
    assert "cannot carry this model" in finding.refusal
    assert not any(character.isdigit() for character in finding.refusal)


def test_clustered_errors_stand_beside_the_intercepts() -> None:
    data = study(INTERCEPTS, cast(people(alike=0.8)))
    frame = finest(data, data.plan.models[0])
    by_hand = linear(frame.design, frame.outcome, terms=["a", "b", "c"], covariance="CR2", clusters=frame.clusters)
    body = by_id(otherwise_findings(data))["robustness.otherwise.by_months"].bodies[0]
    told = rows(body, "otherwise_by_months")
    assert told["As planned"][0] == rows(model_of(data).bodies[0], "model_by_months")["Months of service"][0]
    assert told["Least squares with clustered errors (CR2)"][::2] == [by_hand.coefficients[1], by_hand.p[1]]


def test_the_plan_says_the_intercepts_back() -> None:
    assert any("with an intercept for each site and Kenward" in sentence for sentence in explain(parsed(INTERCEPTS)))


def stays(exit_days: list[int | None]) -> Tables:
    """Contacts of 10 to 58 minutes, and who left when."""
    tables = cast(people(alike=0.0))
    column = pl.Series("exit_day", exit_days, dtype=pl.Int64)
    minutes = pl.Series("minutes", [10.0 + 7 * i % 49 for i in range(tables.contacts.height)])
    return replace(
        tables,
        enrollments=tables.enrollments.with_columns(column),
        contacts=tables.contacts.with_columns(minutes),
    )


def asked(data: StudyData) -> Body:
    return by_id(otherwise_findings(data))["robustness.otherwise.by_months"].bodies[0]


EXITS = [None if i % 3 else 60 + 2 * i for i in range(48)]


def test_minutes_of_contact_stand_as_a_rate_of_months_in_service_too() -> None:
    """The window is 180 days; who left earlier was in service until then."""
    data = study(MINUTES, stays(EXITS))
    frame = finest(data, data.plan.models[0])
    months = np.array([180 if day is None else day for day in EXITS]) / 30.4375
    design = frame.design.copy()
    design[:, 1] = design[:, 1] / months * months.mean()
    by_hand = linear(design, frame.outcome, terms=["a", "b", "c"])
    body = asked(data)
    estimate, (low, high), p = rows(body, "otherwise_by_months")[AS_RATE]
    assert [estimate, low, high] == pytest.approx([by_hand.coefficients[1], by_hand.low[1], by_hand.high[1]])
    assert p == pytest.approx(by_hand.p[1])
    note = body.tables[0].notes[-1]
    assert note.slots["months"].value == pytest.approx(months.mean())
    assert p in [test.p for test in body.tests]


def test_where_everybody_stayed_as_long_a_rate_says_the_same() -> None:
    table = rows(asked(study(MINUTES, stays([None] * 48))), "otherwise_by_months")
    assert table[AS_RATE][0] == pytest.approx(table["As planned"][0])


def test_months_are_no_total_and_have_no_rate() -> None:
    assert AS_RATE not in rows(asked(study(PLAN, cast(people(alike=0.0)))), "otherwise_by_months")


def test_who_left_on_the_first_day_has_no_rate_and_none_is_shown() -> None:
    body = asked(study(MINUTES, stays([0, *EXITS[1:]])))
    assert AS_RATE not in rows(body, "otherwise_by_months")
    assert "it is not shown" in body.tables[0].notes[-1].template


def test_every_p_of_the_table_but_the_planned_one_is_handed_up() -> None:
    body = asked(study(MINUTES, stays(EXITS)))
    printed = [p for how, (_, _, p) in rows(body, "otherwise_by_months").items() if how != "As planned"]
    assert [test.p for test in body.tests] == [p for p in printed if p is not None]
    assert all(isinstance(row.cells[2], Interval) for row in body.tables[0].rows)
