"""The app's name."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Named so that its tables start with `access_`."""

    name = "casearc_web.access"
    label = "access"
