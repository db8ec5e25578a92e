"""Promise: beside the tests of change stands how large it is, each size as its estimator gives it for the same people.

Support from intake to twelve months, of nine people: 1, 1, .5, 2, 0, -1, 2, 1.5, .5.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from casearc.analyses.change import change_findings
from casearc.findings import Body, Role, TestRun, Threat, Verdict
from casearc.statistics.estimates import EstimateInterval
from casearc.statistics.paired import (
    cohen_d_av,
    cohen_dz,
    hodges_lehmann,
    rank_biserial,
    sign_test,
    wilcoxon_signed_rank,
)
from casearc.statistics.resampling import bootstrap
from people import CAST, PLAN, by_id, cast, plain, rows, said, study

BEFORE = np.array([4.0, 3.0, 5.0, 2.0, 6.0, 4.0, 3.5, 5.0, 4.0])
AFTER = np.array([5.0, 4.0, 5.5, 4.0, 6.0, 3.0, 5.5, 6.5, 4.5])
SITES = ["north", "north", "south", "south", "north", "south", "north", "south", "south"]
WHOLE = "intake to twelve months"
PAIRED = "paired[mspss_total@intake,twelve_months]"
DRAWN = PLAN + "\n[inference]\nbootstrap = 500\n"


def told(plan: str = PLAN, text: str = CAST) -> tuple[Body, ...]:
    return by_id(change_findings(study(plan, cast(text))))["change.support"].bodies


def sizes(body: Body, between: str) -> dict[str, list[object]]:
    table = next(table for table in body.tables if table.id == "change_support-size")
    cells = [[plain(body, cell) for cell in row.cells] for row in table.rows]
    return {str(name): rest for interval, name, *rest in cells if interval == between}


def notes(body: Body, name: str) -> list[str]:
    return [note.template for table in body.tables if table.id == name for note in table.notes]


@pytest.mark.parametrize(
    ("name", "estimator"),
    [
        ("d_z", lambda: cohen_dz(AFTER - BEFORE)),
        ("d_av", lambda: cohen_d_av(BEFORE, AFTER)),
        ("Rank-biserial", lambda: rank_biserial(AFTER - BEFORE)),
        ("Typical change", lambda: hodges_lehmann(AFTER - BEFORE)),
    ],
)
def test_each_size_is_that_of_its_estimator(name: str, estimator: Callable[[], EstimateInterval]) -> None:
    found = estimator()
    estimate, interval = sizes(told()[0], WHOLE)[name]
    assert estimate == pytest.approx(found.estimate)
    assert interval == pytest.approx((found.low, found.high))


def test_the_size_is_said_in_words_in_every_body() -> None:
    for body in told():
        sentence = next(text for text in said(body) if "(d_av)" in text)
        assert sentence.startswith(f"From {WHOLE}, the mean moved by 0.7254")


@pytest.mark.parametrize("cluster", ["", '\ncluster = "site"'])
@pytest.mark.parametrize(("column", "method"), [(2, "percentile"), (3, "BCa")])
def test_bootstrap_limits_draw_people_within_their_site_where_the_plan_knows_sites(
    cluster: str, column: int, method: str
) -> None:
    plan = DRAWN.replace('family = "confirmatory"', f'family = "confirmatory"{cluster}')
    change = AFTER - BEFORE
    by_hand = bootstrap(
        lambda w: w @ change / w.sum(axis=1),
        9,
        draws=500,
        rng_or_seed=1,
        strata=SITES if cluster else None,
        method=method,
        expanded=True,
    )
    body = told(plan)[-1]
    cells = rows(body, "change_support-bootstrap")[WHOLE]
    assert cells[0] == pytest.approx(7.5 / 9)
    assert cells[column] == pytest.approx((by_hand.low[0], by_hand.high[0]))
    assert ("within their site" in notes(body, "change_support-bootstrap")[0]) is bool(cluster)


def test_without_draws_in_the_plan_there_is_no_such_table() -> None:
    assert not any(table.id.endswith("-bootstrap") for body in told() for table in body.tables)


def test_what_cannot_be_computed_is_blank_and_said() -> None:
    """Everybody half a point up: no spread of changes, and nobody went down."""
    same = [
        f"P{i:02} | 14 | girl | north | {x} {x + 0.5} {x + 1} | p p p | 30 |" for i, x in enumerate((2.0, 3.0, 4.5))
    ]
    body = told(DRAWN, "\n".join([*CAST.strip().splitlines()[:2], *same]))[0]
    found = sizes(body, "intake to six months")
    assert found["d_av"][0] == pytest.approx(0.5 / np.std([2.0, 3.0, 4.5], ddof=1))
    assert found["d_z"] == found["Rank-biserial"] == found["Typical change"] == [None, None]
    missing = (
        "Intake to six months: d_z and the rank-biserial correlation and the typical change could not be computed."
    )
    assert any(note.startswith(missing) for note in notes(body, "change_support-size"))
    assert rows(body, "change_support-bootstrap")["intake to six months"] == [0.5, None, None, None]
    assert any(
        "the bootstrap intervals could not be computed" in note for note in notes(body, "change_support-bootstrap")
    )


def test_people_too_few_or_too_alike_are_not_drawn_anew() -> None:
    for people, each in ((4, 0.25), (6, 0.0)):
        lines = [f"P{i} | 14 | girl | north | 4.0 {4.5 + i * each} 5.0 | p c a | 30 |" for i in range(people)]
        body = told(DRAWN, "\n".join([*CAST.strip().splitlines()[:2], *lines]))[0]
        assert rows(body, "change_support-bootstrap")["intake to six months"][2:] == [None, None]


def test_who_rose_and_fell_and_the_tests_of_it() -> None:
    cells = rows(told()[0], "change_support-direction")[WHOLE]
    assert cells[:3] == [7, 1, 1]
    assert cells[3] == sign_test(AFTER - BEFORE).p == pytest.approx(2 * 9 / 256)
    assert cells[4] == wilcoxon_signed_rank(AFTER - BEFORE, zeros="pratt").p


def test_rose_and_fell_stay_out_of_coarser_bodies_and_so_do_their_tests() -> None:
    for body in told()[1:]:
        assert not any(table.id.endswith(("-direction", "-methods")) for table in body.tables)
        assert not any(key.endswith((":rose", ":fell", ":unchanged")) for key in body.counts)
        assert not any(test.id.endswith((".sign", ".pratt")) for test in body.tests)


def test_nobody_changed_is_counted_and_not_tested() -> None:
    still = [f"P{i:02} | 14 | girl | north | {x} {x} {x} | p p p | 30 |" for i, x in enumerate((2.0, 3.0, 4.5))]
    body = told(text="\n".join([*CAST.strip().splitlines()[:2], *still]))[0]
    assert rows(body, "change_support-direction")[WHOLE] == [0, 0, 3, None, None]
    assert f"{WHOLE.capitalize()} could not be tested: it needs people whose score changed." in notes(
        body, "change_support-direction"
    )


def test_every_p_that_is_printed_is_handed_up() -> None:
    tests = {test.id: test for test in told()[0].tests}
    of_whole = {name.rsplit(".", 1)[1]: test for name, test in tests.items() if ".intake.twelve_months." in name}
    assert list(of_whole) == ["paired_t", "signed_rank", "sign", "pratt"]
    assert of_whole["sign"].p == sign_test(AFTER - BEFORE).p
    assert [name for name, test in tests.items() if test.confirmatory] == [
        "change.support.intake.twelve_months.paired_t"
    ]


def test_a_p_that_follows_from_counts_leaves_only_where_they_are_large_enough() -> None:
    def of(name: str) -> TestRun:
        return next(test for test in told()[0].tests if test.id == f"change.support.intake.twelve_months.{name}")

    for name in ("sign", "pratt"):
        assert of(name).role is Role.EXPLORATORY
        assert of(name).supports == {f"{PAIRED}:rose", f"{PAIRED}:fell", f"{PAIRED}:unchanged"}
    assert not of("signed_rank").supports


def test_where_t_and_ranks_part_the_conclusion_hangs_on_the_shape_of_changes() -> None:
    """Of the cast t gives .041 and ranks .055."""
    (evidence,) = told()[0].evidence
    assert (evidence.threat, evidence.verdict) == (Threat.FORM, Verdict.OPEN)
    lenient = told(PLAN + "\n[inference]\nalpha = 0.1\n")[0].evidence[0]
    assert lenient.verdict is Verdict.CLEAR
