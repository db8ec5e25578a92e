"""Those of allauth's pages that are used here, under the names allauth knows them by, each with its rule."""

from __future__ import annotations

from django.urls import URLPattern, path

from casearc_web.access.routes import Rule, admit, public_page
from casearc_web.access.verbs import Verb
from casearc_web.signin import allauth_views as views
from casearc_web.signin.views import language

_READ = frozenset({"GET", "HEAD"})
_BOTH = _READ | {"POST"}
_STRANGER = Rule(verb=None, methods=_BOTH, public=True)
_OWN = Rule(verb=Verb.USE_OWN_ACCOUNT, methods=_BOTH)
_SET_UP = Rule(verb=Verb.USE_OWN_ACCOUNT, methods=_BOTH, step_up=True, before_second_factor=True)
_CHANGE = Rule(verb=Verb.USE_OWN_ACCOUNT, methods=_BOTH, step_up=True)
_SHOWN_ONCE = Rule(verb=Verb.USE_OWN_ACCOUNT, methods=_READ, step_up=True)

RULES = {
    "account_login": _STRANGER,
    "account_logout": _STRANGER,
    "mfa_authenticate": _STRANGER,
    "mfa_login_webauthn": _STRANGER,
    "mfa_reauthenticate": _OWN,
    "mfa_reauthenticate_webauthn": _OWN,
    "mfa_activate_totp": _SET_UP,
    "mfa_add_webauthn": _SET_UP,
    "mfa_deactivate_totp": _CHANGE,
    "mfa_remove_webauthn": _CHANGE,
    "mfa_view_recovery_codes": _SHOWN_ONCE,
    "mfa_generate_recovery_codes": _CHANGE,
}

for _name, _rule in RULES.items():
    admit(_name, _rule)

urlpatterns: list[URLPattern] = [
    public_page("language", language, name="keep_language", writes=True),  # stands before, and in for, the shell's own
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/code/", views.ShowCode.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey/", views.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("sign-out/", views.SignOut.as_view(), name="account_logout"),
    path("sign-in/again/", views.ShowCodeAgain.as_view(), name="mfa_reauthenticate"),
    path("sign-in/again/passkey/", views.ShowPasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("account/app/", views.AddApp.as_view(), name="mfa_activate_totp"),
    path("account/app/remove/", views.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("account/passkeys/new/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/remove/", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("account/recovery-codes/", views.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", views.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
]
