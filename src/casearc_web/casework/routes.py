"""The app's addresses, each with its rule."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from casearc_web.access.routes import page
from casearc_web.access.verbs import Verb
from casearc_web.casework.views import contacts, editing, recording, settings, signing

app_name = "casework"

_ALL = "clients/<uuid:client>/contacts/"
_ONE = f"{_ALL}<uuid:contact>/"
_SET = "casework/"
_READS, _WRITES, _SIGNS, _SETS = Verb.VIEW_CASEWORK, Verb.WRITE_CASEWORK, Verb.COSIGN, Verb.SET_TEMPLATES

urlpatterns: list[URLPattern | URLResolver] = [
    page("contacts/", recording.quick, verb=_WRITES, name="quick"),
    page("notes-to-sign/", signing.to_sign, verb=_SIGNS, name="to_sign"),
    page(_ALL, contacts.contacts, verb=_READS, name="contacts"),
    page(f"{_ALL}new/", recording.new, verb=_WRITES, name="new", writes=True),
    page(f"{_ALL}no-answer/", recording.no_answer, verb=_WRITES, name="no_answer", writes=True),
    page(_ONE, contacts.contact, verb=_READS, name="contact"),
    page(f"{_ONE}edit/", editing.edit, verb=_WRITES, name="edit", writes=True),
    page(f"{_ONE}withdraw/", contacts.withdraw, verb=_WRITES, name="withdraw", writes=True),
    page(f"{_ONE}restore/", contacts.restore, verb=_WRITES, name="restore", writes=True),
    page(f"{_ONE}history/", contacts.history, verb=_READS, name="history"),
    page(f"{_ONE}sign/", signing.sign, verb=_SIGNS, name="sign", writes=True),
    page(f"{_ONE}return/", signing.give_back, verb=_SIGNS, name="give_back", writes=True),
    page(_SET, settings.settings, verb=_SETS, name="settings"),
    page(f"{_SET}services/new/", settings.kind, verb=_SETS, name="kind_new", writes=True),
    page(f"{_SET}services/<uuid:kind>/", settings.kind, verb=_SETS, name="kind", writes=True),
    page(f"{_SET}templates/new/", settings.template, verb=_SETS, name="template_new", writes=True),
    page(f"{_SET}templates/<uuid:template>/", settings.template, verb=_SETS, name="template", writes=True),
    page(f"{_SET}rules/<uuid:program>/", settings.rules, verb=_SETS, name="rules", writes=True),
]
