"""Pages of needs assessments show each person what is theirs to see, in both languages, and keep what was typed."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.test import Client as HttpClient
from django.urls import reverse
from django.utils import timezone

from casearc_web.needs.actions import assess, correct
from casearc_web.needs.models import DomainSetting, NeedsAssessment
from web.cast import Cast, sign_in
from web.counting import at_most

DAY = date(2026, 2, 14)


@pytest.fixture
def stored(cast: Cast) -> NeedsAssessment:
    by, stay = cast.by(cast.cleo), cast.enrollment_of(cast.acacia)
    assess(by=by, enrollment=stay, on=date(2026, 1, 16), answers={"housing": 4, "safety": 1})
    answers = {"housing": 3, "safety": 4, "substance_use": 2}
    notes = {"housing": "Made up: a couch", "substance_use": "Made up: a group"}
    return assess(by=by, enrollment=stay, on=DAY, answers=answers, notes=notes, strengths="Made up: sings")


def paths(cast: Cast, stored: NeedsAssessment) -> dict[str, str]:
    own = f"/clients/{cast.acacia.pk}/needs/"
    return {
        "all": own,
        "stay": f"{own}{stored.enrollment_id}/",
        "new": f"{own}{stored.enrollment_id}/new/",
        "one": f"{own}on/{stored.pk}/",
        "change": f"{own}on/{stored.pk}/change/",
    }


def form(**values: object) -> dict[str, object]:
    return {"submission": uuid.uuid4(), "on": timezone.localdate().isoformat(), "strengths": "", **values}


@pytest.mark.parametrize("page", ["all", "stay", "new", "one", "change"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_in_both_languages_with_few_questions(
    client: HttpClient,
    cast: Cast,
    stored: NeedsAssessment,
    page: str,
    language: str,
) -> None:
    cast.cleo.language = language
    cast.cleo.save()
    sign_in(client, cast.cleo)
    with at_most(15):
        answer = client.get(paths(cast, stored)[page])
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.content.decode()


@pytest.mark.parametrize("page", ["all", "stay", "new", "one", "change"])
@pytest.mark.parametrize(("who", "status"), [("carl", 404), ("eve", 403), ("ada", 403), ("faye", 404), ("fay", 404)])
def test_the_wrong_person_sees_nothing(
    client: HttpClient, cast: Cast, stored: NeedsAssessment, page: str, who: str, status: int
) -> None:
    sign_in(client, getattr(cast, who))
    answer = client.get(paths(cast, stored)[page])
    assert answer.status_code == status
    assert "Made up: a" not in answer.content.decode()


def test_another_clients_address_does_not_open_it(client: HttpClient, cast: Cast, stored: NeedsAssessment) -> None:
    sign_in(client, cast.cleo)
    assert client.get(f"/clients/{cast.cedar.pk}/needs/on/{stored.pk}/").status_code == 404
    assert client.get(f"/clients/{cast.cedar.pk}/needs/{stored.enrollment_id}/").status_code == 404


def test_side_by_side_in_words(client: HttpClient, cast: Cast, stored: NeedsAssessment) -> None:
    sign_in(client, cast.cleo)
    page = client.get(paths(cast, stored)["all"]).content.decode()
    for words in ("4 Urgent", "3 A lot", "Better: 4 to 3", "Worse: 1 to 4", "Urgent at the last assessment"):
        assert words in page


def test_change_is_counted_from_levels_only(client: HttpClient, cast: Cast, stored: NeedsAssessment) -> None:
    answers = {"housing": "declined", "safety": 1}
    assess(by=cast.by(cast.cleo), enrollment=stored.enrollment, on=DAY + timedelta(days=1), answers=answers)
    sign_in(client, cast.cleo)
    lines = {line.domain.code: line.change for line in client.get(paths(cast, stored)["all"]).context["lines"]}
    assert (lines["housing"], lines["safety"]) == ("", "Same")


def test_a_tap_can_be_taken_back(client: HttpClient, cast: Cast, stored: NeedsAssessment) -> None:
    sign_in(client, cast.cleo)
    data = form(on=DAY.isoformat(), version=1, level_housing="empty", level_safety="4", level_substance_use="2")
    assert client.post(paths(cast, stored)["change"], data).status_code == 302
    assert NeedsAssessment.objects.get(pk=stored.pk).answers == {"safety": 4}


def test_a_supervisor_is_told_that_substance_use_is_hidden(
    client: HttpClient, cast: Cast, stored: NeedsAssessment
) -> None:
    sign_in(client, cast.sue)
    for page in ("all", "one"):
        text = client.get(paths(cast, stored)[page]).content.decode()
        assert "hidden: not part of your role" in text
        assert "Made up: a group" not in text
        assert "level-2" not in text
    assert "level_substance_use" not in client.get(paths(cast, stored)["change"]).content.decode()


def test_last_time_stands_beside_and_is_filled_in_only_when_asked(
    client: HttpClient, cast: Cast, stored: NeedsAssessment
) -> None:
    sign_in(client, cast.cleo)
    new = paths(cast, stored)["new"]
    plain, copied = (client.get(address).content.decode() for address in (new, f"{new}?start=last"))
    assert "Last time: 3 A lot" in plain
    ticked = 'name="level_housing" value="3" id="id_level_housing_3" checked'
    assert ticked not in plain
    assert ticked in copied
    assert "Made up: a couch" not in copied


def test_partly_answered_is_saved_once(client: HttpClient, cast: Cast, stored: NeedsAssessment) -> None:
    sign_in(client, cast.cleo)
    data = form(level_housing="2", note_housing="Made up: a room", level_family="declined")
    first = client.post(paths(cast, stored)["new"], data)
    again = client.post(paths(cast, stored)["new"], data)
    assert (first.status_code, again.status_code, first["Location"]) == (302, 302, again["Location"])
    found = NeedsAssessment.objects.get(on=timezone.localdate())
    assert found.answers == {"housing": 2, "family": "declined"}
    assert found.notes == {"housing": "Made up: a room"}


def test_what_cannot_be_comes_back_with_everything_typed(
    client: HttpClient, cast: Cast, stored: NeedsAssessment
) -> None:
    sign_in(client, cast.cleo)
    tomorrow = timezone.localdate() + timedelta(days=1)
    data = form(on=tomorrow.isoformat(), level_housing="2", note_housing="Made up: a room")
    answer = client.post(paths(cast, stored)["new"], data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This day has not come yet." in page
    assert "Made up: a room" in page
    assert 'value="2" id="id_level_housing_2" checked' in page


def test_two_versions_and_the_choice(client: HttpClient, cast: Cast, stored: NeedsAssessment) -> None:
    by = cast.by(cast.sue)
    correct(by=by, assessment=stored, version=1, on=DAY, answers={"housing": 1, "safety": 0}, strengths="Made up: hums")
    sign_in(client, cast.cleo)
    change = paths(cast, stored)["change"]
    data = form(on=DAY.isoformat(), version=1, level_housing="4", level_safety="4", level_substance_use="2")
    data |= {
        "note_substance_use": "Made up: a group",
        "note_housing": "Made up: a couch",
        "strengths": "Made up: sings",
    }
    shown = client.post(change, data)
    assert shown.status_code == 409
    page = shown.content.decode()
    for words in ("4 Urgent", "1 A little", "Made up: hums", "Made up: sings", "Sue"):
        assert words in page
    conflict = shown.context["conflict"]
    assert {one.name: one.prefer for one in conflict.differences} == {
        "level_housing": "mine",
        "level_safety": "saved",
        "strengths": "saved",
    }
    choice = {"keep": "chosen", "keep-level_housing": "mine", "keep-level_safety": "saved", "keep-strengths": "saved"}
    done = client.post(change, dict(conflict.typed) | {"version": conflict.version} | choice)
    assert done.status_code == 302
    found = NeedsAssessment.objects.get(pk=stored.pk)
    assert (found.answer("housing"), found.answer("safety"), found.strengths) == (4, 0, "Made up: hums")
    assert found.answer("substance_use") == 2


def test_an_administrator_keeps_the_domains(client: HttpClient, cast: Cast) -> None:
    sign_in(client, cast.ada)
    assert "Family and relationships" in client.get("/settings/domains/").content.decode()
    own = {"code": "child_care", "name_en": "Child care", "name_es": "Guardería", "order": "105"}
    assert client.post("/settings/domains/new/", {**own, "submission": uuid.uuid4()}).status_code == 302
    assert client.post("/settings/domains/new/", {**own, "submission": uuid.uuid4()}).status_code == 422
    page = client.get("/settings/domains/family/")
    assert (page.context["form"]["name_en"].value(), page.context["form"]["name_es"].value()) != ("", "")
    kin = {"name_en": "Kin", "name_es": "Parientes", "order": "100", "is_retired": "on", "submission": uuid.uuid4()}
    assert client.post("/settings/domains/family/", kin).status_code == 302
    assert DomainSetting.objects.get(code="family").is_retired
    assert client.get("/settings/domains/nowhere/").status_code == 404


def test_a_day_that_has_an_assessment_leads_to_it(client: HttpClient, cast: Cast) -> None:
    stay, today = cast.enrollment_of(cast.acacia), timezone.localdate()
    made = assess(by=cast.by(cast.cleo), enrollment=stay, on=today, answers={"housing": 2})
    sign_in(client, cast.cleo)
    address = reverse("needs:assess", kwargs={"client": cast.acacia.pk, "enrollment": stay.pk})
    to_it = reverse("needs:correct", kwargs={"client": cast.acacia.pk, "assessment": made.pk})
    assert to_it in client.get(address).content.decode()
    typed = {"on": today.isoformat(), "level-housing": "1", "submission": uuid.uuid4()}
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert to_it in answer.content.decode()


def test_an_administrators_old_page_does_not_undo_a_change(client: HttpClient, cast: Cast) -> None:
    DomainSetting.objects.create(
        agency=cast.riverbend, code="kin", name_en="Kin", name_es="Parientes", order=1, version=2
    )
    sign_in(client, cast.ada)
    old = {"name_en": "Kinship", "name_es": "Parientes", "order": "1", "version": "1", "submission": uuid.uuid4()}
    assert client.post("/settings/domains/kin/", old).status_code == 409
    assert DomainSetting.objects.get(code="kin").name_en == "Kin"


@pytest.mark.parametrize("who", ["cleo", "sue", "dora", "eve"])
def test_nobody_else_keeps_the_domains(client: HttpClient, cast: Cast, who: str) -> None:
    sign_in(client, getattr(cast, who))
    for address in ("/settings/domains/", "/settings/domains/new/", "/settings/domains/family/"):
        assert client.get(address).status_code == 403
