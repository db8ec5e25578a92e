"""Promise: a dose counts exactly what was delivered in its window; unknown is not zero, and zero is not unknown."""

from __future__ import annotations

import pytest

from casearc.dose import DoseDefinition, deliver
from casearc.dose.definitions import DoseMeasure, DoseTable
from casearc.errors import PlanRefusedError, UsageError
from casearc.tables import Tables

MONTH = 30.4375


def dose(table, measure, *types, start="intake", end="six_months", unit=""):
    return DoseDefinition(
        id="dose",
        table=DoseTable(table),
        measure=DoseMeasure(measure),
        types=types,
        start=start,
        end=end,
        unit=unit,
    )


def delivered(definition, days, **tables):
    result = deliver(Tables.of(**tables), [definition], days)
    return dict(result.frame.rows()), result


@pytest.fixture
def days(table):
    return table("""
        enrollment_id | intake | six_months
        --------------+--------+-----------
        busy          | -10    | 180
        quiet         | 0      | 180
        absent        | 0      |
    """)


@pytest.fixture
def contacts(table):
    return table("""
        enrollment_id | day | contact_type | outcome   | minutes
        --------------+-----+--------------+-----------+--------
        busy          | -11 | client       | completed | 60
        busy          | -10 | client       | completed | 30
        busy          | 0   | caregiver    | completed |
        busy          | 0   | client       | attempted |
        busy          | 0   | client       | completed | 15
        busy          | 179 | joint        | completed | 45
        busy          | 180 | client       | completed | 60
        absent        | 5   | client       | completed | 60
        stranger      | 5   | client       | completed | 60
    """)


@pytest.mark.parametrize(
    ("measure", "types", "busy"),
    [
        # The window of `busy` runs from day -10, inclusive, to day 180, exclusive: four contacts.
        ("count", (), 4),
        ("count", ("client",), 2),
        ("count", ("joint", "caregiver"), 2),
        ("count", ("attempted",), 1),
        ("count", ("attempted", "caregiver"), 0),
        ("days", (), 3),
        ("breadth", (), 3),
        ("amount", (), 90),
        ("amount", ("client",), 45),
        ("months_served", (), 189 / MONTH),
        ("months_served", ("client",), 10 / MONTH),
        ("months_served", ("joint",), 0),
        ("frequency", (), 4 / (190 / MONTH)),
        ("frequency", ("attempted",), 1 / (190 / MONTH)),
    ],
)
def test_contacts(measure, types, busy, days, contacts):
    values, _ = delivered(dose("contacts", measure, *types), days, contacts=contacts)
    assert values == {"busy": pytest.approx(busy), "quiet": 0.0, "absent": None}


def test_contacts_outside_are_counted_not_errors(days, contacts):
    _, result = delivered(dose("contacts", "count"), days, contacts=contacts)
    (where,) = result.outside
    assert (where.before, where.inside, where.after, where.no_window, where.outside) == (1, 4, 1, 1, 3)


def test_minutes_not_recorded_are_told(days, contacts):
    _, result = delivered(dose("contacts", "amount"), days, contacts=contacts)
    notes = {(note.kind.value, note.counted): note.count for note in result.notes}
    assert notes == {("no_window", "enrollments"): 1, ("unknown_quantity", "records"): 1}


def test_an_amount_of_which_nothing_is_known_is_missing_not_zero(days, contacts):
    values, result = delivered(dose("contacts", "amount", "caregiver"), days, contacts=contacts)
    assert values == {"busy": None, "quiet": 0.0, "absent": None}
    assert ("all_quantities_unknown", 1) in {(note.kind.value, note.count) for note in result.notes}


@pytest.mark.parametrize(("end", "count"), [(0, 1), (1, 3), (179, 3), (180, 4), (181, 5)])
def test_a_fixed_landmark_is_a_day_of_the_enrollment_and_is_not_counted_itself(end, count, days, contacts):
    values, _ = delivered(dose("contacts", "count", end=end), days, contacts=contacts)
    assert values["busy"] == count


def test_a_window_that_ends_before_it_starts_gives_no_dose(table, contacts):
    days = table("""
        enrollment_id | intake | six_months
        --------------+--------+-----------
        busy          | 40     | 180
        quiet         | 30     | 180
    """)
    values, result = delivered(dose("contacts", "count", end=30), days, contacts=contacts)
    assert values == {"busy": None, "quiet": None}
    assert {(note.kind.value, note.count) for note in result.notes} == {("reversed_window", 2)}


@pytest.mark.parametrize(
    ("start", "stay", "left_early", "left_before"),
    [
        ("intake", 180 / MONTH, 60 / MONTH, 0),
        (-100, 180 / MONTH, 60 / MONTH, 0),
        (90, 90 / MONTH, 0, 0),
    ],
)
def test_months_enrolled_run_to_the_exit_or_the_end_of_the_window(start, stay, left_early, left_before, table):
    enrollments = table("""
        enrollment_id | participant_id | exit_day
        --------------+----------------+---------
        open          | p1             |
        later         | p2             | 400
        early         | p3             | 60
        at_once       | p4             | 0
    """)
    days = table("""
        enrollment_id | intake | six_months
        --------------+--------+-----------
        open          | -10    | 180
        later         | -10    | 180
        early         | -10    | 180
        at_once       | -10    | 180
        not_enrolled  | -10    | 180
    """)
    values, _ = delivered(dose("enrollments", "months_enrolled", start=start), days, enrollments=enrollments)
    assert values == {
        "open": pytest.approx(stay),
        "later": pytest.approx(stay),
        "early": pytest.approx(left_early),
        "at_once": pytest.approx(left_before),
        "not_enrolled": None,
    }


@pytest.fixture
def services(table):
    return table("""
        enrollment_id | day | service_code | quantity | unit
        --------------+-----+--------------+----------+--------
        busy          | 1   | shelter      | 3        | nights
        busy          | 2   | shelter      |          | nights
        busy          | 2   | cash         | 40       | dollars
        busy          | 3   | cash         | 2        | vouchers
        busy          | 180 | shelter      | 9        | nights
    """)


@pytest.mark.parametrize(
    ("measure", "types", "unit", "busy"),
    [
        ("count", (), "", 4),
        ("count", ("shelter",), "", 2),
        ("breadth", (), "", 2),
        ("days", (), "", 3),
        ("amount", ("shelter",), "", 3),
        ("amount", ("cash",), "dollars", 40),
        ("amount", ("nothing",), "", 0),
    ],
)
def test_services(measure, types, unit, busy, *, days, services):
    values, _ = delivered(dose("services", measure, *types, unit=unit), days, services=services)
    assert values == {"busy": busy, "quiet": 0.0, "absent": None}


def test_quantities_in_different_units_are_never_added(days, services):
    with pytest.raises(PlanRefusedError, match="more than one unit") as refused:
        delivered(dose("services", "amount", "cash"), days, services=services)
    assert "vouchers" not in str(refused.value)


def test_what_stands_in_another_unit_is_told(days, services):
    _, result = delivered(dose("services", "amount", "cash", unit="dollars"), days, services=services)
    assert ("other_unit", 1) in {(note.kind.value, note.count) for note in result.notes}


@pytest.mark.parametrize(
    ("measure", "event", "busy"), [("count", "set", 4), ("count", "met", 1), ("breadth", "set", 2)]
)
def test_goals_are_set_when_opened_and_met_when_closed_as_met(measure, event, busy, days, table):
    goals = table("""
        goal_id | enrollment_id | domain | opened_day | closed_day | status
        --------+---------------+--------+------------+------------+---------
        g1      | busy          | school | 0          | 90         | met
        g2      | busy          | school | 0          | 180        | met
        g3      | busy          | home   | 30         | 60         | not_met
        g4      | busy          | home   | 179        |            | open
        g5      | busy          | health | 180        |            | open
    """)
    values, _ = delivered(dose("goals", measure, event), days, goals=goals)
    assert values == {"busy": busy, "quiet": 0.0, "absent": None}


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        (dose("contacts", "months_enrolled"), "does not give months_enrolled"),
        (dose("contacts", "count", "cleint"), "Did you mean client?"),
        (dose("contacts", "amount", "attempted"), "Attempts do not give amount"),
        (dose("services", "amount"), "one service only"),
        (dose("services", "amount", "a", "b"), "one service only"),
        (dose("services", "count", unit="mg"), "Only an amount of a service has a unit"),
        (dose("goals", "count"), "must say which goals"),
        (dose("goals", "days", "set"), "does not give days"),
        (dose("enrollments", "months_enrolled", "client"), "has no types"),
        (dose("contacts", "count", start=10, end=10), "ends before it starts"),
        (dose("contacts", "count", start="intake", end="intake"), "same wave"),
        (dose("contacts", "count", end="nowhere"), 'no wave "nowhere"'),
    ],
)
def test_a_dose_that_makes_no_sense_is_refused(definition, message, days):
    with pytest.raises(PlanRefusedError) as refused:
        delivered(definition, days)
    assert message in str(refused.value)


def test_an_enrollment_listed_twice_is_refused(table):
    days = table("enrollment_id | intake | six_months\n---\na | 0 | 180\na | 0 | 180")
    with pytest.raises(UsageError, match="twice"):
        delivered(dose("contacts", "count"), days)
