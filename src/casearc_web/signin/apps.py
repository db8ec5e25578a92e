"""The app's name."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """Named so that its tables start with `signin_`."""

    name = "casearc_web.signin"
    label = "signin"
