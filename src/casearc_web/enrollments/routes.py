"""The app's addresses, each with its rule."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from casearc_web.access.routes import page
from casearc_web.access.verbs import Verb
from casearc_web.enrollments.intake.views import intake_page
from casearc_web.enrollments.views import looked, start, stays, transfer

app_name = "enrollments"

_OWN = "clients/<uuid:client>/enrollments/"
_ONE = f"{_OWN}<uuid:enrollment>/"
_EDIT, _EXIT = Verb.EDIT_ENROLLMENT, Verb.EXIT_ENROLLMENT

urlpatterns: list[URLPattern | URLResolver] = [
    page("", start.home, verb=Verb.SEE_HOME, name="home"),
    page("clients/new/", intake_page, verb=Verb.INTAKE_CLIENT, name="intake", writes=True),
    page("due/", start.due, verb=Verb.VIEW_CASEWORK, name="due"),
    page("transfer/", transfer.transfer_page, verb=Verb.TRANSFER_CASELOAD, name="transfer", writes=True),
    page(_OWN, stays.stays, verb=Verb.VIEW_CASEWORK, name="stays"),
    page(f"{_OWN}new/", stays.new_stay, verb=Verb.ENROLL, name="new_stay", writes=True),
    page(f"{_ONE}edit/", stays.edit_stay, verb=_EDIT, name="edit_stay", writes=True),
    page(f"{_ONE}exit/", stays.end_stay, verb=_EXIT, name="exit", writes=True),
    page(f"{_ONE}reopen/", stays.reopen_stay, verb=_EXIT, name="reopen", writes=True),
    page(f"{_ONE}team/new/", stays.new_member, verb=Verb.ASSIGN, name="new_member", writes=True),
    page(f"{_OWN}team/<uuid:member>/", stays.end_member, verb=Verb.ASSIGN, name="end_member", writes=True),
    page(f"{_ONE}referrals/new/", stays.new_referral, verb=_EDIT, name="new_referral", writes=True),
    page(f"{_OWN}referrals/<uuid:referral>/", stays.edit_referral, verb=_EDIT, name="edit_referral", writes=True),
    page("clients/<uuid:client>/looked/", looked.looked, verb=Verb.VIEW_CLIENT_AUDIT, name="looked"),
]
