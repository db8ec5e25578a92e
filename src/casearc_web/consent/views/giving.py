"""Giving and ending: authorizations, consents, and the list of who may never sign."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from casearc_web.access.requests import StaffRequest
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import Agency
from casearc_web.clients.models import Client
from casearc_web.clients.pages import client_for, within
from casearc_web.consent import actions, codes, queries
from casearc_web.consent.categories import sections
from casearc_web.consent.codes import AuthorizationKind, Explained, Given, Relation
from casearc_web.consent.forms import PREVIEW, PRINT, BarForm, ConsentForm, GiveForm, RevokeForm, needs_words
from casearc_web.consent.signers import Facts, Needed
from casearc_web.drafts.saving import save_once


def give(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """A release of information."""
    return _give(request, client, AuthorizationKind.RELEASE)


def give_part2(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """A release of substance use information, on a paper of its own."""
    return _give(request, client, AuthorizationKind.PART2)


def _give(request: StaffRequest, client: uuid.UUID, kind: AuthorizationKind) -> HttpResponseBase:
    by = request.asker
    who = client_for(by, Verb.GIVE_AUTHORIZATION, client)
    form = GiveForm(request.POST or None, client=who, kind=kind)
    key = f"permission-{kind}:{who.pk}"
    if not form.is_valid():
        return _form(request, who, form, key)
    if form.step == PREVIEW:
        shown = list(sections(by, who, form.terms().categories))
        return _form(request, who, form, key, sections=shown, terms=form.terms())
    if form.step == PRINT:
        return _paper(request, who, form)

    def write() -> str:
        given = actions.give(by=by, client=who, terms=form.terms(), signers=form.signers(), facts=form.facts())
        return reverse("consent:authorization", kwargs={"client": who.pk, "authorization": given.pk})

    return _saved(request, key, form, write, _("The permission is saved."))


def _form(request: StaffRequest, who: Client, form: GiveForm | ConsentForm, key: str, **more: Any) -> HttpResponse:
    kind = form.kind if isinstance(form, GiveForm) else codes.ConsentKind.SERVICE
    facts = form.facts() if form.is_bound and form.is_valid() else Facts(age=form.age)
    needed = actions.needed_for(who, kind, facts)
    context = {
        "form": form,
        "key": key,
        "needed": needs_words(needed.signs),
        "at_least": max(1, len(needed.signs)),
        "because": _because(needed),
        "is_authorization": isinstance(form, GiveForm),
        "is_part2": kind is AuthorizationKind.PART2,
        "barred": queries.barred(request.asker, who),
        **more,
    }
    return within(request, who, "consent/give.html", context, status=422 if form.errors else 200)


def _paper(request: StaffRequest, who: Client, form: GiveForm) -> HttpResponse:
    """The page to be signed, in the language in which it is explained."""
    terms = form.terms()
    needed = actions.needed_for(who, form.kind, form.facts())
    language = "es" if terms.language == Explained.SPANISH else "en"
    with translation.override(language):
        context = {
            "client_name": who.identity.full_name if who.identity else who.code,
            "agency": Agency.objects.get(pk=who.agency_id),
            "terms": terms,
            "is_part2": form.kind is AuthorizationKind.PART2,
            "sign_lines": [needs_words(frozenset({one})) for one in sorted(needed.signs)],
            "paper_language": language,
        }
        return render(request, "consent/paper.html", context)


def record_consent(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """A consent, an assent, or a no."""
    by = request.asker
    who = client_for(by, Verb.GIVE_AUTHORIZATION, client)
    form, key = ConsentForm(request.POST or None, client=who), f"consent-new:{who.pk}"
    if not form.is_valid():
        return _form(request, who, form, key)

    def write() -> str:
        actions.record_consent(
            by=by, client=who, agreement=form.agreement(), signers=form.signers(), facts=form.facts()
        )
        return _answers(who)

    return _saved(request, key, form, write, _("The answer is saved."))


def revoke(request: StaffRequest, client: uuid.UUID, authorization: uuid.UUID) -> HttpResponseBase:
    """End an authorization."""
    by = request.asker
    who = client_for(by, Verb.REVOKE_AUTHORIZATION, client)
    one = queries.authorization_for(by, Verb.REVOKE_AUTHORIZATION, who, authorization)
    form, key = RevokeForm(request.POST or None), f"permission-revoke:{one.pk}"
    if not form.is_valid():
        back = reverse("consent:authorization", kwargs={"client": who.pk, "authorization": one.pk})
        return _revoke_page(request, who, form, {"one": one, "key": key, "back": back})

    def write() -> str:
        actions.revoke(by=by, authorization=one, **_said(form))
        return _tab(who)

    return _saved(request, key, form, write, _("The permission has ended. Nothing more is disclosed under it."))


def withdraw(request: StaffRequest, client: uuid.UUID, consent: uuid.UUID) -> HttpResponseBase:
    """End a consent."""
    by = request.asker
    who = client_for(by, Verb.REVOKE_AUTHORIZATION, client)
    one = queries.consent_for(by, Verb.REVOKE_AUTHORIZATION, who, consent)
    form, key = RevokeForm(request.POST or None), f"consent-withdraw:{one.pk}"
    if not form.is_valid():
        return _revoke_page(request, who, form, {"consent": one, "key": key, "back": _answers(who)})

    def write() -> str:
        actions.withdraw(by=by, consent=one, **_said(form))
        return _answers(who)

    return _saved(request, key, form, write, _("The consent has ended."))


def bar(request: StaffRequest, client: uuid.UUID) -> HttpResponseBase:
    """Note who may never sign, and say which live permissions carry their signature."""
    by = request.asker
    who = client_for(by, Verb.GIVE_AUTHORIZATION, client)
    form, key = BarForm(request.POST or None), f"never-signs:{who.pk}"
    if not form.is_valid():
        barred = queries.barred(by, who)
        page = {"form": form, "key": key, "back": _tab(who), "barred": barred}
        return within(request, who, "consent/bar.html", page, status=422 if form.errors else 200)
    signed = queries.signed_by(by, who, form.cleaned_data["name"])

    def write() -> str:
        actions.bar_signer(by=by, client=who, name=form.cleaned_data["name"], relation=form.cleaned_data["relation"])
        return _tab(who)

    answer = _saved(request, key, form, write, _("Noted. This person can no longer sign."))
    if signed:
        said = _("%(count)d live permissions carry this person's signature. Look at them and end them.")
        messages.warning(request, said % {"count": len(signed)})
    return answer


def unbar(request: StaffRequest, client: uuid.UUID, signer: uuid.UUID) -> HttpResponseBase:
    """Take back a note that was a mistake."""
    by = request.asker
    who = client_for(by, Verb.REVOKE_AUTHORIZATION, client)
    found = queries.barred_for(by, who, signer)
    if request.method != "POST":
        return within(request, who, "consent/unbar.html", {"found": found, "back": _tab(who)})
    actions.unbar_signer(by=by, barred=found)
    messages.success(request, _("The note is removed."))
    return HttpResponseRedirect(_tab(who))


def _saved(request: StaffRequest, key: str, form: Any, write: Any, said: str) -> HttpResponseBase:
    answer = save_once(request, key=key, submission=form.cleaned_data["submission"], write=write)
    messages.success(request, said)
    return answer


def _said(form: RevokeForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {"asked_by": Relation(data["asked_by"]), "how": Given(data["how"]), "reason": data["reason"]}


def _revoke_page(request: StaffRequest, who: Client, form: RevokeForm, context: dict[str, Any]) -> HttpResponse:
    page = {"form": form, **context}
    return within(request, who, "consent/revoke.html", page, status=422 if form.errors else 200)


def _because(needed: Needed) -> list[dict[str, str]]:
    language = (translation.get_language() or "en")[:2]
    return [
        {"rules": rules.name, "says": row.says.get(language, row.says["en"]), "source": row.source}
        for rules, row in needed.because
    ]


def _tab(who: Client) -> str:
    return reverse("consent:permissions", kwargs={"client": who.pk})


def _answers(who: Client) -> str:
    return reverse("consent:consents", kwargs={"client": who.pk})
