"""A needs assessment is due every thirty days of a stay, counted anew whenever somebody asks; never after an exit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from casearc_web.enrollments.models import Enrollment
from casearc_web.needs.models import NeedsAssessment
from casearc_web.needs.schedule import due, next_due
from web.cast import Cast
from web.counting import at_most

START = date(2026, 1, 15)

RULES = [
    # what happened                     exit               last assessment    next one due
    ("enrolled, none yet", None, None, date(2026, 2, 14)),
    ("assessed on the first day", None, date(2026, 1, 15), date(2026, 2, 14)),
    ("assessed early", None, date(2026, 2, 1), date(2026, 3, 3)),
    ("assessed late", None, date(2026, 4, 20), date(2026, 5, 20)),
    ("across the end of February", None, date(2026, 2, 14), date(2026, 3, 16)),
    ("left, none yet", date(2026, 3, 1), None, None),
    ("left after one", date(2026, 3, 1), date(2026, 2, 14), None),
]


@pytest.mark.parametrize(("what", "exited_on", "last", "expected"), RULES, ids=[rule[0] for rule in RULES])
def test_due_from_the_last_assessment_or_the_start(
    what: str, exited_on: date | None, last: date | None, expected: date | None
) -> None:
    assert next_due(started_on=START, exited_on=exited_on, last=last) == expected


def test_missed_stays_due_on_its_day(cast: Cast) -> None:
    stay = cast.enrollment_of(cast.acacia)
    for today in (date(2026, 2, 13), date(2026, 2, 14), date(2026, 6, 1)):
        (item,) = due(cast.by(cast.cleo), [stay], today)
        assert (item.on, str(item.what)) == (date(2026, 2, 14), "Needs assessment")
    assert str(stay.pk) in item.address


def test_enrolled_again_counts_from_the_new_start(cast: Cast) -> None:
    old = cast.enrollment_of(cast.cedar)
    NeedsAssessment.objects.create(agency=cast.riverbend, enrollment=old, on=date(2026, 6, 20))
    again = Enrollment.objects.create(
        agency=cast.riverbend, client=cast.cedar, program=cast.north, started_on=date(2026, 9, 1)
    )
    found = due(cast.by(cast.dora), [old, again], date(2026, 9, 2))
    assert [(item.enrollment_id, item.on) for item in found] == [(again.pk, date(2026, 9, 1) + timedelta(days=30))]


def test_one_question_however_many_stays(cast: Cast) -> None:
    by, stay = cast.by(cast.dora), cast.enrollment_of(cast.acacia)
    with at_most(1):
        due(by, [stay] * 40, date(2026, 2, 1))
