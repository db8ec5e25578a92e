"""The forms of signing in: allauth's, with our words, and what fails is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from casearc_web.access.row_security import enter
from casearc_web.access.verbs import Verb
from casearc_web.agencies.models import StaffMember
from casearc_web.audit.models import Outcome
from casearc_web.signin.codes import plain_code
from casearc_web.signin.events import happened
from casearc_web.signin.models import Invitation
from casearc_web.signin.queries import invitation_by_code

if TYPE_CHECKING:
    _SetPassword = SetPasswordForm[StaffMember]
else:
    _SetPassword = SetPasswordForm

_CODE_ATTRIBUTES = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "short"}
_MOST_CREDENTIAL = 20_000


class SignInForm(LoginForm):
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name")
        self.fields["login"].widget = forms.TextInput(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        )
        self.fields["password"].label = _("Password")
        self.fields["password"].widget = forms.PasswordInput({"autocomplete": "current-password"})
        self.fields["password"].help_text = ""


class _Logged(forms.Form):
    """A second factor that fails is logged, for the person whose sign-in it is."""

    failure = "a second factor was wrong"

    def clean_code(self) -> str:
        return self._or_log(super().clean_code)  # type: ignore[misc]

    def clean_credential(self) -> Authenticator:
        return self._or_log(super().clean_credential)  # type: ignore[misc]

    def _or_log(self, clean: Any) -> Any:
        try:
            return clean()
        except ValidationError:
            staff = getattr(self, "user", None)
            if isinstance(staff, StaffMember):
                enter(staff.agency_id)
                happened(staff, Verb.SIGN_IN, self.failure, outcome=Outcome.FAILED)
            raise


class _OneCode:
    """A code of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]  # type: ignore[attr-defined]
        code.label = _("Code")
        code.max_length = 20
        code.help_text = _("The six digits that your app shows now, or one of your recovery codes.")
        code.widget = forms.TextInput(_CODE_ATTRIBUTES)


class CodeForm(_OneCode, _Logged, AuthenticateForm):
    """After the password."""


class CodeAgainForm(_OneCode, _Logged, ReauthenticateForm):
    """Before a page that asks for it."""


class _OnePasskey:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].max_length = _MOST_CREDENTIAL  # type: ignore[attr-defined]
        self.fields["credential"].label = _("Passkey")  # type: ignore[attr-defined]


class PasskeyForm(_OnePasskey, _Logged, AuthenticateWebAuthnForm):
    """After the password."""


class PasskeyAgainForm(_OnePasskey, _Logged, ReauthenticateWebAuthnForm):
    """Before a page that asks for it."""


class PasskeyAloneForm(_OnePasskey, LoginWebAuthnForm):
    """In place of name and password: the device itself asked for a fingerprint, a face or a PIN."""

    def clean_credential(self) -> Authenticator:
        """An account that is closed is answered like a wrong passkey."""
        authenticator: Authenticator = super().clean_credential()
        if not authenticator.user.is_active:
            raise ValidationError(_("This did not work. Please try again."))
        return authenticator


class AddAppForm(ActivateTOTPForm):
    """The first code of a new app proves that it was set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The six digits that the app shows now")
        self.fields["code"].max_length = 10
        self.fields["code"].widget = forms.TextInput(_CODE_ATTRIBUTES)


class AddPasskeyForm(AddWebAuthnForm):
    """A name for a passkey, and what the browser answered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)
        self.fields["name"].label = _("Name, to tell it from others")
        self.fields["name"].max_length = 60
        self.fields["credential"].label = _("Passkey")

    def clean(self) -> dict[str, Any]:
        """A passkey opens the account by itself, so its device must have asked who is there."""
        self.cleaned_data["passwordless"] = True
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class InvitationForm(forms.Form):
    """The code of an invitation."""

    code = forms.CharField(
        label=_("Code of your invitation"),
        help_text=_("Five groups of five letters and digits, from your administrator."),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> Invitation:
        """The invitation; the same answer for a wrong, an old and a used code."""
        invitation = invitation_by_code(plain_code(self.cleaned_data["code"]))
        if invitation is None:
            raise ValidationError(_("This code does not work. It may be old, or used already. Ask for a new one."))
        return invitation


_GOOD_PASSWORD = _("At least 14 characters. Four words that have nothing to do with one another do well.")


class PasswordForm(_SetPassword):
    """A first or new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self)


class ChangePasswordForm(PasswordChangeForm):
    """The old password, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _in_our_words(self)
        self.fields["old_password"].label = _("Password until now")


def _in_our_words(form: forms.Form) -> None:
    form.fields["new_password1"].label = _("New password")
    form.fields["new_password1"].help_text = _GOOD_PASSWORD
    form.fields["new_password2"].label = _("The same once more")
    form.fields["new_password2"].help_text = ""
