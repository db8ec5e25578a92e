"""Promise: reliable change is counted by four methods on one error source, the best that is known, and names it.

Support from intake to twelve months; the published retest correlation of the MSPSS is .85.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from casearc.analyses.change import change_findings
from casearc.analyses.change.criterion import criterion_of
from casearc.change import ReliableChangeMethod, reliable_changes
from casearc.disclosure.structure import true_counts
from casearc.findings import Body, Finding
from casearc.psychometrics import retest_reliability
from casearc.tables import Tables
from people import CAST, PLAN, by_id, cast, rows, study

BEFORE = np.array([4.0, 3.0, 5.0, 2.0, 6.0, 4.0, 3.5, 5.0, 4.0])
AFTER = np.array([5.0, 4.0, 5.5, 4.0, 6.0, 3.0, 5.5, 6.5, 4.5])
AUTHORS = {
    "Jacobson and Truax": ReliableChangeMethod.JACOBSON_TRUAX,
    "Edwards and Nunnally": ReliableChangeMethod.EDWARDS_NUNNALLY,
    "Hageman and Arrindell": ReliableChangeMethod.HAGEMAN_ARRINDELL,
    "Gulliksen, Lord and Novick": ReliableChangeMethod.GULLIKSEN_LORD_NOVICK,
}
DOUBLE = PLAN.replace('design = "pretest-posttest"', 'design = "double-pretest"')
SHORT = DOUBLE.replace("target_day = 180\nwindow = [-30, 45]", "target_day = 92\nwindow = [-30, 120]")


def served_on(day: int, text: str = CAST) -> Tables:
    """The people of `text`, all served from this day on."""
    tables = cast(text)
    return replace(tables, enrollments=tables.enrollments.with_columns(first_service_day=pl.lit(day, dtype=pl.Int64)))


def support(plan: str = PLAN, text: str = CAST, *, served: int = 0) -> Finding:
    return by_id(change_findings(study(plan, served_on(served, text))))["change.support"]


def many(noise: float, *, people: int = 40) -> str:
    """Scores at two pretests that differ by `noise` from person to person, then half a point up."""
    lines = CAST.strip().splitlines()[:2]
    for i in range(people):
        first = 2.0 + (i % 8) * 0.5
        second = first + noise * (-1) ** (i // 8)
        lines.append(f"P{i:02} | 14 | girl | north | {first} {second} {second + (i % 3) * 0.5} | p p p | 200 |")
    return "\n".join(lines)


def notes(body: Body) -> list[str]:
    return [note.template for table in body.tables if table.id.endswith("-methods") for note in table.notes]


@pytest.mark.parametrize("author", AUTHORS)
@pytest.mark.parametrize("direction", ["higher", "lower"])
def test_counts_by_each_method(author: str, direction: str) -> None:
    body = support(PLAN.replace('direction = "higher"', f'direction = "{direction}"')).bodies[0]
    by_hand = reliable_changes(BEFORE, AFTER, reliability=0.85, method=AUTHORS[author], direction=direction)
    counted = rows(body, "reliable_change_support-methods")[author]
    assert counted == [by_hand.worse, by_hand.same, by_hand.better]
    assert sum(counted) == 9


def test_a_score_without_a_good_side_is_counted_lower_and_higher() -> None:
    body = support(PLAN.replace('direction = "higher"', 'direction = "none"')).bodies[0]
    table = next(each for each in body.tables if each.id == "reliable_change_support-methods")
    assert [column.label for column in table.columns] == ["Method", "Lower", "No reliable change", "Higher"]


@pytest.mark.parametrize("direction", ["higher", "lower", "none"])
def test_counts_add_up_with_the_groups_and_with_who_rose_and_fell(direction: str) -> None:
    finding = support(PLAN.replace('direction = "higher"', f'direction = "{direction}"'))
    assert true_counts([finding])
    moved = "rose" if direction == "lower" else "fell"
    whole = "paired[mspss_total@intake,twelve_months]"
    tied = [p.parts for p in finding.bodies[0].partitions if p.whole == f"{whole}:{moved}"]
    assert tied == [tuple(f"{whole}:change:{i}" for i in range(3))]


def test_a_method_that_declines_leaves_its_row_blank_and_says_why() -> None:
    """Changes of a tenth of a point vary less than measurement error makes them."""
    rest = [
        f"P{i:02} | 14 | girl | north | {x} {x} {x + (i % 2) / 12} | p p p | 30 |" for i, x in enumerate(range(2, 7))
    ]
    body = support(text="\n".join([*CAST.strip().splitlines()[:2], *rest])).bodies[0]
    assert rows(body, "reliable_change_support-methods")["Hageman and Arrindell"] == [None, None, None]
    assert any(note.startswith("Hageman and Arrindell could not be computed") for note in notes(body))
    sentence = next(each for each in body.sentences if "depends on the method" in each.template)
    assert "Hageman" not in sentence.template


def test_the_error_source_is_named_with_its_reason() -> None:
    told = notes(support().bodies[0])
    assert "All rest on the published retest correlation and this program's own SD at intake:" in told[1]
    assert told[2].startswith("A retest correlation is preferred to alpha")


def test_two_pretests_close_to_each_other_give_the_retest_correlation_for_headline_and_methods_alike() -> None:
    data = study(SHORT, served_on(200, many(0.5)))
    outcome = data.plan.outcome("support")
    people = data.people
    first, second, last = (people[f"mspss_total@{w}"].to_numpy() for w in ("intake", "six_months", "twelve_months"))
    own = retest_reliability(first, second).reliability
    criterion = criterion_of(data, outcome, first, "intake")
    assert criterion is not None
    assert criterion.reliable.criterion == pytest.approx(1.96 * np.sqrt(2) * np.std(first, ddof=1) * np.sqrt(1 - own))
    body = support(SHORT, many(0.5), served=200).bodies[0]
    by_hand = reliable_changes(first, last, reliability=own)
    assert rows(body, "reliable_change_support-methods")["Jacobson and Truax"] == [
        by_hand.worse,
        by_hand.same,
        by_hand.better,
    ]
    assert "this program's own retest correlation and this program's own SD" in notes(body)[1]


@pytest.mark.parametrize(
    ("plan", "text", "served", "reason"),
    [
        (DOUBLE, many(0.5), 200, "they lie more than {days} days apart"),
        (SHORT, many(1.0, people=16), 200, "its interval is wider than {widest}"),
        (SHORT, many(0.0), 200, "it could not be computed"),  # all scores the same: no error to tell of
        (SHORT, many(0.5), 0, "it could not be computed"),  # everybody served between the pretests
    ],
)
def test_pretests_that_say_too_little_of_error_are_passed_over_and_that_is_said(
    plan: str, text: str, served: int, reason: str
) -> None:
    told = notes(support(plan, text, served=served).bodies[0])
    assert any("the published retest correlation" in note for note in told)
    assert any(reason in note for note in told)
