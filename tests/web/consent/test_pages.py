"""On the pages: a permission is given, looked at, printed, revoked, disclosed under; each only by those who may."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from casearc_web.agencies.models import StaffMember
from casearc_web.audit.models import AuditDetail, AuditEvent
from casearc_web.clients.models import Client
from casearc_web.consent import actions
from casearc_web.consent.codes import AuthorizationKind, Category, Given, Relation
from casearc_web.consent.models import Authorization, BarredSigner, Consent, Disclosure, Revocation
from casearc_web.vault.models import ContactWay, Permission
from web.cast import Cast, sign_in
from web.consent.giving import COURT, give


@pytest.fixture
def at(client: Browser, cast: Cast) -> Callable[..., Browser]:
    """`at(cast.cleo)`: the browser with somebody signed in."""

    def signed_in(staff: StaffMember, language: str = "en") -> Browser:
        StaffMember.objects.filter(pk=staff.pk).update(language=language)
        staff.refresh_from_db()
        sign_in(client, staff)
        return client

    return signed_in


def url(name: str, who: Client, **more: Any) -> str:
    return reverse(f"consent:{name}", kwargs={"client": who.pk, **more})


def typed(**other: Any) -> dict[str, Any]:
    """A filled-in form: for a court, signed by the client and a parent."""
    return {
        "submission": str(uuid.uuid4()),
        "purpose": "court",
        "organization": COURT.organization,
        "person": COURT.person,
        "categories": ["identity", "demographics"],
        "how": "in_person",
        "language": "en",
        "not_a_condition": "on",
        "signer0_relation": "client",
        "signer0_how": "paper",
        "signer1_relation": "parent",
        "signer1_name": "Olive Oriole",
        "signer1_how": "paper",
        "signer1_abuser": "no",
        "do": "save",
        **other,
    }


def test_it_is_given_and_stands_on_the_tab(cast: Cast, at: Callable[..., Browser]) -> None:
    browser = at(cast.cleo)
    answer = browser.post(url("give", cast.acacia), typed())
    given = Authorization.objects.get()
    assert answer.url == url("authorization", cast.acacia, authorization=given.pk)
    assert sorted(given.categories.values_list("category", flat=True)) == ["demographics", "identity"]
    assert given.rules["signs"] == ["client", "parent_or_guardian"]
    assert given.rules["rules"] == ["vawa 1"]
    signatures = sorted((one.relation, one.name) for one in given.signatures.all())
    assert signatures == [("client", ""), ("parent", "Olive Oriole")]
    shown = browser.get(url("permissions", cast.acacia)).content.decode()
    assert COURT.organization in shown
    assert "Live" in shown


WRONG = [
    ({"signer1_relation": ""}, "a parent or guardian"),
    ({"signer1_abuser": ""}, "Answer this"),
    ({"signer1_abuser": "yes"}, "can never sign"),
    ({"categories": []}, "required"),
    ({"categories": ["substance_use"]}, "valid choice"),
    ({"organization": ""}, "required"),
    ({"purpose": "other"}, "what it is for"),
    ({"not_a_condition": ""}, "never depend"),
    ({"expires_on": "2099-01-01"}, "at most"),
    ({"expires_on": "2026-01-01"}, "passed already"),
    ({"signer0_on": "2099-01-01"}, "day to come"),
]


@pytest.mark.parametrize(("change", "says"), WRONG)
def test_what_is_wrong_is_said_and_nothing_is_saved(
    cast: Cast, at: Callable[..., Browser], change: dict[str, Any], says: str
) -> None:
    answer = at(cast.cleo).post(url("give", cast.acacia), typed(**change))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Authorization.objects.exists()


def test_who_is_barred_cannot_sign(cast: Cast, at: Callable[..., Browser]) -> None:
    browser = at(cast.cleo)
    browser.post(url("bar", cast.acacia), {"submission": str(uuid.uuid4()), "name": "OLIVE oriole", "relation": ""})
    assert browser.post(url("give", cast.acacia), typed()).status_code == 422
    barred = BarredSigner.objects.get()
    browser.post(url("unbar", cast.acacia, signer=barred.pk))
    assert browser.post(url("give", cast.acacia), typed()).status_code == 302


def test_sent_twice_it_is_given_once(cast: Cast, at: Callable[..., Browser]) -> None:
    browser, form = at(cast.cleo), typed()
    first, second = browser.post(url("give", cast.acacia), form), browser.post(url("give", cast.acacia), form)
    assert first.url == second.url
    assert Authorization.objects.count() == 1


def test_a_look_at_what_they_would_see_saves_nothing(cast: Cast, at: Callable[..., Browser]) -> None:
    unsigned = {"signer0_relation": "", "signer1_relation": "", "not_a_condition": ""}
    answer = at(cast.cleo).post(url("give", cast.acacia), typed(do="preview", **unsigned))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "would see today" in shown
    assert "Acacia" in shown
    assert not Authorization.objects.exists()


@pytest.mark.parametrize(("language", "says"), [("en", "You do not have to sign"), ("es", "No está obligad")])
def test_the_paper_is_in_the_language_it_is_explained_in(
    cast: Cast, at: Callable[..., Browser], language: str, says: str
) -> None:
    answer = at(cast.cleo).post(url("give", cast.acacia), typed(do="print", language=language))
    shown = answer.content.decode()
    assert f'<article lang="{language}">' in shown
    assert "Acacia Oriole" in shown
    assert "Acacia" not in shown.partition("<title>")[2].partition("</title>")[0]
    if language == "en":
        assert says in shown


def test_revoked_on_one_page(cast: Cast, at: Callable[..., Browser]) -> None:
    one = give(cast.by(cast.cleo), cast.acacia)
    form = {"submission": str(uuid.uuid4()), "asked_by": "client", "how": "phone", "reason": "made-up words"}
    at(cast.cleo).post(url("revoke", cast.acacia, authorization=one.pk), form)
    assert Revocation.objects.get().authorization == one
    assert not any("made-up words" in detail.text for detail in AuditDetail.objects.all())


def test_a_no_to_research_is_kept(cast: Cast, at: Callable[..., Browser]) -> None:
    form = {
        "submission": str(uuid.uuid4()),
        "kind": "research_assent",
        "answer": "declined",
        "study": "RIVER-1",
        "how": "in_person",
        "language": "en",
    }
    at(cast.cleo).post(url("record_consent", cast.acacia), form)
    assert Consent.objects.get().answer == "declined"


# Disclosing


def phone(cast: Cast, number: str, permission: Permission) -> None:
    own = {"agency": cast.riverbend, "identity": cast.acacia.identity}
    ContactWay.objects.create(**own, channel="call", value=number, permission=permission)


def choice(*categories: str, do: str = "confirm", submission: str = "") -> dict[str, Any]:
    return {
        "submission": submission or str(uuid.uuid4()),
        "categories": list(categories),
        "delivery": "handed",
        "do": do,
    }


def test_exactly_what_was_chosen_goes_out_and_is_written_down(cast: Cast, at: Callable[..., Browser]) -> None:
    phone(cast, "555-0199", Permission.SAFE)
    one = give(cast.by(cast.cleo), cast.acacia, categories=(Category.IDENTITY, Category.CONTACT_WAYS))
    browser = at(cast.sue)
    page = url("disclose", cast.acacia, authorization=one.pk)
    looked = browser.post(page, choice("identity", do="preview")).content.decode()
    assert "Exactly this goes out" in looked
    assert not Disclosure.objects.exists()
    shown = browser.post(page, choice("identity")).content.decode()
    assert "Oriole" in shown
    assert "555-0199" not in shown
    done = Disclosure.objects.get()
    assert (done.categories, done.delivery, done.entered_by) == (["identity"], "handed", cast.sue)
    event = AuditEvent.objects.filter(verb="disclose").latest("number")
    words = event.detail.text
    assert str(one.pk) in words
    assert "identity" in words
    assert "Oriole" not in words
    assert COURT.organization in browser.get(url("disclosures", cast.acacia)).content.decode()


def test_as_a_file(cast: Cast, at: Callable[..., Browser]) -> None:
    one = give(cast.by(cast.cleo), cast.acacia)
    answer = at(cast.sue).post(url("disclose", cast.acacia, authorization=one.pk), choice("identity", do="download"))
    assert answer["Content-Disposition"] == 'attachment; filename="statement.html"'
    assert "no-store" in answer["Cache-Control"]
    assert "<script" not in answer.content.decode()


def test_sent_twice_it_is_disclosed_once(cast: Cast, at: Callable[..., Browser]) -> None:
    one = give(cast.by(cast.cleo), cast.acacia)
    browser, form = at(cast.sue), choice("identity", submission=str(uuid.uuid4()))
    page = url("disclose", cast.acacia, authorization=one.pk)
    assert browser.post(page, form).status_code == 200
    assert browser.post(page, form).url == url("disclosures", cast.acacia)
    assert Disclosure.objects.count() == 1


def end(cast: Cast, one: Authorization, how: str) -> None:
    if how == "revoked":
        actions.revoke(by=cast.by(cast.cleo), authorization=one, asked_by=Relation.CLIENT, how=Given.PHONE)
    else:
        yesterday = timezone.localdate() - timedelta(days=1)
        Authorization.objects.filter(pk=one.pk).update(given_on=yesterday, expires_on=yesterday)


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_ended_between_the_look_and_the_confirmation_nothing_goes_out(
    cast: Cast, at: Callable[..., Browser], how: str
) -> None:
    one = give(cast.by(cast.cleo), cast.acacia)
    browser, page = at(cast.sue), url("disclose", cast.acacia, authorization=one.pk)
    assert browser.post(page, choice("identity", do="preview")).status_code == 200
    end(cast, one, how)
    answer = browser.post(page, choice("identity"))
    assert answer.status_code == 409
    assert "2010" not in answer.content.decode()
    assert not Disclosure.objects.exists()
    denied = AuditEvent.objects.latest("number")
    assert (denied.verb, denied.outcome, denied.staff_id) == ("disclose", "denied", cast.sue.pk)


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_the_action_itself_refuses_too(cast: Cast, how: str) -> None:
    one = give(cast.by(cast.cleo), cast.acacia)
    end(cast, one, how)
    with pytest.raises(actions.NotPermittedError):
        actions.disclose(by=cast.by(cast.sue), authorization=one, categories=[Category.IDENTITY], delivery="handed")


def test_what_it_does_not_name_is_refused(cast: Cast) -> None:
    one = give(cast.by(cast.cleo), cast.acacia)
    for wanted in ([Category.NOTES], [Category.IDENTITY, Category.NOTES], []):
        with pytest.raises(actions.NotPermittedError):
            actions.disclose(by=cast.by(cast.sue), authorization=one, categories=wanted, delivery="handed")


def test_substance_use_goes_out_by_those_who_see_it(cast: Cast, at: Callable[..., Browser]) -> None:
    Client.objects.filter(pk=cast.acacia.pk).update(substance_use="treatment")
    part2 = {"kind": AuthorizationKind.PART2, "categories": (Category.SUBSTANCE_USE,)}
    one = give(cast.by(cast.cleo), cast.acacia, **part2)
    browser = at(cast.sue)
    assert browser.post(url("disclose", cast.acacia, authorization=one.pk), choice("substance_use")).status_code == 409
    own = url("disclose_part2", cast.acacia, authorization=one.pk)
    assert browser.post(own, choice("substance_use")).status_code in (403, 404)
    shown = at(cast.cleo).post(own, choice("substance_use")).content.decode()
    assert "In treatment" in shown
    assert "42 CFR part 2 prohibits" in shown


def test_ways_never_to_be_used_never_go_out(cast: Cast, at: Callable[..., Browser]) -> None:
    phone(cast, "555-0666", Permission.NEVER)
    one = give(cast.by(cast.cleo), cast.acacia, categories=(Category.CONTACT_WAYS,))
    page = url("disclose", cast.acacia, authorization=one.pk)
    assert "555-0666" not in at(cast.sue).post(page, choice("contact_ways")).content.decode()


DOORS = [
    # who,   tab, give, disclose
    ("cleo", 200, 200, 403),
    ("carl", 404, 404, 403),
    ("sue", 200, 200, 200),
    ("dora", 200, 200, 200),
    ("eve", 403, 403, 403),
    ("ada", 403, 403, 403),
    ("faye", 404, 404, 403),
    ("fay", 404, 404, 404),
]


@pytest.mark.parametrize(("who", "tab", "giving", "disclosing"), DOORS)
def test_every_door(
    cast: Cast, at: Callable[..., Browser], who: str, tab: int, giving: int, disclosing: int
) -> None:
    one = give(cast.by(cast.cleo), cast.acacia)
    browser = at(getattr(cast, who))
    doors = [
        url("permissions", cast.acacia),
        url("give", cast.acacia),
        url("disclose", cast.acacia, authorization=one.pk),
    ]
    assert [browser.get(door).status_code for door in doors] == [tab, giving, disclosing]


def test_one_client_does_not_open_anothers(cast: Cast, at: Callable[..., Browser]) -> None:
    one = give(cast.by(cast.cleo), cast.acacia)
    assert at(cast.cleo).get(url("authorization", cast.cedar, authorization=one.pk)).status_code == 404


SAVEPOINTS = 4
"""The log's transaction, which in a test lies within another."""


PAGES = ["permissions", "consents", "give", "give_part2", "record_consent", "bar", "disclosures"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_show_and_ask_little_of_the_database(
    cast: Cast,
    at: Callable[..., Browser],
    django_assert_max_num_queries: Any,
    name: str,
    language: str,
) -> None:
    for _turn in range(4):
        give(cast.by(cast.cleo), cast.acacia)
    browser = at(cast.cleo, language)
    with django_assert_max_num_queries(15 + SAVEPOINTS):
        shown = browser.get(url(name, cast.acacia)).content.decode()
    assert f'<html lang="{language}">' in shown
