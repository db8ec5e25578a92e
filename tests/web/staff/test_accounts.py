"""An administrator keeps accounts and gains nothing by it; nobody is locked out, and no client is left alone."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser

from casearc_web.access.decide import Denied
from casearc_web.access.models import Notice
from casearc_web.agencies.models import Agency, Program, StaffMember
from casearc_web.audit.models import AuditEvent
from casearc_web.enrollments.models import CareTeamMember
from casearc_web.records.changes import ConflictError
from casearc_web.records.models import Revision
from casearc_web.signin.models import Invitation
from casearc_web.staff.actions.accounts import change_account, close_account, make_account, open_account
from casearc_web.staff.actions.agency import change_agency, change_part
from web.cast import Cast, sign_in

WORKERS = ("cleo", "carl", "sue", "dora", "eve")


def _values(staff: StaffMember, **changed: Any) -> dict[str, Any]:
    names = ("name", "username", "code", "role", "team", "language")
    return {**{name: getattr(staff, name) for name in names}, **changed}


def _new(cast: Cast, **changed: Any) -> StaffMember:
    values = {"name": "Nia (made up)", "username": "nia", "code": "N1", "role": "case_manager", "team": cast.otter}
    return make_account(by=cast.by(cast.ada), values={**values, "language": "es", **changed}, programs=[cast.north])


def test_a_new_account_cannot_be_used_before_its_owner_is_invited(cast: Cast) -> None:
    staff = _new(cast)
    assert not staff.has_usable_password()
    assert list(staff.programs.all()) == [cast.north]
    assert AuditEvent.objects.get(verb="manage_staff").record_id == str(staff.pk)


def test_directors_hear_of_a_new_account(cast: Cast) -> None:
    _new(cast, role="supervisor")
    assert [(notice.to, "Nia (made up), Supervisor" in notice.text) for notice in Notice.objects.all()] == [
        (cast.dora, True)
    ]


@pytest.mark.parametrize("who", WORKERS)
def test_nobody_else_makes_accounts(cast: Cast, who: str) -> None:
    with pytest.raises(Denied):
        make_account(by=cast.by(getattr(cast, who)), values=_values(cast.cleo, username="nia", code="N"), programs=[])


@pytest.mark.parametrize(("field", "taken"), [("username", "CLEO"), ("username", "faye"), ("code", "cleo")])
def test_a_name_and_a_code_are_taken_once(cast: Cast, field: str, taken: str) -> None:
    with pytest.raises(ValidationError):
        _new(cast, **{field: taken})


def test_teams_and_programs_of_another_agency_are_refused(cast: Cast) -> None:
    foreign = Program.objects.get(agency=cast.farshore)
    with pytest.raises((ValidationError, Denied)):
        make_account(
            by=cast.by(cast.ada), values=_values(cast.cleo, username="nia", code="N1"), programs=[foreign]
        )


def test_an_account_of_another_agency_is_not_there(cast: Cast) -> None:
    with pytest.raises(Denied):
        close_account(by=cast.by(cast.ada), staff=cast.faye, version=1)


def test_nobody_changes_their_own_role_or_closes_themselves(cast: Cast) -> None:
    _new(cast, role="administrator")
    by = cast.by(cast.ada)
    with pytest.raises(ValidationError, match="own role"):
        change_account(by=by, staff=cast.ada, version=1, values=_values(cast.ada, role="director"), programs=[])
    with pytest.raises(ValidationError, match="own account"):
        close_account(by=by, staff=cast.ada, version=1)
    changed = change_account(by=by, staff=cast.ada, version=1, values=_values(cast.ada, name="Ada B."), programs=[])
    assert changed.name == "Ada B."


def test_one_administrator_always_remains(cast: Cast) -> None:
    second = _new(cast, role="administrator")
    by = cast.by(second)
    close_account(by=by, staff=cast.ada, version=1)
    third = make_account(
        by=by, values=_values(cast.cleo, username="third", code="T", role="administrator"), programs=[]
    )
    StaffMember.objects.filter(pk=third.pk).update(is_active=False)
    values = _values(second, role="evaluator")
    with pytest.raises(ValidationError):
        change_account(by=cast.by(third), staff=second, version=1, values=values, programs=[])
    with pytest.raises(ValidationError):
        close_account(by=cast.by(third), staff=second, version=1)


@pytest.mark.parametrize("change", ["close", "role"])
def test_whoever_cares_for_clients_must_hand_them_over_first(cast: Cast, change: str) -> None:
    by = cast.by(cast.ada)

    def do() -> None:
        if change == "close":
            close_account(by=by, staff=cast.cleo, version=1)
        else:
            values = _values(cast.cleo, role="evaluator")
            change_account(by=by, staff=cast.cleo, version=1, values=values, programs=[cast.north])

    with pytest.raises(ValidationError, match="care for 1 client"):
        do()
    CareTeamMember.objects.filter(staff=cast.cleo).update(until="2026-11-01")
    do()


def test_a_closed_account_is_signed_out_and_opens_again(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.eve)
    assert client.get("/roles/").status_code == 200
    closed = close_account(by=cast.by(cast.ada), staff=cast.eve, version=1)
    assert client.get("/roles/").status_code == 302
    assert open_account(by=cast.by(cast.ada), staff=closed, version=closed.version).is_active


def test_two_editors_of_one_account_and_no_password_in_its_history(cast: Cast) -> None:
    by = cast.by(cast.ada)
    change_account(by=by, staff=cast.eve, version=1, values=_values(cast.eve, language="es"), programs=[])
    with pytest.raises(ConflictError):
        change_account(by=by, staff=cast.eve, version=1, values=_values(cast.eve, name="Eva"), programs=[])
    kept = Revision.objects.get(record_id=cast.eve.pk).content
    assert kept["language"] == "en"
    assert not {"password", "last_login"} & kept.keys()


def test_other_programs_alone_are_a_change_too(cast: Cast) -> None:
    by = cast.by(cast.ada)
    changed = change_account(by=by, staff=cast.dora, version=1, values=_values(cast.dora), programs=[cast.south])
    assert (list(changed.programs.all()), changed.version) == ([cast.south], 2)
    with pytest.raises(ConflictError):
        change_account(by=by, staff=cast.dora, version=1, values=_values(cast.dora), programs=[cast.north])


@pytest.mark.parametrize("floor", [0, 10])
def test_the_floor_of_disclosure_is_never_lower_than_eleven(cast: Cast, floor: int) -> None:
    with pytest.raises(ValidationError):
        change_agency(by=cast.by(cast.ada), agency=cast.riverbend, version=1, values={"disclosure_floor": floor})


def test_settings_are_the_own_agencys_and_checked_for_conflicts(cast: Cast) -> None:
    by = cast.by(cast.ada)
    with pytest.raises(Denied):
        change_agency(by=by, agency=cast.farshore, version=1, values={"name": "Taken over"})
    change_agency(by=by, agency=cast.riverbend, version=1, values={"disclosure_floor": 15})
    with pytest.raises(ConflictError):
        change_agency(by=by, agency=cast.riverbend, version=1, values={"disclosure_floor": 20})
    assert Agency.objects.get(pk=cast.riverbend.pk).disclosure_floor == 15
    with pytest.raises(Denied):
        change_part(by=by, record=Program.objects.get(agency=cast.farshore), version=1, values={"name": "x"})


def _typed(**fields: object) -> dict[str, Any]:
    return {"submission": str(uuid.uuid4()), **fields}


def test_a_new_account_shows_its_code_once(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.ada)
    typed = _typed(
        version=1, name="Nia (made up)", username="nia", code="N1", role="case_manager", team=str(cast.otter.pk),
        programs=[str(cast.north.pk)], language="en",
    )  # fmt: skip
    made = client.post("/accounts/new/", typed)
    staff = StaffMember.objects.get(username="nia")
    assert made.headers["Location"] == f"/accounts/{staff.pk}/invited/"
    assert Invitation.objects.filter(staff=staff, used_at=None).count() == 1
    first, second = client.get(made.headers["Location"]), client.get(made.headers["Location"])
    assert "shown only now" in first.text
    assert "shown already" in second.text
    again = client.post("/accounts/new/", typed)  # sent twice
    assert again.headers["Location"] == made.headers["Location"]
    assert StaffMember.objects.filter(username="nia").count() == 1


@pytest.mark.parametrize("taken", ["cleo", "faye"])  # of one's own agency, and of another
def test_a_taken_name_is_told_beside_what_was_typed(cast: Cast, client: Browser, taken: str) -> None:
    sign_in(client, cast.ada)
    typed = _typed(version=1, name="Nia (made up)", username=taken, code="N1", role="case_manager", language="en")
    page = client.post("/accounts/new/", typed)
    assert "This user name is taken" in page.text
    assert "Nia (made up)" in page.text


PAGES = ["/accounts/", "/accounts/new/", "/agency/", "/agency/settings/", "/agency/teams/new/", "/log/", "/roles/"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_opens_for_the_administrator(cast: Cast, client: Browser, language: str) -> None:
    StaffMember.objects.filter(pk=cast.ada.pk).update(language=language)
    sign_in(client, cast.ada)
    own = [f"/accounts/{cast.cleo.pk}/", f"/accounts/{cast.cleo.pk}/edit/", f"/agency/programs/{cast.north.pk}/"]
    for address in (*PAGES, *own):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("who", WORKERS)
def test_every_page_of_the_administrator_is_closed_to_others(cast: Cast, client: Browser, who: str) -> None:
    sign_in(client, getattr(cast, who))
    for address in (*PAGES[:5], f"/accounts/{cast.ada.pk}/", f"/accounts/{cast.ada.pk}/edit/"):
        assert client.get(address).status_code == 403, address


def test_accounts_and_programs_of_another_agency_are_not_found(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.ada)
    foreign = Program.objects.get(agency=cast.farshore)
    for address in (f"/accounts/{cast.faye.pk}/", f"/accounts/{cast.faye.pk}/edit/", f"/agency/programs/{foreign.pk}/"):
        assert client.get(address).status_code == 404, address
    assert "Faye" not in client.get("/accounts/").text


def test_settings_and_parts_are_saved_from_their_pages(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.ada)
    settings = _typed(
        version=1, name="Riverbend", state="Texas", funding_streams=["voca"], disclosure_floor=12, exit_address=""
    )
    assert client.post("/agency/settings/", settings).status_code == 302
    assert client.post("/agency/sites/new/", _typed(version=1, name="Second street", code="second")).status_code == 302
    assert client.post(f"/agency/teams/{cast.otter.pk}/", _typed(version=1, name="Otters")).status_code == 302
    page = client.get("/agency/").text
    assert all(text in page for text in ("Texas", "VOCA", "12", "Second street", "Otters"))
    low = client.post("/agency/settings/", {**settings, **_typed(version=2, disclosure_floor=10)})
    assert "11" in low.text
    assert low.status_code == 422


def test_both_versions_of_an_account_are_shown(cast: Cast, client: Browser) -> None:
    sign_in(client, cast.ada)
    address = f"/accounts/{cast.eve.pk}/edit/"
    typed = {"version": 1, "username": "eve", "code": "EVE", "role": "evaluator", "language": "en"}
    client.post(address, _typed(**typed, name="Eve One"))
    page = client.post(address, _typed(**typed, name="Eve Two"))
    assert page.status_code == 409
    assert "Eve One" in page.text
    assert "Eve Two" in page.text
