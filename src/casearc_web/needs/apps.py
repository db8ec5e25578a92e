"""The app's name."""

from django.apps import AppConfig


class NeedsConfig(AppConfig):
    """Named so that its tables start with `needs_`."""

    name = "casearc_web.needs"
    label = "needs"
