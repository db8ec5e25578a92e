"""allauth's pages, with what happens around them here: logging, the step-up clock, and the end of an invitation."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, LogoutView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.contrib.auth import logout
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.signin import session as state
from casearc_web.signin.actions import use_up
from casearc_web.signin.events import failed, happened
from casearc_web.signin.models import SignedIn
from casearc_web.signin.sessions import stored_key


class SignIn(LoginView):
    """User name and password, or a passkey in their place."""


class ShowCode(AuthenticateView):
    """The second factor, after the password."""


class SignInByPasskey(LoginWebAuthnView):
    """A passkey in place of name and password."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """Log it, and say so on the page of the other ways in."""
        failed("", "a passkey was refused")
        messages.error(self.request, _("The passkey did not work. Try again, or sign in with your user name."))
        return HttpResponseRedirect(reverse("account_login"))


class SignOut(LogoutView):
    """Sign out; a GET asks whether to."""


class _Again:
    """A second factor shown once more: the step-up clock starts anew."""

    request: HttpRequest

    def form_valid(self, form: Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        state.show_factor(self.request.session)
        happened(_staff(self.request), Verb.SIGN_IN, "showed the second factor again")
        return answer


class ShowCodeAgain(_Again, ReauthenticateView):
    """By a code."""


class ShowPasskeyAgain(_Again, ReauthenticateWebAuthnView):
    """By a passkey."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """Ask again, with the error on the page."""
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """allauth's context leaves the form that failed out."""
        return {**super().get_context_data(), **kwargs}


class _Added:
    """A second factor set up. The first one ends the invitation; the recovery codes follow."""

    request: HttpRequest
    did_generate_recovery_codes: bool
    what: str

    def form_valid(self, form: Form) -> HttpResponse:
        staff, session = _staff(self.request), self.request.session
        invitation = session.pop(state.INVITED, None)
        if invitation is not None and not use_up(invitation):
            logout(self.request)
            return HttpResponseRedirect(reverse("signin:invitation"))
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        state.show_factor(session)
        if invitation is not None:
            SignedIn.objects.filter(staff=staff).exclude(session_key=stored_key(str(session.session_key))).delete()
        happened(staff, Verb.CHANGE_SIGN_IN, f"set up {self.what}")
        return answer

    def get_success_url(self) -> str:
        return reverse("mfa_view_recovery_codes" if self.did_generate_recovery_codes else "signin:account")


class AddApp(_Added, ActivateTOTPView):
    """An authenticator app."""

    what = "an authenticator app"


class AddPasskey(_Added, AddWebAuthnView):
    """A passkey that can open the account by itself."""

    what = "a passkey"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Ask for a key that its device keeps and guards."""
        context = {**super().get_context_data(), **kwargs}
        context.setdefault("form", self.get_form())
        context["js_data"] = {"creation_options": webauthn.begin_registration(_staff(self.request), True)}
        return context


class RemoveApp(DeactivateTOTPView):
    """Take the app away, unless it is the only second factor."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Log it."""
        answer = super().form_valid(form)
        happened(_staff(self.request), Verb.CHANGE_SIGN_IN, "removed the authenticator app")
        return answer

    def get_success_url(self) -> str:
        """Back to the account."""
        return reverse("signin:account")


class RemovePasskey(RemoveWebAuthnView):
    """Take a passkey away, unless it is the only second factor."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Refuse for the last one; log it."""
        authenticator = self.get_object()
        if not get_adapter().can_delete_authenticator(authenticator):
            form.add_error(None, get_adapter().validation_error("cannot_delete_authenticator"))
            return self.form_invalid(form)
        answer = super().form_valid(form)
        happened(_staff(self.request), Verb.CHANGE_SIGN_IN, "removed a passkey")
        return answer

    def get_success_url(self) -> str:
        """Back to the account."""
        return reverse("signin:account")


class RecoveryCodes(ViewRecoveryCodesView):
    """The recovery codes, shown once."""


class NewRecoveryCodes(GenerateRecoveryCodesView):
    """New recovery codes in place of the old ones."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Log it."""
        answer = super().form_valid(form)
        happened(_staff(self.request), Verb.CHANGE_SIGN_IN, "made new recovery codes")
        return answer


def _staff(request: HttpRequest) -> StaffMember:
    if not isinstance(request.user, StaffMember):
        raise TypeError("only for those signed in")
    return request.user
