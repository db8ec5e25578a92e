"""Promise: what was delivered is what the records say; minutes nobody wrote down are not zero minutes."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from casearc.analyses.dose_delivered import dose_findings
from casearc.analyses.model_frame import exclusions
from casearc.findings import Body
from casearc.tables import Tables
from people import CAST, PLAN, by_id, cast, rows, said, study

MINUTES = PLAN.replace('measure = "months_served"', 'measure = "amount"')


def _contacts(**columns: pl.Expr) -> Tables:
    tables = cast()
    return replace(tables, contacts=tables.contacts.with_columns(**columns))


def test_months_by_hand() -> None:
    """Ten people with a window: 30, 60, 90, 120, 30, 0, 150, 120, 60 and 60 days between first and last contact."""
    body = by_id(dose_findings(study()))["dose.delivered"].bodies[0]
    window, n, mean, _, median, low, high = rows(body, "dose")["Months of service"]
    assert (window, n) == ("Intake to before six months", 10)
    assert [mean, median, low, high] == [pytest.approx(days / 30.4375) for days in (72, 60, 0, 150)]


def test_records_by_where_they_lie() -> None:
    """P10 never came to six months and P11 missed intake, so their two contacts each have no window."""
    body = by_id(dose_findings(study()))["dose.delivered"].bodies[0]
    assert rows(body, "dose_outside")["Months of service"] == ["contacts", 0, 19, 0, 4]
    assert body.counts["not_dosed[months]:no_window"] == 2


def test_attempts_stand_apart_and_unknown_minutes_are_not_zero() -> None:
    first = pl.col("contact_id").str.ends_with(".0")
    tables = _contacts(
        minutes=pl.when(first).then(pl.col("minutes")),
        outcome=pl.when(pl.col("enrollment_id") == "P08").then(pl.lit("attempted")).otherwise("outcome"),
    )
    body = by_id(dose_findings(study(tables=tables)))["dose.contacts"].bodies[0]
    assert rows(body, "contacts")["Client"] == [21, 2, 30.0]  # not 30 * 11 / 21
    assert said(body) == [
        "21 contacts were completed and 2 attempted; of the completed ones, 10 have no minutes recorded, which is not "
        "zero minutes."
    ]


def test_mean_minutes_rest_on_those_whose_minutes_are_known() -> None:
    """Twelve people had such contacts; the mean is of two of them, which is what must be large enough to be shown."""
    tables = _contacts(minutes=pl.when(pl.col("enrollment_id").is_in(["P01", "P02"])).then(30.0))
    body = by_id(dose_findings(study(tables=tables)))["dose.contacts"].bodies[0]
    (number,) = [cell for cell in body.tables[0].rows[0].cells if hasattr(cell, "rests_on")]
    assert body.counts[number.rests_on] == 2  # type: ignore[index]


def test_a_dose_of_unknown_minutes_is_missing_and_said_to_be() -> None:
    tables = _contacts(minutes=pl.when(pl.col("enrollment_id") != "P01").then(30.0))
    data = study(MINUTES, tables)
    body = by_id(dose_findings(data))["dose.delivered"].bodies[0]
    assert rows(body, "dose")["Months of service"][1] == 9
    assert body.counts["not_dosed[months]:all_quantities_unknown"] == 1
    assert dict(exclusions(data, data.plan.models[0]))["the dose is not known"] == 2  # P01, and P11 without a window


def test_no_contacts_at_all_is_said() -> None:
    tables = replace(cast(), contacts=cast().contacts.clear())
    assert "no contacts" in by_id(dose_findings(study(tables=tables)))["dose.contacts"].refusal


def test_without_doses_the_plan_is_told() -> None:
    plan = PLAN[: PLAN.index("[[dose]]")] + PLAN[PLAN.index("[[covariate]]") : PLAN.index("[[model]]")]
    plan += PLAN[PLAN.index("[coding]") :]
    assert "no [[dose]]" in by_id(dose_findings(study(plan, cast(CAST))))["dose.delivered"].refusal


@pytest.mark.parametrize(
    ("kinds", "types"),
    [
        ({}, {"Client": [23, 0]}),
        # one caregiver contact is one person's: it is told with the next rarest type until three people are behind it
        ({"P01.0": "caregiver"}, {"Other types": [23, 0]}),
        ({"P01.0": "caregiver", "P02.0": "joint", "P03.0": "joint"}, {"Client": [20, 0], "Other types": [3, 0]}),
        ({"P01.0": "joint", "P02.0": "joint", "P03.0": "joint"}, {"Client": [20, 0], "Joint": [3, 0]}),
        ({"P01.0": None, "P02.0": "joint", "P03.0": "joint"}, {"Client": [20, 0], "Other types": [3, 0]}),
    ],
)
def test_types_of_contact_that_few_people_had_are_told_together(
    kinds: dict[str, str | None], types: dict[str, list[int]]
) -> None:
    contacts = cast().contacts
    kind = [kinds.get(each, "client") for each in contacts["contact_id"]]
    tables = replace(cast(), contacts=contacts.with_columns(contact_type=pl.Series(kind)))
    whole, coarse, _ = by_id(dose_findings(study(tables=tables, threshold=3)))["dose.contacts"].bodies
    assert {name: cells[:2] for name, cells in rows(coarse, "contacts").items()} == types
    assert fewest_reached(coarse) >= 3
    assert (fewest_reached(whole) < 3) is ("Other types" in types)


def fewest_reached(body: Body) -> int:
    """The fewest people behind a type of contact that the body tells."""
    return min(body.counts[key] for key in body.supports if key.startswith("reached["))


def test_few_records_stay_in_the_house() -> None:
    """Two contacts are at most two people: a body that tells of two asks for support that is not there."""
    contacts = cast().contacts
    tried = pl.Series(["attempted", "attempted", *["completed"] * (contacts.height - 2)])
    tables = replace(cast(), contacts=contacts.with_columns(outcome=tried))
    whole, _, without = by_id(dose_findings(study(tables=tables, threshold=3)))["dose.contacts"].bodies
    assert whole.counts["records[attempted]"] == 2
    assert "records[attempted]" in whole.supports
    assert not [key for key in without.supports if "attempted" in key]
    assert "attempted" not in without.sentences[0].template
