"""Promises that hold for any data: the window is all that counts, and windows add up."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casearc.dose import DoseDefinition, deliver
from casearc.dose.definitions import DoseMeasure, DoseTable
from casearc.tables import Tables

START, END = -10, 180
PEOPLE = ["e1", "e2"]
MEASURES = ["months_served", "frequency", "amount", "breadth", "count", "days"]
DAYS = pl.DataFrame({"enrollment_id": PEOPLE, "intake": [START, START], "later": [END, END]})

one_contact = st.fixed_dictionaries(
    {
        "enrollment_id": st.sampled_from(PEOPLE),
        "day": st.integers(START - 40, END + 40),
        "contact_type": st.sampled_from(["client", "caregiver", "joint"]),
        "outcome": st.sampled_from(["completed", "attempted"]),
        "minutes": st.none() | st.integers(0, 600).map(float),
    }
)
SCHEMA = {
    "enrollment_id": pl.String,
    "day": pl.Int64,
    "contact_type": pl.String,
    "outcome": pl.String,
    "minutes": pl.Float64,
}


def doses_of(contacts, *definitions):
    tables = Tables.of(contacts=pl.DataFrame(contacts, schema=SCHEMA))
    return deliver(tables, definitions, DAYS).frame


def definition(measure, **changes):
    base = DoseDefinition(
        id=measure, table=DoseTable.CONTACTS, measure=DoseMeasure(measure), start="intake", end="later"
    )
    return replace(base, **changes)


@given(st.lists(one_contact, max_size=20), st.lists(one_contact, max_size=10))
def test_contacts_outside_the_window_never_change_a_dose(contacts, more):
    outside = [each for each in more if not START <= each["day"] < END]
    doses = [definition(measure) for measure in MEASURES]
    assert doses_of(contacts, *doses).equals(doses_of(contacts + outside, *doses))


@given(st.lists(one_contact, max_size=20), st.integers(START + 1, END - 1))
def test_a_window_cut_in_two_adds_up(contacts, cut):
    known = [each | {"minutes": each["minutes"] or 0.0} for each in contacts]
    for measure in ("count", "days", "amount"):
        whole = definition(measure)
        halves = (replace(whole, id="first", end=cut), replace(whole, id="second", start=cut))
        frame = doses_of(known, whole, *halves)
        assert frame[measure].to_list() == pytest.approx((frame["first"] + frame["second"]).to_list())


@given(st.lists(one_contact, max_size=20))
def test_every_record_counted_is_accounted_for(contacts):
    tables = Tables.of(contacts=pl.DataFrame(contacts, schema=SCHEMA))
    result = deliver(tables, [definition("count")], DAYS)
    (where,) = result.outside
    assert where.inside == result.frame["count"].sum()
    assert where.inside + where.outside == sum(each["outcome"] == "completed" for each in contacts)


@given(st.lists(one_contact, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(contacts, random):
    shuffled = list(contacts)
    random.shuffle(shuffled)
    doses = [definition(measure) for measure in MEASURES]
    assert doses_of(contacts, *doses).equals(doses_of(shuffled, *doses))
