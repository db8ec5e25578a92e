"""Stays, care teams and transfers change only as they may, each change with its event, and reach follows at once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate, now

from casearc_web.access.decide import Denied, visible
from casearc_web.access.models import Notice
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.audit.models import AuditEvent
from casearc_web.clients.models import Client
from casearc_web.enrollments.actions.care_team import add_to_care_team, end_care
from casearc_web.enrollments.actions.referrals import change_referral, refer
from casearc_web.enrollments.actions.stays import change_stay, enroll, exit_enrollment, take_exit_back
from casearc_web.enrollments.actions.transfer import transfer
from casearc_web.enrollments.models import CareTeamMember, Enrollment, Part
from casearc_web.enrollments.transferable import caring_staff, givers, transferable
from casearc_web.records.changes import ConflictError
from web.cast import Cast, _client

TODAY = localdate()
A_WHILE_AGO = TODAY - timedelta(days=25)


NAMES = "details, direction, on, organization, reason"


def _sees(cast: Cast, who: StaffMember, client: Client) -> bool:
    return visible(cast.by(who), Verb.VIEW_CASEWORK, Client.objects.filter(pk=client.pk)).exists()


def _exit(cast: Cast, on: date, who: StaffMember | None = None) -> Enrollment:
    stay = cast.enrollment_of(cast.acacia)
    values = {"exited_on": on, "exit_reason": "completed"}
    return exit_enrollment(by=cast.by(who or cast.cleo), enrollment=stay, version=stay.version, values=values)


def test_enrolled_again_after_an_exit_with_the_age_of_that_day(cast: Cast) -> None:
    _exit(cast, date(2026, 6, 1))
    stay = enroll(
        by=cast.by(cast.sue),
        client=cast.acacia,
        program=cast.north,
        site=None,
        lead=cast.cleo,
        started_on=date(2026, 8, 1),
    )
    assert stay.age_at_start == Decimal("16.38")  # born 2010-03-14
    assert [(one.staff, one.part, one.since) for one in stay.care_team.all()] == [
        (cast.cleo, Part.LEAD, date(2026, 8, 1))
    ]
    event = AuditEvent.objects.filter(verb="enroll").get()
    assert {row.client_id for row in event.clients.all()} == {cast.acacia.pk}


def test_one_open_enrollment_a_program(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="enrolled in this program already"):
        enroll(
            by=cast.by(cast.cleo), client=cast.acacia, program=cast.north, site=None, lead=cast.cleo, started_on=TODAY
        )


def test_what_is_left_of_an_erased_record_is_enrolled_nowhere(cast: Cast) -> None:
    _exit(cast, date(2026, 6, 1))
    Client.objects.filter(pk=cast.acacia.pk).update(purged_at=now())
    cast.acacia.refresh_from_db()
    with pytest.raises(ValidationError, match="as a new client"):
        enroll(
            by=cast.by(cast.sue), client=cast.acacia, program=cast.north, site=None, lead=cast.cleo, started_on=TODAY
        )


BEYOND = [("cleo", "south"), ("dora", "south"), ("carl", "south"), ("eve", "north")]


@pytest.mark.parametrize(("who", "program"), BEYOND)
def test_nobody_enrolls_beyond_their_clients_and_programs(cast: Cast, who: str, program: str) -> None:
    asker, where = getattr(cast, who), getattr(cast, program)
    with pytest.raises(Denied):
        enroll(by=cast.by(asker), client=cast.acacia, program=where, site=None, lead=asker, started_on=TODAY)


def test_the_age_follows_the_start(cast: Cast) -> None:
    stay = cast.enrollment_of(cast.acacia)
    values = {"site": None, "started_on": date(2026, 3, 14), "first_service_on": None}
    changed = change_stay(by=cast.by(cast.cleo), enrollment=stay, version=stay.version, values=values)
    assert changed.age_at_start == Decimal("16.00")


def test_of_two_changes_the_later_one_is_told(cast: Cast) -> None:
    stay = cast.enrollment_of(cast.acacia)
    for day in (date(2026, 1, 16), date(2026, 1, 17)):
        values = {"started_on": day}
        if day.day == 16:
            change_stay(by=cast.by(cast.cleo), enrollment=stay, version=stay.version, values=values)
        else:
            with pytest.raises(ConflictError):
                change_stay(by=cast.by(cast.sue), enrollment=stay, version=1, values=values)
    assert cast.enrollment_of(cast.acacia).started_on == date(2026, 1, 16)


EXITED_AGO = [
    # days since the exit, who, still sees the stay
    (0, "cleo", True),
    (90, "cleo", True),
    (91, "cleo", False),
    (91, "sue", True),
    (91, "dora", True),
    (0, "carl", False),
    (0, "eve", False),
]


@pytest.mark.parametrize(("ago", "who", "sees"), EXITED_AGO)
def test_who_sees_a_stay_after_its_end(cast: Cast, ago: int, who: str, sees: bool) -> None:
    _exit(cast, TODAY - timedelta(days=ago))
    assert _sees(cast, getattr(cast, who), cast.acacia) == sees


def test_an_exit_ends_the_care_team_and_taking_it_back_brings_it_back(cast: Cast) -> None:
    ended = _exit(cast, A_WHILE_AGO)
    assert [one.until for one in ended.care_team.all()] == [A_WHILE_AGO]
    opened = take_exit_back(by=cast.by(cast.cleo), enrollment=ended, version=ended.version)
    assert (opened.exited_on, opened.exit_reason) == (None, "")
    assert [one.until for one in opened.care_team.all()] == [None]
    assert [event.verb for event in AuditEvent.objects.order_by("number")] == ["exit_enrollment"] * 2


def test_whoever_left_the_team_before_the_exit_is_not_brought_back(cast: Cast) -> None:
    stay = cast.enrollment_of(cast.acacia)
    CareTeamMember.objects.create(
        agency=cast.riverbend,
        enrollment=stay,
        staff=cast.carl,
        part=Part.SECOND,
        since=date(2026, 2, 1),
        until=date(2026, 3, 1),
    )
    ended = _exit(cast, A_WHILE_AGO)
    opened = take_exit_back(by=cast.by(cast.cleo), enrollment=ended, version=ended.version)
    assert {one.staff: one.until for one in opened.care_team.all()} == {cast.cleo: None, cast.carl: date(2026, 3, 1)}


def test_an_exit_cannot_be_taken_back_beside_a_newer_stay(cast: Cast) -> None:
    ended = _exit(cast, A_WHILE_AGO)
    enroll(by=cast.by(cast.cleo), client=cast.acacia, program=cast.north, site=None, lead=cast.cleo, started_on=TODAY)
    with pytest.raises(ValidationError):
        take_exit_back(by=cast.by(cast.cleo), enrollment=ended, version=ended.version)


COVER = [
    # from, until (first day no more), sees today
    (0, None, True),
    (-5, 1, True),
    (-5, 0, False),
    (1, 5, False),
]


@pytest.mark.parametrize(("since", "until", "sees"), COVER)
def test_a_cover_sees_the_client_on_those_days_only(cast: Cast, since: int, until: int | None, sees: bool) -> None:
    add_to_care_team(
        by=cast.by(cast.sue),
        enrollment=cast.enrollment_of(cast.acacia),
        staff=cast.carl,
        part=Part.COVER,
        since=TODAY + timedelta(days=since),
        until=None if until is None else TODAY + timedelta(days=until),
    )
    assert _sees(cast, cast.carl, cast.acacia) == sees
    assert Notice.objects.filter(to=cast.carl, client_id=cast.acacia.pk).count() == 1


def test_taken_off_today_sees_nothing_today(cast: Cast) -> None:
    member = cast.enrollment_of(cast.acacia).care_team.get()
    end_care(by=cast.by(cast.sue), member=member, version=member.version, until=TODAY)
    assert not _sees(cast, cast.cleo, cast.acacia)


@pytest.mark.parametrize("whom", ["eve", "ada", "faye"])
def test_only_colleagues_who_work_with_clients_join_a_care_team(cast: Cast, whom: str) -> None:
    with pytest.raises((ValidationError, Denied)):
        add_to_care_team(
            by=cast.by(cast.sue),
            enrollment=cast.enrollment_of(cast.acacia),
            staff=getattr(cast, whom),
            part=Part.COVER,
            since=TODAY,
        )
    assert cast.enrollment_of(cast.acacia).care_team.count() == 1


@pytest.mark.parametrize(("whom", "part"), [("cleo", Part.COVER), ("carl", Part.LEAD)])
def test_nobody_twice_and_one_case_manager(cast: Cast, whom: str, part: Part) -> None:
    with pytest.raises(ValidationError):
        add_to_care_team(
            by=cast.by(cast.sue),
            enrollment=cast.enrollment_of(cast.acacia),
            staff=getattr(cast, whom),
            part=part,
            since=TODAY,
        )


def test_a_case_manager_assigns_nobody(cast: Cast) -> None:
    with pytest.raises(Denied):
        add_to_care_team(
            by=cast.by(cast.cleo),
            enrollment=cast.enrollment_of(cast.acacia),
            staff=cast.carl,
            part=Part.COVER,
            since=TODAY,
        )


def test_a_referral_is_noted_and_corrected(cast: Cast) -> None:
    stay = cast.enrollment_of(cast.acacia)
    values = {"direction": "out", "on": TODAY, "organization": "Made-up clinic", "reason": "services", "details": ""}
    referral = refer(by=cast.by(cast.cleo), enrollment=stay, values=values)
    changed = change_referral(
        by=cast.by(cast.sue), referral=referral, version=1, values={**values, "organization": "Made-up school"}
    )
    assert (changed.organization, changed.version) == ("Made-up school", 2)
    assert {event.detail.text for event in AuditEvent.objects.filter(detail__isnull=False)} == {"referral: " + NAMES}
    with pytest.raises(Denied):
        refer(by=cast.by(cast.carl), enrollment=stay, values=values)


def test_a_caseload_is_handed_over_whole_or_in_part(cast: Cast) -> None:
    birds = [_client(name, "Testbird", program=cast.north, staff=cast.cleo) for name in ("One", "Two", "Three")]
    by = cast.by(cast.sue)
    places = {place.enrollment.client_id: place for place in transferable(by, cast.cleo)}
    assert set(places) == {cast.acacia.pk, *(bird.pk for bird in birds)}  # Cedar has left
    some = [places[cast.acacia.pk], places[birds[0].pk]]
    done = transfer(by=by, giver=cast.cleo, taker=cast.carl, members=some, as_of=TODAY)
    assert done.count == 2
    assert [_sees(cast, cast.carl, one) for one in (cast.acacia, *birds)] == [True, True, False, False]
    assert [_sees(cast, cast.cleo, one) for one in (cast.acacia, *birds)] == [False, False, True, True]
    event = AuditEvent.objects.filter(verb="transfer_caseload").get()
    assert {row.client_id for row in event.clients.all()} == {cast.acacia.pk, birds[0].pk}
    assert {notice.to for notice in Notice.objects.all()} == {cast.cleo, cast.carl}


def test_a_transfer_on_a_later_day_waits_for_it(cast: Cast) -> None:
    by, later = cast.by(cast.sue), TODAY + timedelta(days=3)
    transfer(by=by, giver=cast.cleo, taker=cast.carl, members=list(transferable(by, cast.cleo)), as_of=later)
    assert (_sees(cast, cast.cleo, cast.acacia), _sees(cast, cast.carl, cast.acacia)) == (True, False)


def test_a_second_case_manager_becomes_the_first(cast: Cast) -> None:
    stay = cast.enrollment_of(cast.acacia)
    CareTeamMember.objects.create(
        agency=cast.riverbend, enrollment=stay, staff=cast.carl, part=Part.SECOND, since=date(2026, 2, 1)
    )
    by = cast.by(cast.sue)
    transfer(by=by, giver=cast.cleo, taker=cast.carl, members=list(transferable(by, cast.cleo)), as_of=TODAY)
    now = {(one.staff, one.part) for one in stay.care_team.filter(until__isnull=True)}
    assert now == {(cast.carl, Part.LEAD)}


def test_what_is_out_of_reach_cannot_be_handed_over(cast: Cast) -> None:
    foreign = list(CareTeamMember.objects.filter(enrollment__client=cast.birch))
    by = cast.by(cast.sue)
    assert not transferable(by, cast.carl).exists()
    assert cast.carl not in givers(by)
    with pytest.raises(ValidationError):
        transfer(by=by, giver=cast.carl, taker=cast.cleo, members=foreign, as_of=TODAY)
    with pytest.raises(Denied):
        transfer(by=cast.by(cast.cleo), giver=cast.carl, taker=cast.cleo, members=foreign, as_of=TODAY)
    assert not _sees(cast, cast.cleo, cast.birch)


def test_a_place_handed_over_twice_is_refused_whole(cast: Cast) -> None:
    other = _client("One", "Testbird", program=cast.north, staff=cast.cleo)
    by = cast.by(cast.sue)
    places = list(transferable(by, cast.cleo))
    CareTeamMember.objects.filter(enrollment__client=other).update(until=TODAY)
    with pytest.raises(ValidationError, match="changed since"):
        transfer(by=by, giver=cast.cleo, taker=cast.carl, members=places, as_of=TODAY)
    assert _sees(cast, cast.cleo, cast.acacia)


def test_who_may_be_handed_clients(cast: Cast) -> None:
    assert set(caring_staff(cast.by(cast.sue))) == {cast.cleo, cast.carl, cast.sue, cast.dora}
