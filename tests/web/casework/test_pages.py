"""Pages of casework: three taps to a contact, nobody else's page, nothing typed lost, few queries, two languages."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from casearc_web.agencies.models import StaffMember
from casearc_web.audit.models import AuditDetail, AuditEvent
from casearc_web.casework.models import CaseworkRules, Contact, ContactTemplate, ServiceKind
from casearc_web.clients.models import Client
from casearc_web.enrollments.models import CareTeamMember, Enrollment
from web.cast import Cast

Enter = Callable[[StaffMember], Browser]
Fill = Callable[..., dict[str, Any]]
Record = Callable[..., Contact]


def new(client: Client) -> str:
    return reverse("casework:new", args=[client.pk])


def of(name: str, contact: Contact) -> str:
    return reverse(f"casework:{name}", args=[contact.enrollment.client_id, contact.pk])


def address_of(name: str, contact: Contact) -> str:
    """A page by name, about this contact or its client where it is about one."""
    if name in ("contact", "edit", "withdraw", "history", "give_back"):
        return of(name, contact)
    return reverse(f"casework:{name}", args=[contact.enrollment.client_id] if name in ("contacts", "new") else [])


def test_the_usual_is_filled_in(cast: Cast, signed_in: Enter, record: Record) -> None:
    record(medium="video")
    form = signed_in(cast.cleo).get(new(cast.acacia)).context["form"]
    filled = {name: form[name].value() for name in ("on", "outcome", "contact_type", "medium", "minutes")}
    assert filled == {
        "on": timezone.localdate(),
        "outcome": "completed",
        "contact_type": "client",
        "medium": "video",  # as last time
        "minutes": None,  # the one thing that is never guessed
    }


def test_minutes_and_the_button_are_enough(cast: Cast, signed_in: Enter, typed: Fill) -> None:
    """Three taps from the menu: the client, the minutes, save."""
    browser = signed_in(cast.cleo)
    quick = browser.get(reverse("casework:quick"))
    assert new(cast.acacia) in quick.content.decode()
    form = browser.get(new(cast.acacia)).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    answer = browser.post(new(cast.acacia), {**sent, "minutes": "15"})
    assert answer.status_code == 302
    contact = Contact.objects.get()
    assert (contact.minutes, contact.on, contact.with_whom) == (15, timezone.localdate(), ["client"])


def test_no_answer_is_one_tap(cast: Cast, signed_in: Enter) -> None:
    browser = signed_in(cast.cleo)
    row = browser.get(reverse("casework:quick")).context["rows"][0]["form"]
    sent = {"submission": row["submission"].value(), "enrollment": row["enrollment"].value()}
    for _ in range(2):  # tapped twice by mistake
        browser.post(reverse("casework:no_answer", args=[cast.acacia.pk]), sent)
    contact = Contact.objects.get()
    assert (contact.outcome, contact.medium, contact.minutes) == ("attempted", "phone", None)
    assert (contact.enrollment.client, contact.on) == (cast.acacia, timezone.localdate())


def test_no_answer_is_one_tap_on_the_caseload_too(cast: Cast, signed_in: Enter) -> None:
    browser = signed_in(cast.cleo)
    page = browser.get(reverse("enrollments:home")).content.decode()
    address = reverse("casework:no_answer", args=[cast.acacia.pk])
    shared = page.split('id="tap-')[1].split("</form>")[0]
    button = page.split(f'formaction="{address}"')[1].split(">")[0]
    sent = dict(re.findall(r'name="(\w+)" value="([^"]+)"', shared + button))
    for _ in range(2):
        answer = browser.post(address, sent)
        assert (answer.status_code, answer["Location"]) == (302, reverse("enrollments:home"))
    assert Contact.objects.get().outcome == "attempted"
    other = cast.enrollment_of(cast.birch)
    CareTeamMember.objects.create(agency=cast.riverbend, enrollment=other, staff=cast.cleo, since=other.started_on)
    browser.post(reverse("casework:no_answer", args=[cast.birch.pk]), {**sent, "enrollment": str(other.pk)})
    assert Contact.objects.count() == 2, "a tap on another line of the same page is no repetition"


REFUSED = [
    # typed                                       → the field that says so
    ({"minutes": None}, "minutes"),
    ({"minutes": "other"}, "minutes_other"),
    ({"minutes": "other", "minutes_other": "1441"}, "minutes_other"),
    ({"minutes": "other", "minutes_other": "-1"}, "minutes_other"),
    ({"contact_type": "session"}, "contact_type"),
    ({"outcome": "missed"}, "outcome"),
    ({"medium": "pigeon"}, "medium"),
    ({"on": None}, "on"),
    ({"on": (date.today() + timedelta(days=2)).isoformat()}, "on"),
    ({"on": "2026-01-14"}, "outside"),  # the day before the enrollment began
    ({"services": [str(uuid.uuid4())]}, "services"),
]


@pytest.mark.parametrize(("changes", "field"), REFUSED)
def test_what_is_refused_comes_back_with_everything_typed(
    cast: Cast, signed_in: Enter, typed: Fill, changes: dict[str, Any], field: str
) -> None:
    answer = signed_in(cast.cleo).post(new(cast.acacia), typed(note="kept-words", **changes))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    page = answer.content.decode()
    assert "kept-words" in page
    assert 'id="error-summary"' in page
    assert not Contact.objects.exists()


MINUTES = [
    ({"minutes": "45"}, 45),
    ({"minutes": "other", "minutes_other": "0"}, 0),
    ({"minutes": None, "minutes_other": "70"}, 70),
    ({"minutes": "none"}, None),
    ({"minutes": None, "outcome": "attempted"}, None),
    ({"minutes": "5", "outcome": "attempted"}, 5),
]


@pytest.mark.parametrize(("changes", "minutes"), MINUTES)
def test_minutes_as_they_are_kept(
    cast: Cast, signed_in: Enter, typed: Fill, changes: dict[str, Any], minutes: int | None
) -> None:
    assert signed_in(cast.cleo).post(new(cast.acacia), typed(**changes)).status_code == 302
    assert Contact.objects.get().minutes == minutes


def test_a_day_outside_the_enrollment_is_kept_once_confirmed(cast: Cast, signed_in: Enter, typed: Fill) -> None:
    browser = signed_in(cast.cleo)
    answer = browser.post(new(cast.acacia), typed(on="2026-01-14"))
    assert 'name="outside"' in answer.content.decode()
    assert browser.post(new(cast.acacia), typed(on="2026-01-14", outside="on")).status_code == 302
    assert Contact.objects.get().on == date(2026, 1, 14)


def test_with_several_enrollments_it_asks(cast: Cast, signed_in: Enter, typed: Fill) -> None:
    first = cast.enrollment_of(cast.acacia)
    second = Enrollment.objects.create(
        agency=cast.riverbend, client=cast.acacia, program=cast.south, started_on=date(2026, 2, 1)
    )
    second.care_team.create(agency=cast.riverbend, staff=cast.cleo, since=date(2026, 2, 1))
    browser = signed_in(cast.cleo)
    assert list(browser.post(new(cast.acacia), typed()).context["form"].errors) == ["enrollment"]
    browser.post(new(cast.acacia), typed(enrollment=str(second.pk)))
    assert Contact.objects.get().enrollment == second
    browser.post(new(cast.acacia), typed(on="2026-01-20"))  # only the first was open
    assert Contact.objects.filter(enrollment=first).count() == 1


def test_a_form_sent_twice_makes_one_contact(cast: Cast, signed_in: Enter, typed: Fill) -> None:
    browser, form = signed_in(cast.cleo), typed()
    answers = [browser.post(new(cast.acacia), form) for _ in range(2)]
    assert [answer.url for answer in answers] == [reverse("casework:contacts", args=[cast.acacia.pk])] * 2
    assert Contact.objects.count() == 1


def test_a_template_fills_in_and_keeps_no_empty_heading(
    cast: Cast, signed_in: Enter, typed: Fill, catalog: dict[str, ServiceKind]
) -> None:
    template = ContactTemplate.objects.create(
        agency=cast.riverbend,
        program=cast.north,
        name="Home visit",
        contact_type="caregiver",
        medium="in_person",
        minutes=50,
        services=["transport"],
        headings=["Mood", "Plan"],
    )
    browser = signed_in(cast.cleo)
    form = browser.get(f"{new(cast.acacia)}?template={template.pk}").context["form"]
    assert form["contact_type"].value() == "caregiver"
    assert (form["minutes"].value(), form["minutes_other"].value()) == ("other", 50)
    assert form["services"].value() == [str(catalog["transport"].pk)]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert browser.post(new(cast.acacia), sent).status_code == 302
    contact = Contact.objects.get()
    assert (contact.note, contact.template, contact.minutes) == ("", template, 50)
    assert [one.kind.code for one in contact.delivered] == ["transport"]


def test_a_contact_that_somebody_changed_meanwhile_shows_both_versions(
    cast: Cast, signed_in: Enter, typed: Fill, record: Record
) -> None:
    contact = record(minutes=30, note="As it was.")
    mine = typed(version="1", minutes="60", note="As it was.")
    assert signed_in(cast.sue).post(of("edit", contact), typed(version="1", note="By Sue.")).status_code == 302
    browser = signed_in(cast.cleo)
    answer = browser.post(of("edit", contact), mine)
    assert answer.status_code == 409
    sides = {one.name: (one.mine, one.saved, one.prefer) for one in answer.context["conflict"].differences}
    assert sides == {"minutes": ("60", "30", "mine"), "note": ("As it was.", "By Sue.", "saved")}
    chosen = {**mine, "version": "2", "keep": "chosen", "keep-minutes": "mine", "keep-note": "saved"}
    assert browser.post(of("edit", contact), chosen).status_code == 302
    stored = Contact.objects.get()
    assert (stored.minutes, stored.note, stored.version) == (60, "By Sue.", 3)


def test_both_versions_are_shown_where_only_the_amount_of_a_service_differs(
    cast: Cast, signed_in: Enter, record: Record, typed: Fill, catalog: dict[str, ServiceKind]
) -> None:
    food = catalog["food"]
    contact = record(services={food.pk: None})
    sent = {"services": [str(food.pk)], "version": "1"}
    sue = typed(**sent, **{f"quantity-{food.pk}": "3"})
    assert signed_in(cast.sue).post(of("edit", contact), sue).status_code == 302
    browser, mine = signed_in(cast.cleo), typed(**sent, **{f"quantity-{food.pk}": "2.5"})
    answer = browser.post(of("edit", contact), mine)
    assert answer.status_code == 409
    sides = {one.name: (one.mine, one.saved) for one in answer.context["conflict"].differences}
    unit = food.get_unit_display()
    assert sides == {"services": (f"{food}: 2.5 {unit}", f"{food}: 3 {unit}")}
    chosen = {**mine, "version": "2", "keep": "chosen", "keep-services": "saved"}
    assert browser.post(of("edit", contact), chosen).status_code == 302
    assert [float(one.quantity) for one in Contact.objects.get().delivered] == [3.0]


def test_amounts_of_services_can_be_changed(
    cast: Cast, signed_in: Enter, record: Record, typed: Fill, catalog: dict[str, ServiceKind]
) -> None:
    food, talk = catalog["food"], catalog["counseling"]
    contact, browser = record(services={food.pk: None, talk.pk: None}), signed_in(cast.cleo)
    shown = {field.name: field.value() for field in browser.get(of("edit", contact)).context["form"].quantity_fields()}
    assert shown == {f"quantity-{food.pk}": "1", f"quantity-{talk.pk}": "30"}
    sent = {"services": [str(food.pk), str(talk.pk)], f"quantity-{food.pk}": "2.5", f"quantity-{talk.pk}": "30"}
    assert browser.post(of("edit", contact), typed(version="1", **sent)).status_code == 302
    amounts = {one.kind: float(one.quantity) for one in Contact.objects.get().delivered}
    assert amounts == {food: 2.5, talk: 30.0}


def test_signing_in_one_tap_and_returning(cast: Cast, signed_in: Enter, record: Record) -> None:
    CaseworkRules.objects.create(agency=cast.riverbend, program=cast.north, signing="everybody")
    first, second = record(note="First words."), record(note="Second words.")
    browser = signed_in(cast.sue)
    page = browser.get(reverse("casework:to_sign")).content.decode()
    assert "First words." in page
    browser.post(of("sign", first), {"version": "1"})
    browser.post(of("give_back", second), {"version": "1", "comment": "Say when."})
    states = {one.pk: one.signature for one in Contact.objects.all()}
    assert states == {first.pk: "signed", second.pk: "returned"}
    assert "Say when." in signed_in(cast.cleo).get(of("edit", second)).content.decode()


def test_signing_what_was_changed_says_so(cast: Cast, signed_in: Enter, record: Record) -> None:
    CaseworkRules.objects.create(agency=cast.riverbend, program=cast.north, signing="everybody")
    contact = record()
    Contact.objects.filter(pk=contact.pk).update(version=2)
    answer = signed_in(cast.sue).post(of("sign", contact), {"version": "1"}, follow=True)
    assert [str(message.level_tag) for message in answer.context["messages"]] == ["warning"]
    assert Contact.objects.get().signature == "waiting"


READS = ("contact", "history", "edit", "withdraw", "give_back")
REACH = [
    # who     their own client's contact (Cleo's): contact, history, edit, withdraw, return
    ("cleo", (200, 200, 200, 200, 403)),
    ("sue", (200, 200, 200, 200, 200)),
    ("dora", (200, 200, 200, 200, 200)),
    ("carl", (404, 404, 404, 404, 403)),
    ("faye", (404, 404, 404, 404, 403)),
    ("fay", (404, 404, 404, 404, 404)),
    ("eve", (403, 403, 403, 403, 403)),
    ("ada", (403, 403, 403, 403, 403)),
]


@pytest.mark.parametrize(("who", "statuses"), REACH)
def test_who_reaches_a_contacts_pages(
    cast: Cast, signed_in: Enter, record: Record, who: str, statuses: tuple[int, ...]
) -> None:
    contact, browser = record(note="zebra-marker"), signed_in(getattr(cast, who))
    for name, status in zip(READS, statuses, strict=True):
        answer = browser.get(of(name, contact))
        assert (name, answer.status_code) == (name, status)
        assert (b"zebra-marker" in answer.content) <= (status == 200)


def test_a_contact_is_not_reached_through_another_client(cast: Cast, signed_in: Enter, record: Record) -> None:
    contact = record()
    address = reverse("casework:contact", args=[cast.cedar.pk, contact.pk])
    assert signed_in(cast.cleo).get(address).status_code == 404


def test_what_was_written_stays_in_the_page(
    cast: Cast, signed_in: Enter, typed: Fill, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """A note's words never stand in an address, a title, a log or the audit."""
    marker, browser = "zebra-marker", signed_in(cast.cleo)
    words = {"note": f"{marker} one", "next_step": f"{marker} two"}
    refused = browser.post(new(cast.acacia), typed(minutes=None, **words))
    saved = browser.post(new(cast.acacia), typed(**words))
    contact = Contact.objects.get()
    changed = browser.post(of("edit", contact), typed(version="1", note=f"{marker} three"))
    stale = browser.post(of("edit", contact), typed(version="1", note=f"{marker} four"))
    gone = browser.post(of("withdraw", contact), {"version": "2", "reason": f"{marker} five"})
    assert [one.status_code for one in (refused, saved, changed, stale, gone)] == [422, 302, 302, 409, 302]
    for answer in (refused, stale, browser.get(of("contact", contact)), browser.get(of("history", contact))):
        assert marker in answer.content.decode()
        assert marker not in answer.content.decode().split("</title>")[0]
        assert marker not in str(answer.headers)
    assert all(marker not in answer.url for answer in (saved, changed, gone))
    events = [str(event.__dict__) for event in AuditEvent.objects.all()]
    assert marker not in "".join([*events, *AuditDetail.objects.values_list("text", flat=True)])
    assert marker not in caplog.text + "".join(capfd.readouterr())


PAGES = ("quick", "contacts", "new", "contact", "edit", "to_sign", "settings")


@pytest.mark.parametrize("name", PAGES)
def test_few_queries_however_many_contacts(
    cast: Cast,
    signed_in: Enter,
    record: Record,
    catalog: dict[str, ServiceKind],
    name: str,
) -> None:
    CaseworkRules.objects.create(agency=cast.riverbend, program=cast.north, signing="everybody")
    contacts = [record(services={catalog["food"].pk: None, catalog["transport"].pk: None}) for _ in range(30)]
    browser = signed_in(cast.sue)
    address = address_of(name, contacts[0])
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    told = [query["sql"] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(told) <= MOST_QUERIES, told


MOST_QUERIES = 15
"""In all, without the marks of a transaction within the test's own."""


@pytest.mark.parametrize("name", [*PAGES, "withdraw", "history", "give_back", "kind_new", "template_new"])
def test_pages_in_spanish(
    cast: Cast, signed_in: Enter, record: Record, catalog: dict[str, ServiceKind], name: str
) -> None:
    CaseworkRules.objects.create(agency=cast.riverbend, program=cast.north, signing="everybody")
    contact = record(services={catalog["food"].pk: None})
    StaffMember.objects.filter(pk=cast.sue.pk).update(language="es")
    cast.sue.refresh_from_db()
    answer = signed_in(cast.sue).get(address_of(name, contact))
    assert answer.status_code == 200
    assert '<html lang="es"' in answer.content.decode()
    if name in ("contact", "new", "edit", "settings"):
        assert "Comida" in answer.content.decode()  # the catalog's own Spanish name


def test_a_director_sets_rules_templates_and_kinds(cast: Cast, signed_in: Enter) -> None:
    browser = signed_in(cast.dora)
    rules = reverse("casework:rules", args=[cast.north.pk])
    form = {"signing": "new_staff", "new_for_days": "60", "contact_every_days": "7"}
    assert browser.post(rules, {**form, "version": "0"}).status_code == 302
    assert browser.post(rules, {**form, "version": "0", "new_for_days": "30"}).status_code == 409
    assert browser.post(rules, {**form, "version": "1", "new_for_days": "30"}).status_code == 302
    stored = CaseworkRules.objects.get()
    assert (stored.signing, stored.new_for_days, stored.contact_every_days) == ("new_staff", 30, 7)
    kind = {"name_en": "Bike", "name_es": "Bicicleta", "category": "support", "unit": "items", "code": "bike"}
    assert browser.post(reverse("casework:kind_new"), {**kind, "submission": str(uuid.uuid4())}).status_code == 302
    assert browser.post(reverse("casework:kind_new"), {**kind, "submission": str(uuid.uuid4())}).status_code == 422
    template = {"program": str(cast.north.pk), "name": "Visit", "services": ["bike"], "is_offered": "on"}
    template |= {"headings": "Mood:\n\nPlan", "submission": str(uuid.uuid4())}
    ServiceKind.objects.update(is_offered=True)
    assert browser.post(reverse("casework:template_new"), template).status_code == 302
    made = ContactTemplate.objects.get()
    assert (made.headings, made.services) == (["Mood", "Plan"], ["bike"])


def test_nobody_sets_another_program(cast: Cast, signed_in: Enter) -> None:
    for staff in (cast.dora, cast.sue, cast.fay):
        assert signed_in(staff).get(reverse("casework:rules", args=[cast.south.pk])).status_code == 404
    assert signed_in(cast.cleo).get(reverse("casework:settings")).status_code == 403
