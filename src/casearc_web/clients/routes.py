"""The app's addresses, each with its rule."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from casearc_web.access.routes import page
from casearc_web.access.verbs import Verb
from casearc_web.clients.views import client, edits, finding, notices

app_name = "clients"

_ONE = "clients/<uuid:client>/"
_IDENTITY = Verb.EDIT_IDENTITY

urlpatterns: list[URLPattern | URLResolver] = [
    page("clients/search/", finding.search_page, verb=Verb.SEARCH_CLIENTS, name="search", writes=True),
    page("clients/search/found/", finding.found_page, verb=Verb.SEARCH_CLIENTS, name="found"),
    page("clients/search/beyond/", finding.beyond_page, verb=Verb.LOOK_BEYOND, name="beyond", writes=True),
    page(f"{_ONE}open/", finding.open_page, verb=Verb.BREAK_GLASS, name="open", writes=True),
    page(f"{_ONE}close/", finding.close_page, verb=Verb.BREAK_GLASS, name="close", writes=True),
    page("notices/", notices.notices_page, verb=Verb.SEE_NOTICES, name="notices", writes=True),
    page(_ONE, client.overview, verb=Verb.VIEW_CLIENT, name="client"),
    page(f"{_ONE}reach/", client.reach, verb=Verb.VIEW_IDENTITY, name="reach"),
    page(f"{_ONE}identity/", client.identity, verb=Verb.VIEW_IDENTITY, name="identity"),
    page(f"{_ONE}identity/edit/", edits.edit_identity_page, verb=_IDENTITY, name="edit_identity", writes=True),
    page(f"{_ONE}identity/ways/new/", edits.new_way, verb=_IDENTITY, name="new_way", writes=True),
    page(f"{_ONE}identity/ways/<uuid:way>/", edits.edit_way_page, verb=_IDENTITY, name="edit_way", writes=True),
    page(
        f"{_ONE}identity/ways/<uuid:way>/remove/",
        edits.remove_way_page,
        verb=_IDENTITY,
        name="remove_way",
        writes=True,
    ),
    page(f"{_ONE}about/", client.about, verb=Verb.VIEW_CLIENT, name="about"),
    page(f"{_ONE}about/edit/", edits.edit_about, verb=Verb.EDIT_CLIENT, name="edit_about", writes=True),
    page(
        f"{_ONE}about/victimization/edit/",
        edits.edit_victimization_page,
        verb=Verb.EDIT_SENSITIVE,
        name="edit_victimization",
        writes=True,
    ),
    page(
        f"{_ONE}about/substance-use/edit/",
        edits.edit_substance_use,
        verb=Verb.VIEW_SUBSTANCE_USE,
        name="edit_substance_use",
        writes=True,
    ),
    page(f"{_ONE}before/<slug:what>/", client.before, verb=Verb.VIEW_CLIENT, name="before"),
]
