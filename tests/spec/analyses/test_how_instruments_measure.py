"""Promise: what is said of an instrument beside alpha is what each estimator says of the complete answers, or a blank.

Programs are made up; the answers are laid out here once more, one row a person, from the rows of `responses`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest

from casearc.analyses import StudyData, prepare
from casearc.analyses.instrument_quality import instrument_findings
from casearc.disclosure.structure import true_counts
from casearc.findings import Body, Number, Quantity, Sentence, Threat, Verdict
from casearc.psychometrics import (
    cronbach_alpha,
    omega_total,
    one_factor,
    retest_reliability,
    standard_error_of_measurement,
)
from casearc.study import parse_plan, template_plan
from casearc.synthetic import make_program
from casearc.tables import Tables
from people import by_id, rows, said

PLAN = template_plan()
PLAIN = PLAN.replace("bootstrap = 2000", "bootstrap = 0")
DOUBLE = PLAIN.replace('design = "pretest-posttest"', 'design = "double-pretest"')
FAMILY = "Support from family"
TOTAL = "Perceived social support, total"


@cache
def made(participants: int = 70) -> Tables:
    return Tables.of(**make_program(participants=participants, seed=5).tables)


def served_from(day: int, tables: Tables) -> Tables:
    return replace(tables, enrollments=tables.enrollments.with_columns(first_service_day=pl.lit(day)))


def prepared(plan: str = PLAIN, tables: Tables | None = None) -> StudyData:
    return prepare(parse_plan(plan), made() if tables is None else tables, threshold=11)


def bodies(data: StudyData, instrument: str = "mspss") -> tuple[Body, ...]:
    return by_id(instrument_findings(data))[f"instruments.{instrument}"].bodies


def complete(data: StudyData, items: tuple[int, ...], *, wave: str = "intake") -> np.ndarray:
    """Answers to these items of the MSPSS, of those who gave all of them."""
    used = data.assignment.frame.filter(wave=wave, instrument="mspss").select("administration_id")
    given = data.tables.responses.join(used, on="administration_id", how="semi")
    wide = given.pivot(on="item", index="administration_id", values="response")
    return wide.select(f"mspss_{item}" for item in items).drop_nulls().cast(pl.Float64).to_numpy()


FAMILY_ITEMS = (3, 4, 8, 11)
ALL_ITEMS = tuple(range(1, 13))


def test_omega_error_and_correlations_by_hand() -> None:
    data = prepared()
    items = complete(data, FAMILY_ITEMS)
    omega, alpha = omega_total(items), cronbach_alpha(items, interval="jackknife")
    r = np.corrcoef(items, rowvar=False)
    error = standard_error_of_measurement(items.mean(axis=1).std(ddof=1), alpha.alpha)
    body = bodies(data)[0]
    n, *told = rows(body, "consistency_mspss")[FAMILY]
    assert n == len(items)
    assert told[0] == pytest.approx(omega.omega)
    assert told[1] == pytest.approx((omega.low, omega.high))
    assert told[2] == pytest.approx((alpha.low, alpha.high))
    assert told[3] == pytest.approx((r.sum() - 4) / 12)
    assert told[4] == pytest.approx(error.sem)


def test_the_plan_s_bootstrap_makes_the_interval_of_alpha() -> None:
    data = prepared(PLAN.replace("bootstrap = 2000", "bootstrap = 500"))
    by_hand = cronbach_alpha(complete(data, FAMILY_ITEMS), interval="BCa", draws=500, rng_or_seed=data.plan.seed)
    told = rows(bodies(data)[0], "consistency_mspss")[FAMILY][3]
    assert told == pytest.approx((by_hand.low, by_hand.high), abs=0.02)  # the order of people decides who is drawn
    assert told != pytest.approx(rows(bodies(prepared())[0], "consistency_mspss")[FAMILY][3])


def test_people_are_drawn_within_their_site_where_a_model_s_cluster_is_one() -> None:
    """A person without a site is no reason to give up the interval."""
    plan = PLAN.replace("bootstrap = 2000", "bootstrap = 500")
    within = plan.replace('label = "months of service and later coping"', 'label = "months"\ncluster = "site"')
    told = [rows(bodies(prepared(each))[0], "consistency_mspss")[FAMILY][3] for each in (plan, within)]
    assert told[0] != told[1]
    assert told[0] == pytest.approx(told[1], abs=0.05)


def test_one_factor_by_hand_with_its_test_among_all_tests() -> None:
    data = prepared()
    by_hand = one_factor(complete(data, FAMILY_ITEMS))
    body = bodies(data)[0]
    _, p, cfi, tli, rmsea, limits, srmr = rows(body, "one_factor_mspss")[FAMILY]
    assert [p, cfi, tli, rmsea, srmr] == pytest.approx(
        [by_hand.p, by_hand.cfi, by_hand.tli, by_hand.rmsea, by_hand.srmr]
    )
    assert limits == pytest.approx((by_hand.rmsea_low, by_hand.rmsea_high))
    table = next(each for each in body.tables if each.id == "one_factor_mspss")
    cell = next(row.cells[1] for row in table.rows if row.cells[0].text == FAMILY)
    assert isinstance(cell, Sentence)
    assert {name: slot.value for name, slot in cell.slots.items()} == pytest.approx({"chi2": by_hand.chi2, "df": 2})
    assert p in [test.p for test in body.tests]


def test_fewer_than_five_people_an_item_have_no_factor_and_are_told_so() -> None:
    """Some fifty people answered all twelve items: too few for those, enough for four."""
    body = bodies(prepared())[0]
    assert len(complete(prepared(), ALL_ITEMS)) < 60
    told = rows(body, "one_factor_mspss")
    assert told[TOTAL] == [None] * 7
    assert None not in told[FAMILY][1:]
    notes = next(each for each in body.tables if each.id == "one_factor_mspss").notes
    assert notes[-1].template.startswith("Blank: fewer than five people an item")
    assert TOTAL not in " ".join(test.label for test in body.tests)


def test_the_fit_of_one_factor_is_not_in_the_coarser_body() -> None:
    fine, coarse = bodies(prepared())
    assert "one_factor_mspss" in [table.id for table in fine.tables]
    assert "one_factor_mspss" not in [table.id for table in coarse.tables]
    assert not coarse.tests


def test_items_answered_alike_by_everybody_leave_blanks_and_break_nothing() -> None:
    tables = made()
    flat = pl.col("item").is_in([f"mspss_{item}" for item in FAMILY_ITEMS]) & pl.col("response").is_not_null()
    given = tables.responses.with_columns(response=pl.when(flat).then(4.0).otherwise("response"))
    alike = replace(tables, responses=given)
    body = bodies(prepared(tables=alike))[0]
    assert rows(body, "consistency_mspss")[FAMILY][1:] == [None] * 5
    assert rows(body, "one_factor_mspss")[FAMILY] == [None] * 7
    notes = next(each for each in body.tables if each.id == "consistency_mspss").notes
    assert notes[-1].template.startswith("ω is left out")


def pair(data: StudyData) -> tuple[np.ndarray, np.ndarray]:
    both = data.people.select("mspss_family@intake", "mspss_family@six_months").drop_nulls().to_numpy()
    return both[:, 0], both[:, 1]


def twice(body: Body) -> dict[str, list[object]]:
    """The rows of one score, by the kind of likeness."""
    table = next(each for each in body.tables if each.id == "twice_mspss")
    at = next(i for i, row in enumerate(table.rows) if row.heading and row.cells[0].text == FAMILY)
    return rows(body, replace(table, rows=table.rows[at + 1 : at + 4]))


def test_two_pretests_by_hand() -> None:
    data = prepared(DOUBLE, served_from(300, made()))
    first, second = pair(data)
    told = twice(bodies(data)[0])
    for name, kind in (
        ("Correlation", "pearson"),
        ("Consistency, ICC(C,1)", "consistency"),
        ("Agreement, ICC(A,1)", "agreement"),
    ):
        by_hand = retest_reliability(first, second, kind=kind)
        n, estimate, limits, sem, sem_limits = told[name]
        assert n == by_hand.n
        assert estimate == pytest.approx(by_hand.reliability)
        assert limits == pytest.approx((by_hand.low, by_hand.high))
        assert sem == (None if kind == "pearson" else pytest.approx(by_hand.sem))
        assert (sem_limits is not None) is (kind == "consistency")


def test_who_was_served_between_the_pretests_is_not_measured_twice_before_service() -> None:
    tables = made()
    early = pl.when(pl.col("enrollment_id").is_in(tables.enrollments["enrollment_id"][:20].implode())).then(30)
    some = tables.enrollments.with_columns(first_service_day=early.otherwise(300))
    everybody = prepared(DOUBLE, served_from(300, made()))
    data = prepared(DOUBLE, replace(tables, enrollments=some))
    whole, fewer = (twice(bodies(each)[0])["Correlation"][0] for each in (everybody, data))
    assert 0 < fewer < whole
    body = bodies(data)[0]
    key = next(key for key in body.bases if key.endswith("not served early") and "mspss_family" in key)
    assert body.counts[key] == fewer


def test_counts_of_both_bodies_hang_together() -> None:
    tables = made()
    half = pl.when(pl.int_range(pl.len()) % 3 == 0).then(30).otherwise(300)
    data = prepared(DOUBLE, replace(tables, enrollments=tables.enrollments.with_columns(first_service_day=half)))
    assert true_counts(list(instrument_findings(data)))


def test_stability_is_evidence_about_measurement_and_low_stability_no_proof() -> None:
    data = prepared(DOUBLE, served_from(300, made()))
    body = bodies(data)[0]
    found = [each for each in body.evidence if "measured twice" in each.said.template]
    assert [each.threat for each in found] == [Threat.MEASUREMENT]
    icc = found[0].said.slots["icc"]
    assert isinstance(icc, Number)
    assert found[0].verdict is (Verdict.WEAKENED if icc.value >= 0.7 else Verdict.OPEN)
    assert any(sentence.startswith("Multidimensional") for sentence in said(body))


def test_one_pretest_says_nothing_of_measuring_twice() -> None:
    assert "twice_mspss" not in [table.id for body in bodies(prepared()) for table in body.tables]


def test_nobody_unserved_with_both_pretests_is_told() -> None:
    body = bodies(prepared(DOUBLE, served_from(0, made())))[0]
    assert "twice_mspss" not in [table.id for table in body.tables]
    assert any(sentence.startswith("Too few people have both pretests") for sentence in said(body))


def test_what_tells_n_is_no_statistic_for_outside() -> None:
    """The df of one factor come of the number of items, so they rest on nobody."""
    body = bodies(prepared())[0]
    table = next(each for each in body.tables if each.id == "one_factor_mspss")
    df = [row.cells[1].slots["df"] for row in table.rows if isinstance(row.cells[1], Sentence)]
    assert all(cell.rests_on is None and cell.quantity is Quantity.LEVEL for cell in df)
