"""Pages of our own: the invitation, setting up a second factor, and one's account."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.i18n import set_language

from casearc_web.access.requests import StaffRequest
from casearc_web.access.row_security import enter
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.signin import session as state
from casearc_web.signin.actions import end_other_sessions, set_password
from casearc_web.signin.browsers import browser_in
from casearc_web.signin.events import happened
from casearc_web.signin.forms import ChangePasswordForm, InvitationForm, PasswordForm
from casearc_web.signin.queries import open_invitation, own_sign_ins
from casearc_web.signin.sessions import stored_key

BACKEND = "casearc_web.signin.backends.StaffBackend"


@sensitive_post_parameters()
def invitation(request: HttpRequest) -> HttpResponseBase:
    """A new person types the code they were given."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session.flush()
        request.session[state.INVITED] = form.cleaned_data["code"].pk
        return redirect("signin:first_password")
    return render(request, "signin/invitation.html", {"form": form})


@sensitive_post_parameters()
def first_password(request: HttpRequest) -> HttpResponseBase:
    """Then they choose a password, and are signed in as far as the set-up of a second factor."""
    found = open_invitation(request.session.get(state.INVITED, 0))
    if found is None:
        return redirect("signin:invitation")
    form = PasswordForm(found.staff, request.POST or None)
    if request.method == "POST" and form.is_valid():
        enter(found.staff.agency_id)
        set_password(found.staff, form.cleaned_data["new_password1"], keep=None, why="set a password by invitation")
        login(request, found.staff, backend=BACKEND)
        state.begin(request.session, browser=browser_in(request.headers.get("User-Agent", "")))
        happened(found.staff, Verb.SIGN_IN, "signed in by invitation, to set up a second factor")
        return redirect("signin:set_up")
    return render(request, "signin/first_password.html", {"form": form, "username": found.staff.username})


def set_up(request: StaffRequest) -> HttpResponseBase:
    """Passkey or app: which one first."""
    if state.factor_shown(request.session):
        return redirect("signin:account")
    return render(request, "signin/set_up.html")


def account(request: StaffRequest) -> HttpResponseBase:
    """One's own account: password, second factors, language, and where one is signed in."""
    factors = list(Authenticator.objects.filter(user_id=request.asker.staff_id).order_by("created_at"))
    context = {
        "username": _staff(request).username,
        "passkeys": [one.wrap() for one in factors if one.type == Authenticator.Type.WEBAUTHN],
        "app": next((one for one in factors if one.type == Authenticator.Type.TOTP), None),
        "codes_left": _codes_left(factors),
        "sign_ins": own_sign_ins(by=request.asker)[:25],
        "this_one": stored_key(str(request.session.session_key)),
    }
    return render(request, "signin/account.html", context)


@sensitive_post_parameters()
def change_password(request: StaffRequest) -> HttpResponseBase:
    """A new password; every other sign-in ends."""
    staff = _staff(request)
    form = ChangePasswordForm(staff, request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = request.session.session_key
        set_password(staff, form.cleaned_data["new_password1"], keep=key, why="changed the password")
        update_session_auth_hash(request, staff)
        return redirect("signin:account")
    return render(request, "signin/change_password.html", {"form": form})


def end_others(request: StaffRequest) -> HttpResponseBase:
    """Sign out everywhere but here."""
    end_other_sessions(by=request.asker, keep=str(request.session.session_key))
    return redirect("signin:account")


def language(request: HttpRequest) -> HttpResponseBase:
    """The language switch of every page: kept with the account, where somebody is signed in."""
    answer = set_language(request)
    chosen = request.POST.get("language", "")
    if isinstance(request.user, StaffMember) and chosen in dict(settings.LANGUAGES):
        enter(request.user.agency_id)
        StaffMember.objects.filter(pk=request.user.pk).update(language=chosen)
    return answer


def _codes_left(factors: list[Authenticator]) -> int:
    codes = next((one for one in factors if one.type == Authenticator.Type.RECOVERY_CODES), None)
    return len(codes.wrap().get_unused_codes()) if codes else 0


def _staff(request: HttpRequest) -> StaffMember:
    if not isinstance(request.user, StaffMember):
        raise TypeError("only for those signed in")
    return request.user
