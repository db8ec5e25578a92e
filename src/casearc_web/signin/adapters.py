"""How allauth behaves here: no sign-up, no mail, secrets sealed, and everything that happens is logged."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casearc_web.access.row_security import enter
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.records.sealed import seal, unseal
from casearc_web.shell.context import service_name
from casearc_web.signin import session as state
from casearc_web.signin.browsers import browser_in
from casearc_web.signin.events import failed, happened
from casearc_web.signin.sessions import SessionStore
from casearc_web.signin.tries import address_of

_PLACE = "mfa.authenticator"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by user name, for accounts that an administrator made."""

    error_messages = {  # noqa: RUF012 - allauth's own way of declaring them
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("User name or password is not right. Please try again."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait a few minutes, then try again."),
        "rate_limited": gettext_lazy("Too many tries. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Name and password. How often, axes decides; allauth's own counter stays for the second factor."""
        staff = authenticate(request, **credentials)
        if staff is None and not getattr(request, "axes_locked_out", False):
            failed(str(credentials.get("username", "")), "wrong user name or password")
        return staff

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in: a new session id, nothing of a session before it but where its owner was."""
        if not isinstance(user, StaffMember):
            raise TypeError("only staff sign in")
        shown = any(record["method"] == "mfa" for record in get_authentication_records(request, user))
        enter(user.agency_id)
        super().login(request, user)
        state.begin(request.session, browser=browser_in(self.get_http_user_agent(request)))
        if shown:
            state.show_factor(request.session)
        SessionStore.clear_expired()
        happened(user, Verb.SIGN_IN, "signed in")

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """Back to where they were, if it was they whose session was locked."""
        owner = state.locked(request.session)
        request.session.pop(state.LOCKED, None)
        if owner is not None and owner.staff_id == user.pk:
            kwargs["redirect_url"] = owner.address
        elif owner is not None:
            kwargs["redirect_url"] = "/"
        return super().post_login(request, user, **kwargs)

    def logout(self, request: HttpRequest) -> None:
        """Sign out."""
        if isinstance(request.user, StaffMember):
            enter(request.user.agency_id)
            happened(request.user, Verb.SIGN_OUT, "signed out")
        super().logout(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """The front door."""
        return reverse("shell:welcome")

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """As if there were no such account."""
        return HttpResponseRedirect(reverse("account_login"))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not by allauth: the step-up gate sees to it, and the pages' rules say where."""
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Ways to show a second factor again, passkey first."""
        if not isinstance(user, StaffMember):
            return []
        types = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        passkey = {
            "id": "mfa_reauthenticate:webauthn",
            "description": _("Use a passkey"),
            "url": reverse("mfa_reauthenticate_webauthn"),
        }
        code = {"id": "mfa_reauthenticate", "description": _("Use a code"), "url": reverse("mfa_reauthenticate")}
        by_code = types & {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}
        return [passkey] * (Authenticator.Type.WEBAUTHN in types) + [code] * bool(by_code)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """There is no mail."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """As axes sees it."""
        return address_of(request)


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets sealed, their names plain."""

    error_messages = {  # noqa: RUF012 - allauth's own way of declaring them
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This did not work. Please try again."),
        "cannot_delete_authenticator": gettext_lazy("This is your only second factor. Add another one first."),
    }

    def encrypt(self, text: str) -> str:
        """Sealed, as text."""
        return base64.b64encode(seal(text.encode(), place=_PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Opened."""
        return unseal(base64.b64decode(encrypted_text), place=_PLACE).decode()

    def get_totp_issuer(self) -> str:
        """What the app on the phone shows: the service's neutral name."""
        return service_name()

    def _get_site_name(self) -> str:
        return service_name()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays."""
        others = Authenticator.objects.filter(user=authenticator.user_id).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """A name to begin with."""
        number = Authenticator.objects.filter(user=user.pk, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}
