"""Nothing may be disclosed but under an authorization that lives today, to whom it names, for what it names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from casearc_web.audit.models import AuditHead
from casearc_web.clients.models import Client
from casearc_web.consent import actions
from casearc_web.consent.codes import Answer, AuthorizationKind, Category, ConsentKind, Given, Purpose, Relation
from casearc_web.consent.models import Authorization
from casearc_web.consent.permits import in_research, live, permitted
from casearc_web.consent.recipients import Recipient, reindex_all
from web.cast import Cast
from web.consent.giving import COURT, STUDY, consent, give

IDENTITY, ENROLLMENT, NOTES = Category.IDENTITY, Category.ENROLLMENT, Category.NOTES

ASKED = [
    # recipient                                              purpose           categories               permitted?
    (COURT, Purpose.COURT, [IDENTITY], True),
    (COURT, Purpose.COURT, [IDENTITY, ENROLLMENT], True),
    (COURT, Purpose.COURT, [IDENTITY, NOTES], False),
    (COURT, Purpose.COURT, [Category.SUBSTANCE_USE], False),
    (COURT, Purpose.COURT, [], False),
    (COURT, Purpose.SCHOOL, [IDENTITY], False),
    (Recipient("  WILLOW county court, made up ", "judge juníper"), Purpose.COURT, [IDENTITY], True),
    (Recipient(COURT.organization), Purpose.COURT, [IDENTITY], False),  # it names a person there
    (Recipient(COURT.organization, "Judge Elder"), Purpose.COURT, [IDENTITY], False),
    (Recipient("Another court", "Judge Juniper"), Purpose.COURT, [IDENTITY], False),
]


@pytest.mark.parametrize(("recipient", "purpose", "categories", "allowed"), ASKED)
def test_exactly_what_it_names(
    cast: Cast, recipient: Recipient, purpose: Purpose, categories: list[Category], allowed: bool
) -> None:
    give(cast.by(cast.cleo), cast.acacia)
    found = permitted(
        Client.objects.all(), agency_id=cast.riverbend.pk, purpose=purpose, recipient=recipient, categories=categories
    )
    assert list(found) == ([cast.acacia] if allowed else [])


def test_one_that_names_no_person_is_for_anybody_there(cast: Cast) -> None:
    give(cast.by(cast.cleo), cast.acacia, recipient=Recipient(COURT.organization))
    assert _may(cast, cast.acacia)


def _may(cast: Cast, client: Client, **more: Any) -> bool:
    return (
        permitted(
            Client.objects.filter(pk=client.pk),
            agency_id=client.agency_id,
            purpose=Purpose.COURT,
            recipient=COURT,
            categories=[IDENTITY],
            **more,
        )
        .filter(pk=client.pk)
        .exists()
    )


DAYS = [
    # given       expires      today          permitted?
    ("2026-03-01", "2026-06-01", "2026-03-01", True),
    ("2026-03-01", "2026-06-01", "2026-06-01", True),  # the last day counts
    ("2026-03-01", "2026-06-01", "2026-06-02", False),
    ("2026-03-01", "2026-06-01", "2026-02-28", False),
]


@pytest.mark.parametrize(("given", "expires", "today", "allowed"), DAYS)
def test_from_its_first_day_to_its_last(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, given: str, expires: str, today: str, allowed: bool
) -> None:
    authorization = give(cast.by(cast.cleo), cast.acacia)
    Authorization.objects.filter(pk=authorization.pk).update(given_on=given, expires_on=expires)
    AuditHead.objects.update(at=None)
    monkeypatch.setattr(timezone, "localdate", lambda value=None, timezone=None: date.fromisoformat(today))
    assert _may(cast, cast.acacia) is allowed


def test_revoked_is_over_at_once_and_for_good(cast: Cast) -> None:
    by = cast.by(cast.cleo)
    authorization = give(by, cast.acacia)
    assert _may(cast, cast.acacia)
    first = actions.revoke(by=by, authorization=authorization, asked_by=Relation.CLIENT, how=Given.PHONE)
    assert not _may(cast, cast.acacia)
    again = actions.revoke(by=by, authorization=authorization, asked_by=Relation.PARENT, how=Given.PHONE)
    assert again == first
    assert not _may(cast, cast.acacia)


def test_a_clock_put_back_revives_nothing(cast: Cast) -> None:
    authorization = give(cast.by(cast.cleo), cast.acacia)
    assert _may(cast, cast.acacia)
    AuditHead.objects.filter(agency=cast.riverbend).update(at=timezone.now() + timedelta(days=400))
    assert not _may(cast, cast.acacia)  # the log has seen a later day than the clock shows
    assert not _may(cast, cast.acacia, on=authorization.given_on)  # nor does asking about an earlier day help


def test_looking_ahead_is_possible_and_looking_back_is_not(cast: Cast) -> None:
    authorization = give(cast.by(cast.cleo), cast.acacia)
    assert _may(cast, cast.acacia, on=authorization.expires_on)
    assert not _may(cast, cast.acacia, on=authorization.expires_on + timedelta(days=1))
    Authorization.objects.filter(pk=authorization.pk).update(
        given_on=timezone.localdate() - timedelta(days=90), expires_on=timezone.localdate() - timedelta(days=1)
    )
    assert not _may(cast, cast.acacia, on=timezone.localdate() - timedelta(days=30))


def test_summer_time_moves_no_last_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the night of the change the agency's own day decides, on both sides of midnight."""
    authorization = give(cast.by(cast.cleo), cast.acacia)
    Authorization.objects.filter(pk=authorization.pk).update(given_on="2026-08-01", expires_on="2026-10-31")
    AuditHead.objects.update(at=None)
    with timezone.override(ZoneInfo("America/New_York")):
        for moment, allowed in [("03:59", True), ("04:01", False), ("06:30", False)]:
            now = datetime.fromisoformat(f"2026-11-01T{moment}").replace(tzinfo=UTC)
            monkeypatch.setattr(timezone, "now", lambda now=now: now)
            assert _may(cast, cast.acacia) is allowed


def test_another_agency_never_counts(cast: Cast) -> None:
    give(cast.by(cast.cleo), cast.acacia)
    assert not live(agency_id=cast.farshore.pk).exists()
    found = permitted(
        Client.objects.all(), agency_id=cast.farshore.pk, purpose=Purpose.COURT, recipient=COURT, categories=[IDENTITY]
    )
    assert not found.exists()


def test_substance_use_goes_under_its_own_authorization(cast: Cast) -> None:
    give(cast.by(cast.cleo), cast.acacia, kind=AuthorizationKind.PART2, categories=(Category.SUBSTANCE_USE,))
    wanted = {"agency_id": cast.riverbend.pk, "purpose": Purpose.COURT, "recipient": COURT}
    assert permitted(Client.objects.all(), categories=[Category.SUBSTANCE_USE], **wanted).exists()
    assert not permitted(Client.objects.all(), categories=[Category.SUBSTANCE_USE, IDENTITY], **wanted).exists()


def test_it_is_one_query_however_many_clients(cast: Cast, django_assert_num_queries: Any) -> None:
    give(cast.by(cast.cleo), cast.acacia)
    with django_assert_num_queries(3):  # the end of the log for each category, and the clients
        list(
            permitted(
                Client.objects.all(),
                agency_id=cast.riverbend.pk,
                purpose=Purpose.COURT,
                recipient=COURT,
                categories=[IDENTITY, ENROLLMENT],
            )
        )


def test_digests_can_be_made_anew_after_the_keys_were_replaced(cast: Cast) -> None:
    give(cast.by(cast.cleo), cast.acacia)
    Authorization.objects.update(organization_digest=b"old", person_digest=b"old")
    assert not _may(cast, cast.acacia)
    assert reindex_all() == 1
    assert _may(cast, cast.acacia)


RESEARCH = [
    # what was given                                                                              takes part?
    ([(ConsentKind.RESEARCH, 18, {})], True),
    ([(ConsentKind.RESEARCH_PERMISSION, 16, {}), (ConsentKind.RESEARCH_ASSENT, 16, {})], True),
    ([(ConsentKind.RESEARCH_PERMISSION, 16, {})], False),
    ([(ConsentKind.RESEARCH_ASSENT, 16, {})], False),
    ([(ConsentKind.RESEARCH_ASSENT, 16, {"permission_waived": True})], True),
    ([(ConsentKind.SERVICE, 18, {})], False),
    ([(ConsentKind.RESEARCH, 18, {"study": "ANOTHER"})], False),
    ([(ConsentKind.RESEARCH, 18, {"answer": Answer.DECLINED})], False),
    (
        [
            (ConsentKind.RESEARCH_PERMISSION, 16, {}),
            (ConsentKind.RESEARCH_ASSENT, 16, {}),
            (ConsentKind.RESEARCH_ASSENT, 16, {"answer": Answer.DECLINED}),
        ],
        False,
    ),
]


@pytest.mark.parametrize(("given", "takes_part"), RESEARCH)
def test_who_takes_part_in_a_study(
    cast: Cast, given: list[tuple[ConsentKind, int, dict[str, Any]]], takes_part: bool
) -> None:
    for kind, age, other in given:
        relation = Relation.PARENT if kind == ConsentKind.RESEARCH_PERMISSION else Relation.CLIENT
        consent(cast.by(cast.cleo), cast.acacia, kind, relation, age=age, **other)
    found = in_research(Client.objects.all(), agency_id=cast.riverbend.pk, study=STUDY)
    assert list(found) == ([cast.acacia] if takes_part else [])


def test_what_was_given_for_a_minor_ends_before_they_are_eighteen(cast: Cast) -> None:
    given = consent(cast.by(cast.cleo), cast.acacia, ConsentKind.RESEARCH_ASSENT, Relation.CLIENT)
    assert given.expires_on == date(2028, 2, 29)  # born 2010-03-14: the month before, so that the day is not told
