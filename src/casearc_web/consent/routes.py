"""The app's addresses, each with its rule."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from casearc_web.access.routes import View, page
from casearc_web.access.verbs import Verb
from casearc_web.consent.views import disclosing, giving, ledger

app_name = "consent"

_ALL = "clients/<uuid:client>/permissions/"
_ONE = f"{_ALL}<uuid:authorization>/"
_CONSENTS = "clients/<uuid:client>/consents/"
_SIGNERS = "clients/<uuid:client>/never-signs/"


def _reads(route: str, view: View, name: str) -> URLPattern:
    return page(route, view, verb=Verb.VIEW_AUTHORIZATIONS, name=name)


def _gives(route: str, view: View, name: str) -> URLPattern:
    return page(route, view, verb=Verb.GIVE_AUTHORIZATION, name=name, writes=True)


def _ends(route: str, view: View, name: str) -> URLPattern:
    return page(route, view, verb=Verb.REVOKE_AUTHORIZATION, name=name, writes=True)


def _discloses(route: str, view: View, verb: Verb, name: str) -> URLPattern:
    return page(route, view, verb=verb, name=name, writes=True, step_up=True)


urlpatterns: list[URLPattern | URLResolver] = [
    _reads(_ALL, ledger.permissions, "permissions"),
    _gives(f"{_ALL}new/", giving.give, "give"),
    _gives(f"{_ALL}new-substance-use/", giving.give_part2, "give_part2"),
    _reads("clients/<uuid:client>/disclosures/", ledger.disclosures, "disclosures"),
    _reads(_ONE, ledger.authorization, "authorization"),
    _ends(f"{_ONE}revoke/", giving.revoke, "revoke"),
    _discloses(f"{_ONE}disclose/", disclosing.disclose, Verb.DISCLOSE, "disclose"),
    _discloses(
        f"{_ONE}disclose-substance-use/", disclosing.disclose_part2, Verb.DISCLOSE_SUBSTANCE_USE, "disclose_part2"
    ),
    _reads(_CONSENTS, ledger.consents, "consents"),
    _gives(f"{_CONSENTS}new/", giving.record_consent, "record_consent"),
    _ends(f"{_CONSENTS}<uuid:consent>/withdraw/", giving.withdraw, "withdraw"),
    _gives(f"{_SIGNERS}new/", giving.bar, "bar"),
    _ends(f"{_SIGNERS}<uuid:signer>/remove/", giving.unbar, "unbar"),
]
