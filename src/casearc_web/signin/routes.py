"""The app's own addresses, each with its rule; allauth's stand in `allauth_routes`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from casearc_web.access.routes import page, public_page
from casearc_web.access.verbs import Verb
from casearc_web.signin import views

app_name = "signin"

urlpatterns: list[URLPattern | URLResolver] = [
    public_page("invitation/", views.invitation, name="invitation", writes=True),
    public_page("invitation/password/", views.first_password, name="first_password", writes=True),
    page("account/set-up/", views.set_up, verb=Verb.USE_OWN_ACCOUNT, name="set_up", before_second_factor=True),
    page("account/", views.account, verb=Verb.USE_OWN_ACCOUNT, name="account"),
    page(
        "account/password/",
        views.change_password,
        verb=Verb.USE_OWN_ACCOUNT,
        name="change_password",
        writes=True,
        step_up=True,
    ),
    page("account/sign-ins/end/", views.end_others, verb=Verb.USE_OWN_ACCOUNT, name="end_others", writes=True),
]
