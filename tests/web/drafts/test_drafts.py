"""What somebody typed is kept for them, sealed, for a week, and written once; nobody else gets at it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client as HttpClient
from django.utils import timezone

from casearc_web import urls
from casearc_web.access.requests import StaffRequest
from casearc_web.access.routes import page
from casearc_web.access.verbs import Verb
from casearc_web.drafts import actions, queries
from casearc_web.drafts.models import Draft, Finished, KeptForm
from web.cast import Cast, sign_in

KEY = f"contact-new:{uuid.UUID(int=7)}"
ADDRESS = f"/drafts/{KEY}"
BY_SCRIPT = {"X-Casearc-Draft": "1"}
FORM = "application/x-www-form-urlencoded"
SUBMISSION = uuid.UUID(int=5)


def _write(request: StaffRequest) -> HttpResponse:
    with transaction.atomic():
        actions.finish(by=request.asker, key=KEY, submission=SUBMISSION, address="/done/")
    return HttpResponse("written")


urlpatterns = [
    page("tests/write/", _write, verb=Verb.USE_OWN_ACCOUNT, name="write", writes=True),
    *urls.urlpatterns,
]


@pytest.fixture
def cleo(cast: Cast, client: HttpClient) -> HttpClient:
    sign_in(client, cast.cleo)
    return client


def keep(client: HttpClient, body: str, address: str = ADDRESS) -> HttpResponse:
    return client.post(address, body, content_type=FORM, headers=BY_SCRIPT)


def test_kept_and_given_back_in_order(cleo: HttpClient) -> None:
    body = f"tags=a&note=Two+words&tags=b&empty=&csrfmiddlewaretoken=x&submission={SUBMISSION}&old_password=marker"
    assert keep(cleo, body).status_code == 204
    answer = cleo.get(ADDRESS, headers=BY_SCRIPT)
    expected = [["tags", "a"], ["note", "Two words"], ["tags", "b"], ["empty", ""], ["submission", str(SUBMISSION)]]
    assert json.loads(answer.content)["fields"] == expected
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_newest_stands_and_start_over_forgets(cleo: HttpClient) -> None:
    for text in ("one", "two"):
        keep(cleo, f"note={text}")
    assert json.loads(cleo.get(ADDRESS).content)["fields"] == [["note", "two"]]
    assert cleo.delete(ADDRESS, headers=BY_SCRIPT).status_code == 204
    assert cleo.get(ADDRESS).status_code == 204


@pytest.mark.parametrize(("size", "status"), [(250 * 1024, 204), (257 * 1024, 413)])
def test_there_is_a_limit(cleo: HttpClient, size: int, status: int) -> None:
    assert keep(cleo, "note=" + "x" * size).status_code == status


@pytest.mark.parametrize("key", ["UPPER", "with space", "a" * 161])
def test_keys_are_plain(cleo: HttpClient, key: str) -> None:
    assert keep(cleo, "note=x", f"/drafts/{key}").status_code == 404
    assert not Draft.objects.exists()


def test_signed_out_is_said_with_401(cast: Cast, client: HttpClient) -> None:
    for answer in (keep(client, "note=x"), client.get(ADDRESS, headers=BY_SCRIPT)):
        assert (answer.status_code, answer.content) == (401, b"")


def test_nobody_sees_anothers_draft(cast: Cast, cleo: HttpClient) -> None:
    keep(cleo, "note=hers")
    for other in (cast.carl, cast.sue, cast.ada, cast.faye):
        sign_in(theirs := HttpClient(), other)
        assert theirs.get(ADDRESS).status_code == 204
        assert theirs.delete(ADDRESS).status_code == 204
    assert json.loads(cleo.get(ADDRESS).content)["fields"] == [["note", "hers"]]


def test_drafts_lie_sealed(cleo: HttpClient) -> None:
    keep(cleo, "note=marker-in-a-draft")
    with connection.cursor() as cursor:
        cursor.execute("SELECT fields FROM drafts_draft")
        assert b"marker" not in bytes(cursor.fetchone()[0])


def test_gone_after_a_week(cleo: HttpClient) -> None:
    keep(cleo, "note=x")
    Draft.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert cleo.get(ADDRESS).status_code == 204
    actions.clear_expired()
    assert not Draft.objects.exists()


def test_finishing_forgets_the_draft_and_remembers_the_form(cast: Cast, cleo: HttpClient) -> None:
    by = cast.by(cast.cleo)
    keep(cleo, f"note=x&submission={SUBMISSION}")
    assert queries.used(by=by, submission=SUBMISSION) is None
    actions.finish(by=by, key=KEY, submission=SUBMISSION, address="/done/")
    assert queries.used(by=by, submission=SUBMISSION) == "/done/"
    assert not Draft.objects.exists()
    assert keep(cleo, f"note=x&submission={SUBMISSION}").status_code == 410
    assert keep(cleo, f"note=x&submission={uuid.UUID(int=6)}").status_code == 204


def test_a_form_that_was_kept_goes_when_it_is_written(cast: Cast) -> None:
    by = cast.by(cast.cleo)
    for submission in (SUBMISSION, uuid.UUID(int=6)):
        actions.keep_form(
            staff_id=cast.cleo.pk,
            agency_id=cast.riverbend.pk,
            address="/somewhere/",
            fields=[("submission", str(submission))],
        )
    actions.finish(by=by, key="", submission=SUBMISSION, address="/done/")
    assert [kept.submission for kept in KeptForm.objects.all()] == [uuid.UUID(int=6)]


def test_one_persons_number_is_not_anothers(cast: Cast) -> None:
    actions.finish(by=cast.by(cast.cleo), key=KEY, submission=SUBMISSION, address="/hers/")
    assert queries.used(by=cast.by(cast.carl), submission=SUBMISSION) is None


@pytest.mark.urls(__name__)
def test_a_second_sending_is_led_to_the_first_ones_place(cleo: HttpClient) -> None:
    assert cleo.post("/tests/write/").content == b"written"
    assert cleo.post("/tests/write/").url == "/done/"
    assert Finished.objects.count() == 1


def test_kept_forms_are_bounded(cast: Cast) -> None:
    for number in range(25):
        actions.keep_form(
            staff_id=cast.cleo.pk, agency_id=cast.riverbend.pk, address=f"/{number}/", fields=[("note", "x")]
        )
    assert {kept.address for kept in KeptForm.objects.all()} == {f"/{number}/" for number in range(5, 25)}


def test_the_key_of_the_local_copy_is_each_persons_own(cast: Cast) -> None:
    found = {queries.local_key(staff.pk) for staff in (cast.cleo, cast.carl)}
    assert len(found) == 2
    assert queries.local_key(cast.cleo.pk) in found


def test_few_queries(cast: Cast, cleo: HttpClient, django_assert_max_num_queries: Callable[[int], object]) -> None:
    with django_assert_max_num_queries(15):
        keep(cleo, f"note=x&submission={SUBMISSION}")
