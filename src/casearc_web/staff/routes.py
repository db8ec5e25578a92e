"""The app's addresses, each with its rule."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from casearc_web.access.routes import page
from casearc_web.access.verbs import Verb
from casearc_web.staff.views import accounts, agency, log, roles

app_name = "staff"

_ONE = "accounts/<uuid:staff>/"
_STAFF, _AGENCY = Verb.MANAGE_STAFF, Verb.MANAGE_AGENCY

urlpatterns: list[URLPattern | URLResolver] = [
    page("accounts/", accounts.accounts, verb=_STAFF, name="accounts"),
    page("accounts/new/", accounts.new_account, verb=_STAFF, name="new_account", writes=True, step_up=True),
    page(_ONE, accounts.account, verb=_STAFF, name="account"),
    page(f"{_ONE}edit/", accounts.edit_account, verb=_STAFF, name="edit_account", writes=True, step_up=True),
    page(f"{_ONE}close/", accounts.close, verb=_STAFF, name="close", writes=True, step_up=True),
    page(f"{_ONE}reopen/", accounts.reopen, verb=_STAFF, name="reopen", writes=True, step_up=True),
    page(f"{_ONE}invite/", accounts.invite_again, verb=_STAFF, name="invite", writes=True, step_up=True),
    page(f"{_ONE}reset/", accounts.reset_sign_in, verb=_STAFF, name="reset", writes=True, step_up=True),
    page(f"{_ONE}invited/", accounts.invited, verb=_STAFF, name="invited"),
    page("agency/", agency.agency, verb=_AGENCY, name="agency"),
    page("agency/settings/", agency.edit_agency, verb=_AGENCY, name="edit_agency", writes=True),
    page("agency/<slug:kind>/new/", agency.new_part, verb=_AGENCY, name="new_part", writes=True),
    page("agency/<slug:kind>/<uuid:record>/", agency.edit_part, verb=_AGENCY, name="edit_part", writes=True),
    page("log/", log.log, verb=Verb.VIEW_AUDIT, name="log"),
    page("roles/", roles.roles, verb=Verb.USE_OWN_ACCOUNT, name="roles"),
]
